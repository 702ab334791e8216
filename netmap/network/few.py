"""Counts of people that stand together, told so that no small one can be worked out from the others. Pure.

A count below five is told as "<5". Where it stands beside others and their sum, that would give it away, so
a sum with one or two small parts is told as the range that these leave open; with more of them it is rounded
to fives, if each of the small ones could then still be any number below five, also for somebody who compares
the sums of two selections that differ by one area.
"""

import math
from collections.abc import Iterable

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.statistics import MIN_CELL_COUNT, shown

BASE = 5
FEWEST = 3  # small parts, from which on a sum is rounded


def small(count: float) -> bool:
    """Return whether so few people could be recognised."""
    return 0 < count < MIN_CELL_COUNT


def bounds(counts: Iterable[float]) -> tuple[float, float]:
    """Return between which numbers the sum lies for somebody who knows only what is told of the parts.

    Examples
    --------
    >>> bounds([40, 10, 5]), bounds([40, 3]), bounds([40, 1.5])
    ((55, 55), (41, 44), (40, 45))
    """
    parts = list(counts)
    hidden = sum(small(one) for one in parts)
    told = sum(one for one in parts if not small(one))
    whole = all(float(one).is_integer() for one in parts)
    return told + hidden * int(whole), told + hidden * (MIN_CELL_COUNT - int(whole))


def rounded(counts: Iterable[float]) -> int | None:
    """Return the sum in fives, None where even that would say too much of a small part.

    Examples
    --------
    >>> rounded([20, 2, 3, 1, 4]), rounded([40, 3]), rounded([1, 1, 1])
    (30, None, 5)
    """
    parts = list(counts)
    hidden = [one for one in parts if small(one)]
    told = sum(one for one in parts if not small(one))
    near = BASE * math.floor((told + sum(hidden)) / BASE + 0.5)
    low, high = near - BASE / 2 - told, near + BASE / 2 - told  # what the small ones may be together
    many = len(hidden)
    free = (
        math.ceil(high) - 1 >= many + MIN_CELL_COUNT - 2 and math.ceil(low) <= (MIN_CELL_COUNT - 1) * many - 3
    )
    return near if many >= FEWEST and free else None


def told_sum(counts: Iterable[float]) -> str:
    """Return the sum of counts of people as it may be told beside its parts.

    Examples
    --------
    >>> told_sum([40, 10, 5]), told_sum([40, 3]), told_sum([3]), told_sum([3, 2]), told_sum([20, 2, 3, 1, 4])
    ('55', '41 to 44', '<5', '<9', 'about 30')
    """
    parts = list(counts)
    low, high = bounds(parts)
    if low == high:
        return shown(low)
    near = rounded(parts)
    if near is not None:
        return _("about %(number)s", number=number(near))
    if low < MIN_CELL_COUNT:
        return f"<{number(high + int(low > 0))}"
    return _("%(low)s to %(high)s", low=number(low), high=number(high))


def told_part(part: int, whole: int) -> tuple[str, str]:
    """Return a part and its whole as they may be told side by side; "" for the whole that would say too much.

    Examples
    --------
    >>> told_part(30, 40), told_part(38, 40), told_part(3, 40), told_part(6, 6)
    (('30', '40'), ('38', ''), ('<5', ''), ('6', '6'))
    """
    rest = whole - part
    return shown(part), "" if small(part) or small(rest) else shown(whole)
