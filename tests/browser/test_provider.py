"""A provider on a telephone, with no account and no scripts, corrects its hours; a coordinator takes them."""

import pytest
from playwright.sync_api import Browser, Page

from netmap.demo import PASSWORD, PEOPLE
from tests.browser.conftest import sideways, violations
from tests.county import provider_token, settings_for

pytestmark = pytest.mark.browser


def telephone(browser: Browser) -> Page:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="en-GB", java_script_enabled=False, has_touch=True
    )
    return context.new_page()


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.locator("main input[name=email]").fill(
        next(email for email, role in PEOPLE if role == "coordinator")
    )
    page.locator("main input[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(f"{address}/")


def test_a_provider_on_a_telephone_corrects_its_hours_without_an_account(
    browser: Browser, address: str, prepared: object
) -> None:
    phone = telephone(browser)
    phone.goto(f"{address}/provider/{provider_token(settings_for(prepared))}")  # type: ignore[arg-type]
    phone.locator(".nm-pv-open").first.click()
    name = phone.locator("h1").inner_text()
    phone.get_by_role("link", name="Correct something").click()
    monday = phone.locator("fieldset", has=phone.get_by_text("Monday", exact=True))
    monday.locator("input[type=time]").nth(0).fill("07:15")
    monday.locator("input[type=time]").nth(1).fill("19:45")
    phone.get_by_role("button", name="Send the corrections").click()
    assert phone.get_by_role("status").inner_text().startswith("Thank you. Your correction has arrived")
    phone.context.close()

    desk = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB").new_page()
    sign_in(desk, address)
    desk.goto(f"{address}/corrections")
    waiting = desk.locator("article", has=desk.get_by_role("link", name=name, exact=True))
    assert "Monday: 07:15–19:45" in waiting.inner_text()
    waiting.get_by_role("button", name="Take all").click()
    assert desk.get_by_text("No correction waits.").count() == 1
    desk.goto(f"{address}/corrections?state=decided")
    desk.get_by_role("link", name=name, exact=True).click()
    assert "07:15" in desk.locator("main").inner_text()
    desk.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_behind_a_link_fit_and_have_no_finding(
    browser: Browser, address: str, prepared: object, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB")
    page, start = context.new_page(), f"{address}/provider/{provider_token(settings_for(prepared))}"  # type: ignore[arg-type]
    page.goto(start)
    for shown in [start, *page.eval_on_selector_all(".nm-pv-open", "all => all.map(one => one.href)")]:
        for one in (shown, f"{shown}/correct") if shown != start else (shown,):
            page.goto(one)
            assert (violations(page), sideways(page)) == ([], 0), one
    context.close()
