"""When a person wants to come: days, parts of a day and hours in a question, as codes of ``moment_of``.

The sayings are in ``times.toml``. A day beside a part of a day or an hour is one time: "saturday_evening".
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from netmap.vocabulary.parts import Found, Row
from netmap.vocabulary.sayings import Line, sayings
from netmap.vocabulary.terms import LANGUAGES

NEIGHBOURS = 1  # words that may stand between a day and its hour ("saturday from 18:00")
WHOLE_DAYS = frozenset({"now", "today"})  # a part of a day tells more than these
NOON = 12
_CLOCK = re.compile(
    r"(?:(?<!\w)(?P<before>after|from|at|by|по|после|с|со|в|к|після|з|від|о|об|po|nuo|apie)\s+)?"
    r"(?<![\w.,:+-])(?P<hour>[01]?\d|2[0-3])(?:(?P<dot>[:.])(?P<minute>[0-5]\d))?"
    r"\s?(?P<mark>[ap]\.?\s?m\b\.?|h\b|val\w*\.?|o'?clock|час\w*|год\w*\.?|г\.)?(?![\w:.,-]*\d)",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\s*(?:лет|год[ау]?(?!ин)|рок[иу]?в?|роки|метров|m\b|met\w*|mėn\w*|years?|yrs?|yo|y\.o|months?|weeks?|days?|дн\w*|"
    r"дет\w*|діт\w*|vaik\w*|children|kids|eur\w*|евро|євро|€|грн|%|km|км)",
    re.IGNORECASE,
)
_LATER = frozenset({"после", "після", "po", "nuo"})  # an hour without minutes is one after these words alone
_OF_CLOCK = re.compile(r"(?:h|val|o'?clock|час|год)", re.IGNORECASE)


def times(row: Row) -> list[Found]:
    """Return the times in the words that nothing has taken yet, a day and its hour as one."""
    line = Line.of(row.folded, row.free)
    days = list(_said(line, "day"))
    parts = [*_clocks(row), *_said(line, "part")]
    found: list[Found] = []
    for day in days:
        beside = next((part for part in parts if _near(day, part)), None)
        if beside is None:
            found.append(day)
            continue
        parts.remove(beside)
        code = beside.code if day.code in WHOLE_DAYS else f"{day.code}_{beside.code}"
        found.append(Found("time", code, min(day.first, beside.first), max(day.end, beside.end)))
    return [*found, *parts]


def _near(one: Found, other: Found) -> bool:
    """Tell whether two finds stand side by side or run into each other."""
    return max(one.first, other.first) - min(one.end, other.end) <= NEIGHBOURS


def _said(line: Line, group: str) -> Iterator[Found]:
    """Yield the days, or the parts of a day, that the words name; of those that overlap the first."""
    used: set[int] = set()
    for code, said, never in _listed(group):
        for found in sayings(said).finditer(line.text):
            first, end = line.span(found)
            own = set(range(first, end))
            denied = map(line.span, sayings(never).finditer(line.text))
            if not own & used and not any(first < stop and start < end for start, stop in denied):
                used |= own
                yield Found("time", code, first, end)


def _clocks(row: Row) -> Iterator[Found]:
    """Yield the hours that the words name: 18:00, 6 pm, после 18; no ages, sums and dates."""
    for found in _CLOCK.finditer(row.text):
        first, end = row.covered(*found.span())
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        mark, before = found["mark"] or "", (found["before"] or "").casefold()
        plain = found["dot"] != ":" and not mark
        if plain and (before not in _LATER or _AGE.match(row.text, found.end()) or hour < NOON / 2):
            continue
        if mark and _OF_CLOCK.match(mark) and not before and found["dot"] is None:
            continue  # "8 val.", "24 часа": how long, not when
        if mark[:1].casefold() in {"a", "p"} and hour <= NOON:
            hour = hour % NOON + (NOON if mark[:1].casefold() == "p" else 0)
        if first < end and row.is_free(first, end):
            yield Found("time", f"{hour:02}:{minute:02}", first, end)


@cache
def _listed(group: str) -> Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return code, sayings and what they do not mean, of the days or the parts of a day."""
    with Path(__file__).with_name("times.toml").open("rb") as file:
        listed = tomllib.load(file)[group]
    return tuple(
        (
            one["code"],
            tuple(said for language in LANGUAGES for said in one[language]),
            tuple(one.get("never", ())),
        )
        for one in listed
    )
