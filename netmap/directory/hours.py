"""Open now, and when next: pure sums over the recurrence rules of HSDS (a part of RFC 5545).

Three answers, never two: "open", "closed" and "unknown". A rule whose days are known but not its times,
a rule that cannot be read whole, and information past its ``valid_to`` make "unknown", never "closed".
Days that are said to be closed (a holiday) are closed, whatever the weekly hours say.
Clock times are those of the office; a moment must carry the office's time zone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

from babel.dates import format_date, format_skeleton

from netmap.directory.hours_days import occurs
from netmap.directory.hours_rule import (
    COLUMNS,
    DAY_MINUTES,
    Rule,
    ScheduleRow,
    most_specific,
    rule_of,
    to_rule,
)
from netmap.directory.hours_words import parse_days, parse_time
from netmap.i18n import gettext as _
from netmap.i18n.numbers import locale

__all__ = [
    "COLUMNS",
    "DAY_MINUTES",
    "OpenState",
    "Rule",
    "ScheduleRow",
    "kind_at",
    "most_specific",
    "open_in",
    "parse_days",
    "parse_time",
    "rule_of",
    "sentence",
    "state",
    "to_rule",
]

LOOK_AHEAD_DAYS = 100  # a "first Saturday of every second month" comes back within this


@dataclass(frozen=True)
class OpenState:
    """Whether a place is open at a moment, until when, and when it opens next where that is known."""

    kind: Literal["open", "closed", "unknown"]
    until: datetime | None = None
    opens: datetime | None = None


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
    kind: Literal["closed", "unknown"] = "unknown" if _is_unknown(rules, moment) else "closed"
    opens = _next_opening(rules, moment)
    return OpenState(kind, opens=opens.astimezone(moment.tzinfo) if opens else None)


def kind_at(rules: Sequence[Rule], moment: datetime) -> Literal["open", "closed", "unknown"]:
    """Return whether a place with these rules is open at a moment, and nothing about when next."""
    if _open_until(rules, moment) is not None:
        return "open"
    return "unknown" if _is_unknown(rules, moment) else "closed"


def _next_opening(rules: Sequence[Rule], moment: datetime) -> datetime | None:
    """Return the next opening that is known; a day further is looked at where clocks of two zones meet."""
    now, found = moment.astimezone(UTC), None
    for step in range(-1, LOOK_AHEAD_DAYS):
        day = moment.date() + timedelta(days=step)
        starts = [
            _at(day, rule.opens, rule, moment) for rule in _coming(rules, day) if rule.opens is not None
        ]
        coming = min((start for start in starts if start > now), default=None)
        if found is not None:
            return min(found, coming or found)
        found = coming
    return found


def _zone(rule: Rule, moment: datetime) -> tzinfo:
    """Return the clock by which a rule is told.

    A file notes one distance from UTC, a place with summer time has two: where the office has the noted one
    at some time of the year, the office's own clock is meant.
    """
    assert moment.tzinfo is not None
    if rule.offset is None:
        return moment.tzinfo
    told = timedelta(minutes=rule.offset)
    seasons = (datetime(moment.year, month, 1, 12, tzinfo=moment.tzinfo) for month in (1, 7))
    if any(season.utcoffset() == told for season in seasons):
        return moment.tzinfo
    return timezone(told)


def _at(day: date, minutes: int, rule: Rule, moment: datetime) -> datetime:
    """Return a wall-clock time in UTC: only UTC compares rightly across a clock change."""
    days, rest = divmod(minutes, DAY_MINUTES)
    clock = time(rest // 60, rest % 60)
    return datetime.combine(day + timedelta(days=days), clock, _zone(rule, moment)).astimezone(UTC)


def _coming(rules: Sequence[Rule], day: date) -> list[Rule]:
    """Return the rules by which there may be an opening on a day, without those that a closing takes away."""
    closings = [rule for rule in rules if rule.closed and rule.is_valid(day) and occurs(rule, day)]
    return [
        rule
        for rule in rules
        if not rule.closed
        and rule.is_valid(day)
        and occurs(rule, day)
        and not any(rule.yields_to(closing) for closing in closings)
    ]


def _open_until(rules: Sequence[Rule], moment: datetime) -> datetime | None:
    """Return when the opening that holds the moment ends, touching intervals joined; None if closed."""
    now, end = moment.astimezone(UTC), None
    days = (moment.date() + timedelta(days=step) for step in range(-2, 10))
    spans = [
        (_at(day, rule.opens, rule, moment), _at(day, rule.closes, rule, moment))
        for day in days
        for rule in _coming(rules, day)
        if rule.opens is not None and rule.closes is not None
    ]
    for start, stop in sorted(spans):
        if start <= (end or now) and stop > (end or now):
            end = stop
    return end


def _is_unknown(rules: Sequence[Rule], moment: datetime) -> bool:
    """Return whether "closed" would be more than the rules say."""
    told = [(rule, moment.astimezone(_zone(rule, moment))) for rule in rules]
    closings = [
        rule
        for rule, here in told
        if rule.closed and rule.is_valid(here.date()) and occurs(rule, here.date())
    ]
    valid = [
        (rule, here)
        for rule, here in told
        if not rule.closed
        and rule.is_valid(here.date())
        and not any(rule.yields_to(closing) for closing in closings)
    ]
    if not valid:
        return not closings
    timed_day = any(rule.is_timed() and occurs(rule, here.date()) for rule, here in valid)
    return any(_leaves_open(rule, here, timed_day) for rule, here in valid)


def _leaves_open(rule: Rule, here: datetime, timed_day: bool) -> bool:
    """Return whether a rule says too little to call a place closed now."""
    coming = occurs(rule, here.date())
    if coming is None:
        return True
    if not coming or rule.is_timed():
        return False
    if rule.opens is not None and here.hour * 60 + here.minute < rule.opens:
        return False  # it opens later today, only its closing is not known
    return rule.opens is not None or rule.closes is not None or not timed_day


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
    day = then.date()
    return format_date(day, "EEE", locale=locale()) if near else format_skeleton("MMMd", day, locale=locale())


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
    rules = [rule for rule in rules if not rule.closed]
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
