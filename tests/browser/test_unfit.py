"""In a real browser: no package fits, one click keeps the case, and a package is written from a group."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sideways, violations
from tests.browser.test_main_way import sign_in

pytestmark = pytest.mark.browser
# severities of two needs, of three cases for each width: the same case would count once a week
CASES = {1280: ((3, 2), (3, 3), (2, 2)), 360: ((2, 3), (2, 1), (3, 1))}


def check(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) <= 0


def no_package_fits(page: Page, address: str, palliative: int, paperwork: int) -> None:
    """Go to the page of packages with needs that none of them is for."""
    page.goto(f"{address}/needs")
    needs = {"hlt.palliative": {"severity": palliative}, "leg.paperwork": {"severity": paperwork}}
    client = json.dumps({"needs": needs})
    page.evaluate(
        """client => {
            const form = document.querySelector('main form[method=post]');
            for (const [name, value] of [['do', 'packages'], ['client', client]]) {
                const field = document.createElement('input');
                Object.assign(field, {type: 'hidden', name, value});
                form.append(field);
            }
            form.noValidate = true;
            form.submit();
        }""",
        client,
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Packages that fit")


def test_a_case_that_nothing_fits_becomes_a_package(page: Page, address: str) -> None:
    sign_in(page, address, "coordinator@demo.example")
    first = page.get_by_role("heading", level=1)
    assert page.viewport_size is not None
    for severities in CASES[page.viewport_size["width"]]:
        no_package_fits(page, address, *severities)
        check(page)
        page.get_by_role("button", name="Keep this case, so that a package can be written").click()
        expect(first).to_have_text("The case is kept")
        check(page)

    page.goto(f"{address}/unfit-cases")
    check(page)
    page.get_by_role("button", name="Write a package from this group").first.click()
    expect(first).to_have_text("Make a new package")
    expect(page.get_by_label("Problem", exact=True).first).to_have_value("hlt.palliative")

    page.goto(f"{address}/packages/homeless_unemployed/readiness")
    expect(first).to_have_text("Is everybody there for this package?")
    check(page)
    page.goto(f"{address}/packages/homeless_unemployed/curation")
    check(page)
