"""How far it is from every area to every place, how much help that is per head, and what stays unmet. Pure.

Kilometres are straight lines made longer by a factor, unless a table of roads knows better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netmap.directory.distances import EARTH_KM
from netmap.network.catchment import Bands, Costs, Counts, Floats, Weights, amounts_of, weights_of
from netmap.network.flow import assign

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


@dataclass(frozen=True, eq=False, slots=True)
class TwoStep:
    """How much help there is per head, once it is shared out among all who can reach it.

    Attributes
    ----------
    access : (demand points,) float
        Supply per head: supply of the sites in reach, each divided by its demand. NaN where a site in reach
        has an unknown supply, or a demand beside it is unknown.
    ratio : (sites,) float
        Supply per head of those who reach the site; 0 where nobody who wants it does.
    reached : (demand points,) int
        Sites in reach.
    doubtful : (demand points,) int
        Sites of which nobody knows how far they are; they are not in reach.
    """

    access: Floats
    ratio: Floats
    reached: Counts
    doubtful: Counts


@dataclass(frozen=True, eq=False, slots=True)
class UnmetFlow:
    """What no assignment of people to sites can serve, in the unit of demand and supply.

    Attributes
    ----------
    unmet : float
        Demand that stays unserved however people are assigned.
    served : (demand points,) float
        Demand served by one of the best assignments; there may be others.
    groups : (demand points,) int
        The overloaded demand points by the minimum cut, numbered from 0 by who shares sites; -1 elsewhere.
    shortage : (groups,) float
        Unmet demand of each group: its whole demand less the whole supply of all sites that it reaches.
    doubtful : (demand points,) int
        Sites of which nobody knows how far they are; they are not in reach.
    error : float
        By how much ``unmet`` may be off, because the algorithm counts in whole units; 0 if exact.
    """

    unmet: float
    served: Floats
    groups: Counts
    shortage: Floats
    doubtful: Counts
    error: float


def two_step(
    cost: Costs, supply: Sequence[float], demand: Sequence[float], within: float, bands: Bands | None = None
) -> TwoStep:
    """Return the supply per head that each demand point reaches (two-step floating catchment areas).

    Parameters
    ----------
    cost : (demand points, sites) array, or a sparse array of the known pairs
        Kilometres or minutes. Infinite, or not held by a sparse array: out of reach. NaN: unknown; counted
        in ``doubtful`` and not in reach.
    supply : (sites,)
        Places, hours or clients a year; NaN where unknown.
    demand : (demand points,)
        People, in the same year; NaN where unknown.
    within : float
        What is still in reach, in the unit of ``cost``.
    bands : sequence of (limit, weight), optional
        Weights by distance, limits rising (E2SFCA); all in reach count 1 without them (2SFCA).

    Returns
    -------
    TwoStep

    Raises
    ------
    ValueError
        If the shapes do not fit, or a number is negative.

    Notes
    -----
    ``ratio_j = supply_j / sum_i w_ij demand_i`` and ``access_i = sum_j w_ij ratio_j``, so the sum of
    access x demand is the supply of all sites that somebody reaches, whatever the weights.

    References
    ----------
    Luo and Wang 2003, doi:10.1068/b29120. Luo and Qi 2009, doi:10.1016/j.healthplace.2009.06.002.

    Examples
    --------
    >>> km = [[0.0], [12.0], [60.0]]
    >>> two_step(km, [30], [40, 10, 5], 30).access.round(3).tolist()
    [0.6, 0.6, 0.0]
    >>> banded = two_step(km, [30], [40, 10, 5], 30, [(10, 1), (20, .68), (30, .22)])
    >>> banded.access.round(4).tolist()
    [0.641, 0.4359, 0.0]
    """
    amounts, people = amounts_of(supply, "supply"), amounts_of(demand, "demand")
    weights, doubtful = weights_of(cost, (len(people), len(amounts)), within, bands)
    return shared_out(weights, amounts, people, doubtful)


def shared_out(weights: Weights, supply: Floats, demand: Floats, doubtful: Counts) -> TwoStep:
    """Return supply per head where (demand points, sites) weights say who reaches what: see `two_step`."""
    wanted = weights.T @ demand
    idle = np.where(np.isnan(supply), np.nan, 0.0)
    ratio: Floats = np.divide(supply, wanted, out=idle, where=wanted != 0)
    return TwoStep(np.asarray(weights @ ratio), ratio, np.diff(weights.indptr).astype(np.intp), doubtful)


def unmet_flow(cost: Costs, supply: Sequence[float], demand: Sequence[float], within: float) -> UnmetFlow:
    """Return the demand that no assignment can serve, by a maximum flow, and where it is.

    Parameters
    ----------
    cost, within
        As in `two_step`.
    supply : (sites,)
        Infinite where a site takes everybody. Unknown (NaN) is refused: take infinity for the least that
        stays unmet, 0 for the most.
    demand : (demand points,)

    Returns
    -------
    UnmetFlow

    Raises
    ------
    ValueError
        If the shapes do not fit, or a number is negative, unknown or too large.

    Notes
    -----
    The algorithm counts in whole units, so everything is taken times 1, 10 ... 1,000,000, the first that
    makes all numbers whole. Where none does, numbers are rounded and ``error`` says what that can come to.

    References
    ----------
    Ford and Fulkerson 1956, doi:10.4153/CJM-1956-045-5; solved after Dinic by SciPy.

    Examples
    --------
    >>> found = unmet_flow([[0.0], [12.0], [60.0]], [30], [40, 10, 5], 30)
    >>> found.unmet, found.groups.tolist(), found.shortage.tolist()
    (25.0, [0, 0, 1], [20.0, 5.0])
    """
    amounts, people = amounts_of(supply, "supply"), amounts_of(demand, "demand")
    for what, numbers in (("supply", amounts), ("demand", people)):
        if np.isnan(numbers).any():
            raise ValueError(f"A {what} is unknown: give the least or the most that it can be.")
    if not np.isfinite(people).all():
        raise ValueError("A demand is infinite: nobody could serve it.")
    weights, doubtful = weights_of(cost, (len(people), len(amounts)), within, None)
    flow = assign(weights, amounts, people)
    return UnmetFlow(flow.unmet, flow.served, flow.groups, flow.shortage, doubtful, flow.error)


def _radians(points: Sequence[Point]) -> Kilometres:
    pairs = [point or (np.nan, np.nan) for point in points]
    return np.asarray(np.radians(np.array(pairs, dtype=float).reshape(len(pairs), 2)))
