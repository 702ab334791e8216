"""Regular opening hours in words, short enough for a table on paper. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_skeleton

from netmap.directory.hours import DAY_MINUTES, Rule, state
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.numbers import locale

_MONDAY = date(2024, 1, 1)


def in_words(rules: Sequence[Rule], moment: datetime) -> str:
    """Return the weekly hours, else the next opening with its date, else "" where nobody knows.

    Examples
    --------
    >>> from datetime import UTC
    >>> days = tuple((0, day) for day in range(5))
    >>> in_words([Rule(byday=days, opens=540, closes=1020)], datetime(2026, 11, 23, tzinfo=UTC))
    'Mon–Fri 09:00–17:00'
    """
    week = _weekly(tuple(rules), moment.date(), language())
    if week:
        return week
    opens = state(rules, moment).opens if rules else None
    if opens is None:
        return ""
    day = format_skeleton("MMMEd", opens.date(), locale=locale())
    return _("next: %(day)s %(time)s", day=day, time=f"{opens:%H:%M}")


@lru_cache(maxsize=4_000)  # the same few services are asked about again and again
def weekly(rules: tuple[Rule, ...], today: date | None) -> tuple[tuple[int, int, int], ...]:
    """Return the hours that come every week as (weekday 0-6, first minute, last minute).

    Examples
    --------
    >>> weekly((Rule(byday=((0, 1),), opens=540, closes=1020),), date(2026, 11, 23))
    ((1, 540, 1020),)
    """
    if today is None:
        return ()
    return tuple((day, first, last) for day in range(7) for first, last in _intervals(rules, day, today))


@lru_cache(maxsize=10_000)  # thousands of services share a few hundred weeks
def _weekly(rules: tuple[Rule, ...], today: date, _language: str) -> str:
    week = [_intervals(rules, day, today) for day in range(7)]
    return week_in_words(week) if any(week) else ""


def week_in_words(week: Sequence[list[tuple[int, int]]]) -> str:
    """Return the intervals (first minute, last minute) of the seven weekdays, days without any left out.

    Examples
    --------
    >>> week_in_words([[(1020, 1200)]] * 5 + [[(540, 840)], []])
    'Mon–Fri 17:00–20:00; Sat 09:00–14:00'
    """
    return "; ".join(_days(first, last) + " " + _clock(week[first]) for first, last in _runs(week))


def _intervals(rules: Sequence[Rule], weekday: int, today: date) -> list[tuple[int, int]]:
    """Return the hours of one weekday that come every week; "first Tuesday of the month" does not."""
    found = set()
    for rule in rules:
        daily = rule.freq == "DAILY" and not rule.byday
        holds = rule.is_valid(today) and (rule.dtstart or today) <= today <= (rule.until or today)
        if rule.closed or not holds or not comes_weekly(rule):
            continue
        if rule.opens is not None and rule.closes is not None and (daily or (0, weekday) in rule.byday):
            found.add((rule.opens, rule.closes))
    return _merged(found)


def comes_weekly(rule: Rule) -> bool:
    """Return whether hours come round every week, so that a line on the week can hold them.

    Examples
    --------
    >>> comes_weekly(Rule(byday=((0, 5),))), comes_weekly(Rule(freq="MONTHLY", byday=((1, 5),)))
    (True, False)
    """
    return rule.interval == 1 and rule.freq in (None, "WEEKLY", "DAILY") and rule.count is None


def _merged(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the intervals in order; those that overlap or touch are one."""
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(intervals):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found


def _runs(week: Sequence[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Return (first, last) weekday of every run of days with the same hours; closed days are left out."""
    runs: list[tuple[int, int]] = []
    for day, hours in enumerate(week):
        if not hours:
            continue
        if runs and runs[-1][1] == day - 1 and week[day - 1] == hours:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _days(first: int, last: int) -> str:
    names = [format_date(_MONDAY + timedelta(days=day), "EEE", locale=locale()) for day in (first, last)]
    return names[0] if first == last else "–".join(names)


def _clock(hours: Sequence[tuple[int, int]]) -> str:
    if list(hours) == [(0, DAY_MINUTES)]:
        return _("round the clock")
    return ", ".join(f"{_time(opens)}–{_time(closes)}" for opens, closes in hours)


def _time(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}" if minutes != DAY_MINUTES else "24:00"
