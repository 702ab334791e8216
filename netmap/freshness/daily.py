"""Once a day the worker keeps how true the directory is, so that the trend can be seen."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, transaction
from netmap.freshness.truth import keep_snapshot, truths
from netmap.jobs.models import Job

KIND = "keep-truth"
CLOCK = time(2, 30)  # at night, when nobody waits for the database


def begin(engine: Engine) -> None:
    """Add the first job, where none is waiting."""
    with transaction(engine) as session:
        if not _waits(session):
            session.add(Job(kind=KIND, payload={}))


def keep_today(session: Session, engine: Engine, settings: Settings, _payloads: list[dict[str, Any]]) -> None:
    """Keep how true the directory is today, and add the job of tomorrow; twice does no harm.

    ``session`` reads; what is kept is written in a short transaction of its own.
    """
    moment = now().astimezone(settings.zone())
    rows = truths(session, moment.date(), settings.stale_days)
    with transaction(engine) as writing:
        keep_snapshot(writing, rows, moment.date())
        if not _waits(writing, after=now()):
            tomorrow = moment.date() + timedelta(days=1)
            due = datetime.combine(tomorrow, CLOCK, settings.zone())
            writing.add(Job(kind=KIND, payload={}, due_at=due))


def _waits(session: Session, after: datetime | None = None) -> bool:
    query = select(Job.id).where(Job.kind == KIND, Job.state == "due")
    if after is not None:
        query = query.where(Job.due_at > after)
    return session.scalar(query.limit(1)) is not None
