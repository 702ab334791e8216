"""Every SELECT about what organizations have with each other."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from netmap.directory.models import (
    Location,
    Organization,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceParty,
    ServiceTypeLink,
    Tie,
)
from netmap.partners.models import (
    Agreement,
    AgreementParty,
    AgreementTie,
    BodyMeeting,
    BodyMember,
    CoordinatingBody,
    PartnerContact,
)

_LIVING = (
    Service.organization_id.is_not(None),
    Service.removed_in_source.is_(None),
    Service.status.in_(("active", "unknown")),
)


class TieRow(NamedTuple):
    """A tie of the directory, with the agreement that it follows from, if any."""

    id: str
    one: str
    other: str
    kind: str | None
    matter: str | None
    begins: date | None
    ends: date | None
    last: date | None
    agreement: str | None


class AgreementRow(NamedTuple):
    """A written agreement and the ids of its parties, None for one that the directory does not have."""

    id: str
    title: str
    begins: date | None
    ends: date | None
    used_on: date | None
    parties: tuple[str | None, ...]
    names: tuple[str, ...]


class PartyRow(NamedTuple):
    """Who stands behind a service beside the organization that offers it."""

    service: str
    name: str
    host: str
    party: str
    role: str


class BodyRow(NamedTuple):
    """A body that decides, the day since which it no longer meets, its last meeting, and who sits in it.

    ``members`` are organizations of the directory, each once; functions such as "mayor" are not among them.
    """

    id: str
    name: str
    ends: date | None
    met: date | None
    members: tuple[str, ...]


def tie_rows(session: Session) -> list[TieRow]:
    """Return every tie that its source still tells of, by id."""
    query = (
        select(
            Tie.id, Tie.organization_id, Tie.other_organization_id, Tie.kind, Tie.matter,
            Tie.begun, Tie.ends, Tie.last_contact, AgreementTie.agreement_id,
        )
        .outerjoin(AgreementTie, AgreementTie.tie_id == Tie.id)
        .where(Tie.removed_in_source.is_(None), Tie.organization_id != Tie.other_organization_id)
        .order_by(Tie.id)
    )  # fmt: skip
    return [TieRow(*row) for row in session.execute(query)]


def agreement_rows(session: Session) -> list[AgreementRow]:
    """Return every agreement with its last day, the day for which its use was counted, and its parties."""
    parties: dict[str, list[tuple[str | None, str]]] = {}
    query = select(AgreementParty.agreement_id, AgreementParty.organization_id, AgreementParty.name)
    for agreement, party, name in session.execute(query.order_by(AgreementParty.place, AgreementParty.id)):
        parties.setdefault(agreement, []).append((party, name))
    found = []
    for row in session.scalars(select(Agreement).order_by(Agreement.id)):
        ends = min((day for day in (row.ends, row.ended_on) if day), default=None)
        used = row.used_on if row.volume_used else None
        mine = parties.get(row.id, [])
        ids, names = tuple(one for one, _name in mine), tuple(name for _one, name in mine)
        found.append(AgreementRow(row.id, row.title, row.begins, ends, used, ids, names))
    return found


def party_rows(session: Session) -> list[PartyRow]:
    """Return who decides about, delivers, pays for or oversees each living service of somebody else."""
    query = (
        select(
            Service.id, Service.name, Service.organization_id, ServiceParty.organization_id, ServiceParty.role
        )
        .join(Service, Service.id == ServiceParty.service_id)
        .where(
            ServiceParty.organization_id.is_not(None),
            ServiceParty.organization_id != Service.organization_id,
            ServiceParty.removed_in_source.is_(None),
            *_LIVING,
        )
        .order_by(Service.id, ServiceParty.id)
    )
    return [
        PartyRow(service, name, host, party, role)
        for service, name, host, party, role in session.execute(query)
        if host and party
    ]


def body_rows(session: Session) -> list[BodyRow]:
    """Return every body in which an organization of the directory sits, by id."""
    members: dict[str, dict[str, None]] = {}
    seats = select(BodyMember.body_id, BodyMember.organization_id).order_by(BodyMember.place, BodyMember.id)
    for body, organization in session.execute(seats.where(BodyMember.organization_id.is_not(None))):
        members.setdefault(body, {})[str(organization)] = None
    last = select(BodyMeeting.body_id, func.max(BodyMeeting.held_on)).group_by(BodyMeeting.body_id)
    met = {row[0]: row[1] for row in session.execute(last)}
    query = select(CoordinatingBody.id, CoordinatingBody.name, CoordinatingBody.ended_on)
    return [
        BodyRow(key, name, ends, met.get(key), tuple(members[key]))
        for key, name, ends in session.execute(query.order_by(CoordinatingBody.id))
        if key in members
    ]


def last_contacts(session: Session) -> Mapping[str, date]:
    """Return organization id -> the last day on which our own staff noted a contact with it."""
    query = select(PartnerContact.organization_id, func.max(PartnerContact.day))
    rows = session.execute(query.group_by(PartnerContact.organization_id))
    return {row[0]: row[1] for row in rows}


def living_organizations(session: Session, day: date) -> dict[str, tuple[str, str | None]]:
    """Return organization id -> name and kind, for all that have not closed and are not gone."""
    query = select(Organization.id, Organization.name, Organization.kind).where(
        Organization.removed_in_source.is_(None),
        or_(Organization.closed_on.is_(None), Organization.closed_on > day),
    )
    return {key: (name, kind) for key, name, kind in session.execute(query.order_by(Organization.id))}


def confirmed_types(session: Session) -> list[tuple[str, str]]:
    """Return the organization and the type for every confirmed type of a living service."""
    query = (
        select(Service.organization_id, ServiceTypeLink.code)
        .join(ServiceTypeLink, ServiceTypeLink.service_id == Service.id)
        .where(ServiceTypeLink.state == "confirmed", *_LIVING)
        .order_by(Service.id, ServiceTypeLink.code)
    )
    return [(host, code) for host, code in session.execute(query) if host]


def areas_of_organizations(session: Session) -> set[tuple[str, str]]:
    """Return organization and area: where it or a living service of it has a place, or what it serves.

    An area may be served by a service as a whole or from one of its places.
    """
    own = select(Location.organization_id, Location.area_code).where(Location.removed_in_source.is_(None))
    of_place = (
        select(Service.organization_id, ServiceArea.area_code)
        .join(ServiceAtLocation, ServiceAtLocation.id == ServiceArea.service_at_location_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(*_LIVING, ServiceArea.removed_in_source.is_(None))
    )
    of_service = (
        select(Service.organization_id, ServiceArea.area_code)
        .join(Service, Service.id == ServiceArea.service_id)
        .where(*_LIVING, ServiceArea.removed_in_source.is_(None))
    )
    at = (
        select(Service.organization_id, Location.area_code)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(*_LIVING, Location.removed_in_source.is_(None))
    )
    still = ServiceAtLocation.removed_in_source.is_(None)
    queries = (own, at.where(still), of_service, of_place.where(still))
    rows = (row for query in queries for row in session.execute(query.distinct()))
    return {(one, area) for one, area in rows if one and area}
