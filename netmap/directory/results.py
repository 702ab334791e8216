"""Hits as people see them: the facts of each service, and in sentences why it is among the answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from netmap.directory import hours
from netmap.directory.answers import Result
from netmap.directory.asked import Asked
from netmap.directory.closing import status_of
from netmap.directory.hours import OpenState
from netmap.directory.models import Organization, Service, ServiceTypeLink
from netmap.directory.other_names import OtherName, names_met, other_names
from netmap.directory.places import Openings, Phones, Place, places_of
from netmap.directory.reasons import Shown, distance_words, signal_lines, type_words
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import locale
from netmap.search.backend import Hit

SNIPPET = 240
_OPEN_FIRST = {"open": 0, "unknown": 1, "closed": 2}
_SERVICE = (
    "id", "organization_id", "name", "status", "assured_date", "removed_in_source", "application_process",
    "email", "url", "description", "alert", "alert_until", "text_language", "alternate_name",
)  # fmt: skip


def results_of(
    session: Session, asked: Asked, hits: Sequence[Hit], pinned: Mapping[str, str]
) -> tuple[Result, ...]:
    """Return the hits with everything that a list shows, in a constant number of SELECTs.

    A hit that is no longer in the database is left out. ``pinned`` says why coordinators put some first.
    """
    ids = [hit.id for hit in hits]
    rows = _services(session, ids)
    types, places = _types(session, ids), places_of(session, ids)
    every = [place for found in places.values() for place in found]
    openings = Openings(session, every)
    firms = {row.organization_id for row in rows.values() if row.organization_id}
    others = other_names(session, rows, firms)
    phones = Phones(session, every, firms)
    results = []
    for hit in hits:
        if hit.id in rows:
            place, state = best_place(asked, places[hit.id], openings)
            row = rows[hit.id]
            numbers = phones.of(place, row.organization_id)
            more = len(places[hit.id]) - 1
            shown = Shown(
                dict(types.get(hit.id, ())),
                row.assured_date,
                status_of(row.status, row.closed_on, asked.moment.date()),
                state,
                pinned.get(hit.id, ""),
            )
            called = _called(hit, row, others)
            results.append(_result(asked, hit, row, shown, place, more, numbers, called))
    return tuple(results)


def best_place(asked: Asked, places: Sequence[Place], openings: Openings) -> tuple[Place, OpenState]:
    """Return the place of a service that suits the question best, and whether it is open there.

    Open comes first where that was asked, then the nearest, then a place in the area asked for.
    """

    areas = {area.code for area in (*asked.areas, *asked.places)}

    def key(pair: tuple[Place, OpenState]) -> tuple[float, float, bool, str]:
        place, state = pair
        km = place.km_from(asked.origin) if asked.origin else None
        away = bool(areas) and not areas & set(asked.table.chains.get(place.area_code or "", ()))
        asked_open = _OPEN_FIRST[state.kind] if asked.timed else 0
        return asked_open, float("inf") if km is None else km, away, place.id

    return min(((place, openings.at(place, asked.moment)) for place in places), key=key)


def _notice(row: Row[Any], today: date) -> str:
    """Return the notice of a service while it is to be shown."""
    over = row.alert_until is not None and row.alert_until < today
    return "" if over else row.alert or ""


def _result(
    asked: Asked,
    hit: Hit,
    row: Row[Any],
    shown: Shown,
    place: Place,
    others: int,
    phones: tuple[str, ...],
    called: Sequence[str],
) -> Result:
    return Result(
        service_id=row.id,
        service=row.name,
        language=row.text_language,
        organisation=row.organisation or "",
        organization_id=row.organization_id,
        types=tuple(shown.types.items()),
        score=hit.score,
        why=(*called, *_why(asked, hit, shown.types)),
        place=_place_words(place, others),
        distance_km=place.km_from(asked.origin) if asked.origin else None,
        open=_standing(shown.status) or hours.sentence(shown.state, asked.moment),
        open_kind="closed" if _standing(shown.status) else shown.state.kind,
        phones=phones,
        reach=_shortened(row.application_process or row.email or row.url or ""),
        assured_date=row.assured_date,
        status=shown.status,
        badges=_badges(hit, row, shown.status),
        description=_shortened(row.description or ""),
        alert=_notice(row, asked.moment.date()),
        signals=signal_lines(asked, hit, shown),
        point=place.point,
        fits=hit.behind == 0,
        gone=hit.behind == 2,
        pinned=shown.pinned,
    )


def _called(hit: Hit, row: Row[Any], others: Mapping[str, Sequence[OtherName]]) -> list[str]:
    """Return by which further names a service was found: its own, and those of its organization."""
    own = names_met([row.name, row.alternate_name], others.get(row.id, ()), hit.matched_terms)
    firm = others.get(row.organization_id or "", ())
    return [*own, *names_met([row.name, row.organisation], firm, hit.matched_terms)]


def _why(asked: Asked, hit: Hit, types: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for code in hit.matched_types:
        found.append(type_words(asked, code))
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
    if asked.areas and "area" not in hit.unknown:
        names = ", ".join(area.name for area in asked.areas)
        found.append(_("Works in or for this area: %(area)s", area=names))
    found += filter(None, [distance_words(asked, hit)])
    return tuple(dict.fromkeys(found))


def _standing(status: str) -> str:
    """Return in words that a service is not given at present; empty where it may be."""
    names = {
        "temporarily closed": _("Temporarily closed"),
        "inactive": _("Not offered now"),
        "defunct": _("Closed for good"),
    }
    return names.get(status, "")


def _badges(hit: Hit, row: Row[Any], status: str) -> tuple[str, ...]:
    found = [_("No longer in its source")] if row.removed_in_source is not None else []
    found += filter(None, [_standing(status)])
    if row.closed_on is not None:
        day = format_date(row.closed_on, "long", locale=locale())
        found.append(_("Its organisation closes for good: %(day)s", day=day))
    unknown = {
        "type": _("Kind of service not known"),
        "need": _("Kind of service not known"),
        "distance": _("Distance not known"),
        "area": _("Not known whether it serves this area"),
        "language": _("Languages not known"),
        "hours": _("Hours not known"),
        "takes": _("Not known whether it takes new people"),
        "cost": _("Cost not known"),
        "access": _("Way there not known"),
        "target": _("Not known whether it is meant for them"),
        "threshold": _("Not known how easy it is to begin"),
        "layer": _("Not known who stands behind it"),
    }
    return (*found, *dict.fromkeys(unknown[what] for what in hit.unknown if what in unknown))


def _place_words(place: Place, others: int) -> str:
    if not place.location_id:
        return ""
    words = place.address or place.name
    if place.secret:
        words = ", ".join(part for part in (place.address, _("address kept secret")) if part)
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


_SERVICES = (
    select(
        *(getattr(Service, name) for name in _SERVICE),
        Organization.name.label("organisation"),
        Organization.closed_on.label("closed_on"),
    )
    .outerjoin(Organization, Service.organization_id == Organization.id)
    .where(Service.id.in_(bindparam("ids", expanding=True)))
)
_TYPES = (
    select(ServiceTypeLink.service_id, ServiceTypeLink.code, ServiceTypeLink.state)
    .where(ServiceTypeLink.service_id.in_(bindparam("ids", expanding=True)))
    .where(ServiceTypeLink.state != "rejected")
    .order_by(ServiceTypeLink.state, ServiceTypeLink.code)
)


def _services(session: Session, ids: Sequence[str]) -> dict[str, Row[Any]]:
    found: Iterable[Row[Any]] = session.execute(_SERVICES, {"ids": list(ids)})
    return {row.id: row for row in found}


def _types(session: Session, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for service_id, code, state in session.execute(_TYPES, {"ids": list(ids)}):
        found.setdefault(service_id, []).append((code, state))
    return found
