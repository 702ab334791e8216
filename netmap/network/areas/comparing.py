"""Areas side by side: what is open there, what hangs on one provider, how fresh and how quick it is. Pure.

Every area is measured by the same packages, so areas can be compared. What has to be asked about or checked
is neither open nor closed and stands apart. Of very few services no share is told: it would be chance, and
about one provider.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from netmap.network.cells.engine import K_MIN, Cell
from netmap.network.cells.states import state_of

FEWEST = 5  # services, below which nothing is told of their freshness and their waiting times


@dataclass(frozen=True, slots=True)
class Reached:
    """Needed lines of all packages in one area: open for sure, to be asked or checked, on one provider."""

    lines: int
    open: int
    ask: int
    single: int
    packages: int
    complete: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One area as it is compared with others; shares from 0 to 1, None where nothing may be told.

    ``checked`` is of the services that lie there; ``wait_days`` is the middle of their known waiting times.
    """

    area: str
    coverage: float | None
    perhaps: float | None
    gaps: int
    single: float | None
    complete: float | None
    checked: float | None
    wait_days: float | None


MEASURES = ("coverage", "perhaps", "gaps", "single", "complete", "checked", "wait_days")
FALLING = frozenset({"coverage", "complete", "checked"})  # more of these is better


def reached(cells: Iterable[Cell], untyped: int = 0, fewest: int = K_MIN) -> Mapping[str, Reached]:
    """Return for each area how many needed lines there are and what becomes of them.

    ``untyped`` is how many services have no confirmed type, where they are many: any of them may be what
    nobody is recorded to offer. An open line with fewer providers than ``fewest`` hangs on too few.
    """
    counts: dict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("lines", "open", "ask", "single"), 0)
    )
    whole: dict[str, dict[str, bool]] = defaultdict(dict)
    for cell in cells:
        if not cell.required:
            continue
        count = counts[cell.area]
        count["lines"] += 1
        count["open"] += cell.n_lo > 0
        count["ask"] += state_of(cell, untyped) in ("ask", "unchecked")
        count["single"] += cell.n_lo > 0 and cell.providers < fewest
        whole[cell.area][cell.profile] = whole[cell.area].get(cell.profile, True) and cell.n_lo > 0
    return {
        area: Reached(**count, packages=len(whole[area]), complete=sum(whole[area].values()))
        for area, count in counts.items()
    }


def share(part: int, whole: int, fewest: int = 1) -> float | None:
    """Return a share, None where there are too few to tell one.

    Examples
    --------
    >>> share(3, 4), share(0, 0), share(3, 4, fewest=5)
    (0.75, None, None)
    """
    return part / whole if whole >= max(1, fewest) else None


def mean_of(rows: Sequence[Compared], measure: str) -> float | None:
    """Return the mean over all areas of which the measure is known, None where it is of none."""
    known = [value for row in rows if (value := getattr(row, measure)) is not None]
    return fmean(known) if known else None


def place_of(rows: Sequence[Compared], area: str, measure: str) -> tuple[int, int] | None:
    """Return the place of an area among those of which the measure is known, the best first, and of how many.

    Equals share the better place.
    """
    known = {row.area: getattr(row, measure) for row in rows if getattr(row, measure) is not None}
    if area not in known:
        return None
    own = known[area]
    better = sum(value > own if measure in FALLING else value < own for value in known.values())
    return better + 1, len(known)


def in_order(rows: Iterable[Compared], measure: str, names: Mapping[str, str]) -> list[Compared]:
    """Return the areas by a measure, what needs help most first, unknown last; or by name."""

    def key(row: Compared) -> tuple[bool, float, str]:
        value = getattr(row, measure) if measure in MEASURES else 0.0
        if value is None:
            return True, 0.0, names.get(row.area, row.area)
        return False, value if measure in FALLING else -value, names.get(row.area, row.area)

    return sorted(rows, key=key)
