"""The rows behind the documents of the search index, by owner: all SELECTs but those of areas and hours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from netmap.directory.facet_codes import Capacity, Price
from netmap.directory.hsds_names import THRESHOLDS_URI
from netmap.directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    EligibilityRule,
    Language,
    Location,
    Organization,
    Phone,
    Program,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
    Taxonomy,
    TaxonomyTerm,
    Tie,
)
from netmap.directory.other_names import OtherName, other_names
from netmap.directory.points import POINT, with_point

TEXT = ("description", "eligibility_description", "application_process")
_SERVICE = (
    "id", "organization_id", "name", "alternate_name", *TEXT, "text_language", "status", "email",
    "interpretation_services", "assured_date", "removed_in_source", "fees_description", "minimum_age",
    "maximum_age", "layer",
)  # fmt: skip
# A place that is gone in its source gives nothing, neither words nor languages nor areas.
_OF_PLACE = Location, ServiceAtLocation.location_id == Location.id
_LIVING_PLACE = ServiceAtLocation.removed_in_source.is_(None), Location.removed_in_source.is_(None)

Rows = Mapping[str, Sequence[Row[Any]]]
Key = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


@dataclass(frozen=True)
class Gathered:
    """The living rows of some services: each mapping leads from an owner's id to its rows."""

    services: Sequence[Row[Any]]
    names: Mapping[str, Sequence[OtherName]]
    types: Rows
    spoken: Rows
    places: Rows
    served: Rows
    prices: Mapping[str, list[Price]]
    capacities: Mapping[str, list[Capacity]]
    rules: Rows
    thresholds: Mapping[str, list[str]]
    accessibility: Mapping[str, list[str]]
    contacts: Mapping[str, list[str]]
    phones: Mapping[str, list[str]]
    ties: Mapping[str, list[tuple[str, date | None]]]


def gather(session: Session, ids: Sequence[str]) -> Gathered:
    """Return everything that documents are made of, with a constant number of SELECTs."""
    services = services_of(session, ids)
    places = places_of(session, ids)
    organizations = sorted({row.organization_id for row in services if row.organization_id})
    locations = sorted({row.location_id for rows in places.values() for row in rows})
    owners = _Owners(
        {
            "service_id": ids,
            "service_at_location_id": sorted({row.id for rows in places.values() for row in rows}),
            "location_id": locations,
            "organization_id": organizations,
        }
    )
    people = owners.rows(session, Contact, ("name", "title", "department", "email"))
    contacts = {row.id: owner for owner, rows in people.items() for row in rows}
    return Gathered(
        services=services,
        names=other_names(session, ids, organizations),
        types=_types(session, ids),
        spoken=_spoken(session, ids),
        places=places,
        served=_served(session, ids),
        prices=_prices(session, ids),
        capacities=_capacities(session, ids),
        rules=_rules(session, ids),
        thresholds=_thresholds(session, ids),
        accessibility=_accessibility(session, locations),
        contacts={
            owner: [text for row in rows for text in (row.name, row.title, row.department, row.email) if text]
            for owner, rows in people.items()
        },
        phones=_phones(session, owners, contacts),
        ties=_ties(session, organizations),
    )


class _Owners:
    """Services, places, locations and organizations that rows of one table may hang on."""

    def __init__(self, ids: Mapping[str, Sequence[str]]) -> None:
        self._ids = ids

    def rows(self, session: Session, model: Any, columns: Sequence[str]) -> Rows:
        """Return owner's id -> the living rows that hang on it."""
        keys = list(self._ids)
        query = select(model.id, *(getattr(model, name) for name in (*keys, *columns)))
        hangs = [getattr(model, key).in_(ids) for key, ids in self._ids.items()]
        query = query.where(model.removed_in_source.is_(None), or_(*hangs)).order_by(model.id)
        found: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in session.execute(query):
            for owner in dict.fromkeys(getattr(row, key) for key in keys):
                if owner:
                    found[owner].append(row)
        return found


def _phones(session: Session, owners: _Owners, contacts: Mapping[str, str]) -> Mapping[str, list[str]]:
    """Return owner's id -> its numbers, those of its people among them."""
    hung = owners.rows(session, Phone, ("number",))
    found = {owner: [row.number for row in rows] for owner, rows in hung.items()}
    query = select(Phone.contact_id, Phone.number).where(Phone.removed_in_source.is_(None))
    query = query.where(Phone.contact_id.in_(sorted(contacts))).order_by(Phone.id)
    for contact, number in session.execute(query):
        if contact is not None:
            found.setdefault(contacts[contact], []).append(number)
    return found


def services_of(session: Session, ids: Sequence[str]) -> Sequence[Row[Any]]:
    """Return the services that exist among the ids, each with its organization and program."""
    query = select(
        *(getattr(Service, name) for name in _SERVICE),
        func.coalesce(Service.review_days, Organization.review_days).label("rhythm"),
        Organization.name.label("organisation"),
        Organization.alternate_name.label("organisation_alternate"),
        Organization.kind.label("kind"),
        Organization.closed_on.label("closed_on"),
        Organization.email.label("organisation_email"),
        Program.name.label("program"),
    )
    query = query.outerjoin(Organization, Service.organization_id == Organization.id)
    query = query.outerjoin(Program, Service.program_id == Program.id)
    return list(session.execute(query.where(Service.id.in_(ids)).order_by(Service.id)))


