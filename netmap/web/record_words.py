"""Names of the tables and fields of the directory in words, for lists of what an import does."""

from collections.abc import Mapping
from typing import Any

from netmap.i18n import gettext as _


def table_name(table: str) -> str:
    """Return what the rows of a table are called."""
    return _tables().get(table, table.replace("_", " "))


def field_name(field: str) -> str:
    """Return what a column is called; one that has no words of its own is shown as it is."""
    return _fields().get(field, field.replace("_", " "))


def value(known: Any) -> str:
    """Return a stored value as text; what is empty is said to be so."""
    return _("(empty)") if known is None or known == "" else str(known)


def _tables() -> Mapping[str, str]:
    return {
        "organization": _("Organisations"),
        "program": _("Programmes"),
        "service": _("Services"),
        "location": _("Places"),
        "service_at_location": _("Services at places"),
        "address": _("Addresses"),
        "contact": _("People to ask for"),
        "phone": _("Telephone numbers"),
        "schedule": _("Opening hours"),
        "language": _("Languages"),
        "accessibility": _("Accessibility"),
        "cost_option": _("Prices"),
        "required_document": _("Documents to bring"),
        "service_area": _("Areas served"),
        "funding": _("Funding"),
        "service_capacity": _("Free places"),
        "url": _("Web addresses"),
        "organization_identifier": _("Register numbers"),
        "tie": _("Ties"),
        "vacancy": _("Vacancies"),
        "attribute": _("Terms of services"),
        "taxonomy": _("Lists of terms"),
        "taxonomy_term": _("Terms"),
        "area": _("Areas"),
    }


def _fields() -> Mapping[str, str]:
    return {
        "": _("the whole record"),
        "*": _("every field"),
        "name": _("name"),
        "alternate_name": _("other name"),
        "description": _("description"),
        "organization_id": _("organisation"),
        "program_id": _("programme"),
        "location_id": _("place"),
        "service_id": _("service"),
        "status": _("whether it is offered"),
        "email": _("e-mail"),
        "url": _("web address"),
        "website": _("web address"),
        "number": _("number"),
        "extension": _("extension"),
        "address_1": _("street and number"),
        "address_2": _("second line of the address"),
        "city": _("town"),
        "postal_code": _("postcode"),
        "latitude": _("latitude"),
        "longitude": _("longitude"),
        "transportation": _("how to get there"),
        "opens_at": _("opens at"),
        "closes_at": _("closes at"),
        "byday": _("days of the week"),
        "valid_from": _("valid from"),
        "valid_to": _("valid until"),
        "fees_description": _("cost, in words"),
        "application_process": _("how to apply"),
        "eligibility_description": _("for whom, in words"),
        "minimum_age": _("youngest age"),
        "maximum_age": _("oldest age"),
        "wait_time": _("waiting time"),
        "interpretation_services": _("interpreters"),
        "assured_date": _("last checked"),
        "available": _("free places"),
    }
