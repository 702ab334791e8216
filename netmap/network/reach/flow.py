"""The most people that can be served when everybody may go to any site in reach: a maximum flow. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

MOST_UNITS = 2**31 - 1  # SciPy counts flows in 32 bits
FINEST = 6  # decimal places at most

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Assignment:
    """One of the best assignments; what `netmap.network.reach.UnmetFlow` says of each field holds here."""

    unmet: float
    served: Floats
    groups: NDArray[np.intp]
    shortage: Floats
    error: float


def assign(reach: csr_array, supply: Floats, demand: Floats) -> Assignment:
    """Return an assignment that serves as many as can be served.

    Parameters
    ----------
    reach : (demand points, sites)
        Holds every pair in reach, whatever its weight.
    supply, demand : floats from 0; a supply may be infinite
    """
    supply = np.minimum(supply, demand.sum())  # nobody serves more than all
    scale, error = _scale(supply, demand)
    wanted, places = np.rint(demand * scale).astype(np.int64), np.rint(supply * scale).astype(np.int64)
    areas, sites = reach.shape
    if not reach.nnz:
        served = np.zeros(areas, dtype=np.int64)
        cut = wanted > 0
    else:
        network = _network(reach, wanted, places)
        flow = maximum_flow(network, 0, areas + sites + 1).flow
        served = flow[[0], 1 : areas + 1].toarray()[0].astype(np.int64)
        left = csr_array(network - flow)
        left.eliminate_zeros()
        cut = np.zeros(areas + sites + 2, dtype=bool)
        cut[breadth_first_order(left, 0, return_predecessors=False)] = True
        cut = cut[1 : areas + 1]
    groups, shortage = _groups(reach, cut, wanted - served)
    return Assignment(float((wanted - served).sum() / scale), served / scale, groups, shortage / scale, error)


def _scale(supply: Floats, demand: Floats) -> tuple[int, float]:
    """Return how many units one is counted in, and by how much the sum may be off for rounding."""
    total = float(demand.sum())
    if total + len(demand) > MOST_UNITS:
        raise ValueError(f"The demand is {total:.0f} in all; at most {MOST_UNITS} can be counted.")
    numbers = np.concatenate([supply, demand])
    scale = 1
    for _place in range(FINEST):
        whole = np.abs(numbers * scale - np.rint(numbers * scale)).max(initial=0.0)
        # room for the halves that rounding may add
        if whole < 1e-6 or total * scale * 10 + len(numbers) > MOST_UNITS:
            break
        scale *= 10
    off = float(np.abs(numbers - np.rint(numbers * scale) / scale).sum())
    return scale, 0.0 if off < 1e-9 else off


def _network(reach: csr_array, wanted: NDArray[np.int64], places: NDArray[np.int64]) -> csr_array:
    """Return who can be sent where: from 0 to the areas, from those to the sites, from those to the end."""
    areas, sites = reach.shape
    pairs = coo_array(reach)
    sources, ends = pairs.row + 1, pairs.col + areas + 1
    tails = np.concatenate([np.zeros(areas, int), sources, np.arange(areas + 1, areas + sites + 1)])
    heads = np.concatenate([np.arange(1, areas + 1), ends, np.full(sites, areas + sites + 1)])
    between = np.minimum(wanted[pairs.row], places[pairs.col])
    most = np.concatenate([wanted, between, places]).astype(np.int32)
    size = areas + sites + 2
    return csr_array((most, (tails, heads)), shape=(size, size))


def _groups(
    reach: csr_array, cut: NDArray[np.bool_], unmet: NDArray[np.int64]
) -> tuple[NDArray[np.intp], Floats]:
    """Return the overloaded areas by who shares sites, and what each group together lacks."""
    areas, sites = reach.shape
    groups = np.full(areas, -1, dtype=np.intp)
    overloaded = np.flatnonzero(cut)
    if not len(overloaded):
        return groups, np.zeros(0)
    pairs = coo_array(reach[overloaded])
    size = len(overloaded) + sites
    shared = csr_array((np.ones(pairs.nnz), (pairs.row, pairs.col + len(overloaded))), shape=(size, size))
    labels = connected_components(shared, directed=False)[1][: len(overloaded)]
    _names, first, number = np.unique(labels, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))  # groups are numbered as their first area stands
    groups[overloaded] = order[number]
    lacking = np.zeros(len(first))
    np.add.at(lacking, groups[overloaded], unmet[overloaded])
    return groups, lacking
