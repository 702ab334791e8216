"""Records of the directory as cards, by a fixed number of SELECTs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import (
    Address,
    Contact,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.duplicates.cards import Card, Draft, Table
from netmap.duplicates.spelling import address_key, domain_key, letters, mail_keys, phone_key

Drafts = dict[str, Draft]


def cards(session: Session, table: Table) -> list[Card]:
    """Return what is compared of all records of a table that are not gone in their source, by id."""
    drafts = _LOADERS[table](session)
    return [drafts[id_].card(table) for id_ in sorted(drafts)]


def _organizations(session: Session) -> Drafts:
    wanted = (
        Organization.id,
        Organization.name,
        Organization.description,
        Organization.website,
        Organization.email,
        Organization.source_id,
        Organization.parent_organization_id,
    )
    drafts: Drafts = {}
    for row in session.execute(select(*wanted).where(Organization.removed_in_source.is_(None))):
        draft = Draft(row.id, row.name, source=row.source_id, text=row.description or "")
        draft.owner_id = row.parent_organization_id
        draft.domains.add(domain_key(row.website))
        _reach(draft, row.email)
        drafts[row.id] = draft
    services = _pairs(session, select(Service.id, Service.organization_id))
    places = _pairs(session, select(Location.id, Location.organization_id))
    at = ServiceAtLocation
    given = select(at.location_id, Service.organization_id).join(Service, at.service_id == Service.id)
    places.update(_pairs(session, given))
    _phones(session, drafts, {"organization_id": None, "service_id": services, "location_id": places})
    _where(session, drafts, places)
    for service, owners in _types(session).items():
        for owner in services.get(service, ()):
            if owner in drafts:
                drafts[owner].types |= owners
    return drafts


def _services(session: Session) -> Drafts:
    wanted = (
        Service.id,
        Service.name,
        Service.description,
        Service.url,
        Service.email,
        Service.source_id,
        Service.organization_id,
        Organization.name.label("owner"),
    )
    query = select(*wanted).outerjoin(Organization, Service.organization_id == Organization.id)
    drafts: Drafts = {}
    for row in session.execute(query.where(Service.removed_in_source.is_(None))):
        draft = Draft(row.id, row.name, owner=row.owner or "", owner_id=row.organization_id)
        draft.source, draft.text = row.source_id, row.description or ""
        draft.domains.add(domain_key(row.url))
        _reach(draft, row.email)
        drafts[row.id] = draft
    at = ServiceAtLocation
    places = _pairs(session, select(at.location_id, at.service_id).where(at.removed_in_source.is_(None)))
    given = _pairs(session, select(at.id, at.service_id))
    owners = {"service_id": None, "service_at_location_id": given, "location_id": places}
    _phones(session, drafts, owners)
    _where(session, drafts, places)
    for service, codes in _types(session).items():
        if service in drafts:
            drafts[service].types |= codes
    return drafts


def _locations(session: Session) -> Drafts:
    wanted = (
        Location.id,
        Location.name,
        Location.description,
        Location.url,
        Location.source_id,
        Location.organization_id,
        Organization.name.label("owner"),
    )
    query = select(*wanted).outerjoin(Organization, Location.organization_id == Organization.id)
    drafts: Drafts = {}
    for row in session.execute(query.where(Location.removed_in_source.is_(None))):
        draft = Draft(row.id, row.name or "", owner=row.owner or "", owner_id=row.organization_id)
        draft.source, draft.text = row.source_id, row.description or ""
        draft.domains.add(domain_key(row.url))
        drafts[row.id] = draft
    _phones(session, drafts, {"location_id": None})
    _where(session, drafts, {id_: {id_} for id_ in drafts})
    return drafts


def _reach(draft: Draft, email: str | None) -> None:
    address, domain = mail_keys(email)
    draft.mails.add(address)
    draft.domains.add(domain)


def _pairs(session: Session, query: Any) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, owner in session.execute(query):
        if key is not None and owner is not None:
            found[key].add(owner)
    return found


def _types(session: Session) -> Mapping[str, set[str]]:
    link = ServiceTypeLink
    return _pairs(session, select(link.service_id, link.code).where(link.state != "rejected"))


def _phones(
    session: Session, drafts: Drafts, owners: Mapping[str, Mapping[str, Iterable[str]] | None]
) -> None:
    """Give each card its telephones; ``owners``: column -> id -> cards, None where the id is the card's."""
    of_person = (
        ("contact_id", _contacts(session, owners)),
        *owners.items(),
    )
    columns = [getattr(Phone, name) for name, _owned in of_person]
    query = select(Phone.number, *columns).where(Phone.removed_in_source.is_(None))
    for number, *ids in session.execute(query):
        key = phone_key(number)
        for (_name, owned), id_ in zip(of_person, ids, strict=True):
            if key and id_:
                for one in (id_,) if owned is None else owned.get(id_, ()):
                    if one in drafts:
                        drafts[one].phones.add(key)


def _contacts(
    session: Session, owners: Mapping[str, Mapping[str, Iterable[str]] | None]
) -> Mapping[str, Iterable[str]]:
    """Return contact -> the cards whose contact it is."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    columns = [getattr(Contact, name) for name in owners]
    for id_, *ids in session.execute(select(Contact.id, *columns)):
        for owned, owner in zip(owners.values(), ids, strict=True):
            if owner:
                found[id_].update((owner,) if owned is None else owned.get(owner, ()))
    return found


def _where(session: Session, drafts: Drafts, places: Mapping[str, Iterable[str]]) -> None:
    """Give each card the addresses, towns and points of its places."""
    query = select(Address.location_id, Address.address_1, Address.city)
    for place, street, city in session.execute(query.where(Address.removed_in_source.is_(None))):
        key, town = address_key(street, city), letters(city or "")
        for one in places.get(place or "", ()):
            if one in drafts:
                drafts[one].addresses.add(key)
                drafts[one].cities.add(town)
    known = Location.latitude.is_not(None), Location.longitude.is_not(None)
    for place, latitude, longitude in session.execute(
        select(Location.id, Location.latitude, Location.longitude).where(*known)
    ):
        for one in places.get(place or "", ()):
            if one in drafts and latitude and longitude:
                drafts[one].points.add((latitude, longitude))


_LOADERS = {"organization": _organizations, "service": _services, "location": _locations}
