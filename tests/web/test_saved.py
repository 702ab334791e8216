"""Saved searches on the pages: saved, opened, marked as seen, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from netmap.app import create_app
from netmap.auth.models import ROLES
from netmap.db import now, open_session, transaction
from netmap.directory.find import Question, find, found_ids
from netmap.directory.kept import SavedSearch
from netmap.directory.models import Service
from netmap.directory.saved import MARK
from tests.pages import fields, page, words
from tests.trust.doors import SESSIONS, everything, same_but_for_this_request

SignIn = Callable[[str | None], FlaskClient]
SEARCH = "/search?q=mortgage+debt"


def save(client: FlaskClient, name: str = "Mortgages", address: str = SEARCH) -> str:
    """Save a search with the form under its results; return where that leads."""
    form = fields(page(client.get(address)), "/saved")
    answer = client.post("/saved", data={**form, "name": name})
    assert answer.status_code == 303, words(page(answer))
    return answer.headers["Location"]


def kept(app: Flask) -> list[SavedSearch]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(SavedSearch).order_by(SavedSearch.name)))


def change_all(app: Flask) -> None:
    """The person looked yesterday, and every service was written since."""
    with transaction(app.extensions["netmap_engine"]) as session:
        session.execute(update(SavedSearch).values(looked_at=now() - timedelta(days=1)))
        session.execute(update(Service).values(last_modified=now()))


@pytest.mark.parametrize("role", ROLES)
def test_every_role_saves_a_search_and_finds_it_again(app: Flask, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    back = save(client)
    assert back == SEARCH
    assert "Saved as “Mortgages”" in words(page(client.get(back)))
    for address in ("/saved", "/"):
        seen = words(page(client.get(address)))
        assert "Mortgages 7 services · nothing new since" in seen, address
    assert [(one.name, one.address) for one in kept(app)] == [("Mortgages", "q=mortgage+debt")]


def test_looking_at_pages_marks_nothing_as_seen(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    save(client)
    change_all(app)
    before = everything(app, without=SESSIONS)
    for address in ("/", "/saved", SEARCH):
        assert "7 new or changed since" in words(page(client.get(address))), address
    assert everything(app, without=SESSIONS) == before


def test_the_button_marks_as_seen_and_leads_back(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    save(client)
    change_all(app)
    (search,) = kept(app)
    assert "Changed:" in words(page(client.get(SEARCH)))
    form = fields(page(client.get(SEARCH)), f"/saved/{search.id}")
    answer = client.post(f"/saved/{search.id}", data={**form, "do": "seen"})
    assert (answer.status_code, answer.headers["Location"]) == (303, SEARCH)
    assert "nothing new since" in words(page(client.get(SEARCH)))


def test_a_service_that_became_an_answer_is_named_as_new(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    save(client)
    with transaction(app.extensions["netmap_engine"]) as session:
        search = session.scalars(select(SavedSearch)).one()
        search.looked_ids = search.looked_ids[MARK:]  # the first one was not there
    first = client.get("/api/search", query_string={"q": "mortgage debt"}).get_json()["results"][0]["service"]
    seen = words(page(client.get("/saved")))
    assert "1 new or changed since" in seen
    assert f"New: {first}" in seen


def test_a_search_is_renamed_and_deleted(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    save(client)
    save(client, "Food", "/search?q=food&open=now")
    food, mortgages = kept(app)
    form = fields(page(client.get("/saved")), f"/saved/{food.id}")
    assert form["name"] == "Food"
    refused = client.post(f"/saved/{food.id}", data={**form, "name": "Mortgages", "do": "rename"})
    assert refused.status_code == 422
    assert "is called “Mortgages”" in words(page(refused))
    assert client.post(f"/saved/{food.id}", data={**form, "name": "A", "do": "rename"}).status_code == 303
    assert client.post(f"/saved/{mortgages.id}", data={**form, "do": "delete"}).status_code == 303
    assert client.post(f"/saved/{food.id}", data={**form, "do": "burn"}).status_code == 422
    assert [one.name for one in kept(app)] == ["A"]


def test_the_search_of_another_is_as_if_it_were_not_there(app: Flask, sign_in: SignIn) -> None:
    mine, other = sign_in("case_manager"), sign_in("planner")
    save(mine)
    (search,) = kept(app)
    token = other.token("/account")  # type: ignore[attr-defined]
    before = everything(app, without=SESSIONS)
    for done in ("seen", "rename", "delete"):
        sent = {"csrf_token": token, "do": done, "name": "Taken"}
        answers = [other.post(f"/saved/{key}", data=sent) for key in (search.id, "nothing")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert len({same_but_for_this_request(one.get_data(as_text=True)) for one in answers}) == 1
    assert everything(app, without=SESSIONS) == before
    for address in ("/saved", "/", SEARCH):
        assert "Mortgages" not in words(page(other.get(address)))


def test_words_that_could_tell_who_a_client_is_are_not_kept(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    address = "/search?" + urlencode({"q": "debts of 8 612 34567"})
    seen = page(client.get(address))
    assert "A long number is not kept" in words(seen)
    assert not [form for form in seen.iter("form") if form.get("action") == "/saved"]
    token = client.token("/account")  # type: ignore[attr-defined]
    for name, words_ in (("Debts", "debts 8 612 34567"), ("for ona@mail.example", "debts")):
        sent = {"csrf_token": token, "name": name, "address": urlencode({"q": words_})}
        answer = client.post("/saved", data=sent)
        assert answer.status_code == 422
        assert "is not kept" in words(page(answer))
    assert kept(app) == []


def test_a_search_that_cannot_be_answered_any_more_says_why(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    save(client)
    with transaction(app.extensions["netmap_engine"]) as session:
        session.execute(text("UPDATE saved_search SET address = 'q=debts&area=atlantis'"))
    for address in ("/saved", "/"):
        assert "cannot be answered any more There is no area 'atlantis'" in words(page(client.get(address)))


def test_the_start_page_shows_five_and_says_how_many_more(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    for number in range(7):
        save(client, f"Search {number}", f"/search?q=word{number}+debts")
    seen = words(page(client.get("/")))
    assert [number for number in range(7) if f"Search {number}" in seen] == [0, 1, 2, 3, 4]
    assert "All saved searches, 2 more" in seen


def test_an_error_is_shown_on_the_page_of_the_list_where_the_search_stands(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("case_manager")
    for number in range(12):
        save(client, f"Search {number:02}", f"/search?q=word{number}")
    last = kept(app)[-1]
    form = fields(page(client.get("/saved?page=2")), f"/saved/{last.id}")
    answer = client.post(f"/saved/{last.id}", data={**form, "name": "", "do": "rename"})
    assert answer.status_code == 422
    assert "Page 2 of 2" in words(page(answer))
    assert f'id="name-{last.id}-error"' in answer.get_data(as_text=True)


def test_who_is_not_signed_in_cannot_save(app: Flask) -> None:
    from dataclasses import replace

    public = create_app(replace(app.extensions["netmap_settings"], public_directory=True))
    client = public.test_client()
    seen = words(page(client.get(SEARCH)))
    assert client.get("/saved").status_code == 302
    public.extensions["netmap_engine"].dispose()
    assert "services found" in seen
    assert "Save this search" not in seen


@pytest.mark.parametrize(
    ("words_", "only"),
    [
        ("mortgage debt", {}),
        ("morgage det", {}),
        ("", {"type": ("food_aid",)}),
        ("food", {"language": ("uk",)}),
        ("?!", {}),
    ],
)
def test_ids_alone_are_those_of_the_whole_answer(
    app: Flask, words_: str, only: dict[str, tuple[str, ...]]
) -> None:
    backend, settings = app.extensions["netmap_backend"], app.extensions["netmap_settings"]
    question = Question(words_, only=only, limit=200)
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        answer = find(session, backend, settings, question)
        total, ids = found_ids(session, backend, settings, question)
    assert (total, list(ids)) == (answer.total, [one.service_id for one in answer.results])
