"""Mixed-integer programs of siting through `scipy.optimize.milp` (HiGHS), and how each can end. Pure."""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from netmap.network.siting.input import Numbers

OPTIMAL: Final = "optimal"
TIME_LIMIT: Final = "time limit"
INFEASIBLE: Final = "infeasible"

_ENDS: Final = {0: OPTIMAL, 1: TIME_LIMIT, 2: INFEASIBLE}
_PRESOLVED: Final = 100_000  # entries; in larger programs HiGHS makes ready without looking at the clock
_LEAST_SECONDS: Final = 0.05  # the solver reads 0 as no limit at all


@dataclass(frozen=True)
class Solved:
    """How a program ended: the values, None where none were found, and what no solution goes below."""

    values: Numbers | None
    bound: float
    status: str


class Clock:
    """The seconds that are left of a limit."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, never 0."""
        return max(_LEAST_SECONDS, self._end - time.monotonic())

    def over(self) -> bool:
        """Return whether no time is left."""
        return time.monotonic() >= self._end


def solve(
    costs: Numbers,
    rows: csr_array,
    low: Numbers,
    high: Numbers,
    *,
    whole: int,
    clock: Clock,
    lower: float | Numbers = 0.0,
    upper: float | Numbers = 1.0,
) -> Solved:
    """Return the values with the least costs for which ``low <= rows @ values <= high``.

    The values lie between ``lower`` and ``upper``; the first ``whole`` of them must be whole numbers.
    """
    result = milp(
        costs,
        integrality=(np.arange(costs.size) < whole).astype(np.int64),
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(rows, low, high),
        options={"time_limit": clock.left(), "mip_rel_gap": 0.0, "presolve": rows.nnz <= _PRESOLVED},
    )
    bound = getattr(result, "mip_dual_bound", None)
    return Solved(
        None if result.x is None else np.asarray(result.x, dtype=np.float64),
        -np.inf if bound is None else float(bound),
        _ENDS.get(result.status, TIME_LIMIT),
    )


def gap_of(objective: float, bound: float, status: str) -> float:
    """Return by what share of the objective a choice may at most be better.

    Examples
    --------
    >>> gap_of(80.0, 100.0, TIME_LIMIT), gap_of(80.0, 80.0, OPTIMAL), gap_of(0.0, 3.0, TIME_LIMIT)
    (0.25, 0.0, inf)
    """
    if status == OPTIMAL or bound == objective:
        return 0.0
    return abs(bound - objective) / abs(objective) if objective else float("inf")
