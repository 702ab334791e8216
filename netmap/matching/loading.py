"""The tables that matching reads: packages, areas, names of providers, related needs."""

import csv
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.eligibility import Offer
from netmap.directory.models import Address, Area, Location, Organization, Service
from netmap.directory.offers import area_insides
from netmap.directory.places import Phones, Place
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching.facts import Library, build_library
from netmap.matching.intake import Places
from netmap.matching.lines import Names
from netmap.packages import service as packages
from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary


def load_library(session: Session) -> Library:
    """Return all packages in use as arrays."""
    known = vocabulary()
    return build_library(
        packages.published(session),
        tuple(known.needs),
        tuple(known.circumstances),
        related_needs(shipped("seeds") / "vocabulary" / "related.csv"),
    )


@cache
def related_needs(path: Path) -> Mapping[tuple[str, str], float]:
    """Return (need, need) -> how much help for one helps with the other.

    Raises
    ------
    Invalid
        If a row names an unknown need or a strength that is not between 0 and 1.
    """
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            pair = (row["need_a"], row["need_b"])
            try:
                strength = float(row["strength"])
            except ValueError:
                strength = 0.0
            if pair[0] == pair[1] or not set(pair) <= set(vocabulary().needs) or not 0 < strength < 1:
                raise Invalid(
                    _(
                        "%(file)s, row %(row)s: two needs and a strength between 0 and 1 are needed.",
                        file=path.name,
                        row=number,
                    )
                )
            found[pair] = strength
    return found


def load_places(session: Session) -> Places:
    """Return the areas of the directory."""
    rows = session.execute(select(Area.code, Area.name, Area.latitude, Area.longitude).order_by(Area.code))
    names, points = {}, {}
    for code, name, latitude, longitude in rows:
        names[code] = name
        if latitude is not None and longitude is not None:
            points[code] = (latitude, longitude)
    return Places(names, points, area_insides(session))


def load_names(session: Session, offers: Collection[Offer]) -> Names:
    """Return the names and numbers that people see for these offers, with six SELECTs."""
    services = sorted({offer.service_id for offer in offers})
    owners = sorted({offer.organization_id for offer in offers if offer.organization_id})
    at = sorted({offer.location_id for offer in offers if offer.location_id})
    described = select(Service.id, Service.name, Service.text_language).where(Service.id.in_(services))
    found = session.execute(described).all()
    owner_names = select(Organization.id, Organization.name).where(Organization.id.in_(owners))
    return Names(
        services={key: name for key, name, _language in found},
        languages={key: language for key, _name, language in found},
        organizations=dict(session.execute(owner_names).all()),
        places=_addresses(session, at),
        phones=_phones(session, offers, owners),
    )


def _addresses(session: Session, locations: list[str]) -> Mapping[str, str]:
    """Return location id -> street and town, or the name of the location where it has no address."""
    names = select(Location.id, Location.name).where(Location.id.in_(locations))
    found = {key: name or "" for key, name in session.execute(names)}
    addresses = (
        select(Address)
        .where(Address.location_id.in_(locations), Address.removed_in_source.is_(None))
        .where(Address.address_type != "postal")
        .order_by(Address.id.desc())
    )
    for address in session.scalars(addresses):
        parts = (address.address_1, address.address_2, address.city)
        text = ", ".join(part.strip() for part in parts if part and part.strip())
        if address.location_id and text:
            found[address.location_id] = text
    return found


def _phones(
    session: Session, offers: Collection[Offer], owners: Collection[str]
) -> Mapping[tuple[str, str], str]:
    """Return (service id, place id) -> the first number under which the service can be reached there."""
    places = {
        Place(offer.service_id, offer.place_id or "", offer.location_id or ""): offer.organization_id
        for offer in offers
    }
    phones = Phones(session, places, owners)
    numbers = {(place.service_id, place.id): phones.of(place, owner) for place, owner in places.items()}
    return {key: found[0] for key, found in numbers.items() if found}
