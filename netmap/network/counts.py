"""Counts of people as they may be told: small groups are not, and no sum or difference gives them away. Pure.

A group of one to four people could be recognised. Wherever such a count goes into something that is told (a
sum, a rate, an interval, an order) it goes in as `SMALL`, the middle of what it may be. So all that is told
follows from what may be told of the single groups, and no two reports put side by side say more than each.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from netmap.network.statistics import MIN_CELL_COUNT, Demand

SMALL = MIN_CELL_COUNT / 2  # what a small group counts as
FEWER = f"<{MIN_CELL_COUNT}"
SHARE_CLIENTS = 10  # a share from elsewhere says as much about an area as so many of its own clients would

_telling: ContextVar[bool] = ContextVar("telling", default=False)


@contextmanager
def telling() -> Iterator[None]:
    """Let small groups go in as `SMALL` into all that is worked out inside the block, since people see it."""
    before = _telling.set(True)
    try:
        yield
    finally:
        _telling.reset(before)


def told(count: float) -> float:
    """Return a count as it goes into what is worked out now: guarded for people, exact for the terminal.

    Examples
    --------
    >>> told(3)
    3
    >>> with telling():
    ...     told(3)
    2.5
    """
    return guarded(count) if _telling.get() else count


def at_least(parts: Iterable[float]) -> float:
    """Return a sum that is only told as "at least": for people a small part goes in as one person.

    Examples
    --------
    >>> at_least([20, 3])
    23
    >>> with telling():
    ...     at_least([20, 3]), at_least([3])
    (21, 2.5)
    """
    return told(sum(1 if _telling.get() and small(one) else one for one in parts))


def small(count: float) -> bool:
    """Return whether a count is of so few people that they could be recognised.

    Examples
    --------
    >>> [small(count) for count in (0, 1, 4.9, 5)]
    [False, True, True, False]
    """
    return 0 < count < MIN_CELL_COUNT


def guarded(count: float) -> float:
    """Return a count as it may go into sums that are told.

    Examples
    --------
    >>> [guarded(count) for count in (0, 1, 4, 5, 12)]
    [0, 2.5, 2.5, 5, 12]
    """
    return SMALL if small(count) else count


def share_demand(clients: float, base: float) -> Demand:
    """Return the demand that a share found elsewhere gives for ``base`` clients of an area.

    The share here is not the share there: it is a beta with the weight of `SHARE_CLIENTS`, and the clients of
    a year vary around it. Where one share stands in for several areas, it is wrong in all of them alike.

    Examples
    --------
    >>> found = share_demand(56.4, 100)
    >>> found.expected, round(found.variance, 1), round(found.common, 1)
    (56.4, 56.4, 15.0)
    """
    share = clients / base
    common = base * math.sqrt(share * (1 - share) / (SHARE_CLIENTS + 1))
    return Demand(clients, None, clients, clients, common)
