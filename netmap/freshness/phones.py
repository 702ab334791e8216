"""Under which numbers a desk is reached, and which of them are doubtful."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from netmap.directory.models import Phone, Service, ServiceAtLocation
from netmap.freshness.models import Call, DoubtfulPhone


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number of a desk; ``doubtful`` says that somebody else answered under it."""

    phone_id: str
    number: str
    doubtful: bool


def marked() -> ColumnElement[bool]:
    """Return the condition that a telephone is doubtful: the number that was rung still stands there."""
    rung = select(Call.number).where(Call.id == DoubtfulPhone.call_id).scalar_subquery()
    mended = func.instr(rung, Phone.number) != 1  # an extension may follow the number
    return and_(DoubtfulPhone.phone_id == Phone.id, or_(rung.is_(None), ~mended))


def doubtful(session: Session, phones: Iterable[Phone]) -> frozenset[str]:
    """Return the ids of those telephone numbers under which somebody else answered."""
    ids = [one.id for one in phones]
    query = select(Phone.id).join(DoubtfulPhone, marked()).where(Phone.id.in_(ids))
    return frozenset(session.scalars(query)) if ids else frozenset()


def phones_of(
    session: Session, desks: Sequence[str], services: Sequence[str]
) -> dict[str, tuple[Number, ...]]:
    """Return the numbers of desks: those of the organization first, then of its services and their places."""
    owner = {
        row.id: row.organization_id or row.id
        for row in session.execute(
            select(Service.id, Service.organization_id).where(Service.id.in_(services))
        )
    }
    at = ServiceAtLocation
    there = session.execute(
        select(at.id, at.location_id, at.service_id).where(
            at.service_id.in_(services), at.removed_in_source.is_(None)
        )
    ).all()
    by_place = {row.id: owner[row.service_id] for row in there}
    by_location = {row.location_id: owner[row.service_id] for row in there}
    query = (
        select(Phone, DoubtfulPhone.phone_id.is_not(None))
        .outerjoin(DoubtfulPhone, marked())
        .where(
            Phone.removed_in_source.is_(None),
            or_(
                Phone.organization_id.in_(desks),
                Phone.service_id.in_(services),
                Phone.service_at_location_id.in_(by_place),
                Phone.location_id.in_(by_location),
            ),
        )
        .order_by(Phone.organization_id.is_(None), Phone.service_id.is_(None), Phone.id)
    )
    found: dict[str, dict[str, Number]] = defaultdict(dict)
    for phone, doubtful in session.execute(query):
        desk = (
            (phone.organization_id if phone.organization_id in desks else None)
            or owner.get(phone.service_id)
            or by_place.get(phone.service_at_location_id)
            or by_location[phone.location_id]
        )
        number = phone.number + (f" ({phone.extension})" if phone.extension else "")
        found[desk].setdefault(number, Number(phone.id, number, bool(doubtful)))
    return {desk: tuple(numbers.values()) for desk, numbers in found.items()}
