"""The steps of an import that need no worker, at both widths: nothing for axe to find, nothing sideways."""

import pytest
from playwright.sync_api import Page

from tests.browser.test_main_way import check, sign_in

pytestmark = pytest.mark.browser
LIST = b"Agency,Program,Street,Town,Tel,Remarks\nLantern House,Warm room,1 Mill Lane,Oldbridge,555 0001,\n"


def test_a_table_is_uploaded_and_its_columns_are_chosen(page: Page, address: str) -> None:
    sign_in(page, address, "coordinator@demo.example")
    page.goto(f"{address}/import")
    page.set_input_files("#file", {"name": "offers.csv", "mimeType": "text/csv", "buffer": LIST})
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("heading", name="What do the columns mean?").wait_for()
    assert page.locator("#column-5").input_value() == "phone.number"
    check(page)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("status").wait_for()
    assert page.get_by_role("progressbar").count() == 1
    check(page)
