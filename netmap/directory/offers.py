"""The directory as plain offers for the sums: a constant number of SELECTs, whatever the size."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import hours, offer_words
from netmap.directory.eligibility import Duration, Offer
from netmap.directory.models import (
    Area,
    CostOption,
    EligibilityRule,
    Language,
    Location,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
)

_SCHEDULE = (
    "valid_from", "valid_to", "dtstart", "until", "count", "wkst", "freq", "interval", "byday", "byweekno",
    "bymonthday", "byyearday", "opens_at", "closes_at", "unread",
)  # fmt: skip
_SERVICE = (
    "id", "organization_id", "status", "interpretation_services", "fees_description", "wait_time",
    "eligibility_description", "minimum_age", "maximum_age", "assured_date", "duration",
)  # fmt: skip


class _Place(NamedTuple):
    id: str
    service_id: str
    location_id: str
    latitude: float | None
    longitude: float | None
    location_type: str


def load_offers(
    session: Session,
    settings: Settings,
    *,
    confirmed_only: bool = False,
    types: Collection[str] | None = None,
) -> list[Offer]:
    """Return one offer per service and place, and one per service without a place, by their ids.

    Parameters
    ----------
    session : Session
    settings : Settings
        The time zone says which day today is, for prices that hold for a time.
    confirmed_only : bool
        Leave out types that nobody confirmed, and services that have no other.
    types : collection of str, optional
        Only services with one of these types, confirmed or suggested.

    Returns
    -------
    list of Offer
        Rows that are gone in their source are left out; closed services are not, `judge` names them.
    """
    bare = _services(session, settings)
    confirmed, suggested = _types(session, "confirmed"), _types(session, "suggested")
    required, excluded = _rules(session, "required"), _rules(session, "excluded")
    with_rules = set(session.scalars(select(EligibilityRule.service_id).distinct()))
    spoken, opened, serves = _Languages(session), _Hours(session), _Serves(session)
    places = _places(session)
    offers: list[Offer] = []
    for service in bare:
        key = service.service_id
        if confirmed_only and key not in confirmed:
            continue
        if types is not None and not types & (confirmed.get(key, _NONE) | suggested.get(key, _NONE)):
            continue
        ages = service.minimum_age is not None or service.maximum_age is not None
        offer = replace(
            service,
            types=confirmed.get(key, frozenset()),
            suggested=frozenset() if confirmed_only else suggested.get(key, frozenset()),
            required=required.get(key, frozenset()),
            excluded=excluded.get(key, frozenset()),
            eligibility_known=not service.conditions or ages or key in with_rules,
        )
        for place in places.get(key) or (None,):
            offers.append(_at(offer, place, spoken, opened, serves))
    return offers


def _services(session: Session, settings: Settings) -> list[Offer]:
    """Return every service as an offer that knows nothing of places, types and rules yet."""
    query = select(*(getattr(Service, name) for name in _SERVICE))
    fees = _fees(session, settings)
    offers = []
    for row in session.execute(query.where(Service.removed_in_source.is_(None)).order_by(Service.id)):
        fee = fees.get(row.id)
        if fee is None and row.id not in fees and offer_words.is_free(row.fees_description):
            fee = 0.0
        offers.append(
            Offer(
                service_id=row.id,
                organization_id=row.organization_id,
                status=row.status,
                interpreter=offer_words.has_interpreter(row.interpretation_services),
                minimum_age=row.minimum_age,
                maximum_age=row.maximum_age,
                fee=fee,
                duration=cast(Duration, row.duration) if row.duration in ("once", "long") else None,
                assured_date=row.assured_date,
                wait_days=offer_words.wait_days(row.wait_time),
                conditions=(row.eligibility_description or "").strip(),
            )
        )
    return offers


def _at(
    offer: Offer, place: _Place | None, spoken: "_Languages", opened: "_Hours", serves: "_Serves"
) -> Offer:
    """Return the offer as it is at one place; what the place says of itself wins over the service."""
    place_id = place.id if place else None
    location_id = place.location_id if place else None
    return replace(
        offer,
        place_id=place_id,
        location_id=location_id,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        remote=bool(place and place.location_type == "virtual"),
        serves=serves.of(offer.service_id, place_id),
        languages=spoken.of(offer.service_id, location_id),
        rules=opened.of(offer.service_id, place_id, location_id),
    )


def _places(session: Session) -> Mapping[str, list[_Place]]:
    query = (
        select(
            ServiceAtLocation.id,
            ServiceAtLocation.service_id,
            ServiceAtLocation.location_id,
            Location.latitude,
            Location.longitude,
            Location.location_type,
        )
        .join(Location, ServiceAtLocation.location_id == Location.id)
        .where(ServiceAtLocation.removed_in_source.is_(None), Location.removed_in_source.is_(None))
    )
    found: dict[str, list[_Place]] = defaultdict(list)
    for row in session.execute(query.order_by(ServiceAtLocation.id)):
        found[row.service_id].append(_Place(*row))
    return found


def _types(session: Session, state: str) -> Mapping[str, frozenset[str]]:
    query = select(ServiceTypeLink.service_id, ServiceTypeLink.code).where(ServiceTypeLink.state == state)
    return _sets(session.execute(query).tuples())


def _rules(session: Session, effect: str) -> Mapping[str, frozenset[str]]:
    query = select(EligibilityRule.service_id, EligibilityRule.code).where(EligibilityRule.effect == effect)
    return _sets(session.execute(query).tuples())


def _sets(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, code in pairs:
        found[key].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _fees(session: Session, settings: Settings) -> Mapping[str, float | None]:
    """Return service id -> lowest fee that holds today; a price with no condition counts before others.

    A service with prices of which none can be read stays in the mapping with None: not known.
    """
    today = now().astimezone(settings.zone()).date()
    query = select(CostOption).where(CostOption.removed_in_source.is_(None)).order_by(CostOption.id)
    prices: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for row in session.scalars(query):
        if not (row.valid_from or today) <= today <= (row.valid_to or today):
            continue
        free = offer_words.is_free(row.amount_description) or offer_words.is_free(row.option)
        amount = 0.0 if row.amount is None and free else row.amount
        prices.setdefault(row.service_id, [])
        if amount is not None:
            prices[row.service_id].append((bool(row.option and not free), amount))
    return {key: min(found)[1] if found else None for key, found in prices.items()}


class _Languages:
    """The languages of services, else of their locations."""

    def __init__(self, session: Session) -> None:
        query = select(Language.service_id, Language.location_id, Language.code, Language.name)
        found: dict[str, set[str]] = defaultdict(set)
        query = query.where(Language.removed_in_source.is_(None))
        for service, location, code, name in session.execute(query).tuples():
            spoken, owner = offer_words.language_code(code, name), service or location
            if spoken and owner:
                found[owner].add(spoken)
        self._found = {key: frozenset(codes) for key, codes in found.items()}

    def of(self, service_id: str, location_id: str | None) -> frozenset[str] | None:
        return self._found.get(service_id) or self._found.get(location_id or "")


class _Hours:
    """Opening hours: those of a service at a place, else of the service, else of the place."""

    def __init__(self, session: Session) -> None:
        owners = (Schedule.service_at_location_id, Schedule.service_id, Schedule.location_id)
        query = select(*owners, *(getattr(Schedule, name) for name in _SCHEDULE))
        found: dict[str, list[hours.Rule]] = defaultdict(list)
        for row in session.execute(query.where(Schedule.removed_in_source.is_(None)).order_by(Schedule.id)):
            rule = hours.to_rule(cast(hours.ScheduleRow, row))
            owner = row.service_at_location_id or row.service_id or row.location_id
            if rule is not None and owner:
                found[owner].append(rule)
        self._found = {key: tuple(rules) for key, rules in found.items()}

    def of(self, service_id: str, place_id: str | None, location_id: str | None) -> tuple[hours.Rule, ...]:
        owners = (place_id, service_id, location_id)
        return next((self._found[owner] for owner in owners if owner and owner in self._found), ())


class _Serves:
    """The areas served, with everything inside them; one row that names no area of ours makes all unknown."""

    def __init__(self, session: Session) -> None:
        owner: InstrumentedAttribute[str | None]
        live: ColumnElement[bool] = ServiceArea.removed_in_source.is_(None)
        self._codes: dict[str, set[str | None]] = defaultdict(set)
        for owner in (ServiceArea.service_id, ServiceArea.service_at_location_id):
            query = select(owner, ServiceArea.area_code).where(live, owner.is_not(None))
            for key, code in session.execute(query).tuples():
                self._codes[str(key)].add(code)
        self._inside = area_insides(session)
        self._closed = cache(self._close)  # thousands of services share the same few sets

    def of(self, service_id: str, place_id: str | None) -> frozenset[str] | None:
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
