"""Pages of packages and of the table of help."""

import json
import re
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient

from netmap.matching.desk import Desk

SignIn = Callable[[str | None], FlaskClient]
CLIENT = {"needs": {"fin.consumer_debt": {"severity": 2}, "fin.mortgage_debt": {"severity": 2}}}


@pytest.fixture
def pages(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[str, str]]:
    """Return a function that gives both pages for a client whose providers all have no organisation."""
    named = Desk._who
    monkeypatch.setattr(Desk, "_who", lambda self, offer: {**named(self, offer), "provider": ""})
    monkeypatch.setattr(Desk, "near_miss", lambda self, miss: None)

    def ask() -> tuple[str, str]:
        browser = sign_in("case_manager")
        sent = {"client": json.dumps(CLIENT), "csrf_token": browser.token("/needs")}
        needs = {f"severity-{code}": "2" for code in CLIENT["needs"]}
        packages = browser.post("/needs", data={**sent, **needs, "do": "match"}).get_data(as_text=True)
        sent["package"] = "mortgage_debtor_eviction_threat"
        return packages, browser.post("/needs/table", data=sent).get_data(as_text=True)

    return ask


def test_a_service_whose_organisation_is_missing_is_still_somebody(
    pages: Callable[[], tuple[str, str]],
) -> None:
    packages, table = pages()
    assert "organisation not known: " in packages
    assert "organisation not known" in table
    assert "<br>\n          : " not in packages
    assert table.count("nobody found") == table.count("The directory knows nobody for this service type.")


def send(browser: FlaskClient, address: str, client: Mapping[str, object], **more: str) -> tuple[int, str]:
    sent = {"client": json.dumps(client), "csrf_token": browser.token("/needs"), **more}
    answer = browser.post(address, data=sent)
    return answer.status_code, answer.get_data(as_text=True)


AREA_UNKNOWN = "the person&#39;s area is not known"
SAID_ONCE = "No area is given"


@pytest.mark.parametrize("address", ["/needs", "/needs/table", "/needs/choice"])
def test_that_no_area_is_given_is_said_once_with_the_way_to_the_form(sign_in: SignIn, address: str) -> None:
    browser = sign_in("case_manager")
    more = {"package": "mortgage_debtor_eviction_threat", "do": "packages"}
    _status, page = send(browser, address, CLIENT, **more)
    assert (page.count(SAID_ONCE), page.count(AREA_UNKNOWN)) == (1, 0)
    assert 'action="/needs#area"' in page
    _status, placed = send(browser, address, CLIENT | {"area": "lauvena"}, **more)
    assert SAID_ONCE not in placed


def test_a_decision_that_is_not_complete_is_told_at_its_place(sign_in: SignIn) -> None:
    browser = sign_in("case_manager")
    status, page = send(browser, "/needs/decision", CLIENT, package="mortgage_debtor_eviction_threat")
    assert status == 422
    for name in ("outcome", "reason"):
        assert f'href="#{name}"' in page
        assert f'id="{name}-error"' in page
    assert 'name="client"' in page
    assert re.findall(r"<input[^>]* checked", page) == []


def test_nothing_is_chosen_before_somebody_decides(sign_in: SignIn) -> None:
    browser = sign_in("case_manager")
    _status, page = send(browser, "/needs/table", CLIENT, package="mortgage_debtor_eviction_threat")
    assert '<option value="" selected>choose a reason</option>' in page
