"""Feeds that have brought nothing for too long: the directory grows old, and nobody is told by its pages."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.feeds.models import Feed
from netmap.feeds.service import STALE_AFTER, is_stale
from netmap.upkeep.findings import Finding, some


def stale(session: Session) -> Iterator[Finding]:
    """Say which feeds have had no success for several times their interval."""
    moment = now()
    feeds = session.scalars(select(Feed).where(Feed.active).order_by(Feed.source))
    old = [feed for feed in feeds if is_stale(feed, moment)]
    if old:
        yield Finding(
            "feeds",
            "warning",
            f"{len(old)} feeds have had no success for {STALE_AFTER} times their interval. Look at them with "
            "`netmap feeds` or on the page Feeds; is `netmap worker` running?",
            len(old),
            some([_told(feed) for feed in old]),
        )


def _told(feed: Feed) -> str:
    last = feed.last_success_at
    when = f"last on {last:%Y-%m-%d}" if last else "never yet"
    return f"{feed.source} ({when}{f': {feed.sentence}' if feed.sentence else ''})"
