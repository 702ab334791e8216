"""The three measures by which sites for one service are compared, ready to be asked again and again. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from netmap.network.siting.exact import Siting, max_cover, p_center, p_median
from netmap.network.siting.input import Columns, Numbers

Objective = Literal["cover", "median", "center", "package"]
OBJECTIVES: Final = ("cover", "median", "center", "package")


@dataclass(frozen=True)
class Measure:
    """How sites are compared: ``best`` finds p more beside some, ``worth`` says what given ones achieve."""

    best: Callable[[int, Sequence[int], float], Siting]
    worth: Callable[[Sequence[int]], float]
    more_is_better: bool


def cover_measure(cost: Numbers, demand: Numbers, within: ArrayLike, capacity: float | None) -> Measure:
    """Return the measure of people reached, at most ``capacity`` by each site."""

    def best(p: int, given: Sequence[int], seconds: float) -> Siting:
        return max_cover(cost, demand, within, p, capacity, fixed=given, time_limit=seconds)

    def worth(sites: Sequence[int]) -> float:
        columns = _columns(sites)
        if capacity is not None:
            return max_cover(cost[:, columns], demand, within, columns.size, capacity).objective
        reached = (cost[:, columns] <= np.asarray(within)[..., None]).any(axis=1)
        return float(demand[reached].sum())

    return Measure(best, worth, more_is_better=True)


def median_measure(cost: Numbers, demand: Numbers) -> Measure:
    """Return the measure of the ways of all people together."""

    def best(p: int, given: Sequence[int], seconds: float) -> Siting:
        return p_median(cost, demand, p, fixed=given, time_limit=seconds)

    def worth(sites: Sequence[int]) -> float:
        return float((demand * cost[:, _columns(sites)].min(axis=1)).sum())

    return Measure(best, worth, more_is_better=False)


def center_measure(cost: Numbers) -> Measure:
    """Return the measure of the longest way that anybody has."""

    def best(p: int, given: Sequence[int], seconds: float) -> Siting:
        return p_center(cost, p, fixed=given, time_limit=seconds)

    def worth(sites: Sequence[int]) -> float:
        return float(cost[:, _columns(sites)].min(axis=1).max())

    return Measure(best, worth, more_is_better=False)


def _columns(sites: Sequence[int]) -> Columns:
    return np.array(list(sites), dtype=np.intp)
