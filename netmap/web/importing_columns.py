"""The fields that a column can mean, in words: what the page of columns lets a person choose from."""

from netmap.i18n import gettext as _
from netmap.importing.mapping import WORDS


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (heading, [(value, label), ...]) for the lists on the page."""
    fields, tables = _fields(), _tables()
    return [
        (heading, [(target, fields[target]) for target in WORDS if target.partition(".")[0] == table])
        for table, heading in tables.items()
    ]


def _tables() -> dict[str, str]:
    return {
        "service": _("Service"),
        "organization": _("Organisation"),
        "location": _("Place"),
        "address": _("Address"),
        "phone": _("Telephone"),
        "schedule": _("Opening hours"),
        "required_document": _("Documents"),
        "service_area": _("Area served"),
    }


def _fields() -> dict[str, str]:
    return {
        "service.id": _("Service: number in your list"),
        "service.name": _("Service: name"),
        "service.description": _("Service: description"),
        "service.url": _("Service: web address"),
        "service.email": _("Service: e-mail"),
        "service.eligibility_description": _("Service: for whom, in words"),
        "service.minimum_age": _("Service: youngest age"),
        "service.maximum_age": _("Service: oldest age"),
        "service.fees_description": _("Service: cost, in words"),
        "service.application_process": _("Service: how to apply"),
        "service.wait_time": _("Service: waiting time"),
        "service.status": _("Service: whether it is offered"),
        "service.assured_date": _("Service: day of the last check"),
        "organization.name": _("Organisation: name"),
        "organization.description": _("Organisation: description"),
        "organization.website": _("Organisation: web address"),
        "organization.email": _("Organisation: e-mail"),
        "location.id": _("Place: number in your list"),
        "location.name": _("Place: name"),
        "location.latitude": _("Place: latitude"),
        "location.longitude": _("Place: longitude"),
        "location.transportation": _("Place: how to get there"),
        "address.address_1": _("Address: street and number"),
        "address.address_2": _("Address: second line"),
        "address.city": _("Address: town"),
        "address.state_province": _("Address: state or county"),
        "address.region": _("Address: region"),
        "address.postal_code": _("Address: postcode"),
        "address.country": _("Address: country"),
        "phone.number": _("Telephone: number"),
        "schedule.byday": _("Opening hours: days"),
        "schedule.opens_at": _("Opening hours: opens at"),
        "schedule.closes_at": _("Opening hours: closes at"),
        "schedule.description": _("Opening hours: in words"),
        "required_document.document": _("Documents: what to bring"),
        "service_area.name": _("Area served: its name"),
    }
