"""S4: nothing that another site sends is done, whatever it holds."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.county import StrictClient
from tests.trust.doors import NOTED, changed, everything, unsafe
from tests.trust.test_s03_mass_assignment import FORMS
from tests.web.test_routes import address

SignIn = Callable[[str | None], FlaskClient]
WAYS = (
    "no token",
    "wrong token",
    "token of another session",
    "cross-site",
    "same-site",
    "JSON",
    "text as form",
)


# The API takes JSON and asks for its token; pages take forms only.
EXPECTED = {"cross-site": 403, "same-site": 403, "JSON": 415}


def send(client: FlaskClient, path: str, way: str, form: dict[str, str], mine: str, other: str) -> int:
    """Send a form in one of the ways in which another site could."""
    tokens = {
        "wrong token": "x" * 90,
        "token of another session": other,
        "cross-site": mine,
        "same-site": mine,
    }
    headers = {"Sec-Fetch-Site": way} if way in {"cross-site", "same-site"} else {}
    if way == "JSON":
        return client.post(path, json=form, headers=headers).status_code
    if way == "text as form":
        return client.post(path, data='{"a":"=', content_type="text/plain").status_code
    token = {"csrf_token": tokens[way]} if way in tokens else {}
    return client.post(path, data={**form, **token}, headers=headers).status_code


@pytest.mark.parametrize("way", WAYS)
def test_no_route_obeys_another_site(app: Flask, sign_in: SignIn, way: str) -> None:
    clients = {role: sign_in(role) for role in ("admin", "coordinator", "planner")}
    clients[None] = app.test_client()  # type: ignore[index]
    assert isinstance(clients["admin"], StrictClient)
    tokens = {role: client.token("/sign-in") for role, client in clients.items()}  # type: ignore[attr-defined]
    before, wrong, seen = everything(app, without=NOTED), [], 0
    for rule, _method, role in unsafe(app):
        role = "coordinator" if role == "case_manager" else role
        mine = tokens[role]  # type: ignore[index]
        other = tokens["planner" if role != "planner" else "admin"]
        status = send(clients[role], address(app, rule), way, FORMS[rule.endpoint], mine, other)  # type: ignore[index]
        seen += 1
        expected = EXPECTED.get(way, 400)
        if way == "JSON" and rule.rule.startswith("/api/"):
            expected = 400
        if status != expected:
            wrong.append((rule.rule, status))
    assert wrong == []
    assert seen > 15
    assert changed(before, everything(app, without=NOTED)) == set()


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_the_own_pages_and_old_browsers_are_obeyed(app: Flask, site: str | None) -> None:
    client = app.test_client()
    headers = {"Sec-Fetch-Site": site} if site else {}
    typed = {"language": "ru", "csrf_token": client.token()}
    assert client.post("/language", data=typed, headers=headers).status_code == 303


def test_another_site_may_link_to_a_page(sign_in: SignIn) -> None:
    assert sign_in("planner").get("/gaps", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_the_refusal_is_said_in_words(app: Flask) -> None:
    answer = app.test_client().post("/language", headers={"Sec-Fetch-Site": "cross-site"})
    assert "from another site" in answer.get_data(as_text=True)
