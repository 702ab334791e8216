"""Choosing who helps in a real browser, without a script and with the keyboard."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sideways, violations
from tests.browser.test_main_way import sign_in

pytestmark = pytest.mark.browser

CLIENT = {
    "needs": {
        "fin.mortgage_debt": {"severity": 3, "urgency": 2},
        "fin.consumer_debt": {"severity": 3},
        "emp.unemployed": {"severity": 2},
    },
    "area": "lauvena",
}
# Sends the codes of a client as the form of needs does, so that this test does not depend on that form.
SEND = """([token, client]) => {
    const form = document.createElement("form")
    form.method = "post"
    form.action = "/needs"
    for (const [name, value] of [["csrf_token", token], ["client", client], ["do", "packages"]]) {
        const field = document.createElement("input")
        Object.assign(field, {type: "hidden", name, value})
        form.append(field)
    }
    document.body.append(form)
    form.submit()
}"""


def to_the_choice(page: Page, address: str) -> None:
    """Go to the providers of the first package."""
    page.goto(f"{address}/needs")
    token = page.locator('main input[name="csrf_token"]').first.get_attribute("value")
    page.evaluate(SEND, [token, json.dumps(CLIENT)])
    expect(page.get_by_role("heading", level=1)).to_have_text("Packages that fit")
    page.get_by_role("button", name="Choose who helps").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose who helps")


def check(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) <= 0


def test_a_swap_shows_its_difference_and_reaches_the_table_of_help(page: Page, address: str) -> None:
    sign_in(page, address, "case@demo.example")
    to_the_choice(page, address)
    check(page)
    line = page.locator(".nm-choice").first
    other = line.get_by_role("radio").nth(1)
    name = line.locator("label").nth(1).inner_text().split("\n")[0]
    other.check()
    page.get_by_role("button", name="See the difference").last.click()
    panel = page.get_by_role("region", name="The difference")
    expect(panel.get_by_role("table")).to_be_visible()
    assert name.split(": ")[0] in panel.inner_text()
    expect(page.locator(".nm-choice").first.get_by_role("radio").nth(1)).to_be_checked()
    check(page)
    page.get_by_role("button", name="Take it to the table of help").click()
    expect(page.locator("table.nm-help")).to_be_visible()
    assert name.split(": ")[0] in page.locator("table.nm-help").inner_text()
    check(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_what_nearly_fits_asks_why_and_leads_to_the_field(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
    page = context.new_page()  # the browser notes the answer 422 as an error, which is what is meant here
    sign_in(page, address, "case@demo.example")
    to_the_choice(page, address)
    page.get_by_text("would fit, but").first.click()
    details = page.locator(".nm-choice__but[open]").first
    details.get_by_role("radio").first.check()
    page.get_by_role("button", name="See the difference").last.click()
    expect(page.get_by_role("alert")).to_contain_text("is taken all the same")
    check(page)
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator(".nm-choice__but[open] input[type=text]").first).to_be_focused()
    context.close()


def test_choosing_works_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.route("**/*.js", lambda route: route.abort())
    sign_in(page, address, "case@demo.example")
    to_the_choice(page, address)
    page.locator(".nm-choice").first.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="See the difference").last.press("Enter")
    expect(page.get_by_role("heading", name="The difference")).to_be_visible()
    context.close()
