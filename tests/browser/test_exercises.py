"""A case manager trains: story, usual form, packages, comparison; and a coordinator tries a change."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_way import check, sign_in

pytestmark = pytest.mark.browser


def test_a_case_manager_trains_and_compares(page: Page, address: str) -> None:
    sign_in(page, address, "case@demo.example")
    page.goto(f"{address}/exercises")
    check(page)
    page.get_by_role("link", name="Curtains closed").click()
    check(page)
    page.get_by_role("link", name="Fill in the form").click()
    expect(page.get_by_role("complementary")).to_contain_text("nothing of this is kept")
    check(page)
    page.get_by_role("button", name="Open the long form").click()
    for code, severity in (("men.depression", "2"), ("emp.unemployed", "2"), ("fin.food", "1")):
        chosen = page.locator(f'[name="severity-{code}"]')
        chosen.evaluate("element => element.closest('details')?.setAttribute('open', '')")
        chosen.select_option(severity)
    page.get_by_role("main").get_by_role("button", name="Find packages").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Packages that fit")
    check(page)
    page.get_by_role("button", name="Compare with the model answer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your answer and the model answer")
    expect(page.get_by_role("heading", name="Missed (4)")).to_be_visible()
    expect(page.get_by_role("heading", name="In addition (1)")).to_be_visible()
    check(page)


def test_a_coordinator_sees_what_other_weights_would_change(page: Page, address: str) -> None:
    sign_in(page, address, "coordinator@demo.example")
    page.goto(f"{address}/rules")
    check(page)
    page.get_by_label("Parts of life").fill("4")
    page.get_by_role("button", name="See what this would change").last.click()
    expect(page.get_by_role("heading", name="What this would change")).to_be_visible()
    check(page)
    page.goto(f"{address}/packages/released_from_prison/edit")
    page.get_by_role("button", name="Remove").first.click()
    page.get_by_role("button", name="See what this would change").click()
    expect(page.get_by_role("heading", name="What this would change")).to_be_visible()
    check(page)
