"""What changed in the directory, in the order in which it was committed: for readers that keep it in memory.

Whoever changes a row of the directory goes through `netmap.directory.touched`, which notes the services here
in the same transaction. A reader remembers the number of the last note that it has taken in. Old notes are
deleted; a reader that does not find its own any more has missed some, and reads everything anew. Numbers
follow the commits, since the database takes one writer at a time.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import String, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from netmap.db import Base

KEPT = 20_000  # notes; an office changes a few hundred services a day
MANY = 2_000  # from so many services on, reading all is the quicker way


class DirectoryChange(Base):
    """A service that is new, changed or gone; None is everything at once."""

    __tablename__ = "directory_change"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  a number never comes again

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    service_id: Mapped[str | None] = mapped_column(String(36))


@dataclass(frozen=True)
class Since:
    """What changed since a note: the services, or None for everything; ``last`` is the newest note."""

    last: int
    services: frozenset[str] | None


def note(session: Session, services: Collection[str]) -> None:
    """Note services that changed, in the transaction that changed them."""
    if len(services) > MANY:
        note_all(session)
    elif services:
        _add(session, sorted(services))


def note_all(session: Session) -> None:
    """Note that what all services share has changed: areas, or so many services that it is as good as all."""
    _add(session, [None])


def _add(session: Session, services: Iterable[str | None]) -> None:
    session.execute(insert(DirectoryChange), [{"service_id": one} for one in services])
    session.execute(delete(DirectoryChange).where(DirectoryChange.id <= newest(session) - KEPT))


NEWEST = select(func.coalesce(func.max(DirectoryChange.id), 0))


def newest(session: Session) -> int:
    """Return the number of the newest note, 0 where there is none."""
    return session.scalar(NEWEST) or 0


def since(session: Session, last: int) -> Since:
    """Return what changed after the note ``last``; everything where notes are missing in between."""
    query = select(DirectoryChange.id, DirectoryChange.service_id).where(DirectoryChange.id >= last)
    rows = session.execute(query.order_by(DirectoryChange.id)).all()
    if not rows:
        return Since(0, None if last else frozenset())
    if rows[0].id != max(last, 1) or any(row.service_id is None and row.id != last for row in rows):
        return Since(rows[-1].id, None)
    return Since(rows[-1].id, frozenset(row.service_id for row in rows if row.id != last))
