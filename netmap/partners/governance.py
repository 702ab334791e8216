"""The bodies in which those who work together decide: members, meetings, decisions, actions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from netmap.directory.models import new_id
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import Conflict, NotFound
from netmap.i18n import gettext as _
from netmap.partners.models import BodyAction, BodyDecision, BodyMeeting, BodyMember, CoordinatingBody
from netmap.partners.parties import as_rows, put_rows, read_named
from netmap.partners.typed import Form, Reading, text


def bodies(session: Session) -> Sequence[CoordinatingBody]:
    """Return all bodies with their members, those that still meet first."""
    query = select(CoordinatingBody).options(selectinload(CoordinatingBody.members))
    order = (CoordinatingBody.ended_on.is_not(None), CoordinatingBody.name, CoordinatingBody.id)
    return session.scalars(query.order_by(*order)).all()


def body(session: Session, body_id: str) -> CoordinatingBody:
    """Return a body; raises NotFound where there is none."""
    found = session.get(CoordinatingBody, body_id)
    if found is None:
        raise NotFound(_("There is no such body; it may have been taken back."))
    return found


def meeting(session: Session, meeting_id: str) -> BodyMeeting:
    """Return a meeting; raises NotFound where there is none."""
    found = session.get(BodyMeeting, meeting_id)
    if found is None:
        raise NotFound(_("There is no such meeting; it may have been taken back."))
    return found


def meetings(session: Session, body_id: str, limit: int, offset: int = 0) -> Sequence[BodyMeeting]:
    """Return meetings of a body with decisions and actions, the latest first."""
    query = select(BodyMeeting).where(BodyMeeting.body_id == body_id)
    query = query.options(selectinload(BodyMeeting.decisions), selectinload(BodyMeeting.actions))
    query = query.order_by(BodyMeeting.held_on.desc(), BodyMeeting.id).limit(limit).offset(offset)
    return session.scalars(query).all()


def open_actions(session: Session, body_id: str = "", limit: int = 200) -> Sequence[BodyAction]:
    """Return what is still to be done (by one body), the longest overdue first, what has no day last."""
    query = select(BodyAction).join(BodyAction.meeting).where(BodyAction.done_on.is_(None))
    query = query.options(joinedload(BodyAction.meeting).joinedload(BodyMeeting.body))
    if body_id:
        query = query.where(BodyMeeting.body_id == body_id)
    order = (BodyAction.due.is_(None), BodyAction.due, BodyMeeting.held_on, BodyAction.place, BodyAction.id)
    return session.scalars(query.order_by(*order).limit(limit)).all()


def body_form(row: CoordinatingBody) -> dict[str, Any]:
    """Return a body as its form shows it."""
    plain = {name: text(getattr(row, name)) for name in ("name", "purpose", "meets", "ended_on")}
    return plain | {"members": as_rows(row.members)}


def save_body(session: Session, body_id: str | None, form: Form, *, by: str) -> tuple[CoordinatingBody, Edit]:
    """Keep a new body (``body_id`` None) or a changed one with its members; return it and the edit.

    Raises
    ------
    NotFound
        If there is no such body.
    Invalid
        With a sentence for each wrong field.
    """
    row = body(session, body_id) if body_id else CoordinatingBody(id=new_id())
    read = Reading(form)
    members = read_named(session, read, "members")
    values = {
        "name": read.line("name", _("Give the body a name.")),
        "purpose": read.area("purpose"),
        "meets": read.line("meets"),
        "ended_on": read.day("ended_on"),
    }
    read.raise_errors(_("The body was not saved."))
    with edit(session, by=by, kind="partner", about=("coordinating_body", row.id)) as entry:
        for name, value in values.items():
            setattr(row, name, value)
        put_rows(row.members, BodyMember, [one._asdict() for one in members])
        session.add(row)
        session.flush()
    return row, entry


def meeting_form(row: BodyMeeting) -> dict[str, Any]:
    """Return a meeting as its form shows it."""
    return {
        "held_on": text(row.held_on),
        "subject": row.subject or "",
        "decisions": tuple((one.sentence,) for one in row.decisions),
        "actions": tuple(
            (one.sentence, one.owner or "", text(one.due), text(one.done_on)) for one in row.actions
        ),
    }


def save_meeting(
    session: Session, body_id: str, meeting_id: str | None, form: Form, *, by: str, today: date
) -> tuple[BodyMeeting, Edit]:
    """Keep a new meeting of a body (``meeting_id`` None) or a changed one; return it and the edit.

    Raises
    ------
    NotFound
        If there is no such body or meeting.
    Invalid
        With a sentence for each wrong field.
    """
    owner = body(session, body_id)
    row = meeting(session, meeting_id) if meeting_id else BodyMeeting(id=new_id(), body_id=owner.id)
    read = Reading(form)
    held = read.day("held_on", _("Say on which day the body met."))
    if held and held > today:
        read.errors["held_on"] = _(
            "That day has not come yet. The page of the body proposes an agenda for it."
        )
    subject = read.area("subject")
    decisions = [
        {"sentence": read.line_of(f"decisions-{number}-sentence", one)}
        for number, (one,) in enumerate(read.rows("decisions"))
    ]
    actions = [_action(read, number, cells, held) for number, cells in enumerate(read.rows("actions"))]
    read.raise_errors(_("The meeting was not saved."))
    with edit(session, by=by, kind="partner", about=("coordinating_body", owner.id)) as entry:
        row.held_on, row.subject = held or today, subject
        put_rows(row.decisions, BodyDecision, decisions)
        put_rows(row.actions, BodyAction, actions)
        session.add(row)
        session.flush()
    return row, entry


def _action(read: Reading, number: int, cells: tuple[str, ...], held: date | None) -> Mapping[str, Any]:
    key = f"actions-{number}"
    sentence, owner, due, done = cells
    found = {
        "sentence": read.line_of(f"{key}-sentence", sentence, _("Say what is to be done.")),
        "owner": read.line_of(f"{key}-owner", owner),
        "due": read.day_of(f"{key}-due", due),
        "done_on": read.day_of(f"{key}-done_on", done),
    }
    for name in ("due", "done_on"):
        day = found[name]
        if isinstance(day, date) and held and day < held:
            read.errors[f"{key}-{name}"] = _("This day lies before the meeting. Mend one of the two.")
    return found


def finish(session: Session, action_id: str, *, by: str, today: date) -> BodyAction:
    """Note that an action is done today and return it.

    Raises
    ------
    NotFound
        If there is no such action.
    Conflict
        If somebody else has noted it already.
    """
    row = session.get(BodyAction, action_id)
    if row is None:
        raise NotFound(_("There is no such action; it may have been taken out of its meeting."))
    if row.done_on is not None:
        raise Conflict(_("It was noted already that this is done, on %(day)s.", day=row.done_on.isoformat()))
    with edit(session, by=by, kind="partner", about=("coordinating_body", row.meeting.body_id)):
        row.done_on = today
        session.flush()
    return row
