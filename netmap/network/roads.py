"""How far it is from every area to every place. Pure.

Kilometres are straight lines made longer by a factor, unless a table of roads knows better.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from netmap.directory.distances import EARTH_KM

Point = tuple[float, float] | None
Kilometres = NDArray[np.float64]


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
    roads = known_roads(place_areas, areas, travel)
    found = np.where(np.isnan(roads), straight, roads)
    column = {area: number for number, area in enumerate(areas)}
    for row, place in enumerate(place_areas):
        if place in column and np.isnan(found[row, column[place]]):
            found[row, column[place]] = 0.0
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
    homes = {home: number for number, home in enumerate(dict.fromkeys(place_areas))}
    column = {area: number for number, area in enumerate(areas)}
    table = np.full((len(homes), len(areas)), np.nan)
    for (here, there), length in travel.items():  # the way back first: what is known of the way out wins
        if here in homes and there in column:
            table[homes[here], column[there]] = length
    for (here, there), length in travel.items():
        if there in homes and here in column:
            table[homes[there], column[here]] = length
    return table[np.array([homes[home] for home in place_areas], dtype=np.intp)]


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
