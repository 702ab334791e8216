"""Areas of places and of services: which area a record lies in, and areas made from cities and postcodes."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.distances import straight_km
from netmap.directory.models import Address, Area, AreaShape, Location, ServiceArea, ServiceAtLocation

NEAR_KM = 5.0
FAR_KM = 100.0  # from the middle of its own city: no place can be there
ENOUGH = 5  # places that a city needs before its middle can be trusted
Point = tuple[float, float]
SPLIT_SHARE = 0.5  # a city that holds half of all addresses is divided by postcode, or it would say nothing
_ZIP4 = re.compile(r"(\d{5})-\d{4}")


@dataclass
class Assigned:
    """How many places and service areas lie in no area, and the services whose areas changed."""

    places_without: int = 0
    served_without: int = 0
    services: set[str] = field(default_factory=set)


def assign_areas(session: Session) -> Assigned:
    """Set the area of every location and service area.

    A location lies in the area whose name is its city (the postcode's area where areas were made from
    postcodes), else in the area whose point is nearest and within 5 km, else nowhere: nothing is guessed.
    A service area is one of ours where its extent or name is exactly the code or the name of one area.
    What a person set on a record of their own is kept.
    """
    session.flush()
    finder = _Finder(list(session.scalars(select(Area).order_by(Area.code))))
    assigned, moved = Assigned(), set[str]()
    moved_at: set[str | None] = set()
    for location, addresses in _with_addresses(session):
        if _set(location, finder.of_place(location, addresses)):
            moved.add(location.id)
        assigned.places_without += location.area_code is None and location.location_type == "physical"
    for served in session.scalars(select(ServiceArea).order_by(ServiceArea.id)):
        if _set(served, finder.of_words(served.extent) or finder.of_words(served.name)):
            assigned.services |= {one for one in (served.service_id,) if one}
            moved_at.add(served.service_at_location_id)
        assigned.served_without += served.area_code is None
    session.flush()
    at = session.execute(
        select(ServiceAtLocation.id, ServiceAtLocation.location_id, ServiceAtLocation.service_id)
    )
    assigned.services |= {service for key, place, service in at if place in moved or key in moved_at}
    return assigned


def _set(record: Location | ServiceArea, code: str | None) -> bool:
    """Set the area of a record and return whether it changed."""
    by_person = record.source_id is None and record.area_code is not None
    if by_person or record.area_code == code:
        return False
    record.area_code = code
    return True


def _with_addresses(session: Session) -> list[tuple[Location, list[Address]]]:
    by_location: dict[str | None, list[Address]] = defaultdict(list)
    present = select(Address).where(Address.removed_in_source.is_(None)).order_by(Address.id)
    for address in session.scalars(present):
        by_location[address.location_id].append(address)
    locations = session.scalars(select(Location).order_by(Location.id))
    return [(location, by_location[location.id]) for location in locations]


class _Finder:
    """Finds areas by code, by any of their names, and by distance."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._codes = {area.code.casefold(): area for area in areas}
        self._names: dict[str, set[str]] = defaultdict(set)
        for area in areas:
            for name in {area.name, *area.names.values()}:
                self._names[name.casefold().strip()].add(area.code)
        parents = {area.parent_code for area in areas}
        self._undivided = [area for area in areas if area.code not in parents]
        settled = {"city", "town", "village"}
        # A county may have the name of its town, but it says nothing about where in it a place lies.
        self._settled = {area.code for area in areas if area.code not in parents or area.kind in settled}

    def of_words(self, words: str | None) -> str | None:
        if not words:
            return None
        key = words.casefold().strip()
        if key in self._codes:
            return self._codes[key].code
        named = self._names.get(key, set())
        return next(iter(named)) if len(named) == 1 else None

    def of_place(self, location: Location, addresses: Iterable[Address]) -> str | None:
        for address in addresses:
            city = (address.city or "").casefold().strip()
            named = self._names.get(city, set()) & self._settled if city else set()
            part = self._codes.get(postcode_area(address.city, address.postal_code))
            if part is not None and part.parent_code in named and not location.confidential:
                return part.code
            if len(named) == 1:
                return next(iter(named))
        if location.latitude is None or location.longitude is None:
            return None
        point = (location.latitude, location.longitude)
        near = [
            (straight_km(point, (area.latitude, area.longitude)), area.code)
            for area in self._undivided
            if area.latitude is not None and area.longitude is not None
        ]
        distance, code = min(near, default=(NEAR_KM + 1, ""))
        return code if distance <= NEAR_KM else None


