"""Where a number finds room in the shape of an area, and how large the shape is. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

Point = tuple[float, float]
Polygons = Sequence[Sequence[Sequence[Point]]]
"""Coordinates of a GeoJSON MultiPolygon: longitude and latitude."""

LINES = 11  # on which a number is tried


def surface(polygons: Polygons) -> float:
    """Return the surface of the rings around polygons in square degrees, holes not taken off.

    Examples
    --------
    >>> surface([[[(25.0, 55.0), (26.0, 55.0), (26.0, 56.0), (25.0, 56.0), (25.0, 55.0)]]])
    1.0
    """
    return sum(_enclosed(polygon[0]) for polygon in polygons)


def spots(polygons: Polygons) -> list[Point]:
    """Return the (latitude, longitude) of places inside the largest polygon, where it is widest first.

    Examples
    --------
    >>> spots([[[(25.0, 55.0), (27.0, 55.0), (26.0, 56.2), (25.0, 55.0)]]])[0]
    (55.1, 26.0)
    """
    polygon = max(polygons, key=lambda one: _enclosed(one[0]))
    south, north = min(y for _x, y in polygon[0]), max(y for _x, y in polygon[0])
    found = [
        (east - west, (round(y, 6), round((west + east) / 2, 6)))
        for y in (south + (north - south) * step / (LINES + 1) for step in range(1, LINES + 1))
        for west, east in _inside(polygon, y)
    ]
    return [spot for _width, spot in sorted(found, reverse=True)]


def _inside(polygon: Sequence[Sequence[Point]], y: float) -> Iterator[Point]:
    """Give from where to where a line from west to east lies in a polygon and in none of its holes."""
    met = sorted(
        ax + (y - ay) * (bx - ax) / (by - ay)
        for ring in polygon
        for (ax, ay), (bx, by) in pairwise(ring)
        if (ay > y) != (by > y)
    )
    yield from zip(met[::2], met[1::2], strict=True)


def _enclosed(ring: Sequence[Point]) -> float:
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))) / 2
