"""Every SELECT of the network room."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from netmap.directory.models import (
    Area,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.freshness.reports import NO_MISTAKE, TURNED_AWAY, MistakeReport
from netmap.network.models import Demand, UnmetNeed
from netmap.packages.models import Package


class UnmetRow(NamedTuple):
    """How often it was recorded that nobody was found for a need or a service type in an area."""

    need: str | None
    service_type: str | None
    area: str | None
    times: int
    last: date


def areas(session: Session) -> list[Area]:
    """Return every area by its code."""
    return list(session.scalars(select(Area).order_by(Area.code)))


def area_codes(session: Session) -> list[str]:
    """Return the code of every area."""
    return list(session.scalars(select(Area.code).order_by(Area.code)))


def located_places(session: Session) -> dict[str, int]:
    """Return how many places with a point lie in each area."""
    query = (
        select(Location.area_code, func.count())
        .where(
            Location.area_code.is_not(None), Location.latitude.is_not(None), Location.longitude.is_not(None)
        )
        .where(Location.removed_in_source.is_(None))
        .group_by(Location.area_code)
    )
    return {str(area): count for area, count in session.execute(query)}


def untyped_services(session: Session) -> tuple[int, int]:
    """Return how many services that may be offered have no confirmed type, and how many there are.

    Where a person has rejected every suggestion, the types are decided.
    """

    def has(state: str) -> ColumnElement[bool]:
        return exists().where(ServiceTypeLink.service_id == Service.id, ServiceTypeLink.state == state)

    living = (Service.removed_in_source.is_(None), Service.status.in_(("active", "unknown")))
    count = select(func.count()).select_from(Service).where(*living)
    untyped = count.where(~has("confirmed"), or_(has("suggested"), ~has("rejected")))
    return session.scalar(untyped) or 0, session.scalar(count) or 0


def packages_in_use(session: Session) -> tuple[tuple[str, int], ...]:
    """Return the code and the version number of every package in use, by code."""
    query = select(Package.code, Package.current).where(Package.retired.is_(False)).order_by(Package.code)
    return tuple((code, number) for code, number in session.execute(query))


def demand_rows(session: Session) -> list[Demand]:
    """Return every demand figure, by area and package."""
    return list(session.scalars(select(Demand).order_by(Demand.area_code, Demand.package_code)))


def unmet_counts(session: Session) -> list[tuple[str | None, str | None, str | None, int]]:
    """Return need, service type, area and how often it was recorded."""
    columns = (UnmetNeed.need_code, UnmetNeed.service_type, UnmetNeed.area_code)
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    return [(need, kind, area, count) for need, kind, area, count in session.execute(query)]


def unmet_by_place(session: Session) -> list[UnmetRow]:
    """Return how often each need or type was recorded in each area, and when last."""
    columns = (UnmetNeed.need_code, UnmetNeed.service_type, UnmetNeed.area_code)
    number, last = func.count(), func.max(UnmetNeed.recorded_on)
    query = select(*columns, number, last).group_by(*columns).order_by(*columns)
    return [UnmetRow(*row) for row in session.execute(query)]


def unmet_by_language(session: Session) -> list[tuple[str | None, int]]:
    """Return how often each language was recorded with an unmet need; first where none was."""
    return _unmet_by(session, UnmetNeed.language)


def unmet_by_part_of_day(session: Session) -> list[tuple[str | None, int]]:
    """Return how often help was wanted in each part of the day; first where nobody said."""
    return _unmet_by(session, UnmetNeed.part_of_day)


def _unmet_by(session: Session, column: InstrumentedAttribute[str | None]) -> list[tuple[str | None, int]]:
    number = func.count()
    query = select(column, number).group_by(column).order_by(column.is_not(None), column)
    return [(code, count) for code, count in session.execute(query)]


def organization_names(session: Session) -> dict[str, str]:
    """Return the name of every organization by its id."""
    return dict(session.execute(select(Organization.id, Organization.name)).all())


def service_names(session: Session) -> dict[str, str]:
    """Return the name of every service by its id."""
    return dict(session.execute(select(Service.id, Service.name)).all())


def unmet_since(session: Session, since: date) -> list[tuple[str | None, str | None, str | None, date]]:
    """Return need, service type, area and day of each recorded unmet need after a day."""
    columns = (UnmetNeed.need_code, UnmetNeed.service_type, UnmetNeed.area_code, UnmetNeed.recorded_on)
    query = select(*columns).where(UnmetNeed.recorded_on > since)
    query = query.order_by(UnmetNeed.recorded_on, UnmetNeed.id)
    return [(need, kind, area, day) for need, kind, area, day in session.execute(query)]


def turned_away_since(session: Session, since: date) -> list[tuple[str, str, str | None, date]]:
    """Return service, reason, reporter and day of each report that somebody was turned away.

    Reports that were found to be no mistake of the record say nothing against the directory.
    """
    columns = (MistakeReport.service_id, MistakeReport.reason, MistakeReport.by, MistakeReport.at)
    query = select(*columns).order_by(MistakeReport.at, MistakeReport.id)
    query = query.where(MistakeReport.reason.in_(TURNED_AWAY), MistakeReport.state != NO_MISTAKE)
    rows = [(service, reason, by, at.date()) for service, reason, by, at in session.execute(query)]
    return [row for row in rows if row[3] > since]


def confirmed_types(session: Session) -> dict[str, set[str]]:
    """Return the confirmed types of every service that has one."""
    query = select(ServiceTypeLink.service_id, ServiceTypeLink.code)
    found: dict[str, set[str]] = {}
    for service, code in session.execute(query.where(ServiceTypeLink.state == "confirmed")):
        found.setdefault(service, set()).add(code)
    return found


def service_areas(session: Session) -> dict[str, set[str]]:
    """Return the areas in which the places of each service lie."""
    query = (
        select(ServiceAtLocation.service_id, Location.area_code)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(Location.area_code.is_not(None))
    )
    found: dict[str, set[str]] = {}
    for service, area in session.execute(query):
        found.setdefault(service, set()).add(str(area))
    return found


def owners(session: Session) -> dict[str, str | None]:
    """Return the organization of every service that is still in its source, by the id of the service."""
    query = select(Service.id, Service.organization_id).where(Service.removed_in_source.is_(None))
    return dict(session.execute(query).all())
