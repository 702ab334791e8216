"""The SELECTs of upkeep: all services as columns for the queue, and what is known of calls."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Date, String, bindparam, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Schedule, Service, ServiceAtLocation
from netmap.freshness.harm import WEIGHTS, Flags, Numbers, Reals, Records, week_shares
from netmap.freshness.models import REACHED, Call, ServiceUse, stands
from netmap.freshness.reports import open_by_service
from netmap.freshness.uses import monday

# Tables, not classes: rows of a hundred thousand services need nothing of what classes would add.
_USE: Any = ServiceUse.__table__
_ROW: Any = Schedule.__table__
_AT: Any = ServiceAtLocation.__table__
AGAIN_DAYS = 14  # a call that nobody answered says something for so long


@dataclass(frozen=True, slots=True)
class Told:
    """What calls have told of a desk: how many reached it and found a change, and how the last one ended."""

    reached: int = 0
    changed: int = 0
    last: str = ""
    at: datetime | None = None
    again_at: datetime | None = None
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """All services that may be rung, in the order of their ids, and the desk of each by its number."""

    ids: list[str]
    desks: list[str]
    desk: Numbers
    records: Records


def columns(session: Session, today: date, stale_days: int, told: Mapping[str, Told]) -> Columns:
    """Return the services that are still listed, as columns.

    Parameters
    ----------
    session : Session
    today : date
    stale_days : int
        The rhythm where neither the service nor its organization has one.
    told : mapping
        Desk -> what calls told, from `calls_by_desk`.
    """
    own_rhythms = dict(_rhythms(session))
    # One flat list, cut into columns: a hundred thousand rows as objects would cost more than the sums.
    flat: list[Any] = list(chain.from_iterable(session.connection().execute(_SERVICES, {"today": today})))
    ids, organizations, days, reviews, statuses, notices = (flat[place::6] for place in range(6))
    desks = [organization or one for organization, one in zip(organizations, ids, strict=True)]
    numbers: dict[str, int] = {}
    desk = np.array([numbers.setdefault(one, len(numbers)) for one in desks], dtype=np.int64)
    rhythm = np.array(
        [own or own_rhythms.get(one, stale_days) for own, one in zip(reviews, desks, strict=True)],
        dtype=np.float64,
    )
    names = list(numbers)
    calls = [told.get(name, Told()) for name in names]
    notice = _days_since(notices, today)
    paused = np.array([status == "temporarily closed" for status in statuses], dtype=np.bool_)
    over, shut_over, unread = _hours(session, today)
    last = np.array([one.last if _is_lately(one, today) else "" for one in calls], dtype=np.str_)
    here = _here(ids)
    records = Records(
        days=np.maximum(_days_since(days, today), 0),
        rhythm=np.maximum(rhythm, 1),
        use=_use(session, ids, today),
        signs={
            "reported": here(open_by_service(session)),
            "closure_over": paused & (here(shut_over) | (notice > 0)),
            "wrong_number": (last == "wrong_number")[desk],
            "notice_over": ~paused & (notice > 0),
            "hours_over": here(over),
            "no_answer": (last == "no_answer")[desk],
            "hours_unread": here(unread),
        },
        calls=np.array([one.reached for one in calls], dtype=np.float64)[desk],
        changes=np.array([one.changed for one in calls], dtype=np.float64)[desk],
    )
    return Columns(ids, names, desk, records)


def _rhythms(session: Session) -> Any:
    query = select(Organization.id, Organization.review_days)
    return session.execute(query.where(Organization.review_days.is_not(None))).all()


# Days come as text, ISO 8601: a hundred thousand date objects would cost more than all the rest.
_TABLE: Any = Service.__table__
# Nobody answers for an organization that has closed; its services are closed with it.
_GONE = select(Organization.id).where(Organization.closed_on <= bindparam("today", type_=Date()))
_SERVICES = (
    select(
        _TABLE.c.id,
        _TABLE.c.organization_id,
        type_coerce(_TABLE.c.assured_date, String),
        _TABLE.c.review_days,
        _TABLE.c.status,
        type_coerce(_TABLE.c.alert_until, String),
    )
    .where(_TABLE.c.removed_in_source.is_(None), _TABLE.c.status != "defunct")
    .where(or_(_TABLE.c.organization_id.is_(None), _TABLE.c.organization_id.not_in(_GONE)))
    .order_by(_TABLE.c.id)
)


def _days_since(texts: list[str | None], today: date) -> Reals:
    """Return the days from each day to today, NaN where there is none."""
    known = np.array([text or "NaT" for text in texts], dtype="datetime64[D]")
    ages = (np.datetime64(today, "D") - known).astype("timedelta64[D]")
    return np.where(np.isnat(ages), np.nan, ages.astype(np.float64))


def _here(ids: list[str]) -> Any:
    """Return a function from some services to which of these they are."""
    place = {one: number for number, one in enumerate(ids)}

    def flags(some: Collection[str]) -> Flags:
        found = np.zeros(len(ids), dtype=np.bool_)
        found[[place[one] for one in some if one in place]] = True
        return found

    return flags


def _use(session: Session, ids: list[str], today: date) -> Reals:
    """Return the people a week who act on each service; the database adds up, for it has most rows."""
    running = monday(today)
    weeks = {running - timedelta(weeks=ago): share for ago, share in enumerate(week_shares())}
    acting = sum(getattr(_USE.c, kind) * weight for kind, weight in WEIGHTS.items())
    share = case(weeks, value=_USE.c.week, else_=0.0)
    query = select(_USE.c.service_id, func.sum(acting * share)).where(_USE.c.week.in_(weeks))
    flat = list(chain.from_iterable(session.connection().execute(query.group_by(_USE.c.service_id))))
    found: dict[str, float] = dict(zip(flat[::2], flat[1::2], strict=True))
    return np.array([found.get(one, 0.0) for one in ids], dtype=np.float64)


def _hours(session: Session, today: date) -> tuple[set[str], set[str], set[str]]:
    """Return the services whose hours are over, whose days of closing are over, and whose hours are words."""
    connection = session.connection()
    owner = func.coalesce(_ROW.c.service_id, _AT.c.service_id)
    last = func.coalesce(_ROW.c.valid_to, _ROW.c.until)
    rows = _ROW.outerjoin(_AT, _ROW.c.service_at_location_id == _AT.c.id)
    living = select(owner, _ROW.c.closed).select_from(rows).where(_ROW.c.removed_in_source.is_(None))
    living = living.where(owner.is_not(None)).distinct()
    over = living.where(last < today)
    lasting = living.where(or_(last.is_(None), last >= today))
    named = over.with_only_columns(owner)
    ended = {tuple(row) for row in connection.execute(over)}
    ended -= {tuple(row) for row in connection.execute(lasting.where(owner.in_(named)))}
    unread = connection.execute(living.where(_ROW.c.unread.is_not(None), _ROW.c.closed.is_(False)))
    return (
        {service for service, closed in ended if not closed},
        {service for service, closed in ended if closed},
        {service for service, _closed in unread},
    )


def calls_by_desk(session: Session, zone: tzinfo) -> dict[str, Told]:
    """Return what calls that stand told of each desk, with days in the time zone of the office."""
    query = select(Call.desk, Call.outcome, Call.at, Call.again_at).where(stands())
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query.order_by(Call.at, Call.id)):
        found[row.desk].append(row)
    return {
        desk: Told(
            reached=sum(row.outcome in REACHED for row in rows),
            changed=sum(row.outcome in ("changed", "closed") for row in rows),
            last=rows[-1].outcome,
            at=rows[-1].at,
            again_at=rows[-1].again_at,
            reached_on=_day(rows[-1].at, zone) if rows[-1].outcome in REACHED else None,
        )
        for desk, rows in found.items()
    }


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def _is_lately(told: Told, today: date) -> bool:
    """Return whether the last call to a desk still says something; a wrong number does until it is mended."""
    if told.last == "wrong_number":
        return True
    return told.at is not None and (today - told.at.date()).days <= AGAIN_DAYS
