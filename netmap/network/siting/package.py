"""Which services to open where, so that whole packages become complete. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array

from netmap.i18n import gettext as _
from netmap.network.siting import input as checked
from netmap.network.siting.input import Columns, Flags, ImpossibleError, Numbers
from netmap.network.siting.milp import OPTIMAL, Clock, gap_of, solve


class Opened(NamedTuple):
    """A service of a type, opened at a site (a column of the cost)."""

    service_type: str
    site: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """The clients of one package in one place, and the types of service that are missing there."""

    point: int
    missing: frozenset[str]
    demand: float
    within: float


@dataclass(frozen=True)
class PackageSiting:
    """Services to open, the clients whose packages become whole, and how sure it is that none does better.

    ``complete`` are the places in the list of what was wanted; ``status`` and ``gap`` as in
    `netmap.network.siting.Siting`.
    """

    opened: tuple[Opened, ...]
    objective: float
    complete: tuple[int, ...]
    status: str
    gap: float


class Lacking:
    """What packages lack where, ready to be asked what some new services would complete.

    Parameters
    ----------
    cost : array of float, shape (demand points, sites)
        Length of the way.
    wanted : sequence of Wanted
        ``within`` in the unit of ``cost``; ``demand`` such as clients a year.

    Raises
    ------
    ImpossibleError
        If a demand is negative, a cost is no number, or there is no such demand point.
    """

    def __init__(self, cost: ArrayLike, wanted: Sequence[Wanted]) -> None:
        costs = checked.costs_of(cost)
        self.demand = checked.demand_of([one.demand for one in wanted], len(wanted))
        for one in wanted:
            if not 0 <= one.point < len(costs):
                raise ImpossibleError(
                    _(
                        "There is no demand point %(point)s: the points are numbered from 0 to %(last)s.",
                        point=one.point,
                        last=len(costs) - 1,
                    )
                )
        self.types = sorted({kind for one in wanted for kind in one.missing})
        self._column = {kind: column for column, kind in enumerate(self.types)}
        points = [one.point for one in wanted]
        self.reach = checked.within_of(costs[points], np.array([one.within for one in wanted]))
        self.missing: Flags = np.zeros((len(wanted), len(self.types)), dtype=np.bool_)
        for row, one in enumerate(wanted):
            self.missing[row, [self._column[kind] for kind in one.missing]] = True
        self.sites = costs.shape[1]

    def left(self, opened: Sequence[Opened]) -> Flags:
        """Return which types are still missing for whom once these services are open."""
        found = self.missing.copy()
        for one in opened:
            found[self.reach[:, one.site], self._column[one.service_type]] = False
        return found

    def complete(self, opened: Sequence[Opened]) -> Flags:
        """Return whose packages are whole once these services are open."""
        return np.asarray(~self.left(opened).any(axis=1))

    def value(self, opened: Sequence[Opened]) -> float:
        """Return the demand whose packages are whole once these services are open."""
        return float(self.demand[self.complete(opened)].sum())


def package_cover(lacking: Lacking, budget: int, *, time_limit: float = 20.0) -> PackageSiting:
    """Return the services to open with which most clients get everything that their package needs.

    Maximise the sum of D_k z_k, where for each missing type t of k, z_k is at most the sum of y_tj over the
    sites j within reach, and the sum of all y is at most the budget; y_tj is 1 where a service of type t is
    opened at site j. It is maximal covering (Church & ReVelle 1974, doi:10.1007/BF01942293) with every
    missing service as a condition of its own.

    Parameters
    ----------
    lacking : Lacking
    budget : int
        How many services can be opened.
    time_limit : float
        Seconds.

    Returns
    -------
    PackageSiting
        ``objective`` is the demand whose packages become whole.

    Raises
    ------
    ImpossibleError
        If the budget is no whole number that is 0 or more.

    Examples
    --------
    >>> wanted = [Wanted(0, frozenset({"job"}), 30, 5), Wanted(1, frozenset({"job", "debt"}), 50, 5)]
    >>> lacking = Lacking([[0, 9], [9, 0]], wanted)
    >>> package_cover(lacking, 1).opened
    (Opened(service_type='job', site=0),)
    >>> package_cover(lacking, 2).objective
    50.0
    """
    checked.check_number(budget, max(budget, 0), 0)
    chosen = package_greedy(lacking, budget)
    program = _Program(lacking, budget)
    if not program.opened or not budget:
        return PackageSiting((), 0.0, (), OPTIMAL, 0.0)
    solved = solve(
        program.costs,
        program.rows,
        program.low,
        program.high,
        whole=len(program.opened),
        clock=Clock(time_limit),
    )
    if solved.values is not None:
        taken = np.flatnonzero(solved.values[: len(program.opened)] > 0.5)
        found = _needed(lacking, tuple(program.opened[place] for place in taken.tolist()))
        chosen = max(found, chosen, key=lacking.value)
    value = lacking.value(chosen)
    most = float(lacking.demand.sum())
    bound = value if solved.status == OPTIMAL else max(value, min(-solved.bound, most))
    complete = tuple(np.flatnonzero(lacking.complete(chosen)).tolist())
    return PackageSiting(chosen, value, complete, solved.status, gap_of(value, bound, solved.status))


def package_greedy(lacking: Lacking, budget: int) -> tuple[Opened, ...]:
    """Return services that fit the budget: each time those that complete most demand for each service.

    A package needs all its missing services at once, so they are opened together at one site.
    """
    opened: tuple[Opened, ...] = ()
    while True:
        left = lacking.left(opened)
        waiting = left.any(axis=1)
        best, rate = None, 0.0
        for kinds in np.unique(left[waiting], axis=0):
            if kinds.sum() > budget - len(opened):
                continue
            served = np.where(waiting & ~(left & ~kinds).any(axis=1), lacking.demand, 0.0)
            gains = served @ lacking.reach / kinds.sum()
            if gains.max(initial=0.0) > rate:
                best, rate = (kinds, int(gains.argmax())), float(gains.max())
        if best is None:
            return opened
        opened += tuple(Opened(lacking.types[kind], best[1]) for kind in np.flatnonzero(best[0]).tolist())


def _needed(lacking: Lacking, opened: tuple[Opened, ...]) -> tuple[Opened, ...]:
    """Return the services without those that complete nothing."""
    kept = opened
    for one in opened:
        fewer = tuple(other for other in kept if other != one)
        if lacking.value(fewer) >= lacking.value(kept):
            kept = fewer
    return kept


class _Program:
    """The program: first 1 or 0 for each service that may be opened, then for each group of clients.

    Clients who lack the same within reach of the same sites are one group.
    """

    def __init__(self, lacking: Lacking, budget: int) -> None:
        sums: dict[tuple[bytes, bytes], float] = defaultdict(float)
        first: dict[tuple[bytes, bytes], int] = {}
        for row in np.flatnonzero((lacking.demand > 0) & lacking.reach.any(axis=1)).tolist():
            key = np.packbits(lacking.reach[row]).tobytes(), np.packbits(lacking.missing[row]).tobytes()
            first.setdefault(key, row)
            sums[key] += float(lacking.demand[row])
        groups = list(first.values())
        ways = [(np.flatnonzero(lacking.missing[row]), np.flatnonzero(lacking.reach[row])) for row in groups]
        useful = np.unique(
            np.concatenate(
                [(kinds[:, None] * lacking.sites + sites).ravel() for kinds, sites in ways]
                or [np.empty(0, int)]
            )
        )
        self.opened = [
            Opened(lacking.types[number // lacking.sites], number % lacking.sites)
            for number in useful.tolist()
        ]
        where, columns, values = list[Columns](), list[Columns](), list[Numbers]()
        row = 0
        for group, (kinds, sites) in enumerate(ways):
            for kind in kinds:
                columns += [
                    np.searchsorted(useful, kind * lacking.sites + sites),
                    np.array([useful.size + group]),
                ]
                values += [np.append(np.ones(sites.size), -1.0)]
                where.append(np.full(sites.size + 1, row))
                row += 1
        columns.append(np.arange(useful.size))
        values.append(np.ones(useful.size))
        where.append(np.full(useful.size, row))
        entries = np.concatenate(values), (np.concatenate(where), np.concatenate(columns))
        self.rows = csr_array(coo_array(entries, shape=(row + 1, useful.size + len(groups))))
        self.low = np.zeros(row + 1)
        self.high = np.append(np.full(row, np.inf), float(budget))
        self.costs = np.append(np.zeros(useful.size), [-weight for weight in sums.values()])
