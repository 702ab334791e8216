"""S16: no word, number or order in an address is a command, and none makes the server fail or wait."""

import time
from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.trust.doors import changed, everything
from tests.web.test_bad_input import ADDRESSES

SignIn = Callable[[str | None], FlaskClient]
# Beyond those of tests/web/test_bad_input.py, which sends ODD_TEXTS to the same addresses.
TEXTS = (
    "'", "''", '"', "';--", "' OR '1'='1", "1; DROP TABLE user", "x' UNION SELECT password_hash FROM user--",
    "NEAR(a b, 5)", "a NEAR/3 b", "name:*", "*:*", "^a", "a~99", '"a b"~5', "[* TO *]", "{a TO b}", "a*b*c*",
    "(" * 5000, ")" * 5000, "(" * 2500 + "a" + ")" * 2500, '"' * 5000, "a " * 5000, "-" * 9999, "ж" * 10_000,
    "a OR " * 2000, "NOT " * 2000, "\x00" * 200, "%00", "\\", "\\\\'", "/**/", "0x41", "${7*7}", "{{7*7}}",
    "1e999", "٠", "1" * 20, "-" + "9" * 20, "0" * 5000, "²³", "NaN", "Infinity", "1,2,3", ",", "1;2",
    "91,181",
)  # fmt: skip
SORTS = (
    "name",
    "name desc",
    "1",
    "id;DROP TABLE user",
    "(SELECT 1)",
    "count--",
    "rate,count",
    "",
    "RATE",
    "\x00",
)
MORE = (
    ("/gaps", "order"), ("/api/gaps", "package"), ("/search?q=debts", "sort"),
    ("/search?q=debts", "order"), ("/api/search?q=debts", "type"), ("/search?q=debts", "open"),
    ("/packages", "q"), ("/packages/homeless_unemployed", "saved"), ("/people/events", "page"),
    ("/people/1", "done"), ("/account", "done"), ("/needs", "client"), ("/needs/decided", "outcome"),
)  # fmt: skip


def plain_client(app: Flask, client: FlaskClient) -> FlaskClient:
    """A client of the same session that does not read the HTML: control characters are none."""
    cookie, plain = client.get_cookie("netmap"), FlaskClient(app, app.response_class)
    assert cookie is not None
    plain.set_cookie("netmap", cookie.value)
    return plain


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_no_word_in_an_address_is_a_command(app: Flask, sign_in: SignIn, role: str) -> None:
    client = plain_client(app, sign_in(role))
    before, wrong, slow = everything(app, without={"web_session"}), [], []
    places = [one for one in (*ADDRESSES, *MORE) if one[0].startswith("/people") == (role == "admin")]
    for number, (path, name) in enumerate(places):
        place, _mark, query = path.partition("?")
        for value in SORTS if name in {"order", "sort"} else TEXTS[number % 5 :: 5]:
            begin = time.process_time()
            answer = client.get(place, query_string=[*parse_qsl(query), (name, value)])
            if answer.status_code >= 500 or "sqlite" in answer.get_data(as_text=True).casefold():
                wrong.append((path, name, value[:20], answer.status_code))
            if (took := time.process_time() - begin) > 3:
                slow.append((path, name, value[:20], took))
    assert wrong == []
    assert slow == []
    assert changed(before, everything(app, without={"web_session"})) - {"job"} == set()
    assert places


def test_no_word_in_a_note_is_a_command(app: Flask, sign_in: SignIn) -> None:
    client = plain_client(app, sign_in("case_manager"))
    app.config["WTF_CSRF_ENABLED"] = False
    before, wrong = everything(app, without={"web_session"}), []
    for text in TEXTS:
        codes = {"package": text, "outcome": text, "reason": text, "client": "{}"}
        answers = [
            client.post("/needs", data={"do": "suggest", "note": text}),
            client.post("/api/needs", json={"text": text}),
            client.post("/api/match", json={"needs": {text: {"severity": 2}}}),
            client.post("/unmet-needs", data={"unmet_about": text, "unmet_area": text, "unmet_case": text}),
            client.post("/needs/decision", data=codes),
            client.post("/unfit-cases", data={"client": text, "case": text}),
            client.post("/unfit-cases/take-back", data={"client": text, "token": text}),
        ]
        wrong += [(text[:20], one.status_code) for one in answers if one.status_code not in {200, 404, 422}]
    assert wrong == []
    assert changed(before, everything(app, without={"web_session"})) == set()


def test_an_unknown_order_is_the_usual_order(sign_in: SignIn) -> None:
    client = sign_in("planner")
    usual, rate = (client.get("/api/gaps", query_string={"order": one}).get_json() for one in ("", "rate"))
    assert usual != rate
    for order in SORTS:
        assert client.get("/api/gaps", query_string={"order": order}).get_json() == usual, order


@pytest.mark.parametrize("path", ["/search", "/gaps", "/typing", "/api/search"])
def test_a_page_that_cannot_be_is_said_or_is_the_first(sign_in: SignIn, path: str) -> None:
    client = sign_in("coordinator")
    for page in ("9" * 20, "-1", "0", "1.5", "x", "", "٣", "1e3", "99999"):
        answer = client.get(path, query_string={"q": "debts", "page": page})
        assert answer.status_code in {200, 422}, page
