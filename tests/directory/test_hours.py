"""Opening hours: reading words, and open, closed or unknown at a moment."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from netmap.directory.hours import (
    COLUMNS,
    OpenState,
    Rule,
    most_specific,
    open_in,
    parse_days,
    parse_time,
    sentence,
    state,
    to_rule,
)
from netmap.i18n import set_language

VILNIUS = ZoneInfo("Europe/Vilnius")
WEEKDAYS = tuple((0, day) for day in range(5))
EVERY_DAY = tuple((0, day) for day in range(7))


@dataclass
class Row:
    """A row of the table ``schedule`` with nothing filled in."""

    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    until: date | None = None
    count: int | None = None
    wkst: str | None = None
    freq: str | None = None
    interval: int | None = None
    byday: str | None = None
    byweekno: str | None = None
    bymonthday: str | None = None
    byyearday: str | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    unread: str | None = None
    timezone: float | None = None
    closed: bool = False
    contact_id: str | None = None


def at(text: str) -> datetime:
    """Return a moment of the office, 2026-11-23 being a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=VILNIUS)


def rule(
    byday: str | None = None, opens: str | None = None, closes: str | None = None, **more: object
) -> Rule:
    """Return the rule of a row with these cells."""
    found = to_rule(replace(Row(byday=byday, opens_at=opens, closes_at=closes), **more))  # type: ignore[arg-type]
    assert found is not None
    return found


OFFICE = [rule("MO,TU,WE,TH,FR", "09:00", "12:00"), rule("MO,TU,WE,TH,FR", "13:00", "17:00")]
SHELTER = [rule("MO,TU,WE,TH,FR,SA,SU", "20:00", "08:00")]
FRIDAY_NIGHT = [rule("FR", "22:00", "06:00")]
LINE = [rule("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59")]
FIRST_SATURDAY = [rule("1SA", "10:00", "14:00", freq="MONTHLY")]
LAST_FRIDAY = [rule("-1FR", "10:00", "14:00", freq="MONTHLY")]
FIFTEENTH = [rule(None, "10:00", "14:00", freq="MONTHLY", bymonthday="15")]
LAST_DAY = [rule(None, "10:00", "14:00", freq="MONTHLY", bymonthday="-1")]
DAYS_ONLY = [rule("SA")]
SECOND_WEEK = [rule("TU", "10:00", "12:00", freq="WEEKLY", interval=2, dtstart=date(2026, 11, 10))]
UNTIMED_SECOND_WEEK = [rule("TU", "10:00", "12:00", freq="WEEKLY", interval=2)]
AUTUMN = [rule("MO", "09:00", "12:00", valid_from=date(2026, 9, 1), valid_to=date(2026, 11, 30))]
ENDED = [rule("MO", "09:00", "12:00", until=date(2026, 11, 16))]
THREE_TIMES = [rule("MO", "09:00", "12:00", freq="WEEKLY", count=3, dtstart=date(2026, 11, 9))]
OPENS_ONLY = [rule("TU", "07:00")]
UNREAD = [rule(unread="By appointment")]
ONE_DAY = [rule(None, "10:00", "12:00", dtstart=date(2026, 11, 24))]
DAILY = [rule(None, "10:00", "12:00", freq="DAILY")]
CHRISTMAS = rule(closed=True, valid_from=date(2026, 12, 24), valid_to=date(2026, 12, 26))
HOLIDAYS = [*OFFICE, CHRISTMAS]
SHORT_EVE = [
    *HOLIDAYS,
    rule("TH", "09:00", "11:00", valid_from=date(2026, 12, 24), valid_to=date(2026, 12, 24)),
]
ONE_HOLIDAY = [*OFFICE, rule(closed=True, valid_from=date(2026, 11, 25))]
NIGHT_BEFORE_HOLIDAY = [*SHELTER, CHRISTMAS]
CLOSED_FIRST_MONDAY = [*OFFICE, rule("1MO", freq="MONTHLY", closed=True)]
ONLY_CLOSED = [CHRISTMAS]
CLOSED_WITHOUT_HOURS = [*DAYS_ONLY, rule(closed=True, valid_from=date(2026, 11, 28))]
EXPIRED_BUT_CLOSED = [*AUTUMN, rule(closed=True, valid_from=date(2026, 12, 7), valid_to=date(2026, 12, 8))]
LONDON = [rule("MO,TU,WE,TH,FR", "09:00", "17:00", timezone=0)]
TOKYO = [rule("TU", "02:00", "05:00", timezone=9)]
NEW_YORK = [rule("MO", "20:00", "23:00", timezone=-5)]
SUMMER_NOTED = [rule("MO,TU,WE,TH,FR", "09:00", "17:00", timezone=3)]
TWO_ZONES = [rule("MO", "12:00", "13:00"), rule("MO", "09:00", "10:00", timezone=0)]
EVERY_DAY_NIGHT = [rule("MO,TU,WE,TH,FR,SA,SU", "22:00", "06:00")]
SPRING_NIGHT = [rule("SU", "02:30", "05:00")]
SECOND_AND_FOURTH = [rule("2SA,4SA", "10:00", "12:00", freq="MONTHLY")]
LAST_THURSDAY = [rule("-1TH", "14:00", "16:00", freq="MONTHLY")]
FIFTH_MONDAY = [rule("5MO", "10:00", "12:00", freq="MONTHLY")]
FOURTH_LAST = [rule("-2FR", "10:00", "12:00", freq="MONTHLY")]
SEASON = [rule("SA", "08:00", "20:00", dtstart=date(2026, 6, 1), until=date(2026, 9, 30))]
EVERY_SECOND_MONTH = [
    rule("1TU", "10:00", "12:00", freq="MONTHLY", interval=2, dtstart=date(2026, 11, 3)),
]

