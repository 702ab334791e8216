"""S11: long passwords of any kind are taken, common ones refused, and hashes are slow but few at once."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.auth import passwords, service
from netmap.auth.models import User
from netmap.db import open_session, transaction
from netmap.errors import Unavailable
from netmap.paths import shipped
from tests.county import EMAILS, PASSWORD
from tests.trust.doors import try_in

GOOD = (
    "a quiet winter evening", "correct horse battery staple", "тихий зимний вечер у реки",
    "žalias namas prie ežero", "x7#Kq9!vLm2$", "пʼять теплих хат", "🦊🐻🦉 and a long river",
    "   spaces   at   ends   ", "mėnuo virš kalno", "j" + "Zq4-" * 5 + "rv-lantern",
)  # fmt: skip
COMMON = (
    "password1234", "password12345678", "123456789012", "qwertyuiop123", "iloveyouiloveyou", "letmeinletmein",
    "aaaaaaaaaaaa", "abcdefghijkl", "administrator", "welcome12345", "P@ssw0rd12345", "qazwsxedcrfv",
    "trustno1trustno1", "abcabcabcabc", "111111111111", "passwordpassword", "football1234", "monkey123456",
    "йцукенгшщзхъ", "парольпароль", "пароль123456", "slaptazodis1", "netmapnetmap", "netmap123456",
    "socialservices", "socialservice1", "casemanager1", "coordinator1", "sunshine1234", "a" * 128, "abc" * 40,
)  # fmt: skip


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_of_any_signs_is_taken(password: str) -> None:
    assert passwords.password_problem(password, "ona@office.example") is None


@pytest.mark.parametrize("password", COMMON)
def test_a_common_password_or_a_word_of_the_office_is_refused(password: str) -> None:
    assert passwords.password_problem(password, "ona@office.example") is not None


@pytest.mark.parametrize(
    "password", ["rasa.petraityte", "petraityte2026", "rasapetraityte1", "lighthouse2026"]
)
def test_parts_of_the_own_address_are_refused(password: str) -> None:
    assert passwords.password_problem(password, "rasa.petraityte@lighthouse.example") is not None


@pytest.mark.parametrize(
    ("length", "taken"), [(11, False), (12, True), (128, True), (129, False), (100_000, False)]
)
def test_12_to_128_characters(length: int, taken: bool) -> None:
    password = ("Zq4-wu7.Rk9+" + "brücke am fluss, " * 8000)[:length]
    assert (passwords.password_problem(password) is None) is taken


def test_judging_takes_no_time_however_long_the_password() -> None:
    begin = time.process_time()
    for password in ("a1" * 64, "p4$$w0rd" * 16, "x7#Kq9!vLm2$" * 10, "qwerty" * 21):
        passwords.password_problem(password)
    assert time.process_time() - begin < 1


def test_all_128_characters_count(session: Session) -> None:
    long = ("a quiet winter evening by the river " * 4)[:127]
    service.add_user(session, "ona@office.example", long + "x", "planner")
    assert service.check_password(session, "ona@office.example", long + "x") is not None
    assert service.check_password(session, "ona@office.example", long + "y") is None
    assert service.check_password(session, "ona@office.example", long) is None
    assert service.check_password(session, "ona@office.example", long + "xx") is None


def test_what_is_too_long_is_never_hashed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise AssertionError("hashed")

    monkeypatch.setattr(PasswordHasher, "hash", fail)
    monkeypatch.setattr(PasswordHasher, "verify", fail)
    assert service.check_password(session, "ona@office.example", "x" * 129) is None
    with pytest.raises(Exception, match="at most 128"):
        service.add_user(session, "ona@office.example", "x" * 129, "planner")


def test_the_hash_is_argon2id_with_the_costs_that_were_agreed() -> None:
    kept = passwords.hashed("a quiet winter evening")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.outdated(kept)


def test_an_older_hash_is_renewed_at_the_next_sign_in(app: Flask) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    engine = app.extensions["netmap_engine"]
    with transaction(engine) as writing:
        for user in writing.scalars(select(User)):
            user.password_hash = weaker
    assert try_in(app.test_client(), EMAILS["planner"], "a wrong sentence").status_code == 422
    assert try_in(app.test_client(), EMAILS["planner"], PASSWORD).status_code == 303
    with open_session(engine, reading=True) as session:
        hashes = {user.role: user.password_hash for user in session.scalars(select(User))}
    assert {role for role, kept in hashes.items() if kept != weaker} == {"planner"}
    assert passwords.fits(PASSWORD, hashes["planner"])
    assert not passwords.outdated(hashes["planner"])


def test_no_more_than_four_hashes_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def slow(self: PasswordHasher, kept: str, password: str) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return True

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    threads = [threading.Thread(target=passwords.fits, args=("x", "y")) for _number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 4


def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), pytest.raises(Unavailable, match="in a minute"):
        passwords.fits("x", "y")


def test_the_pages_let_one_paste_and_a_password_manager_fill_in(
    sign_in: Callable[[str | None], FlaskClient],
) -> None:
    pages = {
        "/sign-in": ("current-password", "username"),
        "/account": ("current-password", "new-password", "username"),
        "/people": ("new-password",),
    }
    client = sign_in("admin")
    for path, wanted in pages.items():
        page = client.get(path).get_data(as_text=True)
        assert all(f'autocomplete="{one}"' in page for one in wanted), path
        assert "maxlength" not in page
    scripts = (Path(service.__file__).parents[1] / "web" / "static").rglob("*.js")
    sources = [path.read_text(encoding="utf-8") for path in scripts]
    sources += [path.read_text(encoding="utf-8") for path in Path(shipped("templates")).rglob("*.html")]
    assert not any("onpaste" in one or '"paste"' in one for one in sources)
