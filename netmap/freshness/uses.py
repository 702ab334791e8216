"""How often services are shown, opened, offered and chosen: counted in memory, written by the next writer.

A GET commits nothing, so what it shows is added up in the memory of the process (`Uses`) and written in the
transaction of the next page that writes anyway, at most once a minute. What a process has not written when it
dies is lost: at most what was looked at since somebody last saved anything, a few counts of a week. Only what
people who are signed in look at is counted, so that no robot and no provider can push a record up the queue.
Kept are a service, a week and four numbers: no person, no word of a question, no time of the day.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from netmap.directory.models import Service
from netmap.freshness.models import ServiceUse

KINDS = ("shown", "opened", "matched", "chosen")
SECONDS = 60  # between two times that a process writes its counts
MOST = 20_000  # counts in memory; beyond it nothing new is counted until they are written
KEPT_WEEKS = 26
Counts = Counter[tuple[str, str]]


class Uses:
    """The counts of one process that are not written yet; shared by its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counts = Counter()
        self._written = time.monotonic()

    def note(self, kind: str, service_ids: Iterable[str]) -> None:
        """Count each of these services once."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is not one of {KINDS}")
        with self._lock:
            if len(self._counts) < MOST:
                self._counts.update((one, kind) for one in dict.fromkeys(service_ids))

    def due(self) -> Counts:
        """Return what is to be written now, and forget it; nothing where it is not yet time."""
        with self._lock:
            if not self._counts or time.monotonic() - self._written < SECONDS:
                return Counter()
            counts, self._counts = self._counts, Counter()
            self._written = time.monotonic()
            return counts

    def back(self, counts: Counts) -> None:
        """Take back what could not be written."""
        with self._lock:
            self._counts.update(counts)


def monday(day: date) -> date:
    """Return the Monday of the week of a day.

    Examples
    --------
    >>> monday(date(2026, 11, 26))
    datetime.date(2026, 11, 23)
    """
    return day - timedelta(days=day.weekday())


def write(session: Session, counts: Mapping[tuple[str, str], int], today: date) -> None:
    """Add counts (service, kind) -> number to the week of today; services that are gone are left out."""
    week, ids = monday(today), sorted({service for service, _kind in counts})
    there = set(session.scalars(select(Service.id).where(Service.id.in_(ids))))
    kept = {
        row.service_id: row
        for row in session.scalars(
            select(ServiceUse).where(ServiceUse.week == week, ServiceUse.service_id.in_(ids))
        )
    }
    for (service, kind), number in sorted(counts.items()):
        if service in there:
            row = kept.get(service)
            if row is None:
                row = kept[service] = ServiceUse(
                    service_id=service, week=week, shown=0, opened=0, matched=0, chosen=0
                )
                session.add(row)
            setattr(row, kind, getattr(row, kind) + number)
    session.execute(delete(ServiceUse).where(ServiceUse.week < week - timedelta(weeks=KEPT_WEEKS)))
    session.flush()
