"""Records that say what cannot be: hours, days, ages, figures and points."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.hours import parse_time
from netmap.directory.models import (
    Area,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceCapacity,
    Source,
    Tie,
    Vacancy,
)
from netmap.directory.odd_points import odd_points
from netmap.partners.models import Agreement
from netmap.upkeep.findings import Finding, some
from netmap.upkeep.records import AT_SOURCE, all_of

LONGEST_NIGHT = 18 * 60  # minutes; 17:00 to 10:00 is a winter night, 09:00 to 05:00 a slip for 17:00
DAY = 24 * 60


def impossible(session: Session, settings: Settings) -> Iterator[Finding]:
    """Yield rows that say what cannot be."""
    today = now().astimezone(settings.zone()).date()
    for what, found in (
        ("hours close before they open", _backward_hours(session)),
        ("hours overlap others of the same place", overlapping(session)),
        ("hours name a day that no calendar has", _no_such_days(session)),
        ("hours end before they begin to hold", all_of(session, _backward_dates())),
        ("services have a lowest age above their highest", all_of(session, _backward_ages())),
        ("services were confirmed on a day that is still to come", all_of(session, _assured_later(today))),
        ("figures of free places are below zero", all_of(session, _below_zero())),
        ("figures have more places free than there are", all_of(session, _too_many_free())),
        (
            "agreements end before they begin",
            all_of(session, _ends_early(Agreement.begins, Agreement.ends, Agreement.id)),
        ),
        ("ties end before they begin", all_of(session, _ends_early(Tie.begun, Tie.ends, Tie.id))),
        ("vacancies were attested after their last day", all_of(session, _attested_late())),
        ("organizations are their own successor or unit, in a circle", circles(session)),
        ("organizations are closed and still offer services", all_of(session, _closed_and_offering(today))),
        ("places lie far from their area, or with latitude and longitude swapped", _odd_points(session)),
        ("places lie at 0,0, in the sea off Africa", all_of(session, _at_zero(Location.id, Location))),
        ("areas lie at 0,0, in the sea off Africa", all_of(session, _at_zero(Area.code, Area))),
        ("places have a latitude or longitude that is not on earth", all_of(session, _off_earth())),
    ):
        if found:
            sentence = f"{len(found)} {what}. {AT_SOURCE}"
            yield Finding("impossible", "warning", sentence, len(found), some(found))


def _backward_hours(session: Session) -> list[str]:
    query = select(Schedule.id, Schedule.opens_at, Schedule.closes_at)
    query = query.where(Schedule.closes_at < Schedule.opens_at, Schedule.removed_in_source.is_(None))
    return [
        f"{row.id} ({row.opens_at} to {row.closes_at})"
        for row in session.execute(query.order_by(Schedule.id))
        if _open_minutes(row.opens_at, row.closes_at) > LONGEST_NIGHT
    ]


def _open_minutes(opens: str, closes: str) -> int:
    """Return how long a night is that begins and ends at these times, 0 where they cannot be read.

    Examples
    --------
    >>> _open_minutes("20:00", "08:00"), _open_minutes("09:00", "05:00"), _open_minutes("soon", "late")
    (720, 1200, 0)
    """
    first, last = parse_time(opens), parse_time(closes)
    if first is None or last is None:
        return 0
    begin, end = (int(one[:2]) * 60 + int(one[3:5]) for one in (first, last))
    return (end - begin) % (24 * 60)


def _backward_dates() -> Select[Any]:
    backward = (Schedule.valid_to < Schedule.valid_from) | (Schedule.until < Schedule.dtstart)
    return select(Schedule.id).where(backward, Schedule.removed_in_source.is_(None)).order_by(Schedule.id)


def _backward_ages() -> Select[Any]:
    backward = Service.maximum_age < Service.minimum_age
    return select(Service.id).where(backward, Service.removed_in_source.is_(None)).order_by(Service.id)


def _at_zero(key: Any, table: Any) -> Select[Any]:
    return select(key).where(table.latitude == 0, table.longitude == 0).order_by(key)


def _off_earth() -> Select[Any]:
    off = (func.abs(Location.latitude) > 90) | (func.abs(Location.longitude) > 180)
    return select(Location.id).where(off).order_by(Location.id)


def _assured_later(today: date) -> Select[Any]:
    return select(Service.id).where(Service.assured_date > today).order_by(Service.id)


def _below_zero() -> Select[Any]:
    row = ServiceCapacity
    below = (row.available < 0) | (row.maximum < 0) | (row.wait_days < 0)
    return select(row.id).where(below, row.removed_in_source.is_(None)).order_by(row.id)


def _too_many_free() -> Select[Any]:
    row = ServiceCapacity
    return select(row.id).where(row.available > row.maximum, row.removed_in_source.is_(None)).order_by(row.id)


def _ends_early(begins: Any, ends: Any, key: Any) -> Select[Any]:
    return select(key).where(ends < begins).order_by(key)


def _attested_late() -> Select[Any]:
    late: ColumnElement[bool] = func.date(Vacancy.attested_at) > Vacancy.valid_to
    return select(Vacancy.id).where(late, Vacancy.removed_in_source.is_(None)).order_by(Vacancy.id)


def _closed_and_offering(today: date) -> Select[Any]:
    offered = select(Service.organization_id).where(
        Service.status == "active", Service.removed_in_source.is_(None), Service.organization_id.is_not(None)
    )
    closed = Organization.closed_on <= today
    return select(Organization.id).where(closed, Organization.id.in_(offered)).order_by(Organization.id)


def circles(session: Session) -> list[str]:
    """Return organizations that come back to themselves by their successors, or by what they are units of."""
    found: set[str] = set()
    for column in (Organization.successor_id, Organization.parent_organization_id):
        rows = session.execute(select(Organization.id, column).where(column.is_not(None)))
        leads = {id_: to for id_, to in rows}  # noqa: C416
        for start in leads:
            seen, here = set[str](), leads.get(start)
            while here is not None and here != start and here not in seen:
                seen.add(here)
                here = leads.get(here)
            if here == start:
                found.add(start)
    return sorted(found)


def overlapping(session: Session) -> list[str]:
    """Return hours that overlap others of the same owner on a day of the week.

    Hours of other seasons, and those that say they are something else, may lie side by side.
    """
    columns = (
        Schedule.service_id, Schedule.location_id, Schedule.service_at_location_id, Schedule.contact_id,
        Schedule.valid_from, Schedule.valid_to, Schedule.dtstart, Schedule.until, Schedule.attending_type,
        Schedule.description,
    )  # fmt: skip
    query = select(Schedule.id, Schedule.byday, Schedule.opens_at, Schedule.closes_at, *columns)
    plain = Schedule.interval.is_(None) | (Schedule.interval == 1)
    query = query.where(Schedule.closed.is_(False), Schedule.removed_in_source.is_(None), plain)
    query = query.where(Schedule.freq.is_(None) | (Schedule.freq == "WEEKLY"), Schedule.byday.is_not(None))
    taken: dict[tuple[Any, ...], list[tuple[int, int, str]]] = defaultdict(list)
    found = []
    for id_, byday, opens, closes, *owner in session.execute(query.order_by(Schedule.id)):
        times = span(opens, closes)
        days = [one.strip() for one in (byday or "").split(",") if one.strip().isalpha()]
        if times is None:
            continue
        for day in days:
            others = taken[(day, *owner)]
            if any(times[0] < end and begin < times[1] for begin, end, _other in others):
                found.append(id_)
                break
        for day in days:
            taken[(day, *owner)].append((*times, id_))
    return found


def span(opens: str | None, closes: str | None) -> tuple[int, int] | None:
    """Return the minutes of a day between two times, past midnight where it closes on the next day.

    Examples
    --------
    >>> span("09:00", "17:00"), span("22:00", "06:00"), span("9 sharp", None)
    ((540, 1020), (1320, 1800), None)
    """
    first, last = parse_time(opens or ""), parse_time(closes or "")
    if first is None or last is None:
        return None
    begin, end = (int(one[:2]) * 60 + int(one[3:5]) for one in (first, last))
    return begin, end if end > begin else end + DAY


_SHORT = {  # months with fewer than 31 days, as their names begin in four languages
    2: ("feb", "vas", "фев", "лют"), 4: ("apr", "bal", "апр", "кві"), 6: ("jun", "bir", "июн", "чер"),
    9: ("sep", "rugs", "сен", "вер"), 11: ("nov", "lap", "ноя", "лис"),
}  # fmt: skip
_NAMES = {name: month for month, names in _SHORT.items() for name in names}
_NUMBERED = re.compile(r"\b(?:\d{4}-(?P<m1>\d{2})-(?P<d1>\d{2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})(?:\.|\b))")
_NAMED = re.compile(
    rf"\b(?P<d1>\d{{1,2}})\.?\s+(?P<n1>{'|'.join(_NAMES)})|\b(?P<n2>{'|'.join(_NAMES)})\w*\.?\s+(?P<d2>\d{{1,2}})\b"
)


def no_such_day(words: str) -> str | None:
    """Return the first day in some words that no calendar has, None where there is none.

    Examples
    --------
    >>> no_such_day("closed until 31 February"), no_such_day("31.04. geschlossen"), no_such_day("30 June")
    ('31 feb', '31.04.', None)
    >>> no_such_day("до 31 вересня"), no_such_day("2026-02-30"), no_such_day("29 February")
    ('31 вер', '2026-02-30', None)
    """
    for found in _NUMBERED.finditer(words):
        day, month = found["d1"] or found["d2"], found["m1"] or found["m2"]
        if 1 <= int(month) <= 12 and _LENGTH.get(int(month), 31) < int(day) <= 31:
            return found.group()
    for found in _NAMED.finditer(words.casefold()):
        day, name = found["d1"] or found["d2"], found["n1"] or found["n2"]
        if _LENGTH[_NAMES[name]] < int(day) <= 31:
            return found.group()
    return None


_LENGTH = {month: 29 if month == 2 else 30 for month in _SHORT}


def _no_such_days(session: Session) -> list[str]:
    query = select(Schedule.id, Schedule.unread).where(Schedule.unread.is_not(None))
    rows = session.execute(query.where(Schedule.removed_in_source.is_(None)).order_by(Schedule.id))
    return [f"{id_} ({day})" for id_, words in rows if (day := no_such_day(words or ""))]


def _odd_points(session: Session) -> list[str]:
    found: list[str] = []
    for source in session.scalars(select(Source.id).order_by(Source.id)).all():
        odd = odd_points(session, source)
        found += [place.id for place in (*odd.swapped, *odd.far)]
    return found
