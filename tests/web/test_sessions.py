"""Sessions, guessing, redirects, forged headers and a database that is away."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from netmap.app import create_app
from netmap.auth import service as auth
from netmap.auth.models import SignInTry, WebSession
from netmap.db import now, open_session, transaction
from netmap.demo import PASSWORD
from tests.county import EMAILS, StrictClient
from tests.web.test_routes import rows

SignIn = Callable[[str | None], FlaskClient]


def another(app: Flask, **changes: object) -> Flask:
    """Return a second process on the same data folder."""
    made = create_app(replace(app.extensions["netmap_settings"], **changes))  # type: ignore[arg-type]
    made.test_client_class = StrictClient
    return made


@pytest.fixture
def second(app: Flask) -> Iterator[Callable[..., Flask]]:
    """Return a function that starts a second process; all are ended afterwards."""
    started: list[Flask] = []

    def start(**changes: object) -> Flask:
        started.append(another(app, **changes))
        return started[-1]

    yield start
    for one in started:
        one.extensions["netmap_engine"].dispose()


def try_in(client: FlaskClient, email: str, password: str, **headers: str) -> int:
    typed = {"email": email, "password": password, "csrf_token": client.token()}  # type: ignore[attr-defined]
    return client.post("/sign-in", data=typed, headers=headers).status_code


def test_signing_in_begins_a_new_session_and_ends_what_was_planted(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as planted:
        planted["_user_id"] = "planted-by-somebody"
        planted["extra"] = "stays?"
    assert try_in(client, EMAILS["planner"], PASSWORD) == 303
    with client.session_transaction() as kept:
        assert kept["_user_id"] != "planted-by-somebody"
        assert "extra" not in kept


def test_each_sign_in_has_a_token_of_its_own_and_only_its_hash_is_kept(app: Flask, sign_in: SignIn) -> None:
    tokens = set()
    for _time in range(2):
        with sign_in("planner").session_transaction() as kept:
            tokens.add(kept["_user_id"])
    assert len(tokens) == 2
    assert min(map(len, tokens)) >= 43
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert tokens.isdisjoint(session.scalars(select(WebSession.id_hash)))


@pytest.mark.parametrize(
    ("column", "age"), [("seen_at", timedelta(minutes=31)), ("created_at", timedelta(hours=12, minutes=1))]
)
def test_an_old_session_opens_nothing(app: Flask, sign_in: SignIn, column: str, age: timedelta) -> None:
    client = sign_in("planner")
    assert client.get("/gaps").status_code == 200
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(update(WebSession).values({column: now() - age}))
    assert "/sign-in" in client.get("/gaps").headers["Location"]


@pytest.mark.parametrize("path", ["/gaps", "/search?q=debts", "/needs", "/packages", "/network", "/"])
def test_reading_writes_nothing_but_that_the_session_is_alive(app: Flask, sign_in: SignIn, path: str) -> None:
    client = sign_in("coordinator")
    engine = app.extensions["netmap_engine"]
    with transaction(engine) as writing:
        writing.execute(update(WebSession).values(seen_at=now() - timedelta(minutes=5)))
    before = _everything(app)
    client.get(path)
    assert _everything(app) == before
    with open_session(engine, reading=True) as session:
        assert now() - session.scalars(select(WebSession.seen_at)).one() < timedelta(minutes=1)


def _everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    with app.extensions["netmap_engine"].connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
            for table in rows(app)
        }


def test_a_question_sent_by_post_waits_for_no_writer_and_holds_nobody_up(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netmap.web import matching

    client, really = sign_in("coordinator"), matching.suggest
    token = client.token("/needs")
    written: list[bool] = []
    in_time: list[bool] = []

    def slow(note: str) -> object:
        def write() -> None:
            with transaction(app.extensions["netmap_engine"]) as writing:
                auth.record_failed_try(writing, "x", "y")
            written.append(True)

        other = threading.Thread(target=write)
        other.start()
        other.join(3)
        in_time.append(bool(written))
        return really(note)

    monkeypatch.setattr(matching, "suggest", slow)
    answer = client.post("/needs", data={"do": "suggest", "note": "debts", "csrf_token": token})
    assert answer.status_code == 200
    assert in_time == [True]


def test_guesses_are_counted_over_all_processes_and_restarts(
    app: Flask, second: Callable[..., Flask]
) -> None:
    apps = [app, second(), second()]
    statuses = [
        try_in(apps[number % 3].test_client(), EMAILS["planner"], f"guess {number}") for number in range(12)
    ]
    assert statuses == [422] * 10 + [429] * 2
    restarted = second().test_client()
    assert try_in(restarted, EMAILS["planner"].upper() + " ", PASSWORD) == 429
    assert try_in(restarted, EMAILS["case_manager"], PASSWORD) == 303
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(update(SignInTry).values(at=now() - timedelta(minutes=6)))
    assert try_in(restarted, EMAILS["planner"], PASSWORD) == 303


def test_one_address_cannot_try_one_password_on_everybody(app: Flask) -> None:
    client = app.test_client()
    statuses = [try_in(client, f"person{number}@office.example", "autumn") for number in range(31)]
    assert statuses == [422] * 30 + [429]


def test_a_forged_address_is_believed_from_no_stranger(app: Flask, second: Callable[..., Flask]) -> None:
    client = app.test_client()
    for number in range(30):
        try_in(client, f"p{number}@office.example", "x", **{"X-Forwarded-For": f"6.6.6.{number}"})
    assert try_in(client, "other@office.example", "x", **{"X-Forwarded-For": "7.7.7.7"}) == 429
    behind = second(proxies=1).test_client()
    assert try_in(behind, "other@office.example", "x", **{"X-Forwarded-For": "6.6.6.6, 7.7.7.7"}) == 422


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "//[", "/\\[", "http://[", "javascript:alert(1)", "/a\r\nSet-Cookie: x=1", "evil.example", "",
        "/" * 9 + "x",
    ],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(app: Flask, target: str) -> None:
    client = app.test_client()
    typed = {"email": EMAILS["planner"], "password": PASSWORD, "next": target, "csrf_token": client.token()}
    answer = client.post("/sign-in", data=typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    chosen = client.post(
        "/language", data={"language": "en", "next": target, "csrf_token": client.token("/")}
    )
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/")


def test_signing_in_leads_back_to_where_one_was(app: Flask) -> None:
    client = app.test_client()
    asked = client.get("/gaps?order=rate")
    assert asked.headers["Location"].startswith("/sign-in?next=")
    target = "/gaps?order=rate"
    typed = {"email": EMAILS["planner"], "password": PASSWORD, "next": target, "csrf_token": client.token()}
    assert client.post("/sign-in", data=typed).headers["Location"] == target


@pytest.mark.parametrize(
    "host", ["evil.example", "office.example.evil.example", "a b", "office.example:99999999"]
)
def test_a_forged_host_is_refused_in_words(second: Callable[..., Flask], host: str) -> None:
    client = second(trusted_hosts="office.example").test_client()
    for path in ("/", "/sign-in", "/api/gaps", "/no-such-page"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert host not in answer.get_data(as_text=True)
        assert host not in answer.headers.get("Location", "")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get("/sign-in", headers={"Host": "office.example"}).status_code == 200


def test_no_page_repeats_the_host_that_was_sent(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    for path in ("/", "/gaps", "/search?q=debts", "/sign-in"):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "worse.example"})
        page = answer.get_data(as_text=True) + str(answer.headers)
        assert "evil.example" not in page
        assert "worse.example" not in page


def test_behind_https_the_cookie_goes_nowhere_else(second: Callable[..., Flask]) -> None:
    client = second(secure_cookies=True).test_client()
    answer = client.get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-netmap=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/gaps", "/api/gaps", "/needs"])
def test_a_database_that_is_away_is_said_in_words(
    app: Flask, sign_in: SignIn, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = sign_in("coordinator")
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(text("ALTER TABLE web_session RENAME TO web_session_gone"))
    with caplog.at_level(logging.ERROR):
        answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "does not answer now" in page
    assert "Traceback" not in page
    assert "web_session" not in page
    assert "sqlite" not in page.lower()
    assert "OperationalError" in caplog.text
