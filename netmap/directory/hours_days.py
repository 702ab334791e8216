"""On which days a recurrence rule comes round: pure calendar sums."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Protocol

COUNT_DAYS = 3660  # a rule that names a number of meetings is followed for ten years


class Recurrence(Protocol):
    """The part of a rule that says on which days it comes round."""

    @property
    def freq(self) -> str | None: ...  # noqa: D102
    @property
    def interval(self) -> int: ...  # noqa: D102
    @property
    def byday(self) -> tuple[tuple[int, int], ...]: ...  # noqa: D102
    @property
    def bymonthday(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def dtstart(self) -> date | None: ...  # noqa: D102
    @property
    def until(self) -> date | None: ...  # noqa: D102
    @property
    def count(self) -> int | None: ...  # noqa: D102
    @property
    def wkst(self) -> int: ...  # noqa: D102


def occurs(rule: Recurrence, day: date) -> bool | None:
    """Return whether a rule comes round on a day; None where the rule does not say enough.

    Parameters
    ----------
    rule : Recurrence
        ``byday`` holds (which one of the month or 0, weekday 0-6); -1 is the last one.
    day : date

    Examples
    --------
    >>> from netmap.directory.hours import Rule
    >>> first_saturday = Rule(freq="MONTHLY", byday=((1, 5),))
    >>> occurs(first_saturday, date(2026, 12, 5)), occurs(first_saturday, date(2026, 12, 12))
    (True, False)
    >>> occurs(Rule(), date(2026, 12, 5)) is None
    True
    """
    if not (rule.dtstart or day) <= day <= (rule.until or day):
        return False
    on_pattern = _on_pattern(rule, day)
    if not on_pattern:
        return on_pattern
    in_turn = _in_turn(rule, day)
    if not in_turn or rule.count is None:
        return in_turn
    return _within_count(rule, day)


def _on_pattern(rule: Recurrence, day: date) -> bool | None:
    """Return whether weekday and day of the month fit; what the rule leaves out is taken from ``dtstart``."""
    if rule.bymonthday and not any(_is_month_day(number, day) for number in rule.bymonthday):
        return False
    if rule.byday:
        return any(weekday == day.weekday() and _is_nth(number, day) for number, weekday in rule.byday)
    if rule.bymonthday or rule.freq == "DAILY":
        return True
    if rule.dtstart is None:
        return None
    if rule.freq == "WEEKLY":
        return day.weekday() == rule.dtstart.weekday()
    return day.day == rule.dtstart.day if rule.freq == "MONTHLY" else day == rule.dtstart


def _is_month_day(number: int, day: date) -> bool:
    return day.day == (number if number > 0 else monthrange(day.year, day.month)[1] + 1 + number)


def _is_nth(number: int, day: date) -> bool:
    if number == 0:
        return True
    if number > 0:
        return (day.day - 1) // 7 + 1 == number
    return (monthrange(day.year, day.month)[1] - day.day) // 7 + 1 == -number


def _in_turn(rule: Recurrence, day: date) -> bool | None:
    """Return whether this week, month or day is one of every ``interval``; needs ``dtstart``."""
    if rule.interval == 1:
        return True
    if rule.dtstart is None:
        return None
    if rule.freq == "DAILY":
        steps = (day - rule.dtstart).days
    elif rule.freq == "MONTHLY" or any(number for number, _weekday in rule.byday):
        steps = (day.year - rule.dtstart.year) * 12 + day.month - rule.dtstart.month
    else:
        steps = (_week_start(day, rule.wkst) - _week_start(rule.dtstart, rule.wkst)).days // 7
    return steps % rule.interval == 0


def _week_start(day: date, first_weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def _within_count(rule: Recurrence, day: date) -> bool | None:
    """Return whether the ``count`` meetings are not used up before this day."""
    if rule.dtstart is None or rule.count is None or (day - rule.dtstart).days > COUNT_DAYS:
        return None
    before = (rule.dtstart + timedelta(days=step) for step in range((day - rule.dtstart).days))
    return sum(1 for past in before if _on_pattern(rule, past) and _in_turn(rule, past)) < rule.count
