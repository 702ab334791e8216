"""Which offers reach which areas, kept as lists: most of them reach few. Pure.

`netmap.directory.eligibility.judge_distance` decides: it is asked once for each way in which an offer can
stand to an area (served or not; near, far or not known), and the answer holds for all offers of that way.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netmap.directory.distances import EARTH_KM
from netmap.directory.eligibility import Asker, Offer, judge_distance
from netmap.network.roads import Point, RoadTable

Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
Columns = NDArray[np.int32]

BLOCK = 256  # offers whose distances to all areas are held at a time
BLUR = 1e-11  # of a cosine: nearer to the limit than this, the exact kilometres decide
HERE, THERE = "here", "there"  # an area that is served, and one that is not


@dataclass(frozen=True)
class Lists:
    """For each row the columns that belong to it."""

    starts: NDArray[np.intp]
    columns: Columns
    width: int

    @classmethod
    def of(cls, rows: Rows, columns: NDArray[np.integer], shape: tuple[int, int]) -> "Lists":
        """Return the lists of pairs in any order."""
        order = np.argsort(rows, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=shape[0]))))
        return cls(starts.astype(np.intp), columns[order].astype(np.int32), shape[1])

    @cached_property
    def lengths(self) -> NDArray[np.intp]:
        """How many columns each row has."""
        return np.diff(self.starts)

    def take(self, rows: Rows) -> tuple[Rows, Columns]:
        """Return the pairs of some rows, in the order of these."""
        lengths = self.lengths[rows]
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        places = np.arange(total) + np.repeat(self.starts[rows] - (ends - lengths), lengths)
        return np.repeat(rows, lengths), self.columns[places]

    def pairs(self, chosen: Flags) -> tuple[Rows, Columns]:
        """Return the pairs of the chosen rows."""
        return self.take(np.flatnonzero(chosen))

    def count(self, chosen: Flags) -> NDArray[np.intp]:
        """Return how many of the chosen rows each column has."""
        return np.bincount(self.pairs(chosen)[1], minlength=self.width)

    def having(self, column: int) -> Flags:
        """Return which rows have a column."""
        found = np.zeros(len(self.starts) - 1, dtype=bool)
        found[np.searchsorted(self.starts, np.flatnonzero(self.columns == column), side="right") - 1] = True
        return found

    def only(self, rows: Rows) -> "Lists":
        """Return the lists of some rows, in the order of these."""
        starts = np.concatenate(([0], np.cumsum(self.lengths[rows])))
        return Lists(starts.astype(np.intp), self.take(rows)[1], self.width)

    def dense(self) -> Flags:
        """Return the pairs as a table of rows x columns."""
        found = np.zeros((len(self.starts) - 1, self.width), dtype=bool)
        rows = np.repeat(np.arange(len(found)), self.lengths)
        found[rows, self.columns] = True
        return found


@dataclass(frozen=True)
class Near:
    """Which offers reach which areas for sure, of which it is not known, and of which it is known nowhere."""

    sure: Lists
    unsure: Lists
    anywhere: Flags

    def column(self, place: int) -> tuple[Flags, Flags]:
        """Return which offers do not reach an area, and of which it is not known."""
        unknown = self.unsure.having(place) | self.anywhere
        return ~(self.sure.having(place) | unknown), unknown

    def only(self, rows: Rows) -> "Near":
        """Return what is known of some of the offers."""
        return Near(self.sure.only(rows), self.unsure.only(rows), self.anywhere[rows])

    def dense(self) -> tuple[Flags, Flags]:
        """Return where an offer does not reach an area, and where it is not known, as tables."""
        unknown = self.unsure.dense() | self.anywhere[:, None]
        return ~(self.sure.dense() | unknown), unknown


class Places:
    """The areas as the distance sees them: points, numbers of their codes, and roads that are known."""

    def __init__(
        self,
        codes: Sequence[str],
        points: Sequence[Point],
        circuity: float,
        travel: Mapping[tuple[str, str], float],
        place_areas: Mapping[str, str],
    ) -> None:
        self.codes, self.points, self.circuity = tuple(codes), tuple(points), circuity
        self.number = {code: place for place, code in enumerate(self.codes)}
        self._vectors, self.radians = _vectors(points), _radians(points)
        self._lost = np.array([point is None for point in points], dtype=bool)
        self._served: dict[frozenset[str], Columns] = {}
        self._home_of = place_areas
        self.roads = RoadTable(travel, self.codes)
        self.has_roads = bool(travel)

    def with_homes(self, place_areas: Mapping[str, str]) -> "Places":
        """Return the same areas and roads, where it is known of other places in which area they lie."""
        other = copy(self)
        other._home_of = place_areas
        return other

    def served(self, serves: frozenset[str]) -> Columns:
        """Return the numbers of the areas that are served."""
        if serves not in self._served:
            found = sorted(self.number[code] for code in serves if code in self.number)
            self._served[serves] = np.array(found, dtype=np.int32)
        return self._served[serves]

    def home(self, offer: Offer) -> str | None:
        """Return the area in which an offer's place lies, where roads are known at all."""
        return self._home_of.get(offer.location_id or "") if self.has_roads else None

    def not_straight(self, offer: Offer) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the areas to which the way is not the straight line, and the kilometres."""
        home = self.home(offer)
        own = self.number.get(home or "", -1)
        lost = own >= 0 and (point_of(offer) is None or self.points[own] is None)
        return self.roads.not_straight(home, lost=lost)

    def put_roads_in(self, km: NDArray[np.float64], offers: Sequence[Offer], columns: Sequence[int]) -> None:
        """Write the ways that are not straight lines into kilometres from offers to some areas."""
        slot = np.full(len(self.codes), -1)
        slot[list(columns)] = np.arange(len(columns))
        for row, offer in enumerate(offers):
            areas, lengths = self.not_straight(offer)
            inside = slot[areas] >= 0
            km[row, slot[areas][inside]] = lengths[inside]

    def near(self, offers: Sequence[Offer], max_km: float) -> tuple[Flags, Flags]:
        """Return which offers are within the limit of which areas, and where that is not known."""
        points = [point_of(offer) for offer in offers]
        cosine = _vectors(points) @ self._vectors.T
        limit = math.cos(min(max_km / self.circuity / EARTH_KM, math.pi))
        near = np.asarray(cosine > limit - BLUR)
        found = np.flatnonzero(near)
        rows, columns = np.divmod(found[cosine.ravel()[found] < limit + BLUR], cosine.shape[1])
        near[rows, columns] = _kilometres(points, self, rows, columns) <= max_km
        lost = np.array([point is None for point in points], dtype=bool)
        unknown = lost[:, None] | self._lost
        for row, offer in enumerate(offers):
            areas, km = self.not_straight(offer)
            near[row, areas] = km <= max_km
            unknown[row, areas] = False
        return near, unknown


def reach(offers: Sequence[Offer], places: Places, asker: Asker, service_type: str) -> Near:
    """Return which of the offers reach which areas."""
    shape = len(offers), len(places.codes)
    ways: dict[tuple[bool, ...], list[int]] = defaultdict(list)
    for row, offer in enumerate(offers):
        ways[offer.remote, offer.place_id is None, offer.serves is None].append(row)
    sure: list[_Pairs] = [_NONE]
    unsure: list[_Pairs] = [_NONE]
    anywhere = np.zeros(len(offers), dtype=bool)
    for rows in ways.values():
        outcome = _outcomes(offers[rows[0]], asker, service_type)
        if offers[rows[0]].serves is not None:
            found = _served_pairs(offers, rows, places, asker.max_km, outcome)
        elif set(outcome.values()) == {"unknown"}:
            anywhere[rows] = True
            continue
        else:
            found = _near_pairs(offers, rows, places, asker.max_km, outcome)
        sure.extend(found["pass"])
        unsure.extend(found["unknown"])
    return Near(_lists(sure, shape), _lists(unsure, shape), anywhere)


NEAR, FAR, NOT_KNOWN = "near", "far", "not known"
_Pairs = tuple[Rows, NDArray[np.integer]]
_NONE: Final[_Pairs] = (np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int32))


def _lists(parts: Sequence[_Pairs], shape: tuple[int, int]) -> Lists:
    rows, columns = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    return Lists.of(rows, columns, shape)


def _outcomes(offer: Offer, asker: Asker, service_type: str) -> dict[str, str]:
    """Return how the distance comes out for an offer in an area that is served, or where nobody said."""
    someone = replace(asker, area=HERE, point=None)
    known = offer if offer.serves is None else replace(offer, serves=frozenset({HERE}))
    cases = {NEAR: 0.0, FAR: math.nextafter(asker.max_km, math.inf), NOT_KNOWN: None}
    return {case: judge_distance(known, someone, km, service_type).outcome for case, km in cases.items()}


def _near_pairs(
    offers: Sequence[Offer], rows: Sequence[int], places: Places, max_km: float, outcome: Mapping[str, str]
) -> dict[str, list[_Pairs]]:
    """Return the pairs of offers that name no areas: the distance alone decides."""
    found: dict[str, list[_Pairs]] = {"pass": [], "unknown": [], "fail": []}
    for start in range(0, len(rows), BLOCK):
        block = np.array(rows[start : start + BLOCK], dtype=np.intp)
        near, unknown = places.near([offers[row] for row in block.tolist()], max_km)
        for case, here in ((NEAR, near), (NOT_KNOWN, unknown)):
            row, column = np.divmod(np.flatnonzero(here), here.shape[1])
            found[outcome[case]].append((block[row], column))
    return found


def _served_pairs(
    offers: Sequence[Offer], rows: Sequence[int], places: Places, max_km: float, outcome: Mapping[str, str]
) -> dict[str, list[_Pairs]]:
    """Return the pairs of offers that name their areas: no other area is served."""
    found: dict[str, list[_Pairs]] = {"pass": [], "unknown": [], "fail": []}
    whole = np.array(rows, dtype=np.intp)
    served = [places.served(offers[row].serves or frozenset()) for row in rows]
    row = np.repeat(whole, [len(columns) for columns in served])
    columns = np.concatenate(served)
    if len(set(outcome.values())) == 1:  # nobody has to go anywhere
        found[outcome[NEAR]].append((row, columns))
        return found
    km = _kilometres([point_of(offer) for offer in offers], places, row, columns)
    starts = np.cumsum([0, *(len(mine) for mine in served)])
    for number, mine, start in zip(rows, served, starts.tolist(), strict=False):
        areas, lengths = places.not_straight(offers[number])
        if len(areas):
            road = np.full(len(places.codes), np.nan)
            road[areas] = lengths
            mended = km[start : start + len(mine)]
            np.copyto(mended, road[mine], where=~np.isnan(road[mine]))
    unknown, near = np.isnan(km), km <= max_km
    for case, here in ((NEAR, near), (NOT_KNOWN, unknown), (FAR, ~(near | unknown))):
        found[outcome[case]].append((row[here], columns[here]))
    return found


def _kilometres(points: Sequence[Point], places: Places, rows: Rows, columns: Columns) -> NDArray[np.float64]:
    """Return the kilometres of some pairs, as `netmap.network.roads.kilometres` gives them."""
    here, there = _radians(points)[rows], places.radians[columns]
    half = np.sin((there - here) / 2) ** 2
    haversine = half[:, 0] + np.cos(here[:, 0]) * np.cos(there[:, 0]) * half[:, 1]
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0))) * places.circuity)


def point_of(offer: Offer) -> Point:
    """Return where an offer is given, or None where nobody knows."""
    if offer.latitude is None or offer.longitude is None:
        return None
    return offer.latitude, offer.longitude


def _radians(points: Sequence[Point]) -> NDArray[np.float64]:
    pairs = [point or (np.nan, np.nan) for point in points]
    return np.asarray(np.radians(np.array(pairs, dtype=float).reshape(len(pairs), 2)))


def _vectors(points: Sequence[Point]) -> NDArray[np.float64]:
    """Return the points on a ball of radius 1; the product of two is the cosine of the angle between them."""
    latitude, longitude = _radians(points).T
    flat = np.cos(latitude)
    return np.column_stack((flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)))
