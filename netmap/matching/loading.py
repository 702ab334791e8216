"""The tables that matching reads: packages, areas, names of providers, related needs."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from netmap.directory.eligibility import Offer
from netmap.directory.models import Address, Area, Location, Organization, Service
from netmap.directory.offer_queries import Key
from netmap.directory.offers import area_insides
from netmap.directory.places import MANY, Phones, Place
from netmap.directory.secrecy import of_open_places
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching.desk import Names
from netmap.matching.facts import Library, build_library
from netmap.matching.intake import Places
from netmap.packages import service as packages
from netmap.packages.document import Document
from netmap.partners.service import not_firm
from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary


def load_library(session: Session) -> Library:
    """Return all packages in use as arrays."""
    return library_of(packages.published(session))


def library_of(documents: Iterable[tuple[str, int, Document]]) -> Library:
    """Return these packages as arrays, over the codes of the vocabulary."""
    known = vocabulary()
    return build_library(
        documents,
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


def marked(session: Session, offers: Iterable[Offer]) -> list[Offer]:
    """Return the offers, those of potential and former partners marked as such."""
    related = not_firm(session)
    return [
        replace(one, relation=related[one.organization_id]) if one.organization_id in related else one
        for one in offers
    ]


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
    """Return the names and numbers that people see for these offers, in a constant number of SELECTs."""
    services = {offer.service_id for offer in offers}
    owners = {offer.organization_id for offer in offers if offer.organization_id}
    return Names(
        languages=dict(_among(session, _SPOKEN, Service.id, services)),
        organizations=dict(_among(session, _OWNERS, Organization.id, owners)),
        places=_addresses(session, {offer.location_id for offer in offers if offer.location_id}),
        phones=_phones(session, offers, owners),
    )


_SPOKEN = select(Service.id, Service.text_language)
_OWNERS = select(Organization.id, Organization.name)
_LOCATIONS = select(Location.id, Location.name)
_ADDRESSES = (
    select(Address.location_id, Address.address_1, Address.address_2, Address.city)
    .where(Address.removed_in_source.is_(None), Address.address_type != "postal", of_open_places())
    .order_by(Address.id.desc())
)


def _among(
    session: Session, query: Select[*tuple[Any, ...]], column: Key, ids: Collection[str]
) -> Iterator[Any]:
    """Yield the rows of which a column holds one of the ids; where they are many, all rows are read."""
    if len(ids) > MANY:
        yield from session.execute(query)
    else:
        yield from session.execute(_chosen(query, column), {"ids": sorted(ids)})


@cache
def _chosen(query: Select[*tuple[Any, ...]], column: Key) -> Select[*tuple[Any, ...]]:
    """Return the query for some ids; built only once: that takes longer than the database."""
    return query.where(column.in_(bindparam("ids", expanding=True)))


def _addresses(session: Session, locations: Collection[str]) -> dict[str, str]:
    """Return location id -> street and town, or the name of the location where it has no address."""
    found = {key: name or "" for key, name in _among(session, _LOCATIONS, Location.id, locations)}
    for location, *parts in _among(session, _ADDRESSES, Address.location_id, locations):
        text = ", ".join(part.strip() for part in parts if part and part.strip())
        if location and text:
            found[location] = text
    return found


def _phones(
    session: Session, offers: Collection[Offer], owners: Collection[str]
) -> dict[tuple[str, str], str]:
    """Return (service id, place id) -> the first number under which a service can be reached there, or ""."""
    places = {
        Place(offer.service_id, offer.place_id or "", offer.location_id or ""): offer.organization_id
        for offer in offers
    }
    phones = Phones(session, places, owners)
    numbers = {(place.service_id, place.id): phones.of(place, owner) for place, owner in places.items()}
    return {key: found[0] if found else "" for key, found in numbers.items()}
