"""Pages of packages and of the table of help."""

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from netmap.matching.lines import Desk

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
