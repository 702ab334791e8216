"""The p sites that cover most: a bound that mostly proves a choice at once, a program for the rest. Pure.

The bound lets demand be counted at a price wherever it is covered, so that sites can be judged one by one
(Lagrangian relaxation); the prices are bettered step by step. A site that cannot be part of any choice as
good as the one in hand is left out, and what remains, mostly nothing, goes to the solver.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from netmap.network.siting.input import Columns, Flags, Numbers
from netmap.network.siting.milp import INFEASIBLE, OPTIMAL, TIME_LIMIT, Clock, solve

ROUNDS = 400
PATIENCE = 15  # rounds without a better bound before steps are halved
SHARP = 1e-9  # two sums that differ by less than this share are the same


@dataclass(frozen=True)
class Chosen:
    """A choice of sites and its value; what no choice betters, and none that has a certain site."""

    sites: Columns
    value: float
    bound: float
    limits: Numbers
    status: str


class Covering:
    """Demand points that are within reach of the same sites as one, ready to be counted."""

    def __init__(self, reach: Flags, weights: Numbers) -> None:
        self.rows, self.weights = merged(reach, weights)
        self.by_row = csr_array(self.rows, dtype=np.float64)
        self.by_site = csr_array(self.by_row.T)
        self.total = float(self.weights.sum())
        whole = np.array_equal(self.weights, np.rint(self.weights))
        self.finest = 1 - 1e-6 if whole else SHARP * self.total  # two choices differ by more, or by nothing
        self.points, self.sites = self.rows.shape

    def times(self, sites: Columns) -> Columns:
        """Return how often each point is covered."""
        starts, ends = self.by_site.indptr[sites], self.by_site.indptr[sites + 1]
        parts = [self.by_site.indices[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        return (
            np.bincount(np.concatenate(parts), minlength=self.points) if parts else np.zeros(self.points, int)
        )

    def worth(self, prices: Numbers) -> Numbers:
        """Return for each site the prices of the points within its reach together."""
        return np.asarray(self.by_site @ prices, dtype=np.float64)

    def value(self, sites: Columns) -> float:
        """Return the weight of all points that are covered."""
        return float(self.weights[self.times(sites) > 0].sum())


def merged(reach: Flags, weights: Numbers) -> tuple[Flags, Numbers]:
    """Return the rows that are different and the weights of equal ones together; rows of no weight fall out.

    Examples
    --------
    >>> rows, weights = merged(np.array([[1, 0], [1, 0], [0, 1], [0, 0]], bool), np.array([2.0, 3, 0, 9]))
    >>> rows.tolist(), weights.tolist()
    ([[True, False]], [5.0])
    """
    kept = (weights > 0) & reach.any(axis=1)
    rows, heavy = reach[kept], weights[kept]
    if not len(rows):
        return rows, heavy
    first, alike = distinct(rows)
    return rows[first], np.asarray(np.bincount(alike, weights=heavy), dtype=np.float64)


def distinct(rows: Flags) -> tuple[Columns, Columns]:
    """Return the first of each kind of row, and for each row of which kind it is."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _keys, first, alike = np.unique(keys, return_index=True, return_inverse=True)
    return first, alike


def greedy_cover(covering: Covering, p: int) -> Columns:
    """Return p sites, each the one that adds most to those before."""
    left = covering.weights.copy()
    chosen: list[int] = []
    for _round in range(p):
        gains = covering.worth(left)
        gains[chosen] = -1.0
        chosen.append(int(gains.argmax()))
        left[covering.times(np.array(chosen[-1:], dtype=np.intp)) > 0] = 0.0
    return np.array(chosen, dtype=np.intp)


def exchanged(covering: Covering, sites: Columns) -> Columns:
    """Return sites that no exchange of one for another betters, beginning with those given."""
    chosen = sites.copy()
    place = unchanged = 0
    while unchanged < chosen.size:
        others = np.delete(chosen, place)
        gains = covering.worth(np.where(covering.times(others) == 0, covering.weights, 0.0))
        gains[others] = -1.0
        other = int(gains.argmax())
        if gains[other] > gains[chosen[place]] + SHARP * covering.total:
            chosen[place], unchanged = other, 0
        unchanged += 1
        place = (place + 1) % chosen.size
    return chosen


