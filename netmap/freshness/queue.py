"""Who is to be rung first: desks by the harm that their records would do, with every reason.

A desk is what one telephone call reaches: an organization with all its services, or a service that has none.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Organization, Service
from netmap.errors import NotFound
from netmap.freshness.claims import assigned
from netmap.freshness.harm import desks_by_harm, harms, still_true
from netmap.freshness.phones import Number, phones_of
from netmap.freshness.queries import Columns, Told, calls_by_desk, columns
from netmap.i18n import gettext as _

NOTHING = 1e-6  # a desk with less harm was confirmed today


@dataclass(frozen=True, slots=True)
class Ranked:
    """A service of a desk with the factors of its harm; ``days`` None: no person ever confirmed it."""

    service_id: str
    name: str
    language: str | None
    harm: float
    use: float
    true: float
    days: int | None
    rhythm: int
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Whom to ring, why, who does it today, and when (None: now)."""

    desk: str
    organization_id: str | None
    name: str
    phones: tuple[Number, ...]
    harm: float
    services: tuple[Ranked, ...]
    told: Told
    assigned_to: str
    due: datetime | None

    @property
    def phone(self) -> str:
        """The number to ring first, "" where none is known."""
        return next((one.number for one in self.phones if not one.doubtful), "")


@dataclass(frozen=True, slots=True)
class Queue:
    """Desks in the order in which they are rung, some of ``total``, and how many of them wait for a time."""

    total: int
    desks: tuple[Desk, ...]
    services: int


class Ranking:
    """The order of all desks at one moment; what is shown of them is read when it is asked for."""

    def __init__(self, session: Session, settings: Settings, moment: datetime) -> None:
        self._session = session
        self._moment = moment
        self._zone = settings.zone()
        self.today: date = moment.astimezone(self._zone).date()
        self._told = calls_by_desk(session, self._zone)
        self._all: Columns = columns(session, self.today, settings.stale_days, self._told)
        self._harm = harms(self._all.records)
        order, self._together = desks_by_harm(self._harm, self._all.desk)
        rung = np.array([self._reached_today(one) for one in self._all.desks], dtype=np.bool_)[order]
        waits = np.array([self._waits(self._all.desks[one]) for one in order.tolist()], dtype=np.bool_)
        counts = (self._together[order] > NOTHING) & ~rung
        self.order: list[int] = [*order[counts & ~waits].tolist(), *order[counts & waits].tolist()]

    def _waits(self, desk: str) -> bool:
        told = self._told.get(desk)
        return told is not None and told.again_at is not None and told.again_at > self._moment

    def _reached_today(self, desk: str) -> bool:
        told = self._told.get(desk)
        return told is not None and told.reached_on == self.today

    def _wrong_today(self, desk: str) -> bool:
        told = self._told.get(desk, Told())
        day = told.at.astimezone(self._zone).date() if told.at else None
        return told.last == "wrong_number" and day == self.today

    def page(self, limit: int, offset: int = 0, *, person: str = "") -> Queue:
        """Return some desks of the queue; with ``person`` only those that this person rings today."""
        claims = assigned(self._session, self.today)
        places = self.order
        if person:
            places = [one for one in places if claims.get(self._all.desks[one]) == person]
        return Queue(len(places), self._shown(places[offset : offset + limit], claims), len(self._all.ids))

    def one(self, desk: str) -> Desk:
        """Return one desk, wherever it stands; raises NotFound where there is none."""
        if desk not in self._all.desks:
            raise NotFound(_("There is nobody to ring under this address; the record may have been closed."))
        place = self._all.desks.index(desk)
        return self._shown([place], assigned(self._session, self.today))[0]

    def next(self, person: str, after: str = "") -> str | None:
        """Return the desk that a person rings next: of their own first, then one that nobody has.

        Where somebody else answered today, another number has to be found: such desks come last.
        """
        claims = assigned(self._session, self.today)
        names = [self._all.desks[one] for one in self.order if not self._waits(self._all.desks[one])]
        mine = [one for one in names if claims.get(one) == person and one != after]
        free = [one for one in names if one not in claims and one != after]
        return min([*mine, *free], key=self._wrong_today, default=None)

    def free(self, count: int) -> list[str]:
        """Return the first desks that nobody rings today and that wait for no other time."""
        claims = assigned(self._session, self.today)
        names = (self._all.desks[one] for one in self.order)
        return [one for one in names if one not in claims and not self._waits(one)][:count]

    def _shown(self, places: Sequence[int], claims: Mapping[str, str]) -> tuple[Desk, ...]:
        names = [self._all.desks[one] for one in places]
        rows = self._rows(places)
        organizations = _organizations(self._session, names)
        phones = phones_of(self._session, names, [row.service_id for found in rows.values() for row in found])
        found = []
        for place, name in zip(places, names, strict=True):
            told, services = self._told.get(name, Told()), rows[place]
            known = organizations.get(name)
            found.append(
                Desk(
                    desk=name,
                    organization_id=None if known is None else name,
                    name=services[0].name if known is None else known,
                    phones=phones.get(name, ()),
                    harm=float(self._together[place]),
                    services=services,
                    told=told,
                    assigned_to=claims.get(name, ""),
                    due=told.again_at if self._waits(name) else None,
                )
            )
        return tuple(found)

    def _rows(self, places: Sequence[int]) -> dict[int, tuple[Ranked, ...]]:
        """Return the services of some desks, those with most harm first."""
        numbers = np.flatnonzero(np.isin(self._all.desk, np.array(places, dtype=np.int64)))
        numbers = numbers[np.argsort(-self._harm[numbers], kind="stable")]
        records, true = self._all.records, still_true(self._all.records)
        ids = [self._all.ids[one] for one in numbers.tolist()]
        query = select(Service.id, Service.name, Service.text_language).where(Service.id.in_(ids))
        named = {row.id: row for row in self._session.execute(query)}
        found: dict[int, list[Ranked]] = defaultdict(list)
        for number in numbers.tolist():
            row, days = named[self._all.ids[number]], records.days[number]
            found[int(self._all.desk[number])].append(
                Ranked(
                    service_id=row.id,
                    name=row.name,
                    language=row.text_language,
                    harm=float(self._harm[number]),
                    use=float(records.use[number]),
                    true=float(true[number]),
                    days=None if np.isnan(days) else int(days),
                    rhythm=int(records.rhythm[number]),
                    signs=tuple(sign for sign, holds in records.signs.items() if holds[number]),
                )
            )
        return {place: tuple(rows) for place, rows in found.items()}


def _organizations(session: Session, desks: Iterable[str]) -> dict[str, str]:
    query = select(Organization.id, Organization.name).where(Organization.id.in_(list(desks)))
    return {row.id: row.name for row in session.execute(query)}
