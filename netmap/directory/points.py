"""Where a place lies, as far as that can be right."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func
from sqlalchemy.orm import aliased

from netmap.directory.areas import FAR_KM, Point
from netmap.directory.distances import straight_km
from netmap.directory.models import Area, Location

_Around = aliased(Area)
_open = Location.confidential.is_(False)
# Columns of a query that `with_point` completes, in the order of the arguments of `point_of`. A place whose
# address is kept secret has no point: a distance from two points would give it away.
POINT: tuple[ColumnElement[Any], ...] = (
    case((_open, Location.latitude)).label("latitude"),
    case((_open, Location.longitude)).label("longitude"),
    func.coalesce(Area.latitude, _Around.latitude).label("area_latitude"),
    func.coalesce(Area.longitude, _Around.longitude).label("area_longitude"),
)


def with_point(query: Select[Any]) -> Select[Any]:
    """Return a query over locations that also knows the area of each, and what lies around it."""
    query = query.outerjoin(Area, Location.area_code == Area.code)
    return query.outerjoin(_Around, Area.parent_code == _Around.code)


def point_of(
    latitude: float | None,
    longitude: float | None,
    area_latitude: float | None = None,
    area_longitude: float | None = None,
) -> Point | None:
    """Return the point of a place, None where it has none or where it cannot be right.

    A point more than 100 km from the middle of its own area is a mistake of whoever wrote it down: the row
    keeps it, but no distance is counted from it.

    Examples
    --------
    >>> point_of(38.9, -77.0, 38.9, -77.03), point_of(34.1, -118.2, 38.9, -77.03), point_of(38.9, -77.0)
    ((38.9, -77.0), None, (38.9, -77.0))
    """
    if latitude is None or longitude is None:
        return None
    point = latitude, longitude
    if area_latitude is None or area_longitude is None:
        return point
    return point if straight_km(point, (area_latitude, area_longitude)) <= FAR_KM else None
