"""Counts of people that stand together, told so that no small one can be worked out from the others. Pure.

A count below five is told as "<5". Where it stands beside others and their sum, that would give it away: so
a sum with small parts is told as a range. The ranges are steps of five that depend on nothing but how many
small parts there are, joined at both ends until each part could still be any number below five. Sums of two
selections that differ by one small part do not tell it either, since the steps are the same.
"""

from collections.abc import Iterable

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.counts import small
from netmap.network.statistics import MIN_CELL_COUNT, shown

STEP = 5


def bounds(counts: Iterable[float]) -> tuple[float, float]:
    """Return between which numbers the sum of the counts may be told to lie.

    Examples
    --------
    >>> bounds([40, 10, 5]), bounds([40, 3]), bounds([40, 1.5]), bounds([20, 2, 3, 1, 4])
    ((55, 55), (41, 44), (40.0, 45.0), (30, 36))
    """
    parts = list(counts)
    hidden = [one for one in parts if small(one)]
    told = sum(one for one in parts if not small(one))
    if not hidden:
        return told, told
    if all(float(one).is_integer() for one in parts):
        low, high = _window(len(hidden), int(sum(hidden)))
        return told + low, told + high
    step = STEP * (sum(hidden) // STEP)
    return told + step, told + min(step + STEP, MIN_CELL_COUNT * len(hidden))


def _window(many: int, together: int) -> tuple[int, int]:
    """Return the range in which a sum of some small whole numbers is told to lie.

    Examples
    --------
    >>> _window(1, 3), _window(3, 7), _window(4, 7), _window(4, 12), _window(5, 14)
    ((1, 4), (3, 12), (4, 9), (10, 16), (10, 14))
    """
    most = MIN_CELL_COUNT - 1
    first_ends = (many - 1 + most) // STEP * STEP + STEP - 1  # from there on one part may be the largest
    last_begins = (most * (many - 1) + 1) // STEP * STEP  # until there one part may be the smallest
    if last_begins <= first_ends:
        return many, most * many
    if together <= first_ends:
        return many, first_ends
    if together >= last_begins:
        return last_begins, most * many
    return together // STEP * STEP, together // STEP * STEP + STEP - 1


def told_sum(counts: Iterable[float]) -> str:
    """Return the sum of counts of people as it may be told beside its parts.

    Examples
    --------
    >>> told_sum([40, 10, 5]), told_sum([40, 3]), told_sum([3]), told_sum([3, 2]), told_sum([20, 2, 3, 1, 4])
    ('55', '41 to 44', '<5', '<9', '30 to 36')
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
