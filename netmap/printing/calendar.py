"""Opening hours as a file can carry them away: minutes of a week, or the openings of the next weeks. Pure."""

from datetime import datetime, timedelta
from typing import Any

from netmap.directory import hours
from netmap.directory.hours import DAY_MINUTES
from netmap.directory.opening_keys import UNKNOWN, plain_week, rules_of

DAYS = 60  # so far ahead openings of hours that are not the same every week are told


def calendar(key: str, moment: datetime) -> dict[str, Any] | None:
    """Return when a place with these hours is open; None where nobody knows.

    Parameters
    ----------
    key : str
        As `netmap.directory.opening_keys.key_of` makes it.
    moment : datetime
        The moment at which the file is made, in the time zone of the office.

    Returns
    -------
    dict or None
        ``week``: (first, last) minute of every week, Monday 00:00 being 0. Or ``days``: the same in minutes
        after the day of ``moment``, for `DAYS` days; ``unsure`` where what lies between is not known.

    Examples
    --------
    >>> from datetime import UTC
    >>> from netmap.directory.opening_keys import key_of
    >>> tuesday = hours.Rule(freq="WEEKLY", byday=((0, 1),), opens=540, closes=720)
    >>> calendar(key_of([tuesday]), datetime(2026, 11, 23, tzinfo=UTC))
    {'week': [[1980, 2160]]}
    >>> calendar("?", datetime(2026, 11, 23, tzinfo=UTC)) is None
    True
    """
    if key == UNKNOWN:
        return None
    week = plain_week(key)
    if week is not None:
        return {"week": sorted([first, last] for first, last in week if last > 0)}
    return _days(key, moment.replace(hour=0, minute=0, second=0, microsecond=0))


def _days(key: str, start: datetime) -> dict[str, Any]:
    """Return the openings of the coming days, found by going from one change to the next."""
    rules, here, end = rules_of(key), start, start + timedelta(days=DAYS)
    found: list[list[int]] = []
    unsure = False
    while here < end:
        state = hours.state(rules, here)
        if state.kind == "open":
            until = min(state.until or end, end)
            found.append([_minutes(here, start), _minutes(until, start)])
            here = until
            continue
        coming = min(state.opens or end, end)
        before = hours.kind_at(rules, coming - timedelta(minutes=1))  # it may run out in between
        unsure = unsure or "unknown" in (state.kind, before)
        here = coming
    return {"days": found, **({"unsure": True} if unsure else {})}


def _minutes(moment: datetime, start: datetime) -> int:
    """Return minutes of the clock on the wall since midnight of the first day."""
    days = (moment.date() - start.date()).days
    return days * DAY_MINUTES + moment.hour * 60 + moment.minute