def cover(covering: Covering, p: int, clock: Clock) -> Chosen:
    """Return the p sites that cover most."""
    start = exchanged(covering, greedy_cover(covering, p))
    best = covering.value(start)
    if p == 0 or p >= covering.sites or best >= covering.total - SHARP * covering.total:
        top = np.full(covering.sites, covering.total)
        return Chosen(np.sort(start), best, best, top, OPTIMAL)
    found = _priced(covering, p, start, best, clock)
    return found if found.status == OPTIMAL or clock.over() else _rest(covering, p, found, clock)


def _priced(covering: Covering, p: int, chosen: Columns, best: float, clock: Clock) -> Chosen:
    """Return the best choice and bound that prices of the demand points lead to."""
    weights, sites = covering.weights, covering.sites
    prices, kept, step = weights / 2, weights / 2, 1.5
    bound, limits = covering.total, np.full(sites, covering.total)
    before, stalled = np.zeros(covering.points), 0
    for _round in range(ROUNDS):
        worth = covering.worth(prices)
        top = np.argpartition(worth, sites - p)[sites - p :]
        now = float((weights - prices).sum() + worth[top].sum())
        limit = now - worth[top].min() + worth
        limit[top] = now
        np.minimum(limits, limit, out=limits)
        times = covering.times(top)
        if float(weights[times > 0].sum()) > best:
            chosen = exchanged(covering, top)
            best = covering.value(chosen)
        if now < bound * (1 - 1e-7):
            bound, kept, stalled = now, prices, 0
        elif (stalled := stalled + 1) >= PATIENCE:
            step, prices, stalled = step / 2, kept, 0
        slope = times - (prices < weights) + 0.6 * before
        slope[((prices <= 0) & (slope > 0)) | ((prices >= weights) & (slope < 0))] = 0.0
        if _proved(covering, best, bound) or step < 1e-3 or not slope.any() or clock.over():
            break
        prices = np.clip(prices - step * (now - best) / (slope @ slope) * slope, 0.0, weights)
        before = slope
    status = OPTIMAL if _proved(covering, best, bound) else TIME_LIMIT
    return Chosen(np.sort(chosen), best, best if status == OPTIMAL else bound, limits, status)


def _proved(covering: Covering, best: float, bound: float) -> bool:
    return bound < best + covering.finest


def _rest(covering: Covering, p: int, known: Chosen, clock: Clock) -> Chosen:
    """Return the best choice of the sites that the bound has left, from the solver."""
    useful = known.limits >= known.value + covering.finest
    useful[known.sites] = True
    columns = np.flatnonzero(useful)
    part = Covering(covering.rows[:, columns], covering.weights)
    alone = np.asarray(part.rows.sum(axis=1) == 1)
    single = part.worth(np.where(alone, part.weights, 0.0))
    shared = np.flatnonzero(~alone)
    rows, heavy = part.by_row[shared], part.weights[shared]
    height, width = shared.size, columns.size
    counts = csr_array(np.concatenate([np.ones(width), np.zeros(height)])[None, :])
    uncovered = csr_array(-eye_array(height, format="csr"))
    matrix = csr_array(vstack([csr_array(hstack((rows, uncovered))), counts]))
    solved = solve(
        -np.concatenate([single, heavy]),
        matrix,
        np.concatenate([np.zeros(height), [p]]),
        np.concatenate([np.full(height, np.inf), [p]]),
        whole=width,
        clock=clock,
    )
    sites, value = known.sites, known.value
    if solved.values is not None:
        taken = columns[solved.values[:width] > 0.5]
        if (covered := covering.value(taken)) > value:
            sites, value = taken, covered
    bound = value if solved.status in (OPTIMAL, INFEASIBLE) else min(known.bound, max(value, -solved.bound))
    status = OPTIMAL if bound <= value else TIME_LIMIT
    return Chosen(sites, value, bound, known.limits, status)
