"""S9: guessing is slow over all processes, nobody is locked out for good, the owner comes in meanwhile."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from netmap.auth import throttle
from netmap.auth.models import SignInTry
from netmap.config import Settings
from netmap.db import now, open_session, transaction
from tests.county import EMAILS, PASSWORD
from tests.trust.doors import try_in

ROOT = Path(__file__).resolve().parents[2]
GUESSER = """
import sys
from pathlib import Path
from netmap.app import create_app
from tests.county import StrictClient, settings_for
app = create_app(settings_for(Path(sys.argv[1])))
app.test_client_class = StrictClient
client = app.test_client()
client.token()
print("ready", flush=True)
sys.stdin.readline()
for number in range(25):
    typed = {"email": sys.argv[2], "password": f"guess {sys.argv[3]} {number}", "csrf_token": client.token()}
    place = {"REMOTE_ADDR": f"10.0.{sys.argv[3]}.{number}"}
    print(client.post("/sign-in", data=typed, environ_base=place).status_code)
"""


def age(app: Flask, by: timedelta) -> None:
    """Let time pass for the counters."""
    with transaction(app.extensions["netmap_engine"]) as writing:
        for row in writing.scalars(select(SignInTry)):
            row.at -= by


def test_four_processes_together_let_ten_guesses_through(app: Flask) -> None:
    folder = str(app.extensions["netmap_settings"].data_dir)
    command = [sys.executable, "-c", GUESSER, folder, EMAILS["planner"]]
    running = [
        subprocess.Popen(
            [*command, str(number)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    statuses = [int(line) for one in running for line in one.communicate(timeout=120)[0].split()]
    assert (statuses.count(422), statuses.count(429)) == (10, 90)
    assert try_in(app.test_client(), EMAILS["planner"], PASSWORD).status_code == 429  # a "restarted" process
    assert try_in(app.test_client(), EMAILS["case_manager"], PASSWORD).status_code == 303


def test_guesses_are_counted_over_all_processes_and_restarts(
    app: Flask, second: Callable[..., Flask]
) -> None:
    apps = [app, second(), second()]
    statuses = [
        try_in(apps[number % 3].test_client(), EMAILS["planner"], f"guess {number}").status_code
        for number in range(12)
    ]
    assert statuses == [422] * 10 + [429] * 2
    restarted = second().test_client()
    assert try_in(restarted, EMAILS["planner"].upper() + " ", PASSWORD).status_code == 429
    assert try_in(restarted, EMAILS["case_manager"], PASSWORD).status_code == 303
    age(app, timedelta(minutes=5, seconds=1))
    assert try_in(restarted, EMAILS["planner"], PASSWORD).status_code == 303


def test_one_address_cannot_try_one_password_on_everybody(app: Flask) -> None:
    client = app.test_client()
    statuses = [try_in(client, f"p{number}@office.example", "autumn").status_code for number in range(31)]
    assert statuses == [422] * 30 + [429]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # a home gets a whole /64
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_addresses_of_one_line_are_counted_together(
    session: Session, settings: Settings, one: str, other: str, same: bool
) -> None:
    for number in range(30):
        assert not throttle.sign_in_turn(session, settings, f"p{number}@office.example", one).wait
    turn = throttle.sign_in_turn(session, settings, "ona@office.example", other)
    assert bool(turn.wait) is same


def test_a_forged_address_is_believed_from_no_stranger(app: Flask, second: Callable[..., Flask]) -> None:
    client = app.test_client()
    for number in range(30):
        try_in(client, f"p{number}@office.example", "x", **{"X-Forwarded-For": f"6.6.6.{number}"})
    answer = try_in(client, "other@office.example", "x", **{"X-Forwarded-For": "7.7.7.7"})
    assert answer.status_code == 429
    behind = second(proxies=1).test_client()
    answer = try_in(behind, "other@office.example", "x", **{"X-Forwarded-For": "6.6.6.6, 7.7.7.7"})
    assert answer.status_code == 422


def test_the_owner_comes_in_from_a_known_browser_while_somebody_guesses(app: Flask) -> None:
    known = app.test_client()
    assert try_in(known, EMAILS["planner"], PASSWORD).status_code == 303
    known.post("/sign-out", data={"csrf_token": known.token("/")})  # type: ignore[attr-defined]
    stranger = app.test_client()
    statuses = [try_in(stranger, EMAILS["planner"], f"guess {n}").status_code for n in range(11)]
    assert statuses[-1] == 429
    assert try_in(stranger, EMAILS["planner"], PASSWORD).status_code == 429
    assert try_in(known, EMAILS["planner"], PASSWORD).status_code == 303


def test_a_known_browser_is_known_for_its_own_people_and_has_its_own_limit(app: Flask) -> None:
    known = app.test_client()
    try_in(known, EMAILS["planner"], PASSWORD)
    statuses = [try_in(known, EMAILS["planner"], f"guess {n}").status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]
    assert (
        try_in(app.test_client(), EMAILS["planner"], PASSWORD).status_code == 303
    )  # nor does it lock others
    statuses = [try_in(known, EMAILS["admin"], f"guess {n}").status_code for n in range(11)]
    assert statuses[-1] == 429
    assert try_in(app.test_client(), EMAILS["admin"], PASSWORD).status_code == 429  # counted for the account


@pytest.mark.parametrize("forged", ["", "x", "e30.aaaaaa.bbbbbbbb", "."])
def test_a_forged_mark_makes_no_browser_known(app: Flask, forged: str) -> None:
    client = app.test_client()
    client.set_cookie("netmap-browser", forged)
    statuses = [try_in(client, EMAILS["planner"], f"guess {n}").status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]
    assert try_in(app.test_client(), EMAILS["planner"], PASSWORD).status_code == 429


def test_the_mark_of_a_browser_names_nobody_and_opens_nothing(app: Flask) -> None:
    from itsdangerous import URLSafeTimedSerializer

    client = app.test_client()
    try_in(client, EMAILS["planner"], PASSWORD)
    cookie = client.get_cookie("netmap-browser")
    assert cookie is not None
    (told,) = [URLSafeTimedSerializer("").load_payload(cookie.value.rsplit(".", 2)[0].encode())]
    assert "planner" not in str(told)
    thief = app.test_client()
    thief.set_cookie("netmap-browser", cookie.value)
    assert "/sign-in" in thief.get("/account").headers["Location"]


def test_the_pause_grows_and_always_ends(session: Session, settings: Settings) -> None:
    waits = []
    for _block in range(7):
        for _try in range(throttle.PER_ACCOUNT):
            assert throttle.take_turn(session, [("k", throttle.PER_ACCOUNT)]).wait == 0
        refused = [throttle.take_turn(session, [("k", throttle.PER_ACCOUNT)]).wait for _knock in range(50)]
        assert len(set(refused)) <= 2, "knocking makes it no longer"
        waits.append(-(-refused[0] // 60))
        for row in session.scalars(select(SignInTry)):
            row.at -= timedelta(seconds=refused[0])
        session.flush()
    assert waits == [5, 10, 20, 40, 60, 60, 60]
    session.execute(update(SignInTry).values(at=now() - timedelta(hours=24, minutes=1)))
    assert throttle.take_turn(session, [("k", throttle.PER_ACCOUNT)]).wait == 0
    assert len(session.scalars(select(SignInTry)).all()) == 1


def test_no_five_minutes_hold_more_than_ten_tries(session: Session) -> None:
    """A guesser who knocks every 20 seconds for three hours."""
    done: list[int] = []
    for second in range(0, 3 * 3600, 20):
        if throttle.take_turn(session, [("k", throttle.PER_ACCOUNT)]).wait == 0:
            done.append(second)
        for row in session.scalars(select(SignInTry)):
            row.at -= timedelta(seconds=20)
        session.flush()
    assert max(sum(1 for other in done if one <= other < one + 300) for one in done) <= 10
    assert len(done) < 70


def test_tries_are_kept_as_keyed_hashes(app: Flask, settings: Settings) -> None:
    try_in(app.test_client(), "ona@office.example", "guess")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        keys = set(session.scalars(select(SignInTry.key)))
    assert keys == {
        throttle.keyed(app.extensions["netmap_settings"], kind, what)
        for kind, what in (("account", "ona@office.example"), ("address", "127.0.0.1"))
    }
    from dataclasses import replace

    other = replace(settings, secret_key="another key " * 6)
    assert throttle.keyed(other, "account", "ona@office.example") not in keys


def test_a_refusal_says_how_long(app: Flask) -> None:
    client = app.test_client()
    for number in range(10):
        try_in(client, EMAILS["planner"], f"guess {number}")
    answer = try_in(client, EMAILS["planner"], PASSWORD)
    assert 290 < int(answer.headers["Retry-After"]) <= 300
    assert "Wait 5 minutes" in answer.get_data(as_text=True)
