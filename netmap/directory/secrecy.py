"""Places whose address is kept secret: only their area is told, to everybody and in everything that goes out.

A refuge is found by whoever reads its street once. So the address is taken out where rows are read, not where
they are shown: a page that nobody thought of has nothing to show. Staff who may edit the directory read it
on the page of the place alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from netmap.directory.models import Address, Location

# What of a location leads to its door beside the rows of `address`.
LEADS_THERE = (
    "alternate_name", "description", "external_identifier", "external_identifier_type", "latitude",
    "longitude", "transportation", "url",
)  # fmt: skip
_Secret = aliased(Location)


def of_open_places() -> ColumnElement[bool]:
    """Return the condition that an address may be told: that of a place which is not kept secret."""
    return ~exists().where(_Secret.id == Address.location_id, _Secret.confidential.is_(True))


def told(location: Location) -> Mapping[str, Any]:
    """Return the fields of a location that may be told to everybody, those that lead there empty if secret.

    Examples
    --------
    >>> told(Location(name="Refuge", transportation="bus 4", confidential=True))["transportation"] is None
    True
    >>> told(Location(name="Hall", transportation="bus 4", confidential=False))["transportation"]
    'bus 4'
    """
    return {name: None if location.confidential else getattr(location, name) for name in LEADS_THERE}


def addresses_told(location: Location) -> Sequence[Address]:
    """Return the addresses of a location that may be told: none where it is kept secret."""
    return [] if location.confidential else location.addresses
