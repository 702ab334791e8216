"""The main way in a real browser: sign in, search, needs, package, table of help, gaps, network."""

import pytest
from playwright.sync_api import Browser, Page, expect

from netmap.demo import PASSWORD
from tests.browser.conftest import sideways, violations

pytestmark = pytest.mark.browser


def check(page: Page) -> None:
    """Nothing for axe to complain about, and nothing wider than the window."""
    assert violations(page) == []
    assert sideways(page) <= 0


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who helps with what")


def test_a_case_manager_goes_from_a_question_to_a_table_of_help(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    check(page)
    sign_in(page, address, "case@demo.example")
    check(page)

    page.get_by_role("searchbox").fill("who helps with mortgage debt")
    page.get_by_role("main").get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="found")).to_be_visible()
    assert page.locator(".nm-hit").count() > 0
    check(page)
    page.locator(".nm-hit a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check(page)

    page.goto(f"{address}/needs")
    check(page)
    page.get_by_text("Start from a note").click()
    page.get_by_label("Note", exact=True).fill(
        "Lost his job in spring, owes money on loans and drinks every evening."
    )
    page.get_by_role("button", name="Suggest codes").click()
    expect(page.get_by_role("heading", name="Suggested from the words")).to_be_visible()
    check(page)
    page.locator('[name="safe-fam.neglect"][value="yes"]').check()
    for code, severity in (("emp.unemployed", "2"), ("fin.consumer_debt", "3"), ("add.alcohol", "2")):
        chosen = page.locator(f'[name="severity-{code}"]')
        chosen.evaluate("element => element.closest('details')?.setAttribute('open', '')")
        chosen.select_option(severity)
    urgency = page.locator('[name="urgency-fin.consumer_debt"]')
    expect(urgency).to_be_visible()  # how soon is asked once something is there
    expect(page.locator('[name="urgency-add.gambling"]')).to_be_hidden()
    page.get_by_role("button", name="Open the long form").click()
    expect(page.get_by_role("heading", name="Safety first")).to_be_visible()
    expect(page.locator('[name="severity-fin.consumer_debt"]')).to_have_value("3")
    page.get_by_label("Monday, morning").check()
    page.get_by_label("Looks for work without help").check()
    check(page)
    page.get_by_role("button", name="Does case management begin?").click()
    check(page)
    page.get_by_role("group", name="more than three requests").get_by_label("yes").check()
    page.get_by_role("button", name="What follows").click()
    expect(page.get_by_text("From these answers follows")).to_be_in_viewport()
    page.get_by_label("Case management: one person").check()
    page.get_by_label("The criteria say so").check()
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The decision is kept")
    check(page)
    page.get_by_role("button", name="Go on to the packages").click()
    page.get_by_role("button", name="Change the needs").click()
    expect(page.get_by_label("Monday, morning")).to_be_checked()
    page.get_by_label("Area").select_option(index=1)
    page.get_by_role("main").get_by_role("button", name="Find packages").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Packages that fit")
    check(page)

    package = page.locator(".nm-result h2").first.inner_text()
    page.get_by_role("button", name="Table of help").first.click()
    expect(page.locator("table.nm-help tbody tr")).not_to_have_count(0)
    assert package not in page.get_by_role("main").inner_text()
    check(page)
    page.get_by_label("Taken with corrections").check()
    page.locator("#reason").select_option("fits")
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The decision is kept")
    check(page)


def test_a_planner_opens_a_gap_from_the_picture(page: Page, address: str) -> None:
    sign_in(page, address, "planner@demo.example")
    page.goto(f"{address}/gaps")
    check(page)
    assert page.locator(".nm-hit").count() > 0
    page.goto(f"{address}/network?package=refugee_without_the_language")
    check(page)
    page.locator("svg a", has_text="NEEDED").first.click()
    expect(page.get_by_role("heading", name="Where, and how many people")).to_be_visible()
    check(page)


def test_a_coordinator_looks_at_packages_types_and_the_import(page: Page, address: str) -> None:
    sign_in(page, address, "coordinator@demo.example")
    for path in (
        "/packages",
        "/packages/homeless_unemployed",
        "/packages/homeless_unemployed/edit",
        "/entry-criteria",
        "/entry-criteria/three_tests",
        "/entry-criteria/three_tests/edit",
        "/typing",
        "/import",
    ):
        answer = page.goto(f"{address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        check(page)


def test_an_admin_sees_the_people(page: Page, address: str) -> None:
    sign_in(page, address, "admin@demo.example")
    page.goto(f"{address}/people")
    check(page)


def test_the_check_finds_a_bad_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='x.png'><input><div style='width:3000px'>wide</div></body></html>")
    found = " ".join(violations(page))
    assert "image-alt" in found
    assert "label" in found
    assert sideways(page) > 0
    page.close()


def test_the_table_of_help_prints_without_menus(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/sign-in")
    page.emulate_media(media="print")
    assert not page.locator(".nm-header").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    page.close()


def test_the_main_tasks_work_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill("case@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("searchbox").fill("кто поможет с ипотекой")
    page.get_by_role("main").get_by_role("button", name="Search", exact=True).click()
    assert page.locator(".nm-hit").count() > 0
    context.close()
