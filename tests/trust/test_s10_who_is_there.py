"""S10: nobody learns at the door who has an account: the same words, status and work."""

import re
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from netmap.auth import passwords
from netmap.db import transaction
from tests.county import EMAILS, PASSWORD
from tests.trust.doors import same_but_for_this_request, try_in

LONG = "x" * 5000


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was compared with a hash."""
    seen: list[str] = []
    really = PasswordHasher.verify

    def verify(self: PasswordHasher, kept: str, password: str) -> bool:
        seen.append(password)
        return bool(really(self, kept, password))

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    return seen


@pytest.mark.parametrize("password", ["a wrong sentence", "", LONG, "\x00", "пароль"])
def test_known_unknown_and_locked_out_are_answered_alike(
    app: Flask, verified: list[str], password: str
) -> None:
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(text("UPDATE user SET active = 0 WHERE role = 'planner'"))
    seen = []
    for email in (EMAILS["admin"], "nobody@office.example", EMAILS["planner"], "", "x" * 400):
        verified.clear()
        answer = try_in(app.test_client(), email, password)
        page = same_but_for_this_request(answer.get_data(as_text=True))
        page = re.sub(r'(name="email" type="email") value="[^"]*"', r"\1", page)
        seen.append((answer.status_code, page, len(verified), answer.headers.get("Retry-After")))
    assert all(one == seen[0] for one in seen)
    assert seen[0][0] == 422
    assert seen[0][2] == (0 if password == LONG else 1)


def test_a_locked_out_person_with_the_right_password_is_answered_like_a_wrong_one(
    app: Flask, verified: list[str]
) -> None:
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(text("UPDATE user SET active = 0 WHERE role = 'planner'"))
    answers = [
        try_in(app.test_client(), EMAILS["planner"], PASSWORD),
        try_in(app.test_client(), EMAILS["planner"], "a wrong sentence"),
    ]
    assert [one.status_code for one in answers] == [422, 422]
    pages = [same_but_for_this_request(one.get_data(as_text=True)) for one in answers]
    assert pages[0] == pages[1]
    assert len(verified) == 2


def test_the_pause_comes_for_unknown_people_too(app: Flask) -> None:
    for email in ("nobody@office.example", EMAILS["admin"]):
        statuses = [try_in(app.test_client(), email, f"guess {n}").status_code for n in range(11)]
        assert statuses == [422] * 10 + [429]


def test_the_dummy_costs_as_much_as_a_real_hash() -> None:
    costs = [one.rsplit("$", 2)[0] for one in (passwords._DUMMY, passwords.hashed("a quiet winter evening"))]
    assert costs[0] == costs[1]


def test_the_list_of_people_is_for_the_admin(sign_in: Callable[[str | None], FlaskClient]) -> None:
    for role in ("case_manager", "coordinator", "planner"):
        client = sign_in(role)
        assert client.get("/people").status_code == 403
        assert client.get("/people/events").status_code == 403
        assert EMAILS["admin"] not in client.get("/account").get_data(as_text=True)
