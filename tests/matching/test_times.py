"""Opening hours in words."""

from datetime import date, datetime

import pytest

from netmap.config import Settings
from netmap.directory.hours import Rule
from netmap.matching.times import in_words

WEEKDAYS = tuple((0, day) for day in range(5))


@pytest.fixture
def moment(settings: Settings) -> datetime:
    """A Monday morning at the office."""
    return datetime(2026, 11, 23, 8, tzinfo=settings.zone())


def test_days_with_equal_hours_are_joined(moment: datetime) -> None:
    rules = [Rule(byday=WEEKDAYS, opens=480, closes=720), Rule(byday=WEEKDAYS[:3], opens=780, closes=1020)]
    assert in_words(rules, moment) == "Mon–Wed 08:00–12:00, 13:00–17:00; Thu–Fri 08:00–12:00"


@pytest.mark.parametrize("other", [(600, 900), (540, 1050), (1050, 1080), (480, 540)])
def test_hours_that_overlap_or_touch_become_one(moment: datetime, other: tuple[int, int]) -> None:
    rules = [Rule(byday=WEEKDAYS[:1], opens=540, closes=1050)]
    rules.append(Rule(byday=WEEKDAYS[:1], opens=other[0], closes=other[1]))
    first, last = min(540, other[0]), max(1050, other[1])
    clock = f"{first // 60:02}:{first % 60:02}–{last // 60:02}:{last % 60:02}"
    assert in_words(rules, moment) == f"Mon {clock}"


def test_hours_past_midnight_end_on_the_clock(moment: datetime) -> None:
    assert in_words([Rule(byday=((0, 4),), opens=1200, closes=1560)], moment) == "Fri 20:00–02:00"


def test_round_the_clock_is_said_so(moment: datetime) -> None:
    assert in_words([Rule(freq="DAILY", opens=0, closes=1440)], moment) == "Mon–Sun round the clock"


def test_hours_that_are_not_weekly_give_the_next_opening(moment: datetime) -> None:
    first_tuesday = Rule(freq="MONTHLY", byday=((1, 1),), opens=600, closes=720)
    assert in_words([first_tuesday], moment) == "next: Tue 1 Dec 10:00"


def test_hours_that_begin_later_are_not_told_as_those_of_this_week(moment: datetime) -> None:
    winter = Rule(byday=WEEKDAYS, opens=600, closes=720, dtstart=date(2026, 12, 1))
    assert in_words([winter], moment) == "next: Tue 1 Dec 10:00"


@pytest.mark.parametrize(
    "rules",
    [[], [Rule(byday=WEEKDAYS)], [Rule(byday=WEEKDAYS, opens=480, closes=720, valid_to=date(2026, 8, 31))]],
)
def test_hours_that_nobody_knows_are_left_empty(rules: list[Rule], moment: datetime) -> None:
    assert in_words(rules, moment) == ""
