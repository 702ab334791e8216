"""The p sites to which the ways of all demand together are shortest. Pure.

As in `netmap.network.siting.cover`, a bound comes first: every demand point may pay up to a price to be
served, and a site is worth what it saves its points (Lagrangian relaxation). Sites that cannot be part of a
better choice are left out; what remains is solved over distances in their order (Elloumi 2010): whether
nothing is open among the nearest r sites of a point, for each point and r.
"""

import numpy as np
from scipy.sparse import coo_array, csr_array

from netmap.network.siting.cover import PATIENCE, ROUNDS, SHARP, Chosen
from netmap.network.siting.input import Columns, Numbers
from netmap.network.siting.milp import INFEASIBLE, OPTIMAL, TIME_LIMIT, Clock, solve


class Ways:
    """What it costs to serve each point (row) from each site, at most ``most``; infinite where it cannot be.

    ``dear`` stands for infinity in sums: one way of it costs more than any choice that serves everybody.
    """

    def __init__(self, cost: Numbers, demand: Numbers, most: Numbers) -> None:
        kept = demand > 0
        heavy = demand[kept]
        self.most = most[kept] * heavy
        self.cost = np.minimum(cost[kept] * heavy[:, None], self.most[:, None])
        finite = np.where(np.isfinite(self.cost), self.cost, 0.0)
        self.dear = 1.0 + 2.0 * float(finite.max(axis=1, initial=0.0).sum())
        self.filled = np.where(np.isfinite(self.cost), self.cost, self.dear)
        self.most = np.where(np.isfinite(self.most), self.most, self.dear)
        self.points, self.sites = self.cost.shape

    def value(self, sites: Columns) -> float:
        """Return the ways of all points together."""
        if not sites.size:
            return float(self.most.sum())
        return float(self.filled[:, sites].min(axis=1).sum())


def greedy_median(ways: Ways, p: int) -> Columns:
    """Return p sites, each the one that shortens the ways most after those before."""
    nearest, chosen = ways.most, np.empty(0, dtype=np.intp)
    for _round in range(p):
        sums = np.minimum(ways.filled, nearest[:, None]).sum(axis=0)
        sums[chosen] = np.inf
        chosen = np.append(chosen, sums.argmin())
        nearest = np.minimum(nearest, ways.filled[:, chosen[-1]])
    return chosen


def exchanged(ways: Ways, sites: Columns) -> Columns:
    """Return sites that no exchange of one for another betters (Teitz & Bart 1968), from those given."""
    chosen, value = sites.copy(), ways.value(sites)
    while chosen.size:
        paid = np.column_stack([ways.filled[:, chosen], ways.most])
        order = paid.argsort(axis=1, kind="stable")[:, :2]
        first, second = np.take_along_axis(paid, order, axis=1).T
        with_it = np.minimum(ways.filled, first[:, None])
        without = np.minimum(ways.filled, second[:, None]) - with_it
        mine = np.zeros((chosen.size + 1, ways.points))
        mine[order[:, 0], np.arange(ways.points)] = 1.0
        sums = with_it.sum(axis=0)[None, :] + (mine @ without)[:-1]
        sums[:, chosen] = np.inf
        out, into = np.unravel_index(int(sums.argmin()), sums.shape)
        if sums[out, into] >= value * (1 - SHARP):
            break
        chosen[out], value = into, float(sums[out, into])
    return chosen


def median(ways: Ways, p: int, clock: Clock) -> Chosen:
    """Return the p sites to which the ways are shortest; none goes below ``bound`` and ``limits``."""
    start = exchanged(ways, greedy_median(ways, p))
    best = ways.value(start)
    if p == 0 or p >= ways.sites or not ways.points:
        return Chosen(np.sort(start), best, best, np.zeros(ways.sites), _status(ways, best))
    found = _priced(ways, p, start, best, clock) if best < ways.dear else _nothing(ways, start, best)
    return found if found.status == OPTIMAL or clock.over() else _rest(ways, p, found, clock)


def _status(ways: Ways, value: float) -> str:
    return OPTIMAL if value < ways.dear else INFEASIBLE


def _nothing(ways: Ways, start: Columns, best: float) -> Chosen:
    return Chosen(start, best, 0.0, np.zeros(ways.sites), TIME_LIMIT)