CASES = [
    (OFFICE, "2026-11-23 08:59", "closed", None, "2026-11-23 09:00"),
    (OFFICE, "2026-11-23 09:00", "open", "2026-11-23 12:00", None),
    (OFFICE, "2026-11-23 11:59", "open", "2026-11-23 12:00", None),
    (OFFICE, "2026-11-23 12:00", "closed", None, "2026-11-23 13:00"),
    (OFFICE, "2026-11-23 16:59", "open", "2026-11-23 17:00", None),
    (OFFICE, "2026-11-23 17:00", "closed", None, "2026-11-24 09:00"),
    (OFFICE, "2026-11-27 17:00", "closed", None, "2026-11-30 09:00"),
    (OFFICE, "2026-11-28 10:00", "closed", None, "2026-11-30 09:00"),
    (SHELTER, "2026-11-23 19:59", "closed", None, "2026-11-23 20:00"),
    (SHELTER, "2026-11-23 20:00", "open", "2026-11-24 08:00", None),
    (SHELTER, "2026-11-24 00:00", "open", "2026-11-24 08:00", None),
    (SHELTER, "2026-11-24 07:59", "open", "2026-11-24 08:00", None),
    (SHELTER, "2026-11-24 08:00", "closed", None, "2026-11-24 20:00"),
    (FRIDAY_NIGHT, "2026-11-27 23:00", "open", "2026-11-28 06:00", None),
    (FRIDAY_NIGHT, "2026-11-28 05:00", "open", "2026-11-28 06:00", None),
    (FRIDAY_NIGHT, "2026-11-27 05:00", "closed", None, "2026-11-27 22:00"),
    (FRIDAY_NIGHT, "2026-11-28 22:00", "closed", None, "2026-12-04 22:00"),
    (LINE, "2026-11-23 00:00", "open", None, None),
    (LINE, "2026-11-23 23:59", "open", None, None),
    (FIRST_SATURDAY, "2026-12-05 11:00", "open", "2026-12-05 14:00", None),
    (FIRST_SATURDAY, "2026-12-12 11:00", "closed", None, "2027-01-02 10:00"),
    (LAST_FRIDAY, "2026-11-27 11:00", "open", "2026-11-27 14:00", None),
    (LAST_FRIDAY, "2026-11-20 11:00", "closed", None, "2026-11-27 10:00"),
    (FIFTEENTH, "2026-12-15 11:00", "open", "2026-12-15 14:00", None),
    (FIFTEENTH, "2026-12-14 11:00", "closed", None, "2026-12-15 10:00"),
    (LAST_DAY, "2026-11-30 11:00", "open", "2026-11-30 14:00", None),
    (LAST_DAY, "2027-02-27 11:00", "closed", None, "2027-02-28 10:00"),
    (DAYS_ONLY, "2026-11-28 11:00", "unknown", None, None),
    (DAYS_ONLY, "2026-11-27 11:00", "closed", None, None),
    (SECOND_WEEK, "2026-11-24 11:00", "open", "2026-11-24 12:00", None),
    (SECOND_WEEK, "2026-11-17 11:00", "closed", None, "2026-11-24 10:00"),
    (UNTIMED_SECOND_WEEK, "2026-11-24 11:00", "unknown", None, None),
    (UNTIMED_SECOND_WEEK, "2026-11-25 11:00", "closed", None, None),
    (AUTUMN, "2026-11-30 10:00", "open", "2026-11-30 12:00", None),
    (AUTUMN, "2026-12-07 10:00", "unknown", None, None),
    (AUTUMN, "2026-08-31 10:00", "unknown", None, "2026-09-07 09:00"),
    (ENDED, "2026-11-16 10:00", "open", "2026-11-16 12:00", None),
    (ENDED, "2026-11-23 10:00", "closed", None, None),
    (THREE_TIMES, "2026-11-23 10:00", "open", "2026-11-23 12:00", None),
    (THREE_TIMES, "2026-11-30 10:00", "closed", None, None),
    (OPENS_ONLY, "2026-11-24 06:00", "closed", None, "2026-11-24 07:00"),
    (OPENS_ONLY, "2026-11-24 08:00", "unknown", None, "2026-12-01 07:00"),
    (OPENS_ONLY, "2026-11-25 08:00", "closed", None, "2026-12-01 07:00"),
    (UNREAD, "2026-11-24 08:00", "unknown", None, None),
    ([*OFFICE, *UNREAD], "2026-11-23 10:00", "open", "2026-11-23 12:00", None),
    ([*OFFICE, *UNREAD], "2026-11-23 20:00", "unknown", None, "2026-11-24 09:00"),
    ([*OFFICE, *DAYS_ONLY], "2026-11-28 10:00", "unknown", None, "2026-11-30 09:00"),
    (ONE_DAY, "2026-11-24 11:00", "open", "2026-11-24 12:00", None),
    (ONE_DAY, "2026-12-01 11:00", "closed", None, None),
    (DAILY, "2026-11-29 11:00", "open", "2026-11-29 12:00", None),
    ([], "2026-11-23 10:00", "unknown", None, None),
    # Holidays: closed whatever the week says, and the day after is open again.
    (HOLIDAYS, "2026-12-23 16:00", "open", "2026-12-23 17:00", None),
    (HOLIDAYS, "2026-12-23 18:00", "closed", None, "2026-12-28 09:00"),
    (HOLIDAYS, "2026-12-24 10:00", "closed", None, "2026-12-28 09:00"),
    (HOLIDAYS, "2026-12-25 10:00", "closed", None, "2026-12-28 09:00"),
    (HOLIDAYS, "2026-12-28 10:00", "open", "2026-12-28 12:00", None),
    (SHORT_EVE, "2026-12-24 10:00", "open", "2026-12-24 11:00", None),
    (SHORT_EVE, "2026-12-24 11:30", "closed", None, "2026-12-28 09:00"),
    (SHORT_EVE, "2026-12-31 10:00", "open", "2026-12-31 12:00", None),
    (ONE_HOLIDAY, "2026-11-25 10:00", "closed", None, "2026-11-26 09:00"),
    (ONE_HOLIDAY, "2026-11-26 10:00", "open", "2026-11-26 12:00", None),
    (NIGHT_BEFORE_HOLIDAY, "2026-12-24 03:00", "open", "2026-12-24 08:00", None),
    (NIGHT_BEFORE_HOLIDAY, "2026-12-24 21:00", "closed", None, "2026-12-27 20:00"),
    (NIGHT_BEFORE_HOLIDAY, "2026-12-27 03:00", "closed", None, "2026-12-27 20:00"),
    (CLOSED_FIRST_MONDAY, "2026-12-07 10:00", "closed", None, "2026-12-08 09:00"),
    (CLOSED_FIRST_MONDAY, "2026-12-14 10:00", "open", "2026-12-14 12:00", None),
    (ONLY_CLOSED, "2026-12-25 10:00", "closed", None, None),
    (ONLY_CLOSED, "2026-12-28 10:00", "unknown", None, None),
    (CLOSED_WITHOUT_HOURS, "2026-11-28 11:00", "closed", None, None),
    (CLOSED_WITHOUT_HOURS, "2026-12-05 11:00", "unknown", None, None),
    (EXPIRED_BUT_CLOSED, "2026-12-07 10:00", "closed", None, None),
    (EXPIRED_BUT_CLOSED, "2026-12-14 10:00", "unknown", None, None),
    # Clock changes: 29 March 03:00 -> 04:00, 25 October 04:00 -> 03:00.
    (EVERY_DAY_NIGHT, "2026-03-29 02:59", "open", "2026-03-29 06:00", None),
    (EVERY_DAY_NIGHT, "2026-03-29 04:00", "open", "2026-03-29 06:00", None),
    (EVERY_DAY_NIGHT, "2026-10-25 05:59", "open", "2026-10-25 06:00", None),
    (EVERY_DAY_NIGHT, "2026-10-25 06:00", "closed", None, "2026-10-25 22:00"),
    (SPRING_NIGHT, "2026-03-29 02:15", "closed", None, "2026-03-29 02:30"),
    (SPRING_NIGHT, "2026-03-29 04:30", "open", "2026-03-29 05:00", None),
    (OFFICE, "2026-03-28 10:00", "closed", None, "2026-03-30 09:00"),
    (OFFICE, "2026-10-24 10:00", "closed", None, "2026-10-26 09:00"),
    # Other clocks than the office's (Vilnius: UTC+2 in winter, +3 in summer).
    (LONDON, "2026-11-23 10:59", "closed", None, "2026-11-23 11:00"),
    (LONDON, "2026-11-23 11:00", "open", "2026-11-23 19:00", None),
    (LONDON, "2026-11-23 19:00", "closed", None, "2026-11-24 11:00"),
    (TOKYO, "2026-11-23 19:30", "open", "2026-11-23 22:00", None),
    (TOKYO, "2026-11-24 03:00", "closed", None, "2026-11-30 19:00"),
    (NEW_YORK, "2026-11-24 04:00", "open", "2026-11-24 06:00", None),
    (NEW_YORK, "2026-11-23 21:00", "closed", None, "2026-11-24 03:00"),
    (SUMMER_NOTED, "2026-11-23 09:00", "open", "2026-11-23 17:00", None),
    (SUMMER_NOTED, "2026-07-20 08:59", "closed", None, "2026-07-20 09:00"),
    (TWO_ZONES, "2026-11-23 10:30", "closed", None, "2026-11-23 11:00"),
    (TWO_ZONES, "2026-11-23 11:30", "open", "2026-11-23 13:00", None),
    # Which one of the month.
    (SECOND_AND_FOURTH, "2026-11-14 11:00", "open", "2026-11-14 12:00", None),
    (SECOND_AND_FOURTH, "2026-11-21 11:00", "closed", None, "2026-11-28 10:00"),
    (LAST_THURSDAY, "2026-11-26 15:00", "open", "2026-11-26 16:00", None),
    (LAST_THURSDAY, "2026-12-24 15:00", "closed", None, "2026-12-31 14:00"),
    (FIFTH_MONDAY, "2026-11-30 11:00", "open", "2026-11-30 12:00", None),
    (FIFTH_MONDAY, "2026-11-23 11:00", "closed", None, "2026-11-30 10:00"),
    (FOURTH_LAST, "2026-11-20 11:00", "open", "2026-11-20 12:00", None),
    (EVERY_SECOND_MONTH, "2026-12-01 11:00", "closed", None, "2027-01-05 10:00"),
    (EVERY_SECOND_MONTH, "2027-01-05 11:00", "open", "2027-01-05 12:00", None),
    # Seasons and round-the-clock lines.
    (SEASON, "2026-09-26 10:00", "open", "2026-09-26 20:00", None),
    (SEASON, "2026-10-03 10:00", "closed", None, None),
    (SEASON, "2026-05-30 10:00", "closed", None, "2026-06-06 08:00"),
    (LINE, "2026-10-25 03:30", "open", None, None),
    (LINE, "2026-12-31 23:59", "open", None, None),
]


