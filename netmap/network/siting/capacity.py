"""The p sites that serve most where each can serve only so much: demand is shared out among them. Pure."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from netmap.network.siting.input import Columns, Flags, Numbers
from netmap.network.siting.milp import OPTIMAL, TIME_LIMIT, Clock, Solved, solve


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

    def __init__(self, reach: Flags, weights: Numbers, limits: Numbers) -> None:
        self.point, self.site = np.nonzero(reach & (weights > 0)[:, None])
        points, self.sites = reach.shape
        self.size = self.sites + self.point.size
        self.limits = np.minimum(limits, weights @ reach)  # more than anybody could bring needs no limit
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


def share_out(
    reach: Flags, weights: Numbers, limits: Numbers, there: Columns, p: int, clock: Clock
) -> Shared:
    """Return the p sites with which most demand is served."""
    flow = _Flow(reach, weights, limits)
    before = _served(flow, flow.solve(there, 0, clock)) if there.size else 0.0
    solved = flow.solve(there, p, clock)
    served = _served(flow, solved)
    if solved.values is None:
        return Shared((), 0.0, float(weights.sum()) - before, (-1,) * len(weights), TIME_LIMIT)
    chosen = np.setdiff1d(np.flatnonzero(solved.values[: flow.sites] > 0.5), there)
    proved = solved.status == OPTIMAL
    return Shared(
        tuple(chosen.tolist()),
        served - before,
        served - before if proved else -solved.bound - before,
        _most_from(flow, solved.values[flow.sites :], len(weights)),
        solved.status,
    )


def _served(flow: _Flow, solved: Solved) -> float:
    return 0.0 if solved.values is None else float(solved.values[flow.sites :].sum())


def _most_from(flow: _Flow, amounts: Numbers, points: int) -> tuple[int, ...]:
    """Return for each point the site that serves most of it, -1 where none does."""
    found = np.full(points, -1)
    for place in np.argsort(amounts, kind="stable").tolist():
        if amounts[place] > 1e-6:
            found[flow.point[place]] = flow.site[place]
    return tuple(found.tolist())
