"""The list of services whose types wait for a person, and how far the work has come."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload

from netmap.directory.models import Service, ServiceTypeLink

STATES = ("suggested", "none", "confirmed", "rejected")


@dataclass(frozen=True)
class Waiting:
    """One page of services and how many there are in all."""

    services: tuple[Service, ...]
    total: int


@dataclass(frozen=True)
class Progress:
    """How many services have a confirmed type, of all."""

    confirmed: int
    services: int


def waiting(
    session: Session, *, state: str = "suggested", code: str | None = None, limit: int = 10, offset: int = 0
) -> Waiting:
    """Return the services with a type in this state, those with the surest type first, then by name.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    state : str
        "suggested", "confirmed" or "rejected"; "none": neither suggested nor confirmed.
    code : str, optional
        Only services where this very type is in that state.
    limit, offset : int
        Which part of the list.
    """
    found = _untyped() if state == "none" else _in_state(state, code)
    total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    page = session.scalars(
        found.limit(limit)
        .offset(offset)
        .options(selectinload(Service.types), selectinload(Service.organization))
    )
    return Waiting(tuple(page), total)


def progress(session: Session) -> Progress:
    """Return how far the work has come, over the services that are still in their source."""
    services = session.scalar(select(func.count()).select_from(Service).where(_living())) or 0
    typed = select(ServiceTypeLink.service_id).where(ServiceTypeLink.state == "confirmed")
    confirmed = session.scalar(
        select(func.count()).select_from(Service).where(_living(), Service.id.in_(typed))
    )
    return Progress(confirmed or 0, services)


def _living() -> ColumnElement[bool]:
    return Service.removed_in_source.is_(None)


def _in_state(state: str, code: str | None) -> Select[Service]:
    in_state = select(ServiceTypeLink.service_id).where(ServiceTypeLink.state == state)
    surest = select(ServiceTypeLink.service_id, func.max(ServiceTypeLink.confidence).label("best"))
    if code is not None:
        in_state = in_state.where(ServiceTypeLink.code == code)
        surest = surest.where(ServiceTypeLink.code == code)
    best = surest.group_by(ServiceTypeLink.service_id).subquery()  # of any state: a decision moves no card
    order = (func.coalesce(best.c.best, 0.0).desc(), Service.name, Service.id)
    found = select(Service).join(best, best.c.service_id == Service.id)
    return found.where(_living(), Service.id.in_(in_state)).order_by(*order)


def _untyped() -> Select[Service]:
    typed = select(ServiceTypeLink.service_id).where(ServiceTypeLink.state.in_(("suggested", "confirmed")))
    return select(Service).where(_living(), Service.id.not_in(typed)).order_by(Service.name, Service.id)
