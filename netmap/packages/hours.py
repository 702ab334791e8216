"""When the people of a package can come: "MO-FR 17:00-20:00", read, put in order and counted. Pure."""

import re
from collections.abc import Iterable

from netmap.directory.hours import DAY_MINUTES, parse_days, parse_time
from netmap.directory.hours_words import DAYS
from netmap.i18n import gettext as _
from netmap.packages.fields import Fields

Window = tuple[int, int, int]  # weekday 0-6, first minute, last minute

LONGEST_ENTRY = 80
MOST_ENTRIES = 28
_ENTRY = re.compile(r"(?P<days>.*\S)\s+(?P<first>\d\S*)\s*[-–]\s*(?P<last>\d\S*)")


def read_hours(top: Fields) -> tuple[str, ...]:
    """Return the entries under ``hours`` in one way of writing and in the order of the week."""
    entries = top.sequence("hours")
    if len(entries) > MOST_ENTRIES:
        top.wrong("hours", _("At most %(most)s lines of hours are needed; join some.", most=MOST_ENTRIES))
    found = set()
    for value in entries[:MOST_ENTRIES]:
        parts = _parts(value) if isinstance(value, str) else None
        if parts is None:
            top.wrong(
                "hours",
                _(
                    "'%(text)s' cannot be read as hours: write days and times, such as 'MO-FR 17:00-20:00'.",
                    text=str(value)[:LONGEST_ENTRY],
                ),
            )
        elif parts[1] >= parts[2]:
            top.wrong("hours", _("In '%(text)s' the end must be later than the start.", text=str(value)))
        else:
            found.add(parts)
    return tuple(_written(*parts) for parts in sorted(found))


def windows(hours: Iterable[str]) -> tuple[Window, ...]:
    """Return what `read_hours` gave as (weekday, first minute, last minute), each once.

    Examples
    --------
    >>> windows(["SA-SU 09:00-14:00", "FR 17:00-24:00"])
    ((4, 1020, 1440), (5, 540, 840), (6, 540, 840))
    """
    read = (parts for entry in hours if (parts := _parts(entry)))
    return tuple(sorted({(day, first, last) for days, first, last in read for day in days}))


def _parts(text: str) -> tuple[tuple[int, ...], int, int] | None:
    """Return weekdays, first and last minute of an entry; None where it cannot be read whole."""
    found = _ENTRY.fullmatch(text.strip()) if len(text) <= LONGEST_ENTRY else None
    if found is None:
        return None
    days = (parse_days(found["days"]) or "").split(",")
    first, last = _minutes(found["first"]), _minutes(found["last"])
    # "second Tuesday" names a day, but not one of every week
    if first is None or last is None or not set(days) <= set(DAYS):
        return None
    return tuple(DAYS.index(day) for day in days), first, last or DAY_MINUTES


def _minutes(text: str) -> int | None:
    time = parse_time(text)
    return int(time[:2]) * 60 + int(time[3:]) if time else None


def _written(days: tuple[int, ...], first: int, last: int) -> str:
    """Return an entry; three and more days in a row become a range.

    Examples
    --------
    >>> _written((0, 1, 2, 4), 1020, 1440), _written((5, 6), 540, 840)
    ('MO-WE,FR 17:00-24:00', 'SA,SU 09:00-14:00')
    """
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = (
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 2 else ",".join(DAYS[day] for day in run)
        for run in runs
    )
    return f"{','.join(names)} {_clock(first)}-{_clock(last)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