def test_the_table_of_cases_is_long_enough_to_mean_something() -> None:
    assert len(CASES) >= 100


@pytest.mark.parametrize(("rules", "moment", "kind", "until", "opens"), CASES)
def test_open_closed_or_unknown(
    rules: list[Rule], moment: str, kind: str, until: str | None, opens: str | None
) -> None:
    found = state(rules, at(moment))

    assert (found.kind, found.until, found.opens) == (
        kind,
        at(until) if until else None,
        at(opens) if opens else None,
    )


def test_hours_that_touch_or_overlap_close_once() -> None:
    rules = [rule("MO", "09:00", "12:00"), rule("MO", "11:00", "15:00"), rule("MO", "15:00", "18:00")]

    assert state(rules, at("2026-11-23 10:00")).until == at("2026-11-23 18:00")


def test_a_day_with_known_hours_is_not_made_unknown_by_a_row_without_times() -> None:
    rules = [*OFFICE, rule("MO")]

    assert state(rules, at("2026-11-23 20:00")).kind == "closed"


def test_hours_that_replace_expired_ones_count() -> None:
    old = rule("MO", "09:00", "12:00", valid_to=date(2026, 11, 1))
    new = rule("TU", "09:00", "12:00", valid_from=date(2026, 11, 2))

    assert state([old, new], at("2026-11-23 10:00")).kind == "closed"


