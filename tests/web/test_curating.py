"""Coordinators put services first or leave them out; everybody reads why."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from netmap.app import create_app
from netmap.db import open_session, transaction
from netmap.directory.curation import Wish, curate
from netmap.directory.kept import Curation
from netmap.directory.models import Service
from tests.county import EMAILS
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]
NEED = "need:fin.mortgage_debt"
SEARCH = "/search?q=mortgage+debt"
REASON = "Answers on the same day"


def found(client: FlaskClient, address: str = SEARCH) -> list[str]:
    """The ids of the services on a page of results."""
    hits = [
        one for one in page(client.get(address)).iter("li") if (one.get("class") or "").startswith("nm-hit ")
    ]
    links = [next(link.get("href") or "" for link in one.iter("a")) for one in hits]
    return [link.removeprefix("/services/") for link in links]


def decide(app: Flask, service: str, effect: str, code: str = "fin.mortgage_debt", until: str = "") -> str:
    from netmap.web.curating import today

    with app.app_context(), transaction(app.extensions["netmap_engine"]) as session:
        wish = Wish("need", code, effect, f"{REASON} ({effect})", until)
        return curate(session, service, wish, by=EMAILS["coordinator"], today=today()).id


def decisions(app: Flask) -> list[tuple[str, str, str, str]]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        rows = session.scalars(select(Curation).order_by(Curation.decided_at))
        return [(row.service_id, row.field, row.code, row.effect) for row in rows if row.ended_at is None]


def test_a_coordinator_decides_from_a_card_and_comes_back(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    service = found(client)[1]
    text = client.get(SEARCH).get_data(as_text=True)
    link = next(part for part in text.split('href="') if part.startswith(f"/services/{service}/curation?"))
    address = link.split('"', 1)[0].replace("&amp;", "&")
    form = fields(page(client.get(address)), f"/services/{service}/curation")
    assert form["about"] == NEED, "what the search was about is chosen"
    sent = {**form, "effect": "first", "reason": REASON, "until": "2030-01-01"}
    answer = client.post(f"/services/{service}/curation", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, SEARCH)
    assert decisions(app) == [(service, "need", "fin.mortgage_debt", "first")]
    assert f"Put first by a coordinator: {REASON}" in words(page(client.get(SEARCH)))


def test_who_is_put_first_stands_first_and_who_is_left_out_is_counted(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    before = found(client)
    decide(app, before[3], "first")
    decide(app, before[1], "out")
    after = [before[3], *(one for one in before if one not in (before[1], before[3]))]
    assert found(client) == after
    told = client.get("/api/search", query_string={"q": "mortgage debt"}).get_json()
    assert [one["service_id"] for one in told["results"]] == after
    assert [(one["service_id"], one["reason"]) for one in told["left_out"]] == [
        (before[1], f"{REASON} (out)")
    ]


def test_only_who_would_be_found_is_counted_as_left_out(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        food = session.scalars(select(Service.id).where(Service.types.any(code="food_aid"))).first()
    assert food is not None
    assert food not in found(client)
    decide(app, food, "out")
    assert "left out by a coordinator" not in words(page(client.get(SEARCH)))
    decide(app, found(client)[0], "out")
    assert "1 service is left out by a coordinator: show" in words(page(client.get(SEARCH)))


def test_a_decision_holds_when_the_index_is_damaged(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("case_manager")
    first, out = found(client)[1:3]
    decide(app, first, "first")
    decide(app, out, "out")

    def broken(_query: object) -> None:
        raise OSError("damaged")

    monkeypatch.setattr(app.extensions["netmap_backend"], "search", broken)
    assert "is being repaired" in words(page(client.get(SEARCH)))
    assert found(client)[0] == first
    assert out not in found(client)


@pytest.mark.parametrize("role", ["case_manager", "planner", "admin"])
def test_everybody_reads_why_and_others_have_no_button(app: Flask, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    first, out = found(client)[:2]
    decide(app, first, "first")
    decide(app, out, "out")
    seen = words(page(client.get(SEARCH)))
    assert f"Put first by a coordinator: {REASON} (first)" in seen
    assert "1 service is left out by a coordinator: show" in seen
    assert f"Left out by a coordinator: {REASON} (out)" in seen
    on_page = words(page(client.get(f"/services/{out}")))
    assert f"Left out for “Mortgage debt” {REASON} (out)" in on_page
    assert EMAILS["coordinator"] in on_page
    for address in (SEARCH, f"/services/{out}"):
        assert "/curation" not in client.get(address).get_data(as_text=True)
    assert client.get("/curation").status_code == 403


def test_another_question_says_nothing_of_it(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    decide(app, found(client)[0], "out")
    assert "left out" not in words(page(client.get("/search?q=food")))


def test_the_public_reads_the_reason_but_not_who_decided(app: Flask, sign_in: SignIn) -> None:
    from dataclasses import replace

    service = found(sign_in("planner"))[0]
    decide(app, service, "first")
    public = create_app(replace(app.extensions["netmap_settings"], public_directory=True))
    seen = words(page(public.test_client().get(f"/services/{service}")))
    public.extensions["netmap_engine"].dispose()
    assert f"{REASON} (first)" in seen
    assert EMAILS["coordinator"] not in seen


def test_a_wrong_form_keeps_what_was_typed(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    service = found(client)[0]
    address = f"/services/{service}/curation"
    form = fields(page(client.get(address)), address)
    answer = client.post(address, data={**form, "about": NEED, "reason": "Kind desk", "until": "tomorrow"})
    assert answer.status_code == 422
    tree = page(answer)
    assert {"Choose whether", "year-month-day"} == {
        part for part in ("Choose whether", "year-month-day", "Say why") if part in words(tree)
    }
    again = fields(tree, address)
    assert (again["about"], again["reason"]) == (NEED, "Kind desk")
    assert decisions(app) == []


def test_a_contradiction_is_refused_with_what_is_in_force(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    service = found(client)[0]
    decide(app, service, "first")
    address = f"/services/{service}/curation"
    assert f"{REASON} (first)" in words(page(client.get(address))), "what is decided stands above the form"
    form = fields(page(client.get(address)), address)
    answer = client.post(address, data={**form, "about": NEED, "effect": "out", "reason": "Closed"})
    assert answer.status_code == 422
    assert "It is put first for “Mortgage debt” already" in words(page(answer))
    assert decisions(app) == [(service, "need", "fin.mortgage_debt", "first")]


def test_a_decision_is_ended_from_the_list_and_kept_among_the_ended(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    first, out = found(client)[:2]
    key = decide(app, first, "first")
    decide(app, out, "out")
    form = fields(page(client.get("/curation")), f"/curation/{key}/end")
    answer = client.post(f"/curation/{key}/end", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, form["back"])
    assert decisions(app) == [(out, "need", "fin.mortgage_debt", "out")]
    living, ended = (words(page(client.get(f"/curation{more}"))) for more in ("", "?state=ended"))
    assert ("(out)" in living, "(first)" in living) == (True, False)
    assert ("(out)" in ended, "(first)" in ended) == (False, True)
    assert "Put first by" not in words(page(client.get(SEARCH)))


def test_what_does_not_exist_is_not_found_and_no_other_site_is_followed(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    service = found(client)[0]
    token = client.token("/account")  # type: ignore[attr-defined]
    sent = {"csrf_token": token, "about": NEED, "effect": "out", "reason": "x", "back": "//evil.example/"}
    for address in ("/services/nobody/curation", "/curation/nothing/end"):
        assert client.post(address, data=sent).status_code == 404
    assert client.get("/services/nobody/curation").status_code == 404
    answer = client.post(f"/services/{service}/curation", data=sent)
    assert answer.headers["Location"] == f"/services/{service}"
    evil = urlencode({"back": "https://evil.example/", "asked": "need:<b>", "about": "x"})
    text = client.get(f"/services/{service}/curation?{evil}").get_data(as_text=True)
    assert 'name="back" value="/services/' in text
    assert 'href="https://evil' not in text
