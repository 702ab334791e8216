"""Hours that a file carries away say the same as the rules they were made of."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from netmap.directory import hours
from netmap.directory.hours import Rule
from netmap.directory.opening_keys import key_of
from netmap.printing.calendar import DAYS, calendar

ZONE = ZoneInfo("Europe/Vilnius")
MADE = datetime(2026, 11, 26, 15, 30, tzinfo=ZONE)
WORKING = tuple((0, day) for day in range(5))
RULES = {
    "week": [Rule(freq="WEEKLY", byday=WORKING, opens=540, closes=1020)],
    "over midnight": [Rule(freq="WEEKLY", byday=((0, 4), (0, 6)), opens=1200, closes=1560)],
    "holiday": [
        Rule(freq="WEEKLY", byday=WORKING, opens=540, closes=1020),
        Rule(closed=True, valid_from=date(2026, 12, 24), valid_to=date(2027, 1, 2)),
    ],
    "first tuesday": [Rule(freq="MONTHLY", byday=((1, 1),), opens=600, closes=720)],
    "ends": [Rule(freq="WEEKLY", byday=WORKING, opens=540, closes=1020, valid_to=date(2026, 12, 4))],
}


def state(told: dict[str, object] | None, moment: datetime) -> str:
    """What the script of the file says: the same few lines in Python."""
    if told is None:
        return "unknown"
    days = (moment.date() - MADE.date()).days
    minute = moment.hour * 60 + moment.minute
    if "week" in told:
        here = moment.weekday() * 1440 + minute
        spans: list[list[int]] = told["week"]  # type: ignore[assignment]
        return "open" if any(a <= m < b for a, b in spans for m in (here, here + 10080)) else "closed"
    spans = told["days"]  # type: ignore[assignment]
    if any(first <= days * 1440 + minute < last for first, last in spans):
        return "open"
    return "unknown" if told.get("unsure") else "closed"


@pytest.mark.parametrize("name", RULES)
def test_the_calendar_is_open_when_the_rules_are(name: str) -> None:
    told = calendar(key_of(RULES[name]), MADE)
    start = MADE.replace(hour=0, minute=0)
    for step in range(0, (DAYS - 1) * 48):
        moment = start + timedelta(minutes=30 * step)
        expected = hours.kind_at(RULES[name], moment)
        found = state(told, moment)
        assert found == expected or (found == "unknown" and expected == "closed"), (name, moment, told)


def test_nobody_knows_is_not_closed() -> None:
    assert calendar("?", MADE) is None
    ends = calendar(key_of(RULES["ends"]), MADE)
    assert ends is not None
    assert ends["unsure"]
