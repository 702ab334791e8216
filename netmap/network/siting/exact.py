"""Where to open: the best sites by four measures, exact, with a proof or how far from one. Pure.

Numbers go in and a `Siting` comes out, so that published instances can be run against it. The cost of a way
may be kilometres, minutes or anything that is shorter where it is better; infinite where there is no way.
Sites that are open already are ``fixed``: they serve whom they reach, are not counted among those to open,
and what they cover is not weighed again.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from netmap.network.siting import input as checked
from netmap.network.siting.answer import Siting, answer, nothing
from netmap.network.siting.capacity import share_out
from netmap.network.siting.cover import Covering, cover
from netmap.network.siting.input import Columns
from netmap.network.siting.least import fewest, shortest
from netmap.network.siting.median import Ways, median
from netmap.network.siting.milp import Clock, gap_of
from netmap.network.siting.sharing import Sharing

__all__ = ["Siting", "max_cover", "p_center", "p_median", "set_cover"]

TIME_LIMIT = 20.0  # seconds


def set_cover(
    cost: ArrayLike, within: ArrayLike, *, fixed: Sequence[int] = (), time_limit: float = TIME_LIMIT
) -> Siting:
    """Return the fewest sites that reach every demand point (location set covering).

    Minimise the sum of y_j, where for each point i the sum of y_j over the sites within its reach is at
    least 1; y_j is 1 where site j is opened, else 0.

    Parameters
    ----------
    cost : array of float, shape (demand points, sites)
        Length of the way, in any unit.
    within : float, or one for each demand point
        The longest way that is acceptable, in the unit of ``cost``.
    fixed : sequence of int
        Sites that are open already.
    time_limit : float
        Seconds.

    Returns
    -------
    Siting
        ``objective`` is the number of sites to open.

    Raises
    ------
    ImpossibleError
        If no site reaches some demand point, or a cost is no number.

    References
    ----------
    Toregas, Swain, ReVelle & Bergman 1971, doi:10.1287/opre.19.6.1363.
    Daskin 2013, Network and Discrete Location, doi:10.1002/9781118537015.

    Examples
    --------
    >>> found = set_cover([[1, 9], [2, 9], [9, 3]], within=4)
    >>> found.sites, found.objective, found.assignment, found.status
    ((0, 1), 2.0, (0, 0, 1), 'optimal')
    >>> set_cover([[1, 9], [2, 9], [9, 3]], within=4, fixed=[0]).sites
    (1,)
    """
    costs = checked.costs_of(cost)
    reach = checked.within_of(costs, within)
    there = checked.fixed_of(fixed, costs.shape[1])
    checked.check_reached(reach)
    sites, bound, status = fewest(reach[~reach[:, there].any(axis=1)], Clock(time_limit))
    return answer(costs, reach, there, sites, float(sites.size), bound, status)


def max_cover(
    cost: ArrayLike,
    demand: ArrayLike,
    within: ArrayLike,
    p: int,
    capacity: ArrayLike | None = None,
    *,
    fixed: Sequence[int] = (),
    time_limit: float = TIME_LIMIT,
) -> Siting:
    """Return the p sites that reach most of the demand that nobody reaches yet (maximal covering).

    Maximise the sum of D_i z_i, where z_i is at most the sum of y_j over the sites within reach of point i,
    and the sum of y_j is p. With ``capacity`` the demand of a point may be shared out: x_ij of it goes to
    site j, which serves at most C_j y_j.

    Parameters
    ----------
    cost : array of float, shape (demand points, sites)
        Length of the way, in any unit.
    demand : array of float, shape (demand points,)
        Weight of each point, such as clients a year.
    within : float, or one for each demand point
        The longest way that is acceptable, in the unit of ``cost``.
    p : int
        How many sites are opened.
    capacity : float, or one for each site, optional
        How much demand a site can serve, in the unit of ``demand``; no limit where not given.
    fixed : sequence of int
        Sites that are open already.
    time_limit : float
        Seconds.

    Returns
    -------
    Siting
        ``objective`` is the demand that is served beyond what the fixed sites serve. With ``capacity`` a
        point is assigned to the site that serves most of it.

    Raises
    ------
    ImpossibleError
        If p is more than there are sites to choose from, a demand is negative, a cost is no number, or
        the lengths do not fit.

    References
    ----------
    Church & ReVelle 1974, doi:10.1007/BF01942293.
    Daskin 2013, Network and Discrete Location, doi:10.1002/9781118537015.

    Examples
    --------
    >>> cost = [[0, 5, 9], [5, 0, 9], [9, 9, 0]]
    >>> found = max_cover(cost, [40, 10, 45], within=6, p=1)
    >>> found.sites, found.objective, found.assignment
    ((0,), 50.0, (0, 0, -1))
    >>> max_cover(cost, [40, 10, 45], within=6, p=1, capacity=30).objective
    30.0
    """
    costs = checked.costs_of(cost)
    weights = checked.demand_of(demand, costs.shape[0])
    reach = checked.within_of(costs, within)
    there = checked.fixed_of(fixed, costs.shape[1])
    number = checked.check_number(p, costs.shape[1], there.size)
    if capacity is not None:
        limits = checked.capacity_of(capacity, costs.shape[1])
        sharing = Sharing(costs, reach, weights, limits)
        shared = share_out(sharing, there, number, Clock(time_limit))
        gap = gap_of(shared.value, shared.bound, shared.status)
        return Siting(shared.sites, shared.value, shared.assignment, shared.status, gap)
    others, left = _others(costs.shape[1], there), ~reach[:, there].any(axis=1)
    covering = Covering(reach[np.ix_(left, others)], weights[left])
    found = cover(covering, number, Clock(time_limit))
    return answer(costs, reach, there, others[found.sites], found.value, found.bound, found.status)


def p_median(
    cost: ArrayLike,
    demand: ArrayLike,
    p: int,
    *,
    fixed: Sequence[int] = (),
    time_limit: float = TIME_LIMIT,
) -> Siting:
    """Return the p sites to which the ways of all demand together are shortest (p-median).

    Minimise the sum of D_i c_ij x_ij, where for each point i the sum of x_ij is 1, x_ij is at most y_j, and
    the sum of y_j is p.

    Parameters
    ----------
    cost : array of float, shape (demand points, sites)
        Length of the way, in any unit; infinite where there is none.
    demand : array of float, shape (demand points,)
        Weight of each point, such as clients a year.
    p : int
        How many sites are opened.
    fixed : sequence of int
        Sites that are open already; they serve whom they are nearest to.
    time_limit : float
        Seconds.

    Returns
    -------
    Siting
        ``objective`` is the sum of demand times the way to the nearest open site, such as client kilometres.

    Raises
    ------
    ImpossibleError
        If p is more than there are sites to choose from, no site can be reached from a point with demand,
        a demand is negative, or a cost is no number.

    References
    ----------
    Hakimi 1964, doi:10.1287/opre.12.3.450. ReVelle & Swain 1970, doi:10.1111/j.1538-4632.1970.tb00142.x.
    Elloumi 2010, doi:10.1007/s10878-008-9162-0.

    Examples
    --------
    >>> found = p_median([[0, 5, 9], [5, 0, 4], [9, 4, 0]], [40, 10, 45], p=1)
    >>> found.sites, found.objective
    ((1,), 380.0)
    """
    costs = checked.costs_of(cost)
    weights = checked.demand_of(demand, costs.shape[0])
    there = checked.fixed_of(fixed, costs.shape[1])
    number = checked.check_number(p, costs.shape[1], there.size)
    reach = np.isfinite(costs)
    checked.check_reached(reach[weights > 0])
    others, most = _others(costs.shape[1], there), costs[:, there].min(axis=1, initial=np.inf)
    ways = Ways(costs[:, others], weights, most)
    found = median(ways, number, Clock(time_limit))
    if found.value >= ways.dear:
        return nothing(len(costs), found.status)
    return answer(costs, reach, there, others[found.sites], found.value, found.bound, found.status)


def p_center(cost: ArrayLike, p: int, *, fixed: Sequence[int] = (), time_limit: float = TIME_LIMIT) -> Siting:
    """Return the p sites with which the longest way that anybody has is shortest (p-center).

    Minimise the greatest c_ij over all points i, each with its nearest open site j. Every point counts the
    same, so a small place weighs as much as a town.

    Parameters
    ----------
    cost : array of float, shape (demand points, sites)
        Length of the way, in any unit; infinite where there is none.
    p : int
        How many sites are opened.
    fixed : sequence of int
        Sites that are open already.
    time_limit : float
        Seconds.

    Returns
    -------
    Siting
        ``objective`` is the longest way, in the unit of ``cost``.

    Raises
    ------
    ImpossibleError
        If p is more than there are sites to choose from, no site can be reached from a point, or a cost is
        no number.

    References
    ----------
    Hakimi 1964, doi:10.1287/opre.12.3.450. Daskin 2013, doi:10.1002/9781118537015.

    Examples
    --------
    >>> found = p_center([[0, 5, 9], [5, 0, 4], [9, 4, 0]], p=1)
    >>> found.sites, found.objective, found.assignment
    ((1,), 5.0, (1, 1, 1))
    """
    costs = checked.costs_of(cost)
    there = checked.fixed_of(fixed, costs.shape[1])
    number = checked.check_number(p, costs.shape[1], there.size)
    reach = np.isfinite(costs)
    checked.check_reached(reach)
    others, most = _others(costs.shape[1], there), costs[:, there].min(axis=1, initial=np.inf)
    sites, longest, bound, status = shortest(costs[:, others], most, number, Clock(time_limit))
    if not np.isfinite(longest):
        return nothing(len(costs), status)
    return answer(costs, reach, there, others[sites], longest, bound, status)


def _others(sites: int, there: Columns) -> Columns:
    """Return the sites that can be opened."""
    return np.setdiff1d(np.arange(sites), there)
