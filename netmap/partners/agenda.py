"""What the next meeting could talk about: what is overdue, what ends, what has to be looked at again."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from netmap.partners import agreement_queries, governance, pipeline, roles
from netmap.partners.agreements import SOON

MOST = 50  # of each kind


@dataclass(frozen=True, slots=True)
class Point:
    """One point of an agenda: its kind, what it is about, who looks after it, its day, and where it stands.

    ``kind`` is "action", "step", "ends", "review", "role" or "licence"; ``about`` is the id of the body's
    meeting, the agreement or the organization.
    """

    kind: str
    title: str
    who: str
    day: date
    about: str
    detail: str = ""


def proposal(session: Session, today: date, body_id: str = "") -> list[Point]:
    """Return the points of an agenda, those of a kind together, each kind by day.

    Parameters
    ----------
    session : Session
    today : date
    body_id : str
        Whose actions are meant; empty: those of all bodies.
    """
    until = today + timedelta(days=SOON)
    found = [
        Point("action", one.sentence, one.owner or "", one.due, one.meeting_id, one.meeting.body.name)
        for one in governance.open_actions(session, body_id, MOST)
        if one.due and one.due < today
    ]
    found += [
        Point(
            "step",
            one.organization.name,
            one.owner or "",
            one.next_on,
            one.organization_id,
            one.next_step or "",
        )
        for one in pipeline.overdue(session, today, MOST)
        if one.next_on
    ]
    due = agreement_queries.due(session, today)
    for what in ("ends", "review"):
        found += [
            Point(
                what, one.agreement.title, one.agreement.owner or "", one.day, one.agreement.id, _parties(one)
            )
            for one in due
            if one.what == what
        ][:MOST]
    found += [
        Point("role", one.organization.name, "", one.review_on, one.organization_id)
        for one in roles.to_review(session, until, MOST)
        if one.review_on
    ]
    found += [
        Point("licence", name, "", one.valid_to, one.organization_id, one.name)
        for one, name in roles.running_out(session, until, MOST)
        if one.valid_to
    ]
    return found


def _parties(due: agreement_queries.Due) -> str:
    return ", ".join(party.name for party in due.agreement.parties)
