"""Tables of feeds: where a directory is fetched from, how often, and how each try ended."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime, now

RESULTS = (
    "applied",  # new data came in
    "same",  # fetched, and nothing is new
    "held",  # checked, but a person has to look at it first
    "failed",
)
GOOD = ("applied", "same")


class Feed(Base):
    """A folder, file or web address that one source is fetched from."""

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(String(80), unique=True)
    address: Mapped[str] = mapped_column(String(2000))
    map_name: Mapped[str | None] = mapped_column(String(80))
    map_text: Mapped[str | None] = mapped_column(deferred=True)
    every_minutes: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    added_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    etag: Mapped[str | None] = mapped_column(String(500))  # of what is in the directory now
    modified: Mapped[str | None] = mapped_column(String(100))
    sha256: Mapped[str | None] = mapped_column(String(64))
    run_id: Mapped[int | None]  # the import of the last try that came so far
    result: Mapped[str | None] = mapped_column(String(10))  # of the last try
    sentence: Mapped[str | None]
    last_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FeedTry(Base):
    """One try to fetch a feed."""

    __tablename__ = "feed_try"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    result: Mapped[str] = mapped_column(String(10))
    sentence: Mapped[str | None]
    run_id: Mapped[int | None]
