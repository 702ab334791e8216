"""Is there enough: supply per client for cells, where several packages share the same services. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Passing(Protocol):
    """Services x areas: a table of flags, or a sparse one."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many services and areas."""
        ...

    def nonzero(self) -> tuple[NDArray[np.integer], ...]:
        """Return the rows and the columns of who passes."""
        ...


Floats = NDArray[np.float64]

ENOUGH = 1.0  # a place for everybody: what is beyond that decides nothing


def capacity_ratio(passing: Passing, capacity: Floats, demand: Floats) -> Floats:
    """Return the supply per client in each area, for one line of one package.

    Parameters
    ----------
    passing : (services, areas) bool
        Who passes every test there. A service with several places is one row that passes where one of them
        does: its capacity is there once.
    capacity : (services,) float
        Clients that each can help in a year; NaN where unknown.
    demand : (areas,) float
        Clients a year; NaN where unknown.

    Returns
    -------
    (areas,) float
        Plain two-step ratio of `netmap.network.reach.two_step`. NaN where an unknown capacity or demand
        decides it; where the known services alone are enough for all, their sum is told: it is at least so
        much. Infinite where there is capacity and nobody to use it. 0 where nobody passes.

    Examples
    --------
    Thirty places for the forty of A and the ten of B; nobody is there for C:

    >>> passing = np.array([[True, True, False]])
    >>> capacity_ratio(passing, np.array([30.0]), np.array([40.0, 10.0, 5.0])).tolist()
    [0.6, 0.6, 0.0]
    """
    return shared_capacity([(passing, demand)], capacity)[0]


def shared_capacity(
    lines: Sequence[tuple[Passing, Floats]], capacity: Floats, people: Sequence[Hashable] | None = None
) -> list[Floats]:
    """Return the supply per client in each area, for each line that needs this kind of service.

    Two packages that need the same kind of help stand in the same queue. Two lines of one package are the
    same clients, who stand there once.

    Parameters
    ----------
    lines : sequence of (passing, demand)
        One pair for each line of each package, as `capacity_ratio` has them; same services, same rows.
    capacity : (services,) float
    people : sequence, optional
        Whose line each is; lines with equal marks are of the same clients. All are others where not given.

    Examples
    --------
    Forty lone parents and twenty carers in one town look for work with the same adviser:

    >>> here = np.array([[True]])
    >>> [found.tolist() for found in shared_capacity([(here, np.array([40.])), (here, np.array([20.]))],
    ...                                              np.array([30.]))]
    [[0.5], [0.5]]
    """
    capacity = np.asarray(capacity, dtype=float)
    pairs = [passing.nonzero() for passing, _demand in lines]
    ratio = _ratio(
        capacity, _wanted(lines, pairs, len(capacity), range(len(lines)) if people is None else people)
    )
    known, unknown = np.where(np.isnan(ratio), 0.0, ratio), np.isnan(ratio).astype(float)
    found = []
    for (rows, columns), (passing, _demand) in zip(pairs, lines, strict=True):
        width = passing.shape[1]
        least = np.bincount(columns, weights=known[rows], minlength=width)
        doubtful = np.bincount(columns, weights=unknown[rows], minlength=width) > 0
        found.append(np.where(doubtful & (least < ENOUGH), np.nan, least))
    return found


def _wanted(
    lines: Sequence[tuple[Passing, Floats]],
    pairs: Sequence[tuple[NDArray[np.integer], ...]],
    services: int,
    people: Sequence[Hashable],
) -> Floats:
    """Return the clients of each service: those of all lines that it passes for, the same ones once."""
    wanted = np.zeros(services)
    same: dict[Hashable, list[int]] = defaultdict(list)
    for number, mark in enumerate(people):
        same[mark].append(number)
    for numbers in same.values():
        passing, demand = lines[numbers[0]]
        rows, columns = pairs[numbers[0]]
        if len(numbers) > 1:
            width = passing.shape[1]
            every = [pairs[number][0].astype(np.int64) * width + pairs[number][1] for number in numbers]
            rows, columns = np.divmod(np.unique(np.concatenate(every)), max(1, width))
        wanted += np.bincount(rows, weights=np.asarray(demand, dtype=float)[columns], minlength=services)
    return wanted


def _ratio(capacity: Floats, wanted: Floats) -> Floats:
    """Return capacity over demand: infinite where nobody wants what is there, NaN where one is unknown."""
    nobody = np.where(capacity > 0, np.inf, 0.0)
    nobody[np.isnan(capacity)] = np.nan
    ratio: Floats = np.divide(capacity, wanted, out=nobody, where=wanted != 0)
    return ratio
