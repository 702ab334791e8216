"""Points that cannot be right: latitude and longitude swapped, or far from everything they belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.areas import ENOUGH, FAR_KM, Point, far_off_places
from netmap.directory.distances import straight_km
from netmap.directory.models import Area, Location

SPREAD = 5  # times the usual distance from the middle: beyond it lies nothing of the same directory


@dataclass(frozen=True)
class OddPoints:
    """Places of a source whose point cannot be right, by what seems wrong with it."""

    swapped: tuple[Location, ...]
    far: tuple[Location, ...]


def odd_points(session: Session, source: str) -> OddPoints:
    """Return the places of a source that lie near the others only when swapped, and those far from all.

    A place is far where it lies 100 km from the middle of its city or from the point of its area, or where it
    is farther from the middle of the directory than five times the usual distance (and than 100 km). So a
    point in the sea is found where it is far from land that is served. Nothing is corrected: it may be right.
    """
    query = select(Location).where(
        Location.latitude.is_not(None), Location.longitude.is_not(None), Location.removed_in_source.is_(None)
    )
    places = [place for place in session.scalars(query.order_by(Location.id)) if place.source_id == source]
    given = session.execute(select(Area.code, Area.latitude, Area.longitude).where(Area.derived.is_(False)))
    areas = {code: (lat, lon) for code, lat, lon in given if lat is not None and lon is not None}
    known = list(areas.values()) or [_point(place) for place in places]
    far = {place.id for place in far_off_places(session, source)}
    far |= {place.id for place in places if _is_far(place, areas.get(place.area_code or ""))}
    swapped: set[str] = set()
    if len(known) >= ENOUGH:
        middle, limit = _middle(known)
        far |= {place.id for place in places if straight_km(_point(place), middle) > limit}
        turned = [place for place in places if place.id in far and abs(place.longitude or 0) <= 90]
        swapped = {place.id for place in turned if straight_km(_point(place)[::-1], middle) <= limit}
    return OddPoints(_chosen(places, swapped), _chosen(places, far - swapped))


def _point(place: Location) -> Point:
    return place.latitude or 0.0, place.longitude or 0.0


def _is_far(place: Location, point: Point | None) -> bool:
    return point is not None and straight_km(_point(place), point) > FAR_KM


def _middle(points: Sequence[Point]) -> tuple[Point, float]:
    """Return the middle of points and how far from it a point may be."""
    middle = median(point[0] for point in points), median(point[1] for point in points)
    usual = median(straight_km(point, middle) for point in points)
    return middle, max(FAR_KM, SPREAD * usual)


def _chosen(places: Iterable[Location], ids: set[str]) -> tuple[Location, ...]:
    return tuple(place for place in places if place.id in ids)
