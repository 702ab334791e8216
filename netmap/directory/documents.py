"""Services as the search index knows them: their words in analysed form, their codes, their points.

Rows that are gone in their source give no words; a service that is gone is kept, marked, and ranked last.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from netmap.directory import offer_words
from netmap.directory.areas import Point
from netmap.directory.models import (
    Address,
    Area,
    Language,
    Location,
    Organization,
    Program,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.directory.points import POINT, point_of, with_point
from netmap.directory.queries import area_chains
from netmap.search.backend import ANY_LANGUAGE, GONE, OFFERED, PAUSED, Document
from netmap.vocabulary import words

SERVES = "serves:"  # before the code of an area that is served as a whole, whatever lies in it
CHUNK = 500
_TEXT = ("description", "eligibility_description", "application_process")
_STANDING = {"temporarily closed": PAUSED, "inactive": GONE, "defunct": GONE}

Rows = Mapping[str, Sequence[Row[Any]]]


def phrase(text: str | None) -> str:
    """Return the folded words of a text, for comparing whole names.

    Examples
    --------
    >>> phrase("„Mėlynas namas“, VšĮ")
    'melynas namas vsi'
    """
    return " ".join(words.fold(word) for word in words.split(text or ""))


def area_filter(chain: Sequence[str]) -> frozenset[str]:
    """Return the codes that let a service pass for an area: it lies in it, or serves something around it.

    Parameters
    ----------
    chain : sequence of str
        The area and everything around it, the area first.

    Examples
    --------
    >>> sorted(area_filter(["town", "county"]))
    ['serves:county', 'serves:town', 'town']
    """
    return frozenset({chain[0], *(SERVES + code for code in chain)})


def all_documents(session: Session) -> Iterator[Document]:
    """Yield the documents of all services, some hundred at a time."""
    ids = list(session.scalars(select(Service.id).order_by(Service.id)))
    for start in range(0, len(ids), CHUNK):
        yield from index_documents(session, ids[start : start + CHUNK])


def index_documents(session: Session, ids: Iterable[str]) -> list[Document]:
    """Return the documents of the services that exist among ``ids``, with a constant number of SELECTs."""
    wanted = sorted(set(ids))
    areas = {area.code: area for area in session.scalars(select(Area))}
    chains = area_chains(session)
    types, spoken = _types(session, wanted), _spoken(session, wanted)
    places, served = _places(session, wanted), _served(session, wanted)
    return [
        _document(row, types, spoken, places[row.id], served[row.id], areas, chains)
        for row in _services(session, wanted)
    ]


def _document(
    row: Row[Any],
    types: Rows,
    spoken: Rows,
    places: Sequence[Row[Any]],
    served: Sequence[Row[Any]],
    areas: Mapping[str, Area],
    chains: Mapping[str, Sequence[str]],
) -> Document:
    located = {place.area_code for place in places if place.area_code}
    serves = {area.area_code for area in served if area.area_code}
    codes = {code for area in located | serves for code in chains.get(area, (area,))}
    languages = _languages(row, spoken[row.id])
    unsure = {"area": not codes or any(area.area_code is None for area in served), "language": not languages}
    gone = row.removed_in_source is not None
    return Document(
        id=row.id,
        fields={"name": phrase(row.name), "organisation": phrase(row.organisation)},
        terms={
            "name": _terms(row.name, row.alternate_name),
            "organisation": _terms(row.organisation, row.organisation_alternate),
            "text": _text_terms(row),
            "place": _terms(
                *_place_names(places, [areas[code] for code in sorted(located) if code in areas])
            ),
        },
        types=tuple(link.code for link in types[row.id] if link.state == "confirmed"),
        suggested=tuple(link.code for link in types[row.id] if link.state == "suggested"),
        words=tuple(word.casefold() for word in words.split("\n".join((row.name, row.description or "")))),
        codes={
            "area": (*sorted(codes), *sorted(SERVES + code for code in serves)),
            "language": languages,
        },
        unsure=tuple(what for what, true in unsure.items() if true),
        points=tuple(sorted(filter(None, {_point(place) for place in places}))),
        group=row.organization_id or "",
        standing=GONE if gone else _STANDING.get(row.status, OFFERED),
        checked=row.assured_date,
    )


def _terms(*texts: str | None) -> list[str]:
    """Return the terms of names in all languages of their script: a name is seldom enough to tell its own."""
    return words.terms("\n".join(text for text in texts if text), words.LANGUAGES)


def _text_terms(row: Row[Any]) -> list[str]:
    text = "\n".join(part for part in (*(getattr(row, name) for name in _TEXT), row.program) if part)
    known = (row.text_language,) if row.text_language in words.LANGUAGES else None
    return words.terms(text, known)


def _languages(row: Row[Any], spoken: Sequence[Row[Any]]) -> tuple[str, ...]:
    codes = {offer_words.language_code(language.code, language.name) for language in spoken}
    found = sorted(code for code in codes if code)
    interpreter = offer_words.has_interpreter(row.interpretation_services)
    return (*found, ANY_LANGUAGE) if interpreter else tuple(found)


def _place_names(places: Sequence[Row[Any]], areas: Sequence[Area]) -> list[str]:
    names = [name for place in places for name in (place.name, place.city) if name]
    return list(
        dict.fromkeys([*names, *(name for area in areas for name in (area.name, *area.names.values()))])
    )


def _point(place: Row[Any]) -> Point | None:
    if place.location_type == "virtual":
        return None
    return point_of(place.latitude, place.longitude, place.area_latitude, place.area_longitude)


def _services(session: Session, ids: Sequence[str]) -> Iterable[Row[Any]]:
    columns = ("id", "organization_id", "name", "alternate_name", *_TEXT, "text_language", "status",
               "interpretation_services", "assured_date", "removed_in_source")  # fmt: skip
    query = select(
        *(getattr(Service, name) for name in columns),
        Organization.name.label("organisation"),
        Organization.alternate_name.label("organisation_alternate"),
        Program.name.label("program"),
    )
    query = query.outerjoin(Organization, Service.organization_id == Organization.id)
    query = query.outerjoin(Program, Service.program_id == Program.id)
    return session.execute(query.where(Service.id.in_(ids)).order_by(Service.id))


def _types(session: Session, ids: Sequence[str]) -> Rows:
    link = ServiceTypeLink
    query = select(link.service_id, link.code, link.state).where(link.service_id.in_(ids)).order_by(link.code)
    return _by_service(session.execute(query))


def _spoken(session: Session, ids: Sequence[str]) -> Rows:
    """Return the languages of services, and those of their places for services that state none."""
    own = select(Language.service_id, Language.code, Language.name)
    own = own.where(Language.service_id.in_(ids), Language.removed_in_source.is_(None)).order_by(Language.id)
    there = select(ServiceAtLocation.service_id, Language.code, Language.name)
    there = there.join(Language, Language.location_id == ServiceAtLocation.location_id)
    there = there.where(ServiceAtLocation.service_id.in_(ids), Language.removed_in_source.is_(None))
    stated, found = (
        _by_service(session.execute(own)),
        _by_service(session.execute(there.order_by(Language.id))),
    )
    return defaultdict(list, {**found, **stated})


def _places(session: Session, ids: Sequence[str]) -> Rows:
    query = (
        select(
            ServiceAtLocation.service_id,
            Location.name,
            Location.location_type,
            Location.area_code,
            Address.city,
            *POINT,
        )
        .join(Location, ServiceAtLocation.location_id == Location.id)
        .outerjoin(Address, (Address.location_id == Location.id) & Address.removed_in_source.is_(None))
        .where(ServiceAtLocation.service_id.in_(ids))
        .where(ServiceAtLocation.removed_in_source.is_(None), Location.removed_in_source.is_(None))
    )
    return _by_service(session.execute(with_point(query).order_by(ServiceAtLocation.id, Address.id)))


def _served(session: Session, ids: Sequence[str]) -> Rows:
    """Return the areas served, those stated for a place only among them."""
    live = ServiceArea.removed_in_source.is_(None)
    own = select(ServiceArea.service_id, ServiceArea.area_code).where(ServiceArea.service_id.in_(ids), live)
    there = select(ServiceAtLocation.service_id, ServiceArea.area_code)
    there = there.join(ServiceArea, ServiceArea.service_at_location_id == ServiceAtLocation.id)
    there = there.where(ServiceAtLocation.service_id.in_(ids), live)
    return _by_service([*session.execute(own), *session.execute(there)])


def _by_service(rows: Iterable[Row[Any]]) -> Rows:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.service_id].append(row)
    return found
