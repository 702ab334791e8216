"""The SELECTs behind the offers: for all services, or for some."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Result, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from netmap.directory import hours
from netmap.directory.models import (
    Accessibility,
    CostOption,
    EligibilityRule,
    Language,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
)
from netmap.directory.points import POINT, with_point

Key = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


class Scope:
    """Which services are read: all, or some."""

    def __init__(self, services: Collection[str] | None = None) -> None:
        self._some = services is not None
        self._values = {"services": sorted(services)} if services is not None else {}

    def rows(
        self, session: Session, build: Callable[["Scope"], Select[*tuple[Any, ...]]], **values: object
    ) -> Result[*tuple[Any, ...]]:
        """Return the rows of a SELECT.

        Putting a SELECT together takes longer than the database needs for one service, so each is built once:
        ``build`` is a function of the module, and what differs from call to call stands in ``values``.
        """
        return session.execute(_built(build, self._some), {**self._values, **values})

    def of(
        self, service: Key | None, place: Key | None = None, location: Key | None = None
    ) -> ColumnElement[bool]:
        """Return the condition on a row that belongs to a service, one of its places or a location."""
        if not self._some:
            return true()
        ids: BindParameter[Any] = bindparam("services", expanding=True)
        mine = ServiceAtLocation.service_id.in_(ids)
        conditions = [] if service is None else [service.in_(ids)]
        if place is not None:
            conditions.append(place.in_(select(ServiceAtLocation.id).where(mine)))
        if location is not None:
            conditions.append(location.in_(select(ServiceAtLocation.location_id).where(mine)))
        return or_(*conditions)


@cache
def _built(build: Callable[[Scope], Select[*tuple[Any, ...]]], some: bool) -> Select[*tuple[Any, ...]]:
    return build(Scope(() if some else None))


_SERVICE = (
    "id", "organization_id", "name", "description", "status", "interpretation_services",
    "fees_description", "wait_time", "eligibility_description", "minimum_age", "maximum_age", "assured_date",
    "duration",
)  # fmt: skip


def services(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of services."""
    rhythm = func.coalesce(Service.review_days, Organization.review_days).label("review_days")
    query = select(
        *(getattr(Service, name) for name in _SERVICE), Organization.closed_on.label("closed_on"), rhythm
    )
    query = query.outerjoin(Organization, Service.organization_id == Organization.id)
    return query.where(Service.removed_in_source.is_(None), scope.of(Service.id)).order_by(Service.id)


def places(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of places of services."""
    row = ServiceAtLocation
    query = select(row.id, row.service_id, row.location_id, Location.location_type, *POINT)
    query = query.join(Location, row.location_id == Location.id)
    query = query.where(row.removed_in_source.is_(None), Location.removed_in_source.is_(None))
    return with_point(query.where(scope.of(row.service_id))).order_by(row.id)


def types(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of types of services."""
    row = ServiceTypeLink
    query = select(row.service_id, row.code, row.state, row.confidence).order_by(row.code)
    return query.where(row.state.in_(("confirmed", "suggested")), scope.of(row.service_id))


def rules(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of whom services take."""
    row = EligibilityRule
    return select(row.service_id, row.code, row.effect).where(scope.of(row.service_id))


def fees(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of prices."""
    row = CostOption
    columns = row.service_id, row.amount, row.amount_description, row.option, row.valid_from, row.valid_to
    query = select(*columns).where(row.removed_in_source.is_(None), scope.of(row.service_id))
    return query.order_by(row.id)


def capacity(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of free places and waiting, the newest last."""
    row = ServiceCapacity
    query = select(row.service_id, row.available, row.wait_days, row.updated)
    query = query.where(row.removed_in_source.is_(None), scope.of(row.service_id))
    return query.order_by(row.updated.asc().nulls_first(), row.id)


def accessibility(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of what is written of how places can be used."""
    row = Accessibility
    query = select(row.location_id, row.description, row.details).order_by(row.id)
    return query.where(row.removed_in_source.is_(None), scope.of(None, location=row.location_id))


def languages(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of languages of services and locations."""
    row = Language
    query = select(row.service_id, row.location_id, row.code, row.name)
    return query.where(row.removed_in_source.is_(None), scope.of(row.service_id, location=row.location_id))


def schedules(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of opening hours."""
    row = Schedule
    owners = row.service_at_location_id, row.service_id, row.location_id
    query = select(*owners, *(getattr(row, name) for name in hours.COLUMNS)).order_by(row.id)
    mine = scope.of(row.service_id, row.service_at_location_id, row.location_id)
    return query.where(row.removed_in_source.is_(None), mine)


def areas(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of areas that are served."""
    row = ServiceArea
    query = select(row.service_id, row.service_at_location_id, row.area_code)
    mine = scope.of(row.service_id, row.service_at_location_id)
    return query.where(row.removed_in_source.is_(None), mine)
