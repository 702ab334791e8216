"""The p sites that serve most where each can serve only so much: demand is shared out among them. Pure."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from netmap.network.siting.cover import SHARP, Covering, cover
from netmap.network.siting.greedy import one_after_another
from netmap.network.siting.input import Columns
from netmap.network.siting.milp import OPTIMAL, TIME_LIMIT, Clock, Solved, solve
from netmap.network.siting.sharing import SERVED, Sharing


@dataclass(frozen=True)
class Shared:
    """Sites, the demand that they serve beyond what is served already, and who serves whom most."""

    sites: tuple[int, ...]
    value: float
    bound: float
    assignment: tuple[int, ...]
    status: str


class _Flow:
    """The program: first 1 or 0 for each site, then how much of each point's demand goes to each site."""

    def __init__(self, sharing: Sharing) -> None:
        reach, weights, self.limits = sharing.reach, sharing.weights, sharing.limits
        self.point, self.site = np.nonzero(reach & (weights > 0)[:, None])
        points, self.sites = reach.shape
        self.size = self.sites + self.point.size
        self.most = np.minimum(weights[self.point], self.limits[self.site])
        flow = np.arange(self.point.size)
        one, column = np.ones(self.point.size), self.sites + flow
        sites = np.arange(self.sites)
        parts = (
            (self.point, column, one),  # no point gives more than it has
            (points + self.site, column, one),  # no site serves more than it can,
            (points + sites, sites, -self.limits),  # and nothing where it is closed
            (points + self.sites + flow, column, one),  # the same way by way, which the solver likes
            (points + self.sites + flow, self.site, -self.most),
            (np.full(self.sites, points + self.sites + self.point.size), sites, np.ones(self.sites)),
        )
        where, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        height = points + self.sites + self.point.size + 1
        self.rows = csr_array(coo_array((values, (where, columns)), shape=(height, self.size)))
        self.high = np.concatenate([weights, np.zeros(self.sites + self.point.size), [0.0]])

    def solve(self, there: Columns, p: int, clock: Clock) -> Solved:
        """Return the most that p sites and those that are there can serve, as a negative number."""
        low, high = np.full(self.high.size, -np.inf), self.high.copy()
        low[-1] = high[-1] = p + there.size
        lower = np.zeros(self.size)
        lower[there] = 1.0
        return solve(
            np.concatenate([np.zeros(self.sites), -np.ones(self.point.size)]),
            self.rows,
            low,
            high,
            whole=self.sites,
            clock=clock,
            lower=lower,
            upper=np.concatenate([np.ones(self.sites), self.most]),
        )


def share_out(sharing: Sharing, there: Columns, p: int, clock: Clock) -> Shared:
    """Return the p sites with which most demand is served."""
    before = float(sharing.amounts(there).sum())
    chosen, bound, proved = _best(sharing, there, p, clock)
    opened = np.concatenate([there, chosen])
    amounts = sharing.amounts(opened)
    value = float(amounts.sum()) - before
    served = np.column_stack([amounts, np.full(len(amounts), SERVED)])  # the last stands for nobody
    return Shared(
        tuple(np.sort(chosen).tolist()),
        value,
        value if proved else max(value, bound - before),
        tuple(np.append(opened, -1)[served.argmax(axis=1)].tolist()),
        OPTIMAL if proved else TIME_LIMIT,
    )


def _best(sharing: Sharing, there: Columns, p: int, clock: Clock) -> tuple[Columns, float, bool]:
    """Return p sites, what no choice goes above together with what is there, and whether that is reached.

    Two quick choices come first: one site after another, and the best where nothing limits the sites. They
    mostly reach one of the bounds, and then the program is not needed.
    """
    if not p:
        return np.empty(0, dtype=np.intp), 0.0, True
    endless, bound = _endless(sharing, there, p, clock)
    bound = min(bound, _ceiling(sharing, there, p))
    chosen = max(endless, _quick(sharing, there, p, clock), key=lambda some: _most(sharing, there, some))
    value = _most(sharing, there, chosen)
    if value >= bound * (1 - SHARP):
        return chosen, bound, True
    if clock.over():
        return chosen, bound, False
    solved = _Flow(sharing).solve(there, p, clock)
    bound = min(bound, -solved.bound)
    if solved.values is None:
        return chosen, bound, False
    found = np.setdiff1d(np.flatnonzero(solved.values[: sharing.limits.size] > 0.5), there)
    proved = solved.status == OPTIMAL
    return found if proved or _most(sharing, there, found) > value else chosen, bound, proved


def _most(sharing: Sharing, there: Columns, sites: Columns) -> float:
    return sharing.most(np.concatenate([there, sites]))


def _endless(sharing: Sharing, there: Columns, p: int, clock: Clock) -> tuple[Columns, float]:
    """Return the best p sites if each could serve everybody, and what no choice then goes above."""
    others = np.setdiff1d(np.arange(sharing.limits.size), there)
    left = ~sharing.reach[:, there].any(axis=1)
    found = cover(Covering(sharing.reach[np.ix_(left, others)], sharing.weights[left]), p, clock)
    return others[found.sites], float(sharing.weights[~left].sum()) + found.bound


def _quick(sharing: Sharing, there: Columns, p: int, clock: Clock) -> Columns:
    """Return p sites, one after another; those that there was no time for are the first that are left."""
    chosen = one_after_another(
        sharing.most, sharing.limits.size, p, clock, there=there.tolist(), lessening=True
    )
    left = np.setdiff1d(np.arange(sharing.limits.size), np.concatenate([there, chosen]))
    return np.concatenate([np.array(chosen, dtype=np.intp), left[: p - len(chosen)]])


def _ceiling(sharing: Sharing, there: Columns, p: int) -> float:
    """Return what those that are there and the p largest can serve."""
    free = np.sort(np.delete(sharing.limits, there))
    return float(sharing.limits[there].sum() + free[free.size - p :].sum())
