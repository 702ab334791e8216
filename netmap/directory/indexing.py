"""Keeping the search index: the worker's job, the full rebuild, asking for one, and the next day.

The index is a cache. A change of a service adds a job in its own transaction; the job reads the service again
when it runs, so jobs may run late, twice or together. Some facts change though nobody changes a row (a price
ends, a figure grows old): a job that is due shortly after midnight reads those services again.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, delete, func, not_, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.directory.documents import all_documents, index_documents
from netmap.directory.touched import KIND, services_of_days
from netmap.errors import Unavailable
from netmap.jobs.models import Job
from netmap.jobs.queue import later
from netmap.search.backend import IndexUnreadable, SearchBackend
from netmap.search.whoosh_backend import WhooshBackend

__all__ = [
    "AFTER",
    "KIND",
    "ask_for_rebuild",
    "index_services",
    "rebuild",
    "rebuild_now",
    "today_of",
]

AFTER = "after"  # in the payload of the job for the next day: the day for which the index was right
_PAST_MIDNIGHT = time(0, 1)
_log = logging.getLogger(__name__)


def index_services(session: Session, settings: Settings, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Bring the services of all these jobs up to date in the index with one write.

    Parameters
    ----------
    session : Session
        For reading; what it reads must not be older than this call, so it must not have read anything yet.
    settings : Settings
    payloads : sequence of mappings
        ``{"ids": [...]}``, ``{"after": day}`` or ``{"all": True}``; where there is no index yet, or it is
        damaged, all are taken.

    Raises
    ------
    Unavailable, OSError
        If the index cannot be written now; the job is tried again.
    """
    backend = WhooshBackend(settings.index_dir())
    with backend.alone():  # before anything is read: else an older reading could overwrite a newer one
        if any(payload.get("all") for payload in payloads) or not backend.ready():
            backend.rebuild(all_documents(session, settings))
        else:
            _index_some(session, settings, backend, payloads)
    _plan_next_day(session, settings)


def _index_some(
    session: Session, settings: Settings, backend: WhooshBackend, payloads: Sequence[Mapping[str, Any]]
) -> None:
    try:
        ids = {one for payload in payloads for one in payload.get("ids", ())}
        for day in sorted({payload[AFTER] for payload in payloads if AFTER in payload})[:1]:
            ids |= services_of_days(session, date.fromisoformat(day), today_of(settings), settings.stale_days)
        _bring_up_to_date(session, settings, backend, ids)
        return
    except IndexUnreadable as error:
        _log.warning("the search index is damaged and is made again: %s", error.__cause__)
    except (Unavailable, OSError):
        raise
    except Exception as error:  # whole files that this version cannot read raise a dozen kinds
        _log.warning("the search index is made again: %s: %s", type(error).__name__, str(error))
    backend.rebuild(all_documents(session, settings))


def _bring_up_to_date(session: Session, settings: Settings, backend: SearchBackend, ids: set[str]) -> None:
    documents = index_documents(session, ids, settings)
    if documents:
        backend.put(documents)
    gone = ids - {document.id for document in documents}
    if gone:
        backend.drop(gone)


def today_of(settings: Settings) -> date:
    """Return the day in the office's time zone."""
    return now().astimezone(settings.zone()).date()


def _plan_next_day(session: Session, settings: Settings) -> None:
    """Queue the job of the next day unless it waits already."""

    def plan(writing: Session) -> None:
        waiting = select(Job.id).where(Job.kind == KIND, Job.state == "due", _is_planned())
        if writing.scalar(waiting.limit(1)) is None:
            today = today_of(settings)
            due = datetime.combine(today + timedelta(days=1), _PAST_MIDNIGHT, settings.zone())
            writing.add(Job(kind=KIND, payload={AFTER: today.isoformat()}, due_at=due))
            writing.flush()

    _write(session, plan, "the index of the next day could not be planned")


def _is_planned() -> ColumnElement[bool]:
    """Return the condition on a job that it is for a day to come."""
    return and_(Job.payload[AFTER].as_string().is_not(None), Job.due_at > now())


def rebuild(session: Session, settings: Settings) -> int:
    """Make the whole index again and return how many services are in it; searches go on meanwhile.

    The session must not have read anything yet: the services are read once the other writers are kept out.
    """
    return WhooshBackend(settings.index_dir()).rebuild(all_documents(session, settings))


def rebuild_now(engine: Engine, settings: Settings) -> int:
    """Make the whole index again and return how many services are in it.

    Jobs for the index that were there before, waiting or given up, are done with that.
    """
    with open_session(engine, reading=True) as session:
        last = session.scalar(select(func.max(Job.id)).where(Job.kind == KIND)) or 0
    with open_session(engine, reading=True) as session:
        count = rebuild(session, settings)
    with transaction(engine) as writing:
        older = (Job.kind == KIND, Job.id <= last)  # numbers follow the commits
        writing.execute(delete(Job).where(*older, not_(_is_planned())))
        _plan_next_day(writing, settings)
    return count


def ask_for_rebuild(session: Session) -> None:
    """Queue a rebuild unless one waits already.

    A reading session never commits, so there the job gets a short transaction of its own. Nothing is raised:
    whoever asks is in the middle of answering somebody.
    """
    _write(session, _queue_rebuild, "the rebuild of the search index could not be queued")


def _write(session: Session, work: Callable[[Session], None], failure: str) -> None:
    """Do a little writing, in a transaction of its own where the session only reads; log what goes wrong.

    No traceback is logged: one that was caused while an index failed would tell the words it was asked.
    """
    try:
        engine = session.get_bind()
        if isinstance(engine, Engine) and engine.get_execution_options().get("netmap_reading"):
            with transaction(engine.execution_options(netmap_reading=False)) as writing:
                work(writing)
        else:
            work(session)
    except Exception as error:
        _log.error("%s: %s: %s", failure, type(error).__name__, getattr(error, "orig", ""))


def _queue_rebuild(session: Session) -> None:
    waiting = select(Job.id).where(Job.kind == KIND, Job.state == "due", Job.payload["all"].as_boolean())
    if session.scalar(waiting.limit(1)) is None:
        later(session, KIND, all=True)
        session.flush()
