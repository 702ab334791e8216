"""S20: errors without insides, logs on one line without secrets, and a book of what happened at the doors."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netmap import logs
from netmap.auth import events
from netmap.auth.models import SecurityEvent
from netmap.db import transaction
from netmap.web.door import permit_of
from tests.county import EMAILS, PASSWORD
from tests.trust.doors import try_in, unsafe
from tests.trust.test_s03_mass_assignment import FORMS
from tests.web.test_privacy import found_in
from tests.web.test_routes import address, rules

SignIn = Callable[[str | None], FlaskClient]
INSIDES = re.compile(
    r"Traceback|File \"|/netmap/|\.py|SELECT |INSERT |sqlite|sqlalchemy|RuntimeError|Zyxw", re.I
)
CANARY = "Zyxwcanary"
EVIL = 'x\r\n{"level": "forged"}\n\x1b[2J\x1b[31m\u2028\u0085\x07'


@pytest.fixture
def broken(app: Flask) -> Flask:
    """The application with every view failing, with words in the error that must not come out."""
    for endpoint in [name for name in app.view_functions if permit_of(app, name)]:
        view = app.view_functions[endpoint]

        def fail(**_values: object) -> None:
            try:
                raise KeyError(f"{CANARY} SELECT password_hash FROM user")
            except KeyError as error:
                raise RuntimeError(f"{CANARY} /home/office/netmap/secret.key") from error

        fail.netmap_permit = "open"  # type: ignore[attr-defined]
        fail.netmap_reads = getattr(view, "netmap_reads", False)  # type: ignore[attr-defined]
        app.view_functions[endpoint] = fail
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_a_failure_in_any_part_shows_nothing_of_the_inside(
    broken: Flask, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client, parts = broken.test_client(), set()
    for rule, method in rules(broken):
        answer = client.open(address(broken, rule), method=method)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 500, rule.rule
        assert INSIDES.search(page) is None, (rule.rule, INSIDES.search(page))
        number = re.search(
            r"Number of this request: ([0-9a-f]{12})|\"request_id\": ?\"([0-9a-f]{12})\"", page
        )
        assert number is not None, rule.rule
        line = json.loads(capsys.readouterr().err.strip())
        assert line["request"] == (number[1] or number[2])
        assert line["level"] == "error"
        assert "RuntimeError" in line["event"]
        assert "test_s20_errors_and_logs.py" in line["event"]
        assert CANARY not in json.dumps(line)
        parts.add(rule.endpoint.partition(".")[0])
    assert parts >= {
        "home",
        "account",
        "people",
        "search",
        "directory",
        "matching",
        "packages",
        "network",
        "api",
    }
    assert CANARY not in caplog.text


@pytest.mark.parametrize("kind", ["json", "text"])
@pytest.mark.parametrize("evil", [EVIL, "\r\n", "\n" * 50, "a\x00b", "\x9b31m", "\u202e", "ж\n"])
def test_nothing_that_is_sent_can_break_a_line_or_steer_a_terminal(
    capsys: pytest.CaptureFixture[str], kind: str, evil: str
) -> None:
    logs.install(kind)
    try:
        raise ValueError(evil + CANARY)
    except ValueError:
        logging.getLogger("netmap").exception("failed at %s", evil)
    logs.install("json")
    out = capsys.readouterr().err
    assert out.endswith("\n")
    assert len(out.splitlines()) == 1
    assert out[:-1].isprintable()
    assert CANARY not in out
    assert "ValueError" in out
    if kind == "json":
        assert json.loads(out)["event"] == f"failed at {evil}"


def test_an_evil_address_is_one_line_in_the_log(broken: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    client = FlaskClient(broken, broken.response_class)
    client.get("/services/%0d%0a%1b[31m%7b%22level%22")
    out = capsys.readouterr().err
    assert len(out.splitlines()) == 1
    assert json.loads(out)["logger"] == "netmap"


def test_every_logger_writes_lines_once(capsys: pytest.CaptureFixture[str]) -> None:
    for _time in range(3):
        logs.install("json")
    for name in ("waitress", "netmap.jobs.queue", "sqlalchemy"):
        logging.getLogger(name).warning("a word")
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["logger"] for line in lines] == ["waitress", "netmap.jobs.queue", "sqlalchemy"]


def test_no_secret_and_nothing_typed_stands_in_the_logs(
    app: Flask, sign_in: SignIn, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clients: dict[str | None, Any] = {role: sign_in(role) for role in ("admin", "coordinator")}
    clients[None] = app.test_client()
    secrets = {CANARY.casefold(), PASSWORD.casefold()}
    for client in clients.values():
        for name in ("netmap", "netmap-browser"):
            if cookie := client.get_cookie(name):
                secrets.add(cookie.value.casefold())
        with client.session_transaction() as kept:
            secrets |= {
                str(value).casefold() for key, value in kept.items() if key in {"_user_id", "csrf_token"}
            }
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, _method, role in unsafe(app):
        if rule.endpoint in {"account.sign_out", "account.change_password"}:
            continue
        form = {name: value + CANARY for name, value in FORMS[rule.endpoint].items()} or {"text": CANARY}
        clients.get(role, clients["coordinator"]).post(address(app, rule), data=form)
        clients.get(role, clients["coordinator"]).post(address(app, rule), json=form)
    for path in ("/search", "/api/search", "/gaps", "/packages", "/sign-in", f"/{CANARY}"):
        clients["coordinator"].get(path, query_string={"q": CANARY, "area": CANARY, "next": CANARY})
    try_in(clients[None], f"{CANARY}@office.example", f"{CANARY} password")
    said = (caplog.text + capsys.readouterr().err).casefold()
    assert [one for one in secrets if one and one in said] == []


def book(app: Flask) -> list[tuple[str, str | None, str | None, str]]:
    with Session(app.extensions["netmap_engine"]) as session:
        _total, rows = events.happened(session, limit=100)
        return [(row.kind, row.by, row.about, row.detail) for row in reversed(rows)]


def test_the_book_of_the_doors_says_what_happened(app: Flask, sign_in: SignIn) -> None:
    start = len(book(app))
    admin, planner = sign_in("admin"), sign_in("planner")
    try_in(app.test_client(), EMAILS["planner"], "a wrong sentence")
    try_in(app.test_client(), "typed-a-password-here", "a wrong sentence")
    new = "seven quiet boats at noon"
    typed = {
        "old_password": PASSWORD,
        "new_password": new,
        "again": new,
        "csrf_token": planner.token("/account"),
    }  # type: ignore[attr-defined]
    assert planner.post("/account/password", data=typed).status_code == 303
    with app.extensions["netmap_engine"].connect() as connection:
        number = connection.scalar(text("SELECT id FROM user WHERE role = 'planner'"))
    token = {"csrf_token": admin.token("/people")}  # type: ignore[attr-defined]
    for form in (
        {"do": "sessions"}, {"do": "role", "role": "coordinator"},
        {"do": "password", "password": new + " again"}, {"do": "lock"}, {"do": "unlock"},
    ):  # fmt: skip
        assert admin.post(f"/people/{number}", data=form | token).status_code == 303
    person = {"email": "new@office.example", "role": "planner", "password": new}
    assert admin.post("/people", data=person | token).status_code == 303
    admin.post("/sign-out", data=token)
    a, p = EMAILS["admin"], EMAILS["planner"]
    found = book(app)[start:]
    hashed = found[3][3]
    assert re.fullmatch(r"[0-9a-f]{12}", hashed)
    assert found == [
        ("signed in", a, a, ""), ("signed in", p, p, ""), ("sign-in failed", None, p, ""),
        ("sign-in failed", None, None, hashed), ("password changed", p, p, ""), ("sessions ended", a, p, ""),
        ("role changed", a, p, "planner > coordinator"), ("password set", a, p, ""), ("locked out", a, p, ""),
        ("let in again", a, p, ""), ("person added", a, "new@office.example", "planner"),
        ("signed out", a, a, ""),
    ]  # fmt: skip
    folder = app.extensions["netmap_settings"].data_dir
    assert found_in(folder, [b"typed-a-password-here", b"a wrong sentence", new.encode()]) == []


def test_the_admin_reads_the_book_on_a_page_with_pages(app: Flask, sign_in: SignIn) -> None:
    with transaction(app.extensions["netmap_engine"]) as writing:
        for kind in events.KINDS * 10:
            events.record(
                writing, kind, about=1, detail="planner > admin" if kind == "role changed" else "planner"
            )
    client = sign_in("admin")
    first, last = client.get("/people/events"), client.get("/people/events?page=3")
    assert (first.status_code, last.status_code) == (200, 200)
    assert first.get_data(as_text=True).count("nm-people__when") == 50
    assert "Next page" in first.get_data(as_text=True)
    assert client.get("/people/events?page=99").status_code == 200


@pytest.mark.parametrize(
    "what", ["UPDATE security_event SET kind = 'signed in'", "DELETE FROM security_event"]
)
def test_no_line_of_the_book_is_changed_or_taken_out(app: Flask, sign_in: SignIn, what: str) -> None:
    sign_in("planner")
    with (
        pytest.raises(IntegrityError, match="only added"),
        transaction(app.extensions["netmap_engine"]) as writing,
    ):
        writing.execute(text(what))
    assert book(app)[-1][0] == "signed in"


def test_the_book_knows_no_clients() -> None:
    assert {one.name for one in SecurityEvent.__table__.columns} == {
        "id", "at", "kind", "by_id", "about_id", "detail",
    }  # fmt: skip
    with pytest.raises(ValueError, match="no kind"):
        events.record(None, "needs of a client")  # type: ignore[arg-type]


def test_what_is_not_done_is_not_in_the_book(app: Flask, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    before = book(app)
    with app.extensions["netmap_engine"].connect() as connection:
        number = connection.scalar(text("SELECT id FROM user WHERE role = 'planner'"))
    for form in ({"do": "role", "role": "boss"}, {"do": "password", "password": "short"}, {"do": "fly"}, {}):
        token = {"csrf_token": admin.token("/people")}  # type: ignore[attr-defined]
        assert admin.post(f"/people/{number}", data=form | token).status_code == 422
    assert book(app) == before
