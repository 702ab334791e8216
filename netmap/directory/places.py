"""Where services are given and when they are open there: rows for lists, in a constant number of SELECTs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, or_, select
from sqlalchemy.orm import Session

from netmap.directory import hours
from netmap.directory.distances import straight_km
from netmap.directory.hours import OpenState, Rule
from netmap.directory.models import Address, Area, Location, Phone, Schedule, ServiceAtLocation
from netmap.directory.points import POINT, point_of, with_point

MANY = 2000  # above this a filter by ids costs more than reading all


@dataclass(frozen=True, slots=True)
class Place:
    """A service at one of its places; ``location_id`` is empty for a service that has none.

    Where its address is kept ``secret``, the name of its area stands in place of it.
    """

    service_id: str
    id: str = ""
    location_id: str = ""
    virtual: bool = False
    name: str = ""
    address: str = ""
    secret: bool = False
    area_code: str | None = None
    point: tuple[float, float] | None = None

    def km_from(self, point: tuple[float, float]) -> float | None:
        """Return the straight line to a point, None where this place has no point."""
        return straight_km(self.point, point) if self.point else None


_WHERE: tuple[ColumnElement[Any], ...] = (
    Location.confidential.label("confidential"),
    Area.name.label("area"),
    Address.address_1.label("address_1"),
    Address.city.label("city"),
)
# Put together once: SQLAlchemy takes longer to build a statement than SQLite to answer it.
_PLACES = with_point(
    select(
        ServiceAtLocation.id,
        ServiceAtLocation.service_id,
        ServiceAtLocation.location_id,
        Location.location_type,
        Location.name,
        Location.area_code,
        *_WHERE,
        *POINT,
    )
    .join(Location, ServiceAtLocation.location_id == Location.id)
    .outerjoin(
        Address,
        (Address.location_id == Location.id)
        & Address.removed_in_source.is_(None)
        & Location.confidential.is_(False),
    )
    .where(ServiceAtLocation.removed_in_source.is_(None), Location.removed_in_source.is_(None))
    .where(ServiceAtLocation.service_id.in_(bindparam("ids", expanding=True)))
    .order_by(ServiceAtLocation.id, Address.address_type.desc(), Address.id)  # physical before postal
)


def places_of(session: Session, services: Iterable[str]) -> Mapping[str, list[Place]]:
    """Return service id -> its places by their ids; one without a place for services that have none."""
    found: dict[str, dict[str, Place]] = {one: {} for one in services}
    for row in session.execute(_PLACES, {"ids": list(found)}):
        if row.id not in found[row.service_id]:
            found[row.service_id][row.id] = _place(row)
    return {one: list(places.values()) or [Place(one)] for one, places in found.items()}


def _place(row: Row[Any]) -> Place:
    virtual = row.location_type == "virtual"
    point = point_of(row.latitude, row.longitude, row.area_latitude, row.area_longitude)
    return Place(
        row.service_id,
        row.id,
        row.location_id,
        virtual=virtual,
        name=row.name or "",
        address=", ".join(part for part in (row.address_1, row.city, row.confidential and row.area) if part),
        secret=row.confidential,
        area_code=row.area_code,
        point=None if virtual else point,
    )


_state = lru_cache(maxsize=4_000)(hours.state)  # places share rules, and people look at one minute


def _hangs(model: type[Schedule] | type[Phone]) -> ColumnElement[bool]:
    """Return the condition that a row hangs on one of the places, their services or their locations."""
    return or_(
        model.service_at_location_id.in_(bindparam("places", expanding=True)),
        model.service_id.in_(bindparam("services", expanding=True)),
        model.location_id.in_(bindparam("locations", expanding=True)),
    )


_SCHEDULES = (
    select(
        Schedule.service_at_location_id,
        Schedule.service_id,
        Schedule.location_id,
        *(getattr(Schedule, name) for name in hours.COLUMNS),
    )
    .where(Schedule.removed_in_source.is_(None))
    .order_by(Schedule.id)
)
_FEW_SCHEDULES = _SCHEDULES.where(_hangs(Schedule))
_PHONES = (
    select(
        Phone.service_at_location_id,
        Phone.service_id,
        Phone.location_id,
        Phone.organization_id,
        Phone.number,
        Phone.extension,
        Phone.type,
    )
    .where(Phone.removed_in_source.is_(None))
    .order_by(Phone.id)
)
_FEW_PHONES = _PHONES.where(
    or_(_hangs(Phone), Phone.organization_id.in_(bindparam("organizations", expanding=True)))
)


def _owners_of(places: Sequence[Place]) -> tuple[dict[str, list[str]], bool]:
    """Return the ids that rows may hang on, and whether they are few enough to ask for them only."""
    if len(places) > MANY:
        return {}, False
    owners = {
        "places": sorted({place.id for place in places}),
        "services": sorted({place.service_id for place in places}),
        "locations": sorted({place.location_id for place in places}),
    }
    return owners, True


class Openings:
    """Opening hours: those of the service at the place, else of the service, else of the place."""

    def __init__(self, session: Session, places: Iterable[Place]) -> None:
        owners, few = _owners_of(list(places))
        query = _FEW_SCHEDULES if few else _SCHEDULES
        found: dict[str, list[Rule]] = defaultdict(list)
        for at_location, service, location, *columns in session.execute(query, owners):
            rule, owner = hours.rule_of(tuple(columns)), at_location or service or location
            if rule is not None and owner:
                found[owner].append(rule)
        self._found = {owner: tuple(rules) for owner, rules in found.items()}

    def at(self, place: Place, moment: datetime) -> OpenState:
        """Return whether the service is open at that place at a moment in the office's time zone."""
        return _state(self.rules(place), moment)

    def rules(self, place: Place) -> tuple[Rule, ...]:
        """Return the rules that count for the service at that place; none where nobody knows any."""
        owners = (place.id, place.service_id, place.location_id)
        return hours.most_specific([self._found[owner] for owner in owners if owner in self._found])


class Phones:
    """Telephone numbers of services at places: the nearest to the service, never mixed with others.

    A number that names several (a service, a place, an organization) counts for each of them, behind numbers
    that name fewer and so are more its own.
    """

    def __init__(self, session: Session, places: Iterable[Place], organizations: Iterable[str]) -> None:
        owners, few = _owners_of(list(places))
        owners |= {"organizations": sorted(set(organizations))} if few else {}
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for *owned, number, extension, kind in session.execute(_FEW_PHONES if few else _PHONES, owners):
            named = [owner for owner in owned if owner]
            if (kind or "").casefold() != "fax":
                for owner in named:
                    found[owner].append((len(named), f"{number} ({extension})" if extension else number))
        self._found = {
            owner: list(dict.fromkeys(number for _named, number in sorted(numbers, key=itemgetter(0))))
            for owner, numbers in found.items()
        }

    def of(self, place: Place, organization_id: str | None) -> tuple[str, ...]:
        """Return at most three numbers under which the service can be reached."""
        owners = (place.id, place.service_id, place.location_id, organization_id or "")
        return tuple(next((self._found[one] for one in owners if one in self._found), ())[:3])
