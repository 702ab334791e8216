"""Times of a sentence on opening hours, made intervals where only one reading is possible. Pure."""

import re
from dataclasses import dataclass
from itertools import pairwise

Minutes = tuple[int, int]

HOUR, HALF_DAY, DAY = 60, 12 * 60, 24 * 60
LONGEST_NIGHT = 16 * HOUR  # "8h - 5h" is not told of twenty-one hours
MORNING_ENDS, AFTERNOON_BEGINS = 14 * HOUR, 11 * HOUR + 30
FIRST_PLAIN_HOUR = 7  # "7:00" means the morning; "2:00" may mean the afternoon
_PARTS = re.compile(r"(\d{1,2})(?:\s?(?:h(?:eures?|rs?)?|[:.])\s?(\d{2})?)?\s?([ap])?[. m]*")
_NAMED = {
    **dict.fromkeys(("noon", "12 noon", "midday", "midi"), (12 * HOUR, "p")),
    **dict.fromkeys(("midnight", "12 midnight", "minuit"), (0, "a")),
}
_APART = {",", "and", "et", "&", "+", ";", ".", "\n"}


@dataclass(frozen=True)
class Clock:
    """A time as it is written: minutes as read, its half of the day, and whether it tells 24 hours."""

    minutes: int
    half: str | None
    certain: bool
    bare: bool


def read_clock(text: str) -> Clock:
    """Return a time; raises ValueError where there is no such time.

    Examples
    --------
    >>> read_clock("9h30").minutes, read_clock("5pm").half, read_clock("17").bare
    (570, 'p', True)
    """
    if text in _NAMED:
        return Clock(*_NAMED[text], certain=True, bare=False)
    found = _PARTS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if minute > 59 or hour > 24 or (hour == 24 and minute) or (half and not 1 <= hour <= 12):
        raise ValueError(text)
    certain = "h" in text or hour > 12 or found[1].startswith("0") or half is not None
    return Clock(hour * HOUR + minute, half, certain, text.strip().isdecimal())


def intervals(times: list[str], joints: list[str], *, strict: bool, by_24: bool = False) -> list[Minutes]:
    """Return (opens, closes) in minutes after midnight for a row of times.

    Parameters
    ----------
    times : list of str
        An even number of times, in the order of the text.
    joints : list of str
        What stands before each time ("-", "to", ",", ...); that of the first is not looked at.
    strict : bool
        Whether "9:00 - 5:00" leaves open which half of the day is meant.
    by_24 : bool
        Whether numbers alone ("9-18") are hours of a day of 24.

    Raises
    ------
    ValueError
        Where more than one reading is possible.

    Examples
    --------
    >>> intervals(["9h", "12h", "14h", "17h30"], ["", "-", "/", "-"], strict=False)
    [(540, 720), (840, 1050)]
    >>> intervals(["9", "5pm"], ["", "-"], strict=True)
    [(540, 1020)]
    >>> intervals(["9h", "14h"], ["", "et"], strict=False)
    Traceback (most recent call last):
    ValueError: two times, not an interval
    """
    if len(times) % 2:
        raise ValueError("a time without its end")
    if any(joint.strip(" ") in _APART for joint in joints[1::2]):
        raise ValueError("two times, not an interval")
    read = [read_clock(text) for text in times]
    pairs = zip(read[::2], read[1::2], strict=True)
    found = [_interval(first, last, strict, by_24) for first, last in pairs]
    if len(found) > 1 and any(closes >= opens for (_o, closes), (opens, _c) in pairwise(found)):
        raise ValueError("intervals that overlap")
    if len(found) > 1 and found[-1][1] > DAY:
        raise ValueError("a night among the intervals of a day")
    return found


def _interval(first: Clock, last: Clock, strict: bool, by_24: bool) -> Minutes:
    if first.half or last.half:
        opens, closes = _by_halves(first, last)
    else:
        opens, closes = first.minutes, last.minutes
        bare = (first.bare and last.bare) or (
            (first.bare or last.bare) and not (first.certain or last.certain)
        )
        if bare and not by_24:
            raise ValueError("numbers that may be anything")
        sure = (first.certain and last.certain) or not strict
        sure = sure or (first.certain and last.bare) or (last.certain and last.minutes > HALF_DAY)
        sure = sure or (by_24 and first.minutes > HALF_DAY)  # no morning: 20:00 - 8:00 is a night
        if not strict and closes < opens < HALF_DAY:
            raise ValueError("from a morning into the night?")
        if not sure and (opens < FIRST_PLAIN_HOUR * HOUR or closes <= opens):
            raise ValueError("which half of the day?")
        if last.bare and strict and closes <= opens:
            raise ValueError("which half of the day?")
    if opens == DAY:
        opens = 0
    if closes == opens:
        raise ValueError("it closes when it opens")
    if closes > opens:
        return opens, closes
    if closes + DAY - opens > LONGEST_NIGHT and not (first.half and last.half):
        raise ValueError("a night that is too long")
    return opens, closes + DAY


def _by_halves(first: Clock, last: Clock) -> Minutes:
    """Return an interval of which one end at least says am, pm, noon or midnight; no choice may be left."""
    ends = [(opens % DAY, closes) for opens in _readings(first) for closes in _readings(last)]
    if len(ends) == 1:
        return ends[0]
    forward = [(opens, closes) for opens, closes in ends if closes > opens]
    short = forward if len(forward) == 1 else [pair for pair in forward if pair[1] - pair[0] <= HALF_DAY]
    if len(short) == 1:
        return short[0]
    raise ValueError("which half of the day?")


def _readings(clock: Clock) -> list[int]:
    if clock.half:
        return [clock.minutes % HALF_DAY + (HALF_DAY if clock.half == "p" else 0)]
    if clock.certain or clock.minutes >= 13 * HOUR:
        return [clock.minutes]
    return [clock.minutes % HALF_DAY, clock.minutes % HALF_DAY + HALF_DAY]


def is_in_half(times: tuple[Minutes, ...], half: str | None) -> bool:
    """Return whether times lie in the half of the day that stands beside the day ("lundi matin").

    Examples
    --------
    >>> is_in_half(((495, 720),), "matin"), is_in_half(((840, 1020),), "morning"), is_in_half(((0, 9),), None)
    (True, False, True)
    """
    if half is None:
        return True
    if half.startswith(("morning", "matin")):
        return all(closes <= MORNING_ENDS for _opens, closes in times)
    return all(opens >= AFTERNOON_BEGINS for opens, _closes in times)


def without_pause(times: tuple[Minutes, ...], pause: Minutes) -> tuple[Minutes, ...]:
    """Return the two intervals that a pause leaves of one; raises ValueError where it lies in none.

    Examples
    --------
    >>> without_pause(((540, 1080),), (780, 840))
    ((540, 780), (840, 1080))
    """
    begins, ends = pause
    if len(times) == 1 and times[0][0] < begins < ends < times[0][1]:
        return (times[0][0], begins), (ends, times[0][1])
    raise ValueError("a break that lies in no opening hours")
