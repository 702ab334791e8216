"""Pages: signing in and out, the language of the pages, and who may sign in."""

from typing import Any
from urllib.parse import urlsplit

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from netmap.auth import service as auth
from netmap.auth.models import ROLES
from netmap.db import transaction
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.web.door import PAGE_LANGUAGES, SignedIn, blueprint, db, engine, permit, settings

account = blueprint("account")


@account.get("/sign-in")
@permit("open")
def sign_in() -> str:
    """Show the sign-in form."""
    return render_template("account/sign_in.html", target=request.args.get("next", ""), fields={}, email="")


@account.post("/sign-in")
@permit("open", reads=True)
def check_sign_in() -> Any:
    """Sign a person in, or say that the two do not belong together, with no hint which is wrong.

    The slow hash is computed without a lock, or strangers at this page could make everybody wait.
    """
    email = request.form.get("email", "")
    password = request.form.get("password", "")
    address = request.remote_addr or ""
    target = request.form.get("next", "")
    if auth.too_many_tries(db(), email, address):
        return _refuse(email, target, _("Too many tries. Wait five minutes, then try again."), 429)
    user = auth.check_password(db(), email, password)
    if user is None:
        with transaction(engine()) as writing:
            auth.record_failed_try(writing, email, address)
        return _refuse(email, target, _("E-mail and password do not belong together."), 422)
    language = session.get("language")
    session.clear()  # nothing of the session before signing in lives on
    if language:
        session["language"] = language
    with transaction(engine()) as writing:
        token = auth.start_session(writing, user, settings())
    login_user(SignedIn(token, user.email, user.role, user.language))
    return redirect(local(target) or url_for("home.show"), 303)


def _refuse(email: str, target: str, sentence: str, status: int) -> tuple[str, int]:
    page = render_template("account/sign_in.html", target=target, fields={"email": sentence}, email=email)
    return page, status


@account.post("/sign-out")
@permit("open")
def sign_out() -> Any:
    """End the session in the table and in the browser."""
    if current_user.is_authenticated:
        auth.end_session(db(), current_user.get_id())
    logout_user()
    session.clear()
    return redirect(url_for("account.sign_in"), 303)


@account.post("/language")
@permit("open")
def choose_language() -> Any:
    """Remember the language of the pages."""
    chosen = request.form.get("language", "")
    if chosen in PAGE_LANGUAGES:
        session["language"] = chosen
    return redirect(local(request.form.get("next", "")) or url_for("home.show"), 303)


@account.get("/people")
@permit("manage people")
def people() -> str:
    """Show everybody who may sign in, and a form to add somebody."""
    return render_template("account/people.html", people=auth.users(db()), roles=ROLES, fields={}, typed={})


@account.post("/people")
@permit("manage people")
def add_person() -> Any:
    """Add somebody."""
    typed = {name: request.form.get(name, "") for name in ("email", "role")}
    try:
        auth.add_user(db(), typed["email"], request.form.get("password", ""), typed["role"])
    except Invalid as error:
        page = render_template(
            "account/people.html", people=auth.users(db()), roles=ROLES, fields=error.fields, typed=typed
        )
        return page, 422
    return redirect(url_for("account.people"), 303)


@account.post("/people/<int:user_id>")
@permit("manage people")
def change_person(user_id: int) -> Any:
    """Lock somebody out, or let them in again."""
    auth.set_active(db(), user_id, request.form.get("active") == "yes")
    return redirect(url_for("account.people"), 303)


def local(target: str) -> str | None:
    """Return the target if it is a path of this site, else None.

    Examples
    --------
    >>> local("/search?q=x"), local("//evil.example"), local("https://evil.example/")
    ('/search?q=x', None, None)
    >>> local("/\\\\evil.example") is None
    True
    """
    if not target.startswith("/") or not target.isprintable():
        return None
    try:
        parts = urlsplit(target.replace("\\", "/"))
    except ValueError:  # a bracket that is not closed, as in "//["
        return None
    return None if parts.netloc or parts.path.startswith("//") else target
