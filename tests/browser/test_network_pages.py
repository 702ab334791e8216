"""The pages of the network in a real browser: readable, wide and narrow, walked with the keyboard."""

import pytest
from playwright.sync_api import Page

from netmap.demo import PASSWORD
from tests.browser.conftest import sideways, violations

pytestmark = pytest.mark.browser

PAGES = (
    "/network?package=homeless_unemployed", "/network/matrix", "/network/map", "/network/ties",
    "/network/bridges", "/network/measures", "/network/walk",
)  # fmt: skip


@pytest.fixture
def planner(page: Page, address: str) -> Page:
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", "planner@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    return page


def test_the_pages_are_clean_and_fit_the_window(planner: Page, address: str) -> None:
    for path in PAGES:
        answer = planner.goto(f"{address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert violations(planner) == [], path
        assert sideways(planner) == 0, path


def test_one_walks_with_the_keyboard_alone(planner: Page, address: str) -> None:
    planner.goto(f"{address}/network/walk")
    first = planner.locator("a.nm-walk__node").first
    name = first.locator("title").text_content()
    first.focus()
    planner.keyboard.press("Enter")
    planner.wait_for_url("**centre=*")
    centre = planner.locator("a.nm-walk__node--centre")
    assert centre.locator("title").text_content() == name
    assert planner.locator("h2", has_text=name).count() == 1
    planner.locator("a.nm-walk__node").nth(1).focus()
    planner.keyboard.press("Enter")
    planner.wait_for_load_state()
    assert planner.locator("a.nm-walk__node--centre title").text_content() != name


def test_a_table_is_sorted_with_the_keyboard(planner: Page, address: str) -> None:
    planner.goto(f"{address}/network/map")
    heads = planner.locator("thead a, .nm-nt-sorts a").filter(has_text="Lines missing")
    link = heads.locator("visible=true").first
    link.focus()
    planner.keyboard.press("Enter")
    planner.wait_for_url("**sort=*gaps*")
    numbers = planner.locator("td[data-label='Lines missing']").all_text_contents()
    assert [int(one) for one in numbers] == sorted((int(one) for one in numbers), reverse=True)
