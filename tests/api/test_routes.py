"""The JSON that pages' neighbours read: shapes, problems in words, the same permits as the pages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

SignIn = Callable[[str | None], FlaskClient]


def test_a_search_has_the_agreed_shape(sign_in: SignIn) -> None:
    found = sign_in("planner").get("/api/search?q=mortgage debt").get_json()
    assert set(found) >= {"query", "needs", "total", "results", "facets", "understood"}
    assert {"signal", "label", "points"} == set(found["results"][0]["signals"][0])
    assert "mortgage_restructuring" in found["results"][0]["types"]


def test_a_search_takes_the_filters_of_the_page(sign_in: SignIn) -> None:
    client = sign_in("planner")
    every = client.get("/api/search?q=debts").get_json()
    found = client.get("/api/search?q=debts&cost=free&language=uk&language=ru").get_json()
    assert 0 < found["certain"] < every["total"]
    chosen = [one["code"] for one in found["facets"]["language"] if one["selected"]]
    assert sorted(chosen) == ["ru", "uk"]


def test_gaps_have_the_agreed_shape(sign_in: SignIn) -> None:
    found = sign_in("planner").get("/api/gaps?package=homeless_unemployed").get_json()
    assert {gap["profile"] for gap in found["gaps"]} == {"homeless_unemployed"}


def test_a_client_in_codes_gets_packages(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    asked = {"needs": {"fin.consumer_debt": {"severity": 3, "urgency": 1}}, "languages": ["ru"]}
    answer = client.post("/api/match", json=asked, headers={"X-CSRFToken": client.token("/needs")})
    assert answer.status_code == 200
    assert answer.get_json()["packages"]


def test_words_become_suggested_codes(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    headers = {"X-CSRFToken": client.token("/needs")}
    answer = client.post("/api/needs", json={"text": "He drinks every day and has debts."}, headers=headers)
    assert "add.alcohol" in [need["code"] for need in answer.get_json()["needs"]]


@pytest.mark.parametrize(
    ("address", "status", "field"),
    [
        ("/api/search?q=", 422, "q"),
        ("/api/search?q=debts&area=atlantis", 422, "area"),
        ("/api/search?q=debts&near=here", 422, "near"),
        ("/api/search?q=debts&page=0", 422, "page"),
        ("/api/gaps?package=nobody", 422, "package"),
        ("/api/nothing", 404, None),
    ],
)
def test_a_problem_is_told_in_words_with_its_field(
    sign_in: SignIn,
    address: str,
    status: int,
    field: str | None,
) -> None:
    answer = sign_in("planner").get(address)
    problem = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert problem["title"].endswith(".")
    assert field is None or field in problem["errors"]


def test_a_stranger_is_told_to_sign_in(sign_in: SignIn) -> None:
    assert sign_in(None).get("/api/gaps").status_code == 401
