"""What sites that can serve only so much serve together, and who goes where. Pure."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_flow

from netmap.network.siting.cover import merged
from netmap.network.siting.input import Columns, Flags, Numbers
from netmap.network.siting.milp import Clock, solve

MOST_UNITS = 2**31 - 1  # SciPy counts flows in 32 bits
SERVED = 1e-6  # less of a client is what the solver leaves over


class Sharing:
    """Demand, who reaches which site and how much each site can serve, ready to be asked of any sites.

    Parameters
    ----------
    costs : (demand points, sites)
    reach : (demand points, sites)
    weights : (demand points,)
    limits : (sites,)
        Infinite where a site serves everybody.
    """

    def __init__(self, costs: Numbers, reach: Flags, weights: Numbers, limits: Numbers) -> None:
        self.costs, self.reach, self.weights = costs, reach, weights
        self.limits = np.minimum(limits, weights @ reach)  # more than anybody could bring needs no limit
        # whole numbers of units, as many as there is room for, so that parts of a client count too
        room = (MOST_UNITS - len(weights) - len(self.limits)) / max(float(weights.sum()), 1e-9)
        self._scale = 10.0 ** np.floor(np.log10(room))

    def most(self, sites: Sequence[int] | Columns) -> float:
        """Return the most demand that these sites can serve, by a maximum flow.

        Examples
        --------
        >>> costs, reach = np.zeros((2, 2)), np.array([[True, True], [False, True]])
        >>> Sharing(costs, reach, np.array([30.0, 10]), np.array([12.0, 15])).most(np.array([0, 1]))
        27.0
        """
        opened = np.array(sites, dtype=np.intp)
        if opened.size < 2:
            return float(self.limits[opened].sum())
        rows, heavy = merged(self.reach[:, opened], self.weights)
        if not len(rows):
            return 0.0
        point, site = np.nonzero(rows)
        points, end = len(rows), len(rows) + opened.size + 1
        wanted = np.rint(heavy * self._scale)
        places = np.rint(self.limits[opened] * self._scale)
        tails = np.concatenate([np.zeros(points, int), point + 1, np.arange(points + 1, end)])
        heads = np.concatenate([np.arange(1, points + 1), site + points + 1, np.full(opened.size, end)])
        units = np.concatenate([wanted, np.minimum(wanted[point], places[site]), places]).astype(np.int32)
        network = csr_array((units, (tails, heads)), shape=(end + 1, end + 1))
        return float(maximum_flow(network, 0, end).flow_value / self._scale)

    def amounts(self, sites: Columns) -> Numbers:
        """Return how much of each point goes to each of these sites: as much as can be, on short ways.

        Examples
        --------
        >>> costs, reach = np.array([[0.0, 5], [5, 0]]), np.ones((2, 2), dtype=bool)
        >>> sharing = Sharing(costs, reach, np.array([20.0, 10]), np.array([12.0, 12]))
        >>> sharing.amounts(np.array([0, 1])).tolist()
        [[12.0, 2.0], [0.0, 10.0]]
        """
        found = np.zeros((len(self.weights), sites.size))
        point, site = np.nonzero(self.reach[:, sites] & (self.weights > 0)[:, None])
        if not point.size:
            return found
        ways = self.costs[point, sites[site]]
        # one client more may make one at each other site go elsewhere: it is worth all their ways together
        worth = 1.0 + sites.size * float(ways.max())
        flow = np.arange(point.size)
        rows = coo_array(
            (np.ones(2 * point.size), (np.concatenate([point, len(found) + site]), np.tile(flow, 2))),
            shape=(len(found) + sites.size, point.size),
        )
        most = np.concatenate([self.weights, self.limits[sites]])
        solved = solve(
            ways - worth,
            csr_array(rows),
            np.full(most.size, -np.inf),
            most,
            whole=0,
            clock=Clock(np.inf),
            upper=self.weights[point],
        )
        assert solved.values is not None  # to serve nobody is always possible
        found[point, site] = np.where(solved.values > SERVED, solved.values, 0.0)
        return found
