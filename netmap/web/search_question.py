"""From the fields of an address to a question: points, kilometres, days and hours, each with its sentence."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from netmap.db import now
from netmap.directory.asking import DEEPEST, SORTS
from netmap.directory.find import Question
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.web.door import settings
from netmap.web.search_address import Typed

PAGE = 20
LONGEST_DAYS = 36_500
FARTHEST_DAYS = 366  # nobody knows further opening hours


def question_of(typed: Typed) -> Question:
    """Return the question of an address.

    Raises
    ------
    Invalid
        With a sentence for each field that cannot be read.
    """
    single, read, errors = typed.single, dict[str, Any](), dict[str, str]()
    parts: dict[str, Callable[[], Any]] = {
        "near": lambda: _near(single["near"]) or single["from"] or None,
        "within_km": lambda: _kilometres(single["within"]),
        "checked_days": lambda: _days(single["checked"]),
        "open_at": lambda: _moment(single["open"], single["day"], single["time"]),
    }
    for name, part in parts.items():
        try:
            read[name] = part()
        except Invalid as error:
            errors |= error.fields
    if errors:
        raise Invalid(next(iter(errors.values())), errors)
    offset = (typed.page - 1) * PAGE
    return Question(
        text=typed.words,
        only={name: codes for name, codes in typed.chosen.items() if codes},
        without=frozenset(typed.without),
        sort=single["sort"] if single["sort"] in SORTS else "best",
        limit=PAGE,
        offset=offset if offset <= DEEPEST else 0,
        **read,
    )


def _near(point: str) -> tuple[float, float] | None:
    if not point:
        return None
    try:
        latitude, longitude = (float(part) for part in point.split(","))
    except ValueError as error:
        sentence = _("Enter a point as latitude,longitude, for example 55.52,25.10.")
        raise _wrong("near", sentence) from error
    return latitude, longitude


def _kilometres(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError as error:
        raise _wrong("within", _("Enter kilometres as a number, for example 20.")) from error


def _days(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and 1 <= int(text) <= LONGEST_DAYS):
        sentence = _("Enter in how many days somebody must have checked it, as a whole number from 1 on.")
        raise _wrong("checked", sentence)
    return int(text)


def _moment(wish: str, day: str, hour: str) -> datetime | None:
    """Return the moment at which it shall be open: the day and time, today's where only a time is given."""
    zone = settings().zone()
    if not day and not hour:
        return now().astimezone(zone) if wish else None
    if not hour:
        raise _wrong("time", _("Enter the time too, for example 14:30."))
    try:
        clock = time.fromisoformat(hour)
    except ValueError as error:
        raise _wrong("time", _("Enter the time as hours and minutes, for example 14:30.")) from error
    today = now().astimezone(zone).date()
    try:
        wished = date.fromisoformat(day) if day else today
    except ValueError as error:
        raise _wrong("day", _("Enter the day as year-month-day, for example 2026-11-30.")) from error
    if not 0 <= (wished - today).days <= FARTHEST_DAYS:
        raise _wrong(
            "day", _("Enter a day from today on and within a year: other opening hours say nothing.")
        )
    return datetime.combine(wished, clock.replace(tzinfo=None), zone)


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: sentence})
