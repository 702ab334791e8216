"""Providers that must report a change within some days, and have not: the duty clock.

A duty is a number of days that an organization has agreed to (``duty_days``). It is overdue where a call
found a change that it should have told by itself, where a day came on which its record had to change (a
notice or a closure ended, a vacancy ran out) and nobody has confirmed it since, and where its last
confirmation is older than its rhythm by more than the days of its duty.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Service, Vacancy
from netmap.freshness.age import rhythm
from netmap.freshness.models import Call, stands

TOLD_LATE_DAYS = 90  # a change that was told late is listed for so long


@dataclass(frozen=True, slots=True)
class Overdue:
    """Why an organization is overdue: ``what`` happened on ``since``, and it is ``late`` days over its duty.

    ``what`` is "late" (a call found what had not been told), "ended" (a notice or a closure ended), "vacancy"
    (a vacancy ran out) or "unconfirmed"; ``about`` names the service or vacancy.
    """

    organization_id: str
    name: str
    email: str | None
    duty_days: int
    what: str
    about: str
    since: date
    late: int


def overdue(session: Session, today: date, stale_days: int, *, zone: tzinfo = UTC) -> list[Overdue]:
    """Return what is overdue, the longest first; of one organization each reason once."""
    query = select(Organization).where(Organization.duty_days.is_not(None), Organization.closed_on.is_(None))
    bound = {row.id: row for row in session.scalars(query.order_by(Organization.id))}
    if not bound:
        return []
    ids = list(bound)
    found: dict[tuple[str, str], Overdue] = {}

    def add(organization_id: str, what: str, about: str, since: date, last_day: date) -> None:
        one = bound[organization_id]
        late = (last_day - since).days - (one.duty_days or 0)
        known = found.get((one.id, what))
        if late > 0 and (known is None or late > known.late):
            found[one.id, what] = Overdue(
                one.id, one.name, one.email, one.duty_days or 0, what, about, since, late
            )

    for service in session.scalars(
        select(Service)
        .where(Service.organization_id.in_(ids), Service.removed_in_source.is_(None))
        .where(Service.status != "defunct")
        .order_by(Service.id)
    ):
        owner = bound[service.organization_id or ""]
        checked, ended = service.assured_date, service.alert_until
        if ended is not None and ended < today and (checked is None or checked <= ended):
            add(owner.id, "ended", service.name, ended, today)
        every = rhythm(service.review_days, owner.review_days, stale_days)
        if checked is not None:
            add(owner.id, "unconfirmed", service.name, checked + timedelta(days=every), today)
    ran_out = (Vacancy.valid_to < today) & Vacancy.removed_in_source.is_(None)
    for vacancy in session.scalars(
        select(Vacancy).where(Vacancy.organization_id.in_(ids), ran_out).order_by(Vacancy.id)
    ):
        if vacancy.valid_to and vacancy.organization_id:
            add(vacancy.organization_id, "vacancy", vacancy.title, vacancy.valid_to, today)
    for call in _told_late(session, ids, today):
        add(call.organization_id or "", "late", "", call.changed_on or today, call.at.astimezone(zone).date())
    return sorted(found.values(), key=lambda one: (-one.late, one.name, one.what))


def _told_late(session: Session, ids: list[str], today: date) -> list[Call]:
    since = datetime.combine(today - timedelta(days=TOLD_LATE_DAYS), time(), UTC)
    query = select(Call).where(
        Call.organization_id.in_(ids),
        Call.outcome.in_(("changed", "closed")),
        Call.changed_on.is_not(None),
        stands(),
        Call.at >= since,
    )
    return list(session.scalars(query.order_by(Call.at, Call.id)))


def by_organization(rows: list[Overdue]) -> list[list[Overdue]]:
    """Return the reasons of each organization together, in the order of the first of each."""
    found: dict[str, list[Overdue]] = defaultdict(list)
    for one in rows:
        found[one.organization_id].append(one)
    return list(found.values())
