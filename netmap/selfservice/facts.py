"""The facts that a provider answers for, in groups, and a mark of what each group says at the moment. Pure.

A mark is the SHA-256 of the values of a group. It tells whether a form still shows what is recorded, and
whether what was attested once is still what stands there; it says nothing else.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from netmap.i18n import gettext as _

SCHEDULE = (
    "valid_from", "valid_to", "dtstart", "until", "count", "freq", "interval", "byday", "byweekno",
    "bymonthday", "byyearday", "description", "opens_at", "closes_at", "closed", "notes", "unread",
)  # fmt: skip
PHONE = ("number", "extension", "type", "description")
LANGUAGE = ("code", "name", "note")
COST = ("valid_from", "valid_to", "option", "currency", "amount", "amount_description")
CAPACITY = ("unit_id", "available", "maximum", "wait_days", "description")
ADDRESS = (
    "address_1", "address_2", "city", "region", "state_province", "postal_code", "country", "address_type",
)  # fmt: skip

Groups = Mapping[str, Callable[[Any], Any]]


def _column(*names: str) -> Callable[[Any], Any]:
    return lambda row: [
        [name, str(value)] for name in names if (value := getattr(row, name)) not in (None, "")
    ]


def _living(rows: Iterable[Any], names: Iterable[str]) -> list[list[str]]:
    names = tuple(names)
    found = [
        [str(value) if (value := getattr(row, name)) is not None else "" for name in names]
        for row in rows
        if row.removed_in_source is None
    ]
    return sorted(found)


def _rows(part: str, names: Iterable[str]) -> Callable[[Any], Any]:
    return lambda row: _living(getattr(row, part), names)


def _hours(service: Any) -> Any:
    """Return the hours of a service everywhere: its own, those at its places, and those of the places."""
    levels = [service.schedules]
    for place in service.places:
        if place.removed_in_source is None:
            levels += [place.schedules, place.location.schedules]
    told = [_living((row for row in level if row.contact_id is None), SCHEDULE) for level in levels]
    return sorted(level for level in told if level)


def _phones(service: Any) -> Any:
    levels = [service.phones, *(place.phones for place in service.places if place.removed_in_source is None)]
    told = sorted(line for level in levels for line in _living(level, PHONE))
    return [*told, *([[service.email]] if service.email else [])]


def _reached(organization: Any) -> Any:
    told = [value for value in (organization.email, organization.website) if value]
    return [*_living(organization.phones, PHONE), *([told] if told else [])]


def _where(service: Any) -> Any:
    # A mark of a secret address would tell it: whoever tries all streets of the town finds it.
    places = [
        place.location
        for place in service.places
        if place.removed_in_source is None and not place.location.confidential
    ]
    return sorted(line for place in places for line in _living(place.addresses, ADDRESS))


KINDS: Mapping[str, Groups] = {
    "service": {
        "name": _column("name", "alternate_name"),
        "description": _column("description"),
        "hours": _hours,
        "phones": _phones,
        "places": _where,
        "languages": _rows("languages", LANGUAGE),
        "cost": lambda row: [*_living(row.cost_options, COST), *_column("fees_description")(row)],
        "documents": _rows("required_documents", ("document",)),
        "who": _column("eligibility_description", "minimum_age", "maximum_age"),
        "way_in": _column("application_process"),
        "capacity": _rows("capacities", CAPACITY),
        "state": lambda row: [row.status, row.alert or ""] if row.status != "unknown" else [],
    },
    "organization": {
        "name": _column("name", "alternate_name"),
        "description": _column("description"),
        "phones": _reached,
    },
    "location": {
        "name": _column("name", "alternate_name"),
        "places": _rows("addresses", ADDRESS),
        "hours": lambda row: _living((one for one in row.schedules if one.contact_id is None), SCHEDULE),
        "phones": _rows("phones", PHONE),
        "access": _rows("accessibility", ("description", "details")),
        "way_there": _column("transportation"),
    },
}


def marks(kind: str, row: Any) -> dict[str, str]:
    """Return group -> the mark of what it says, for every group that says anything.

    Parameters
    ----------
    kind : "service", "organization" or "location"
    row : Service, Organization or Location
        With its parts loaded; what is gone in its source does not count.
    """
    said = {group: value(row) for group, value in KINDS[kind].items()}
    return {group: mark(value) for group, value in said.items() if value}


def mark(value: Any) -> str:
    """Return the mark of a value.

    Examples
    --------
    >>> mark(["09:00"]) == mark(["09:00"]), mark(["09:00"]) == mark(["10:00"]), len(mark([]))
    (True, False, 64)
    """
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()


def group_name(group: str) -> str:
    """Return what a group is called in the reader's language."""
    names = {
        "name": _("Name"),
        "description": _("What it is"),
        "hours": _("Opening hours"),
        "phones": _("Telephone, e-mail, web page"),
        "places": _("Address"),
        "languages": _("Languages"),
        "cost": _("Cost"),
        "documents": _("What to bring"),
        "who": _("Who is taken"),
        "way_in": _("How to get in"),
        "capacity": _("Free places"),
        "state": _("Open or closed, notice"),
        "access": _("Getting in with a wheelchair"),
        "way_there": _("How to get there"),
    }
    return names.get(group, group)


