"""The sheet on which a person reads what was understood, and contests it."""

import json
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from netmap.vocabulary.terms import label

SignIn = Callable[[str | None], FlaskClient]
CLIENT: dict[str, Any] = {
    "needs": {"add.alcohol": {"severity": 2}, "emp.unemployed": {"severity": 2}, "fin.food": {"severity": 0}},
    "facts": {"single_parent": "yes", "large_family": "no"},
    "languages": ["lt"],
}
PACKAGE = "drinking_single_parent_with_debts"


def ask(sign_in: SignIn, **sent: str) -> str:
    """Return the page."""
    browser = sign_in("case_manager")
    form = {"csrf_token": browser.token("/needs"), "client": json.dumps(CLIENT), "package": PACKAGE, **sent}
    return browser.post("/needs/sheet", data=form).get_data(as_text=True)


def test_the_sheet_speaks_the_language_of_the_person_and_names_no_package(sign_in: SignIn) -> None:
    page = ask(sign_in)
    sheet = page[page.index('class="nm-sheet"') : page.index('class="nm-noprint"')]
    assert 'lang="lt"' in sheet
    assert "alkoholis ir skolos" not in sheet
    assert "alkoholis ir skolos" not in page
    assert sheet.count("nm-sheet__row") >= 2 + 3


def test_what_is_only_asked_about_is_not_on_the_sheet(sign_in: SignIn) -> None:
    page = ask(sign_in, paper="en")
    sheet = page[page.index('class="nm-sheet"') : page.index('class="nm-noprint"')]
    assert label("fin.food") not in sheet
    assert f"{label('large_family')}: no" in sheet


def test_a_contested_need_is_struck_out_and_carried_on(sign_in: SignIn) -> None:
    page = ask(sign_in, **{"do": "contest", "not-add.alcohol": "yes", "paper": "en"})
    assert page.count("<s>") == 1
    assert "&#34;contested&#34;: [&#34;add.alcohol&#34;]" in page


def test_a_sheet_without_a_package_has_no_plan(sign_in: SignIn) -> None:
    page = ask(sign_in, package="", paper="en")
    assert "What you told us" in page
    assert "What could help</h2>" not in page


def test_the_sheet_says_how_soon_only_where_it_cannot_wait(sign_in: SignIn) -> None:
    soon = CLIENT | {"needs": {**CLIENT["needs"], "fin.food": {"severity": 2, "urgency": 1}}}
    page = ask(sign_in, client=json.dumps(soon), paper="en")
    assert "(this month)" in page
    assert "can wait" not in page


def test_the_sheet_leads_back_to_the_table_of_its_package(sign_in: SignIn) -> None:
    assert "Back to the table of help" in ask(sign_in)
    assert "Back to the table of help" not in ask(sign_in, package="")
