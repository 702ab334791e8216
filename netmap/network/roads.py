"""How far it is from every area to every place. Pure.

Kilometres are straight lines made longer by a factor, unless a table of roads knows better.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from netmap.directory.distances import EARTH_KM

Point = tuple[float, float] | None
Kilometres = NDArray[np.float64]
Columns = NDArray[np.int64]


def kilometres(places: Sequence[Point], areas: Sequence[Point], circuity: float = 1.3) -> Kilometres:
    """Return the kilometres from each place (row) to each area (column), NaN where a point is not known.

    Parameters
    ----------
    places, areas : sequence of (latitude, longitude) in degrees, or None
    circuity : float
        How much longer the road is than the straight line (Ballou 2002, doi:10.1016/S0965-8564(01)00044-1).

    Examples
    --------
    >>> kilometres([(55.0, 25.0), None], [(56.0, 25.0)], circuity=1.0).round(1).tolist()
    [[111.2], [nan]]
    """
    here, there = _radians(places)[:, None, :], _radians(areas)[None, :, :]
    half = np.sin((there - here) / 2) ** 2
    haversine = half[..., 0] + np.cos(here[..., 0]) * np.cos(there[..., 0]) * half[..., 1]
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0))) * circuity)


class RoadTable:
    """What a table of roads knows between areas; it holds for the way back too, unless that is told apart.

    Parameters
    ----------
    travel : mapping of (area, area) to kilometres or minutes
    areas : sequence of str
        Where people live.
    """

    def __init__(self, travel: Mapping[tuple[str, str], float], areas: Sequence[str]) -> None:
        self.column = {area: number for number, area in enumerate(areas)}
        self._home = {home: number for number, home in enumerate({one for pair in travel for one in pair})}
        width = max(1, len(areas))
        # A row holds the way to a place, so the way to it goes before the way back.
        there = ((self._home[home], self.column.get(area, -1)) for area, home in travel)
        back = ((self._home[home], self.column.get(area, -1)) for home, area in travel)
        ends = np.fromiter(chain(*there, *back), dtype=np.int64, count=4 * len(travel)).reshape(-1, 2)
        inside = ends[:, 1] >= 0
        lengths = np.tile(np.fromiter(travel.values(), dtype=float, count=len(travel)), 2)[inside]
        keys, first = np.unique(ends[inside] @ np.array([width, 1]), return_index=True)
        self._columns, self._lengths = keys % width, lengths[first]
        self._starts = np.searchsorted(keys, np.arange(len(self._home) + 1) * width)

    def known(self, home: str | None) -> tuple[Columns, Kilometres]:
        """Return the areas to which the road from a place in an area is known, and how long it is."""
        number = self._home.get(home or "", -1)
        mine = slice(self._starts[number], self._starts[number + 1]) if number >= 0 else slice(0)
        return self._columns[mine], self._lengths[mine]

    def not_straight(self, home: str | None, *, lost: bool) -> tuple[Columns, Kilometres]:
        """Return the areas to which the way is not the straight line, and the kilometres.

        These are the roads that are known, that within the place's own area among them. Where none is known
        there and no straight line can be drawn (``lost``), the way within the own area is 0.
        """
        columns, km = self.known(home)
        own = self.column.get(home or "", -1)
        if lost and own >= 0 and own not in columns:
            return np.append(columns, own), np.append(km, 0.0)
        return columns, km


def on_the_road(
    straight: Kilometres,
    place_areas: Sequence[str | None],
    areas: Sequence[str],
    travel: Mapping[tuple[str, str], float],
) -> Kilometres:
    """Return the distances with those that a table of roads knows put in; it holds in both directions.

    Where the table says nothing, the straight line stays; within an area whose point is not known it is 0.

    Examples
    --------
    >>> on_the_road(np.array([[5.0, 9.0]]), ["a"], ["a", "b"], {("b", "a"): 12.0}).tolist()
    [[5.0, 12.0]]
    """
    roads, found = RoadTable(travel, areas), straight.copy()
    for row, home in enumerate(place_areas):
        own = roads.column.get(home or "", -1)
        columns, km = roads.not_straight(home, lost=own >= 0 and bool(np.isnan(straight[row, own])))
        found[row, columns] = km
    return found


def known_roads(
    place_areas: Sequence[str | None], areas: Sequence[str], travel: Mapping[tuple[str, str], float]
) -> Kilometres:
    """Return what a table of roads knows between places (rows) and areas (columns), NaN elsewhere.

    Parameters
    ----------
    place_areas : sequence of str or None
        The area in which each place lies.
    areas : sequence of str
    travel : mapping of (area, area) to kilometres or minutes
        It holds for the way back too, where that is not told apart.

    Examples
    --------
    >>> known_roads(["a", None], ["a", "b"], {("b", "a"): 12.0}).tolist()
    [[nan, 12.0], [nan, nan]]
    """
    roads = RoadTable(travel, areas)
    found = np.full((len(place_areas), len(areas)), np.nan)
    for row, home in enumerate(place_areas):
        columns, lengths = roads.known(home)
        found[row, columns] = lengths
    return found


def straight_share(known: Mapping[tuple[str, str], float], areas: Collection[str]) -> float:
    """Return for which share of the pairs of different areas no road is known: there the line is straight.

    Examples
    --------
    >>> round(straight_share({("a", "b"): 12.0, ("b", "a"): 13.0}, ["a", "b", "c"]), 3)
    0.667
    """
    inside = frozenset(areas)
    roads = {frozenset(pair) for pair in known if inside.issuperset(pair) and pair[0] != pair[1]}
    pairs = len(inside) * (len(inside) - 1) // 2
    return 1 - len(roads) / pairs if pairs else 1.0


def _radians(points: Sequence[Point]) -> Kilometres:
    pairs = [point or (np.nan, np.nan) for point in points]
    return np.asarray(np.radians(np.array(pairs, dtype=float).reshape(len(pairs), 2)))