def test_the_clock_change_in_autumn_makes_the_night_an_hour_longer() -> None:
    before, after = at("2026-10-24 21:00"), at("2026-10-25 07:30")

    found = state(SHELTER, before)

    assert found.until is not None
    assert found.until == at("2026-10-25 08:00")
    assert found.until.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=12)
    assert state(SHELTER, after).kind == "open"


def test_the_hour_that_comes_twice_in_autumn_is_open_only_the_first_time() -> None:
    rules = [rule("SU", "01:00", "03:30")]  # clocks go back from 04:00 to 03:00
    first, second = at("2026-10-25 03:45"), at("2026-10-25 03:15").replace(fold=1)

    assert state(rules, first).kind == "closed"
    assert state(rules, second).kind == "closed"
    assert state(rules, at("2026-10-25 03:15")).kind == "open"


def test_the_hour_that_is_missing_in_spring_does_not_move_the_opening() -> None:
    rules = [rule("SU", "09:00", "12:00")]

    assert state(rules, at("2026-03-29 08:59")).opens == at("2026-03-29 09:00")
    assert state(rules, at("2026-03-29 09:00")).kind == "open"


def test_a_holiday_of_the_service_closes_each_of_its_places() -> None:
    levels = [OFFICE, [CHRISTMAS], []]

    assert state(most_specific(levels), at("2026-12-24 10:00")).kind == "closed"
    assert state(most_specific(levels), at("2026-12-23 10:00")).kind == "open"


