"""The page where a person decides whether case management begins, and the criteria behind it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from netmap.db import open_session
from netmap.matching.entry_models import EntryDecision
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]
CLIENT = {
    "needs": {
        code: {"severity": 2, "urgency": 0}
        for code in ("fin.food", "fin.poverty", "emp.unemployed", "trn.no_transport")
    },
    "long_term": True,
}
SET = {
    "code": "north",
    "name": "North",
    "rule": "all",
    "area": "",
    "text-1": "Work is possible within a year.",
}


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    return sign_in("case_manager")


def ask(browser: FlaskClient, **typed: str) -> Any:
    sent = {"csrf_token": browser.token("/needs"), "client": json.dumps(CLIENT), **typed}
    return page(browser.post("/needs/entry", data=sent))


def decide(browser: FlaskClient, typed: dict[str, str], status: int = 200) -> Any:
    sent = {**typed, "csrf_token": browser.token("/needs")}
    answer = browser.post("/needs/entry/decision", data=sent)
    assert answer.status_code == status, words(page(answer))[:500]
    return page(answer)


def kept(app: Flask) -> list[EntryDecision]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(EntryDecision)))


def test_the_tests_are_suggested_with_reasons_and_answered_by_nobody_yet(browser: FlaskClient) -> None:
    tree = ask(browser)
    text = words(tree)
    assert "From what was entered: yes. 4 needs to act on: Lack of food" in text
    assert "Ask, because of: No transport." in text
    sent = fields(tree, "/needs/entry/decision")
    assert [name for name in sent if name.startswith(("answer", "result", "reason", "receiver"))] == []
    assert "From these answers follows" not in text


def test_the_form_itself_opens_the_page_and_what_is_wrong_stays_on_the_form(browser: FlaskClient) -> None:
    sent = {"csrf_token": browser.token("/needs"), "severity-fin.food": "2"}
    assert "Does case management begin?" in words(page(browser.post("/needs/entry", data=sent)))
    answer = browser.post("/needs/entry", data={**sent, "max_km": "far"})
    assert answer.status_code == 422
    assert "Enter kilometres" in words(page(answer))


def test_what_follows_is_shown_and_nothing_is_kept_before_somebody_says_so(
    app: Flask, browser: FlaskClient
) -> None:
    typed = dict(fields(ask(browser), "/needs/entry/decision"))
    tree = decide(browser, {**typed, "do": "look", "answer-not_alone": "yes"})
    assert "From these answers follows: Case management" in words(tree)
    assert fields(tree, "/needs/entry/decision")["answer-not_alone"] == "yes"
    assert kept(app) == []


def test_a_decision_is_kept_once_and_leads_on_to_the_packages(app: Flask, browser: FlaskClient) -> None:
    typed = dict(fields(ask(browser), "/needs/entry/decision"))
    typed |= {"do": "keep", "answer-many_needs": "yes", "result": "case_management", "reason-criteria": "yes"}
    tree = decide(browser, typed)
    decide(browser, typed)
    (row,) = kept(app)
    assert (row.author, row.answers) == ("case@demo.example", {"many_needs": "yes"})
    on = {**dict(fields(tree, "/needs")), "do": "packages", "csrf_token": browser.token("/needs")}
    assert "Packages that fit" in words(page(browser.post("/needs", data=on)))


def test_not_ours_names_who_receives(app: Flask, browser: FlaskClient) -> None:
    typed = dict(fields(ask(browser), "/needs/entry/decision"))
    typed |= {"do": "keep", "result": "not_ours", "reason-work_is_not_the_goal": "yes"}
    assert "needs somebody who receives" in words(decide(browser, typed, 422))
    found = decide(browser, {**typed, "do": "find", "find_receiver": "debt advice"})
    choices = [one.get("value") or "" for one in found.iter("input") if one.get("name") == "receiver"]
    assert {choice.partition(":")[0] for choice in choices} == {"service", "organization"}
    chosen = next(choice for choice in choices if choice.startswith("organization:"))
    decide(browser, {**typed, "receiver": chosen})
    (row,) = kept(app)
    assert f"{row.receiver_kind}:{row.receiver_id}" == chosen
    assert row.receiver_name


def test_nothing_about_the_person_is_kept(app: Flask, browser: FlaskClient) -> None:
    typed = dict(fields(ask(browser), "/needs/entry/decision"))
    problem = decide(
        browser,
        {**typed, "do": "keep", "result": "short_help", "reason-other": "yes", "sentence": "8 612 34567"},
        422,
    )
    assert "A long number is not kept" in words(problem)
    decide(browser, {**typed, "do": "keep", "result": "short_help", "reason-other": "yes"})
    with app.extensions["netmap_engine"].connect() as connection:
        row = connection.execute(text("SELECT * FROM entry_decision")).mappings().one()
    assert "fin.food" not in json.dumps({name: str(value) for name, value in row.items()})


def test_a_coordinator_writes_a_set_and_staff_answer_it(sign_in: SignIn) -> None:
    writer = sign_in("coordinator")
    token = writer.token("/entry-criteria/new")
    assert writer.post("/entry-criteria/new", data={**SET, "csrf_token": token}).status_code == 303
    opened = dict(fields(page(writer.get("/entry-criteria/north/edit")), "/entry-criteria/north/edit"))
    changed = {**opened, "text-2": "Two agencies are needed.", "csrf_token": token}
    assert writer.post("/entry-criteria/north/edit", data=changed).status_code == 303
    text = words(page(writer.get("/entry-criteria/north")))
    assert "version 2 – in use" in text
    assert "version 1" in text
    again = writer.post("/entry-criteria/north/edit", data=changed)  # from the older version
    assert again.status_code == 409
    assert "Two agencies are needed." in fields(page(again), "/entry-criteria/north/edit").values()
    staff = sign_in("case_manager")
    typed = dict(fields(ask(staff), "/needs/entry/decision"))
    assert "Two agencies are needed." in words(decide(staff, {**typed, "do": "look", "criteria": "north"}))
    assert staff.get("/entry-criteria/new").status_code == 403


@pytest.mark.parametrize(
    ("change", "anchor"),
    [({"code": "three_tests"}, "code"), ({"text-1": ""}, "text-1"), ({"text-1": "8 612 34567"}, "text-1")],
)
def test_a_set_that_cannot_be_kept_is_shown_again(
    sign_in: SignIn, change: dict[str, str], anchor: str
) -> None:
    writer = sign_in("coordinator")
    answer = writer.post(
        "/entry-criteria/new", data={**SET, **change, "csrf_token": writer.token("/entry-criteria/new")}
    )
    tree = page(answer)
    assert answer.status_code in (409, 422)
    assert any(link.get("href") == f"#{anchor}" for link in tree.iter("a"))
    assert any(one.get("id") == anchor for one in tree.iter())
