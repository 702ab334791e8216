"""Services as the search index knows them: their words in analysed form, their codes, their points.

Rows that are gone in their source give no words; a service that is gone is kept, marked, and ranked last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import facet_codes, offer_words
from netmap.directory.area_table import SERVES
from netmap.directory.areas import Point
from netmap.directory.closing import status_of
from netmap.directory.document_rows import TEXT, Gathered, gather
from netmap.directory.models import Area, Service
from netmap.directory.opening_keys import key_of
from netmap.directory.places import Openings, Place
from netmap.directory.points import point_of
from netmap.directory.queries import area_chains
from netmap.search.backend import ANY_LANGUAGE, GONE, OFFERED, PAUSED, Document
from netmap.vocabulary import words
from netmap.vocabulary.numbers import phone_terms
from netmap.vocabulary.terms import vocabulary

CHUNK = 500
LIKELY_FROM = 0.6  # confidence of suggested types of which 69 in 100 were right (benchmarks/service_types.py)
_STANDING = {"temporarily closed": PAUSED, "inactive": GONE, "defunct": GONE}

Codes = dict[str, Sequence[str]]


def phrase(text: str | None) -> str:
    """Return the folded words of a text, for comparing whole names.

    Examples
    --------
    >>> phrase("„Mėlynas namas“, VšĮ")
    'melynas namas vsi'
    """
    return " ".join(words.fold(word) for word in words.split(text or ""))


def all_documents(session: Session, settings: Settings) -> Iterator[Document]:
    """Yield the documents of all services, some hundred at a time."""
    ids = list(session.scalars(select(Service.id).order_by(Service.id)))
    for start in range(0, len(ids), CHUNK):
        yield from index_documents(session, ids[start : start + CHUNK], settings)


def index_documents(session: Session, ids: Iterable[str], settings: Settings) -> list[Document]:
    """Return the documents of the services that exist among ``ids``, with a constant number of SELECTs."""
    maker = _Maker.of(session, sorted(set(ids)), settings)
    return [maker.document(row) for row in maker.rows.services]


def bare_documents(session: Session, ids: Iterable[str], settings: Settings) -> list[Document]:
    """Return the documents of services without their words, whose analysis takes longer than all the rest."""
    maker = _Maker.of(session, sorted(set(ids)), settings)
    return [maker.bare(row) for row in maker.rows.services]


@dataclass(frozen=True)
class _Maker:
    """Makes documents of gathered rows."""

    rows: Gathered
    openings: Openings
    areas: Mapping[str, Area]
    chains: Mapping[str, Sequence[str]]
    today: date
    stale_days: int

    @classmethod
    def of(cls, session: Session, ids: Sequence[str], settings: Settings) -> "_Maker":
        rows = gather(session, ids)
        places = [
            Place(row.service_id, row.id, row.location_id) for found in rows.places.values() for row in found
        ]
        nowhere = [Place(one) for one in ids if one not in rows.places]
        return cls(
            rows=rows,
            openings=Openings(session, [*places, *nowhere]),
            areas={area.code: area for area in session.scalars(select(Area))},
            chains=area_chains(session),
            today=now().astimezone(settings.zone()).date(),
            stale_days=settings.stale_days,
        )

    def document(self, row: Row[Any]) -> Document:
        """Return everything that an index knows of a service."""
        places = self.rows.places.get(row.id, ())
        located = {place.area_code for place in places if place.area_code}
        text = _text(row)
        return replace(
            self.bare(row),
            fields={"name": phrase(row.name), "organisation": phrase(row.organisation)},
            terms={
                "name": _terms(row.name, row.alternate_name, *self._others(row.id)),
                "organisation": _terms(
                    row.organisation, row.organisation_alternate, *self._others(row.organization_id)
                ),
                "text": _text_terms(row, text),
                "place": _terms(
                    *_place_names(
                        places, [self.areas[code] for code in sorted(located) if code in self.areas]
                    )
                ),
                "contact": self._contact_terms(row, places),
            },
            words=tuple(word.casefold() for word in words.split(f"{row.name or ''}\n{text}")),
        )

    def bare(self, row: Row[Any]) -> Document:
        """Return what an index knows of a service beside its words."""
        places = self.rows.places.get(row.id, ())
        codes, unsure = self._codes(row, places, {place.area_code for place in places if place.area_code})
        return Document(
            id=row.id,
            types=self._types(row.id, "confirmed"),
            suggested=self._types(row.id, "suggested"),
            likely=self._likely(row.id),
            codes=codes,
            unsure=unsure,
            points=tuple(sorted(filter(None, {_point(place) for place in places}))),
            group=row.organization_id or "",
            standing=GONE if row.removed_in_source else _STANDING.get(self._status(row), OFFERED),
            checked=row.assured_date,
            rhythm=row.rhythm or 0,
        )

    def _codes(
        self, row: Row[Any], places: Sequence[Row[Any]], located: set[str]
    ) -> tuple[Codes, tuple[str, ...]]:
        """Return the codes by field, and the fields of which nobody knows everything."""
        served = self.rows.served.get(row.id, ())
        serves = {area.area_code for area in served if area.area_code}
        lies = {code for area in located | serves for code in self.chains.get(area, (area,))}
        languages = _languages(row, self.rows.spoken[row.id])
        types = {*self._types(row.id, "confirmed"), *self._types(row.id, "suggested")}
        codes: Codes = {
            "need": sorted({need for code in types for need in _needs_by_type().get(code, ())}),
            "area": (*sorted(lies), *sorted(SERVES + code for code in serves)),
            "language": languages,
            "threshold": facet_codes.threshold_codes(self.rows.thresholds.get(row.id, ())),
            # What is closed for a time has hours that do not hold: it is open at none.
            "hours": self._hours(row.id, places) if self._status(row) in ("active", "unknown") else (),
            **self._offered(row, places, types),
        }
        unsure = {
            "area": not lies or any(area.area_code is None for area in served),
            "language": not languages,
            "type": not types,  # a service that nobody has looked at may be of any kind
            "need": not types,
        }
        return codes, tuple(what for what, true in unsure.items() if true)

    def _offered(self, row: Row[Any], places: Sequence[Row[Any]], types: set[str]) -> Codes:
        """Return the codes of the conditions: cost, access, for whom, places free, who stands behind."""
        locations = {place.location_id: place for place in places}
        wheels = [
            facet_codes.wheelchair(self.rows.accessibility.get(location, ()))
            for location, place in locations.items()
            if place.location_type != "virtual"
        ]
        virtual = [place.location_type == "virtual" for place in locations.values()]
        confirmed, suggested = self._types(row.id, "confirmed"), self._types(row.id, "suggested")
        rules = self.rows.rules.get(row.id, ())
        firm = row.organization_id or ""
        ties = {kind for kind, ends in self.rows.ties.get(firm, ()) if ends is None or ends >= self.today}
        return {
            "cost": facet_codes.cost_codes(
                self.rows.prices.get(row.id, ()), row.fees_description, self.today
            ),
            "access": facet_codes.access_codes(
                wheels, virtual, confirmed, suggested, self.rows.thresholds.get(row.id, ())
            ),
            "target": facet_codes.target_codes(
                [rule.code for rule in rules if rule.effect != "excluded"],
                [rule.code for rule in rules if rule.effect == "excluded"],
                (row.minimum_age, row.maximum_age),
                types,
                tuple(vocabulary().circumstances),
            ),
            "takes": facet_codes.takes_codes(
                self._status(row), self.rows.capacities.get(row.id, ()), self.today, self.stale_days
            ),
            "layer": facet_codes.layer_codes(row.kind, row.layer),
            "relation": sorted(ties),
        }

    def _hours(self, service_id: str, places: Sequence[Row[Any]]) -> list[str]:
        at = [Place(service_id, place.id, place.location_id) for place in places] or [Place(service_id)]
        return sorted({key_of(self.openings.rules(place)) for place in at})

    def _types(self, service_id: str, state: str) -> tuple[str, ...]:
        return tuple(link.code for link in self.rows.types.get(service_id, ()) if link.state == state)

    def _likely(self, service_id: str) -> tuple[str, ...]:
        """Return the suggested types that are right two times in three, by the confidence noted with them."""
        links = self.rows.types.get(service_id, ())
        return tuple(
            link.code
            for link in links
            if link.state == "suggested" and link.confidence is not None and link.confidence >= LIKELY_FROM
        )

    def _status(self, row: Row[Any]) -> str:
        return status_of(row.status, row.closed_on, self.today)

    def _others(self, owner: str | None) -> list[str]:
        """Return the further names of a service or an organization, former ones among them."""
        return [one.name for one in self.rows.names.get(owner or "", ())]

    def _contact_terms(self, row: Row[Any], places: Sequence[Row[Any]]) -> list[str]:
        """Return under what a service can be reached: digits of telephones, e-mail, addresses, desks."""
        owners = dict.fromkeys(
            owner
            for owner in (
                row.id,
                *(one for place in places for one in (place.id, place.location_id)),
                row.organization_id,
            )
            if owner
        )
        numbers = (number for owner in owners for number in self.rows.phones.get(owner, ()))
        texts = [text for owner in owners for text in self.rows.contacts.get(owner, ())]
        texts += [row.email, row.organisation_email]
        texts += [text for place in places for text in (place.address_1, place.postal_code)]
        digits = (term for number in numbers for term in phone_terms(number))
        return list(dict.fromkeys((*digits, *_terms(*dict.fromkeys(texts)))))


@cache
def _needs_by_type() -> Mapping[str, tuple[str, ...]]:
    """Return service type -> the needs that it usually helps with."""
    found: dict[str, list[str]] = {}
    for need in vocabulary().needs.values():
        for code in need.service_types:
            found.setdefault(code, []).append(need.code)
    return {code: tuple(needs) for code, needs in found.items()}


def _terms(*texts: str | None) -> list[str]:
    """Return the terms of names in all languages of their script: a name is seldom enough to tell its own."""
    return words.terms("\n".join(text for text in texts if text), words.LANGUAGES)


def _text(row: Row[Any]) -> str:
    return "\n".join(part for part in (*(getattr(row, name) for name in TEXT), row.program) if part)


def _text_terms(row: Row[Any], text: str) -> list[str]:
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
