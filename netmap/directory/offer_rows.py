"""The rows behind the offers, gathered by their owner."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import hours, offer_queries, offer_words
from netmap.directory.areas import Point
from netmap.directory.facet_codes import wheelchair
from netmap.directory.models import (
    Area,
)
from netmap.directory.offer_queries import Scope
from netmap.directory.points import point_of

# Where somebody is sent in danger, a weak guess of the machine is worse than nobody: it stays with the types
# that a person has to check, and is offered to no one before.
PROTECTING = frozenset(
    {
        "child_protection", "crisis_line", "dv_crisis_centre", "safe_shelter", "sexual_violence_centre",
        "trafficking_assistance",
    }
)  # fmt: skip
SURE_ENOUGH = 0.6


class Place(NamedTuple):
    """A place of a service."""

    id: str
    service_id: str
    location_id: str
    location_type: str
    point: Point | None


def places(session: Session, scope: Scope) -> Mapping[str, list[Place]]:
    """Return service id -> its places."""
    found: dict[str, list[Place]] = defaultdict(list)
    for id_, service, location, kind, *numbers in scope.rows(session, offer_queries.places):
        found[service].append(Place(id_, service, location, kind, point_of(*numbers)))
    return found


class Types(NamedTuple):
    """Service id -> its confirmed types, those that the machine suggested, and how sure it is of each."""

    confirmed: Mapping[str, frozenset[str]]
    suggested: Mapping[str, frozenset[str]]
    confidences: Mapping[str, Mapping[str, float]]


def types(session: Session, scope: Scope) -> Types:
    """Return the types of services."""
    rows = [row for row in scope.rows(session, offer_queries.types) if _is_believed(*row[1:])]
    sure: dict[str, dict[str, float]] = defaultdict(dict)
    for service, code, state, confidence in rows:
        if state == "suggested" and confidence is not None:
            sure[service][code] = confidence
    confirmed, suggested = (
        _sets((service, code) for service, code, its, _sure in rows if its == state)
        for state in ("confirmed", "suggested")
    )
    return Types(confirmed, suggested, sure)


def _is_believed(code: str, state: str, confidence: float | None) -> bool:
    """Return whether a type may be offered to anybody before a person has confirmed it."""
    weak = state == "suggested" and confidence is not None and confidence < SURE_ENOUGH
    return not (weak and code in PROTECTING)


class Rules(NamedTuple):
    """Service id -> circumstances that must hold, that must not, and people whom it has in mind."""

    required: Mapping[str, frozenset[str]]
    excluded: Mapping[str, frozenset[str]]
    welcome: Mapping[str, frozenset[str]]


def rules(session: Session, scope: Scope) -> Rules:
    """Return whom services take."""
    rows = scope.rows(session, offer_queries.rules).all()
    return Rules(*(_sets((key, code) for key, code, its in rows if its == one) for one in Rules._fields))


def _sets(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, code in pairs:
        found[key].add(code)
    return _same(found)


def _same(found: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Return the codes of each key as a set; equal sets are one and the same, which saves memory."""
    sets = {key: frozenset(codes) for key, codes in found.items()}
    kept: dict[frozenset[str], frozenset[str]] = {}
    return {key: kept.setdefault(codes, codes) for key, codes in sets.items()}


def fees(session: Session, scope: Scope, settings: Settings) -> Mapping[str, float | None]:
    """Return service id -> lowest fee that holds today; a price with no condition counts before others.

    A service with prices of which none can be read stays in the mapping with None: not known.
    """
    today = now().astimezone(settings.zone()).date()
    prices: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for row in scope.rows(session, offer_queries.fees):
        if not (row.valid_from or today) <= today <= (row.valid_to or today):
            continue
        free = offer_words.is_free(row.amount_description) or offer_words.is_free(row.option)
        amount = 0.0 if row.amount is None and free else row.amount
        prices.setdefault(row.service_id, [])
        if amount is not None:
            prices[row.service_id].append((bool(row.option and not free), amount))
    return {key: min(found)[1] if found else None for key, found in prices.items()}


