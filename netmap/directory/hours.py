"""Open now, and when next: pure sums over the recurrence rules of HSDS (a part of RFC 5545).

Three answers, never two: "open", "closed" and "unknown". A rule whose days are known but not its times,
a rule that cannot be read whole, and information past its ``valid_to`` make "unknown", never "closed".
Clock times are those of the office; a moment must carry the office's time zone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol

from babel.dates import format_date

from netmap.directory.hours_days import occurs
from netmap.directory.hours_words import DAYS, parse_days, parse_time, read_byday
from netmap.i18n import gettext as _
from netmap.i18n import language

__all__ = [
    "OpenState",
    "Rule",
    "ScheduleRow",
    "open_in",
    "parse_days",
    "parse_time",
    "sentence",
    "state",
    "to_rule",
]

DAY_MINUTES = 24 * 60
LOOK_AHEAD_DAYS = 100  # a "first Saturday of every second month" comes back within this


class ScheduleRow(Protocol):
    """What `to_rule` reads of a row of the table ``schedule``; any object with these names will do."""

    valid_from: date | None
    valid_to: date | None
    dtstart: date | None
    until: date | None
    count: int | None
    wkst: str | None
    freq: str | None
    interval: int | None
    byday: str | None
    byweekno: str | None
    bymonthday: str | None
    byyearday: str | None
    opens_at: str | None
    closes_at: str | None
    unread: str | None


@dataclass(frozen=True)
class Rule:
    """One interval of opening hours and the days on which it comes round.

    ``opens`` and ``closes`` are minutes after midnight; ``closes`` is above 1440 where it lies on the next
    day. With no day given at all, nobody knows on which days.
    """

    valid_from: date | None = None
    valid_to: date | None = None
    until: date | None = None
    freq: str | None = None
    interval: int = 1
    byday: tuple[tuple[int, int], ...] = ()
    bymonthday: tuple[int, ...] = ()
    dtstart: date | None = None
    count: int | None = None
    opens: int | None = None
    closes: int | None = None
    wkst: int = 0

    def is_valid(self, day: date) -> bool:
        """Return whether the information still (or already) counts on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True)
class OpenState:
    """Whether a place is open at a moment, until when, and when it opens next where that is known."""

    kind: Literal["open", "closed", "unknown"]
    until: datetime | None = None
    opens: datetime | None = None


def to_rule(row: ScheduleRow) -> Rule | None:
    """Return the rule of a schedule row, or None for a row that says nothing about days or times.

    What cannot be read as a whole becomes a rule without times, which answers "unknown", never "closed".
    """
    opens, closes = _minutes(row.opens_at), _minutes(row.closes_at)
    days, month_days = read_byday(row.byday), _numbers(row.bymonthday)
    if not (row.opens_at or row.closes_at or row.byday or row.bymonthday or row.unread or row.dtstart):
        return None
    whole = days is not None and month_days is not None and not (row.unread or row.byweekno or row.byyearday)
    if not whole or (row.freq or "WEEKLY") not in {"DAILY", "WEEKLY", "MONTHLY"}:
        opens = closes = None
    if opens is not None and closes is not None:
        if (opens, closes) == (0, DAY_MINUTES - 1):
            closes = DAY_MINUTES  # HSDS writes 24 hours as 00:00 to 23:59
        elif closes <= opens:
            closes += DAY_MINUTES
    return Rule(
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        until=row.until,
        freq=row.freq,
        interval=max(row.interval or 1, 1),
        byday=days or (),
        bymonthday=month_days or (),
        dtstart=row.dtstart,
        count=row.count,
        opens=opens,
        closes=closes,
        wkst=DAYS.index(row.wkst) if row.wkst in DAYS else 0,
    )


def _minutes(text: str | None) -> int | None:
    read = parse_time(text) if text else None
    return int(read[:2]) * 60 + int(read[3:]) if read else None


def _numbers(text: str | None) -> tuple[int, ...] | None:
    try:
        return tuple(int(part) for part in text.split(",")) if text else ()
    except ValueError:
        return None


