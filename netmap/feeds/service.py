"""What a person does with feeds: add, pause, remove, see how they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.hsds import source_name
from netmap.errors import Conflict, Invalid, NotFound
from netmap.feeds.allowed import allowed, require_allowed
from netmap.feeds.models import GOOD, Feed, FeedTry
from netmap.i18n import gettext as _
from netmap.importing.maps import KeptMap
from netmap.jobs.models import Job

KIND = "feed"
LEAST_MINUTES, MOST_MINUTES, DAILY = 15, 60 * 24 * 31, 60 * 24
STALE_AFTER = 3  # times its interval without success
TRIES_SHOWN = 10


@dataclass(frozen=True)
class Standing:
    """A feed and how it stands: ``state`` is "new", "good", "held", "failed" or "paused"."""

    feed: Feed
    state: str
    stale: bool
    tries: Sequence[FeedTry] = ()


def add(
    session: Session,
    settings: Settings,
    source: str,
    address: str,
    *,
    every_minutes: int = DAILY,
    chosen: KeptMap | None = None,
    by: str,
) -> Feed:
    """Return a new feed, which is fetched at once and then again and again.

    Parameters
    ----------
    source : str
        The name under which the records are kept, as for an import by hand.
    address : str
        A web address, or the path of a file or folder on the machine where netmap runs.
    chosen : KeptMap, optional
        A map of the columns, where the files are not HSDS.

    Raises
    ------
    Invalid
        If it may not be fetched from there, or something else cannot be; ``fields`` name the field.
    Conflict
        If the source is fetched from somewhere already.
    """
    try:
        name = source_name(source)
    except Invalid as error:
        raise Invalid(error.message, {"source": error.message}) from error
    address = address.strip()
    try:
        require_allowed(address, allowed(settings))
    except Invalid as error:
        raise Invalid(error.message, {"address": error.message}) from error
    if not LEAST_MINUTES <= every_minutes <= MOST_MINUTES:
        sentence = _(
            "Fetch it every %(least)s minutes at most, and once a month at least.", least=LEAST_MINUTES
        )
        raise Invalid(sentence, {"every": sentence})
    if session.scalars(select(Feed).where(Feed.source == name)).first():
        raise Conflict(_("'%(source)s' is fetched already. Remove that feed first.", source=name))
    feed = Feed(source=name, address=address, every_minutes=every_minutes, added_by=by)
    if chosen is not None:
        feed.map_name, feed.map_text = chosen.name, chosen.text
    session.add(feed)
    session.flush()
    due(session, feed, now())
    return feed


def due(session: Session, feed: Feed, moment: datetime) -> None:
    """Let the worker fetch a feed at a moment; a job that comes earlier than ``next_at`` does nothing."""
    feed.next_at = moment
    session.add(Job(kind=KIND, payload={"feed": feed.id}, due_at=moment))
    session.flush()


def find(session: Session, source: str) -> Feed:
    """Return the feed of a source; raises NotFound."""
    found = session.scalars(select(Feed).where(Feed.source == source)).first()
    if found is None:
        raise NotFound(_("No feed is kept for the source '%(source)s'.", source=source))
    return found


def get(session: Session, feed_id: int) -> Feed:
    """Return a feed by its number; raises NotFound."""
    found = session.get(Feed, feed_id)
    if found is None:
        raise NotFound(_("There is no such feed."))
    return found


def pause(session: Session, feed: Feed, *, active: bool) -> None:
    """Stop fetching a feed, or begin again at once."""
    feed.active = active
    if active:
        due(session, feed, now())
    session.flush()


def remove(session: Session, feed: Feed) -> None:
    """Forget a feed; what it brought stays."""
    session.execute(delete(Feed).where(Feed.id == feed.id))
    session.flush()


def listing(session: Session) -> list[Standing]:
    """Return all feeds by name, each with its last tries."""
    found = []
    for feed in session.scalars(select(Feed).order_by(Feed.source)):
        query = select(FeedTry).where(FeedTry.feed_id == feed.id).order_by(FeedTry.id.desc())
        tries = list(session.scalars(query.limit(TRIES_SHOWN)))
        found.append(Standing(feed, state(feed), is_stale(feed, now()), tries))
    return found


def state(feed: Feed) -> str:
    """Return how a feed stands."""
    if not feed.active:
        return "paused"
    if feed.result is None:
        return "new"
    return "good" if feed.result in GOOD else feed.result


def is_stale(feed: Feed, moment: datetime) -> bool:
    """Return whether a feed that should work has brought nothing for too long."""
    last = feed.last_success_at or feed.created_at
    return feed.active and moment - last > STALE_AFTER * timedelta(minutes=feed.every_minutes)


def waiting(session: Session) -> list[Feed]:
    """Return the feeds that a person has to look at: held, failed or too long without success."""
    feeds = session.scalars(select(Feed).where(Feed.active).order_by(Feed.source))
    return [feed for feed in feeds if state(feed) in {"held", "failed"} or is_stale(feed, now())]