def slug(text: str) -> str:
    """Return a short stable code made of a name.

    Examples
    --------
    >>> slug("Šiaulių r."), slug("Washington, D.C."), slug("Лауvena")
    ('siauliu-r', 'washington-d-c', 'лауvena')
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", "-", (plain if plain.isascii() else text).casefold()).strip("-")[:60]


def postcode(text: str | None) -> str:
    """Return the part of a postcode that names a district.

    Examples
    --------
    >>> postcode("20018-3262"), postcode("20010`"), postcode("lt-00110"), postcode(None)
    ('20018', '20010', 'LT-00110', '')
    """
    plain = re.sub(r"[^A-Z0-9 -]", "", (text or "").upper()).strip()
    long = _ZIP4.fullmatch(plain)
    return long[1] if long else plain


def postcode_area(city: str | None, code: str | None) -> str:
    """Return the code of the area made of a postcode within a city."""
    return f"{slug(city or '')}-{slug(postcode(code))[:19]}"


@dataclass
class _Found:
    """A city or postcode met in addresses: how it is written, and the places found there."""

    spellings: list[str] = field(default_factory=list)
    places: list[Location] = field(default_factory=list)

    def meet(self, spelling: str, location: Location) -> None:
        self.spellings.append(spelling)
        pointed = location.latitude is not None and location.longitude is not None
        if pointed and not location.confidential:  # else the middle of a village would be the refuge itself
            self.places.append(location)

    def middle(self) -> Point | None:
        """Return the middle of the points: a mean would follow the few that are wrong."""
        points = [_point(place) for place in self.places]
        if not points:
            return None
        return median(point[0] for point in points), median(point[1] for point in points)

    def far_off(self, middle: Point | None) -> list[Location]:
        """Return the places whose point cannot be in this city."""
        if middle is None or len(self.places) < ENOUGH:
            return []
        return [place for place in self.places if straight_km(_point(place), middle) > FAR_KM]


def _point(place: Location) -> Point:
    return place.latitude or 0.0, place.longitude or 0.0


def _cities(session: Session) -> tuple[dict[str, _Found], dict[str, dict[str, _Found]]]:
    """Return the cities of all addresses, and the postcodes within each."""
    cities: dict[str, _Found] = defaultdict(_Found)
    parts: dict[str, dict[str, _Found]] = defaultdict(lambda: defaultdict(_Found))
    for location, addresses in _with_addresses(session):
        for address in addresses:
            if city := slug(address.city or ""):
                cities[city].meet((address.city or "").strip(), location)
                code = postcode(address.postal_code)
                if code and not location.confidential:
                    parts[city][code].meet(code, location)
    return cities, parts


def far_off_places(session: Session, source: str) -> list[Location]:
    """Return the places of a source whose point lies far from all others of their city: it must be wrong."""
    cities, _parts = _cities(session)
    far = [place for found in cities.values() for place in found.far_off(found.middle())]
    return sorted({place for place in far if place.source_id == source}, key=lambda place: place.id)


def derive_areas(session: Session) -> int:
    """Make areas from the addresses where nobody has given any; return how many are new or lie elsewhere.

    One area for each city; a city that holds half of all addresses is divided by postcode. Populations
    stay unknown. Does nothing where areas were given by a person.
    """
    if session.scalar(select(func.count()).select_from(Area).where(Area.derived.is_(False))):
        return 0
    cities, parts = _cities(session)
    total = sum(len(found.spellings) for found in cities.values())
    changed = 0
    for city, found in sorted(cities.items()):
        name = max(sorted(set(found.spellings)), key=found.spellings.count)
        middle = found.middle()
        changed += _keep(session, Area(code=city, name=name, kind="city"), middle)
        if len(found.spellings) >= SPLIT_SHARE * total and len(parts[city]) > 1:
            session.flush()
            wrong = found.far_off(middle)
            for code, part in sorted(parts[city].items()):
                part.places = [place for place in part.places if place not in wrong]
                area = Area(code=postcode_area(name, code), name=f"{name} {code}", kind="postcode")
                area.parent_code = city
                changed += _keep(session, area, part.middle())
    session.flush()
    return changed


def _keep(session: Session, area: Area, middle: Point | None) -> int:
    stored = session.get(Area, area.code)
    if stored is None:
        area.names, area.derived = {}, True
        session.add(area)
    kept = stored or area
    before = kept.latitude, kept.longitude
    if middle is not None:
        kept.latitude, kept.longitude = round(middle[0], 6), round(middle[1], 6)
    elif kept.derived:
        kept.latitude = kept.longitude = None
    return int(stored is None or before != (kept.latitude, kept.longitude))


def drop_derived_areas(session: Session, *, keep: Collection[str] = ()) -> int:
    """Remove the areas made from addresses that no demand or case refers to; return how many are gone."""
    session.flush()
    derived = set(session.scalars(select(Area.code).where(Area.derived.is_(True)))) - set(keep)
    code, own = Area.__table__.c.code, {"location", "service_area", "area", "area_shape"}
    for table in Base.metadata.sorted_tables:
        for key in () if table.name in own else table.foreign_keys:
            if key.column is code:
                derived -= set(session.scalars(select(key.parent).where(key.parent.is_not(None))))
    for model in (Location, ServiceArea):
        session.execute(update(model).where(model.area_code.in_(derived)).values(area_code=None))
    session.execute(update(Area).where(Area.parent_code.in_(derived)).values(parent_code=None))
    session.execute(delete(AreaShape).where(AreaShape.area_code.in_(derived)))
    session.execute(delete(Area).where(Area.code.in_(derived)))
    return len(derived)
