"""What the form of a service, an organisation and a place holds, field by field."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from netmap.directory.models import (
    Accessibility,
    Address,
    Area,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    RequiredDocument,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Unit,
    Url,
)
from netmap.editing import words
from netmap.editing.fields import Field
from netmap.editing.hours import Hours
from netmap.editing.keyed import ForWhom, Thresholds, Types
from netmap.editing.parts import Columns, Part, Rows, Together
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number

OLDEST = 120


def _ages(least: float | None, most: float | None) -> Mapping[str, str]:
    if least is None or most is None or least <= most:
        return {}
    return {"maximum_age": _("The highest age lies below the lowest: mend one of the two.")}


def _free(free: float | None, total: float | None) -> Mapping[str, str]:
    if free is None or total is None or free <= total:
        return {}
    said = {"free": number(free), "total": number(total)}
    return {"available": _("%(free)s cannot be free where there are %(total)s in all: mend one.", **said)}


def _prices(first: date | None, last: date | None) -> Mapping[str, str]:
    if first is None or last is None or first <= last:
        return {}
    return {"valid_to": _("This price ends before it begins: mend one of the two days.")}


AGES = Together(("minimum_age", "maximum_age"), _ages)
FREE = Together(("available", "maximum"), _free)
PRICES = Together(("valid_from", "valid_to"), _prices)
PHONE = (
    Field("number", lambda: _("Number"), required=True),
    Field("extension", lambda: _("Extension")),
    Field("type", lambda: _("For what"), "choice", choices=words.phone_names),
    Field("description", lambda: _("Remark")),
)
LANGUAGE = (
    Field("code", lambda: _("Language"), "language"),
    Field("name", lambda: _("Language in words")),
    Field("note", lambda: _("Remark")),
)
ACCESSIBILITY = (
    Field("description", lambda: _("How one gets in"), "text"),
    Field("details", lambda: _("More about it"), "text"),
    Field("url", lambda: _("Web page"), "link"),
)
ADDRESS = (
    Field("address_1", lambda: _("Street and number")),
    Field("address_2", lambda: _("Door, floor, building")),
    Field("attention", lambda: _("Name on the door")),
    Field("city", lambda: _("Town or village")),
    Field("region", lambda: _("Part of the region")),
    Field("state_province", lambda: _("Region")),
    Field("postal_code", lambda: _("Postcode")),
    Field("country", lambda: _("Country")),
    Field("address_type", lambda: _("What the address is for"), "choice", choices=words.place_names),
)


def phones(owner: str) -> Rows:
    """Return the telephones that hang on a row by a column."""
    return Rows("phones", Phone, owner, lambda: _("Telephone"), (Columns(PHONE),))


def languages(owner: str) -> Rows:
    """Return the languages that hang on a row by a column."""
    return Rows("languages", Language, owner, lambda: _("Language"), (Columns(LANGUAGE),))


def contacts(owner: str) -> Rows:
    """Return the people to ask, each with telephones and hours of their own."""
    person = (
        Field("name", lambda: _("Name")),
        Field("title", lambda: _("What for, for example debt adviser")),
        Field("department", lambda: _("Department")),
        Field("email", lambda: _("E-mail"), "email"),
    )
    parts = (Columns(person), phones("contact_id"), Hours("contact_id"))
    return Rows("contacts", Contact, owner, lambda: _("Person to ask"), parts)


def funding(owner: str) -> Rows:
    """Return who pays for what a row is about."""
    source = (Field("source", lambda: _("Paid for by"), required=True),)
    return Rows("funding", Funding, owner, lambda: _("Money from"), (Columns(source),))


def pages(name: str, owner: str) -> Rows:
    """Return further web pages."""
    page = (
        Field("label", lambda: _("What it is")),
        Field("url", lambda: _("Address"), "link", required=True),
    )
    return Rows(name, Url, owner, lambda: _("Web page"), (Columns(page),))


def areas(owner: str) -> Rows:
    """Return where a service is given."""
    area = (
        Field("area_code", lambda: _("Area"), "reference", refers=Area),
        Field("name", lambda: _("Area in words")),
        Field("description", lambda: _("Remark")),
    )
    return Rows("service_areas", ServiceArea, owner, lambda: _("Serves"), (Columns(area),))


@cache
def service() -> tuple[Part, ...]:
    """Return what the form of a service holds."""
    return (Columns(_SERVICE, (AGES,)), Types(), ForWhom(), Thresholds(), *_service_rows())


_SERVICE = (
    Field("name", lambda: _("Name of the service"), required=True),
    Field("alternate_name", lambda: _("Other name")),
    Field("description", lambda: _("What it is"), "text"),
    Field("text_language", lambda: _("Language of these texts"), "language"),
    Field("status", lambda: _("Offered"), "choice", required=True, choices=words.status_names),
    Field("duration", lambda: _("How long it lasts"), "choice", choices=words.duration_names),
    Field("alert", lambda: _("Notice"), "text"),
    Field("minimum_age", lambda: _("Lowest age"), "number", most=OLDEST),
    Field("maximum_age", lambda: _("Highest age"), "number", most=OLDEST),
    Field("eligibility_description", lambda: _("Who is taken and who is not, in words"), "text"),
    Field("application_process", lambda: _("How to get in"), "text"),
    Field("interpretation_services", lambda: _("Interpreter")),
    Field("fees_description", lambda: _("Cost in words"), "text"),
    Field("wait_time", lambda: _("Waiting time in words")),
    Field("accreditations", lambda: _("Quality marks")),
    Field("licenses", lambda: _("Licences")),
    Field("email", lambda: _("E-mail"), "email"),
    Field("url", lambda: _("Web page"), "link"),
)


def _service_rows() -> tuple[Part, ...]:
    cost = (
        Field("option", lambda: _("For whom or what")),
        Field("amount", lambda: _("Amount, 0 for free"), "number"),
        Field("currency", lambda: _("Currency, for example EUR")),
        Field("amount_description", lambda: _("In words")),
        Field("valid_from", lambda: _("From"), "date"),
        Field("valid_to", lambda: _("Until"), "date"),
    )
    paper = (
        Field("document", lambda: _("Document"), required=True),
        Field("uri", lambda: _("Web page about it"), "link"),
    )
    capacity = (
        Field("available", lambda: _("Free"), "number"),
        Field("maximum", lambda: _("In all"), "number"),
        Field("unit_id", lambda: _("Counted in"), "reference", refers=Unit),
        Field("wait_days", lambda: _("Waiting, in days"), "int", most=36_500),
        Field("description", lambda: _("Remark")),
    )
    place = (
        Field("location_id", lambda: _("Place"), "reference", required=True, refers=Location),
        Field("description", lambda: _("Remark"), "text"),
    )
    at = "service_at_location_id"
    of_place = (Columns(place), Hours(at), phones(at), areas(at))
    owner = "service_id"
    return (
        Hours(owner),
        Rows("places", ServiceAtLocation, owner, lambda: _("Place"), of_place),
        areas(owner),
        languages(owner),
        Rows("cost_options", CostOption, owner, lambda: _("Price"), (Columns(cost, (PRICES,)),)),
        Rows("required_documents", RequiredDocument, owner, lambda: _("To bring"), (Columns(paper),)),
        Rows(
            "capacities",
            ServiceCapacity,
            owner,
            lambda: _("Free places"),
            (Columns(capacity, (FREE,), "updated"),),
        ),
        phones(owner),
        contacts(owner),
        funding(owner),
        pages("additional_urls", owner),
    )


@cache
def organization() -> tuple[Part, ...]:
    """Return what the form of an organisation holds."""
    columns = (
        Field("name", lambda: _("Name of the organisation"), required=True),
        Field("alternate_name", lambda: _("Other name")),
        Field("description", lambda: _("What it does"), "text"),
        Field("kind", lambda: _("What kind of organisation"), "choice", choices=words.kind_names),
        Field("parent_organization_id", lambda: _("Part of"), "reference", refers=Organization),
        Field("email", lambda: _("E-mail"), "email"),
        Field("website", lambda: _("Web page"), "link"),
        Field("year_incorporated", lambda: _("Year of founding"), "int", least=1000, most=2200),
        Field("legal_status", lambda: _("Legal form")),
        Field("tax_id", lambda: _("Tax number")),
    )
    identifier = (
        Field("identifier_scheme", lambda: _("Register")),
        Field("identifier_type", lambda: _("What number it is")),
        Field("identifier", lambda: _("Number"), required=True),
    )
    owner = "organization_id"
    return (
        Columns(columns),
        phones(owner),
        contacts(owner),
        funding(owner),
        pages("additional_websites", owner),
        Rows(
            "identifiers",
            OrganizationIdentifier,
            owner,
            lambda: _("Number in a register"),
            (Columns(identifier),),
        ),
    )


@cache
def location() -> tuple[Part, ...]:
    """Return what the form of a place holds."""
    columns = (
        Field("name", lambda: _("Name of the place")),
        Field("alternate_name", lambda: _("Other name")),
        Field(
            "location_type",
            lambda: _("What kind of place"),
            "choice",
            required=True,
            choices=words.place_names,
        ),
        Field("description", lambda: _("What one finds there"), "text"),
        Field("transportation", lambda: _("How to get there"), "text"),
        Field("area_code", lambda: _("Area"), "reference", refers=Area),
        Field("latitude", lambda: _("Latitude"), "number", least=-90, most=90),
        Field("longitude", lambda: _("Longitude"), "number", least=-180, most=180),
        Field("url", lambda: _("Web page"), "link"),
    )
    owner = "location_id"
    return (
        Columns(columns),
        Rows("addresses", Address, owner, lambda: _("Address"), (Columns(ADDRESS),)),
        Hours(owner),
        phones(owner),
        contacts(owner),
        languages(owner),
        Rows(
            "accessibility",
            Accessibility,
            owner,
            lambda: _("Getting in with a wheelchair or other aids"),
            (Columns(ACCESSIBILITY),),
        ),
    )


KINDS: Mapping[str, tuple[type[Any], Any]] = {
    "service": (Service, service),
    "organization": (Organization, organization),
    "location": (Location, location),
}
