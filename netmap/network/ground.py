"""What does not change between profiles: areas, offers by kind of service, and how each reaches each. Pure.

`netmap.directory.eligibility` decides. Its distance test looks at nothing but whether the area is served and
whether the kilometres are within the limit, so it is asked once for each such case of an offer, not for
each pair of offer and area.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import Asker, Offer, judge_distance
from netmap.network.reach import Kilometres, Point, kilometres, on_the_road

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Area:
    """A place in which people live, with its (latitude, longitude)."""

    code: str
    point: Point


@dataclass(frozen=True)
class Offers:
    """All offers of one kind of service in a fixed order, and the kilometres from each to each area."""

    offers: tuple[Offer, ...]
    km: Kilometres
    served: NDArray[np.int8]  # 0 not recorded, 1 the area is served, 2 it is not

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
        self._served: dict[frozenset[str], NDArray[np.int8]] = {}
        self._reach: dict[tuple[str, float], tuple[Flags, Flags]] = {}

    def of_type(self, service_type: str) -> Offers:
        """Return the offers of one kind of service, those of a provider and of a service side by side."""
        if service_type not in self._ready:
            offers = sorted(
                self._by_type.get(service_type, ()),
                key=lambda offer: (provider_of(offer), offer.service_id, offer.place_id or ""),
            )
            served = [self._served_row(offer.serves) for offer in offers]
            empty = np.zeros((0, len(self.areas)), dtype=np.int8)
            self._ready[service_type] = Offers(
                tuple(offers), self._kilometres(offers), np.array(served) if served else empty
            )
        return self._ready[service_type]

    def reach(self, service_type: str, asker: Asker) -> tuple[Flags, Flags]:
        """Return where the distance test fails and where it is unknown, each offers x areas."""
        key = (service_type, asker.max_km)
        if key not in self._reach:
            self._reach[key] = self._judge(service_type, asker)
        return self._reach[key]

    def _judge(self, service_type: str, asker: Asker) -> tuple[Flags, Flags]:
        group = self.of_type(service_type)
        near = np.where(np.isnan(group.km), 0, np.where(group.km <= asker.max_km, 1, 2))
        cases = group.served * 3 + near
        failed, unknown = np.zeros(cases.shape, dtype=bool), np.zeros(cases.shape, dtype=bool)
        for case in np.unique(cases):
            here = cases == case
            for row in np.flatnonzero(here.any(axis=1)):
                column = int(here[row].argmax())
                km = None if np.isnan(group.km[row, column]) else float(group.km[row, column])
                someone = replace(asker, area=self.areas[column].code, point=None)
                outcome = judge_distance(group.offers[row], someone, km, service_type).outcome
                (failed if outcome == "fail" else unknown)[row] |= here[row] & (outcome != "pass")
        return failed, unknown

    def _served_row(self, serves: frozenset[str] | None) -> NDArray[np.int8]:
        key = serves or frozenset()
        if serves is None:
            return np.zeros(len(self.areas), dtype=np.int8)
        if key not in self._served:
            row = [1 if area.code in serves else 2 for area in self.areas]
            self._served[key] = np.array(row, dtype=np.int8)
        return self._served[key]

    def _kilometres(self, offers: Sequence[Offer]) -> Kilometres:
        points = [_point(offer) for offer in offers]
        km = kilometres(points, [area.point for area in self.areas], self._circuity)
        if not self._travel:
            return km
        homes = [self._place_areas.get(offer.location_id or "") for offer in offers]
        return on_the_road(km, homes, [area.code for area in self.areas], self._travel)


def _point(offer: Offer) -> Point:
    if offer.latitude is None or offer.longitude is None:
        return None
    return offer.latitude, offer.longitude


def _runs(keys: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return the keys without repeats, and where each begins; equal keys stand side by side."""
    starts = [row for row, key in enumerate(keys) if row == 0 or key != keys[row - 1]]
    return tuple(keys[row] for row in starts), np.array(starts, dtype=np.intp)
