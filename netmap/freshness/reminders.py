"""What is due today and this week: own calls, tries again, hours, notices and closures that end.

Nobody is sent anything: the lists stand on pages, with a letter to the provider that a person may send.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Schedule, Service, ServiceAtLocation
from netmap.freshness.claims import assigned
from netmap.freshness.models import Call, CalledRecord, stands

WEEK = timedelta(days=7)
MOST = 200  # of one kind; more is a matter for the queue
BACK = timedelta(days=30)  # what ended longer ago is a matter for the queue too


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that is due on a day: ``kind`` is call, again, changed, hours, notice or closure."""

    kind: str
    day: date
    desk: str
    service_id: str
    name: str
    language: str | None
    organization: str
    email: str | None
    about: str = ""
    call_id: int | None = None


def reminders(
    session: Session, today: date, person: str, *, zone: tzinfo = UTC, writes: bool = False
) -> list[Reminder]:
    """Return what is due from a month ago until a week from today, by kind and day.

    Parameters
    ----------
    session : Session
    today : date
    person : str
        E-mail of the person whose own calls are meant.
    zone : tzinfo
        Of the office, in which ``today`` is meant.
    writes : bool
        Whether the person writes into records, and so has to know what anybody heard on the telephone.
    """
    found = [*_own_calls(session, today, person, zone)]
    found += _unfinished(session, today, "" if writes else person, zone)
    found += _of_services(session, "notice", today, Service.status != "temporarily closed")
    found += _of_services(session, "closure", today, Service.status == "temporarily closed")
    return sorted(
        [*found, *_hours(session, today)], key=lambda one: (one.day, one.kind, one.organization, one.name)
    )


def _own_calls(session: Session, today: date, person: str, zone: tzinfo) -> list[Reminder]:
    """Return the desks that the person has today and has not called yet, and own tries that are due."""
    begun = datetime.combine(today, time(), zone)
    calls = session.execute(
        select(Call.desk, Call.at, Call.again_at, Call.by)
        .where(stands(), or_(Call.at >= begun, Call.again_at.is_not(None)))
        .order_by(Call.at)
    ).all()
    last = {row.desk: row for row in calls}
    mine = [desk for desk, who in assigned(session, today).items() if who == person]
    due = {desk: today for desk in mine if desk not in last or last[desk].at < begun}
    own = [row for row in last.values() if row.again_at and row.by == person]
    tries = {row.desk: row.again_at.astimezone(zone).date() for row in own}
    again = {desk: day for desk, day in tries.items() if today - BACK <= day <= today + WEEK}
    names = desk_names(session, [*due, *again])
    return [
        Reminder(kind, day, desk, "", names[desk][0], None, names[desk][0], names[desk][1])
        for kind, days in (("call", due), ("again", again))
        for desk, day in days.items()
        if desk in names
    ]


def desk_names(session: Session, desks: Collection[str]) -> Mapping[str, tuple[str, str | None]]:
    """Return the name of each desk and its e-mail, where one is known."""
    found: dict[str, tuple[str, str | None]] = {}
    for model in (Service, Organization):
        query = select(model.id, model.name, model.email).where(model.id.in_(desks))
        found.update({row.id: (row.name, row.email) for row in session.execute(query)})
    return found


def _unfinished(session: Session, today: date, person: str, zone: tzinfo) -> list[Reminder]:
    """Return services that a person ("": anybody) heard were changed, and nobody confirmed since."""
    query = (
        _service_columns()
        .add_columns(func.max(Call.at).label("at"), Call.note, Call.id.label("call_id"))
        .join(CalledRecord, CalledRecord.service_id == Service.id)
        .join(Call, Call.id == CalledRecord.call_id)
        .where(CalledRecord.found == "changed", stands(), *([Call.by == person] if person else []))
        .where(Call.at >= datetime.combine(today - BACK, time(), zone), Service.status != "defunct")
        .group_by(Service.id)
    )
    return [
        _reminder("changed", row.at.astimezone(zone).date(), row, row.note, row.call_id)
        for row in session.execute(query.order_by(Service.id).limit(MOST))
        if row.assured_date is None or row.assured_date < row.at.astimezone(zone).date()
    ]


def _of_services(session: Session, kind: str, today: date, which: ColumnElement[bool]) -> list[Reminder]:
    query = _service_columns().where(
        which,
        Service.status != "defunct",
        Service.removed_in_source.is_(None),
        Service.alert_until.between(today - BACK, today + WEEK),
    )
    rows = session.execute(query.order_by(Service.alert_until, Service.id).limit(MOST))
    return [_reminder(kind, row.alert_until, row, row.alert or "") for row in rows]


def _hours(session: Session, today: date) -> list[Reminder]:
    """Return services whose hours hold until a day about now, with none that hold longer."""
    owner = func.coalesce(Schedule.service_id, ServiceAtLocation.service_id)
    last = func.max(func.coalesce(Schedule.valid_to, Schedule.until, date.max))
    ends = (
        select(owner.label("service_id"), last.label("day"))
        .outerjoin(ServiceAtLocation, Schedule.service_at_location_id == ServiceAtLocation.id)
        .where(owner.is_not(None), Schedule.removed_in_source.is_(None), Schedule.closed.is_(False))
        .group_by(owner)
        .having(last.between(today - BACK, today + WEEK))
        .subquery()
    )
    query = _service_columns().add_columns(ends.c.day).join(ends, ends.c.service_id == Service.id)
    query = query.where(Service.removed_in_source.is_(None), Service.status.in_(("active", "unknown")))
    rows = session.execute(query.order_by(ends.c.day, Service.id).limit(MOST))
    return [_reminder("hours", row.day, row) for row in rows]


def _service_columns() -> Select[*tuple[Any, ...]]:
    return select(
        Service.id,
        Service.organization_id,
        Service.name,
        Service.text_language,
        Service.assured_date,
        Service.alert,
        Service.alert_until,
        Organization.name.label("organization"),
        func.coalesce(Service.email, Organization.email).label("email"),
    ).outerjoin(Organization, Service.organization_id == Organization.id)


def _reminder(kind: str, day: date, row: Row[Any], about: str = "", call_id: int | None = None) -> Reminder:
    return Reminder(
        kind=kind,
        day=day,
        desk=row.organization_id or row.id,
        service_id=row.id,
        name=row.name,
        language=row.text_language,
        organization=row.organization or "",
        email=row.email,
        about=about,
        call_id=call_id,
    )
