"""The pages on which a coordinator judges the search."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from netmap.db import open_session
from netmap.judging.queries import own_grades, own_questions
from netmap.judging.questions import Grade

SignIn = Callable[[str | None], FlaskClient]
QUESTION = "who helps with debts"


def token(client: FlaskClient) -> str:
    return client.token("/judging")  # type: ignore[attr-defined, no-any-return]


def add(client: FlaskClient, question: str = QUESTION, lang: str = "") -> str:
    """Add a question and return its address."""
    answer = client.post("/judging", data={"question": question, "lang": lang, "csrf_token": token(client)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].partition("?")[0]


def fields(client: FlaskClient, address: str) -> list[str]:
    page = client.get(address).get_data(as_text=True)
    return list(dict.fromkeys(re.findall(r'name="(grade-[^"]+)"', page)))


def send(client: FlaskClient, address: str, grades: dict[str, str]) -> str:
    answer = client.post(address, data={**grades, "csrf_token": token(client)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def kept(app: Flask) -> list[Grade]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(own_grades(session))


def test_a_question_is_added_and_its_answers_are_graded(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    address = add(client)
    first, second, third, *_rest = fields(client, address)
    send(client, address, {first: "3", second: "0", third: ""})
    assert sorted(one.grade for one in kept(app)) == [0, 3]
    assert {one.judge for one in kept(app)} == {"coordinator@demo.example"}
    page = client.get(address).get_data(as_text=True)
    assert page.count(" checked") == len(fields(client, address))  # each has one: a grade or none
    assert "2 answers judged by you" in client.get("/judging").get_data(as_text=True)


def test_a_grade_is_changed_and_taken_back(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    address = add(client)
    first, second, *_rest = fields(client, address)
    send(client, address, {first: "3", second: "2"})
    send(client, address, {first: "1", second: ""})
    assert [one.grade for one in kept(app)] == [1]


def test_after_one_question_comes_the_next_that_is_not_judged(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    one, two = add(client), add(client, "ищу работу", "ru")
    place = send(client, one, {fields(client, one)[0]: "3"})
    assert place.partition("?")[0] == two
    assert "This is the next question" in client.get(place).get_data(as_text=True)
    assert send(client, two, {fields(client, two)[0]: "3"}).partition("?")[0] == "/judging"


def test_the_same_question_is_kept_once(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    assert add(client) == add(client, " Who helps  with DEBTS")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert len(own_questions(session)) == 1


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"question": " "}, "question", "The question is empty."),
        ({"question": "x" * 201, "lang": "en"}, "question", "has 201 characters"),
        ({"question": "pomoc"}, "lang", "Say in which language"),
    ],
)
def test_a_question_that_cannot_be_kept_is_given_back(
    app: Flask, sign_in: SignIn, typed: dict[str, str], field: str, sentence: str
) -> None:
    client = sign_in("coordinator")
    answer = client.post("/judging", data={**typed, "csrf_token": token(client)})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert sentence in page
    assert typed["question"] in page
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert own_questions(session) == ()


def test_another_grade_than_those_of_the_form_is_refused_whole(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    address = add(client)
    first, second, *_rest = fields(client, address)
    sent = {first: "3", second: "4", "csrf_token": token(client)}
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert "A grade is 0, 1, 2 or 3." in answer.get_data(as_text=True)
    assert kept(app) == []


def test_no_score_and_no_rank_is_shown(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    address = add(client)
    page = client.get(address).get_data(as_text=True)
    assert not re.search(r"\bscore\b|\d\.\d\d", re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL))


def test_a_question_that_is_not_there_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("coordinator").get("/judging/no-such-question").status_code == 404


def test_only_coordinators_see_it(sign_in: SignIn) -> None:
    assert "/judging" in sign_in("coordinator").get("/").get_data(as_text=True)
    client = sign_in("case_manager")
    assert "/judging" not in client.get("/").get_data(as_text=True)
    assert client.get("/judging").status_code == 403
