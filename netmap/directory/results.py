"""Hits as people see them: the facts of each service, and in sentences why it is among the answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from netmap.directory import hours
from netmap.directory.asking import AskedArea, Question
from netmap.directory.hours import OpenState
from netmap.directory.models import Organization, Service, ServiceTypeLink
from netmap.directory.places import Openings, Phones, Place, places_of
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number
from netmap.search.backend import Hit
from netmap.vocabulary.terms import label, vocabulary

SNIPPET = 240
_OPEN_FIRST = {"open": 0, "unknown": 1, "closed": 2}
_SERVICE = (
    "id", "organization_id", "name", "status", "assured_date", "removed_in_source", "application_process",
    "email", "url", "description", "alert", "text_language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One service among the answers, at the place that suits the question best.

    ``language`` is that of the name and the description, where it is known;
    ``types`` are (code, "confirmed" or "suggested"); ``open_kind`` is "open", "closed" or "unknown";
    ``assured_date`` None means that no person has checked it yet.
    """

    service_id: str
    service: str
    language: str | None
    organisation: str
    organization_id: str | None
    types: tuple[tuple[str, str], ...]
    score: float
    why: tuple[str, ...]
    place: str
    distance_km: float | None
    open: str
    open_kind: str
    phones: tuple[str, ...]
    reach: str
    assured_date: date | None
    status: str
    badges: tuple[str, ...]
    description: str
    alert: str

    def as_dict(self) -> dict[str, Any]:
        """Return what programs get."""
        return {
            "service_id": self.service_id,
            "service": self.service,
            "organisation": self.organisation,
            "types": [code for code, _state in self.types],
            "score": round(self.score, 3),
            "why": list(self.why),
            "place": self.place,
            "open": self.open,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sentences need to know of the question: its words by term, its needs, its area, its moment."""

    question: Question
    moment: datetime
    words: Mapping[str, str]
    needs: tuple[str, ...]
    area: AskedArea | None


def results_of(session: Session, asked: Asked, hits: Sequence[Hit]) -> tuple[Result, ...]:
    """Return the hits with everything that a list shows, in a constant number of SELECTs.

    A hit that is no longer in the database is left out.
    """
    ids = [hit.id for hit in hits]
    rows = _services(session, ids)
    types, places = _types(session, ids), places_of(session, ids)
    every = [place for found in places.values() for place in found]
    openings = Openings(session, every)
    phones = Phones(session, every, {row.organization_id for row in rows.values() if row.organization_id})
    results = []
    for hit in hits:
        if hit.id in rows:
            place, state = best_place(asked, places[hit.id], openings)
            row = rows[hit.id]
            numbers = phones.of(place, row.organization_id)
            others = len(places[hit.id]) - 1
            results.append(_result(asked, hit, row, types.get(hit.id, ()), place, others, state, numbers))
    return tuple(results)


def best_place(asked: Asked, places: Sequence[Place], openings: Openings) -> tuple[Place, OpenState]:
    """Return the place of a service that suits the question best, and whether it is open there.

    Open comes first where that was asked, then the nearest, then a place in the area asked for.
    """

    def key(pair: tuple[Place, OpenState]) -> tuple[float, float, bool, str]:
        place, state = pair
        km = place.km_from(asked.question.near) if asked.question.near else None
        away = asked.area is not None and place.area_code != asked.area.code
        asked_open = _OPEN_FIRST[state.kind] if asked.question.open_at else 0
        return asked_open, float("inf") if km is None else km, away, place.id

    return min(((place, openings.at(place, asked.moment)) for place in places), key=key)


def _result(
    asked: Asked,
    hit: Hit,
    row: Row[Any],
    types: Sequence[tuple[str, str]],
    place: Place,
    others: int,
    state: OpenState,
    phones: tuple[str, ...],
) -> Result:
    return Result(
        service_id=row.id,
        service=row.name,
        language=row.text_language,
        organisation=row.organisation or "",
        organization_id=row.organization_id,
        types=tuple(types),
        score=hit.score,
        why=_why(asked, hit, dict(types)),
        place=_place_words(place, others),
        distance_km=place.km_from(asked.question.near) if asked.question.near else None,
        open=hours.sentence(state, asked.moment),
        open_kind=state.kind,
        phones=phones,
        reach=_shortened(row.application_process or row.email or row.url or ""),
        assured_date=row.assured_date,
        status=row.status,
        badges=_badges(hit, row),
        description=_shortened(row.description or ""),
        alert=row.alert or "",
    )


def _why(asked: Asked, hit: Hit, types: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for code in hit.matched_types:
        found.append(_type_words(asked, code))
        if types.get(code) == "suggested":
            found.append(_("Type suggested by the machine, not yet confirmed"))
    typed = list(dict.fromkeys(asked.words[term] for term in hit.matched_terms if term in asked.words))
    if typed:
        quoted = ", ".join(typed)
        found.append(
            ngettext(
                "The word '%(words)s' stands in its text",
                "The words '%(words)s' stand in its text",
                len(typed),
                words=quoted,
            )
        )
    if asked.area is not None and "area" not in hit.unknown:
        found.append(_("Works in or for this area: %(area)s", area=asked.area.name))
    if hit.distance_km is not None:
        found.append(_("%(km)s km away", km=number(hit.distance_km)))
    return tuple(dict.fromkeys(found))


def _type_words(asked: Asked, code: str) -> str:
    """Return the sentence for a type: the need it helps with, where the question named one."""
    for need in asked.needs:
        if code in vocabulary().needs[need].service_types:
            return _("Helps with %(need)s: %(type)s", need=label(need), type=label(code))
    return _("Offers this type of service: %(type)s", type=label(code))


def _badges(hit: Hit, row: Row[Any]) -> tuple[str, ...]:
    found = []
    if row.removed_in_source is not None:
        found.append(_("No longer in its source"))
    names = {
        "temporarily closed": _("Temporarily closed"),
        "inactive": _("Not offered now"),
        "defunct": _("Closed for good"),
    }
    if row.status in names:
        found.append(names[row.status])
    unknown = {
        "distance": _("Distance not known"),
        "area": _("Not known whether it serves this area"),
        "language": _("Languages not known"),
    }
    return (*found, *(unknown[what] for what in hit.unknown if what in unknown))


def _place_words(place: Place, others: int) -> str:
    if not place.location_id:
        return ""
    words = place.address or place.name
    if place.virtual:
        words = _("online or by phone")
    if others:
        more = ngettext("and %(number)s more place", "and %(number)s more places", others)
        return f"{words}, {more}" if words else more
    return words


def _shortened(text: str) -> str:
    """Return the beginning of a text, cut between words."""
    plain = " ".join(text.split())
    if len(plain) <= SNIPPET:
        return plain
    return plain[:SNIPPET].rsplit(" ", 1)[0].rstrip(",;:-–") + " …"


def _services(session: Session, ids: Sequence[str]) -> dict[str, Row[Any]]:
    query = select(*(getattr(Service, name) for name in _SERVICE), Organization.name.label("organisation"))
    query = query.outerjoin(Organization, Service.organization_id == Organization.id)
    found: Iterable[Row[Any]] = session.execute(query.where(Service.id.in_(ids)))
    return {row.id: row for row in found}


def _types(session: Session, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    link = ServiceTypeLink
    query = select(link.service_id, link.code, link.state).where(
        link.service_id.in_(ids), link.state != "rejected"
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for service_id, code, state in session.execute(query.order_by(link.state, link.code)):
        found.setdefault(service_id, []).append((code, state))
    return found