def _priced(ways: Ways, p: int, chosen: Columns, best: float, clock: Clock) -> Chosen:
    """Return the best choice and bound that prices of the demand points lead to."""
    paid = np.sort(np.column_stack([ways.filled[:, chosen], ways.most]), axis=1)
    prices = paid[:, 0] + 0.5 * (paid[:, 1] - paid[:, 0])
    kept, step, stalled = prices, 1.0, 0
    bound, limits, before = -np.inf, np.zeros(ways.sites), np.zeros(ways.points)
    for _round in range(ROUNDS):
        saved = np.minimum(ways.filled - prices[:, None], 0.0)
        worth, always = saved.sum(axis=0), np.minimum(ways.most - prices, 0.0)
        top = np.argpartition(worth, p - 1)[:p]
        now = float(prices.sum() + worth[top].sum() + always.sum())
        limit = now - worth[top].max() + worth
        limit[top] = now
        np.maximum(limits, limit, out=limits)
        if ways.value(top) < best * (1 - SHARP):
            chosen = exchanged(ways, top)
            best = ways.value(chosen)
        if now > bound + 1e-7 * abs(bound) or not np.isfinite(bound):
            bound, kept, stalled = now, prices, 0
        elif (stalled := stalled + 1) >= PATIENCE:
            step, prices, stalled = step / 2, kept, 0
        slope = 1.0 - (saved[:, top] < 0).sum(axis=1) - (always < 0) + 0.6 * before
        if bound >= best * (1 - SHARP) or step < 1e-3 or not slope.any() or clock.over():
            break
        prices = np.clip(prices + step * (1.02 * best - now) / (slope @ slope) * slope, 0.0, ways.most)
        before = slope
    proved = bound >= best * (1 - SHARP)
    return Chosen(np.sort(chosen), best, best if proved else bound, limits, OPTIMAL if proved else TIME_LIMIT)


def _rest(ways: Ways, p: int, known: Chosen, clock: Clock) -> Chosen:
    """Return the best choice of the sites that the bound has left, from the solver."""
    useful = known.limits < known.value * (1 - SHARP)
    useful[known.sites] = True
    columns = np.flatnonzero(useful)
    order, steps, fixed_cost, last = _in_order(ways, columns, p)
    ranks, width = order.shape[1], columns.size
    size = ways.points * ranks
    row = np.arange(size)
    later = row[row % ranks != 0]
    where = np.concatenate([row, row, later, np.full(width, size)])
    column = np.concatenate([order.ravel(), width + row, width + later - 1, np.arange(width)])
    value = np.concatenate([np.ones(2 * size), -np.ones(later.size), np.ones(width)])
    matrix = coo_array((value, (where, column)), shape=(size + 1, width + size))
    low = np.where(row % ranks == 0, 1.0, 0.0)
    solved = solve(
        np.concatenate([np.zeros(width), steps.ravel()]),
        csr_array(matrix),
        np.concatenate([low, [p]]),
        np.concatenate([np.full(size, np.inf), [p]]),
        whole=width,
        clock=clock,
        upper=np.concatenate([np.ones(width), last.ravel()]),
    )
    sites, best = known.sites, known.value
    if solved.values is not None:
        taken = columns[solved.values[:width] > 0.5]
        if (found := ways.value(taken)) < best:
            sites, best = taken, found
    done = solved.status in (OPTIMAL, INFEASIBLE)
    bound = best if done else max(known.bound, min(best, solved.bound + fixed_cost))
    status = _status(ways, best) if done or bound >= best else TIME_LIMIT
    return Chosen(np.sort(sites), best, bound, known.limits, status)


def _in_order(ways: Ways, columns: Columns, p: int) -> tuple[Columns, Numbers, float, Numbers]:
    """Return the nearest sites of each point in order, what it costs if none of the first r is open.

    Among one more than are left out one is open for sure, so farther ones never serve; then 0 is the most
    that "none of these is open" can be, as where no site is left that can serve at all.
    """
    cost = ways.filled[:, columns]
    ranks = columns.size - p + 1
    order = cost.argsort(axis=1, kind="stable")[:, :ranks]
    sorted_cost = np.take_along_axis(cost, order, axis=1)
    after = np.column_stack([sorted_cost[:, 1:], ways.most])
    steps = np.minimum(after, ways.most[:, None]) - sorted_cost
    last = (after < ways.dear).astype(np.float64)
    last[:, -1] = 0.0
    return order, steps, float(sorted_cost[:, 0].sum()), last
