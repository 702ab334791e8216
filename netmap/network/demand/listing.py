"""The table of demand as it may be told: figures of areas and packages, and the pairs that nobody knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.offers import area_insides
from netmap.network import queries
from netmap.network.counts import shown_together, small
from netmap.network.demand.demands import RECORDED, Figure, Pair, figures
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
        together=shown_together(row.figure.demand.clients for row in single) if package and single else None,
    )


def held_back(inside: Callable[[str], frozenset[str]], known: Mapping[Pair, Figure]) -> set[Pair]:
    """Return the counts of wider areas in which a part is a small group: the difference could tell it."""
    few: dict[str, set[str]] = {}
    for (area, package), figure in known.items():
        if small(figure.demand.clients):
            few.setdefault(package, set()).add(area)
    return {
        (area, package)
        for (area, package), figure in known.items()
        if figure.origin.kind != RECORDED and (inside(area) - {area}) & few.get(package, set())
    }


def _order(row: Row, sort: str, names: Mapping[str, str]) -> tuple[object, ...]:
    area, package = (names.get(code, code).casefold() for code in row.pair)
    if sort == "package":
        return package, area
    if sort == "clients":
        return -(0.0 if row.held_back else row.figure.demand.clients), area, package
    if sort == "day":
        return -row.figure.origin.day.toordinal(), area, package
    return area, package
