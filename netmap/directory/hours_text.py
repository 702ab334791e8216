"""Opening hours in a text of several days: what can be read, and the words of what cannot."""

from dataclasses import dataclass

from netmap.directory.hours_words import is_whole_day, parse_days, parse_time


@dataclass(frozen=True)
class Interval:
    """One interval of opening, as the columns of an HSDS schedule hold it."""

    byday: str
    opens_at: str | None
    closes_at: str | None
    freq: str = "WEEKLY"


@dataclass(frozen=True)
class HoursText:
    """What a text says: intervals, and the words that could not be read ("" if all were)."""

    intervals: tuple[Interval, ...] = ()
    unread: str = ""


def read_hours_text(text: str, language: str | None) -> HoursText:
    """Return the hours in a text; where any part cannot be read, all its words stay unread.

    Examples
    --------
    >>> read_hours_text("Monday - Friday 8:30AM-5PM", "en").intervals
    (Interval(byday='MO,TU,WE,TH,FR', opens_at='08:30', closes_at='17:00', freq='WEEKLY'),)
    >>> read_hours_text("by appointment", "en").unread
    'by appointment'
    """
    words = text.strip()
    first = next((place for place, sign in enumerate(words) if sign.isdigit()), None)
    if first is None:
        return HoursText(unread=words)
    days, times = parse_days(words[:first].strip(" :")), words[first:].replace("–", "-")
    opens, _dash, closes = times.partition("-")
    whole = is_whole_day(times)
    read = ("00:00", "23:59") if whole else (parse_time(opens), parse_time(closes))
    if days is None or None in read:
        return HoursText(unread=words)
    freq = "MONTHLY" if any(sign.isdigit() for sign in days) else "WEEKLY"
    return HoursText((Interval(days, read[0], read[1], freq),))
