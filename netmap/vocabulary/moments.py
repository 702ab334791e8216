"""The moment that a word for a time means: "tonight", "saturday_morning", "tomorrow_18:00". Pure."""

import re
from datetime import datetime, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCK = {
    "morning": 9,
    "afternoon": 14,
    "evening": 19,
    "tonight": 22,
}  # hours at which "in the evening" is asked for
MIDDAY = 11  # the hour at which a day is meant where no hour is said
LATE, DAWN = 20, 5  # from which hour a day is over, and until which hour it is still night
NIGHT = 2
_CODE = re.compile(rf"(?:(today|tomorrow|weekend|{'|'.join(DAYS)})(?:_|$))?(?:([a-z]+)|(\d\d?):(\d\d))?")


def moment_of(code: str, now: datetime) -> datetime:
    """Return the moment that a time code means, seen from ``now`` and in its zone; never before it.

    Parameters
    ----------
    code : str
        A day (today, tomorrow, weekend, monday to sunday), a part of a day (morning, afternoon, evening,
        tonight, night), an hour (18:00), a day and one of these ("tomorrow_evening"), or now.
    now : datetime
        Aware.

    Raises
    ------
    ValueError
        For a code that means no time.

    Examples
    --------
    >>> thursday = datetime.fromisoformat("2026-11-26T15:00+02:00")
    >>> moment_of("saturday", thursday).isoformat(), moment_of("tonight", thursday).isoformat()
    ('2026-11-28T11:00:00+02:00', '2026-11-26T22:00:00+02:00')
    >>> moment_of("tomorrow_18:30", thursday).isoformat(), moment_of("morning", thursday).isoformat()
    ('2026-11-27T18:30:00+02:00', '2026-11-27T09:00:00+02:00')
    """
    if code == "now":
        return now
    found = _CODE.fullmatch(code)
    if not code or not found or (found[2] and found[2] not in {*CLOCK, "night"}):
        raise ValueError(f"'{code}' is no time: a day, a part of a day, an hour such as 18:00, or now")
    day, part, hour, minute = found.groups()
    if hour and not (int(hour) < 24 and int(minute) < 60):
        raise ValueError(f"'{code}' is no time: the hours go from 00:00 to 23:59")
    first = _day(day, now)
    if part in {"night", "tonight"} and day is None and now.hour < DAWN:
        return now
    if part == "night":
        return (first + timedelta(days=1)).replace(hour=NIGHT)
    clock = (int(hour), int(minute)) if hour else (CLOCK[part] if part else MIDDAY, 0)
    return _not_before(now, first.replace(hour=clock[0], minute=clock[1]), day, whole=hour is None)


def _day(day: str | None, now: datetime) -> datetime:
    """Return the day that is meant, at its beginning; today where none is said."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if day in (None, "today"):
        return today
    if day == "tomorrow":
        return today + timedelta(days=1)
    if day == "weekend":
        over = now.weekday() == DAYS.index("sunday") and now.hour >= LATE
        return today if now.weekday() >= DAYS.index("saturday") and not over else _next(today, "saturday")
    return today if now.weekday() == DAYS.index(day) and now.hour < LATE else _next(today, day)


def _next(today: datetime, day: str) -> datetime:
    """Return the next day of that name after today."""
    return today + timedelta(days=(DAYS.index(day) - today.weekday() - 1) % 7 + 1)


def _not_before(now: datetime, moment: datetime, day: str | None, *, whole: bool) -> datetime:
    """Return the moment, or what is left of it: now while it lasts, tomorrow once it is over."""
    if moment >= now:
        return moment
    if day is None and (not whole or (moment.hour == CLOCK["morning"] and now.hour > MIDDAY)):
        return moment + timedelta(days=1)
    return now
