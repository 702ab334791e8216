"""Every SELECT about where services are given."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Location, Service, ServiceAtLocation, ServiceTypeLink

Point = tuple[float, float]


def service_points(session: Session, service_type: str | None = None) -> dict[Point, int]:
    """Return each point with how many living services are given there; secret places are left out."""
    found: Counter[Point] = Counter()
    for latitude, longitude, _area in _places(session, service_type, secret=False):
        if latitude is not None and longitude is not None:
            found[latitude, longitude] += 1
    return dict(found)


def services_by_area(session: Session, service_type: str | None = None) -> dict[str, int]:
    """Return how many living services are given in each area; of secret places the area may be told."""
    return dict(Counter(area for _lat, _lon, area in _places(session, service_type, secret=True) if area))


def _places(
    session: Session, service_type: str | None, *, secret: bool
) -> list[tuple[float | None, float | None, str | None]]:
    query = (
        select(Service.id, Location.id, Location.latitude, Location.longitude, Location.area_code)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(Service.removed_in_source.is_(None), Service.status.in_(("active", "unknown")))
        .where(Location.removed_in_source.is_(None))
        .distinct()
    )
    if not secret:
        query = query.where(Location.confidential.is_(False))
    if service_type is not None:
        query = query.join(ServiceTypeLink, ServiceTypeLink.service_id == Service.id)
        query = query.where(ServiceTypeLink.code == service_type, ServiceTypeLink.state == "confirmed")
    return [(row[2], row[3], row[4]) for row in session.execute(query)]
