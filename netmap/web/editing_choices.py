"""What can be chosen in the forms of records, and what they show beside their fields."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload

from netmap.directory.models import (
    Contact,
    Language,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    Unit,
)
from netmap.directory.queries import area_choices
from netmap.directory.secrecy import addresses_told
from netmap.editing.hours import kept_rows
from netmap.editing.parts import key_of
from netmap.editing.words import effect_names, threshold_names
from netmap.i18n import language
from netmap.i18n.names import language_name
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.directory_words import unit_name
from netmap.web.editing_form import Sheet
from netmap.web.editing_hours import rule_words

Choices = Sequence[tuple[str, str]]
LANGUAGES = (
    "be", "cs", "de", "en", "es", "et", "fa", "fr", "hy", "it", "ka", "kk", "lls", "lt", "lv", "pl", "ro",
    "rsl", "ru", "tr", "uk", "ukl", "uz", "ar", "az", "ky", "tg", "yi", "rom",
)  # fmt: skip


def of_service(session: Session, service: Service) -> Mapping[str, Choices]:
    """Return column -> what can be chosen for it in the form of a service."""
    return {
        "location_id": _locations(session, service),
        "area_code": area_choices(session, language()),
        "unit_id": _units(session),
        "code": languages(session),
        "text_language": languages(session),
    }


def languages(session: Session) -> Choices:
    """Return the languages that are likely, by name."""
    used = session.scalars(select(Language.code).where(Language.code.is_not(None)).distinct())
    codes = {*LANGUAGES, *(code for code in used if code)}
    return sorted(((code, language_name(code)) for code in codes), key=lambda one: one[1].casefold())


def _locations(session: Session, service: Service) -> Choices:
    """Return the places of the organization, and those where the service is given already."""
    used = select(ServiceAtLocation.location_id).where(ServiceAtLocation.service_id == service.id)
    wanted = or_(Location.id.in_(used), Location.organization_id == service.organization_id)
    query = select(Location).where(wanted, Location.removed_in_source.is_(None))
    rows = session.scalars(query.options(selectinload(Location.addresses))).all()
    return sorted(((row.id, _place(row)) for row in rows), key=lambda one: one[1].casefold())


def _place(location: Location) -> str:
    address = next((one for one in addresses_told(location) if one.address_1), None)
    street = ", ".join(part for part in (address.address_1, address.city) if part) if address else ""
    return " – ".join(part for part in (location.name, street) if part) or location.id


def _units(session: Session) -> Choices:
    rows = session.scalars(select(Unit).where(Unit.removed_in_source.is_(None)).order_by(Unit.name, Unit.id))
    return [(row.id, unit_name(row)) for row in rows]


def types_to_add(sheet: Sheet) -> Choices:
    """Return the types that the form does not hold yet, by name."""
    there = set(sheet.keys("types"))
    found = [(code, label(code)) for code in vocabulary().service_types if code not in there]
    return [("", ""), *sorted(found, key=lambda one: one[1].casefold())]


def circumstances_to_add(sheet: Sheet) -> Choices:
    """Return the circumstances that the form does not hold yet, by name."""
    there = set(sheet.keys("eligibility"))
    found = [(code, label(code)) for code in vocabulary().circumstances if code not in there]
    return [("", ""), *sorted(found, key=lambda one: one[1].casefold())]


def effects() -> Choices:
    """Return what a circumstance may mean."""
    return list(effect_names().items())


def thresholds() -> Choices:
    """Return the thresholds that can be low."""
    return list(threshold_names().items())


def kept_hours(session: Session, service: Service) -> Mapping[str, str]:
    """Return name of a field -> hours that the week cannot hold, in words."""
    places = select(ServiceAtLocation.id).where(ServiceAtLocation.service_id == service.id)
    people = select(Contact.id).where(Contact.service_id == service.id)
    mine = Schedule.service_id == service.id
    return kept_among(
        session, or_(mine, Schedule.service_at_location_id.in_(places), Schedule.contact_id.in_(people))
    )


def kept_among(session: Session, hung: ColumnElement[bool]) -> Mapping[str, str]:
    """Return name of a field -> hours that the week cannot hold, of the rules that a condition names."""
    query = select(Schedule).where(hung, Schedule.removed_in_source.is_(None))
    groups: dict[str, list[Schedule]] = {}
    for row in session.scalars(query.order_by(Schedule.id)):
        groups.setdefault(_owner(row), []).append(row)
    return {
        f"{start}kept.{key_of(row.id)}": rule_words(row)
        for start, rows in groups.items()
        for row in kept_rows(rows)
    }


def _owner(row: Schedule) -> str:
    if row.contact_id:
        return f"contacts.{key_of(row.contact_id)}."
    if row.service_at_location_id and not row.service_id:
        return f"places.{key_of(row.service_at_location_id)}."
    return ""


def access(session: Session, service: Service) -> Sequence[tuple[Location, Sequence[str]]]:
    """Return the places of a service with how one gets in there; that is said of the place itself."""
    query = (
        select(Location)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .where(ServiceAtLocation.service_id == service.id, ServiceAtLocation.removed_in_source.is_(None))
        .options(selectinload(Location.accessibility))
        .order_by(Location.name, Location.id)
    )
    rows = session.scalars(query).unique().all()
    return [(row, [one.description for one in row.accessibility if one.description]) for row in rows]


def ids_of(model: type[Contact], hung: ColumnElement[bool]) -> Select[str]:
    """Return the SELECT of the ids of the rows that a condition names."""
    return select(model.id).where(hung)
