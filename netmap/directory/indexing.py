"""Keeping the search index: the worker's job, the full rebuild, and asking for one.

The index is a cache. A change of a service adds a job in its own transaction; the job reads the service again
when it runs, so jobs may run late, twice or together.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import open_session, transaction
from netmap.directory.documents import all_documents, index_documents
from netmap.errors import Unavailable
from netmap.jobs.models import Job
from netmap.jobs.queue import later
from netmap.search.backend import IndexUnreadable, SearchBackend
from netmap.search.whoosh_backend import WhooshBackend

KIND = "index-services"
_log = logging.getLogger(__name__)


def index_services(session: Session, settings: Settings, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Bring the services of all these jobs up to date in the index with one write.

    Parameters
    ----------
    session : Session
        For reading; what it reads must not be older than this call, so it must not have read anything yet.
    settings : Settings
    payloads : sequence of mappings
        ``{"ids": [...]}`` or ``{"all": True}``; where there is no index yet, or it is damaged, all are taken.

    Raises
    ------
    Unavailable, OSError
        If the index cannot be written now; the job is tried again.
    """
    backend = WhooshBackend(settings.index_dir())
    with backend.alone():  # before anything is read: else an older reading could overwrite a newer one
        if any(payload.get("all") for payload in payloads) or not backend.ready():
            backend.rebuild(all_documents(session))
            return
        try:
            _bring_up_to_date(
                session, backend, {one for payload in payloads for one in payload.get("ids", ())}
            )
            return
        except IndexUnreadable as error:
            _log.warning("the search index is damaged and is made again: %s", error.__cause__)
        except (Unavailable, OSError):
            raise
        except Exception as error:  # whole files that this version cannot read raise a dozen kinds
            _log.warning("the search index is made again: %s: %s", type(error).__name__, str(error))
        backend.rebuild(all_documents(session))


def _bring_up_to_date(session: Session, backend: SearchBackend, ids: set[str]) -> None:
    documents = index_documents(session, ids)
    if documents:
        backend.put(documents)
    gone = ids - {document.id for document in documents}
    if gone:
        backend.drop(gone)


def rebuild(session: Session, settings: Settings) -> int:
    """Make the whole index again and return how many services are in it; searches go on meanwhile.

    The session must not have read anything yet: the services are read once the other writers are kept out.
    """
    return WhooshBackend(settings.index_dir()).rebuild(all_documents(session))


def rebuild_now(engine: Engine, settings: Settings) -> int:
    """Make the whole index again and return how many services are in it.

    Jobs for the index that were there before, waiting or given up, are done with that.
    """
    with open_session(engine, reading=True) as session:
        last = session.scalar(select(func.max(Job.id)).where(Job.kind == KIND)) or 0
    with open_session(engine, reading=True) as session:
        count = rebuild(session, settings)
    with transaction(engine) as writing:
        writing.execute(delete(Job).where(Job.kind == KIND, Job.id <= last))  # numbers follow the commits
    return count


def ask_for_rebuild(session: Session) -> None:
    """Queue a rebuild unless one waits already.

    A reading session never commits, so there the job gets a short transaction of its own. Nothing is raised:
    whoever asks is in the middle of answering somebody.
    """
    try:
        engine = session.get_bind()
        if isinstance(engine, Engine) and engine.get_execution_options().get("netmap_reading"):
            with transaction(engine.execution_options(netmap_reading=False)) as writing:
                _queue_rebuild(writing)
        else:
            _queue_rebuild(session)
    except Exception:
        _log.exception("the rebuild of the search index could not be queued")


def _queue_rebuild(session: Session) -> None:
    waiting = select(Job.id).where(Job.kind == KIND, Job.state == "due", Job.payload["all"].as_boolean())
    if session.scalar(waiting.limit(1)) is None:
        later(session, KIND, all=True)
        session.flush()