def test_hours_of_a_specialist_do_not_stand_for_those_of_the_office() -> None:
    adviser = rule("TU", "10:00", "11:00", contact_id="c1")

    assert most_specific([[adviser], OFFICE]) == tuple(OFFICE)


def test_where_only_a_specialist_has_hours_the_service_is_open_then() -> None:
    adviser = rule("TU", "10:00", "11:00", contact_id="c1")

    assert state(most_specific([[adviser], [CHRISTMAS]]), at("2026-11-24 10:30")).kind == "open"


def test_hours_of_an_exceptional_day_go_with_its_closing_from_level_to_level() -> None:
    levels = [OFFICE, SHORT_EVE[len(OFFICE) :]]

    assert state(most_specific(levels), at("2026-12-24 10:00")).until == at("2026-12-24 11:00")


def test_a_place_that_tells_only_of_its_holidays_keeps_the_hours_of_its_service() -> None:
    levels = [SHORT_EVE[len(OFFICE) :], OFFICE]

    assert state(most_specific(levels), at("2026-12-24 10:00")).until == at("2026-12-24 11:00")
    assert state(most_specific(levels), at("2026-12-23 10:00")).until == at("2026-12-23 12:00")


def test_the_holiday_of_one_specialist_does_not_close_the_other() -> None:
    away = rule(closed=True, valid_from=date(2026, 11, 24), contact_id="c1")
    first, second = (rule("TU", "10:00", "11:00", contact_id=one) for one in ("c1", "c2"))

    assert state(most_specific([[first, second, away]]), at("2026-11-24 10:30")).kind == "open"
    assert state(most_specific([[first, away]]), at("2026-11-24 10:30")).kind == "closed"