def capacities(
    session: Session, scope: Scope, settings: Settings
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return service id -> days of waiting, and service id -> free places, as the newest records have them.

    Old figures of free places say nothing any more.
    """
    old = now() - timedelta(days=settings.stale_days)
    waits: dict[str, float] = {}
    free: dict[str, float] = {}
    for service, available, days, updated in scope.rows(session, offer_queries.capacity):
        if days is not None:
            waits[service] = float(days)
        if available is not None and updated is not None and updated >= old:
            free[service] = float(available)
    return waits, free


def step_free(session: Session, scope: Scope) -> Mapping[str, bool]:
    """Return location id -> whether a wheelchair gets in, for those of which the words say so."""
    texts: dict[str, list[str]] = defaultdict(list)
    for location, *parts in scope.rows(session, offer_queries.accessibility):
        texts[location].append(". ".join(part for part in parts if part))
    found = {location: wheelchair(words) for location, words in texts.items()}
    return {location: gets_in for location, gets_in in found.items() if gets_in is not None}


class Languages:
    """The languages of services, else of their locations."""

    def __init__(self, session: Session, scope: Scope) -> None:
        found: dict[str, set[str]] = defaultdict(set)
        for service, location, code, name in scope.rows(session, offer_queries.languages):
            spoken, owner = offer_words.language_code(code, name), service or location
            if spoken and owner:
                found[owner].add(spoken)
        self._found = _same(found)

    def of(self, service_id: str, location_id: str | None) -> frozenset[str] | None:
        """Return language codes, or None where nothing is recorded."""
        return self._found.get(service_id) or self._found.get(location_id or "")


class Hours:
    """Opening hours: those of a service at a place, else of the service, else of the place."""

    def __init__(self, session: Session, scope: Scope) -> None:
        found: dict[str, list[hours.Rule]] = defaultdict(list)
        for at_location, service, location, *columns in scope.rows(session, offer_queries.schedules):
            rule, owner = hours.rule_of(tuple(columns)), at_location or service or location
            if rule is not None and owner:
                found[owner].append(rule)
        self._found = {key: tuple(rules) for key, rules in found.items()}
        self._kept: dict[tuple[hours.Rule, ...], tuple[hours.Rule, ...]] = {}

    def of(self, service_id: str, place_id: str | None, location_id: str | None) -> tuple[hours.Rule, ...]:
        """Return the rules that count; none where nothing is recorded."""
        owners = (place_id, service_id, location_id)
        found = hours.most_specific(self._found[owner] for owner in owners if owner and owner in self._found)
        return self._kept.setdefault(found, found)  # thousands share a few


class Serves:
    """The areas served, with everything inside them; one row that names no area of ours makes all unknown."""

    def __init__(
        self, session: Session, scope: Scope, inside: Callable[[str], frozenset[str]] | None = None
    ) -> None:
        self._codes: dict[str, set[str | None]] = defaultdict(set)
        for *owners, code in scope.rows(session, offer_queries.areas):
            for owner in owners:
                if owner is not None:
                    self._codes[owner].add(code)
        self._inside = inside or area_insides(session)
        self._closed = cache(self._close)  # thousands of services share the same few sets

    def of(self, service_id: str, place_id: str | None) -> frozenset[str] | None:
        """Return the codes of all areas served, or None where that is not known."""
        codes = self._codes.get(place_id or "") or self._codes.get(service_id)
        if not codes or None in codes:
            return None
        return self._closed(frozenset(cast(set[str], codes)))

    def _close(self, codes: frozenset[str]) -> frozenset[str]:
        return frozenset().union(*(self._inside(code) for code in codes))


def area_insides(session: Session) -> Callable[[str], frozenset[str]]:
    """Return a function: area code -> that code and the codes of all areas inside it."""
    children: dict[str, list[str]] = defaultdict(list)
    for code, parent in session.execute(select(Area.code, Area.parent_code).order_by(Area.code)):
        if parent:
            children[parent].append(code)

    @cache
    def inside(code: str) -> frozenset[str]:
        found, coming = set[str](), [code]
        while coming:
            area = coming.pop()
            if area not in found:
                found.add(area)
                coming.extend(children.get(area, ()))
        return frozenset(found)

    return inside
