"""Every SELECT about what a territory has: services there, organizations there, whom to call."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from netmap.colleagues.models import SettlementContact, Skill
from netmap.directory.closing import CLOSED
from netmap.directory.models import (
    Location,
    Organization,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.partners.agreement_queries import holds
from netmap.partners.models import Agreement, AgreementParty, Partnership


class ServiceRow(NamedTuple):
    """A service with one of its kinds, and the area in which it has a place or which it serves."""

    area: str
    kind: str
    state: str
    service: str
    name: str
    organization: str | None
    status: str
    closed_on: date | None


def services_there(session: Session) -> list[ServiceRow]:
    """Return the services that have a place in an area, by area, kind and name."""
    query = select(Location.area_code, *_SERVICE).select_from(ServiceTypeLink)
    query = query.join(Service, Service.id == ServiceTypeLink.service_id)
    query = query.join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
    query = query.join(Location, Location.id == ServiceAtLocation.location_id)
    query = query.outerjoin(Organization, Organization.id == Service.organization_id)
    query = query.where(Location.area_code.is_not(None), Location.removed_in_source.is_(None))
    query = query.where(ServiceAtLocation.removed_in_source.is_(None))
    return _rows(session, query)


def services_for(session: Session) -> list[ServiceRow]:
    """Return the services that say that they serve an area, by area, kind and name."""
    query = select(ServiceArea.area_code, *_SERVICE).select_from(ServiceTypeLink)
    query = query.join(Service, Service.id == ServiceTypeLink.service_id)
    query = query.outerjoin(Organization, Organization.id == Service.organization_id)
    at = select(ServiceAtLocation.id).where(ServiceAtLocation.service_id == Service.id).correlate(Service)
    at = at.where(ServiceAtLocation.removed_in_source.is_(None))
    owned = or_(ServiceArea.service_id == Service.id, ServiceArea.service_at_location_id.in_(at))
    query = query.join(ServiceArea, owned)
    query = query.where(ServiceArea.area_code.is_not(None), ServiceArea.removed_in_source.is_(None))
    return _rows(session, query)


_SERVICE = (
    ServiceTypeLink.code,
    ServiceTypeLink.state,
    Service.id,
    Service.name,
    Service.organization_id,
    Service.status,
    Organization.closed_on,
)


def _rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[ServiceRow]:
    query = query.where(
        Service.removed_in_source.is_(None), ServiceTypeLink.state.in_(("confirmed", "suggested"))
    )
    return sorted({ServiceRow(*row) for row in session.execute(query)}, key=lambda row: row[:5])


def organizations_there(session: Session, today: date) -> list[tuple[str, str]]:
    """Return (area, organization) of every place, by what owns it or by what offers a service in it.

    Left out is who has closed, and what a source tells of no more.
    """
    own = select(Location.area_code, Organization.id).join(
        Organization, Organization.id == Location.organization_id
    )
    offering = (
        select(Location.area_code, Organization.id)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(
            Service.status != CLOSED,
            Service.removed_in_source.is_(None),
            ServiceAtLocation.removed_in_source.is_(None),
        )
    )
    there = Location.area_code.is_not(None), Location.removed_in_source.is_(None), *_open(today)
    found = {(area, one) for query in (own, offering) for area, one in session.execute(query.where(*there))}
    return sorted((area, one) for area, one in found if area)


def partners(session: Session, today: date) -> frozenset[str]:
    """Return the organizations that are partners of the network and have not closed."""
    query = select(Partnership.organization_id).join(
        Organization, Organization.id == Partnership.organization_id
    )
    return frozenset(session.scalars(query.where(Partnership.state == "partner", *_open(today))))


def bound(session: Session, today: date) -> frozenset[str]:
    """Return the organizations that are parties of a written agreement in force and have not closed.

    Where all other parties have closed, nobody is left to agree with. Who does not stand in the directory is
    not known to have closed.
    """
    query = select(AgreementParty.agreement_id, AgreementParty.organization_id).join(
        Agreement, Agreement.id == AgreementParty.agreement_id
    )
    parties: dict[str, list[str | None]] = defaultdict(list)
    for agreement, party in session.execute(query.where(holds("in_force", today))):
        parties[agreement].append(party)
    living = frozenset(session.scalars(select(Organization.id).where(*_open(today))))
    return frozenset(
        one
        for among in parties.values()
        for one in among
        if one in living and (len(among) == 1 or any(x is None or x in living for x in among if x != one))
    )


def _open(today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of an organization that has not closed and of which its source still tells."""
    going_on = or_(Organization.closed_on.is_(None), Organization.closed_on > today)
    return Organization.removed_in_source.is_(None), going_on


def contacts(session: Session) -> list[SettlementContact]:
    """Return whom to call, by area and name."""
    order = SettlementContact.area_code, SettlementContact.name, SettlementContact.id
    return list(session.scalars(select(SettlementContact).order_by(*order)))


def knowing(session: Session) -> list[tuple[str, str]]:
    """Return (area, e-mail) of the staff who say that they know an area."""
    query = select(Skill.code, Skill.owner).where(Skill.kind == "area").order_by(Skill.code, Skill.owner)
    return [(area, owner) for area, owner in session.execute(query)]
