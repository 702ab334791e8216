"""A week of opening hours as a person types it: the spans of each day, read and written. Pure.

A day is a text such as "09:00–12:00; 13:00–17:00". A span that ends before it begins runs into the next day.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from babel.dates import get_day_names

from netmap.directory.hours import DAY_MINUTES, parse_time
from netmap.directory.hours_words import DAYS
from netmap.editing.fields import Wrong
from netmap.i18n import gettext as _
from netmap.i18n.numbers import locale

Span = tuple[int, int]  # first and last minute after midnight; the last is above 1440 on the next day
DASH, BETWEEN = "–", "; "
MOST_SPANS = 6


def day_name(code: str) -> str:
    """Return the name of a weekday ("MO") in the reader's language.

    Examples
    --------
    >>> day_name("MO")
    'Monday'
    """
    return str(get_day_names("wide", locale=locale(), context="stand-alone")[DAYS.index(code)])


def clock(minutes: int) -> str:
    """Return minutes after midnight as a clock shows them; the end of a whole day is 24:00.

    Examples
    --------
    >>> clock(540), clock(1440), clock(1560)
    ('09:00', '24:00', '02:00')
    """
    if minutes == DAY_MINUTES:
        return "24:00"
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def as_text(spans: Sequence[Span]) -> str:
    """Return the spans of a day as text.

    Examples
    --------
    >>> as_text([(780, 1020), (540, 720)])
    '09:00–12:00; 13:00–17:00'
    """
    return BETWEEN.join(f"{clock(opens)}{DASH}{clock(closes)}" for opens, closes in sorted(spans))


def read_clock(text: str) -> int | None:
    """Return the minutes of a time as it is typed at a desk, None where it is none.

    Examples
    --------
    >>> read_clock("9"), read_clock("9.30"), read_clock("0930"), read_clock("24:00"), read_clock("half nine")
    (540, 570, 570, 1440, None)
    """
    short = text.strip()
    if short in {"24", "24:00", "24.00", "2400"}:
        return DAY_MINUTES
    if re.fullmatch(r"\d{1,2}", short):
        short = f"{short}:00"
    elif re.fullmatch(r"\d{3,4}", short):
        short = f"{short[:-2]}:{short[-2:]}"
    found = parse_time(short)
    return int(found[:2]) * 60 + int(found[3:]) if found else None


def read_day(text: str, name: str) -> list[Span]:
    """Return the spans of a day, in order.

    Parameters
    ----------
    text : str
    name : str
        What the day is called in a sentence.

    Raises
    ------
    Wrong
        With a sentence, where a time is none, is missing, or two spans overlap.

    Examples
    --------
    >>> read_day("22–2", "Friday")
    [(1320, 1560)]
    >>> read_day("9–12; 13–17", "Friday")
    [(540, 720), (780, 1020)]
    """
    spans = sorted(_span(part, name) for part in text.split(BETWEEN.strip()) if part.strip(f" {DASH}"))
    if len(spans) > MOST_SPANS:
        raise Wrong(_("%(day)s has more than %(most)s spans of hours: join some.", day=name, most=MOST_SPANS))
    for first, second in pairwise(spans):
        if second[0] < first[1]:
            said = {"day": name, "first": as_text([first]), "second": as_text([second])}
            raise Wrong(
                _(
                    "%(day)s: %(first)s and %(second)s overlap. Let the second begin when the first has "
                    "ended, or make them one.",
                    **said,
                )
            )
    return spans


def _span(text: str, name: str) -> Span:
    opening, _dash, closing = text.partition(DASH)
    ends = [read_clock(opening), read_clock(closing)]
    for typed, minutes in zip((opening.strip(), closing.strip()), ends, strict=True):
        if typed and minutes is None:
            raise Wrong(_("%(day)s: “%(typed)s” is no time. Write it as 09:00.", day=name, typed=typed[:40]))
    opens, closes = ends
    if opens is None:
        raise Wrong(_("%(day)s: say from when it is open until %(time)s.", day=name, time=closing.strip()))
    if closes is None:
        raise Wrong(_("%(day)s: say until when it is open from %(time)s.", day=name, time=opening.strip()))
    if opens in (closes, DAY_MINUTES):
        raise Wrong(
            _(
                "%(day)s opens and closes at the same time. For round the clock write 00:00 and 24:00; leave "
                "both empty if it is closed.",
                day=name,
            )
        )
    return (opens, closes if closes > opens else closes + DAY_MINUTES)


def overnight(spans: Sequence[Span]) -> list[Span]:
    """Return the spans that run into the next day."""
    return [span for span in spans if span[1] > DAY_MINUTES]


def into_next_day(week: Mapping[str, Sequence[Span]]) -> dict[str, str]:
    """Return day -> a sentence, where hours of the day before run into its first hours.

    Examples
    --------
    >>> into_next_day({"FR": [(1320, 1560)], "SA": [(60, 720)]})
    {'SA': 'Saturday opens at 01:00 while the hours of Friday go on until 02:00. Mend one of the two.'}
    """
    found = {}
    for number, day in enumerate(DAYS):
        before = DAYS[number - 1]
        late = max((closes - DAY_MINUTES for _opens, closes in week.get(before, ())), default=0)
        opens = min((opens for opens, _closes in week.get(day, ())), default=DAY_MINUTES)
        if opens < late:
            found[day] = _(
                "%(day)s opens at %(opens)s while the hours of %(before)s go on until %(late)s. Mend one of "
                "the two.",
                day=day_name(day),
                opens=clock(opens),
                before=day_name(before),
                late=clock(late),
            )
    return found
