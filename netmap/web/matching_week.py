"""The hours at which a person can come: a grid of days and parts of the day, and any other hours as text."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel.dates import get_day_names

from netmap.directory.hours_words import DAYS
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n.numbers import locale
from netmap.packages.fields import Fields
from netmap.packages.hours import read_hours, windows

# Part of the day -> from and to in minutes; what touches is put together.
PARTS = {"morning": (480, 720), "afternoon": (720, 1020), "evening": (1020, 1260)}
Window = tuple[int, int, int]


def day_names() -> list[tuple[str, str]]:
    """Return the days of the week, Monday first, in the reader's language."""
    names = get_day_names("wide", locale=locale())
    return [(code, names[number]) for number, code in enumerate(DAYS)]


def part_names() -> dict[str, str]:
    """Return the parts of the day in words."""
    return {
        "morning": _("morning, 8–12"),
        "afternoon": _("afternoon, 12–17"),
        "evening": _("evening, 17–21"),
    }


def hours_from(typed: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the hours of the JSON contract from the ticked parts and the other hours.

    Raises
    ------
    Invalid
        If the other hours cannot be read.
    """
    ticked = {
        (day, *PARTS[part])
        for day, code in enumerate(DAYS)
        for part in PARTS
        if typed.get(f"week-{code}-{part}")
    }
    errors: dict[str, str] = {}
    entries = [entry.strip() for entry in typed.get("hours_also", "").replace("\n", ";").split(";")]
    also = read_hours(Fields({"hours": [entry for entry in entries if entry]}, errors))
    if errors:
        raise Invalid(errors["hours"], {"hours_also": errors["hours"]})
    return [
        {"day": DAYS[day], "from": _clock(start), "to": _clock(end)}
        for day, start, end in _joined(ticked | set(windows(also)))
    ]


def typed_from_hours(hours: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the ticks of the grid; what does not fill whole parts stays as text.

    Examples
    --------
    >>> typed_from_hours([{"day": "MO", "from": "08:00", "to": "17:00"}])
    {'week-MO-morning': 'yes', 'week-MO-afternoon': 'yes'}
    >>> typed_from_hours([{"day": "TU", "from": "08:00", "to": "13:00"}])
    {'week-TU-morning': 'yes', 'hours_also': 'TU 12:00-13:00'}
    """
    typed: dict[str, str] = {}
    rest: list[str] = []
    for window in hours:
        day, start, end = str(window["day"]), _minutes(window["from"]), _minutes(window["to"])
        whole = [(name, part) for name, part in PARTS.items() if start <= part[0] and part[1] <= end]
        typed |= {f"week-{day}-{name}": "yes" for name, _part in whole}
        edges = [start, *(edge for _name, part in whole for edge in part), end]
        pieces = ((edges[at], edges[at + 1]) for at in range(0, len(edges), 2))
        rest += [f"{day} {_clock(first)}-{_clock(last)}" for first, last in pieces if first < last]
    return typed | ({"hours_also": "; ".join(rest)} if rest else {})


def _joined(found: Iterable[Window]) -> list[Window]:
    """Return windows of which none touches another.

    Examples
    --------
    >>> _joined([(0, 480, 720), (0, 720, 1020), (1, 480, 720)])
    [(0, 480, 1020), (1, 480, 720)]
    """
    joined: list[Window] = []
    for day, start, end in sorted(found):
        if joined and joined[-1][0] == day and start <= joined[-1][2]:
            joined[-1] = (day, joined[-1][1], max(end, joined[-1][2]))
        else:
            joined.append((day, start, end))
    return joined


def _minutes(clock: object) -> int:
    hours, _colon, minutes = str(clock).partition(":")
    return int(hours) * 60 + int(minutes or 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
