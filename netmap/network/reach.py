"""How far it is from every area to every place, in kilometres on the road. Pure.

Straight lines made longer by a factor, unless a table of roads knows better.
"""

from collections.abc import Mapping, Sequence

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

    Examples
    --------
    >>> on_the_road(np.array([[5.0, 9.0]]), ["a"], ["a", "b"], {("b", "a"): 12.0}).tolist()
    [[0.0, 12.0]]
    """
    found = straight.copy()
    for row, place in enumerate(place_areas):
        for column, area in enumerate(areas):
            if place is None:
                continue
            km = 0.0 if place == area else travel.get((area, place), travel.get((place, area)))
            if km is not None:
                found[row, column] = km
    return found


def _radians(points: Sequence[Point]) -> Kilometres:
    pairs = [point or (np.nan, np.nan) for point in points]
    return np.asarray(np.radians(np.array(pairs, dtype=float).reshape(len(pairs), 2)))
