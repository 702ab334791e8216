"""S8: a session begins new at each sign-in, ends when it should, and its owner and an admin can end it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from netmap.auth.models import User, WebSession
from netmap.db import now, open_session, transaction
from tests.county import EMAILS, PASSWORD
from tests.trust.doors import try_in

SignIn = Callable[[str | None], FlaskClient]
NEW = "seven quiet boats at noon"


def is_out(client: FlaskClient) -> bool:
    return "/sign-in" in client.get("/account").headers.get("Location", "")


def number_of(app: Flask, role: str) -> int:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return session.scalars(select(User.id).where(User.role == role)).one()


def thief_of(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another browser with a copy of the cookie."""
    cookie, thief = client.get_cookie("netmap"), app.test_client()
    assert cookie is not None
    thief.set_cookie("netmap", cookie.value)
    return thief


def test_signing_in_begins_a_new_session_and_ends_what_was_planted(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as planted:
        planted["_user_id"] = "planted-by-somebody"
        planted["extra"] = "stays?"
    assert try_in(client, EMAILS["planner"], PASSWORD).status_code == 303
    with client.session_transaction() as kept:
        assert kept["_user_id"] != "planted-by-somebody"
        assert "extra" not in kept


def test_a_token_that_somebody_else_knew_before_is_not_taken_over(app: Flask, sign_in: SignIn) -> None:
    victim = sign_in("case_manager")
    thief = thief_of(app, victim)
    assert try_in(victim, EMAILS["planner"], PASSWORD).status_code == 303
    assert EMAILS["planner"] not in thief.get("/account").get_data(as_text=True)


def test_each_sign_in_has_a_token_of_its_own_and_only_its_hash_is_kept(app: Flask, sign_in: SignIn) -> None:
    tokens = set()
    for _time in range(2):
        with sign_in("planner").session_transaction() as kept:
            tokens.add(kept["_user_id"])
    assert len(tokens) == 2
    assert min(map(len, tokens)) >= 43  # 256 bits in base64
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert tokens.isdisjoint(session.scalars(select(WebSession.id_hash)))
    raw = b"".join(one.read_bytes() for one in app.extensions["netmap_settings"].data_dir.glob("netmap.db*"))
    assert not any(token.encode() in raw for token in tokens)


def test_the_old_cookie_opens_nothing_after_signing_out(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    thief = thief_of(app, client)
    assert not is_out(thief)
    client.post("/sign-out", data={"csrf_token": client.token("/")})  # type: ignore[attr-defined]
    assert is_out(thief)


@pytest.mark.parametrize(
    ("column", "alive", "dead"),
    [
        ("seen_at", timedelta(minutes=29), timedelta(minutes=30, seconds=1)),
        ("created_at", timedelta(hours=11, minutes=59), timedelta(hours=12, seconds=1)),
    ],
)
def test_a_session_ends_when_idle_or_old(
    app: Flask, sign_in: SignIn, column: str, alive: timedelta, dead: timedelta
) -> None:
    client = sign_in("planner")
    for age, out in ((alive, False), (dead, True)):
        with transaction(app.extensions["netmap_engine"]) as writing:
            writing.execute(update(WebSession).values({column: now() - age}))
        assert is_out(client) is out


@pytest.mark.parametrize(
    "form",
    [
        {"do": "lock"},
        {"do": "role", "role": "case_manager"},
        {"do": "password", "password": NEW},
        {"do": "sessions"},
    ],
)
def test_what_an_admin_does_ends_every_session_of_the_person_at_once(
    app: Flask, sign_in: SignIn, form: dict[str, str]
) -> None:
    planner, other, admin = sign_in("planner"), sign_in("planner"), sign_in("admin")
    path = f"/people/{number_of(app, 'planner')}"
    answer = admin.post(path, data={**form, "csrf_token": admin.token("/people")})  # type: ignore[attr-defined]
    assert answer.status_code == 303
    assert is_out(planner)
    assert is_out(other)
    assert not is_out(admin)


@pytest.mark.parametrize(
    "form", [{"do": "lock"}, {"do": "role", "role": "planner"}, {"do": "password", "password": NEW}]
)
def test_an_admin_cannot_shut_the_own_door(app: Flask, sign_in: SignIn, form: dict[str, str]) -> None:
    admin = sign_in("admin")
    path = f"/people/{number_of(app, 'admin')}"
    assert admin.post(path, data={**form, "csrf_token": admin.token("/people")}).status_code == 409  # type: ignore[attr-defined]
    assert not is_out(admin)


def test_a_person_who_is_locked_out_in_the_table_is_out_at_the_next_request(
    app: Flask, sign_in: SignIn
) -> None:
    planner = sign_in("planner")
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(text("UPDATE user SET active = 0 WHERE role = 'planner'"))
    assert is_out(planner)


def change(client: FlaskClient, old: str, new: str, again: str | None = None) -> int:
    typed = {"old_password": old, "new_password": new, "again": new if again is None else again}
    typed["csrf_token"] = client.token("/account")  # type: ignore[attr-defined]
    return client.post("/account/password", data=typed).status_code


def test_a_changed_password_ends_the_other_sessions_and_renews_this_one(app: Flask, sign_in: SignIn) -> None:
    here, there = sign_in("planner"), sign_in("planner")
    thief = thief_of(app, here)
    assert change(here, PASSWORD, NEW) == 303
    assert not is_out(here)
    assert is_out(there)
    assert is_out(thief)  # the token is a new one
    fresh = app.test_client()
    assert try_in(fresh, EMAILS["planner"], PASSWORD).status_code == 422
    assert try_in(fresh, EMAILS["planner"], NEW).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong wrong wrong", NEW, None, "old_password"),
        (PASSWORD, "short", None, "new_password"),
        (PASSWORD, "password1234", None, "new_password"),
        (PASSWORD, NEW, NEW + "x", "again"),
        ("", "", None, "old_password"),
    ],
)
def test_a_password_that_cannot_be_changed_is_said_at_its_field(
    sign_in: SignIn, old: str, new: str, again: str | None, field: str
) -> None:
    client, other = sign_in("planner"), sign_in("planner")
    typed = {"old_password": old, "new_password": new, "again": new if again is None else again}
    answer = client.post("/account/password", data=typed | {"csrf_token": client.token("/account")})  # type: ignore[attr-defined]
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert not any(secret in page for secret in (old, new) if secret)
    assert not is_out(other)


