"""The form of a service in a real browser: hours by the keyboard alone, errors found, nothing lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from netmap.demo import PASSWORD
from tests.browser.conftest import sideways, violations
from tests.county import EMAILS

pytestmark = pytest.mark.browser
SERVICE = "3ea951da-19dc-51d2-8b45-cc3ebf75aa99"


@pytest.fixture(params=[1280, 360], ids=["desktop", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose console may say that a form was refused, and nothing else."""
    context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="en-GB")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [text for text in said if "422" not in text] == []


def open_form(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#email", EMAILS["coordinator"])
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{address}/services/{SERVICE}/edit")


def test_hours_are_edited_with_the_keyboard_alone(page: Page, address: str) -> None:
    open_form(page, address)
    assert violations(page) == []
    assert sideways(page) <= 0
    page.locator("[id='hours.MO.from1']").focus()
    for typed in ("8", "12", "13", "16:30"):
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "hours.TU.from1"
    copy = page.get_by_role("button", name="Copy Monday to all working days").first
    while page.evaluate("document.activeElement.value") != "copy.hours":
        page.keyboard.press("Tab")
    expect(copy).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[id='hours.FR.to2']")).to_have_value("16:30")
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    page.locator("[id='hours.SA.from1']").focus()
    for typed in ("22", "2"):
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # saves, wherever one is
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("Saturday closes at 02:00, before it opens at 22:00")
    assert violations(page) == []
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.id") == "hours.SA.from1"
    page.locator("[id='hours.overnight']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("main [role=status]")).to_contain_text("Saved.")
    expect(page.locator("main")).to_contain_text("08:00–12:00, 13:00–16:30")
    assert violations(page) == []
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main [role=status]")).to_contain_text("Taken back.")
    expect(page.locator("main")).not_to_contain_text("08:00–12:00, 13:00–16:30")
