"""The paper of a client speaks a language of its own, whatever the page around it speaks."""

import csv
import io
import json
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from netmap.web.door import PAGE_LANGUAGES
from tests import pages

SignIn = Callable[[str | None], FlaskClient]
PACKAGE = "homeless_unemployed"
HEADINGS = {
    "en": ["Problem", "Goal", "Who helps", "Service", "Time", "Place"],
    "ru": ["Проблема", "Цель", "Кто помогает", "Услуга", "Время", "Место"],
    "uk": ["Проблема", "Мета", "Хто допомагає", "Послуга", "Час", "Місце"],
    "lt": ["Problema", "Tikslas", "Kas padeda", "Paslauga", "Laikas", "Vieta"],
}
CLIENT = {
    "needs": {"hou.homeless": {"severity": 3, "urgency": 2}, "emp.unemployed": {"severity": 2}},
    "languages": [],
}


@pytest.fixture
def ask(sign_in: SignIn) -> Callable[..., str]:
    """Return a function that asks for the table of help as a person whose pages are in a language."""
    browser = sign_in("case_manager")
    token = browser.token("/needs")

    def table(page: str, languages: tuple[str, ...] = (), **sent: str) -> str:
        browser.post("/language", data={"language": page, "next": "/", "csrf_token": token})
        client = json.dumps(CLIENT | {"languages": list(languages)})
        form = {"csrf_token": token, "client": client, "package": PACKAGE, **sent}
        return browser.post("/needs/table", data=form).get_data(as_text=True)

    return table


def parsed(page: str) -> Element:
    return pages.parsed(page)[0]


def paper(page: str) -> Element:
    return next(part for part in parsed(page).iter("div") if part.get("class") == "nm-scroll")


def words(part: Element, tag: str) -> list[str]:
    return [" ".join("".join(one.itertext()).split()) for one in part.iter(tag)]


@pytest.mark.parametrize("spoken", HEADINGS)
@pytest.mark.parametrize("page", ["en", "uk"])
def test_the_paper_is_in_the_language_chosen_for_the_client(
    ask: Callable[..., str], page: str, spoken: str
) -> None:
    answer = ask(page, paper=spoken)
    table = paper(answer)
    assert (table.get("lang"), words(table, "th")) == (spoken, HEADINGS[spoken])
    assert {cell.get("data-label") for cell in table.iter("td")} == set(HEADINGS[spoken])
    assert f'<html lang="{page}"' in answer
    assert {"en": "What did you decide?", "uk": "Що ви вирішили?"}[page] in answer


def test_labels_goals_and_days_of_the_week_are_in_the_language_of_the_paper(ask: Callable[..., str]) -> None:
    cells = [words(row, "td") for row in paper(ask("en", paper="uk")).iter("tr")][1:]
    assert "Бездомність" in [cell[0] for cell in cells]
    assert all(re.search("[а-яєіїґ]", cell[1]) for cell in cells)
    hours = " ".join(cell[4] for cell in cells)
    assert re.search(r"\b(пн|вт|ср|чт|пт)", hours)
    assert not re.search(r"\b(Mon|Tue|Wed|Thu|Fri)\b", hours)


def test_the_heading_of_the_paper_says_its_language(ask: Callable[..., str]) -> None:
    page = parsed(ask("en", paper="uk"))
    heading = next(page.iter("h1"))
    assert heading.get("lang") == next(page.iter("title")).get("lang") == "uk"
    assert (heading.text or "").startswith("План допомоги")


def test_a_service_keeps_the_language_in_which_it_is_written(ask: Callable[..., str]) -> None:
    told = [cell for row in paper(ask("en", paper="uk")).iter("tr") for cell in [*row.iter("td")][3:4]]
    marked = [span.get("lang") for cell in told for span in cell.iter("span")]
    assert marked
    assert set(marked) <= {"en", "ru", "uk", "lt"}


def test_the_table_for_a_spreadsheet_is_in_the_language_of_the_paper(ask: Callable[..., str]) -> None:
    first = next(csv.reader(io.StringIO(ask("en", paper="uk", **{"as": "csv"}).removeprefix("\ufeff"))))
    assert first == [*HEADINGS["uk"], "Телефон", "Заповнено"]


def test_the_choice_names_every_language_in_its_own_words(ask: Callable[..., str]) -> None:
    select = next(one for one in parsed(ask("en", paper="uk")).iter("select") if one.get("name") == "paper")
    options = {one.get("value"): (one.text, one.get("lang")) for one in select.iter("option")}
    assert options == {code: (name, code) for code, name in PAGE_LANGUAGES.items()}
    assert [one.get("value") for one in select.iter("option") if one.get("selected") is not None] == ["uk"]


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [((), "en"), (("uk",), "uk"), (("uk", "en"), "en"), (("pl", "ru"), "ru"), (("pl", "es"), "en")],
)
def test_where_nobody_chose_the_paper_speaks_what_the_person_speaks(
    ask: Callable[..., str], languages: tuple[str, ...], spoken: str
) -> None:
    assert paper(ask("en", languages)).get("lang") == spoken


@pytest.mark.parametrize("chosen", ["", "xx", "../uk", "UK"])
def test_a_language_that_netmap_does_not_speak_changes_nothing(ask: Callable[..., str], chosen: str) -> None:
    assert paper(ask("en", paper=chosen)).get("lang") == "en"


def test_the_page_after_the_paper_is_in_the_language_of_the_reader(ask: Callable[..., str]) -> None:
    ask("en", paper="uk")
    assert paper(ask("en")).get("lang") == "en"
