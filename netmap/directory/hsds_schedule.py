"""Opening hours in the cells of a schedule row, whichever version of HSDS wrote them.

HSDS 3 has ``byday``, ``opens_at`` and ``closes_at``; older files have ``weekday`` and put clock times into
``dtstart`` and ``until``. A row is read as a whole: where one part cannot be read, its words are kept in
``unread`` and no times are stored, because half of "9:00 to ?" would be a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from netmap.directory.hours_words import has_zone, is_whole_day, parse_days, parse_time
from netmap.directory.hsds_cells import UnreadableError, read_date

FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY"}
FIELDS = ("byday", "freq", "dtstart", "until", "opens_at", "closes_at")
WHOLE_DAY = ("00:00", "23:59")
EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"


@dataclass
class Hours:
    """What one row says about days and times.

    ``unread`` holds the words that could not be read; ``zoned`` says that a zone behind a time was left out.
    """

    values: dict[str, object]
    unread: list[str] = field(default_factory=list)
    zoned: bool = False


def read_hours(cells: Mapping[str, str]) -> Hours:
    """Return days and times of a row of cleaned cells.

    Examples
    --------
    >>> old = read_hours({"weekday": "Mon - Wed, Fri", "dtstart": "8:30AM", "until": "5:00PM"})
    >>> old.values["byday"], old.values["opens_at"], old.values["closes_at"], old.values["freq"]
    ('MO,TU,WE,FR', '08:30', '17:00', 'WEEKLY')
    >>> read_hours({"weekday": "Saturday", "dtstart": "By appointment"}).unread
    ['By appointment']
    """
    hours = Hours(dict.fromkeys(FIELDS))
    if cells.get("unread"):  # a map or an earlier import has tried already
        hours.unread.append(cells["unread"])
    day_words = [cells[name] for name in ("weekday", "byday") if cells.get(name)]
    starts = _clock_words(hours, cells, "opens_at", "dtstart")
    ends = _clock_words(hours, cells, "closes_at", "until")
    times = starts + ends
    if not times and any(is_whole_day(words) for words in day_words):
        times = starts = day_words[:1]
    read_days = {parse_days(words) for words in day_words}
    if None in read_days or len(read_days) > 1:
        hours.unread += [*day_words, *times]
        return hours
    _set_days(hours, next(iter(read_days), None), cells.get("freq", ""))
    if hours.unread:
        hours.unread += times
        return hours
    _set_times(hours, starts, ends)
    return hours


def _clock_words(hours: Hours, cells: Mapping[str, str], name: str, old_name: str) -> list[str]:
    """Return the words for one end of an interval; a date under the old name is kept as the date it is."""
    words = [cells[name]] if cells.get(name) else []
    if old := cells.get(old_name, ""):
        try:
            hours.values[old_name] = read_date(old)
        except UnreadableError:
            words.append(old)
    return words


def _set_days(hours: Hours, byday: str | None, freq: str) -> None:
    hours.values["byday"] = byday
    if freq and freq.upper() not in FREQUENCIES:
        hours.unread.append(freq)
    elif freq:
        hours.values["freq"] = freq.upper()
    elif byday:
        hours.values["freq"] = "MONTHLY" if any(sign.isdigit() for sign in byday) else "WEEKLY"


def _set_times(hours: Hours, starts: list[str], ends: list[str]) -> None:
    words = starts + ends
    hours.zoned = any(has_zone(word) for word in words)
    if words and all(is_whole_day(word) for word in words):
        hours.values["opens_at"], hours.values["closes_at"] = WHOLE_DAY
        return
    read = [parse_time(word) for word in words]
    if None in read or len(starts) > 1 or len(ends) > 1:
        hours.unread += words
        return
    hours.values["opens_at"] = read[0] if starts else None
    hours.values["closes_at"] = read[-1] if ends else None
