"""Pages: signing in and out, the language of the pages, and what a person may do with the own account."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from sqlalchemy.orm import Session

from netmap.auth import events, throttle
from netmap.auth import service as auth
from netmap.auth.models import User
from netmap.auth.passwords import DEMO_PASSWORD
from netmap.auth.throttle import Turn
from netmap.db import transaction
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.web import known_browser
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
    target = request.form.get("next", "")
    if password == DEMO_PASSWORD and not settings().demo:
        sentence = _("The password of the demo opens nothing here: this is not the demo (NETMAP_DEMO).")
        return _refuse(email, target, sentence, 422)
    turn = _take_turn(email)
    if turn.wait:
        return _refuse(email, target, _wait(turn), 429, turn.wait)
    user = auth.check_password(db(), email, password)
    if user is None:
        with transaction(engine()) as writing:
            _record_failure(writing, email)
        return _refuse(email, target, _("E-mail and password do not belong together."), 422)
    with transaction(engine()) as writing:
        throttle.give_back(writing, turn)
        auth.renew_hash(writing, user.id, password)
        events.record(writing, "signed in", by=user.id, about=user.id)
        _begin(writing, user)
    answer = make_response(redirect(local(target) or url_for("home.show"), 303))
    known_browser.remember(answer, settings(), email)
    return answer


def _take_turn(email: str) -> Turn:
    mark = known_browser.mark_of(settings(), email)
    with transaction(engine()) as writing:
        turn = throttle.sign_in_turn(writing, settings(), email, request.remote_addr or "", mark)
    return turn


def _record_failure(writing: Session, email: str) -> None:
    """Write down who was tried: the person, or a keyed hash of an address that nobody has."""
    try:
        events.record(writing, "sign-in failed", about=auth.person_called(writing, email).id)
    except NotFound:
        hashed = throttle.keyed(settings(), "account", email)[:12]
        events.record(writing, "sign-in failed", detail=hashed)


def _begin(writing: Session, user: User) -> None:
    """Begin a session with a new token; nothing of the session before lives on but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    token = auth.start_session(writing, user, settings())
    login_user(SignedIn(token, user))


def _wait(turn: Turn) -> str:
    minutes = -(-turn.wait // 60)
    return ngettext(
        "Too many tries. Wait %(number)s minute, then try again.",
        "Too many tries. Wait %(number)s minutes, then try again.",
        minutes,
    )


def _refuse(email: str, target: str, sentence: str, status: int, wait: int = 0) -> Response:
    fields = {"email": sentence}
    page = render_template("account/sign_in.html", target=target, fields=fields, email=email)
    answer = make_response(page, status)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


@account.post("/sign-out")
@permit("open")
def sign_out() -> Any:
    """End the session in the table and in the browser."""
    if current_user.is_authenticated:
        auth.end_session(db(), current_user.get_id())
        events.record(db(), "signed out", by=current_user.user_id, about=current_user.user_id)
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


@account.get("/account")
@permit("own account")
def show() -> str:
    """Show the own account: the password, and where one is signed in."""
    return _page({})


@account.post("/account/password")
@permit("own account")
def change_password() -> Any:
    """Change the own password: every other session ends, and this one goes on under a new token."""
    key = throttle.keyed(settings(), "own password", str(current_user.user_id))
    turn = throttle.take_turn(db(), [(key, throttle.PER_ACCOUNT)])
    db().commit()  # the turn is taken even if what follows is rolled back
    if turn.wait:
        return _page({"old_password": _wait(turn)}), 429
    form = request.form
    old, new = form.get("old_password", ""), form.get("new_password", "")
    try:
        if new != form.get("again", ""):
            sentence = _("The two new passwords are not the same.")
            raise Invalid(sentence, {"again": sentence})
        user = auth.change_password(db(), current_user.user_id, old, new)
    except Invalid as error:
        db().rollback()
        return _page(error.fields), 422
    throttle.give_back(db(), turn)
    _begin(db(), user)
    return redirect(url_for("account.show", done="password"), 303)


@account.post("/account/sessions")
@permit("own account")
def end_sessions() -> Any:
    """End one of the own sessions, or all but this one."""
    wish, mine = request.form.get("session", ""), current_user.user_id
    found = auth.find_session(db(), current_user.get_id(), settings())
    here = found[0].handle if found else ""
    if wish == "others":
        for one in auth.sessions_of(db(), mine, settings()):
            if one.handle != here:
                auth.end_session_called(db(), mine, one.handle)
    else:
        auth.end_session_called(db(), mine, wish)
    events.record(db(), "sessions ended", by=mine, about=mine)
    return redirect(url_for("account.show", done="sessions"), 303)


def _page(fields: dict[str, str]) -> str:
    found = auth.find_session(db(), current_user.get_id(), settings())
    return render_template(
        "account/show.html",
        sessions=auth.sessions_of(db(), current_user.user_id, settings()),
        here=found[0].handle if found else "",
        fields=fields,
        done=request.args.get("done", ""),
    )


def local(target: str) -> str | None:
    """Return the target if it is a path of this site, else None.

    Examples
    --------
    >>> local("/search?q=x"), local("//evil.example"), local("https://evil.example/")
    ('/search?q=x', None, None)
    >>> local("/\\\\evil.example") is None
    True
    """
    path = target.partition("?")[0]
    away = target.startswith("//") or "\\" in path  # browsers read a backslash as a slash
    return target if target.startswith("/") and target.isprintable() and not away else None
