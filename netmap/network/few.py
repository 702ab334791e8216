"""Counts of people that stand together, told so that no small one can be worked out from the others. Pure.

A count below five is told as "<5". Where it stands beside others and their sum, the sum would give it away;
so the sum is told as the range that all values of the small ones leave open.
"""

from collections.abc import Iterable

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.statistics import MIN_CELL_COUNT, shown


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


def told_sum(counts: Iterable[float]) -> str:
    """Return the sum of counts of people as it may be told beside its parts.

    Examples
    --------
    >>> told_sum([40, 10, 5]), told_sum([40, 3]), told_sum([3]), told_sum([3, 2])
    ('55', '41 to 44', '<5', '<9')
    """
    low, high = bounds(counts)
    if low == high:
        return shown(low)
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
