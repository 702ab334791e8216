"""What does not change between profiles: areas, offers by kind of service, and how each reaches each. Pure.

`netmap.directory.eligibility` decides. Its distance test looks at nothing but whether the area is served and
whether the kilometres are within the limit, so it is asked once for each such case of an offer, not for
each pair of offer and area.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import Asker, Offer, judge_distance
from netmap.network.kinds import BIT, Bits
from netmap.network.reach import Kilometres, Point, kilometres, on_the_road

Flags = NDArray[np.bool_]

# What only the distance test looks at, or none. A field that is new in `Offer` counts as a fact.
WHO_AND_WHERE = frozenset(
    {
        "service_id", "organization_id", "place_id", "location_id", "latitude", "longitude", "serves",
        "assured_date", "review_days", "name", "confidence", "welcome",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Area:
    """A place in which people live, with its (latitude, longitude)."""

    code: str
    point: Point


@dataclass(frozen=True)
class Offers:
    """All offers of one kind of service, those of a provider and of a service side by side.

    ``different`` are the first of each that differ in more than who and where they are, and ``alike`` says
    for each offer which of those it is like: what is asked of one need not be asked of the others.
    """

    offers: tuple[Offer, ...]
    different: tuple[Offer, ...]
    alike: NDArray[np.intp]

    @cached_property
    def providers(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        """Return the providers, and at which row each begins."""
        return _runs([provider_of(offer) for offer in self.offers])

    @cached_property
    def services(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        """Return the services, and at which row each begins."""
        return _runs([offer.service_id for offer in self.offers])


def provider_of(offer: Offer) -> str:
    """Return the id of the organization; a service that has none stands for itself."""
    return offer.organization_id or offer.service_id


class Ground:
    """Areas and offers, ready for many questions.

    Parameters
    ----------
    areas : sequence of Area
    offers : iterable of Offer
    circuity : float
        How much longer the road is than the straight line.
    travel : mapping of (area, area) to kilometres, optional
        Roads that are known; needs ``place_areas``, the area of each location id.
    """

    def __init__(
        self,
        areas: Sequence[Area],
        offers: Sequence[Offer],
        circuity: float = 1.3,
        *,
        travel: Mapping[tuple[str, str], float] | None = None,
        place_areas: Mapping[str, str] | None = None,
    ) -> None:
        self.areas = tuple(areas)
        self._circuity = circuity
        self._travel, self._place_areas = travel or {}, place_areas or {}
        self._by_type: dict[str, list[Offer]] = defaultdict(list)
        for offer in offers:
            for code in offer.types | offer.suggested:
                self._by_type[code].append(offer)
        self._ready: dict[str, Offers] = {}
        self._served: dict[frozenset[str] | None, NDArray[np.int8]] = {None: np.zeros(len(areas), np.int8)}
        self._reach: dict[tuple[str, float], tuple[Bits, Bits]] = {}

    def of_type(self, service_type: str) -> Offers:
        """Return the offers of one kind of service."""
        if service_type not in self._ready:
            offers = sorted(
                self._by_type.get(service_type, ()),
                key=lambda offer: (provider_of(offer), offer.service_id, offer.place_id or ""),
            )
            first: dict[tuple[object, ...], int] = {}
            alike = [first.setdefault(_facts(offer), len(first)) for offer in offers]
            different = {place: offer for offer, place in zip(reversed(offers), reversed(alike), strict=True)}
            self._ready[service_type] = Offers(
                tuple(offers),
                tuple(different[place] for place in range(len(first))),
                np.array(alike, dtype=np.intp),
            )
        return self._ready[service_type]

    def kilometres(self, service_type: str, area: str | None = None) -> Kilometres:
        """Return the kilometres from each offer to each area, or to one area."""
        offers = self.of_type(service_type).offers
        areas = [one for one in self.areas if area is None or one.code == area]
        km = kilometres([_point(offer) for offer in offers], [one.point for one in areas], self._circuity)
        if not self._travel:
            return km
        homes = [self._place_areas.get(offer.location_id or "") for offer in offers]
        return on_the_road(km, homes, [one.code for one in areas], self._travel)

    def reach(self, service_type: str, asker: Asker) -> tuple[Bits, Bits]:
        """Return the bit of distance where it fails, and where it is unknown, each offers x areas."""
        key = (service_type, asker.max_km)
        if key not in self._reach:
            self._reach[key] = self._judge(service_type, asker)
        return self._reach[key]

    def _judge(self, service_type: str, asker: Asker) -> tuple[Bits, Bits]:
        offers = self.of_type(service_type).offers
        km = self.kilometres(service_type)
        near = np.where(np.isnan(km), 0, np.where(km <= asker.max_km, 1, 2)).astype(np.int8)
        failed, unknown = np.zeros(km.shape, dtype=np.uint16), np.zeros(km.shape, dtype=np.uint16)
        for row, offer in enumerate(offers):
            cases = self._served_row(offer.serves) * 3 + near[row]
            for case in np.flatnonzero(np.bincount(cases, minlength=1)):
                here = cases == case
                column = int(here.argmax())
                known = None if np.isnan(km[row, column]) else float(km[row, column])
                someone = replace(asker, area=self.areas[column].code, point=None)
                outcome = judge_distance(offer, someone, known, service_type).outcome
                if outcome != "pass":
                    (failed if outcome == "fail" else unknown)[row, here] = BIT["distance"]
        return failed, unknown

    def _served_row(self, serves: frozenset[str] | None) -> NDArray[np.int8]:
        """Return for each area 0 where nobody recorded it, 1 where it is served, 2 where it is not."""
        if serves not in self._served:
            row = [1 if area.code in (serves or ()) else 2 for area in self.areas]
            self._served[serves] = np.array(row, dtype=np.int8)
        return self._served[serves]


_FACTS = attrgetter(*(field.name for field in fields(Offer) if field.name not in WHO_AND_WHERE))


def _facts(offer: Offer) -> tuple[object, ...]:
    """Return everything that criteria other than distance may look at."""
    found: tuple[object, ...] = _FACTS(offer)
    return found


def _point(offer: Offer) -> Point:
    if offer.latitude is None or offer.longitude is None:
        return None
    return offer.latitude, offer.longitude


def _runs(keys: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return the keys without repeats, and where each begins; equal keys stand side by side."""
    starts = [row for row, key in enumerate(keys) if row == 0 or key != keys[row - 1]]
    return tuple(keys[row] for row in starts), np.array(starts, dtype=np.intp)
