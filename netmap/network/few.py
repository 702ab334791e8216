"""Counts of people that stand together, told so that no small one can be worked out from the others. Pure.

A count below five is told as "<5". Where it stands beside others and their sum, that would give it away: so
a sum with small parts is told as a range, from one person for each of them to four. It depends on nothing
but the larger parts and how many small ones there are, so it is the same whatever their numbers are, and it
holds the sum whether these were given as they are or as `netmap.network.counts.SMALL`.
"""

from collections.abc import Iterable, Mapping

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.counts import small
from netmap.network.statistics import MIN_CELL_COUNT, shown

Span = tuple[float, float]  # between which two numbers a sum lies


def bounds(counts: Iterable[float]) -> Span:
    """Return between which numbers the sum of the counts may be told to lie.

    Examples
    --------
    >>> bounds([40, 10, 5]), bounds([40, 3]), bounds([20, 2.5, 2.5]), bounds([20, 2, 3, 1, 4])
    ((55, 55), (41, 44), (22, 28), (24, 36))
    """
    parts = list(counts)
    hidden = sum(small(one) for one in parts)
    known = sum(one for one in parts if not small(one))
    return known + hidden, known + hidden * (MIN_CELL_COUNT - 1)


def told_groups(rows: Iterable[float], groups: Mapping[str | None, int]) -> dict[str | None, str]:
    """Return how many of the people of some rows belong to each group, as it may be told beside the rows.

    Rows and groups have the same sum, so that one small number in either could be worked out from all
    others. Therefore the first group that is large takes up what is not told: it becomes a range, with every
    small number anything from one to four. Where that leaves it too little, nothing is told.

    Parameters
    ----------
    rows : iterable of float
    groups : mapping
        The groups with their sizes, that which matters least first.

    Examples
    --------
    >>> told_groups([20, 30], {"": 40, "lt": 10})
    {'': '40', 'lt': '10'}
    >>> told_groups([20, 3, 2], {"": 13, "lt": 10, "uk": 2}), told_groups([20], {"lt": 16, "uk": 4})
    ({'': '8 to 17', 'lt': '10', 'uk': '<5'}, {'lt': '16 to 19', 'uk': '<5'})
    >>> told_groups([6], {"lt": 3, "uk": 3})
    {}
    """
    low, high = bounds(rows)
    least, most = bounds(one for one in groups.values() if small(one))
    found = {name: shown(size) for name, size in groups.items()}
    if low == high and not least:
        return found
    first = next((name for name, size in groups.items() if not small(size)), None)
    large = sum(size for name, size in groups.items() if not small(size) and name != first)
    if first not in groups or low - large - most < MIN_CELL_COUNT:
        return {}
    return found | {first: told_span(low - large - most, high - large - least)}


def told_sum(counts: Iterable[float]) -> str:
    """Return the sum of counts of people as it may be told beside its parts.

    Examples
    --------
    >>> told_sum([40, 10, 5]), told_sum([40, 3]), told_sum([3]), told_sum([3, 2]), told_sum([20, 2, 3, 1, 4])
    ('55', '41 to 44', '<5', '<9', '24 to 36')
    """
    return told_span(*bounds(counts))


def told_span(low: float, high: float) -> str:
    """Return in words what `bounds` says of a sum.

    Examples
    --------
    >>> told_span(0, 0), told_span(12.5, 12.5), told_span(1, 4), told_span(7, 13)
    ('0', '12.5', '<5', '7 to 13')
    """
    if low == high:
        return shown(low)
    if low < MIN_CELL_COUNT:
        return f"<{number(high + 1)}"
    return _("%(low)s to %(high)s", low=number(low), high=number(high))
