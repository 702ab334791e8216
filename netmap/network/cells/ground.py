"""What does not change between profiles: areas, offers by kind of service, and who reaches whom. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from netmap.directory.eligibility import Asker, Offer
from netmap.network.cells import near
from netmap.network.cells.facts import Offers, provider_of
from netmap.network.cells.near import Flags, Near, Places, point_of
from netmap.network.roads import Kilometres, Point, kilometres, on_the_road, straight_share

__all__ = ["Area", "Flags", "Ground", "Offers", "Point", "provider_of"]


@dataclass(frozen=True, slots=True)
class Area:
    """A place in which people live, with its (latitude, longitude)."""

    code: str
    point: Point


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
    places : Places, optional
        The same areas and roads as the distance sees them, where they are there already.
    """

    def __init__(
        self,
        areas: Sequence[Area],
        offers: Sequence[Offer],
        circuity: float = 1.3,
        *,
        travel: Mapping[tuple[str, str], float] | None = None,
        place_areas: Mapping[str, str] | None = None,
        places: Places | None = None,
    ) -> None:
        self.areas, self.offers = tuple(areas), tuple(offers)
        self._circuity = circuity
        self._travel, self._place_areas = travel or {}, place_areas or {}
        self._by_type: dict[str, list[Offer]] = defaultdict(list)
        for offer in offers:
            for code in offer.types | offer.suggested:
                self._by_type[code].append(offer)
        self._ready: dict[str, Offers] = {}
        self._places = places or Places(
            [area.code for area in areas],
            [area.point for area in areas],
            circuity,
            self._travel,
            self._place_areas,
        )
        self._reach: dict[tuple[str, float], Near] = {}

    @property
    def straight_share(self) -> float:
        """For which share of the pairs of areas distances are straight lines, because no road is known."""
        return straight_share(self._travel, [one.code for one in self.areas])

    def part(self, codes: Collection[str]) -> "Ground":
        """Return the same offers with fewer areas."""
        areas = [area for area in self.areas if area.code in codes]
        return Ground(areas, self.offers, self._circuity, travel=self._travel, place_areas=self._place_areas)

    def with_offers(self, offers: Sequence[Offer], homes: Mapping[str, str]) -> "Ground":
        """Return the same areas with other offers; ``homes``: the areas of places that are only planned."""
        known = {**self._place_areas, **homes} if homes else self._place_areas
        places = self._places.with_homes(known)
        return Ground(
            self.areas, offers, self._circuity, travel=self._travel, place_areas=known, places=places
        )

    def of_type(self, service_type: str) -> Offers:
        """Return the offers of one kind of service."""
        if service_type not in self._ready:
            offers = sorted(
                self._by_type.get(service_type, ()),
                key=lambda offer: (provider_of(offer), offer.service_id, offer.place_id or ""),
            )
            self._ready[service_type] = Offers(service_type, tuple(offers))
        return self._ready[service_type]

    def kilometres(self, service_type: str, area: str | None = None) -> Kilometres:
        """Return the kilometres from each offer to each area, or to one area."""
        offers = self.of_type(service_type).offers
        columns = [place for place, one in enumerate(self.areas) if area is None or one.code == area]
        points = [self.areas[place].point for place in columns]
        km = kilometres([point_of(offer) for offer in offers], points, self._circuity)
        self._places.put_roads_in(km, offers, columns)
        return km

    def between(self) -> Kilometres:
        """Return the kilometres from each area (row) to each area, as to a place in its middle."""
        codes, points = [one.code for one in self.areas], [one.point for one in self.areas]
        km = kilometres(points, points, self._circuity)
        if self._travel:
            km = on_the_road(km, codes, codes, self._travel)
        np.fill_diagonal(km, 0.0)
        return np.ascontiguousarray(km.T)

    def reach(self, service_type: str, asker: Asker) -> Near:
        """Return which offers of one kind of service reach which areas."""
        key = (service_type, asker.max_km)
        if key not in self._reach:
            offers = self.of_type(service_type).offers
            self._reach[key] = near.reach(offers, self._places, asker, service_type)
        return self._reach[key]

    def forget(self, service_type: str) -> None:
        """Let go of what was worked out for one kind of service; it is worked out anew when asked for."""
        self._ready.pop(service_type, None)
        for key in [key for key in self._reach if key[0] == service_type]:
            del self._reach[key]
