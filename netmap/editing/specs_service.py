"""What the form of a service holds, field by field."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from netmap.directory.models import (
    CostOption,
    Location,
    RequiredDocument,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceParty,
    Unit,
)
from netmap.editing import words
from netmap.editing.columns import Columns, Together
from netmap.editing.fields import Field
from netmap.editing.hours import Hours
from netmap.editing.keyed import ForWhom, Thresholds, Types
from netmap.editing.named import Named
from netmap.editing.parts import Part, Rows
from netmap.editing.specs import (
    ALERT_UNTIL,
    REVIEW,
    aliases,
    areas,
    contacts,
    funding,
    languages,
    pages,
    phones,
)
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
    Field("layer", lambda: _("Who stands behind it"), "choice", choices=words.layer_names),
    Field("alert", lambda: _("Notice"), "text"),
    ALERT_UNTIL,
    REVIEW,
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
_COST = (
    Field("option", lambda: _("For whom or what")),
    Field("amount", lambda: _("Amount, 0 for free"), "number"),
    Field("currency", lambda: _("Currency, for example EUR")),
    Field("amount_description", lambda: _("In words")),
    Field("valid_from", lambda: _("From"), "date"),
    Field("valid_to", lambda: _("Until"), "date"),
)
_PAPER = (
    Field("document", lambda: _("Document"), required=True),
    Field("uri", lambda: _("Web page about it"), "link"),
)
_CAPACITY = (
    Field("available", lambda: _("Free"), "number"),
    Field("maximum", lambda: _("In all"), "number"),
    Field("unit_id", lambda: _("Counted in"), "reference", refers=Unit),
    Field("target", lambda: _("For whom"), "choice", choices=words.circumstance_names),
    Field("wait_days", lambda: _("Waiting, in days"), "int", most=36_500),
    Field("description", lambda: _("Remark")),
)


def _service_rows() -> tuple[Part, ...]:
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
        Rows("cost_options", CostOption, owner, lambda: _("Price"), (Columns(_COST, (PRICES,)),)),
        Rows("required_documents", RequiredDocument, owner, lambda: _("To bring"), (Columns(_PAPER),)),
        Rows(
            "capacities",
            ServiceCapacity,
            owner,
            lambda: _("Free places"),
            (Columns(_CAPACITY, (FREE,), "updated"),),
        ),
        phones(owner),
        contacts(owner),
        _parties(owner),
        funding(owner),
        pages("additional_urls", owner),
        aliases(owner),
    )


def _parties(owner: str) -> Rows:
    """Return who decides about a service, delivers it, pays for it or is answered to."""
    role = Field("role", lambda: _("What they do"), "choice", required=True, choices=words.party_names)
    parts = (Columns((role,)), Named("who", lambda: _("Organisation or name")))
    return Rows("parties", ServiceParty, owner, lambda: _("Who stands behind it"), parts)
