"""Every territory with what it has, read once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from netmap.colleagues.models import SettlementContact
from netmap.config import Settings
from netmap.db import now
from netmap.directory.closing import status_of
from netmap.directory.models import Area
from netmap.directory.offers import area_insides
from netmap.directory.queries import area_name
from netmap.i18n import language
from netmap.network import queries
from netmap.network.planning import planning_areas
from netmap.network.reach.loading import needed_types
from netmap.network.territories import queries as rows
from netmap.network.territories.checklist import Territory, kind_of
from netmap.network.territories.queries import ServiceRow
from netmap.vocabulary.terms import vocabulary

Services = Mapping[tuple[str, str], list[tuple[str, str]]]  # (area, kind) -> (id, name)


def load(
    session: Session, settings: Settings
) -> tuple[dict[str, Territory], dict[str, str], tuple[str, ...]]:
    """Return every territory by code, the names of areas, and the kinds of services that packages need."""
    areas = {row.code: row for row in queries.areas(session)}
    codes = planning_areas(areas.values(), queries.located_places(session)).points.keys()
    kinds = tuple(sorted(needed_types(session)))
    today = now().astimezone(settings.zone()).date()
    here, ask = _sorted_out(rows.services_there(session), today)
    far, far_ask = _sorted_out(rows.services_for(session), today)
    inside = area_insides(session)
    served, served_ask = _spread(far, inside), _spread(far_ask, inside)
    sought = _sought(session)
    there: dict[str, set[str]] = defaultdict(set)
    for area, organization in rows.organizations_there(session, today):
        there[area].add(organization)
    partners, bound = rows.partners(session, today), rows.bound(session, today)
    called, knowing = _by_area(rows.contacts(session)), _pairs(rows.knowing(session))
    found = {}
    for code in codes:
        organizations = frozenset(there[code])
        found[code] = Territory(
            code=code,
            population=areas[code].population,
            contacts=tuple((one.name, one.role, one.phone) for one in called.get(code, ())),
            staff=tuple(knowing.get(code, ())),
            kinds={
                kind: kind_of(
                    kind,
                    here.get((code, kind), []),
                    served.get((code, kind), []),
                    [*ask.get((code, kind), []), *served_ask.get((code, kind), [])],
                    *sought.get((code, kind), ((), None)),
                )
                for kind in kinds
            },
            organizations=organizations,
            partners=organizations & partners,
            bound=organizations & bound,
        )
    return found, _names(areas), kinds


def _names(areas: Mapping[str, Area]) -> dict[str, str]:
    return {code: area_name(row, language()) for code, row in areas.items()}


def _sorted_out(found: Iterable[ServiceRow], today: date) -> tuple[Services, Services]:
    """Return the services that are surely of a kind and offered, and those of which somebody has to ask."""
    sure: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    ask: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in found:
        status = status_of(row.status, row.closed_on, today)
        if status in ("active", "unknown"):
            firm = row.state == "confirmed" and status == "active"
            (sure if firm else ask)[row.area, row.kind].append((row.service, row.name))
    return sure, ask


def _spread(found: Services, inside: Callable[[str], frozenset[str]]) -> Services:
    """Return the same for every area inside those that are served."""
    spread: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for (area, kind), services in found.items():
        for one in inside(area):
            spread[one, kind] += [service for service in services if service not in spread[one, kind]]
    return spread


def _sought(session: Session) -> dict[tuple[str, str], tuple[tuple[int, ...], date | None]]:
    """Return how often nobody was found for each kind in each area, and when last.

    A record of a need counts for the kind of service that usually helps with it.
    """
    found: dict[tuple[str, str], tuple[tuple[int, ...], date | None]] = {}
    for row in queries.unmet_by_place(session):
        need = vocabulary().needs.get(row.need or "")
        kind = row.service_type or (need.service_types[0] if need and need.service_types else None)
        if row.area and kind:
            times, last = found.get((row.area, kind), ((), row.last))
            found[row.area, kind] = (*times, row.times), max(last or row.last, row.last)
    return found


def _by_area(contacts: Iterable[SettlementContact]) -> dict[str, list[SettlementContact]]:
    found: dict[str, list[SettlementContact]] = defaultdict(list)
    for one in contacts:
        found[one.area_code].append(one)
    return found


def _pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for area, one in pairs:
        found[area].append(one)
    return found
