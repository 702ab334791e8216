"""Is there enough before and after: supply per client where the services of a kind change. Pure.

The two-step ratio of `netmap.network.cells.capacity` is a sum over services, so those that change are taken
out and put in again; nobody has to look at the others.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netmap.network.cells.capacity import ENOUGH
from netmap.network.cells.ground import Flags
from netmap.network.whatif.line_sums import LineSums

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Queue:
    """What the services of a kind give each client of one line, area by area.

    ``known`` is the sum of the ratios that are known; ``plenty`` counts services that have room and nobody
    who asks, ``unknown`` those of which nobody knows.
    """

    known: Floats
    plenty: Floats
    unknown: Floats

    def plus(self, there: Flags, ratio: float, sign: int) -> "Queue":
        """Return the queue with one service more or less."""
        kind = 2 if np.isnan(ratio) else 1 if np.isinf(ratio) else 0
        parts = [self.known, self.plenty, self.unknown]
        parts[kind] = parts[kind] + sign * (ratio if kind == 0 else 1.0) * there
        return Queue(*parts)

    @cached_property
    def ratio(self) -> Floats:
        """The supply per client: NaN where something that is not known decides it."""
        least = np.where(self.plenty > 0, np.inf, np.round(self.known, 9))
        return np.where((self.unknown > 0) & (least < ENOUGH), np.nan, least)


def ratio_of(capacity: float | None, wanted: float) -> float:
    """Return the supply per client of one service.

    Examples
    --------
    >>> ratio_of(30, 50), ratio_of(30, 0), ratio_of(0, 0), ratio_of(None, 50)
    (0.6, inf, 0.0, nan)
    """
    if capacity is None:
        return float("nan")
    if wanted:
        return capacity / wanted
    return float("inf") if capacity else 0.0


def queues(
    lines: Mapping[tuple[str, str], LineSums],
    heads: Mapping[str, Floats],
    capacities: Mapping[str, float],
) -> dict[tuple[str, str], Queue]:
    """Return the queue of each line that wants one kind of service."""
    there = {place: line.services_there() for place, line in lines.items()}
    first = next(iter(lines.values()))
    names = first.group.services[0]
    wanted = sum((flags @ heads[profile] for profile, flags in _once(there)), np.zeros(len(names)))
    ratios = np.array(
        [ratio_of(capacities.get(name), w) for name, w in zip(names, wanted.tolist(), strict=True)]
    )
    unknown, plenty = np.isnan(ratios), np.isinf(ratios)
    known = np.where(unknown | plenty, 0.0, ratios)
    return {
        place: Queue(known @ flags, plenty.astype(float) @ flags, unknown.astype(float) @ flags)
        for place, flags in there.items()
    }


def wanted_of(there: Mapping[tuple[str, str], Flags], heads: Mapping[str, Floats]) -> float:
    """Return the clients of all lines in all areas in which a service passes, those of one package once."""
    return float(sum(heads[profile][flags].sum() for profile, flags in _once(there)))


def _once(there: Mapping[tuple[str, str], Flags]) -> Iterator[tuple[str, Flags]]:
    """Yield for each package where any of its lines is served: two lines are the same clients."""
    for profile in dict.fromkeys(profile for profile, _key in there):
        yield profile, np.logical_or.reduce([flags for place, flags in there.items() if place[0] == profile])


def changed(
    queue: Queue,
    services: Iterable[str],
    before: Mapping[str, tuple[Flags, float]],
    after: Mapping[str, tuple[Flags, float]],
) -> Queue:
    """Return a queue in which some services give something else: where they pass, and their ratio."""
    for service in services:
        for state, sign in ((before, -1), (after, 1)):
            if service in state:
                flags, ratio = state[service]
                queue = queue.plus(flags, ratio, sign)
    return queue
