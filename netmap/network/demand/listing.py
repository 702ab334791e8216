"""The table of demand as it may be told: figures of areas and packages, and the pairs that nobody knows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.offers import area_insides
from netmap.network import queries
from netmap.network.counts import small
from netmap.network.demand.demands import RECORDED, Figure, Pair, figures
from netmap.network.few import told_sum
from netmap.network.planning import planning_areas
from netmap.packages.service import published

SORTS = ("area", "package", "clients", "day")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; ``held_back`` means that a group of fewer than five could be worked out from it."""

    pair: Pair
    figure: Figure
    held_back: bool

    @property
    def hidden(self) -> bool:
        """Whether only "fewer than five", or nothing, may be told."""
        return self.held_back or small(self.figure.demand.clients)


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a selection, the pairs of planning area and package that nobody knows, and of how many.

    ``together`` are the clients of one package in all planning areas of the selection; None where more than
    one package is shown, since one person may fit two.
    """

    rows: list[Row]
    unknown: list[Pair]
    pairs: int
    together: str | None


def listing(
    session: Session,
    settings: Settings,
    *,
    area: str | None = None,
    package: str | None = None,
    sort: str = "area",
    names: Mapping[str, str],
) -> Listing:
    """Return what is known of an area with everything in it, or of all, and of one package or all.

    Parameters
    ----------
    session : Session
    settings : Settings
    area, package : str, optional
    sort : str
        One of `SORTS`.
    names : mapping
        Area or package code -> name in the reader's language, to sort by.
    """
    inside = area_insides(session)
    planning = planning_areas(queries.areas(session), queries.located_places(session)).points.keys()
    wanted = set(inside(area)) if area else None
    packages = [code for code, _number, _document in published(session) if package in (None, code)]
    every = figures(session, settings)
    known = {
        pair: figure
        for pair, figure in every.items()
        if (wanted is None or pair[0] in wanted) and package in (None, pair[1])
    }
    held = held_back(inside, every)
    rows = [Row(pair, figure, pair in held) for pair, figure in known.items()]
    areas = sorted(
        (code for code in planning if wanted is None or code in wanted), key=lambda one: names.get(one, one)
    )
    single = [row for row in rows if row.pair[0] in planning]
    return Listing(
        rows=sorted(rows, key=lambda row: _order(row, sort, names)),
        unknown=[(code, one) for code in areas for one in packages if (code, one) not in known],
        pairs=len(areas) * len(packages),
        together=told_sum(row.figure.demand.clients for row in single) if package and single else None,
    )


Inside = Callable[[str], frozenset[str]]
Counts = Mapping[Pair, float]


def held_back(inside: Inside, known: Mapping[Pair, Figure]) -> set[Pair]:
    """Return the counts of wider areas from which a small group could be worked out.

    That is so where a part of the area is one, or where one is left when the parts that are told are taken
    away. What netmap has seen in an area is no sum of what it has seen in its parts, so it tells nothing.
    """
    return _held(inside, *_counts(known))


def tells_of(inside: Inside, known: Mapping[Pair, Figure], pair: Pair, clients: float) -> bool:
    """Return whether a small group could be worked out if a former count were told as well."""
    counts, entered = _counts(known)
    found = _held(inside, {**counts, pair: clients}, entered | {pair})
    return pair in found or not found <= _held(inside, counts, entered)


def _counts(known: Mapping[Pair, Figure]) -> tuple[Counts, frozenset[Pair]]:
    """Return the clients of each figure, and which figures a person has entered."""
    counts = {pair: figure.demand.clients for pair, figure in known.items()}
    return counts, frozenset(pair for pair, figure in known.items() if figure.origin.kind != RECORDED)


def _held(inside: Inside, counts: Counts, entered: frozenset[Pair]) -> set[Pair]:
    """Return what is held back, the narrowest areas first: what is held back of a part is not told."""
    packages: dict[str, dict[str, float]] = {}
    for (area, package), clients in counts.items():
        packages.setdefault(package, {})[area] = clients
    held: set[Pair] = set()
    for package, of in packages.items():
        for area in sorted(of, key=lambda code: len(inside(code))):
            parts = [code for code in inside(area) & of.keys() if code != area]
            if parts and (area, package) in entered and not small(of[area]):
                told = [code for code in parts if (code, package) not in held]
                rest = round(of[area] - sum(of[code] for code in _widest(told, inside)), 2)
                if small(rest) or any(small(of[code]) for code in parts):
                    held.add((area, package))
    return held


def _widest(codes: Sequence[str], inside: Inside) -> list[str]:
    """Return the areas that lie in no other one of them."""
    wide = [code for code in codes if len(inside(code)) > 1]
    return [code for code in codes if not any(code != one and code in inside(one) for one in wide)]


def _order(row: Row, sort: str, names: Mapping[str, str]) -> tuple[object, ...]:
    area, package = (names.get(code, code).casefold() for code in row.pair)
    if sort == "package":
        return package, area
    if sort == "clients":
        return -(0.0 if row.held_back else row.figure.demand.clients), area, package
    if sort == "day":
        origin = row.figure.origin
        day = origin.day.replace(day=1) if origin.kind == RECORDED else origin.day  # told as a month
        return -day.toordinal(), area, package
    return area, package
