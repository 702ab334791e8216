"""The SELECTs of pages: one service, one organization, areas to choose from. Lists always have an order."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload, with_loader_criteria
from sqlalchemy.orm.attributes import set_committed_value

from netmap.directory import hanging
from netmap.directory.area_table import area_table
from netmap.directory.models import (
    Accessibility,
    Address,
    Alias,
    Area,
    Attribute,
    Contact,
    CostOption,
    EligibilityRule,
    Funding,
    Language,
    Organization,
    OrganizationIdentifier,
    Phone,
    Program,
    RequiredDocument,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceParty,
    ServiceTypeLink,
    TaxonomyTerm,
    Tie,
    Unit,
    Url,
    Vacancy,
)
from netmap.directory.secrecy import of_open_places
from netmap.errors import NotFound
from netmap.i18n import gettext as _

PARTS: tuple[type[Any], ...] = (
    Accessibility, Address, Alias, Attribute, Contact, CostOption, Funding, OrganizationIdentifier, Program,
    RequiredDocument, ServiceAtLocation, ServiceCapacity, Unit, Url, Vacancy,
)  # fmt: skip
# What is gone in its source is not shown; the service or organization itself is, and says so.
LIVING = [with_loader_criteria(part, part.removed_in_source.is_(None)) for part in PARTS]
TOLD = with_loader_criteria(Address, of_open_places())


def service_page(session: Session, service_id: str) -> Service:
    """Return a service with everything its page shows, loaded in a constant number of SELECTs.

    Raises
    ------
    NotFound
        If there is no such service.
    """
    found = service_pages(session, [service_id])
    if not found:
        raise NotFound(_("There is no such service; it may have been removed."))
    return found[0]


def service_pages(session: Session, ids: Collection[str], *, secret: bool = False) -> list[Service]:
    """Return services, a few hundred at most, as `service_page` does; the order is that of their ids.

    ``secret`` loads confidential addresses too: for a paper that stays in the office.
    """
    query = (
        select(Service)
        .where(Service.id.in_(ids))
        .order_by(Service.id)
        .options(
            *LIVING,
            joinedload(Service.program),
            joinedload(Service.organization),
            selectinload(Service.attributes).joinedload(Attribute.term).joinedload(TaxonomyTerm.taxonomy),
            selectinload(Service.places).joinedload(ServiceAtLocation.location),
        )
    )
    found = list(session.scalars(query).unique())
    places = [place for service in found for place in service.places]
    locations = list({place.location_id: place.location for place in places}.values())
    served = [*found, *places, *locations]
    only = {} if secret else {Address: of_open_places()}
    told = hanging.hang(session, _OF_SERVICE, served, _named_by(ids), only)
    _put_by_id(told)
    for service in found:
        for name, order in (("types", "code"), ("eligibility", "code"), ("aliases", "name")):
            set_committed_value(service, name, sorted(getattr(service, name), key=attrgetter(order)))
    organizations = {one.organization_id: one.organization for one in found if one.organization}
    reached = [*served, *organizations.values(), *told[Contact]]
    phones = hanging.hang(session, {Phone: "phones", Schedule: "schedules"}, reached)[Phone]
    hanging.hang(session, {Language: "languages"}, [*found, *locations, *phones])
    return found


_OF_SERVICE: Mapping[type[Any], str] = {
    CostOption: "cost_options", RequiredDocument: "required_documents", Funding: "funding",
    Url: "additional_urls", ServiceTypeLink: "types", EligibilityRule: "eligibility",
    ServiceCapacity: "capacities", ServiceParty: "parties", Alias: "aliases", Address: "addresses",
    Accessibility: "accessibility", Contact: "contacts", ServiceArea: "service_areas",
}  # fmt: skip


def _named_by(ids: Collection[str]) -> Mapping[type[Any], Any]:
    """Return which units and organizations the capacities and parties of services name."""
    units = select(ServiceCapacity.unit_id).where(ServiceCapacity.service_id.in_(ids))
    bodies = select(ServiceParty.organization_id).where(ServiceParty.service_id.in_(ids))
    return {Unit: Unit.id.in_(units), Organization: Organization.id.in_(bodies)}


def _put_by_id(told: Mapping[type[Any], list[Any]]) -> None:
    """Give capacities their units, and parties their organizations."""
    for part, name, column, model in (
        (ServiceCapacity, "unit", "unit_id", Unit),
        (ServiceParty, "organization", "organization_id", Organization),
    ):
        known = {row.id: row for row in told[model]}
        for row in told[part]:
            set_committed_value(row, name, known.get(getattr(row, column)))


def hang(session: Session, part: type[Any], name: str, owners: Sequence[Any]) -> list[Any]:
    """Load the living rows of a table that hang on any of these owners by one SELECT, and return them.

    Telephones, people and hours hang on rows of several tables: one SELECT for each would be twenty more.
    """
    if not owners:
        return []
    by_column: dict[str, dict[str, Any]] = {}
    for owner in owners:
        by_column.setdefault(f"{owner.__tablename__}_id", {})[owner.id] = owner
    hangs = (getattr(part, column).in_(known) for column, known in by_column.items())
    query = select(part).where(part.removed_in_source.is_(None), or_(*hangs)).order_by(part.id)
    rows = list(session.scalars(query))
    for column, known in by_column.items():
        hung: dict[str | None, list[Any]] = defaultdict(list)
        for row in rows:
            hung[getattr(row, column)].append(row)
        for id_, owner in known.items():
            set_committed_value(owner, name, hung[id_])
    return rows


def organization_page(session: Session, organization_id: str) -> Organization:
    """Return an organization with how to reach it, its services and their types, its vacancies.

    Raises
    ------
    NotFound
        If there is no such organization.
    """
    parts = (
        Organization.programs, Organization.funding, Organization.additional_websites,
        Organization.identifiers, Organization.aliases,
    )  # fmt: skip
    query = (
        select(Organization)
        .where(Organization.id == organization_id)
        .options(
            *LIVING,
            *(selectinload(part) for part in parts),
            selectinload(Organization.vacancies).joinedload(Vacancy.contact),
            selectinload(Organization.services).selectinload(Service.types),
        )
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    contacts = hang(session, Contact, "contacts", [found])
    asked = [one.contact for one in found.vacancies if one.contact]
    phones = hang(session, Phone, "phones", [found, *contacts, *asked])
    hang(session, Schedule, "schedules", contacts)
    hang(session, Language, "languages", phones)
    return found


def partners(session: Session, organization_id: str) -> list[tuple[Tie, Organization]]:
    """Return the ties of an organization with the one at the other end, whoever of the two said so."""
    mine, theirs = Tie.organization_id == organization_id, Tie.other_organization_id == organization_id
    query = (
        select(Tie, Organization)
        .join(
            Organization,
            (mine & (Organization.id == Tie.other_organization_id))
            | (theirs & (Organization.id == Tie.organization_id)),
        )
        .where(mine | theirs, Tie.removed_in_source.is_(None), Organization.removed_in_source.is_(None))
        .order_by(Organization.name, Tie.id)
    )
    return [(tie, other) for tie, other in session.execute(query)]


def area_name(area: Area, language: str) -> str:
    """Return the name of an area in a language, else its own."""
    return area.names.get(language) or area.name


def area_choices(session: Session, language: str) -> list[tuple[str, str]]:
    """Return (code, name) of all areas: those at the top by name, each followed by what lies in it."""
    areas = area_table(session).areas

    def name(code: str) -> str:
        return areas[code].names.get(language) or areas[code].name

    inside: dict[str | None, list[str]] = {}
    for code in sorted(areas, key=lambda one: (name(one).casefold(), one), reverse=True):
        parent = areas[code].parent
        inside.setdefault(parent if parent in areas else None, []).append(code)
    choices: list[tuple[str, str]] = []
    coming = inside.get(None, [])
    while coming:
        code = coming.pop()
        choices.append((code, name(code)))
        coming.extend(inside.get(code, ()))
    return choices


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
