"""One try of a feed: fetch, check as any import, and apply only what raises no question.

Whatever the process dies on, the job is still in the queue and the next try goes on: an import that was cut
off has changed nothing, one that was committed is seen to be done.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.errors import Invalid, NetmapError
from netmap.feeds import folders
from netmap.feeds.allowed import allowed, is_url
from netmap.feeds.fetching import Fetched, fetch
from netmap.feeds.models import GOOD, Feed, FeedTry
from netmap.feeds.service import KIND, due, get
from netmap.i18n import gettext as _
from netmap.i18n import set_language
from netmap.importing import service, work
from netmap.importing.maps import KeptMap
from netmap.importing.models import RUNNING, ImportRun
from netmap.importing.uploads import Uploads

__all__ = ["KIND", "Ended", "do_all", "run"]
TRIES_KEPT = 50  # of one feed
SURE = 0.95  # how sure it must be that a record is renamed, so that nobody need look
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ended:
    """How a try ended: see `netmap.feeds.models.RESULTS`."""

    result: str
    sentence: str | None = None
    run_id: int | None = None
    sha256: str | None = None
    fetched: Fetched | None = None


def do_all(engine: Engine, settings: Settings, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Do the tries that are due, one after another; what they say is in the language of the office."""
    set_language(settings.language)
    for feed_id in dict.fromkeys(int(payload["feed"]) for payload in payloads):
        with open_session(engine, reading=True) as session:
            feed = session.get(Feed, feed_id)
            wanted = feed is not None and feed.active and feed.next_at <= now()
        if wanted:
            run(engine, settings, feed_id)


def run(engine: Engine, settings: Settings, feed_id: int) -> Ended:
    """Try one feed now, note how it ended and when it is due again."""
    with open_session(engine, reading=True) as session:
        feed = get(session, feed_id)
        session.refresh(feed, ["map_text"])
        session.expunge(feed)
    try:
        ended = _try(engine, settings, feed)
    except NetmapError as error:
        ended = Ended("failed", " ".join([error.message, *_more(error)]))
    except Exception:  # whatever fails, the feed must be tried again
        _log.exception("the feed %s failed", feed_id)
        ended = Ended("failed", _("Something went wrong on our side. The directory is as it was."))
    with transaction(engine) as session:
        _note(session, feed_id, ended)
    return ended


def _more(error: NetmapError) -> list[str]:
    return [
        one for one in (error.fields if isinstance(error, Invalid) else {}).values() if one != error.message
    ]


def _try(engine: Engine, settings: Settings, feed: Feed) -> Ended:
    uploads = Uploads(settings.data_dir)
    last = _finish_last(engine, uploads, feed)
    with TemporaryDirectory(prefix="netmap-feed-") as made:
        path = Path(made) / "file"
        fetched = _fetch(settings, feed, path)
        if fetched is None:
            return Ended("same")
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        if digest == feed.sha256:
            return Ended("same", sha256=digest, fetched=fetched)
        if last is not None and last.sha256 == digest:
            if last.state == "done":  # a person has applied what was held, or the process died after it
                return Ended("applied", None, last.id, digest, fetched)
            if last.state == "checked" and uploads.find(last.folder) is not None:
                return Ended("held", feed.sentence, last.id)
        run_id = _start(engine, uploads, feed, path, fetched.name)
    return _import(engine, uploads, run_id, digest, fetched)


def _finish_last(engine: Engine, uploads: Uploads, feed: Feed) -> ImportRun | None:
    """Return the import of the last try; one that was cut off is ended first."""
    if feed.run_id is None:
        return None
    with open_session(engine, reading=True) as session:
        found = session.get(ImportRun, feed.run_id)
    if found is not None and found.state in RUNNING:
        work.do(engine, uploads, found.id)
        with open_session(engine, reading=True) as session:
            found = session.get(ImportRun, feed.run_id)
    return found


def _fetch(settings: Settings, feed: Feed, path: Path) -> Fetched | None:
    may = allowed(settings)
    with path.open("wb") as into:
        if is_url(feed.address):
            return fetch(feed.address, may, into, etag=feed.etag, modified=feed.modified)
        return Fetched(folders.take(feed.address, may, into), None, None)


def _start(engine: Engine, uploads: Uploads, feed: Feed, path: Path, name: str) -> int:
    """Begin an import as by hand, and note which one, so that the next try finds it."""
    chosen = None
    if feed.map_name is not None and feed.map_text is not None:
        chosen = KeptMap(feed.map_name, feed.map_text, feed.source)
    with path.open("rb") as file, transaction(engine) as session:
        run = service.start(session, uploads, file, name, "directory", feed.source, None, chosen)
        if run.state == "mapping":
            uploads.drop(run.folder)
            raise Invalid(
                _("The file is a plain table, not HSDS: add this feed with a map that says what it means.")
            )
        get(session, feed.id).run_id = run.id
        return run.id


def _import(engine: Engine, uploads: Uploads, run_id: int, digest: str, fetched: Fetched) -> Ended:
    work.do(engine, uploads, run_id)
    run = _run(engine, run_id)
    if run.state == "checked":
        if why := _why_held(run.report or {}):
            return Ended("held", why, run_id)
        with transaction(engine) as session:
            service.ask_apply(session, uploads, session.get_one(ImportRun, run_id), agreed=False)
        work.do(engine, uploads, run_id)
        run = _run(engine, run_id)
    if run.state == "done":
        return Ended("applied", None, run_id, digest, fetched)
    return Ended("failed", run.error or _("The import was cut off. The directory is as it was."), run_id)


def _run(engine: Engine, run_id: int) -> ImportRun:
    with open_session(engine, reading=True) as session:
        return session.get_one(ImportRun, run_id)


def _why_held(report: Mapping[str, Any]) -> str | None:
    """Return why a person has to look at a checked import before it is applied, or None."""
    if removals := report.get("removals"):
        told = ", ".join(f"{one['removed']}/{one['of']} {one['table']}" for one in removals)
        return _("Much would be gone (%(told)s). Look at it, and apply it if it is right.", told=told)
    unsure = [one for one in report.get("renamed", ()) if one["confidence"] < SURE]
    if unsure:
        return _(
            "%(count)s records may be old ones under another name. Look at it, and apply it if it is right.",
            count=len(unsure),
        )
    return None


def _note(session: Session, feed_id: int, ended: Ended) -> None:
    """Note how a try ended, and when the next one is due, in one transaction."""
    feed = session.get(Feed, feed_id)
    if feed is None:  # removed meanwhile
        return
    moment = now()
    feed.result, feed.sentence, feed.last_try_at = ended.result, ended.sentence, moment
    if ended.result in GOOD:
        feed.last_success_at = moment
    if ended.result in GOOD and ended.fetched is not None:
        feed.sha256, feed.etag, feed.modified = ended.sha256, ended.fetched.etag, ended.fetched.modified
    session.add(
        FeedTry(feed_id=feed_id, at=moment, result=ended.result, sentence=ended.sentence, run_id=ended.run_id)
    )
    session.flush()
    kept = select(FeedTry.id).where(FeedTry.feed_id == feed_id).order_by(FeedTry.id.desc()).limit(TRIES_KEPT)
    session.execute(delete(FeedTry).where(FeedTry.feed_id == feed_id, FeedTry.id.not_in(kept)))
    if feed.active:
        due(session, feed, moment + timedelta(minutes=feed.every_minutes))
