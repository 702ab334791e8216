"""How true the directory is: what a person confirmed within its rhythm, and what calls found right.

The first says how well the office looks after its records. The second is measured truth: of the records that
calls put to the test, those that were right as they stood. It is about the records that were called, which
the queue chooses by harm, so it is rather darker than the directory as a whole.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, delete, func, select
from sqlalchemy.orm import Session

from netmap.directory.models import (
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.freshness.age import age_of, rhythm
from netmap.freshness.models import Call, CalledRecord, DoubtfulPhone, TruthSnapshot, stands
from netmap.freshness.phones import marked
from netmap.shares import Share

MEASURED_DAYS = 90  # calls of so many days count as what was measured on a day
PARTS_DAYS = 400  # snapshots of areas, types and sources are kept so long, those of all for good
PARTS = ("area", "type", "source")


@dataclass(frozen=True, slots=True)
class Truth:
    """How true a part of the directory is; ``code`` "" is what has no area, type or source."""

    part: str
    code: str
    services: int
    within: int
    never: int
    doubtful: int
    closed: int
    called: int
    as_recorded: int

    @property
    def share(self) -> Share:
        """The share that a person confirmed within its rhythm."""
        return Share(self.within, self.services)

    @property
    def measured(self) -> Share:
        """Of the records put to the test, the share that was right as it stood."""
        return Share(self.as_recorded, self.called)


def truths(session: Session, today: date, stale_days: int) -> list[Truth]:
    """Return the truth of the whole directory, then by area, type and source; the largest parts first."""
    codes = _codes_by_service(session)
    doubtful, found = _doubtful(session), _found(session, today)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    counts["all", ""] = Counter()
    for row in session.execute(_services()):
        signs = [
            *(["closed"] if row.status == "defunct" else _ages(row, today, stale_days)),
            *(["doubtful"] if row.id in doubtful or row.organization_id in doubtful else []),
        ]
        tested = found.get(row.id, (0, 0))
        parts = [("all", ""), ("source", row.source_id or "")]
        parts += [(part, code) for part in ("area", "type") for code in codes[part].get(row.id, ("",))]
        for part in parts:
            count = counts[part]
            count.update(signs)
            count["called"] += tested[0]
            count["as_recorded"] += tested[1]
    rows = [_truth(part, code, count) for (part, code), count in counts.items()]
    return sorted(rows, key=lambda row: (("all", *PARTS).index(row.part), -row.services, row.code))


def _services() -> Select[*tuple[Any, ...]]:
    query = select(
        Service.id,
        Service.organization_id,
        Service.status,
        Service.source_id,
        Service.assured_date,
        Service.review_days,
        Organization.review_days.label("of_organization"),
    ).outerjoin(Organization, Service.organization_id == Organization.id)
    return query.where(Service.removed_in_source.is_(None)).order_by(Service.id)


def _ages(row: Row[Any], today: date, stale_days: int) -> list[str]:
    every = rhythm(row.review_days, row.of_organization, stale_days)
    age = age_of(row.assured_date, every, today)
    return ["services", *(["never"] if age.state == "never" else [] if age.state == "old" else ["within"])]


def _truth(part: str, code: str, count: Mapping[str, int]) -> Truth:
    names = ("services", "within", "never", "doubtful", "closed", "called", "as_recorded")
    return Truth(part, code, *(count[name] for name in names))


def _codes_by_service(session: Session) -> Mapping[str, Mapping[str, Sequence[str]]]:
    types: dict[str, list[str]] = defaultdict(list)
    query = select(ServiceTypeLink.service_id, ServiceTypeLink.code)
    for row in session.execute(query.where(ServiceTypeLink.state != "rejected")):
        types[row.service_id].append(row.code)
    areas: dict[str, set[str]] = defaultdict(set)
    at = select(ServiceAtLocation.service_id, Location.area_code).join(
        Location, ServiceAtLocation.location_id == Location.id
    )
    there = at.where(ServiceAtLocation.removed_in_source.is_(None), Location.area_code.is_not(None))
    for service, area in session.execute(there):
        areas[service].add(area or "")
    return {"type": types, "area": {one: sorted(found) for one, found in areas.items()}}


def _doubtful(session: Session) -> set[str]:
    """Return the services and organizations with a doubtful telephone number."""
    query = select(Phone.service_id, Phone.organization_id).join(DoubtfulPhone, marked())
    return {one for row in session.execute(query) for one in row if one}


def _found(session: Session, today: date) -> dict[str, tuple[int, int]]:
    """Return how often each service was put to the test lately, and how often it was right as it stood."""
    since = datetime.combine(today - timedelta(days=MEASURED_DAYS), time(), UTC)
    right = func.sum(case((CalledRecord.found == "right", 1), else_=0))
    query = (
        select(CalledRecord.service_id, func.count(), right)
        .join(Call, CalledRecord.call_id == Call.id)
        .where(stands(), Call.at >= since)
        .group_by(CalledRecord.service_id)
    )
    return {service: (called, as_recorded) for service, called, as_recorded in session.execute(query)}


def keep_snapshot(session: Session, rows: Iterable[Truth], today: date) -> None:
    """Keep how true the directory is today, in place of what was kept today before; forget old parts."""
    for one in rows:
        session.merge(
            TruthSnapshot(
                day=today,
                part=one.part,
                code=one.code,
                services=one.services,
                within=one.within,
                never=one.never,
                doubtful=one.doubtful,
                closed=one.closed,
                called=one.called,
                as_recorded=one.as_recorded,
            )
        )
    old = (TruthSnapshot.part != "all") & (TruthSnapshot.day < today - timedelta(days=PARTS_DAYS))
    session.execute(delete(TruthSnapshot).where(old))
    session.flush()


def trend(session: Session, months: int = 13) -> list[TruthSnapshot]:
    """Return the last snapshot of the whole directory of each month, the newest month first."""
    query = select(TruthSnapshot).where(TruthSnapshot.part == "all").order_by(TruthSnapshot.day)
    last = {(row.day.year, row.day.month): row for row in session.scalars(query)}
    return list(reversed(last.values()))[:months]
