"""Choosing who helps by hand: what travels from page to page, what is asked back, what is shown."""

import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from netmap.web.matching_choice import LONGEST_REASON, changed_client

SignIn = Callable[[str | None], FlaskClient]
Ask = Callable[..., tuple[int, str]]
PACKAGE = "mortgage_debtor_eviction_threat"
CLIENT: dict[str, Any] = {
    "needs": {
        "fin.mortgage_debt": {"severity": 3, "urgency": 2},
        "fin.consumer_debt": {"severity": 3, "urgency": 1},
        "emp.unemployed": {"severity": 2, "urgency": 1},
    },
    "languages": ["lt", "ru", "uk"],
    "area": "lauvena",
}


@pytest.fixture
def ask(sign_in: SignIn) -> Ask:
    """Return a function that sends a form to the page of choice and gives its status and text."""
    browser = sign_in("case_manager")
    token = browser.token("/needs")

    def send(client: Mapping[str, Any] = CLIENT, path: str = "/needs/choice", **form: str) -> tuple[int, str]:
        sent = {"csrf_token": token, "client": json.dumps(client), "package": PACKAGE, **form}
        answer = browser.post(path, data=sent)
        return answer.status_code, answer.get_data(as_text=True)

    return send


def offered(page: str, line: str) -> list[str]:
    """Return the answers that the page offers for a line, in their order."""
    return re.findall(rf'name="line-{line}" value="([^"]*)"', page)


def ticked(page: str, line: str) -> list[str]:
    return re.findall(rf'name="line-{line}" value="([^"]*)" checked', page)


def carried(page: str) -> list[dict[str, Any]]:
    """Return the clients in the forms of the page, in their order."""
    return [json.loads(unescape(one)) for one in re.findall(r'name="client" value="([^"]*)"', page)]


def test_every_line_offers_what_is_proposed_others_and_nobody(ask: Ask) -> None:
    status, page = ask()
    assert status == 200
    assert ticked(page, "all_debts") == [""]
    assert len(offered(page, "all_debts")) >= 3
    assert "-" in offered(page, "all_debts")
    assert re.search(r"\bbefore\b(?! you send)", page) is None


def test_a_swap_shows_before_and_after_and_is_carried_to_the_table(ask: Ask) -> None:
    _status, page = ask()
    other = offered(page, "all_debts")[1]
    status, compared = ask(do="compare", **{"line-all_debts": other})
    assert status == 200
    assert (ticked(compared, "all_debts"), "The difference" in compared) == ([other], True)
    after, before = carried(compared)
    assert (after["chosen"], before.get("chosen")) == ({"all_debts": other}, None)
    _status, table = ask(after, path="/needs/table")
    assert f"/services/{other}" in table
    _status, plain = ask(path="/needs/table")
    assert table != plain


def test_a_swap_can_be_taken_back(ask: Ask) -> None:
    _status, page = ask()
    other = offered(page, "all_debts")[1]
    _status, back = ask(CLIENT | {"chosen": {"all_debts": other}}, do="compare", **{"line-all_debts": ""})
    assert "chosen" not in carried(back)[0]


def test_nobody_can_be_chosen(ask: Ask) -> None:
    _status, page = ask(do="compare", **{"line-all_debts": "-"})
    assert carried(page)[0]["chosen"] == {"all_debts": ""}
    assert ticked(page, "all_debts") == ["-"]


def test_nothing_changed_says_so(ask: Ask) -> None:
    _status, page = ask(do="compare")
    assert "Nothing has changed." in page


def test_a_near_miss_needs_a_reason(ask: Ask) -> None:
    _status, page = ask()
    line = next(key for key in re.findall(r'id="reason-(\w+)"', page))
    miss = offered(page, line)[-1]
    status, again = ask(do="compare", **{f"line-{line}": miss})
    assert status == 422
    assert f'href="#reason-{line}"' in again
    assert ticked(again, line) == [miss]
    assert all("overrides" not in one for one in carried(again))
    status, again = ask(do="compare", **{f"line-{line}": miss, f"reason-{line}": "Ask Ona, 8 612 34567"})
    assert (status, "A long number is not kept" in again) == (422, True)
    status, taken = ask(do="compare", **{f"line-{line}": miss, f"reason-{line}": "Her sister drives her"})
    assert status == 200
    (override,) = carried(taken)[0]["overrides"]
    assert (override["service_id"], override["line"], override["reason"]) == (
        miss, line, "Her sister drives her",
    )  # fmt: skip
    assert override["criterion"]
    assert ticked(taken, line) == [miss]
    assert "Her sister drives her" in re.sub(r"<input[^>]*>", "", taken)


