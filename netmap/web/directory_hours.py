"""Opening hours as the pages of services, places and organizations show them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from netmap.db import now
from netmap.directory import hours
from netmap.directory.models import Contact, Schedule, Service, ServiceAtLocation
from netmap.matching.times import comes_weekly, in_words
from netmap.web import directory_words as words
from netmap.web.door import settings


class Hours(NamedTuple):
    """Opening hours as the page shows them: the state now, the week, and what stands in words only."""

    now: str
    week: str
    notes: tuple[str, ...]


def office_moment() -> datetime:
    """Return this moment in the time zone of the office."""
    return now().astimezone(settings().zone())


def levels_of(service: Service, place: ServiceAtLocation) -> list[Sequence[Schedule]]:
    """Return the hours told for a place, the most specific first: its own, the service's, the location's."""
    return [place.schedules, service.schedules, place.location.schedules]


def people_with_hours(contacts: Sequence[Contact], moment: datetime) -> list[tuple[Contact, Hours | None]]:
    """Return people, each with the own hours that are told of them."""
    return [(one, hours_in_words([one.schedules], moment) if one.schedules else None) for one in contacts]


def hours_in_words(levels: Sequence[Sequence[Schedule]], moment: datetime) -> Hours:
    """Return the hours of the levels in words, with the days on which they are others, and their remarks."""
    told = [[(rule, row) for row in level if (rule := hours.to_rule(row)) is not None] for level in levels]
    rules = hours.most_specific([rule for rule, _row in level] for level in told)
    said = [(row, "") for level in levels for row in level if hours.to_rule(row) is None]  # only words
    closed = [rule for rule in rules if rule.closed]
    weekly = [rule for rule in rules if not rule.closed and comes_weekly(rule)]
    kept = [
        (row, "" if rule.closed or rule in weekly else in_words([rule, *closed], moment))
        for level in told
        for rule, row in level
        if rule in rules
    ]
    return Hours(
        hours.sentence(hours.state(rules, moment), moment),
        in_words([*weekly, *closed], moment),
        words.about_hours([*kept, *said], moment.date()),
    )
