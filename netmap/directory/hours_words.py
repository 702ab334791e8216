"""Opening hours as people write them ("8:30AM", "Mon - Wed, Fri", "2nd & 4th Saturday"), read or refused.

Everything here answers None rather than guess: what cannot be read stays in the words of its source.
"""

import re
from collections.abc import Iterator

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_DAY_WORDS = (
    "mo mon monday mondays m pirmadienis pirmadienį pirmadieniais понедельник понеділок пн i",
    "tu tue tues tuesday tuesdays antradienis antradienį antradieniais вторник вівторок вт ii",
    "we wed weds wednesday wednesdays w trečiadienis trečiadienį trečiadieniais среда середа ср iii",
    "th thu thur thurs thursday thursdays ketvirtadienis ketvirtadienį ketvirtadieniais четверг четвер чт iv",
    "fr fri friday fridays f penktadienis penktadienį penktadieniais пятница п'ятниця пт v",
    "sa sat saturday saturdays šeštadienis šeštadienį šeštadieniais суббота субота сб vi",
    "su sun sunday sundays sekmadienis sekmadienį sekmadieniais воскресенье неділя вс нд vii",
)
_DAY = {word: number for number, words in enumerate(_DAY_WORDS) for word in words.split()}
_GROUPS = {
    "daily": range(7),
    "everyday": range(7),
    "every day": range(7),
    "all days": range(7),
    "24-7": range(7),
    "24/7": range(7),
    "kasdien": range(7),
    "ежедневно": range(7),
    "щодня": range(7),
    "weekdays": range(5),
    "darbo dienomis": range(5),
    "по будням": range(5),
    "у будні": range(5),
    "weekends": (5, 6),
    "savaitgaliais": (5, 6),
    "по выходным": (5, 6),
    "у вихідні": (5, 6),
}
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_ORDINAL |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_PLAIN = str.maketrans("–—’", "--'")
_MONTHLY_TAIL = re.compile(r"\s+(?:of|in)\s+(?:the|each|every)\s+month$")
_CODE = re.compile(r"([+-]?[1-5])?\s*(mo|tu|we|th|fr|sa|su)")
_JOINT = re.compile(r"\s*[,;&]\s*(?:and\s+)?|\s+(?:and|ir|и|і|та)\s+")
_RANGE = re.compile(r"\s*(?:-|\bto\b|\bthrough\b)\s*")
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.]\d{2}(?:\.\d+)?)?)?\s*(?P<half>[ap]\.?\s?m\.?)?"
    r"\s*(?P<zone>z|[+-]\d{2}:?\d{2})?"
)
_WHOLE_DAY = re.compile(r"24\s*(?:hours?|hrs?|h|val\.?|часа|години|[-/x]\s*7)(?:\s+a\s+day)?")


def parse_time(text: str) -> str | None:
    """Return a clock time as "HH:MM", or None where the words are not one.

    A zone behind the time ("Z", "+02:00") is left out: published files put it behind times that are
    meant as the office's own clock.

    Examples
    --------
    >>> parse_time("8:30AM"), parse_time("5 p.m."), parse_time("17:00:00Z"), parse_time("noon")
    ('08:30', '17:00', '17:00', '12:00')
    >>> parse_time("By appointment"), parse_time("25:00"), parse_time("8")
    (None, None, None)
    """
    words = text.strip().casefold()
    if words in {"noon", "12 noon", "midday"}:
        return "12:00"
    if words in {"midnight", "12 midnight", "24:00", "24:00:00"}:
        return "00:00"
    found = _CLOCK.fullmatch(words)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def has_zone(text: str) -> bool:
    """Return whether a readable clock time carries a zone that is left out."""
    found = _CLOCK.fullmatch(text.strip().casefold())
    return found is not None and bool(found["zone"])


def day_number(word: str) -> int | None:
    """Return the weekday (0-6) that a word of any of the four languages names, or None.

    Examples
    --------
    >>> day_number("thurs"), day_number("вівторок"), day_number("soon")
    (3, 1, None)
    """
    return _DAY.get(word)


def is_whole_day(text: str) -> bool:
    """Return whether the words mean the whole day ("24 hours", "24-7").

    Examples
    --------
    >>> is_whole_day("24 Hours"), is_whole_day("24-7"), is_whole_day("24")
    (True, True, False)
    """
    return _WHOLE_DAY.fullmatch(text.strip().casefold()) is not None


def parse_days(text: str) -> str | None:
    """Return days as the ``byday`` of RFC 5545, in the order of the week, or None where they cannot be read.

    Examples
    --------
    >>> parse_days("Monday - Friday"), parse_days("Mon, Wed-Fri"), parse_days("monday,tuesday")
    ('MO,TU,WE,TH,FR', 'MO,WE,TH,FR', 'MO,TU')
    >>> parse_days("2nd & 4th Saturday"), parse_days("Last Thursday of each month"), parse_days("1SA,-1FR")
    ('2SA,4SA', '-1TH', '-1FR,1SA')
    >>> parse_days("Every other Tuesday"), parse_days("Varies"), parse_days("")
    (None, None, None)
    """
    words = " ".join(text.casefold().translate(_PLAIN).split()).strip(" .,;")
    if words in _GROUPS:
        return _join((0, day) for day in _GROUPS[words])
    monthly = _MONTHLY_TAIL.search(words) is not None
    parts = _JOINT.split(_MONTHLY_TAIL.sub("", words))
    found = _codes(parts) or _ordinals(parts) or (None if monthly else _weekdays(parts))
    return _join(iter(found)) if found else None


def _codes(parts: list[str]) -> list[tuple[int, int]] | None:
    matches = [_CODE.fullmatch(part) for part in parts]
    if not all(matches):
        return None
    return [(int(match[1] or 0), DAYS.index(match[2].upper())) for match in matches if match]


def _weekdays(parts: list[str]) -> list[tuple[int, int]] | None:
    found: list[tuple[int, int]] = []
    for part in parts:
        ends = [_DAY.get(word.rstrip(".")) for word in _RANGE.split(part)]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or first is None or last is None:
            return None
        found += [(0, (first + step) % 7) for step in range((last - first) % 7 + 1)]
    return found


def _ordinals(parts: list[str]) -> list[tuple[int, int]] | None:
    """Read "first, second and fourth Tuesday": ordinals wait for the weekday that closes them."""
    found: list[tuple[int, int]] = []
    waiting: list[int] = []
    for part in parts:
        ordinal, _, weekday = part.partition(" ")
        if ordinal not in _ORDINAL or (weekday and weekday not in _DAY):
            return None
        waiting.append(_ORDINAL[ordinal])
        if weekday:
            found += [(number, _DAY[weekday]) for number in waiting]
            waiting = []
    return None if waiting else found


def _join(days: Iterator[tuple[int, int]]) -> str:
    ordered = sorted(set(days), key=lambda pair: (pair[1], pair[0]))
    return ",".join(f"{number or ''}{DAYS[day]}" for number, day in ordered)


def read_byday(text: str | None) -> tuple[tuple[int, int], ...] | None:
    """Return a ``byday`` as (which one of the month or 0, weekday 0-6); None where it cannot be read.

    Examples
    --------
    >>> read_byday("MO,-1FR"), read_byday(None), read_byday("XX")
    (((0, 0), (-1, 4)), (), None)
    """
    if not text:
        return ()
    found = _codes([part.strip() for part in text.casefold().split(",")])
    return tuple(found) if found else None
