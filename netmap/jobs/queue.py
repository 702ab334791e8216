"""The queue of background work, in the same database as the change that caused it."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from netmap.db import now, open_session, transaction
from netmap.jobs.models import Job

Handler = Callable[[Session, list[dict[str, Any]]], None]
"""Does all due jobs of one kind at once; gets a session for reading, which has read nothing yet, and the
payloads in their order.

What it writes lies outside the database (the index, a letter), so that people can go on writing meanwhile. It
may be called twice for the same job, if the process dies between the work and its record.
"""

MAX_TRIES = 5
BATCH = 500
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
    tried: set[int] = set()
    while True:
        with open_session(engine, reading=True) as session:
            due = select(Job).where(Job.state == "due", Job.due_at <= now()).order_by(Job.id).limit(BATCH)
            jobs = [job for job in session.scalars(due) if job.id not in tried]
            if not jobs:
                return done
            kind = jobs[0].kind
            same = [job for job in jobs if job.kind == kind]
            tried |= {job.id for job in same}
        reason = _try(engine, handlers, kind, [job.payload for job in same])
        with transaction(engine) as session:
            if reason is None:
                session.execute(delete(Job).where(Job.id.in_([job.id for job in same])))
                done += len(same)
            else:
                _put_off(session, same, reason)


def _try(
    engine: Engine, handlers: Mapping[str, Handler], kind: str, payloads: list[dict[str, Any]]
) -> str | None:
    """Return why the work could not be done, or None where it was."""
    try:
        with open_session(engine, reading=True) as session:
            handlers[kind](session, payloads)
    except Exception as error:  # a job of any kind may fail in any way: keep it, say why, go on
        _log.exception("job %s failed", kind)
        return f"{type(error).__name__}: {error}"[:500]
    return None


def _put_off(session: Session, jobs: list[Job], reason: str) -> None:
    for job in session.scalars(select(Job).where(Job.id.in_([job.id for job in jobs]))):
        job.tries += 1
        job.error = reason
        job.state = "failed" if job.tries >= MAX_TRIES else "due"
        job.due_at = now() + timedelta(minutes=2**job.tries)


def work(engine: Engine, handlers: Mapping[str, Handler], stop: threading.Event, pause: float = 0.5) -> None:
    """Do due work until ``stop`` is set, looking every ``pause`` seconds."""
    while not stop.is_set():
        try:
            run_due(engine, handlers)
        except Exception:  # the database may be away for a moment: the worker must outlive that
            _log.exception("the worker could not reach its queue")
        stop.wait(pause)
