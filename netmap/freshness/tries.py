"""When to try again where nobody answered: later, at another time of the day, when offices work. Pure."""

from datetime import date, datetime, time, timedelta

MORNING, NOON, AFTERNOON, EVENING = time(9), time(12, 30), time(14), time(17)
SATURDAY = 5
MOST_HOURS = 14 * 24


def next_try(moment: datetime, hours: int | None = None) -> datetime:
    """Return when to ring again, at the earliest.

    Without ``hours`` it is the other half of a working day: a call of the morning is tried again this
    afternoon, one of the afternoon on the next working day's morning. With ``hours`` it is so much later, and
    where nobody works then, the next working morning.

    Parameters
    ----------
    moment : datetime
        With its time zone, that of the office.
    hours : int, optional

    Examples
    --------
    >>> from datetime import UTC
    >>> friday = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
    >>> [f"{next_try(friday, hours):%a %H:%M}" for hours in (None, 2, 9)]
    ['Fri 14:00', 'Fri 12:00', 'Mon 09:00']
    >>> f"{next_try(friday.replace(hour=15)):%a %H:%M}"
    'Mon 09:00'
    """
    if hours is None:
        if _works(moment.date()) and moment.timetz().replace(tzinfo=None) < NOON:
            return _at(moment, moment.date(), AFTERNOON)
        return _at(moment, _next_working(moment.date()), MORNING)
    later = moment + timedelta(hours=hours)
    clock = later.timetz().replace(tzinfo=None)
    if _works(later.date()) and clock < EVENING:
        return later if clock >= MORNING else _at(moment, later.date(), MORNING)
    return _at(moment, _next_working(later.date()), MORNING)


def _works(day: date) -> bool:
    return day.weekday() < SATURDAY


def _next_working(day: date) -> date:
    day += timedelta(days=1)
    while not _works(day):
        day += timedelta(days=1)
    return day


def _at(moment: datetime, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, moment.tzinfo)
