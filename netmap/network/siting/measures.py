"""The three measures by which sites for one service are compared, ready to be asked again and again. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from netmap.network.siting.exact import Siting, max_cover, p_center, p_median
from netmap.network.siting.input import Columns, Numbers, within_of
from netmap.network.siting.sharing import Sharing

Objective = Literal["cover", "median", "center", "package"]
OBJECTIVES: Final = ("cover", "median", "center", "package")


@dataclass(frozen=True)
class Measure:
    """How sites are compared: ``best`` finds p more beside some, ``worth`` says what given ones achieve.

    ``amounts`` says how much of the demand of each point (row) goes to each of given sites (column).
    ``lessening``: a site never adds more to many sites than to few.
    """

    best: Callable[[int, Sequence[int], float], Siting]
    worth: Callable[[Sequence[int]], float]
    amounts: Callable[[Sequence[int]], Numbers]
    more_is_better: bool
    lessening: bool


def cover_measure(cost: Numbers, demand: Numbers, within: ArrayLike, capacity: float | None) -> Measure:
    """Return the measure of people reached, at most ``capacity`` by each site."""
    reach = within_of(cost, within)
    sharing = (
        None
        if capacity is None
        else Sharing(cost, reach, demand, np.full(cost.shape[1], capacity, dtype=np.float64))
    )

    def best(p: int, given: Sequence[int], seconds: float) -> Siting:
        return max_cover(cost, demand, within, p, capacity, fixed=given, time_limit=seconds)

    def worth(sites: Sequence[int]) -> float:
        if sharing is not None:
            return sharing.most(sites)
        return float(demand[reach[:, _columns(sites)].any(axis=1)].sum())

    def amounts(sites: Sequence[int]) -> Numbers:
        if sharing is not None:
            return sharing.amounts(_columns(sites))
        return _nearest(np.where(reach, cost, np.inf), sites, demand)

    return Measure(best, worth, amounts, more_is_better=True, lessening=True)


def median_measure(cost: Numbers, demand: Numbers) -> Measure:
    """Return the measure of the ways of all people together."""

    def best(p: int, given: Sequence[int], seconds: float) -> Siting:
        return p_median(cost, demand, p, fixed=given, time_limit=seconds)

    def worth(sites: Sequence[int]) -> float:
        return float((demand * cost[:, _columns(sites)].min(axis=1)).sum())

    return Measure(
        best, worth, lambda sites: _nearest(cost, sites, demand), more_is_better=False, lessening=False
    )


def center_measure(cost: Numbers, demand: Numbers) -> Measure:
    """Return the measure of the longest way that anybody has; the demand decides nothing."""

    def best(p: int, given: Sequence[int], seconds: float) -> Siting:
        return p_center(cost, p, fixed=given, time_limit=seconds)

    def worth(sites: Sequence[int]) -> float:
        return float(cost[:, _columns(sites)].min(axis=1).max())

    return Measure(
        best, worth, lambda sites: _nearest(cost, sites, demand), more_is_better=False, lessening=False
    )


def _nearest(cost: Numbers, sites: Sequence[int], demand: Numbers) -> Numbers:
    """Return the amounts where all of a point goes to the nearest site that it can reach, if any."""
    ways = np.column_stack([cost[:, _columns(sites)], np.full(len(cost), np.finfo(float).max)])
    nearest = ways.argmin(axis=1)[:, None] == np.arange(len(sites))
    return np.where(nearest, demand[:, None], 0.0)


def _columns(sites: Sequence[int]) -> Columns:
    return np.array(list(sites), dtype=np.intp)
