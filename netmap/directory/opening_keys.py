"""Opening hours of a place as one key of text, and which keys are open at a moment. Pure.

Thousands of places share some hundred sets of rules. An index that holds the key of each place can filter by
"open now" exactly: the keys are worked out once a minute by the rules of `netmap.directory.hours`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from functools import lru_cache

from netmap.directory import hours
from netmap.directory.hours import DAY_MINUTES, Rule

UNKNOWN = "?"  # the key of a place of which nobody knows any hours
_NAMES = tuple(one.name for one in fields(Rule))
_DATES = ("valid_from", "valid_to", "until", "dtstart")


def key_of(rules: Sequence[Rule]) -> str:
    """Return the key of a set of rules, the same for every order of them.

    Examples
    --------
    >>> mornings = Rule(freq="WEEKLY", byday=((0, 0),), opens=540, closes=720)
    >>> rules_of(key_of([mornings])) == (mornings,), key_of([])
    (True, '?')
    """
    if not rules:
        return UNKNOWN
    people = {name: f"p{number}" for number, name in enumerate(sorted({r.person for r in rules if r.person}))}
    plain = Rule()
    told = []
    for rule in rules:
        values = {name: getattr(rule, name) for name in _NAMES if getattr(rule, name) != getattr(plain, name)}
        if rule.person:
            values["person"] = people[rule.person]
        told.append(json.dumps(values, default=date.isoformat, separators=(",", ":"), sort_keys=True))
    return f"[{','.join(sorted(told))}]"


@lru_cache(maxsize=20_000)
def rules_of(key: str) -> tuple[Rule, ...]:
    """Return the rules that a key stands for."""
    if key == UNKNOWN:
        return ()
    found = []
    for values in json.loads(key):
        for name in _DATES:
            if name in values:
                values[name] = date.fromisoformat(values[name])
        if "byday" in values:
            values["byday"] = tuple((number, day) for number, day in values["byday"])
        if "bymonthday" in values:
            values["bymonthday"] = tuple(values["bymonthday"])
        found.append(Rule(**values))
    return tuple(found)


def open_keys(keys: Iterable[str], moment: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys that are open at a moment, and those of which it is not known.

    Parameters
    ----------
    keys : iterable of str
    moment : datetime
        Aware, in the time zone of the office.

    Examples
    --------
    >>> from datetime import UTC
    >>> mornings = key_of([Rule(freq="WEEKLY", byday=((0, 0),), opens=540, closes=720)])
    >>> open_keys([mornings, "?"], datetime(2026, 11, 23, 10, tzinfo=UTC)) == ({mornings}, {"?"})
    True
    """
    kinds = {key: _kind(key, moment) for key in keys}
    return (
        frozenset(key for key, kind in kinds.items() if kind == "open"),
        frozenset(key for key, kind in kinds.items() if kind == "unknown"),
    )


def _kind(key: str, moment: datetime) -> str:
    week = plain_week(key)
    if week is None or _clock_changes_near(moment):
        return hours.kind_at(rules_of(key), moment)
    minute = moment.weekday() * DAY_MINUTES + moment.hour * 60 + moment.minute
    return "open" if any(start <= minute < end for start, end in week) else "closed"


def _clock_changes_near(moment: datetime) -> bool:
    """Return whether clocks change within three days: minutes of a week would mislead then."""
    step = timedelta(days=3)
    return len({(moment + shift).utcoffset() for shift in (-step, step * 0, step)}) > 1


@lru_cache(maxsize=20_000)
def plain_week(key: str) -> tuple[tuple[int, int], ...] | None:
    """Return the minutes of every week at which a key is open; None where its rules say more than that."""
    rules = rules_of(key)
    if not rules or not all(map(_is_plain, rules)):
        return None
    week, found = 7 * DAY_MINUTES, []
    for rule in rules:
        for day in {day for _number, day in rule.byday} or set(range(7)):
            start = day * DAY_MINUTES + (rule.opens or 0)
            end = day * DAY_MINUTES + (rule.closes or 0)
            found += [(start, end), (start - week, end - week)]  # Sunday night runs into Monday
    return tuple(found)


def _is_plain(rule: Rule) -> bool:
    """Return whether a rule comes round every week alike, for ever, at known times of the office's clock."""
    bounded = rule.valid_from or rule.valid_to or rule.until or rule.dtstart or rule.count or rule.bymonthday
    if bounded or rule.closed or rule.offset is not None or rule.interval != 1 or not rule.is_timed():
        return False
    if rule.freq == "DAILY":
        return not rule.byday
    return rule.freq == "WEEKLY" and bool(rule.byday) and all(number == 0 for number, _day in rule.byday)
