"""Towns and villages with a point: what kilometres are counted from and what a map is labelled with."""

from collections.abc import Mapping

from netmap.directory.area_table import AreaTable, KnownArea

_LARGE_FIRST = ("city", "town", "district", "village")  # kinds of areas; others come last


def settlements(table: AreaTable) -> Mapping[str, KnownArea]:
    """Return the settlements by code, in the order of their names in the reader's language.

    A whole county is none: what has others inside and nothing around it.
    """
    around = {area.parent for area in table.areas.values() if area.parent}
    found = [
        area
        for area in table.areas.values()
        if area.point is not None and (area.parent or area.code not in around)
    ]
    return {one.code: one for one in sorted(found, key=lambda one: (one.label().casefold(), one.code))}


def smallness(area: KnownArea) -> int:
    """Return how late the name of an area is written on a map where room is scarce."""
    return _LARGE_FIRST.index(area.kind) if area.kind in _LARGE_FIRST else len(_LARGE_FIRST)