def test_the_old_password_cannot_be_guessed_in_a_stolen_session(sign_in: SignIn) -> None:
    client = sign_in("planner")
    assert [change(client, f"guess number {n}", NEW) for n in range(12)] == [422] * 10 + [429] * 2
    assert change(client, PASSWORD, NEW) == 429


def test_a_person_sees_the_own_sessions_and_ends_one_or_all_others(app: Flask, sign_in: SignIn) -> None:
    here, second, third = (sign_in("planner") for _time in range(3))
    page = here.get("/account").get_data(as_text=True)
    assert page.count("last seen") == 3
    assert page.count("this browser") == 1
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        rows = session.scalars(select(WebSession).order_by(WebSession.created_at)).all()
    handle = rows[1].handle
    assert handle in page
    assert all(row.id_hash not in page for row in rows)
    for wish, out in ((handle, (True, False)), ("others", (True, True))):
        data = {"session": wish, "csrf_token": here.token("/account")}  # type: ignore[attr-defined]
        assert here.post("/account/sessions", data=data).status_code == 303
        assert (is_out(second), is_out(third)) == out
        assert not is_out(here)


def test_behind_https_the_cookies_go_nowhere_else(second: Callable[..., Flask]) -> None:
    client = second(secure_cookies=True).test_client()
    page = client.get("/sign-in", base_url="https://localhost").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    typed = {"email": EMAILS["planner"], "password": PASSWORD, "csrf_token": token}
    headers = {"Referer": "https://localhost/sign-in"}
    answer = client.post("/sign-in", data=typed, base_url="https://localhost", headers=headers)
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert {one.partition("=")[0] for one in cookies} == {"__Host-netmap", "__Host-netmap-browser"}
    for cookie in cookies:
        assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")), cookie
        assert "Domain" not in cookie


def test_the_times_are_settings(second: Callable[..., Flask]) -> None:
    app = second(session_idle_minutes=1)
    client = app.test_client()
    try_in(client, EMAILS["planner"], PASSWORD)
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(update(WebSession).values(seen_at=now() - timedelta(seconds=61)))
    assert is_out(client)
