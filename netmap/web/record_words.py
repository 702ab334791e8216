"""Names of the tables of the directory, and values, in words, for lists of what an import does."""

from collections.abc import Mapping
from typing import Any

from netmap.i18n import gettext as _


def table_name(table: str) -> str:
    """Return what the rows of a table are called."""
    return _tables().get(table, table.replace("_", " "))


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
        "unit": _("Units"),
        "alias": _("Other names"),
        "service_party": _("Roles of organisations"),
        "metadata": _("Changes in the source"),
        "meta_table_description": _("Descriptions of tables"),
    }
