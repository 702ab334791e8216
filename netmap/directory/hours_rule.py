"""One row of a schedule as a rule: which days, which interval, by which clock. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Protocol, cast

from netmap.directory.hours_words import DAYS, parse_time, read_byday

DAY_MINUTES = 24 * 60


class ScheduleRow(Protocol):
    """What `to_rule` reads of a row of the table ``schedule``; any object with these names will do."""

    valid_from: date | None
    valid_to: date | None
    dtstart: date | None
    until: date | None
    timezone: float | None
    closed: bool
    contact_id: str | None
    count: int | None
    wkst: str | None
    freq: str | None
    interval: int | None
    byday: str | None
    byweekno: str | None
    bymonthday: str | None
    byyearday: str | None
    opens_at: str | None
    closes_at: str | None
    unread: str | None


@dataclass(frozen=True)
class Rule:
    """One interval of opening hours and the days on which it comes round, or days that are closed.

    ``opens`` and ``closes`` are minutes after midnight; ``closes`` is above 1440 where it lies on the next
    day. With no day given at all, nobody knows on which days. ``offset`` is the distance from UTC in minutes
    of times that are not told by the office's clock. A ``closed`` rule takes its days from all rules but
    those that are valid on no other days: closed from 24 to 27 December, open on the 24th from 9 to 12.
    ``person`` is the specialist whose hours or holidays these are.
    """

    valid_from: date | None = None
    valid_to: date | None = None
    until: date | None = None
    freq: str | None = None
    interval: int = 1
    byday: tuple[tuple[int, int], ...] = ()
    bymonthday: tuple[int, ...] = ()
    dtstart: date | None = None
    count: int | None = None
    opens: int | None = None
    closes: int | None = None
    wkst: int = 0
    closed: bool = False
    offset: int | None = None
    person: str | None = None

    def is_valid(self, day: date) -> bool:
        """Return whether the information still (or already) counts on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def is_timed(self) -> bool:
        """Return whether both ends of the interval are known."""
        return self.opens is not None and self.closes is not None

    def yields_to(self, closing: "Rule") -> bool:
        """Return whether a closing takes its days from this rule; a specialist's holiday is theirs alone."""
        return closing.person in (None, self.person) and not self.is_within(closing)

    def is_within(self, closing: "Rule") -> bool:
        """Return whether this rule is valid on days of a closing only: hours of an exceptional day."""
        if self.valid_from is None or self.valid_to is None:
            return False
        first, last = closing.valid_from, closing.valid_to
        return first is not None and last is not None and first <= self.valid_from and self.valid_to <= last


COLUMNS = (
    "valid_from", "valid_to", "dtstart", "until", "timezone", "closed", "contact_id", "count", "wkst", "freq",
    "interval", "byday", "byweekno", "bymonthday", "byyearday", "opens_at", "closes_at", "unread",
)  # fmt: skip


@lru_cache(maxsize=20_000)
def rule_of(columns: tuple[object, ...]) -> "Rule | None":
    """Return the rule of a row given as the values of `COLUMNS`; services share a few hundred rows."""
    return to_rule(cast(ScheduleRow, SimpleNamespace(**dict(zip(COLUMNS, columns, strict=True)))))


def to_rule(row: ScheduleRow) -> Rule | None:
    """Return the rule of a schedule row, or None for a row that says nothing about days or times.

    What cannot be read as a whole becomes a rule without times, which answers "unknown", never "closed".
    """
    if row.closed:
        return _closing(row)
    opens, closes = _minutes(row.opens_at), _minutes(row.closes_at)
    days, month_days = read_byday(row.byday), _numbers(row.bymonthday)
    if not (row.opens_at or row.closes_at or row.byday or row.bymonthday or row.unread or row.dtstart):
        return None
    whole = days is not None and month_days is not None and not (row.unread or row.byweekno or row.byyearday)
    if not whole or (row.freq or "WEEKLY") not in {"DAILY", "WEEKLY", "MONTHLY"}:
        opens = closes = None
    if opens is not None and closes is not None:
        if (opens, closes) == (0, DAY_MINUTES - 1):
            closes = DAY_MINUTES  # HSDS writes 24 hours as 00:00 to 23:59
        elif closes <= opens:
            closes += DAY_MINUTES
    return Rule(
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        until=row.until,
        freq=row.freq,
        interval=max(row.interval or 1, 1),
        byday=days or (),
        bymonthday=month_days or (),
        dtstart=row.dtstart,
        count=row.count,
        opens=opens,
        closes=closes,
        wkst=DAYS.index(row.wkst) if row.wkst in DAYS else 0,
        offset=None if row.timezone is None else round(row.timezone * 60),
        person=row.contact_id,
    )


def _closing(row: ScheduleRow) -> Rule | None:
    """Return the rule of a row that says when a place is closed; None where it does not say when."""
    days, month_days = read_byday(row.byday), _numbers(row.bymonthday)
    if days is None or month_days is None or row.unread:
        return None
    if not (days or month_days):
        first, last = (
            row.valid_from or row.dtstart,
            row.valid_to or row.until or row.valid_from or row.dtstart,
        )
        if first is None:
            return None
        return Rule(valid_from=first, valid_to=last, freq="DAILY", closed=True, person=row.contact_id)
    return Rule(
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        until=row.until,
        freq=row.freq or "WEEKLY",
        interval=max(row.interval or 1, 1),
        byday=days,
        bymonthday=month_days,
        dtstart=row.dtstart,
        closed=True,
        person=row.contact_id,
    )


def most_specific(levels: Iterable[Sequence[Rule]]) -> tuple[Rule, ...]:
    """Return the rules that count where hours are told at several levels, the most specific first.

    The first level that tells hours of ordinary days wins. Closed days of every level count, with the hours
    that hold on those days only: a service that is closed at Christmas is closed at each of its places. Where
    only specialists have hours, the service is open when one of them is.

    Examples
    --------
    >>> office = Rule(byday=((0, 0),), opens=540, closes=720)
    >>> christmas = Rule(valid_from=date(2026, 12, 24), valid_to=date(2026, 12, 26), closed=True)
    >>> adviser = Rule(byday=((0, 1),), opens=600, closes=660, person="c1")
    >>> most_specific([[adviser], [office, christmas]]) == (office, christmas)
    True
    >>> most_specific([[adviser], [christmas]]) == (adviser, christmas)
    True
    """
    told = [tuple(level) for level in levels]
    for personal in (False, True):
        for chosen in told:
            special = _exceptions(chosen)
            own = tuple(rule for rule in chosen if (rule.person is not None) == personal)
            if any(not rule.closed and rule not in special for rule in own):
                others = (rule for level in told if level is not chosen for rule in _exceptions(level))
                return own + tuple(others) + (special if personal else ())
    return tuple(rule for level in told for rule in level if rule.person is None)


def _exceptions(level: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the closed days of a level, and the hours that hold on those days only."""
    general = [rule for rule in level if rule.person is None]
    closings = [rule for rule in general if rule.closed]
    within = [rule for rule in general if not rule.closed and any(map(rule.is_within, closings))]
    return (*closings, *within)


def _minutes(text: str | None) -> int | None:
    read = parse_time(text) if text else None
    return int(read[:2]) * 60 + int(read[3:]) if read else None


def _numbers(text: str | None) -> tuple[int, ...] | None:
    try:
        return tuple(int(part) for part in text.split(",")) if text else ()
    except ValueError:
        return None
