"""What a process keeps of directory, packages and rules: read whole once, then only what has changed.

Before each answer the notes of `netmap.directory.changes` say which services are others now; those are read
again, and nothing else. A new day counts as a change of the services whose prices begin or end with it. The
whole is kept once for each database and process, for all its threads.
"""

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, open_session
from netmap.directory import changes
from netmap.directory.columns import Columns
from netmap.directory.offers import load_offers
from netmap.directory.touched import services_of_days
from netmap.matching import curation, rules_service
from netmap.matching.curation import InForce
from netmap.matching.desk import Names
from netmap.matching.facts import Library
from netmap.matching.intake import Places
from netmap.matching.loading import load_library, load_names, load_places, marked
from netmap.matching.rules import Rules
from netmap.matching.rules_service import current_rules
from netmap.packages import queries

WORTH_FREEZING = 5_000  # offers
CHUNK = 500  # services that are read again at once


@dataclass(frozen=True)
class _Directory:
    """What was read of the directory, up to which note, and for which day."""

    columns: Columns
    names: Names
    places: Places
    last: int
    day: date


class Supply:
    """Offers, names, areas, packages and what coordinators decided about matching, of one database.

    `bring_up_to_date` must be called before the first use, and whenever an answer shall hold now.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._directory: _Directory | None = None
        self._packages: tuple[str, Library] | None = None
        self._decided: tuple[tuple[int, str, date], Rules, InForce] | None = None

    @property
    def columns(self) -> Columns:
        """All offers."""
        return self._read.columns

    @property
    def names(self) -> Names:
        """What people see of offers."""
        return self._read.names

    @property
    def places(self) -> Places:
        """All areas."""
        return self._read.places

    @property
    def library(self) -> Library:
        """All packages in use."""
        assert self._packages is not None, "bring_up_to_date first"
        return self._packages[1]

    @property
    def rules(self) -> Rules:
        """The weights and thresholds in use."""
        assert self._decided is not None, "bring_up_to_date first"
        return self._decided[1]

    @property
    def curated(self) -> InForce:
        """What coordinators decided about packages."""
        assert self._decided is not None, "bring_up_to_date first"
        return self._decided[2]

    @property
    def _read(self) -> _Directory:
        assert self._directory is not None, "bring_up_to_date first"
        return self._directory

    def bring_up_to_date(self, session: Session, settings: Settings) -> None:
        """Read what has changed since the last time; all of it the first time.

        Parameters
        ----------
        session : Session
            Is only read from; it should have read nothing yet, else it may see an older state.
        settings : Settings
            The time zone says which day today is.
        """
        today = now().astimezone(settings.zone()).date()
        with self._lock:
            newest, numbers, rules, counts = session.execute(_STATE).one()
            before = self._directory
            if before is None or (before.last, before.day) != (newest, today):
                self._directory = _brought(session, settings, before, today)
            if self._packages is None or self._packages[0] != numbers:
                self._packages = numbers, load_library(session)
            if self._decided is None or self._decided[0] != (rules, counts, today):
                self._decided = (rules, counts, today), current_rules(session), InForce(session, today)


_STATE = select(
    *(
        one.scalar_subquery()
        for one in (changes.NEWEST, queries.NUMBERS, rules_service.NEWEST, curation.COUNTS)
    )
)  # built only once


def _brought(session: Session, settings: Settings, before: _Directory | None, today: date) -> _Directory:
    if before is None or today < before.day:
        return _whole(session, settings, today)
    since = changes.since(session, before.last)
    if since.services is None:
        return _whole(session, settings, today)
    services = set(since.services)
    if today != before.day:
        services |= services_of_days(session, before.day, today, settings.stale_days)
    for some in _some(sorted(services)):
        offers = marked(session, load_offers(session, settings, services=some, inside=before.places.inside))
        before.names.take_over(load_names(session, offers))
        before.columns.replace(some, offers)
    return _Directory(before.columns, before.names, before.places, since.last, today)


def _whole(session: Session, settings: Settings, today: date) -> _Directory:
    with _uncollected():
        last = changes.newest(session)
        offers = marked(session, load_offers(session, settings))
        columns, names = Columns(offers), load_names(session, offers)
        if len(offers) >= WORTH_FREEZING:
            gc.freeze()
        return _Directory(columns, names, load_places(session), last, today)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from what is read here: it stays, and holds no circles.

    Going through half a million objects again and again took a third of the reading of 100,000 services.
    Many offers are frozen as well, else every few answers stop for a tenth of a second to go through them.
    What a change replaces is freed all the same, since the last reference to it goes.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _some(services: Sequence[str]) -> Iterator[Collection[str]]:
    coming = iter(services)
    while some := list(islice(coming, CHUNK)):
        yield some


_supplies: WeakKeyDictionary[Pool, Supply] = WeakKeyDictionary()
_making = Lock()


def supply_for(session: Session, settings: Settings) -> Supply:
    """Return the supply of the session's database as it is now.

    A session on an engine shares it with all others of this process. One inside somebody else's transaction
    may see what nobody else can see, so it gets a supply of its own.
    """
    bind = session.get_bind()
    if not isinstance(bind, Engine):
        own = Supply()
        own.bring_up_to_date(session, settings)
        return own
    with _making:
        supply = _supplies.setdefault(bind.pool, Supply())
    with open_session(bind, reading=True) as reading:  # what the session itself has read may be older
        supply.bring_up_to_date(reading, settings)
    return supply
