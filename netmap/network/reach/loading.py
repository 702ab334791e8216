"""What the reach of one kind of service needs, read once: who needs it, who gives it, how far they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.eligibility import Duration, Offer, judge, needs_no_way
from netmap.directory.models import Area, ServiceTypeLink
from netmap.directory.offers import load_offers
from netmap.network import queries, travel
from netmap.network.cells.engine import Profile, needed, profile_of
from netmap.network.cells.ground import provider_of
from netmap.network.demand.demands import demands
from netmap.network.planning import planning_areas
from netmap.network.roads import kilometres, known_roads, on_the_road
from netmap.network.statistics import Demand
from netmap.network.supplies import Supply, in_one_unit, supplies
from netmap.packages.document import Document, Line
from netmap.packages.service import published

DRIVE_KMH = 40.0  # an assumption, as in matching: minutes by car where no travel time is known
KM = "km"
MOST_IDS = 500  # more are read faster all together
OPEN = ("active", "unknown")
NOWHERE = ("distance", "capacity")  # ways and places are counted here, not judged

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Counts = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Scene:
    """One kind of service with all who need it and all who give it.

    ``costs`` holds a table (areas, services) for each kind of client and ``kind`` says which of them each
    package is; ``straight`` marks the pairs whose way is a straight line made longer. ``within_reach``
    counts for each area the services within the limit, whomever they take. ``capacity`` is as recorded, in
    ``unit``.
    """

    areas: Sequence[Area]
    packages: Mapping[str, Document]
    kind: Mapping[str, int]
    services: Sequence[str]
    names: Mapping[str, str]
    costs: Sequence[csr_array]
    straight: Flags
    within_reach: Counts
    demands: Mapping[tuple[str, str], Demand]
    supply: Mapping[str, Supply]
    capacity: Floats
    unit: str
    other_units: frozenset[str]

    @cached_property
    def column(self) -> Mapping[str, int]:
        """At which column of ``costs`` each service stands."""
        return {service: number for number, service in enumerate(self.services)}


def needed_types(session: Session) -> dict[str, list[str]]:
    """Return each kind of service that packages in use need, and the codes of those packages."""
    found: dict[str, list[str]] = {}
    for code, _number, document in published(session):
        for kind in dict.fromkeys(line.service_type for line in _needed_lines(document)):
            found.setdefault(kind, []).append(code)
    return found


def _needed_lines(document: Document) -> list[Line]:
    return [line for line in document.lines if needed(line, document.lines)]


def scene(session: Session, settings: Settings, service_type: str, by: str, within: float) -> Scene:
    """Return all who need a kind of service and all who give it.

    Parameters
    ----------
    session : Session
    settings : Settings
    service_type : str
    by : str
        "km", or the way of travelling whose minutes count.
    within : float
        What is in reach; what is farther is left out.
    """
    rows = queries.areas(session)
    points = planning_areas(rows, queries.located_places(session)).points
    areas = [row for row in rows if row.code in points]
    offers = _offers(session, settings, service_type)
    packages = {
        code: document
        for code, _number, document in published(session)
        if any(line.service_type == service_type for line in _needed_lines(document))
    }
    ways, straight = _ways(session, settings, by, offers, areas, points)
    ways = _as_served(ways, offers, areas, service_type)
    number: dict[str, int] = {}
    for offer in offers:
        number.setdefault(offer.service_id, len(number))
    services = list(number)
    shut, kind = _kinds(settings, packages, offers, service_type)
    known = supplies(session, services if len(services) <= MOST_IDS else None)
    capacity, unit, others = in_one_unit(services, known)
    owner = np.array([number[offer.service_id] for offer in offers], dtype=np.intp)
    least = [_of_services(np.where(one[:, None], np.inf, ways), owner, len(services)) for one in shut]
    return Scene(
        areas=areas,
        packages=packages,
        kind=kind,
        services=services,
        names={offer.service_id: offer.name for offer in offers},
        costs=[_sparse(cost.T, within) for cost in least],
        straight=_straight(ways, straight, owner, len(services)).T,
        within_reach=(_of_services(_offered(ways, offers), owner, len(services)) <= within).sum(axis=0),
        demands={
            pair: one
            for pair, one in demands(session, settings).items()
            if pair[0] in points and pair[1] in packages
        },
        supply=known,
        capacity=capacity,
        unit=unit,
        other_units=others,
    )


def _offers(session: Session, settings: Settings, service_type: str) -> list[Offer]:
    query = select(ServiceTypeLink.service_id).where(
        ServiceTypeLink.code == service_type, ServiceTypeLink.state.in_(("confirmed", "suggested"))
    )
    ids = sorted(set(session.scalars(query)))
    offers = load_offers(session, settings, services=ids if len(ids) <= MOST_IDS else None)
    wanted = [one for one in offers if service_type in one.types | one.suggested]
    return sorted(wanted, key=lambda one: (provider_of(one), one.service_id, one.place_id or ""))


def _ways(
    session: Session,
    settings: Settings,
    by: str,
    offers: Sequence[Offer],
    areas: Sequence[Area],
    points: Mapping[str, tuple[float, float]],
) -> tuple[Floats, Flags]:
    """Return kilometres or minutes (offers x areas), and which of them come from straight lines."""
    codes = [area.code for area in areas]
    places = [
        None if one.latitude is None or one.longitude is None else (one.latitude, one.longitude)
        for one in offers
    ]
    km = kilometres(places, [points[code] for code in codes], settings.circuity)
    found = travel.roads(session) if by == KM else travel.travel_times(session, by)
    homes = [found.homes.get(one.location_id or "") for one in offers]
    roads = known_roads(homes, codes, found.known)
    if by == KM:
        lengths = on_the_road(km, homes, codes, found.known)
    elif by == "car":
        lengths = np.where(np.isnan(roads), km / DRIVE_KMH * 60, roads)
    else:
        lengths = roads  # by bus or on foot it is no multiple of the straight line
    return lengths, np.isnan(roads) & ~np.isnan(lengths)


def _as_served(ways: Floats, offers: Sequence[Offer], areas: Sequence[Area], service_type: str) -> Floats:
    """Return the ways with none where help comes to people, and no way where an area is not served."""
    found = ways.copy()
    for row, offer in enumerate(offers):
        if offer.serves is not None:
            served = np.array([area.code in offer.serves for area in areas], dtype=bool)
            found[row, ~served] = np.inf
            if needs_no_way(offer, service_type):
                found[row, served] = 0.0
        elif offer.remote:
            found[row] = np.nan
    return found


def _offered(ways: Floats, offers: Sequence[Offer]) -> Floats:
    """Return the ways to what is offered at present; there is none to what is closed."""
    offered = np.array([one.status in OPEN for one in offers], dtype=bool)
    return np.where(offered[:, None], ways, np.inf)


def _kinds(
    settings: Settings, packages: Mapping[str, Document], offers: Sequence[Offer], service_type: str
) -> tuple[list[Flags], dict[str, int]]:
    """Return which offers are shut to each kind of client, and the kind of each package.

    What nobody knows shuts nobody out: people have to ask. Where no package needs this help there is one
    kind of client, to whom only closed services are shut.
    """
    day = now().astimezone(settings.zone()).date()
    shut: dict[tuple[bool, ...], int] = {}
    kind = {}
    for code, document in packages.items():
        line = next(one for one in _needed_lines(document) if one.service_type == service_type)
        profile = profile_of(document, max_km=settings.max_km, circuity=settings.circuity, day=day)
        kind[code] = shut.setdefault(tuple(_shut(one, profile, line) for one in offers), len(shut))
    if not packages:
        shut[tuple(one.status not in OPEN for one in offers)] = 0
    return [np.array(one, dtype=bool) for one in shut], kind


def _shut(offer: Offer, profile: Profile, line: Line) -> bool:
    wish = cast(Duration, line.duration) if line.duration else None
    verdicts = judge(offer, replace(profile.typical, duration=wish), line.service_type)
    return any(one.outcome == "fail" for name, one in verdicts.items() if name not in NOWHERE)


def _of_services(ways: Floats, owner: NDArray[np.intp], services: int) -> Floats:
    """Return the shortest way to each service; unknown where it may be nearer than all that is known."""
    found = np.full((services, ways.shape[1]), np.inf)
    np.minimum.at(found, owner, np.where(np.isnan(ways), np.inf, ways))
    blank = np.zeros(found.shape, dtype=bool)
    np.logical_or.at(blank, owner, np.isnan(ways))
    found[blank & np.isinf(found)] = np.nan
    return found


def _straight(ways: Floats, straight: Flags, owner: NDArray[np.intp], services: int) -> Flags:
    """Return where the shortest way to a service is a straight line made longer."""
    shortest = _of_services(ways, owner, services)
    found = np.zeros(shortest.shape, dtype=bool)
    np.logical_or.at(found, owner, straight & (ways == shortest[owner]) & (ways > 0))
    return found


def _sparse(cost: Floats, within: float) -> csr_array:
    """Return the pairs that are in reach or of which nobody knows."""
    rows, columns = np.nonzero(~(cost > within))
    return csr_array((cost[rows, columns], (rows, columns)), shape=cost.shape)
