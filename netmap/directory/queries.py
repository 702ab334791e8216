"""The SELECTs of pages: one service, one organization, areas to choose from. Lists always have an order."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from netmap.directory.models import Area, Location, Organization, Service, ServiceAtLocation
from netmap.errors import NotFound
from netmap.i18n import gettext as _


def service_page(session: Session, service_id: str) -> Service:
    """Return a service with everything its page shows, loaded in a constant number of SELECTs.

    Raises
    ------
    NotFound
        If there is no such service.
    """
    places = selectinload(Service.places)
    location = places.joinedload(ServiceAtLocation.location)
    query = (
        select(Service)
        .where(Service.id == service_id)
        .options(
            joinedload(Service.organization).selectinload(Organization.phones),
            *(
                selectinload(part)
                for part in (
                    Service.phones,
                    Service.schedules,
                    Service.languages,
                    Service.cost_options,
                    Service.required_documents,
                    Service.service_areas,
                    Service.types,
                    Service.eligibility,
                )
            ),
            places.selectinload(ServiceAtLocation.phones),
            places.selectinload(ServiceAtLocation.schedules),
            *(
                location.selectinload(part)
                for part in (Location.addresses, Location.phones, Location.schedules)
            ),
        )
    )
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound(_("There is no such service; it may have been removed."))
    return found


def organization_page(session: Session, organization_id: str) -> Organization:
    """Return an organization with its phones, its services and their types.

    Raises
    ------
    NotFound
        If there is no such organization.
    """
    query = (
        select(Organization)
        .where(Organization.id == organization_id)
        .options(
            selectinload(Organization.phones),
            selectinload(Organization.services).selectinload(Service.types),
        )
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    return found


def area_name(area: Area, language: str) -> str:
    """Return the name of an area in a language, else its own."""
    return area.names.get(language) or area.name


def area_choices(session: Session, language: str) -> list[tuple[str, str]]:
    """Return (code, name) of all areas: those at the top by name, each followed by what lies in it."""
    inside: dict[str | None, list[Area]] = {}
    areas = {area.code: area for area in session.scalars(select(Area).order_by(Area.code))}
    for area in areas.values():
        parent = area.parent_code if area.parent_code in areas else None
        inside.setdefault(parent, []).append(area)
    choices: list[tuple[str, str]] = []
    coming: list[Area] = _reversed(inside.get(None, ()), language)
    while coming:
        area = coming.pop()
        choices.append((area.code, area_name(area, language)))
        coming.extend(_reversed(inside.get(area.code, ()), language))
    return choices


def _reversed(areas: "list[Area] | tuple[()]", language: str) -> list[Area]:
    return sorted(areas, key=lambda area: (area_name(area, language).casefold(), area.code), reverse=True)


def area_chains(session: Session) -> Mapping[str, tuple[str, ...]]:
    """Return area code -> that code and those of everything around it, from the inside to the outside."""
    parents = dict(session.execute(select(Area.code, Area.parent_code)).all())
    chains = {}
    for code in parents:
        chain: list[str] = []
        here: str | None = code
        while here is not None and here not in chain:
            chain.append(here)
            here = parents.get(here)
        chains[code] = tuple(chain)
    return chains
