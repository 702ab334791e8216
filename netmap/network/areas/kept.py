"""How areas stand, kept once a day: the last day of each month stays, so growth can be seen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, transaction
from netmap.directory.models import ServiceCapacity
from netmap.freshness.truth import truths
from netmap.jobs.models import Job
from netmap.network import queries
from netmap.network.areas.comparing import FEWEST, Compared, Reached, reached, share
from netmap.network.gaps.cards import doubts
from netmap.network.gaps.loading import load
from netmap.network.models import AreaSnapshot

KIND = "compare-areas"
CLOCK = time(3, 0)  # at night, when nobody waits for the database


def look(session: Session, settings: Settings, today: date) -> list[AreaSnapshot]:
    """Return how every planning area stands today; nothing is kept."""
    question = load(session, settings)
    found = reached(question.survey.cells, doubts(*question.untyped), settings.fewest_providers)
    fresh = {one.code: one for one in truths(session, today, settings.stale_days) if one.part == "area"}
    waits = _waits(session)
    rows = []
    for area in question.ground.areas:
        lines = found.get(area.code, Reached(0, 0, 0, 0, 0, 0))
        there, days = fresh.get(area.code), waits.get(area.code, [])
        rows.append(
            AreaSnapshot(
                day=today, area_code=area.code, lines=lines.lines, open=lines.open, ask=lines.ask,
                single=lines.single, packages=lines.packages, complete=lines.complete,
                services=there.services if there else 0, within=there.within if there else 0,
                waits=len(days), wait_days=median(days) if days else None,
            )
        )  # fmt: skip
    return rows


def _waits(session: Session) -> Mapping[str, list[int]]:
    """Return the known waiting times of the services that lie in each area."""
    query = select(ServiceCapacity.service_id, func.min(ServiceCapacity.wait_days))
    query = query.where(ServiceCapacity.wait_days.is_not(None), ServiceCapacity.removed_in_source.is_(None))
    homes = queries.service_areas(session)
    found: dict[str, list[int]] = defaultdict(list)
    for service, days in session.execute(query.group_by(ServiceCapacity.service_id)):
        for area in homes.get(service, ()):
            found[area].append(int(days or 0))
    return found


def keep(session: Session, rows: Sequence[AreaSnapshot], today: date) -> None:
    """Keep how areas stand today, in place of what was kept earlier in this month."""
    earlier = (AreaSnapshot.day >= today.replace(day=1), AreaSnapshot.day <= today)
    session.execute(delete(AreaSnapshot).where(*earlier))
    session.add_all(rows)
    session.flush()


def newest(session: Session) -> tuple[date | None, list[Compared]]:
    """Return the day of the last look and every area as it is compared; None and nothing before it."""
    day = session.scalar(select(func.max(AreaSnapshot.day)))
    rows = session.scalars(
        select(AreaSnapshot).where(AreaSnapshot.day == day).order_by(AreaSnapshot.area_code)
    )
    return day, [compared(row) for row in rows]


def compared(row: AreaSnapshot) -> Compared:
    """Return an area as it may be compared with others."""
    return Compared(
        area=row.area_code,
        coverage=share(row.open, row.lines),
        perhaps=share(row.ask, row.lines),
        gaps=row.lines - row.open - row.ask,
        single=share(row.single, row.open),
        complete=share(row.complete, row.packages),
        checked=share(row.within, row.services, FEWEST),
        wait_days=row.wait_days if row.waits >= FEWEST else None,
    )


def begin(engine: Engine) -> None:
    """Add the first job, where none is waiting."""
    with transaction(engine) as session:
        if not _is_due(session):
            session.add(Job(kind=KIND, payload={}))


def keep_today(session: Session, engine: Engine, settings: Settings, _payloads: list[dict[str, Any]]) -> None:
    """Keep how areas stand today, and add the job of tomorrow; twice does no harm.

    ``session`` reads; what is kept is written in a short transaction of its own.
    """
    moment = now().astimezone(settings.zone())
    rows = look(session, settings, moment.date())
    with transaction(engine) as writing:
        keep(writing, rows, moment.date())
        if not _is_due(writing, after=now()):
            tomorrow = moment.date() + timedelta(days=1)
            due = datetime.combine(tomorrow, CLOCK, settings.zone())
            writing.add(Job(kind=KIND, payload={}, due_at=due))


def _is_due(session: Session, after: datetime | None = None) -> bool:
    query = select(Job.id).where(Job.kind == KIND, Job.state == "due")
    if after is not None:
        query = query.where(Job.due_at > after)
    return session.scalar(query.limit(1)) is not None