def test_a_closing_that_does_not_say_when_is_no_rule() -> None:
    assert to_rule(Row(closed=True)) is None
    assert to_rule(Row(closed=True, byday="XX")) is None


def test_a_holiday_does_not_take_the_regular_hours_away() -> None:
    assert open_in(HOLIDAYS, [(3, 540, 600)], date(2026, 12, 24)) is True


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        state(OFFICE, datetime(2026, 11, 23, 10))  # noqa: DTZ001


@pytest.fixture
def official() -> list[Rule]:
    """The worked example of HSDS: two rows for Monday to Thursday, one for the first Saturday."""
    weekly = {"freq": "WEEKLY", "dtstart": date(2020, 4, 1), "valid_from": date(2020, 4, 1)}
    weekly["valid_to"] = date(2020, 12, 20)
    return [
        rule("MO,TU,WE,TH", "09:00:00Z", "12:00:00Z", **weekly),
        rule("MO,TU,WE,TH", "15:00:00Z", "17:00:00Z", **weekly),
        rule(
            "1SA", "09:00:00Z", "17:00:00Z", freq="MONTHLY", dtstart=date(2020, 7, 4), until=date(2020, 11, 7)
        ),
    ]


@pytest.mark.parametrize(
    ("moment", "kind"),
    [
        ("2020-06-01 10:00", "open"),
        ("2020-06-01 13:00", "closed"),
        ("2020-06-01 16:00", "open"),
        ("2020-06-05 10:00", "closed"),
        ("2020-06-06 10:00", "closed"),
        ("2020-07-04 16:59", "open"),
        ("2020-07-11 10:00", "closed"),
        ("2020-11-07 10:00", "open"),
        ("2020-12-05 10:00", "closed"),
        ("2020-12-17 10:00", "open"),
    ],
)
def test_the_worked_example_of_hsds(official: list[Rule], moment: str, kind: str) -> None:
    assert state(official, at(moment)).kind == kind


def test_after_the_worked_example_ends_only_the_first_saturdays_are_still_told(official: list[Rule]) -> None:
    assert state(official[:2], at("2020-12-21 10:00")).kind == "unknown"


def test_a_row_that_says_nothing_is_no_rule() -> None:
    assert to_rule(Row()) is None


def test_a_row_with_week_numbers_is_never_open() -> None:
    rules = [rule("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59", byweekno="41,42")]

    assert state(rules, at("2026-11-23 10:00")).kind == "unknown"


def test_a_row_with_an_unknown_frequency_is_never_open() -> None:
    assert state([rule("MO", "09:00", "12:00", freq="YEARLY")], at("2026-11-23 10:00")).kind == "unknown"


def test_a_row_with_unreadable_days_is_never_closed() -> None:
    assert state([rule("XX", "09:00", "12:00")], at("2026-11-23 20:00")).kind == "unknown"


def test_the_protocol_names_the_columns_of_the_schedule_table() -> None:
    from netmap.directory.models import Schedule

    assert {item.name for item in fields(Row)} == set(COLUMNS)
    assert set(COLUMNS) <= set(Schedule.__table__.columns.keys())


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (OpenState("open", until=at("2026-11-23 18:00")), "Open now, closes 18:00"),
        (OpenState("open", until=at("2026-11-25 08:00")), "Open now, closes Wed 08:00"),
        (OpenState("open"), "Open round the clock"),
        (OpenState("closed", opens=at("2026-11-23 15:00")), "Opens today 15:00"),
        (OpenState("closed", opens=at("2026-11-27 09:00")), "Opens Fri 09:00"),
        (OpenState("closed", opens=at("2026-12-05 09:00")), "Opens 5 Dec 09:00"),
        (OpenState("closed"), "Closed, no next opening is known"),
        (OpenState("unknown", opens=at("2026-12-05 09:00")), "Hours not known, call first"),
    ],
)
def test_the_sentence(found: OpenState, words: str) -> None:
    assert sentence(found, at("2026-11-23 10:00")) == words


