"""The rows behind the offers, gathered by their owner: every SELECT that `load_offers` makes but one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import hours, offer_words
from netmap.directory.areas import Point
from netmap.directory.models import (
    Area,
    CostOption,
    EligibilityRule,
    Language,
    Location,
    Schedule,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
)
from netmap.directory.points import POINT, point_of, with_point

# Where somebody is sent in danger, a weak guess of the machine is worse than nobody: it stays with the types
# that a person has to check, and is offered to no one before.
PROTECTING = (
    "child_protection", "crisis_line", "dv_crisis_centre", "safe_shelter", "sexual_violence_centre",
    "trafficking_assistance",
)  # fmt: skip
SURE_ENOUGH = 0.6

Key = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


class Scope:
    """Which services are read: all, or some."""

    def __init__(self, services: Collection[str] | None = None) -> None:
        self._ids = None if services is None else sorted(services)

    def of(self, service: Key, place: Key | None = None, location: Key | None = None) -> ColumnElement[bool]:
        """Return the condition on a row that belongs to a service, one of its places or a location."""
        if self._ids is None:
            return true()
        mine = ServiceAtLocation.service_id.in_(self._ids)
        conditions = [service.in_(self._ids)]
        if place is not None:
            conditions.append(place.in_(select(ServiceAtLocation.id).where(mine)))
        if location is not None:
            conditions.append(location.in_(select(ServiceAtLocation.location_id).where(mine)))
        return or_(*conditions)


class Place(NamedTuple):
    """A place of a service."""

    id: str
    service_id: str
    location_id: str
    location_type: str
    point: Point | None


def places(session: Session, scope: Scope) -> Mapping[str, list[Place]]:
    """Return service id -> its places."""
    query = (
        select(
            ServiceAtLocation.id,
            ServiceAtLocation.service_id,
            ServiceAtLocation.location_id,
            Location.location_type,
            *POINT,
        )
        .join(Location, ServiceAtLocation.location_id == Location.id)
        .where(ServiceAtLocation.removed_in_source.is_(None), Location.removed_in_source.is_(None))
        .where(scope.of(ServiceAtLocation.service_id))
    )
    found: dict[str, list[Place]] = defaultdict(list)
    for id_, service, location, kind, *numbers in session.execute(
        with_point(query).order_by(ServiceAtLocation.id)
    ):
        found[service].append(Place(id_, service, location, kind, point_of(*numbers)))
    return found


def types(session: Session, scope: Scope, state: str) -> Mapping[str, frozenset[str]]:
    """Return service id -> its types in one state."""
    query = select(ServiceTypeLink.service_id, ServiceTypeLink.code)
    query = query.where(ServiceTypeLink.state == state, scope.of(ServiceTypeLink.service_id), _believed())
    return _sets(session.execute(query))


def _believed() -> ColumnElement[bool]:
    return or_(
        ServiceTypeLink.state != "suggested",
        ServiceTypeLink.code.not_in(PROTECTING),
        ServiceTypeLink.confidence.is_(None),
        ServiceTypeLink.confidence >= SURE_ENOUGH,
    )


def confidences(session: Session, scope: Scope) -> Mapping[str, Mapping[str, float]]:
    """Return service id -> how sure the machine is of each type that it suggested."""
    query = select(ServiceTypeLink.service_id, ServiceTypeLink.code, ServiceTypeLink.confidence)
    query = query.where(
        ServiceTypeLink.state == "suggested", scope.of(ServiceTypeLink.service_id), _believed()
    )
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for service, code, confidence in session.execute(query.order_by(ServiceTypeLink.code)):
        if confidence is not None:
            found[service][code] = confidence
    return found


def rules(session: Session, scope: Scope, effect: str) -> Mapping[str, frozenset[str]]:
    """Return service id -> the circumstances with one effect."""
    query = select(EligibilityRule.service_id, EligibilityRule.code)
    query = query.where(EligibilityRule.effect == effect, scope.of(EligibilityRule.service_id))
    return _sets(session.execute(query))


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
    query = select(CostOption).where(CostOption.removed_in_source.is_(None), scope.of(CostOption.service_id))
    prices: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for row in session.scalars(query.order_by(CostOption.id)):
        if not (row.valid_from or today) <= today <= (row.valid_to or today):
            continue
        free = offer_words.is_free(row.amount_description) or offer_words.is_free(row.option)
        amount = 0.0 if row.amount is None and free else row.amount
        prices.setdefault(row.service_id, [])
        if amount is not None:
            prices[row.service_id].append((bool(row.option and not free), amount))
    return {key: min(found)[1] if found else None for key, found in prices.items()}


def waits(session: Session, scope: Scope) -> Mapping[str, float]:
    """Return service id -> days of waiting, as the newest record of its capacity has them."""
    row = ServiceCapacity
    query = select(row.service_id, row.wait_days)
    query = query.where(row.wait_days.is_not(None), row.removed_in_source.is_(None), scope.of(row.service_id))
    found = session.execute(query.order_by(row.updated.asc().nulls_first(), row.id))
    return {service: float(days) for service, days in found if days is not None}


def places_free(session: Session, scope: Scope, settings: Settings) -> Mapping[str, float]:
    """Return service id -> free places, as the newest record has them; old figures say nothing any more."""
    row, old = ServiceCapacity, now() - timedelta(days=settings.stale_days)
    query = select(row.service_id, row.available)
    query = query.where(row.available.is_not(None), row.removed_in_source.is_(None), scope.of(row.service_id))
    found = session.execute(query.where(row.updated >= old).order_by(row.updated, row.id))
    return {service: float(free) for service, free in found if free is not None}


class Languages:
    """The languages of services, else of their locations."""

    def __init__(self, session: Session, scope: Scope) -> None:
        query = select(Language.service_id, Language.location_id, Language.code, Language.name)
        found: dict[str, set[str]] = defaultdict(set)
        query = query.where(
            Language.removed_in_source.is_(None),
            scope.of(Language.service_id, location=Language.location_id),
        )
        for service, location, code, name in session.execute(query):
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
        owners = (Schedule.service_at_location_id, Schedule.service_id, Schedule.location_id)
        query = select(*owners, *(getattr(Schedule, name) for name in hours.COLUMNS))
        found: dict[str, list[hours.Rule]] = defaultdict(list)
        query = query.where(
            Schedule.removed_in_source.is_(None),
            scope.of(Schedule.service_id, Schedule.service_at_location_id, Schedule.location_id),
        )
        for at_location, service, location, *columns in session.execute(query.order_by(Schedule.id)):
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

    def __init__(self, session: Session, scope: Scope) -> None:
        owner: InstrumentedAttribute[str | None]
        live: ColumnElement[bool] = ServiceArea.removed_in_source.is_(None)
        self._codes: dict[str, set[str | None]] = defaultdict(set)
        for owner in (ServiceArea.service_id, ServiceArea.service_at_location_id):
            query = select(owner, ServiceArea.area_code).where(live, owner.is_not(None))
            query = query.where(scope.of(ServiceArea.service_id, ServiceArea.service_at_location_id))
            for key, code in session.execute(query):
                self._codes[str(key)].add(code)
        self._inside = area_insides(session)
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
