"""How much help there is per head of those who can reach it, and what stays unmet. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from netmap.network.reach.catchment import Bands, Costs, Counts, Floats, Weights, amounts_of, weights_of
from netmap.network.reach.flow import assign


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
    cost: Costs, supply: ArrayLike, demand: ArrayLike, within: float, bands: Bands | None = None
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


def unmet_flow(cost: Costs, supply: ArrayLike, demand: ArrayLike, within: float) -> UnmetFlow:
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
