"""Pages: the bodies that decide, their meetings, what is to be done, the next agenda."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.partners import agenda as agendas
from netmap.partners import governance, parties
from netmap.web import edit_forms as forms
from netmap.web.door import db, page_number, permit
from netmap.web.edit_forms import Field
from netmap.web.partners import partners, today

MEETINGS = 10


@partners.get("/coordination")
@permit("read partners")
def coordination() -> str:
    """Show the bodies, and what is still to be done after their meetings."""
    return render_template(
        "partners/coordination.html",
        bodies=governance.bodies(db()),
        actions=governance.open_actions(db()),
        today=today(),
    )


@partners.get("/coordination/agenda")
@permit("read partners")
def agenda() -> str:
    """Show what the next meeting could talk about."""
    body = request.args.get("body", "")
    points = agendas.proposal(db(), today(), body)
    kinds = {
        "action": _("Actions that are overdue"),
        "step": _("Next steps that are overdue"),
        "ends": _("Agreements that end"),
        "review": _("Agreements to be reviewed"),
        "role": _("Role sheets to be reviewed"),
        "licence": _("Licences that run out"),
    }
    return render_template(
        "partners/agenda.html",
        parts_of=[(name, [one for one in points if one.kind == kind]) for kind, name in kinds.items()],
        total=len(points),
        body=governance.body(db(), body) if body else None,
        today=today(),
    )


@partners.get("/coordination/<body_id>")
@permit("read partners")
def body(body_id: str) -> str:
    """Show one body: members, what is to be done, and its meetings with their decisions."""
    found, page = governance.body(db(), body_id), page_number(request.args)
    rows = governance.meetings(db(), body_id, MEETINGS + 1, (page - 1) * MEETINGS)
    return render_template(
        "partners/body.html",
        body=found,
        actions=governance.open_actions(db(), body_id),
        meetings=rows[:MEETINGS],
        more=len(rows) > MEETINGS,
        page=page,
        today=today(),
    )


def body_fields() -> list[Field]:
    """Return the fields of a body."""
    return [
        Field("name", _("Name")),
        Field("purpose", _("What it decides"), "area"),
        Field("meets", _("When and where it meets"), hint=_("For example: the first Tuesday of a quarter.")),
        Field(
            "members",
            _("Members"),
            "rows",
            hint=_("Organisations as they are called in the directory, or functions such as “mayor”."),
            columns=(Field("name", _("Name"), list_id="organizations"), Field("role", _("Role in it"))),
        ),
        Field("ended_on", _("Does not meet any more since"), "day"),
    ]


@partners.get("/coordination/new")
@permit("write partners")
def new_body() -> str:
    """Show an empty form of a body."""
    return _body_form(None, forms.prefilled(body_fields()), None, {})


@partners.post("/coordination/new")
@permit("write partners")
def add_body() -> Any:
    """Keep a new body."""
    typed = forms.typed_of(body_fields())
    try:
        row, _entry = governance.save_body(db(), None, typed, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _body_form(None, typed, None, error.fields), 422
    return redirect(url_for("partners.body", body_id=row.id), 303)


@partners.get("/coordination/<body_id>/edit")
@permit("write partners")
def edit_body(body_id: str) -> str:
    """Show the form of a body."""
    kept = governance.body_form(governance.body(db(), body_id))
    return _body_form(body_id, kept, kept, {})


@partners.post("/coordination/<body_id>/edit")
@permit("write partners")
def change_body(body_id: str) -> Any:
    """Keep a changed body; where two people changed it, ask."""
    kept, fields = governance.body_form(governance.body(db(), body_id)), body_fields()
    back = url_for("partners.body", body_id=body_id)
    title = _("Somebody else has changed this body too")
    typed, asks = forms.settle_form(title, fields, kept, forms.typed_of(fields), back)
    if typed is None:
        return asks, 409
    try:
        governance.save_body(db(), body_id, typed, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _body_form(body_id, typed, kept, error.fields), 422
    return redirect(back, 303)


def _body_form(
    body_id: str | None, typed: Mapping[str, Any], kept: Mapping[str, Any] | None, errors: Mapping[str, str]
) -> str:
    here: dict[str, Any] = {"body_id": body_id} if body_id else {}
    return forms.show(
        "partners/form.html",
        body_fields(),
        typed,
        kept,
        errors,
        title=_("Change the body") if body_id else _("A new body"),
        names=parties.offered(db()),
        action=url_for("partners.change_body" if body_id else "partners.add_body", **here),
        back=url_for("partners.body" if body_id else "partners.coordination", **here),
    )


def meeting_fields() -> list[Field]:
    """Return the fields of a meeting."""
    return [
        Field("held_on", _("Day of the meeting"), "day"),
        Field("subject", _("What it was about"), "area", hint=_("No client's data.")),
        Field("decisions", _("Decisions"), "rows", columns=(Field("sentence", _("Decision")),)),
        Field(
            "actions",
            _("Actions: who does what by when"),
            "rows",
            columns=(
                Field("sentence", _("What is to be done")),
                Field("owner", _("Who")),
                Field("due", _("By when"), "day"),
                Field("done_on", _("Done on"), "day"),
            ),
        ),
    ]


@partners.get("/coordination/<body_id>/meetings/new")
@permit("write partners")
def new_meeting(body_id: str) -> str:
    """Show an empty form of a meeting."""
    filled = forms.prefilled(meeting_fields(), held_on=today().isoformat())
    return _meeting_form(body_id, None, filled, None, {})


@partners.post("/coordination/<body_id>/meetings/new")
@permit("write partners")
def add_meeting(body_id: str) -> Any:
    """Keep a meeting."""
    typed, day = forms.typed_of(meeting_fields()), today()
    try:
        governance.save_meeting(db(), body_id, None, typed, by=current_user.email, today=day)
    except Invalid as error:
        db().rollback()
        return _meeting_form(body_id, None, typed, None, error.fields), 422
    return redirect(url_for("partners.body", body_id=body_id), 303)


@partners.get("/coordination/meetings/<meeting_id>/edit")
@permit("write partners")
def edit_meeting(meeting_id: str) -> str:
    """Show the form of a meeting."""
    row = governance.meeting(db(), meeting_id)
    kept = governance.meeting_form(row)
    return _meeting_form(row.body_id, meeting_id, kept, kept, {})


@partners.post("/coordination/meetings/<meeting_id>/edit")
@permit("write partners")
def change_meeting(meeting_id: str) -> Any:
    """Keep a changed meeting; where two people changed it, ask."""
    row = governance.meeting(db(), meeting_id)
    body_id, kept, fields = row.body_id, governance.meeting_form(row), meeting_fields()
    back = url_for("partners.body", body_id=body_id)
    title = _("Somebody else has changed this meeting too")
    typed, asks = forms.settle_form(title, fields, kept, forms.typed_of(fields), back)
    if typed is None:
        return asks, 409
    try:
        governance.save_meeting(db(), body_id, meeting_id, typed, by=current_user.email, today=today())
    except Invalid as error:
        db().rollback()
        return _meeting_form(body_id, meeting_id, typed, kept, error.fields), 422
    return redirect(back, 303)


def _meeting_form(
    body_id: str, meeting_id: str | None, typed: Mapping[str, Any], kept: Mapping[str, Any] | None,
    errors: Mapping[str, str],
) -> str:  # fmt: skip
    change = url_for("partners.change_meeting", meeting_id=meeting_id) if meeting_id else ""
    return forms.show(
        "partners/form.html",
        meeting_fields(),
        typed,
        kept,
        errors,
        title=_("Change the meeting") if meeting_id else _("Write down a meeting"),
        about=governance.body(db(), body_id).name,
        action=change or url_for("partners.add_meeting", body_id=body_id),
        back=url_for("partners.body", body_id=body_id),
    )


@partners.post("/coordination/actions/<action_id>/done")
@permit("write partners")
def finish_action(action_id: str) -> Any:
    """Note that an action is done today."""
    day: date = today()
    row = governance.finish(db(), action_id, by=current_user.email, today=day)
    return redirect(url_for("partners.body", body_id=row.meeting.body_id), 303)
