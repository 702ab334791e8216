"""The SELECTs of the page of a place: everything that is offered there, and everybody who is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from netmap.directory.models import (
    Contact,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from netmap.directory.queries import LIVING, TOLD, hang
from netmap.errors import NotFound
from netmap.i18n import gettext as _


@dataclass(frozen=True)
class Site:
    """A place with the organization that runs it, and the services given there by whichever organization."""

    location: Location
    organization: Organization | None
    offered: Sequence[ServiceAtLocation]

    def areas(self) -> list[ServiceArea]:
        """Return the areas served from here, each once: those of a service at this place, else in general."""
        found: dict[str, ServiceArea] = {}
        for at in self.offered:
            for area in at.service_areas or at.service.service_areas:
                found.setdefault(area.area_code or area.name or area.extent or "", area)
        return [found[key] for key in sorted(found) if key]


def location_page(session: Session, location_id: str, *, with_secrets: bool) -> Site:
    """Return a place with everything its page shows, loaded in a constant number of SELECTs.

    Parameters
    ----------
    session : Session
    location_id : str
    with_secrets : bool
        Whether the address may be told of a place that is kept secret.

    Raises
    ------
    NotFound
        If there is no such place.
    """
    query = (
        select(Location)
        .where(Location.id == location_id)
        .options(
            *LIVING,
            *(() if with_secrets else (TOLD,)),
            joinedload(Location.area),
            selectinload(Location.addresses),
            selectinload(Location.accessibility),
        )
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("There is no such place; it may have been removed."))
    owner = session.get(Organization, found.organization_id) if found.organization_id else None
    offered = _offered(session, location_id)
    services = [at.service for at in offered]
    contacts = hang(session, Contact, "contacts", [found, *offered])
    phones = hang(session, Phone, "phones", [found, *offered, *services, *contacts])
    hang(session, Schedule, "schedules", [found, *offered, *services, *contacts])
    hang(session, Language, "languages", [found, *services, *phones])
    hang(session, ServiceArea, "service_areas", [*offered, *services])
    return Site(found, owner, offered)


def _offered(session: Session, location_id: str) -> Sequence[ServiceAtLocation]:
    """Return what is given at a place, by the names of organizations and services."""
    query = (
        select(ServiceAtLocation)
        .join(ServiceAtLocation.service)
        .outerjoin(Service.organization)
        .where(ServiceAtLocation.location_id == location_id)
        .where(ServiceAtLocation.removed_in_source.is_(None), Service.removed_in_source.is_(None))
        .options(
            contains_eager(ServiceAtLocation.service).contains_eager(Service.organization),
            contains_eager(ServiceAtLocation.service).selectinload(Service.types),
        )
        .order_by(Organization.name.is_(None), Organization.name, Service.name, ServiceAtLocation.id)
    )
    return session.scalars(query).all()
