"""The queue of background work, in the same database as the change that caused it."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from netmap.db import now, transaction
from netmap.jobs.models import Job

Handler = Callable[[Session, list[dict[str, Any]]], None]
"""Does all due jobs of one kind at once; gets a session and the payloads in the order they were added."""

MAX_TRIES = 5
BATCH = 2000
_log = logging.getLogger(__name__)


def later(session: Session, kind: str, **payload: Any) -> None:
    """Add a job in the caller's transaction: it exists exactly if the change is committed."""
    session.add(Job(kind=kind, payload=payload))


def run_due(engine: Engine, handlers: Mapping[str, Handler]) -> int:
    """Do the work that is due and return how many jobs were done.

    Jobs of one kind are handed over together, so that indexing 500 changed services is one write.
    A kind that fails waits 2, 4, 8 ... minutes and stops after five tries with its reason in the row.
    """
    done = 0
    while True:
        with transaction(engine) as session:
            due = select(Job).where(Job.state == "due", Job.due_at <= now()).order_by(Job.id).limit(BATCH)
            if engine.dialect.name == "postgresql":
                due = due.with_for_update(skip_locked=True)
            jobs = list(session.scalars(due))
            if not jobs:
                return done
            kind = jobs[0].kind
            same = [job for job in jobs if job.kind == kind]
            try:
                with session.begin_nested():
                    handlers[kind](session, [job.payload for job in same])
            except Exception as error:  # a job of any kind may fail in any way: keep it, say why, go on
                _log.exception("job %s failed", kind)
                _put_off(same, error)
            else:
                for job in same:
                    session.delete(job)
                done += len(same)


def _put_off(jobs: list[Job], error: Exception) -> None:
    for job in jobs:
        job.tries += 1
        job.error = f"{type(error).__name__}: {error}"[:500]
        job.state = "failed" if job.tries >= MAX_TRIES else "due"
        job.due_at = now() + timedelta(minutes=2**job.tries)


def waiting(session: Session) -> int:
    """Return how many jobs are not done yet."""
    return session.scalar(select(func.count()).select_from(Job)) or 0


def work(engine: Engine, handlers: Mapping[str, Handler], stop: threading.Event, pause: float = 0.5) -> None:
    """Do due work until ``stop`` is set, looking every ``pause`` seconds."""
    while not stop.is_set():
        try:
            run_due(engine, handlers)
        except Exception:  # the database may be away for a moment: the worker must outlive that
            _log.exception("the worker could not reach its queue")
        stop.wait(pause)