def test_the_sentence_names_the_day_in_the_readers_language() -> None:
    set_language("lt")
    try:
        assert "pn" in sentence(OpenState("closed", opens=at("2026-11-27 09:00")), at("2026-11-23 10:00"))
    finally:
        set_language("en")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("8:30AM", "08:30"),
        ("8:30 pm", "20:30"),
        ("5PM", "17:00"),
        ("12:00AM", "00:00"),
        ("12:00PM", "12:00"),
        ("17:00:00", "17:00"),
        ("10:00Z", "10:00"),
        ("10:00+02:00", "10:00"),
        ("9.30", "09:30"),
        ("noon", "12:00"),
        ("24:00", "00:00"),
        ("13:00PM", None),
        ("25:00", None),
        ("10:75", None),
        ("9", None),
        ("Nights", None),
        ("", None),
    ],
)
def test_clock_times_are_read_or_refused(text: str, read: str | None) -> None:
    assert parse_time(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Monday - Friday", "MO,TU,WE,TH,FR"),
        ("monday,tuesday", "MO,TU"),
        ("Mon-Fri", "MO,TU,WE,TH,FR"),
        ("Daily", "MO,TU,WE,TH,FR,SA,SU"),
        ("Mon - Tue & Thur - Fri", "MO,TU,TH,FR"),
        ("Sunday - Saturday", "MO,TU,WE,TH,FR,SA,SU"),
        ("Saturday - Monday", "MO,SA,SU"),
        ("Thursdays", "TH"),
        ("Tuesday and Thursday", "TU,TH"),
        ("First, second, and fourth Tuesday of the month", "1TU,2TU,4TU"),
        ("4th Friday of every month", "4FR"),
        ("Last Thursday of each month", "-1TH"),
        ("24-7", "MO,TU,WE,TH,FR,SA,SU"),
        ("I-V", "MO,TU,WE,TH,FR"),
        ("pirmadienis – penktadienis", "MO,TU,WE,TH,FR"),
        ("пн-пт", "MO,TU,WE,TH,FR"),
        ("вівторок, четвер", "TU,TH"),
        ("Every other Tuesday", None),
        ("Monday - Friday (closed 1-2pm)", None),
        ("Wendesday", None),
        ("9:00AM", None),
        ("November 1 - March 31", None),
        ("Monday of the month", None),
        ("", None),
    ],
)
def test_days_are_read_or_refused(text: str, read: str | None) -> None:
    assert parse_days(text) == read


@pytest.mark.parametrize(
    ("rules", "free", "met"),
    [
        (OFFICE, [(0, 540, 600)], True),
        (OFFICE, [(0, 18 * 60, 20 * 60)], False),
        (OFFICE, [(5, 0, 1440)], False),
        (OFFICE, [(0, 720, 780)], False),
        (SHELTER, [(0, 60, 120)], True),
        (FRIDAY_NIGHT, [(5, 60, 120)], True),
        ([rule("SU", "22:00", "06:00")], [(0, 60, 120)], True),
        (DAYS_ONLY, [(5, 600, 660)], None),
        (DAYS_ONLY, [(4, 600, 660)], False),
        ([*OFFICE, *UNREAD], [(6, 600, 660)], None),
        (DAILY, [(6, 600, 660)], True),
        ([], [(0, 540, 600)], None),
    ],
)
def test_hours_meet_the_hours_of_a_person(
    rules: list[Rule], free: list[tuple[int, int, int]], met: bool | None
) -> None:
    assert open_in(rules, free) is met


def test_hours_whose_information_is_old_do_not_meet_and_are_not_a_no() -> None:
    assert open_in(AUTUMN, [(0, 540, 600)], date(2026, 12, 7)) is None


def test_hours_that_have_ended_do_not_meet() -> None:
    assert open_in(ENDED, [(0, 540, 600)], date(2026, 12, 7)) is False
