"""Coordinates of a GeoJSON feature as rings of points; a fault is told with feature and ring. Pure."""

from collections.abc import Iterator
from typing import Any

from netmap.directory.reading.simplified import Position, Ring
from netmap.i18n import gettext as _

Polygons = list[list[Ring]]
"""Of each polygon the ring around it and those around its holes."""

KINDS = {"Polygon": 1, "MultiPolygon": 2}
DIGITS = 5  # of a degree: a metre
CLOSED = 4  # points of the smallest ring that is closed
TOLD = 1e12  # a larger number is not written into a sentence


class FaultError(Exception):
    """A feature that cannot be used; its text is a whole sentence."""


def polygons_of(number: int, code: str, geometry: Any) -> Polygons:
    """Return the polygons of a geometry without what is too small to enclose anything; none of no geometry.

    Raises
    ------
    FaultError
        If the geometry is of another kind, or one of its rings cannot be drawn.

    Examples
    --------
    >>> square = [[[25, 55], [26, 55], [26, 56], [25, 55]]]
    >>> polygons_of(1, "a", {"type": "Polygon", "coordinates": square})
    [[[(25, 55), (26, 55), (26, 56)]]]
    """
    if geometry is None:
        return []
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    values = {"number": number, "code": code}
    if kind not in KINDS:
        raise FaultError(
            _(
                "Feature %(number)s (%(code)s) is a %(type)s: an area needs a Polygon or a MultiPolygon.",
                type=str(kind or "?")[:40], **values,
            )
        )  # fmt: skip
    parts = geometry.get("coordinates")
    parts = [parts] if kind == "Polygon" else parts
    if not isinstance(parts, list) or not all(isinstance(part, list) and part for part in parts):
        raise FaultError(_unreadable(values))
    found = []
    for place, part in enumerate(parts, start=1):
        rings = [_ring(ring, {**values, "part": place, "ring": at}) for at, ring in enumerate(part, start=1)]
        if rings[0]:
            found.append([ring for ring in rings if ring])
    if not found:
        raise FaultError(
            _(
                "Feature %(number)s (%(code)s) encloses nothing, all its points lie on a line: draw its "
                "border.",
                **values,
            )
        )
    return found


def _ring(positions: Any, values: dict[str, Any]) -> Ring:
    """Return the points of a ring without its end, none where it encloses nothing."""
    if not isinstance(positions, list) or not all(isinstance(one, list) for one in positions):
        raise FaultError(_unreadable(values))
    if len(positions) < CLOSED:
        raise FaultError(
            _(
                "Feature %(number)s (%(code)s), polygon %(part)s, ring %(ring)s has %(count)s points: a ring "
                "needs four or more, the last the same as the first.",
                count=len(positions), **values,
            )
        )  # fmt: skip
    points = list(_points(positions, values))
    if points[0] != points[-1]:
        raise FaultError(
            _(
                "Feature %(number)s (%(code)s), polygon %(part)s, ring %(ring)s is open: repeat its first "
                "point at its end.",
                **values,
            )
        )
    ring = [point for point, before in zip(points[1:], points[:-1], strict=True) if point != before]
    (x, y), corners = points[0], frozenset(ring)
    enclosed = sum(
        (here[0] - x) * (there[1] - y) - (there[0] - x) * (here[1] - y)
        for here, there in zip(ring, [*ring[1:], *ring[:1]], strict=True)
    )
    if len(corners) < CLOSED - 1 or abs(enclosed) < 10.0 ** (-2 * DIGITS):
        return []
    return [ring[-1], *ring[:-1]]  # from the point from which the file begins


def _points(positions: list[list[Any]], values: dict[str, Any]) -> Iterator[Position]:
    for position in positions:
        if len(position) < 2:
            raise FaultError(_unreadable(values))
        x, y = position[:2]
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in (x, y)):
            raise FaultError(_unreadable(values))
        if not (abs(x) <= 180 and abs(y) <= 90):
            raise FaultError(_beyond(x, y, values))
        yield round(x, DIGITS), round(y, DIGITS)


def _beyond(x: float, y: float, values: dict[str, Any]) -> str:
    """Return why a point is nowhere on the earth, and how to mend that."""
    told = {**values, "point": f"{x:.12g}, {y:.12g}" if abs(x) < TOLD and abs(y) < TOLD else "?"}
    if abs(x) <= 90 and abs(y) <= 180:
        return _(
            "Feature %(number)s (%(code)s), polygon %(part)s, ring %(ring)s: %(point)s has the latitude "
            "first. GeoJSON wants the longitude first: swap them.",
            **told,
        )
    return _(
        "Feature %(number)s (%(code)s), polygon %(part)s, ring %(ring)s: %(point)s are no degrees but, it "
        "seems, metres of a projection: export the layer again in EPSG:4326.",
        **told,
    )


def _unreadable(values: dict[str, Any]) -> str:
    return _(
        "The coordinates of feature %(number)s (%(code)s) are not nested as GeoJSON wants it, or no numbers: "
        "export the layer again.",
        **values,
    )