def places_of(session: Session, ids: Sequence[str]) -> Rows:
    """Return service id -> its places, once for each address."""
    query = select(
        ServiceAtLocation.id,
        ServiceAtLocation.service_id,
        ServiceAtLocation.location_id,
        Location.name,
        Location.location_type,
        Location.area_code,
        Address.city,
        Address.address_1,
        Address.postal_code,
        *POINT,
    )
    query = query.join(*_OF_PLACE).where(ServiceAtLocation.service_id.in_(ids), *_LIVING_PLACE)
    query = query.outerjoin(
        Address,
        (Address.location_id == Location.id)
        & Address.removed_in_source.is_(None)
        & Location.confidential.is_(False),  # nor does the search answer to a secret address
    )
    return _by_service(session.execute(with_point(query).order_by(ServiceAtLocation.id, Address.id)))


def _types(session: Session, ids: Sequence[str]) -> Rows:
    link = ServiceTypeLink
    query = select(link.service_id, link.code, link.state, link.confidence)
    query = query.where(link.service_id.in_(ids)).order_by(link.code)
    return _by_service(session.execute(query))


def _rules(session: Session, ids: Sequence[str]) -> Rows:
    rule = EligibilityRule
    query = select(rule.service_id, rule.code, rule.effect).where(rule.service_id.in_(ids))
    return _by_service(session.execute(query.order_by(rule.code, rule.effect)))


def _spoken(session: Session, ids: Sequence[str]) -> Rows:
    """Return the languages of services, and those of their places for services that state none."""
    living = Language.removed_in_source.is_(None)
    own = select(Language.service_id, Language.code, Language.name)
    own = own.where(Language.service_id.in_(ids), living).order_by(Language.id)
    there = select(ServiceAtLocation.service_id, Language.code, Language.name)
    there = there.join(Language, Language.location_id == ServiceAtLocation.location_id)
    there = there.join(*_OF_PLACE).where(ServiceAtLocation.service_id.in_(ids), living, *_LIVING_PLACE)
    there = there.order_by(Language.id)
    stated, found = _by_service(session.execute(own)), _by_service(session.execute(there))
    return defaultdict(list, {**found, **stated})


def _served(session: Session, ids: Sequence[str]) -> Rows:
    """Return the areas served, those stated for a place only among them."""
    live = ServiceArea.removed_in_source.is_(None)
    own = select(ServiceArea.service_id, ServiceArea.area_code).where(ServiceArea.service_id.in_(ids), live)
    there = select(ServiceAtLocation.service_id, ServiceArea.area_code)
    there = there.join(ServiceArea, ServiceArea.service_at_location_id == ServiceAtLocation.id)
    there = there.join(*_OF_PLACE).where(ServiceAtLocation.service_id.in_(ids), live, *_LIVING_PLACE)
    return _by_service([*session.execute(own), *session.execute(there)])


def _prices(session: Session, ids: Sequence[str]) -> Mapping[str, list[Price]]:
    row = CostOption
    query = select(
        row.service_id, row.option, row.amount, row.amount_description, row.valid_from, row.valid_to
    )
    query = query.where(row.service_id.in_(ids), row.removed_in_source.is_(None)).order_by(row.id)
    found: dict[str, list[Price]] = defaultdict(list)
    for service, option, amount, words, first, last in session.execute(query):
        found[service].append(Price(option, amount, words, first, last))
    return found


def _capacities(session: Session, ids: Sequence[str]) -> Mapping[str, list[Capacity]]:
    row = ServiceCapacity
    query = select(row.service_id, row.available, row.wait_days, row.updated)
    query = query.where(row.service_id.in_(ids), row.removed_in_source.is_(None)).order_by(row.id)
    found: dict[str, list[Capacity]] = defaultdict(list)
    for service, available, wait_days, updated in session.execute(query):
        found[service].append(Capacity(available, wait_days, updated.date() if updated else None))
    return found


def _thresholds(session: Session, ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Return service id -> codes of how low its first step is."""
    query = (
        select(Attribute.link_id, TaxonomyTerm.code)
        .join(TaxonomyTerm, Attribute.taxonomy_term_id == TaxonomyTerm.id)
        .join(Taxonomy, TaxonomyTerm.taxonomy_id == Taxonomy.id)
        .where(Taxonomy.uri == THRESHOLDS_URI, Attribute.removed_in_source.is_(None))
        .where(Attribute.link_entity == "service", Attribute.link_id.in_(ids))
        .order_by(TaxonomyTerm.code)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for service, code in session.execute(query):
        if code:
            found[service].append(code)
    return found


def _accessibility(session: Session, locations: Sequence[str]) -> Mapping[str, list[str]]:
    """Return location id -> what is written of how it can be used; remark and details are one text."""
    row = Accessibility
    query = select(row.location_id, row.description, row.details)
    query = query.where(row.location_id.in_(locations), row.removed_in_source.is_(None)).order_by(row.id)
    found: dict[str, list[str]] = defaultdict(list)
    for location, description, details in session.execute(query):
        found[location].append(". ".join(part for part in (description, details) if part))
    return found


def _ties(session: Session, organizations: Sequence[str]) -> Mapping[str, list[tuple[str, date | None]]]:
    """Return organization id -> the kind and the last day of each of its ties, whoever of the two said so."""
    mine, theirs = Tie.organization_id.in_(organizations), Tie.other_organization_id.in_(organizations)
    query = select(Tie.organization_id, Tie.other_organization_id, Tie.kind, Tie.ends)
    query = query.where(or_(mine, theirs), Tie.removed_in_source.is_(None)).order_by(Tie.id)
    found: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
    for one, other, kind, ends in session.execute(query):
        if kind:
            found[one].append((kind, ends))
            found[other].append((kind, ends))
    return found


def _by_service(rows: Iterable[Row[Any]]) -> Rows:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.service_id].append(row)
    return found