def group_of(kind: str, name: str) -> str | None:
    """Return the group of a field of a form; None for a field that a provider does not write here.

    Examples
    --------
    >>> group_of("service", "places.7.hours.MO"), group_of("service", "phones.+1.number")
    ('hours', 'phones')
    >>> group_of("service", "types.food") is None, group_of("organization", "parent_organization_id") is None
    (True, True)
    """
    return _FIELDS[kind].get(shape_of(name))


def shape_of(name: str) -> str:
    """Return the name of a field without the ids of its rows.

    Examples
    --------
    >>> shape_of("places.7.phones.+1.number"), shape_of("places.7.hours.MO"), shape_of("name")
    ('places.phones.number', 'places.hours', 'name')
    """
    parts = name.split(".")
    for whole in ("hours", "exceptions"):
        if whole in parts:
            parts = [*parts[: parts.index(whole)], whole]
            return ".".join([*parts[:-1][::2], whole])
    return ".".join([*parts[:-1][::2], parts[-1]])


def _fields(*pairs: tuple[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: group for group, names in pairs for name in names}


_FIELDS: Mapping[str, Mapping[str, str]] = {
    "service": _fields(
        ("name", ("name", "alternate_name")),
        ("description", ("description",)),
        ("hours", ("hours", "exceptions", "places.hours", "places.exceptions")),
        ("phones", ("phones.number", "phones.description", "email", "url")),
        ("phones", ("places.phones.number", "places.phones.description")),
        ("languages", ("languages.code", "languages.name")),
        ("cost", ("cost_options.amount", "cost_options.currency", "cost_options.option", "fees_description")),
        ("documents", ("required_documents.document",)),
        ("who", ("eligibility_description", "minimum_age", "maximum_age")),
        ("way_in", ("application_process",)),
        ("capacity", ("capacities.available", "capacities.maximum", "capacities.wait_days")),
        ("state", ("status", "alert", "alert_until")),
    ),
    "organization": _fields(
        ("name", ("name", "alternate_name")),
        ("description", ("description",)),
        ("phones", ("phones.number", "phones.description", "email", "website")),
    ),
    "location": _fields(
        ("name", ("name", "alternate_name")),
        ("places", ("addresses.address_1", "addresses.address_2", "addresses.city", "addresses.postal_code")),
        ("hours", ("hours", "exceptions")),
        ("phones", ("phones.number", "phones.description")),
        ("access", ("accessibility.description", "accessibility.details")),
        ("way_there", ("transportation",)),
    ),
}