def state(rules: Sequence[Rule], moment: datetime) -> OpenState:
    """Return whether a place with these rules is open at a moment.

    Parameters
    ----------
    rules : sequence of Rule
        All rules of the service; several intervals a day are several rules.
    moment : datetime
        Aware, in the time zone of the office.

    Returns
    -------
    OpenState
        ``until`` is when it closes (None: never within a week); ``opens`` is the next opening that is known.

    Examples
    --------
    >>> mornings = Rule(byday=((0, 0),), opens=9 * 60, closes=12 * 60)
    >>> state([mornings], datetime(2026, 11, 23, 10, tzinfo=UTC)).kind
    'open'
    >>> state([mornings], datetime(2026, 11, 23, 13, tzinfo=UTC)).opens.isoformat()
    '2026-11-30T09:00:00+00:00'
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be compared with opening hours")
    until = _open_until(rules, moment)
    if until is not None:
        endless = until - moment.astimezone(UTC) > timedelta(days=7)
        return OpenState("open", None if endless else until.astimezone(moment.tzinfo))
    today = moment.date()
    kind: Literal["closed", "unknown"] = "unknown" if _is_unknown(rules, moment) else "closed"
    for day in (today + timedelta(days=step) for step in range(LOOK_AHEAD_DAYS)):
        starts = (_at(day, opens, moment) for opens in _openings(rules, day))
        coming = [start for start in starts if start > moment.astimezone(UTC)]
        if coming:
            return OpenState(kind, opens=min(coming).astimezone(moment.tzinfo))
    return OpenState(kind)


def _at(day: date, minutes: int, moment: datetime) -> datetime:
    """Return a wall-clock time of the office in UTC: only UTC compares rightly across a clock change."""
    days, rest = divmod(minutes, DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), moment.tzinfo)
    return wall.astimezone(UTC)


def _intervals(rules: Sequence[Rule], day: date) -> Iterator[tuple[int, int]]:
    for rule in rules:
        if rule.opens is not None and rule.closes is not None and rule.is_valid(day) and occurs(rule, day):
            yield rule.opens, rule.closes


def _openings(rules: Sequence[Rule], day: date) -> list[int]:
    coming = [rule for rule in rules if rule.is_valid(day) and occurs(rule, day)]
    return [rule.opens for rule in coming if rule.opens is not None]


def _open_until(rules: Sequence[Rule], moment: datetime) -> datetime | None:
    """Return when the opening that holds the moment ends, touching intervals joined; None if closed."""
    now, end = moment.astimezone(UTC), None
    for step in range(-1, 9):
        day = moment.date() + timedelta(days=step)
        for opens, closes in sorted(_intervals(rules, day)):
            start, stop = _at(day, opens, moment), _at(day, closes, moment)
            if start <= (end or now) and stop > (end or now):
                end = stop
    return end


def _is_unknown(rules: Sequence[Rule], moment: datetime) -> bool:
    """Return whether "closed" would be more than the rules say."""
    today = moment.date()
    valid = [rule for rule in rules if rule.is_valid(today)]
    if not valid:
        return True
    minute = moment.hour * 60 + moment.minute
    timed_day = any(True for _interval in _intervals(valid, today))
    for rule in valid:
        coming = occurs(rule, today)
        if coming is None:
            return True
        if not coming or (rule.closes is not None and rule.opens is not None):
            continue
        if rule.opens is not None and minute < rule.opens:
            continue  # it opens later today, only its closing is not known
        if rule.opens is not None or rule.closes is not None or not timed_day:
            return True
    return False


def sentence(state: OpenState, moment: datetime) -> str:
    """Return the state in the reader's language, short enough for a list."""
    if state.kind == "unknown":
        return _("Hours not known, call first")
    if state.kind == "open":
        if state.until is None:
            return _("Open round the clock")
        if state.until - moment > timedelta(hours=24):
            day = _day_name(state.until, moment)
            return _("Open now, closes %(day)s %(time)s", day=day, time=f"{state.until:%H:%M}")
        return _("Open now, closes %(time)s", time=f"{state.until:%H:%M}")
    if state.opens is None:
        return _("Closed, no next opening is known")
    if state.opens.date() == moment.date():
        return _("Opens today %(time)s", time=f"{state.opens:%H:%M}")
    return _("Opens %(day)s %(time)s", day=_day_name(state.opens, moment), time=f"{state.opens:%H:%M}")


def _day_name(then: datetime, moment: datetime) -> str:
    near = (then.date() - moment.date()).days < 7
    return format_date(then.date(), "EEE" if near else "d MMM", locale=language())


def open_in(
    rules: Sequence[Rule], weekday_minutes: Iterable[tuple[int, int, int]], on: date | None = None
) -> bool | None:
    """Return whether the regular hours meet the hours at which a person is free.

    Parameters
    ----------
    rules : sequence of Rule
    weekday_minutes : iterable of (weekday 0-6, first minute, last minute)
        When the person can come, in minutes after midnight of that weekday.
    on : date, optional
        The day whose information counts; rules not valid then are left out.

    Returns
    -------
    bool or None
        True if some known interval overlaps; None if nobody can know; False if all is known and none does.

    Examples
    --------
    >>> tuesday = Rule(byday=((0, 1),), opens=9 * 60, closes=12 * 60)
    >>> open_in([tuesday], [(1, 600, 660)]), open_in([tuesday], [(2, 600, 660)]), open_in([], [(1, 600, 660)])
    (True, False, None)
    """
    free = list(weekday_minutes)
    valid = [rule for rule in rules if on is None or (rule.is_valid(on) and (rule.until or on) >= on)]
    unknown = not any(on is None or rule.is_valid(on) for rule in rules)
    for rule in valid:
        days = {day for _number, day in rule.byday}
        known = rule.opens is not None and rule.closes is not None and (bool(days) or rule.freq == "DAILY")
        if not known:
            unknown = unknown or not days or any(weekday in days for weekday, _first, _last in free)
            continue
        if any(_meets(rule, day, window) for day in days or range(7) for window in free):
            return True
    return None if unknown else False


def _meets(rule: Rule, day: int, window: tuple[int, int, int]) -> bool:
    weekday, first, last = window
    opens, closes = rule.opens or 0, rule.closes or 0
    week = 7 * DAY_MINUTES
    for shift in (-week, 0, week):  # Sunday night runs into Monday
        start = day * DAY_MINUTES + shift
        if start + opens < weekday * DAY_MINUTES + last and weekday * DAY_MINUTES + first < start + closes:
            return True
    return False
