"""The made-up county was looked after before today: use, calls, duties and how true it was, from seeds."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Service
from netmap.editing.writing import edit
from netmap.freshness.claims import dealt
from netmap.freshness.models import Call, CalledRecord, Claim, DoubtfulPhone, ServiceUse, TruthSnapshot
from netmap.freshness.phones import phones_of
from netmap.freshness.tries import next_try
from netmap.freshness.uses import KINDS, monday
from netmap.paths import shipped

TODAY = 6  # calls that are shared out for the day on which the demo is loaded


def look_after(session: Session, moment: datetime, callers: list[str]) -> None:
    """Load what happened before ``moment``, which is in the time zone of the office."""
    folder, today, ids = shipped("seeds") / "upkeep", moment.date(), _ids(session)
    for row in _rows(folder / "use.csv"):
        counts = {kind: int(row[kind]) for kind in KINDS}
        week = monday(today) - timedelta(weeks=int(row["weeks_ago"]))
        session.add(ServiceUse(service_id=ids[row["service_id"]], week=week, **counts))
    for row in _rows(folder / "duties.csv"):
        about = ("organization", ids[row["organization_id"]])
        with edit(session, by=callers[-1], kind="edit", about=about, note="agreed with the provider"):
            organization = session.get_one(Organization, about[1])
            organization.duty_days = int(row["duty_days"])
            organization.review_days = int(row["review_days"])
    called = {_call(session, row, moment, ids) for row in _rows(folder / "calls.csv")}
    for row in _rows(folder / "truth.csv"):
        day = today - timedelta(days=int(row.pop("days_ago")))
        figures = {name: int(value) for name, value in row.items()}
        session.add(TruthSnapshot(day=day, part="all", code="", **figures))
    _share(session, [one for one in ids.values() if one not in called], today, callers)


def _call(session: Session, row: dict[str, str], moment: datetime, ids: Mapping[str, str]) -> str:
    at = (moment - timedelta(days=int(row["days_ago"]))).replace(hour=int(row["hour"]), minute=20)
    since = moment.date() - timedelta(days=int(row["since_days_ago"])) if row["since_days_ago"] else None
    desk, outcome, otherwise = ids[row["organization_id"]], row["outcome"], set(row["otherwise"].split())
    phone = next(iter(phones_of(session, [desk], []).get(desk, ())), None)
    call = Call(
        at=at,
        by=row["by"],
        desk=desk,
        organization_id=desk,
        outcome=outcome,
        number=phone.number if phone else None,
        changed_on=since,
        again_at=next_try(at) if outcome == "no_answer" else None,
    )
    call.records = [
        CalledRecord(service_id=ids[one], found="changed" if one in otherwise else "right")
        for one in row["services"].split()
    ]
    session.add(call)
    session.flush()
    if outcome == "wrong_number" and phone:
        session.merge(DoubtfulPhone(phone_id=phone.phone_id, call_id=call.id, since=at.date(), by=call.by))
    return desk


def _share(session: Session, free: Sequence[str], today: date, callers: Sequence[str]) -> None:
    """Give some calls of today to the people of the demo."""
    query = select(Organization.id).where(Organization.id.in_(free)).order_by(Organization.id).limit(TODAY)
    for desk, turn in zip(session.scalars(query).all(), dealt(TODAY, len(callers)), strict=True):
        session.add(Claim(day=today, desk=desk, person=callers[turn], given_by=callers[-1]))


def _ids(session: Session) -> dict[str, str]:
    """Return the ids of providers and services by the keys that the seeds call them by."""
    found = {}
    for model in (Organization, Service):
        query = select(model.id, model.source_key).order_by(model.id)
        found.update({row.source_key or row.id: row.id for row in session.execute(query)})
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
