"""Why help that is there is not enough: too few places, or too long a wait; each with its areas. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from netmap.network.cells.table import Cell
from netmap.network.cells.weights import Demands


@dataclass(frozen=True)
class TooFew:
    """The areas with too few places and those with too long a wait; an area may be in both.

    ``places`` are the places for 100 clients of the first, ``wait`` the days of the shortest wait in any of
    the others; None where there are no such areas.
    """

    short: tuple[str, ...]
    slow: tuple[str, ...]
    places: int | None
    wait: float | None


def too_few(cells: Iterable[Cell], demands: Demands, min_ratio: float, target: float) -> TooFew:
    """Return why there is not enough in some cells of one package.

    Parameters
    ----------
    cells : iterable of Cell
        Those with fewer places for each client than ``min_ratio``, or a longer wait than ``target`` days. Of
        several in one area the worst counts.
    demands : mapping of (area, package) to Demand
        How much an area weighs among the others; all weigh the same where nothing is known.
    """
    ratios: dict[str, float] = {}
    waits: dict[str, float] = {}
    profile = ""
    for cell in cells:
        profile = cell.profile
        if cell.ratio is not None and cell.ratio < min_ratio:
            ratios[cell.area] = min(cell.ratio, ratios.get(cell.area, cell.ratio))
        if cell.wait is not None and cell.wait > target:
            waits[cell.area] = max(cell.wait, waits.get(cell.area, cell.wait))
    places = None
    if ratios:
        known = {area: found.expected for area in ratios if (found := demands.get((area, profile)))}
        heads = known if sum(known.values()) > 0 else dict.fromkeys(ratios, 1.0)
        there = sum(number * min(1.0, ratios[area]) for area, number in heads.items())
        places = round(100 * there / sum(heads.values()))
    return TooFew(tuple(ratios), tuple(waits), places, min(waits.values(), default=None))
