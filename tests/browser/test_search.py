"""Search in a real Chromium: by keyboard, on a phone, without scripts, in each language; and at a desk."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from netmap.demo import PASSWORD
from tests.browser.conftest import sideways, violations

pytestmark = pytest.mark.browser

MORTGAGE_HELP = {"mortgage_restructuring", "debt_advice"}
QUESTIONS = [
    ("en", "who helps with mortgage debt"),
    ("ru", "кто поможет с ипотекой"),
    ("uk", "хто допоможе з іпотекою"),
    ("lt", "kas padeda su būsto paskola"),
]
FARTHEST = 60  # stops of the Tab key before what is looked for: more is no way


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Page]:
    """A wide window of a case manager who is signed in; complaints of the console fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill("case@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    yield page
    context.close()
    assert [text for text in complaints if "status of 422" not in text] == []


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press the Tab key until what the selector names has the focus."""
    for _stop in range(FARTHEST):
        page.keyboard.press(key)
        if page.locator(f":focus:is({selector})").count():
            return
    raise AssertionError(f"{FARTHEST} presses of {key} do not lead to {selector}")


def check(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) <= 0


def helps_with(prepared: Path, service_id: str) -> set[str]:
    """Return the types that people confirmed of a service, as the database has them."""
    with closing(sqlite3.connect(prepared / "netmap.db")) as base:
        rows = base.execute(
            "SELECT code FROM service_type_link WHERE service_id = ? AND state = 'confirmed'", (service_id,)
        )
        return {code for (code,) in rows}


@pytest.mark.parametrize(("language", "question"), QUESTIONS, ids=[language for language, _ in QUESTIONS])
def test_help_with_a_mortgage_is_found_by_keyboard_on_a_phone_without_scripts(
    browser: Browser, address: str, prepared: Path, language: str, question: str
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale=language, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    assert page.locator("html").get_attribute("lang") == language
    tab_to(page, "main [name=email]")
    page.keyboard.type("case@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")

    tab_to(page, "[name=q]")
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    card = page.locator(".nm-hit").first
    expect(card.locator("h3")).to_be_visible()
    assert sideways(page) <= 0
    results = page.url

    tab_to(page, "#hit-1 h3 a")
    service_id = (card.locator("h3 a").get_attribute("href") or "").rpartition("/")[2]
    assert helps_with(prepared, service_id) & MORTGAGE_HELP
    tab_to(page, "#hit-1 summary")
    page.keyboard.press("Enter")
    expect(card.locator("table")).to_be_visible()
    points = [number(text) for text in card.locator("tbody td").all_inner_texts()]
    assert sum(points) == pytest.approx(number(card.locator("tfoot td").inner_text()))
    assert sideways(page) <= 0

    name = card.locator("h3 a").inner_text()
    tab_to(page, "#hit-1 h3 a", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(service_id))
    expect(page.locator("h1")).to_have_text(name)
    check_with_scripts(browser, page, results, language)
    context.close()


def check_with_scripts(browser: Browser, page: Page, results: str, language: str) -> None:
    """Let axe, which is a script, look at the page of results that the same person sees."""
    signed_in = page.context.storage_state()
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale=language, storage_state=signed_in
    )
    same = context.new_page()
    same.goto(results)
    same.locator("#hit-1 summary").click()
    check(same)
    context.close()


def number(text: str) -> float:
    """Return a number as any of the languages writes it."""
    return float(text.replace(",", ".").replace("\u2212", "-"))


def test_filters_stand_beside_the_list_and_the_map_beside_it(desk: Page, address: str) -> None:
    desk.goto(f"{address}/search?q=debt")
    filters, cards, drawing = (
        desk.locator(one).bounding_box()
        for one in (".nm-find__filters", ".nm-find__results", ".nm-find__map")
    )
    assert filters
    assert cards
    assert drawing
    assert filters["x"] + filters["width"] <= cards["x"]
    assert cards["x"] + cards["width"] <= drawing["x"]
    check(desk)

    desk.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    check(desk)  # what is folded away is hidden from axe, too
    desk.reload()

    found = desk.locator(".nm-hit").count()
    russian = desk.get_by_role("checkbox", name=re.compile(r"^Russian"))
    told = int(
        re.search(r"\((\d+)\)", desk.locator("label[for^=language-]", has_text="Russian").inner_text())[1]
    )  # type: ignore[index]
    russian.check()
    desk.get_by_role("button", name="Apply").first.click()
    expect(desk.get_by_role("link", name="Remove the filter: Language: Russian")).to_be_visible()
    assert int(re.search(r"\d+", desk.get_by_role("status").inner_text())[0]) == told  # type: ignore[index]
    assert desk.get_by_role("checkbox", name=re.compile(r"^Russian")).is_checked()
    check(desk)

    desk.get_by_role("link", name="Clear the filters, keep the words").first.click()
    expect(desk.get_by_role("link", name="Remove the filter")).to_have_count(0)
    assert desk.get_by_role("searchbox").input_value() == "debt"
    assert desk.locator(".nm-hit").count() == found


def test_each_number_on_the_map_leads_to_its_card(desk: Page, address: str) -> None:
    desk.goto(f"{address}/search?q=debt")
    numbers = desk.locator("svg.nm-map a")
    assert numbers.count() > 2
    for place in range(numbers.count()):
        box = numbers.nth(place).locator("rect").bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
    second = numbers.nth(1)
    name = (second.get_attribute("aria-label") or "").partition(": ")[2]
    second.focus()
    desk.keyboard.press("Enter")
    target = desk.locator(".nm-hit:target")
    expect(target.locator("h3")).to_have_text(name)
    expect(target).to_be_in_viewport()


def test_what_was_understood_is_taken_away_and_put_back(desk: Page, address: str) -> None:
    desk.goto(f"{address}/search?q=debt+advice+in+Russian")
    desk.get_by_role("link", name="Take away: Russian").click()
    expect(desk.get_by_role("link", name="Take away: Russian")).to_have_count(0)
    assert desk.get_by_role("searchbox").input_value() == "debt advice in Russian"
    check(desk)
    desk.get_by_role("button", name="Apply").first.click()
    expect(desk.get_by_role("link", name="Put back: Russian")).to_have_count(1)
    desk.get_by_role("link", name="Put back: Russian").click()
    expect(desk.get_by_role("link", name="Take away: Russian")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 320])
def test_where_nobody_fits_there_is_a_way_on(browser: Browser, address: str, desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 740})
    desk.goto(f"{address}/search?q=mortgage+debt&language=hy&from=tolauke&within=1")
    expect(desk.get_by_role("status")).to_have_text(re.compile("Nobody"))
    check(desk)
    desk.get_by_role("link", name=re.compile("^Without the filter")).first.click()
    expect(desk.locator(".nm-hit").first).to_be_visible()
    check(desk)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_field_that_cannot_be_read_says_so_and_keeps_the_rest(desk: Page, address: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 740})
    desk.goto(f"{address}/search?q=debt&type=debt_advice")
    if width < 1000:
        desk.get_by_text("Filters", exact=False).and_(desk.locator("summary")).first.click()
    desk.locator("summary", has_text="Distance").click()
    desk.get_by_label("Within kilometres").fill("far")
    desk.get_by_role("button", name="Apply").first.click()
    expect(desk.get_by_role("alert")).to_contain_text("Enter kilometres as a number")
    assert desk.get_by_label("Within kilometres").input_value() == "far"
    assert desk.get_by_role("checkbox", name="Debt advice").is_checked()
    check(desk)


def test_a_link_to_pass_on_leads_to_the_same_help_without_the_words(desk: Page, address: str) -> None:
    desk.goto(f"{address}/search?q=who+helps+with+mortgage+debt")
    first = desk.locator(".nm-hit h3").first.inner_text()
    desk.locator("summary", has_text="Share this search").click()
    link = desk.get_by_label("Link without the words you typed").input_value()
    check(desk)
    assert "mortgage debt" not in link.replace("+", " ")
    desk.goto(link)
    assert first in desk.locator(".nm-hit h3").all_inner_texts()
    assert desk.get_by_role("searchbox").input_value() == ""
