"""Which areas of a map look alike: three ranges of clients without help per 1,000 people, as told. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.picture.territory_map import AreaRow

LEVELS = 3
UNKNOWN, ASK, OPEN = "unknown", "ask", "open"

Range = tuple[float, float]


def ranges(rows: Iterable[AreaRow]) -> list[Range]:
    """Return the lowest and the highest rate of each range: about as many areas in each, none divided.

    Only areas with a gap and a rate that may be told count, to one decimal as the table says it.
    """
    told = sorted(_rate(row) for row in rows if row.gaps and row.rate is not None)
    found = []
    ends = [0, *(_after(told, len(told) * part // LEVELS) for part in range(1, LEVELS)), len(told)]
    for first, last in pairwise(ends):
        if first < last:
            found.append((told[first], told[last - 1]))
    return found


def _after(told: Sequence[float], place: int) -> int:
    """Return the first place from here on that begins a new value."""
    while 0 < place < len(told) and told[place] == told[place - 1]:
        place += 1
    return place


def shade(row: AreaRow, known: Sequence[Range]) -> str:
    """Return how an area looks: "1" to "3" by its rate, else whether something is missing at all."""
    if not row.gaps:
        return ASK if row.ask else OPEN
    if row.rate is None:
        return UNKNOWN
    return next(str(level) for level, (_low, high) in enumerate(known, start=1) if _rate(row) <= high)


def legend(rows: Sequence[AreaRow]) -> list[tuple[str, str]]:
    """Return the looks that are on the map with what each means, those with most clients last."""
    known = ranges(rows)
    met = {shade(row, known) for row in rows}
    words = {
        OPEN: _("nothing is missing"),
        ASK: _("only to ask about"),
        UNKNOWN: _("something is missing; per 1,000 not known or too few to be told"),
        **{str(level): _per_thousand(one) for level, one in enumerate(known, start=1)},
    }
    return [(look, told) for look, told in words.items() if look in met]


def _per_thousand(known: Range) -> str:
    low, high = (number(one, 1) for one in known)
    told = low if low == high else _("%(low)s to %(high)s", low=low, high=high)
    return _("%(rate)s of 1,000 people", rate=told)


def _rate(row: AreaRow) -> float:
    return round(row.rate or 0.0, 1)
