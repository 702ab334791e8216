"""Supply per head, what cannot be served, and how long people would wait, of one kind of service. Pure.

Demand points are pairs (kind of client, area): who lives in one area may be let in by other services than
their neighbours, and all of them share the same places.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from netmap.network.queueing import Loss, Queue, erlang_b, erlang_c
from netmap.network.reach.catchment import Bands, Counts, Floats
from netmap.network.reach.enough import UnmetFlow, two_step, unmet_flow

DAYS_A_YEAR = 365.0


@dataclass(frozen=True, eq=False, slots=True)
class Sums:
    """Everything by kind of client and area: shape (kinds, areas) unless said otherwise.

    Attributes
    ----------
    access, banded : float
        Supply per head in plain steps and weighed by distance; NaN where a capacity in reach is unknown.
    least, banded_least : float
        The same from the known capacities alone: it is at least so much.
    reached, unknown, doubtful : int
        Services in reach, those of them without a known capacity, and services nobody can place.
    idle : bool
        Whether a service in reach has places and nobody who would use it was counted.
    """

    access: Floats
    banded: Floats
    least: Floats
    banded_least: Floats
    reached: Counts
    unknown: Counts
    doubtful: Counts
    idle: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Unserved:
    """What no assignment can serve, of all kinds of clients in all areas one after the other.

    ``certain`` takes every unknown capacity for endless, ``possible`` for nothing.
    """

    certain: UnmetFlow
    possible: UnmetFlow


@dataclass(frozen=True, slots=True)
class Waiting:
    """The queue of areas that share services, as if all of them stood in one: in truth it is longer.

    ``areas`` are numbers of areas; ``places`` those that are known, ``unknown`` how many services have none;
    ``queue`` and ``loss`` are None where nothing can be said.
    """

    areas: tuple[int, ...]
    clients: float
    places: int
    unknown: int
    queue: Queue | None
    loss: Loss | None


def sums(costs: Sequence[csr_array], demand: Floats, capacity: Floats, within: float, bands: Bands) -> Sums:
    """Return supply per head, shared out among all kinds of clients.

    Parameters
    ----------
    costs : sequence of (areas, services) sparse arrays, one for each kind of client
        Kilometres or minutes of each pair that may be in reach; NaN where nobody knows.
    demand : (kinds, areas)
        Clients a year; what is unknown has to be given as 0, and told beside the result.
    capacity : (services,)
        Clients a year; NaN where unknown.
    """
    points, shape = csr_array(vstack(costs)), demand.shape
    clients, known = demand.ravel(), np.nan_to_num(capacity)
    plain, weighed = (two_step(points, capacity, clients, within, some) for some in (None, bands))
    least, weighed_least = (two_step(points, known, clients, within, some).access for some in (None, bands))
    near = points.data <= within
    rows = np.repeat(np.arange(points.shape[0]), np.diff(points.indptr))
    blank = near & np.isnan(capacity)[points.indices]
    unknown = np.bincount(rows[blank], minlength=points.shape[0]).astype(np.intp)
    in_reach = csr_array((near.astype(float), points.indices, points.indptr), shape=points.shape)
    unused = (in_reach.T @ clients == 0) & (known > 0)
    return Sums(
        plain.access.reshape(shape),
        weighed.access.reshape(shape),
        least.reshape(shape),
        weighed_least.reshape(shape),
        plain.reached.reshape(shape),
        unknown.reshape(shape),
        plain.doubtful.reshape(shape),
        (in_reach @ unused > 0).reshape(shape),
    )


def sums_apart(
    costs: Sequence[csr_array], people: Floats, capacity: Floats, within: float, bands: Bands
) -> Sums:
    """Return supply per head as if all ``people`` (areas,) were clients of one kind, then of the next.

    Nobody has counted who of them is of which kind.
    """
    parts = [sums([cost], people[None, :], capacity, within, bands) for cost in costs]
    return Sums(*(np.concatenate([getattr(one, part.name) for one in parts]) for part in fields(Sums)))


def unserved(costs: Sequence[csr_array], demand: Floats, capacity: Floats, within: float) -> Unserved:
    """Return what no assignment can serve; the parameters are those of `sums`."""
    points, clients = csr_array(vstack(costs)), demand.ravel()
    endless = np.where(np.isnan(capacity), np.inf, capacity)
    return Unserved(
        unmet_flow(points, endless, clients, within),
        unmet_flow(points, np.nan_to_num(capacity), clients, within),
    )


def together(ratio: Floats, demand: Floats) -> Floats:
    """Return one ratio for each area: that of all its kinds of clients, weighed by how many there are.

    Examples
    --------
    >>> together(np.array([[0.5], [1.0]]), np.array([[30.0], [10.0]])).tolist()
    [0.625]
    """
    weight = np.where(demand.sum(axis=0) > 0, demand, 1.0)
    # a kind of which there is nobody in an area decides nothing there, not even where its ratio is unknown
    found: Floats = np.where(weight > 0, ratio * weight, 0.0).sum(axis=0) / weight.sum(axis=0)
    return found


def waiting(
    costs: Sequence[csr_array], demand: Floats, places: Floats, within: float, stay: float
) -> list[Waiting]:
    """Return the queue of each group of areas that share services, the fullest first.

    Parameters
    ----------
    costs, demand, within
        As in `sums`.
    places : (services,)
        Clients that each can help at the same time; NaN where unknown.
    stay : float
        For how many days a client takes up a place, on average.
    """
    labels, areas = _shared(costs, within), demand.shape[1]
    found = []
    for label in np.unique(labels[areas:]):
        here = np.flatnonzero(labels[:areas] == label)
        sites = places[labels[areas:] == label]
        clients, unknown = float(demand[:, here].sum()), int(np.isnan(sites).sum())
        if not len(here) or not clients:
            continue
        count = int(np.nansum(sites))
        offered = clients * stay / DAYS_A_YEAR
        queue, loss = (None, None) if unknown else (erlang_c(offered, count), erlang_b(offered, count))
        found.append(Waiting(tuple(here.tolist()), clients, count, unknown, queue, loss))
    return sorted(found, key=lambda one: (-one.clients / max(one.places, 1), one.areas))


def _shared(costs: Sequence[csr_array], within: float) -> NDArray[np.intp]:
    """Return a label for each area, then each service: the same where somebody may go from one to other."""
    areas, services = costs[0].shape
    pairs = csr_array((areas, services))
    for cost in costs:
        near = csr_array(cost, copy=True)
        near.data = (near.data <= within).astype(float)
        pairs = csr_array(pairs + near)
    above = hstack([csr_array((areas, areas)), pairs])
    square = vstack([above, csr_array((services, areas + services))])
    return connected_components(csr_array(square), directed=False)[1].astype(np.intp)
