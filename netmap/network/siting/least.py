"""The fewest sites that reach everybody, and the shortest way within which p sites can do so. Pure."""

import numpy as np
from scipy.sparse import csr_array

from netmap.network.siting.cover import distinct
from netmap.network.siting.input import Columns, Flags, Numbers
from netmap.network.siting.milp import INFEASIBLE, OPTIMAL, TIME_LIMIT, Clock, solve


def fewest(reach: Flags, clock: Clock, most: int | None = None) -> tuple[Columns, float, str]:
    """Return the fewest sites that reach every row, a number that no choice goes below, and the status.

    ``most``: more sites than these are of no use, so the search ends once it is known that more are needed.
    """
    rows, columns = undominated(reach)
    start = columns[_greedy(rows)]
    if start.size <= (1 if most is None else most):
        return np.sort(start), float(min(start.size, 1)), OPTIMAL
    width = columns.size
    solved = solve(
        np.ones(width),
        csr_array(np.vstack([rows, np.ones(width)]).astype(np.float64)),
        np.append(np.ones(len(rows)), 0.0),
        np.append(np.full(len(rows), np.inf), start.size if most is None else most),
        whole=width,
        clock=clock,
    )
    if solved.status == INFEASIBLE:
        return np.sort(start), float(most or 0) + 1.0, OPTIMAL
    best = start if solved.values is None else columns[np.flatnonzero(solved.values > 0.5)]
    bound = float(best.size) if solved.status == OPTIMAL else max(1.0, np.ceil(solved.bound - 1e-6))
    return np.sort(best), bound, OPTIMAL if bound >= best.size else TIME_LIMIT


def undominated(reach: Flags) -> tuple[Flags, Columns]:
    """Return the rows and the columns that a set cover of fewest columns depends on.

    A row that asks for more than another is met with it; a column that reaches no more than another is not
    needed beside it (Toregas & ReVelle 1972).

    Examples
    --------
    >>> rows, columns = undominated(np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]], dtype=bool))
    >>> rows.tolist(), columns.tolist()
    ([[True, False], [False, True]], [0, 1])
    """
    rows, columns = reach, np.arange(reach.shape[1])
    while rows.size:
        fewer = rows[_maximal(~rows)]
        kept = _maximal(fewer.T)
        if len(fewer) == len(rows) and kept.all():
            break
        rows, columns = fewer[:, kept], columns[kept]
    return rows, columns


def _maximal(flags: Flags) -> Flags:
    """Return which rows hold something that no other row holds as well; of equal rows the first."""
    first, _alike = distinct(flags)
    kept = np.zeros(len(flags), dtype=np.bool_)
    kept[first] = True
    some = flags[kept].astype(np.float32)
    shared, size = some @ some.T, some.sum(axis=1)
    inside = (shared >= size[:, None]) & (size[None, :] > size[:, None])
    kept[kept.copy()] = ~inside.any(axis=1)
    return kept


def shortest(cost: Numbers, most: Numbers, p: int, clock: Clock) -> tuple[Columns, float, float, str]:
    """Return p sites, the longest way of anybody to the nearest, what none goes below, and the status.

    ``most`` is the way of each point to what is open already. Binary search over the different ways: whether
    p sites reach everybody within one is a question of cover.
    """
    if p == 0:
        longest = float(most.max(initial=0.0))
        return np.empty(0, dtype=np.intp), longest, longest, OPTIMAL if np.isfinite(longest) else INFEASIBLE
    shorter = np.minimum(cost, most[:, None])
    nearest = float(shorter.min(axis=1).max(initial=0.0))
    lengths = np.unique(np.append(shorter[np.isfinite(shorter) & (shorter > nearest)], nearest))
    chosen, proved = _within(cost, most, float(lengths[-1]), p, clock)
    if chosen is None:
        return np.empty(0, dtype=np.intp), np.inf, np.inf, INFEASIBLE if proved else TIME_LIMIT
    best = _longest(shorter, chosen)
    low, high = 0, int(np.searchsorted(lengths, best))
    while low < high:
        if clock.over():
            return chosen, best, float(lengths[low]), TIME_LIMIT
        middle = (low + high) // 2
        found, proved = _within(cost, most, float(lengths[middle]), p, clock)
        if found is not None:
            chosen, best = found, _longest(shorter, found)
            high = int(np.searchsorted(lengths, best))
        elif proved:
            low = middle + 1
        else:
            return chosen, best, float(lengths[low]), TIME_LIMIT
    return chosen, best, best, OPTIMAL


def _longest(shorter: Numbers, sites: Columns) -> float:
    return float(shorter[:, sites].min(axis=1).max(initial=0.0))


def _within(cost: Numbers, most: Numbers, limit: float, p: int, clock: Clock) -> tuple[Columns | None, bool]:
    """Return p sites that reach everybody within a limit, or None and whether that is proved."""
    reach = cost[most > limit] <= limit
    if not reach.any(axis=1).all():
        return None, True
    sites, bound, _status = fewest(reach, clock, most=p)
    if sites.size > p:
        return None, bound > p
    rest = np.setdiff1d(np.arange(cost.shape[1]), sites)
    return np.concatenate([sites, rest[: p - sites.size]]), True


def _greedy(rows: Flags) -> Columns:
    left, chosen = np.ones(len(rows), dtype=bool), []
    while left.any():
        chosen.append(int(rows[left].sum(axis=0).argmax()))
        left &= ~rows[:, chosen[-1]]
    return np.array(sorted(chosen), dtype=np.intp)
