"""Which sites each demand point reaches, and with which weight, as a sparse table. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse

Floats = NDArray[np.float64]
Counts = NDArray[np.intp]
Weights = csr_array  # of (demand points, sites); what is not held is out of reach
Costs = ArrayLike | csr_array
Bands = Sequence[tuple[float, float]]


def amounts_of(values: ArrayLike, what: str) -> Floats:
    """Return one number for each demand point or site; NaN is unknown.

    Raises
    ------
    ValueError
        If there is more than one dimension, or a number below 0.
    """
    found = np.asarray(values, dtype=float)
    if found.ndim != 1:
        raise ValueError(f"The {what} has {found.ndim} dimensions; one number each is needed.")
    if (found < 0).any():
        raise ValueError(f"The {what} holds a number below 0.")
    return found


def weights_of(
    cost: Costs, shape: tuple[int, int], within: float, bands: Bands | None
) -> tuple[Weights, Counts]:
    """Return the weight of every pair in reach, and how many sites of each demand point nobody can place.

    `netmap.network.reach.two_step` says what the parameters are.

    Raises
    ------
    ValueError
        If the shape is another, a cost is below 0, or the bands do not rise.

    Examples
    --------
    >>> found, unknown = weights_of([[5.0, 15.0, float("nan")]], (1, 3), 30, [(10, 1), (20, .68)])
    >>> found.toarray().tolist(), unknown.tolist()
    ([[1.0, 0.68, 0.0]], [1])
    """
    if not within >= 0:
        raise ValueError(f"{within} is no limit of what is in reach: a number from 0 is needed.")
    if issparse(cost):
        pairs = csr_array(cost)
        costs = np.asarray(pairs.data, dtype=float)
        rows = np.repeat(np.arange(pairs.shape[0]), np.diff(pairs.indptr))
        columns: NDArray[np.integer] = pairs.indices
        size = pairs.shape
    else:
        table = np.asarray(cost, dtype=float)
        size = shape if table.shape == (0,) and 0 in shape else table.shape
        near = ~(table > within)  # those that are unknown stay in, to be counted
        rows, columns = np.nonzero(near) if table.size else (np.zeros(0, int), np.zeros(0, int))
        costs = table[near]
    if size != shape:
        raise ValueError(f"The costs have the shape {size}; {shape} is needed: demand points, sites.")
    if (costs < 0).any():
        raise ValueError("A cost is below 0.")
    unknown = np.isnan(costs)
    weight = _weight(costs, within, bands)
    kept = weight > 0
    matrix = csr_array((weight[kept], (rows[kept], columns[kept])), shape=shape)
    return matrix, np.bincount(rows[unknown], minlength=shape[0]).astype(np.intp)


def _weight(costs: Floats, within: float, bands: Bands | None) -> Floats:
    """Return the weight of each cost: that of the first band that holds it, 0 beyond all; NaN counts 0."""
    weights = np.zeros(len(costs))
    steps = [(within, 1.0)] if bands is None else list(bands)
    limits = [limit for limit, _weight in steps]
    if (
        np.isnan(limits).any()
        or limits != sorted(limits)
        or any(not 0 <= weight < np.inf for _limit, weight in steps)
    ):
        raise ValueError("Bands are (limit, weight): the limits rise, no weight is below 0.")
    for limit, weight in reversed(steps):
        weights[costs <= min(limit, within)] = weight
    return weights
