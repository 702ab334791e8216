"""Every SELECT of the network room."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.directory.models import Area, Organization, Service
from netmap.network.models import Demand, UnmetNeed


def areas(session: Session) -> list[Area]:
    """Return every area by its code."""
    return list(session.scalars(select(Area).order_by(Area.code)))


def area_codes(session: Session) -> list[str]:
    """Return the code of every area."""
    return list(session.scalars(select(Area.code).order_by(Area.code)))


def demand_rows(session: Session) -> list[Demand]:
    """Return every demand figure, by area and package."""
    return list(session.scalars(select(Demand).order_by(Demand.area_code, Demand.package_code)))


def unmet_counts(session: Session) -> list[tuple[str | None, str | None, str | None, int]]:
    """Return need, service type, area and how often it was recorded."""
    columns = (UnmetNeed.need_code, UnmetNeed.service_type, UnmetNeed.area_code)
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    return [(need, kind, area, count) for need, kind, area, count in session.execute(query)]


def organization_names(session: Session) -> dict[str, str]:
    """Return the name of every organization by its id."""
    return dict(session.execute(select(Organization.id, Organization.name)).all())


def service_names(session: Session) -> dict[str, str]:
    """Return the name of every service by its id."""
    return dict(session.execute(select(Service.id, Service.name)).all())
