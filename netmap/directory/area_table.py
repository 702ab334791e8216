"""All areas at once: names, what lies around each, points. Made once for each state of the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from json import loads
from typing import cast

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from netmap.directory.areas import Point
from netmap.directory.models import Area
from netmap.i18n import language as reader_language
from netmap.vocabulary.question import Gazetteer

SERVES = "serves:"  # before the code of an area that is served as a whole, whatever lies in it
_KNOWN = "netmap.directory.area_table"
_Row = tuple[str, str, str | None, str | None, str | None, float | None, float | None]


def area_filter(chain: Sequence[str]) -> frozenset[str]:
    """Return the codes that let a service pass for an area: it lies in it, or serves something around it.

    Parameters
    ----------
    chain : sequence of str
        The area and everything around it, the area first.

    Examples
    --------
    >>> sorted(area_filter(["town", "county"]))
    ['serves:county', 'serves:town', 'town']
    """
    return frozenset({chain[0], *(SERVES + code for code in chain)})


@dataclass(frozen=True)
class KnownArea:
    """One area as questions and answers need it."""

    code: str
    name: str
    names: Mapping[str, str]
    kind: str
    parent: str | None
    point: Point | None

    def label(self) -> str:
        """Return its name in the reader's language, else its own."""
        return self.names.get(reader_language()) or self.name


class AreaTable:
    """Everything about areas that a search asks, by code."""

    def __init__(self, rows: tuple[_Row, ...]) -> None:
        self.areas = {row[0]: _area(row) for row in rows}
        self.chains = {code: self._chain(code) for code in self.areas}

    def _chain(self, code: str) -> tuple[str, ...]:
        """Return an area and those around it, from the inside to the outside."""
        found: list[str] = []
        here: str | None = code
        while here in self.areas and here not in found:
            found.append(here)
            here = self.areas[here].parent
        return tuple(found)

    @cached_property
    def filters(self) -> Mapping[str, frozenset[str]]:
        """The codes that let a service pass for each area."""
        return {code: area_filter(chain) for code, chain in self.chains.items()}

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names that may stand in a question."""
        return Gazetteer(
            (area.code, {area.name, *area.names.values()}, area.kind) for area in self.areas.values()
        )

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Any name in small letters -> code; the area's own name wins over others' translations."""
        found = {name.casefold(): area.code for area in self.areas.values() for name in area.names.values()}
        return {**found, **{area.name.casefold(): area.code for area in self.areas.values()}}

    def label(self, code: str) -> str:
        """Return the name of an area in the reader's language; the code where there is no such area."""
        return self.areas[code].label() if code in self.areas else code


def area_table(session: Session) -> AreaTable:
    """Return the areas as they are now; one SELECT, the rest is kept while nothing changes.

    A transaction that only reads sees one state, so it asks once.
    """
    reading = session.get_bind().get_execution_options().get("netmap_reading", False)
    if reading and (known := session.info.get(_KNOWN)):
        return cast(AreaTable, known)
    query = select(
        Area.code, Area.name, type_coerce(Area.names, String), Area.kind, Area.parent_code, Area.latitude,
        Area.longitude,
    )  # fmt: skip
    found = _table(tuple(tuple(row) for row in session.execute(query.order_by(Area.code))))
    if reading:
        session.info[_KNOWN] = found
    return found


@lru_cache(maxsize=4)
def _table(rows: tuple[_Row, ...]) -> AreaTable:
    return AreaTable(rows)


def _area(row: _Row) -> KnownArea:
    code, name, names, kind, parent, latitude, longitude = row
    known = loads(names) if names else {}
    point = None if latitude is None or longitude is None else (latitude, longitude)
    return KnownArea(code, name, known or {}, kind or "", parent, point)
