"""Pages for the admin: who may sign in, and what happened at the doors."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.auth import events
from netmap.auth import service as auth
from netmap.auth.models import ROLES
from netmap.errors import Conflict, Invalid
from netmap.i18n import gettext as _
from netmap.web.door import blueprint, db, page_number, permit, settings
from netmap.web.show import role_name

people = blueprint("people")

PAGE = 50


@people.get("/people")
@permit("manage people")
def listing() -> str:
    """Show everybody who may sign in, and a form to add somebody."""
    return _listing({}, {})


@people.post("/people")
@permit("manage people")
def add() -> Any:
    """Add somebody."""
    typed = {name: request.form.get(name, "") for name in ("email", "role")}
    try:
        auth.add_user(
            db(), typed["email"], request.form.get("password", ""), typed["role"], by=current_user.user_id
        )
    except Invalid as error:
        return _listing(error.fields, typed), 422
    return redirect(url_for("people.listing"), 303)


def _listing(fields: dict[str, str], typed: dict[str, str]) -> str:
    return render_template(
        "people/listing.html", people=auth.users(db()), roles=_roles(), fields=fields, typed=typed
    )


@people.get("/people/<int:user_id>")
@permit("manage people")
def show(user_id: int) -> str:
    """Show one person, with what an admin can do about the account."""
    return _person(user_id, {})


def _person(user_id: int, fields: dict[str, str]) -> str:
    found = auth.person(db(), user_id)
    return render_template(
        "people/show.html",
        person=found,
        sessions=auth.sessions_of(db(), found.id, settings()),
        roles=_roles(),
        fields=fields,
        done=request.args.get("done", ""),
    )


@people.post("/people/<int:user_id>")
@permit("manage people")
def change(user_id: int) -> Any:
    """Do one thing with an account: lock it or open it, change the role, set a password, end the sessions."""
    form, me = request.form, current_user.user_id
    done = form.get("do", "")
    auth.person(db(), user_id)
    try:
        if user_id == me and done in {"lock", "role", "password"}:
            raise Conflict(_("This is your own account. Use the page My account, or ask another admin."))
        if done in {"lock", "unlock"}:
            auth.set_active(db(), user_id, done == "unlock", by=me)
        elif done == "role":
            auth.set_role(db(), user_id, form.get("role", ""), by=me)
        elif done == "password":
            auth.set_password(db(), user_id, form.get("password", ""), by=me)
        elif done == "sessions":
            auth.end_sessions(db(), user_id)
            events.record(db(), "sessions ended", by=me, about=user_id)
        else:
            raise Invalid(_("Choose what to do with this account."))
    except Invalid as error:
        db().rollback()
        return _person(user_id, error.fields or {"do": error.message}), 422
    return redirect(url_for("people.show", user_id=user_id, done=done), 303)


@people.get("/people/events")
@permit("manage people")
def happened() -> str:
    """Show what happened at the doors, the latest first."""
    page = page_number(request.args)
    total, rows = events.happened(db(), limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "people/events.html",
        events=rows,
        total=total,
        page=page,
        pages=-(-total // PAGE),
        address=lambda page: url_for("people.happened", page=page),
        kind_name=_kind_name,
    )


def _roles() -> list[tuple[str, str]]:
    return [(role, role_name(role)) for role in ROLES]


def _kind_name(kind: str) -> str:
    """Return in the reader's language what happened."""
    names = {
        "signed in": _("signed in"),
        "sign-in failed": _("sign-in failed"),
        "signed out": _("signed out"),
        "person added": _("person added"),
        "password changed": _("changed the own password"),
        "password set": _("new password set"),
        "role changed": _("role changed"),
        "locked out": _("locked out"),
        "let in again": _("let in again"),
        "sessions ended": _("sessions ended"),
    }
    return names[kind]
