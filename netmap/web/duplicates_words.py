"""What the pages of duplicates say: names of tables and fields, and values as people read them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from netmap.directory.models import Area, Location, Organization, Program
from netmap.duplicates.cards import Table
from netmap.editing.told_names import known_of
from netmap.i18n import gettext as _
from netmap.web.directory_words import kind_name


def table_names() -> Mapping[Table, str]:
    """Return what each table is called where there are many."""
    return {"organization": _("Organisations"), "service": _("Services"), "location": _("Places")}


def field_name(name: str) -> str:
    """Return what a field is called; its name in HSDS where netmap shows it nowhere else."""
    return _fields().get(name, name.replace("_", " ").capitalize())


def _fields() -> Mapping[str, str]:
    return {
        "name": _("Name"),
        "alternate_name": _("Other name"),
        "description": _("Description"),
        "email": _("E-mail"),
        "website": _("Web page"),
        "url": _("Web page"),
        "kind": _("Kind"),
        "status": _("Status"),
        "organization_id": _("Organisation"),
        "parent_organization_id": _("Unit of"),
        "successor_id": _("Taken over by"),
        "program_id": _("Programme"),
        "assured_date": _("Confirmed by a person"),
        "fees_description": _("Cost"),
        "application_process": _("How to apply"),
        "eligibility_description": _("For whom"),
        "minimum_age": _("Lowest age"),
        "maximum_age": _("Highest age"),
        "wait_time": _("Waiting time"),
        "alert": _("Notice"),
        "latitude": _("Point on the map"),
        "transportation": _("How to get there"),
        "location_type": _("Kind of place"),
        "safety_note": _("Note on safety"),
        "review_days": _("To be checked every so many days"),
        "closed_on": _("Closed on"),
        "duration": _("Duration"),
        "legal_status": _("Legal form"),
        "tax_id": _("Tax number"),
        "year_incorporated": _("Founded"),
        "duty_days": _("Must report a change within so many days"),
        "uri": _("Address as an identifier (URI)"),
    }


def part_name(table: str) -> str:
    """Return what rows of a table are called that hang on a record."""
    names = {
        "service": _("services"),
        "location": _("places"),
        "phone": _("telephones"),
        "contact": _("people"),
        "address": _("addresses"),
        "schedule": _("opening hours"),
        "language": _("languages"),
        "service_at_location": _("services at places"),
        "tie": _("ties with others"),
        "vacancy": _("vacancies"),
        "program": _("programmes"),
        "service_type_link": _("types of service"),
        "eligibility_rule": _("rules on whom it takes"),
        "cost_option": _("prices"),
        "service_capacity": _("figures of free places"),
        "required_document": _("documents to bring"),
        "organization": _("units"),
        "curation": _("decisions to put first or leave out"),
        "alias": _("other names"),
    }
    return names.get(table) or known_of(table).one


def value(session: Session, name: str, row: Mapping[str, Any]) -> str:
    """Return what a record says in a field; "" where it says nothing."""
    found = row.get(name)
    if found in (None, ""):
        return ""
    if name in ("organization_id", "parent_organization_id", "successor_id"):
        owner = session.get(Organization, found)
        return owner.name if owner else str(found)
    if name == "program_id":
        program = session.get(Program, found)
        return program.name if program else str(found)
    if name == "latitude":
        area = session.get(Area, row["area_code"]) if row.get("area_code") else None
        point = f"{row['latitude']}, {row['longitude']}"
        return f"{point} ({area.name})" if area else point
    if name == "kind":
        return kind_name(str(found))
    return str(found)


LINES = 5  # of one kind, told on each side


def part_lines(session: Session, table: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what the rows of one table say that hang on a record, shortly; else how many there are."""
    say = _SAID.get(table)
    if say is None:
        return [str(len(rows))]
    said = [", ".join(str(one) for one in say(session, row) if one) for row in rows]
    told = sorted({one for one in said if one})
    more = len(told) - LINES
    return told[:LINES] + ([_("and %(count)s more", count=more)] if more > 0 else [])


def _of_place(session: Session, row: Mapping[str, Any]) -> Iterable[Any]:
    place = session.get(Location, row["location_id"])
    if place is None:
        return ()
    address = next(iter(place.addresses), None)
    return place.name, address.address_1 if address else None


def _columns(*names: str) -> Callable[[Session, Mapping[str, Any]], Iterable[Any]]:
    return lambda _session, row: [row[name] for name in names]


_SAID: Mapping[str, Callable[[Session, Mapping[str, Any]], Iterable[Any]]] = {
    "phone": _columns("number", "extension", "description"),
    "address": _columns("address_1", "address_2", "postal_code", "city"),
    "contact": _columns("name", "title", "email"),
    "service": _columns("name"),
    "location": _columns("name"),
    "program": _columns("name"),
    "alias": _columns("name"),
    "organization": _columns("name"),
    "schedule": _columns("byday", "opens_at", "closes_at", "unread"),
    "url": _columns("url"),
    "language": _columns("name", "code"),
    "service_at_location": _of_place,
}
