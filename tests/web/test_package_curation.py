"""Coordinators always show packages or leave them out; who gets packages suggested reads why."""

import json
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]
PLACE = "/packages/homeless_unemployed/curation"
CLIENT = json.dumps({"needs": {"hou.homeless": {"severity": 2}, "emp.unemployed": {"severity": 2}}})
REASON = "The shelter takes nobody until March"


def decide(client: FlaskClient, place: str = PLACE, **typed: str) -> Any:
    return client.post(place, data={**fields(page(client.get(place)), place), "reason": REASON, **typed})


def suggested(client: FlaskClient) -> str:
    sent = {"do": "packages", "client": CLIENT, "csrf_token": client.token("/needs")}  # type: ignore[attr-defined]
    return words(page(client.post("/needs", data=sent)))


def test_a_package_is_left_out_and_everybody_reads_why(sign_in: SignIn) -> None:
    coordinator, manager = sign_in("coordinator"), sign_in("case_manager")
    before = suggested(manager)
    assert "Left out by a coordinator" not in before
    answer = decide(coordinator, effect="exclude")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/package-curation")
    after = suggested(manager)
    told = after.split("Left out by a coordinator", 1)[1]
    assert "Person without a home and without work" in told.split("Packages that fit too little")[0]
    assert f"): {REASON}" in told
    assert "coordinator@" not in after
    assert REASON in words(page(manager.get("/packages/homeless_unemployed")))


def test_a_package_is_always_shown_with_its_own_score(sign_in: SignIn) -> None:
    coordinator, manager = sign_in("coordinator"), sign_in("case_manager")
    decide(coordinator, "/packages/carer_of_a_relative/curation", effect="include", need="hou.homeless")
    assert f"always shown, says a coordinator: {REASON}" in suggested(manager)


def test_a_decision_is_ended_and_stays_to_be_read(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    decide(client, effect="exclude", area="lauvena")
    tree = page(client.get("/package-curation"))
    assert "Left out, in Lauvena" in words(tree)
    action = next(
        form.get("action") or "" for form in tree.iter("form") if (form.get("action") or "").endswith("/end")
    )
    answer = client.post(action, data=fields(tree, action))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/package-curation?page=1")
    assert REASON not in words(page(client.get("/package-curation")))
    assert REASON in words(page(client.get("/package-curation?state=ended")))
    assert "Left out by a coordinator" not in suggested(sign_in("case_manager"))


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    answer = decide(client, reason=" ", need="hou.homeless")
    tree = page(answer)
    assert answer.status_code == 422
    assert "Say why in a few words" in words(tree)
    assert fields(tree, PLACE)["need"] == "hou.homeless"
    assert "is always shown or left out. The link" in words(page(client.get("/package-curation")))


def test_only_coordinators_decide(sign_in: SignIn) -> None:
    for role in ("case_manager", "planner", "admin"):
        assert sign_in(role).get(PLACE).status_code == 403
        assert PLACE not in sign_in(role).get("/packages/homeless_unemployed").get_data(as_text=True)
