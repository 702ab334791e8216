"""Opening hours for paper: the week in words, days soon that are different, and what stands in words only."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from babel.dates import format_date

from netmap.directory import hours
from netmap.directory.models import Schedule, Service, ServiceAtLocation
from netmap.i18n import gettext as _
from netmap.i18n.numbers import locale
from netmap.matching.times import comes_weekly, in_words

SOON_DAYS = 60  # paper lives longer than a page on the screen


class Opening(NamedTuple):
    """The hours of one place: the rules, the week in the reader's words, remarks in the provider's."""

    rules: tuple[hours.Rule, ...]
    week: str
    remarks: tuple[str, ...]


def opening(service: Service, place: ServiceAtLocation | None, moment: datetime) -> Opening:
    """Return the hours of a service at one of its places, the most specific ones that are told."""
    levels: list[Sequence[Schedule]] = [service.schedules]
    if place is not None:
        levels = [place.schedules, service.schedules, place.location.schedules]
    told = [[(rule, row) for row in level if (rule := hours.to_rule(row)) is not None] for level in levels]
    rules = hours.most_specific([rule for rule, _row in level] for level in told)
    closed = [rule for rule in rules if rule.closed]
    weekly = [rule for rule in rules if not rule.closed and comes_weekly(rule)]
    remarks = [_closing(rule) for rule in closed if _soon(rule, moment.date())]
    for rule, row in (pair for level in told for pair in level if pair[0] in rules):
        words = [text for text in (row.description, row.notes, row.unread) if text]
        if not rule.closed and rule not in weekly and not row.description:
            words.append(in_words([rule, *closed], moment))
        remarks += [] if rule.closed else words
    said = [row for level in levels for row in level if hours.to_rule(row) is None]
    remarks += [text for row in said for text in (row.description, row.notes, row.unread) if text]
    week = in_words([*weekly, *closed], moment) if weekly else ""
    return Opening(tuple(rules), week, tuple(dict.fromkeys(text for text in remarks if text)))


def _soon(rule: hours.Rule, today: date) -> bool:
    last = rule.valid_to or rule.valid_from
    first = rule.valid_from
    return bool(first and last and last >= today and first - today <= timedelta(days=SOON_DAYS))


def _closing(rule: hours.Rule) -> str:
    first, last = rule.valid_from, rule.valid_to or rule.valid_from
    assert first is not None
    assert last is not None
    days = _day(first) if first == last else f"{_day(first)} – {_day(last)}"
    return _("closed %(days)s", days=days)


def _day(day: date) -> str:
    return format_date(day, "long", locale=locale())
