"""Times in a question, and the moments that they mean."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from netmap.vocabulary.question import moment_of, understand

THURSDAY = datetime(2026, 11, 26, 15, 0, tzinfo=ZoneInfo("Europe/Vilnius"))


def times(query: str) -> list[str]:
    return [part.code for part in understand(query).parts if part.kind == "time"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("food open now", "now"),
        ("где поесть сейчас", "now"),
        ("де поїсти зараз", "now"),
        ("kur pavalgyti dabar", "now"),
        ("shelter tonight", "tonight"),
        ("приют на ночь", "tonight"),
        ("притулок на ніч", "tonight"),
        ("nakvynė šiąnakt", "tonight"),
        ("nakvyne sianakt", "tonight"),
        ("lawyer today", "today"),
        ("юрист сегодня вечером", "evening"),
        ("юрист увечері", "evening"),
        ("teisininkas vakarais", "evening"),
        ("psychologist after work", "evening"),
        ("dentist at weekends", "weekend"),
        ("стоматолог в выходные", "weekend"),
        ("стоматолог у вихідні", "weekend"),
        ("odontologas savaitgaliais", "weekend"),
        ("lawyer on Saturday", "saturday"),
        ("юрист в субботу утром", "saturday_morning"),
        ("юрист у суботу вранці", "saturday_morning"),
        ("teisininkas šeštadienį ryte", "saturday_morning"),
        ("psychologist after 18:00", "18:00"),
        ("психолог после 18", "18:00"),
        ("психолог після 17:30", "17:30"),
        ("psichologas po 18 val.", "18:00"),
        ("dentist 6pm", "18:00"),
        ("lawyer tomorrow morning", "tomorrow_morning"),
        ("юрист завтра вечером", "tomorrow_evening"),
        ("психолог завтра після 18:00", "tomorrow_18:00"),
        ("around the clock hotline", "night"),
        ("круглосуточный приют", "night"),
        ("цілодобовий притулок", "night"),
        ("pagalba visą parą", "night"),
        ("hotline 24/7", "night"),
    ],
)
def test_a_time_is_understood(query: str, code: str) -> None:
    assert times(query) == [code]


@pytest.mark.parametrize(
    "query",
    ["night shelter", "не спит по ночам", "кричит по ночам", "не спить ночами", "naktimis nemiegu",
     "cannot sleep at night", "выходное пособие", "четверо детей", "foster care after 18", "после 18 лет",
     "po 18 metų", "9 year old", "boy of 14", "debt 18 000", "morning sickness", "8 600 12345", "два часа",
     "средний доход", "Sunday school"],
)  # fmt: skip
def test_what_is_no_time_to_come(query: str) -> None:
    assert times(query) == []


def test_the_words_of_a_time_are_not_looked_for_and_those_beside_them_are() -> None:
    found = understand("somewhere to sleep tonight")
    assert "tonight" not in found.typed.values()
    assert "sleep" in found.typed.values()
    assert next(iter(found.types)) == "shelter"


@pytest.mark.parametrize(
    ("code", "moment"),
    [
        ("now", "2026-11-26T15:00"),
        ("today", "2026-11-26T15:00"),
        ("evening", "2026-11-26T19:00"),
        ("tonight", "2026-11-26T22:00"),
        ("night", "2026-11-27T02:00"),
        ("morning", "2026-11-27T09:00"),
        ("afternoon", "2026-11-26T15:00"),
        ("weekend", "2026-11-28T11:00"),
        ("thursday", "2026-11-26T15:00"),
        ("wednesday", "2026-12-02T11:00"),
        ("saturday_morning", "2026-11-28T09:00"),
        ("tomorrow", "2026-11-27T11:00"),
        ("tomorrow_evening", "2026-11-27T19:00"),
        ("tomorrow_18:00", "2026-11-27T18:00"),
        ("18:00", "2026-11-26T18:00"),
        ("08:00", "2026-11-27T08:00"),
    ],
)
def test_a_code_means_a_moment(code: str, moment: str) -> None:
    assert moment_of(code, THURSDAY).replace(tzinfo=None) == datetime.fromisoformat(moment)


def test_it_is_night_while_it_is_night() -> None:
    small_hours = THURSDAY.replace(hour=3)
    assert moment_of("night", small_hours) == small_hours
    assert moment_of("tonight", small_hours) == small_hours


def test_no_code_means_a_moment_that_is_over() -> None:
    codes = ("now", "today", "tonight", "evening", "night", "morning", "weekend", "monday", "sunday_morning")
    for hour in range(24):
        for day in range(22, 29):
            here = THURSDAY.replace(day=day, hour=hour)
            assert all(moment_of(code, here) >= here for code in codes)


def test_the_hour_of_a_day_is_that_of_the_wall_clock_where_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 15, 0, tzinfo=ZoneInfo("Europe/Vilnius"))
    assert moment_of("tomorrow_18:00", before).isoformat() == "2026-10-25T18:00:00+02:00"


@pytest.mark.parametrize("code", ["", "someday", "25:00", "today_never", "12:99"])
def test_what_means_no_time_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no time"):
        moment_of(code, THURSDAY)