def test_no_more_places_than_chosen(ask: Ask) -> None:
    _status, page = ask(do="compare", most_places="1")
    assert carried(page)[0]["most_places"] == 1
    assert re.search(r'<option value="1" selected>', page)
    _status, none = ask(CLIENT | {"most_places": 1}, do="compare", most_places="")
    assert "most_places" not in carried(none)[0]


def test_a_larger_limit_from_the_form_of_needs_stays(ask: Ask) -> None:
    _status, page = ask(CLIENT | {"most_places": 9})
    assert re.search(r'<option value="9" selected>', page)
    _status, page = ask(CLIENT | {"most_places": 9}, do="compare", most_places="9")
    assert carried(page)[0]["most_places"] == 9


def test_a_provider_that_is_gone_is_named_and_another_stands_there(ask: Ask) -> None:
    status, page = ask(CLIENT | {"chosen": {"all_debts": "no such service"}})
    assert status == 200
    assert "the provider chosen by hand cannot serve this line" in page
    assert ticked(page, "all_debts") == [""]


def test_an_unknown_package_is_not_found(ask: Ask) -> None:
    assert ask(package="nothing")[0] == 404


def test_a_client_that_was_tampered_with_is_refused(ask: Ask) -> None:
    assert ask(CLIENT | {"chosen": ["all_debts"]})[0] == 422
    assert ask(CLIENT | {"overrides": [{"line": "all_debts"}]})[0] == 422


def test_the_packages_show_ways_and_the_other_choice(ask: Ask) -> None:
    _status, page = ask(path="/needs", do="packages")
    assert "Places and journeys" in page
    assert re.search(r"\d places? to go to, \d journeys?, about \d+ minutes on the way in all", page)
    assert "By fit alone, without looking at the ways:" in page


LINE: dict[str, Any] = {
    "key": "debts",
    "dropped": False,
    "near_misses": [{"service_id": "far", "criterion": "distance", "service": "Far", "sentence": "Too far"}],
}
KEPT = {"service_id": "far", "line": "debts", "criterion": "distance", "reason": "A friend drives"}


def test_another_choice_takes_the_reason_back() -> None:
    held = {"chosen": {"debts": "far"}, "overrides": [KEPT, KEPT | {"line": "other"}]}
    package = {"lines": [LINE | {"near_misses": []}]}
    assert changed_client(held, package, {"line-debts": "near"}, {}) == {
        "chosen": {"debts": "near"}, "overrides": [KEPT | {"line": "other"}],
    }  # fmt: skip
    assert changed_client(held, package, {"line-debts": "far"}, {}) == held


def test_a_line_that_was_not_sent_keeps_its_choice() -> None:
    held = {"chosen": {"debts": "near"}}
    assert changed_client(held, {"lines": [LINE]}, {}, {}) == held


def test_a_reason_that_is_too_long_is_refused() -> None:
    errors: dict[str, str] = {}
    typed = {"line-debts": "far", "reason-debts": "x" * (LONGEST_REASON + 1)}
    changed_client({}, {"lines": [LINE]}, typed, errors)
    assert list(errors) == ["reason-debts"]


def test_a_decision_names_the_version_on_the_page_and_is_refused_where_another_is_in_use(ask: Ask) -> None:
    why = [{"service_id": "s", "line": "all_debts", "criterion": "cost", "reason": "the church pays"}]
    _status, table = ask(CLIENT | {"overrides": why}, path="/needs/table")
    assert "your reason and your e-mail are kept too" in table
    (seen,) = re.findall(r'name="version" value="(\d+)"', table)
    decided = {"path": "/needs/decision", "outcome": "taken", "reason": "fits"}
    status, page = ask(**decided, version=str(int(seen) + 1))
    assert (status, f"version {seen} is in use" in page) == (409, True)
    assert ask(**decided, version=seen)[0] == 303
