"""Lithuanian numbers choose their forms, and no message was left as it is in English."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from netmap.directory import hours
from netmap.i18n import gettext, language, ngettext, set_language
from netmap.i18n import messages as i18n
from netmap.i18n.numbers import number
from netmap.web import show

CATALOGUE = Path(i18n.__file__).parent / "locales" / "lt" / "messages.po"
ALIKE = {"%(number)s km", "%(size)s MB", "km"}  # the same in both languages
TOML = re.compile(r'(?:= |files\.)"[^"]*"')  # what one types into a map needs the plain quotation marks
ONE, FEW, MANY = (1, 21, 101), (2, 9, 22, 29, 104), (0, 10, 11, 12, 19, 20, 30, 111, 112)


@pytest.fixture(autouse=True)
def _in_lithuanian() -> object:
    before = language()
    set_language("lt")
    yield
    set_language(before)


def told(one: str, many: str, count: int) -> str:
    return ngettext(one, many, count)


@pytest.mark.parametrize("count", ONE)
def test_numbers_that_end_in_one_take_the_singular(count: int) -> None:
    assert told("%(number)s service", "%(number)s services", count) == f"{count} paslauga"
    assert told("%(number)s service found", "%(number)s services found", count) == f"Rasta {count} paslauga"
    assert told("%(number)s package", "%(number)s packages", count) == f"{count} paketas"


@pytest.mark.parametrize("count", FEW)
def test_numbers_that_end_in_two_to_nine_take_the_plural(count: int) -> None:
    assert told("%(number)s service", "%(number)s services", count) == f"{count} paslaugos"
    assert told("%(number)s service found", "%(number)s services found", count) == f"Rastos {count} paslaugos"
    assert told("%(number)s package", "%(number)s packages", count) == f"{count} paketai"


@pytest.mark.parametrize("count", MANY)
def test_tens_and_ten_to_twenty_take_the_genitive(count: int) -> None:
    assert told("%(number)s service", "%(number)s services", count) == f"{count} paslaugų"
    assert told("%(number)s service found", "%(number)s services found", count) == f"Rasta {count} paslaugų"
    assert told("%(number)s package", "%(number)s packages", count) == f"{count} paketų"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "Poreikiai apima 1 gyvenimo sritį."),
        (2, "Poreikiai apima 2 gyvenimo sritis."),
        (11, "Poreikiai apima 11 gyvenimo sričių."),
        (21, "Poreikiai apima 21 gyvenimo sritį."),
    ],
)
def test_the_case_of_a_counted_word_follows_its_verb(count: int, words: str) -> None:
    one, many = "The needs lie in %(number)s part of life.", "The needs lie in %(number)s parts of life."
    assert told(one, many, count) == words


def test_a_fraction_stands_only_beside_a_sign_that_has_no_cases() -> None:
    assert gettext("%(km)s km away", km=number(1.5)) == "1,5 km atstumu"
    assert gettext("%(number)s km", number=number(1.5)) == "1,5 km"
    assert f"{number(1.5)} {gettext('clients a year')}" == "1,5 žm. per metus"


def test_no_message_is_left_as_it_is_in_english() -> None:
    with CATALOGUE.open("rb") as file:
        alike = {message.id for message in read_po(file, locale="lt") if message.string == message.id != ""}
    assert alike == ALIKE


def test_quotation_marks_are_lithuanian() -> None:
    with CATALOGUE.open("rb") as file:
        texts = [
            TOML.sub("", text)
            for message in read_po(file, locale="lt")
            if message.id
            for text in ([message.string] if isinstance(message.string, str) else message.string)
        ]
    wrong = [text for text in texts if set(text) & set("\"'”«»—") or text.count("„") != text.count("“")]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "day", "written"),
    [("lt", "2026 m. lapkričio 22 d.", "2026-11-22 11:05"), ("en", "22 November 2026", "22 Nov 2026 11:05")],
)
def test_days_and_moments_are_written_in_the_order_of_the_language(
    app: Flask, code: str, day: str, written: str
) -> None:
    set_language(code)
    with app.app_context():
        assert show.day(date(2026, 11, 22)) == day
        assert show.moment(datetime(2026, 11, 22, 9, 5, tzinfo=UTC)) == written


def test_a_day_without_a_year_is_written_in_the_order_of_the_language() -> None:
    then, moment = datetime(2026, 12, 24, 9, tzinfo=UTC), datetime(2026, 11, 22, 9, tzinfo=UTC)
    told = hours.sentence(hours.OpenState("closed", opens=then), moment)
    assert told == "Pradeda dirbti: 12-24 09:00"
