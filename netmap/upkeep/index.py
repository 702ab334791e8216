"""Does the search index say what the database says, and does the work that keeps it so get done?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, open_session
from netmap.directory.documents import all_documents
from netmap.directory.indexing import KIND
from netmap.jobs.models import Job
from netmap.search.backend import IndexUnreadable
from netmap.search.facts import digest_of
from netmap.search.whoosh_backend import WhooshBackend
from netmap.upkeep.findings import Finding, some

LATE = timedelta(minutes=2)  # the worker looks twice a second; a whole rebuild takes about a minute
REBUILD = "Run `netmap search rebuild`."


def index(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """Yield services that the index lacks, has too many, or knows as they were.

    What a waiting job is going to mend is no finding: a job and its change are one transaction, so under the
    lock of the index whatever differs must have its job.
    """
    backend = WhooshBackend(settings.index_dir())
    if not backend.ready():
        sentence = f"There is no search index; answers come from a slower, simpler search. {REBUILD}"
        yield Finding("index", "error", sentence)
        return
    with open_session(engine, reading=True) as session:
        with backend.alone():
            awaited, everything = _awaited(session)
            try:
                there = backend.digests()
            except IndexUnreadable:
                sentence = f"The search index is damaged; answers come from a simpler search. {REBUILD}"
                yield Finding("index", "error", sentence)
                return
            if not backend.has_arrays():
                sentence = f"Part of the search index is damaged: answers are right, but slow. {REBUILD}"
                yield Finding("index", "warning", sentence)
        truth = {document.id: digest_of(document) for document in all_documents(session)}
    if everything:
        return
    for what, ids in (
        ("are missing from the search index", truth.keys() - there.keys()),
        ("are in the search index although they are gone", there.keys() - truth.keys()),
        ("are in the search index as they were before a change",
         {one for one in truth.keys() & there.keys() if truth[one] != there[one]}),
    ):  # fmt: skip
        found = sorted(ids - awaited)
        if found:
            yield Finding(
                "index", "error", f"{len(found)} services {what}. {REBUILD}", len(found), some(found)
            )


def jobs(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """Yield work that was given up, that fails, or that nobody does."""
    with open_session(engine, reading=True) as session:
        given_up = session.scalars(select(Job).where(Job.state == "failed").order_by(Job.id)).all()
        failing = select(Job).where(Job.state == "due", Job.tries > 0).order_by(Job.id)
        tried = session.scalars(failing).all()
        late = waiting_since(session)
    if given_up:
        yield Finding(
            "jobs",
            "error",
            f"{len(given_up)} jobs were given up after several tries. Look at the reasons; for the search "
            f"index: {REBUILD}",
            len(given_up),
            some([f"{job.kind}: {job.error}" for job in given_up]),
        )
    if tried:
        sentence = f"{len(tried)} jobs have failed and will be tried again. Look at the reasons."
        yield Finding(
            "jobs", "warning", sentence, len(tried), some([f"{job.kind}: {job.error}" for job in tried])
        )
    if late is not None:
        minutes = int((now() - late).total_seconds() // 60)
        yield Finding(
            "jobs",
            "warning",
            f"Background work has been waiting for {minutes} minutes: changes are not found yet. "
            "Is `netmap worker` running?",
        )


def waiting_since(session: Session) -> datetime | None:
    """Return since when the oldest job should have been done, None where all are done in time."""
    return session.scalar(select(func.min(Job.due_at)).where(Job.state == "due", Job.due_at < now() - LATE))


def _awaited(session: Session) -> tuple[set[str], bool]:
    """Return the services that waiting jobs will bring up to date, and whether one will do so with all."""
    payloads = session.scalars(select(Job.payload).where(Job.kind == KIND, Job.state == "due")).all()
    ids = {one for payload in payloads for one in payload.get("ids", ())}
    return ids, any(payload.get("all") for payload in payloads)
