from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from netmap.db import open_session, transaction
from netmap.directory.models import Service, ServiceTypeLink
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def service(app: Flask) -> str:
    """The id of a service of the demo county whose types are forgotten, with one suggestion."""
    with transaction(app.extensions["netmap_engine"]) as session:
        found = session.scalars(select(Service).order_by(Service.id)).first()
        assert found is not None
        session.execute(delete(ServiceTypeLink).where(ServiceTypeLink.service_id == found.id))
        session.add(
            ServiceTypeLink(
                service_id=found.id,
                code="shelter",
                state="suggested",
                confidence=0.62,
                evidence="term: Emergency Shelter",
            )
        )
        return found.id


def state(app: Flask, service: str, code: str) -> tuple[str, str | None] | None:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        query = select(ServiceTypeLink).where(
            ServiceTypeLink.service_id == service, ServiceTypeLink.code == code
        )
        link = session.scalar(query)
        return (link.state, link.decided_by) if link else None


def decided_by_two(
    sign_in: SignIn, service: str, first: str, second: str
) -> tuple[FlaskClient, TestResponse]:
    """Two people open the list; one decides, then the other; returns the other and the answer they get."""
    address = f"/typing/{service}"
    one, other = sign_in("coordinator"), sign_in("coordinator")
    late = fields(page(other.get("/typing")), address)
    form = fields(page(one.get("/typing")), address)
    assert one.post(address, data={**form, "state": first}).status_code == 303
    return other, other.post(address, data={**late, "state": second})


@pytest.mark.parametrize(("choice", "held"), [("mine", "rejected"), ("theirs", "confirmed")])
def test_of_two_opposite_decisions_the_second_person_says_which_holds(
    app: Flask, sign_in: SignIn, service: str, choice: str, held: str
) -> None:
    other, answer = decided_by_two(sign_in, service, "confirmed", "rejected")
    tree = page(answer)
    assert answer.status_code == 409
    for sentence in ("It waits for a decision.", "It is of this type.", "It is not of this type."):
        assert sentence in words(tree)
    assert "coordinator@demo.example, " in words(tree)
    assert state(app, service, "shelter") == ("confirmed", "coordinator@demo.example")
    form = fields(tree, f"/typing/{service}")
    answer = other.post(f"/typing/{service}", data={**form, "keep.state": choice})
    assert answer.status_code == 303
    assert state(app, service, "shelter") == (held, "coordinator@demo.example")


def test_two_equal_decisions_are_no_conflict(app: Flask, sign_in: SignIn, service: str) -> None:
    _other, answer = decided_by_two(sign_in, service, "confirmed", "confirmed")
    assert answer.status_code == 303
    assert state(app, service, "shelter") == ("confirmed", "coordinator@demo.example")


def test_an_answer_to_a_conflict_without_a_choice_is_asked_again(
    app: Flask, sign_in: SignIn, service: str
) -> None:
    other, answer = decided_by_two(sign_in, service, "confirmed", "rejected")
    form = fields(page(answer), f"/typing/{service}")
    assert other.post(f"/typing/{service}", data=form).status_code == 409
    assert state(app, service, "shelter") == ("confirmed", "coordinator@demo.example")


def test_a_form_that_does_not_say_what_it_showed_overrules_nobody(
    app: Flask, sign_in: SignIn, service: str
) -> None:
    other, _answer = decided_by_two(sign_in, service, "confirmed", "confirmed")
    form = {"csrf_token": other.token("/typing"), "code": "shelter", "state": "rejected"}
    assert other.post(f"/typing/{service}", data=form).status_code == 409
    assert state(app, service, "shelter") == ("confirmed", "coordinator@demo.example")


def test_a_suggestion_is_shown_with_its_confidence_and_evidence(sign_in: SignIn, service: str) -> None:
    shown = sign_in("coordinator").get("/typing").get_data(as_text=True)
    assert "1 service<" in shown
    assert "likely, 0.62" in shown
    assert "term: Emergency Shelter" in shown


@pytest.mark.parametrize("chosen", ["confirmed", "rejected"])
def test_a_decision_is_kept_with_the_person_and_can_be_undone(
    app: Flask, sign_in: SignIn, service: str, chosen: str
) -> None:
    client = sign_in("coordinator")
    form = {"csrf_token": client.token("/typing"), "code": "shelter", "next": "/typing?page=1"}
    answer = client.post(f"/typing/{service}", data={**form, "state": chosen})
    assert answer.status_code == 303
    assert state(app, service, "shelter") == (chosen, "coordinator@demo.example")
    undo = fields(page(client.get(answer.location)), f"/typing/{service}")  # the banner comes first
    client.post(f"/typing/{service}", data={**undo, "state": "suggested"})
    assert state(app, service, "shelter") == ("suggested", None)


def test_another_type_can_be_added(app: Flask, sign_in: SignIn, service: str) -> None:
    client = sign_in("coordinator")
    form = {"csrf_token": client.token("/typing"), "code": "food_aid", "state": "confirmed"}
    assert client.post(f"/typing/{service}", data=form).status_code == 303
    assert state(app, service, "food_aid") == ("confirmed", "coordinator@demo.example")


def test_adding_no_type_says_what_to_do_at_the_field(sign_in: SignIn, service: str) -> None:
    client = sign_in("coordinator")
    form = {"csrf_token": client.token("/typing"), "code": "", "state": "confirmed"}
    answer = client.post(f"/typing/{service}", data=form)
    assert answer.status_code == 422
    assert f'href="#add-{service}"' in answer.get_data(as_text=True)


def test_the_answer_never_leads_to_another_site(sign_in: SignIn, service: str) -> None:
    client = sign_in("coordinator")
    form = {"csrf_token": client.token("/typing"), "code": "shelter", "state": "confirmed", "after": "x\r\ny"}
    answer = client.post(f"/typing/{service}", data={**form, "next": "//evil.example/typing"})
    assert answer.location.startswith("/typing")


@pytest.mark.parametrize(
    "query",
    [
        "state=none",
        "state=confirmed&page=999999",
        "state=x&type=y&page=-1",
        "page=²",
        "type=shelter&page=" + "9" * 30,
    ],
)
def test_any_filter_and_page_answers(sign_in: SignIn, service: str, query: str) -> None:
    assert sign_in("coordinator").get(f"/typing?{query}").status_code == 200


def test_only_a_coordinator_decides(app: Flask, sign_in: SignIn, service: str) -> None:
    client = sign_in("case_manager")
    form = {"csrf_token": client.token("/"), "code": "shelter", "state": "confirmed"}
    assert client.post(f"/typing/{service}", data=form).status_code == 403
    assert state(app, service, "shelter") == ("suggested", None)
