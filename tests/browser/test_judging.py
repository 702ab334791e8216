"""Judging the search in a real browser: a question is added, its answers graded by the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_way import check, sign_in

pytestmark = pytest.mark.browser


def test_a_coordinator_judges_a_question(page: Page, address: str) -> None:
    sign_in(page, address, "coordinator@demo.example")
    page.get_by_role("main").get_by_role("link", name="Judge the search").click()
    check(page)
    page.get_by_label("Question", exact=True).fill("who helps with debts")
    page.get_by_role("button", name="Add and judge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("who helps with debts")
    check(page)
    first = page.get_by_role("group").first
    first.get_by_label("no grade").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(first.get_by_label("1 related")).to_be_checked()
    page.get_by_role("button", name="Keep the grades").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your grades are kept")
    expect(page.get_by_text("1 answer judged by you")).to_be_visible()
    check(page)
