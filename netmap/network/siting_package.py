"""Which services to open where, so that whole packages become complete. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array

from netmap.i18n import gettext as _
from netmap.network import siting_input as checked
from netmap.network.siting_input import Flags, ImpossibleError, Numbers
from netmap.network.siting_milp import OPTIMAL, Clock, gap_of, solve


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


def package_cover(
    cost: ArrayLike, wanted: Sequence[Wanted], budget: int, *, time_limit: float = 20.0
) -> PackageSiting:
    """Return the services to open with which most clients get everything that their package needs.

    Maximise the sum of D_k z_k, where for each missing type t of k, z_k is at most the sum of y_tj over the
    sites j within reach, and the sum of all y is at most the budget; y_tj is 1 where a service of type t is
    opened at site j.

    Parameters
    ----------
    cost : array of float, shape (demand points, sites)
        Length of the way.
    wanted : sequence of Wanted
        ``within`` in the unit of ``cost``; ``demand`` such as clients a year.
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
        If the budget or a demand is negative, a cost is no number, or there is no such demand point.

    References
    ----------
    Maximal covering (Church & ReVelle 1974, doi:10.1007/BF01942293) with every missing service as a
    condition of its own.

    Examples
    --------
    >>> cost = [[0, 9], [9, 0]]
    >>> wanted = [Wanted(0, frozenset({"job"}), 30, 5), Wanted(1, frozenset({"job", "debt"}), 50, 5)]
    >>> package_cover(cost, wanted, 1).opened
    (Opened(service_type='job', site=0),)
    >>> package_cover(cost, wanted, 2).objective
    50.0
    """
    costs = checked.costs_of(cost)
    weights = checked.demand_of([one.demand for one in wanted], len(wanted))
    _check(costs, wanted, budget)
    groups = _alike(costs, wanted, weights)
    if not groups or not budget:
        return PackageSiting((), 0.0, (), OPTIMAL, 0.0)
    program = _Program(groups, budget)
    solved = solve(
        program.costs,
        program.rows,
        program.low,
        program.high,
        whole=len(program.opened),
        clock=Clock(time_limit),
    )
    start = package_greedy(costs, wanted, budget)
    chosen = start
    if solved.values is not None:
        taken = np.flatnonzero(solved.values[: len(program.opened)] > 0.5)
        chosen = _needed([program.opened[place] for place in taken], costs, wanted)
        chosen = max(chosen, start, key=lambda some: _value(some, costs, wanted))
    complete = completed(costs, wanted, chosen)
    value = float(sum(wanted[place].demand for place in complete))
    bound = value if solved.status == OPTIMAL else max(value, min(-solved.bound, float(weights.sum())))
    return PackageSiting(chosen, value, complete, solved.status, gap_of(value, bound, solved.status))


def completed(costs: Numbers, wanted: Sequence[Wanted], opened: Sequence[Opened]) -> tuple[int, ...]:
    """Return the places in ``wanted`` where everything that is missing is opened within reach."""
    at: dict[str, list[int]] = defaultdict(list)
    for one in opened:
        at[one.service_type].append(one.site)
    return tuple(
        place
        for place, want in enumerate(wanted)
        if all((costs[want.point, at.get(kind, [])] <= want.within).any() for kind in want.missing)
    )


def package_greedy(costs: Numbers, wanted: Sequence[Wanted], budget: int) -> tuple[Opened, ...]:
    """Return services that fit the budget: each time those that complete most clients for each service.

    A place needs all its missing services at once, so they are opened together at one site.
    """
    opened: tuple[Opened, ...] = ()
    while True:
        best: tuple[float, tuple[Opened, ...]] = (0.0, ())
        before = _value(opened, costs, wanted)
        sets = {
            (missing, site)
            for want in wanted
            if (missing := _still(costs, want, opened))
            for site in np.flatnonzero(costs[want.point] <= want.within).tolist()
        }
        for missing, site in sorted(sets, key=lambda pair: (sorted(pair[0]), pair[1])):
            more = tuple(Opened(kind, site) for kind in sorted(missing))
            if len(opened) + len(more) <= budget:
                gain = (_value((*opened, *more), costs, wanted) - before) / len(more)
                best = max(best, (gain, more), key=lambda pair: pair[0])
        if not best[1]:
            return opened
        opened += best[1]


def _still(costs: Numbers, want: Wanted, opened: Sequence[Opened]) -> frozenset[str]:
    here = {one.service_type for one in opened if costs[want.point, one.site] <= want.within}
    return want.missing - here


def _value(opened: Sequence[Opened], costs: Numbers, wanted: Sequence[Wanted]) -> float:
    return float(sum(wanted[place].demand for place in completed(costs, wanted, opened)))


def _needed(opened: Sequence[Opened], costs: Numbers, wanted: Sequence[Wanted]) -> tuple[Opened, ...]:
    """Return the services without those that complete nothing."""
    kept = tuple(opened)
    for one in opened:
        fewer = tuple(other for other in kept if other != one)
        if _value(fewer, costs, wanted) >= _value(kept, costs, wanted):
            kept = fewer
    return kept


def _check(costs: Numbers, wanted: Sequence[Wanted], budget: int) -> None:
    checked.check_number(budget, max(budget, 0), 0)
    for want in wanted:
        if not 0 <= want.point < len(costs):
            raise ImpossibleError(
                _(
                    "There is no demand point %(point)s: the points are numbered from 0 to %(last)s.",
                    point=want.point,
                    last=len(costs) - 1,
                )
            )


def _alike(
    costs: Numbers, wanted: Sequence[Wanted], weights: Numbers
) -> list[tuple[Flags, frozenset[str], float]]:
    """Return reach, missing types and demand; places that ask for the same are put together."""
    sums: dict[tuple[bytes, frozenset[str]], float] = defaultdict(float)
    reaches: dict[bytes, Flags] = {}
    for want, weight in zip(wanted, weights.tolist(), strict=True):
        reach = costs[want.point] <= want.within
        if weight and want.missing and reach.any():
            key = np.packbits(reach).tobytes()
            reaches[key] = reach
            sums[key, want.missing] += weight
    return [(reaches[key], missing, weight) for (key, missing), weight in sums.items()]


class _Program:
    """The program: first 1 or 0 for each service that may be opened, then for each group of clients."""

    def __init__(self, groups: Sequence[tuple[Flags, frozenset[str], float]], budget: int) -> None:
        useful: dict[Opened, int] = {}
        for reach, missing, _weight in groups:
            for kind in sorted(missing):
                for site in np.flatnonzero(reach).tolist():
                    useful.setdefault(Opened(kind, site), len(useful))
        self.opened = list(useful)
        where, columns, values = [], [], []
        row = 0
        for group, (reach, missing, _weight) in enumerate(groups):
            for kind in sorted(missing):
                sites = [useful[Opened(kind, site)] for site in np.flatnonzero(reach).tolist()]
                columns += [*sites, len(useful) + group]
                values += [*[1.0] * len(sites), -1.0]
                where += [row] * (len(sites) + 1)
                row += 1
        columns += range(len(useful))
        values += [1.0] * len(useful)
        where += [row] * len(useful)
        shape = (row + 1, len(useful) + len(groups))
        self.rows = csr_array(coo_array((values, (where, columns)), shape=shape))
        self.low = np.append(np.zeros(row), 0.0)
        self.high = np.append(np.full(row, np.inf), float(budget))
        self.costs = np.append(np.zeros(len(useful)), [-weight for _reach, _missing, weight in groups])
