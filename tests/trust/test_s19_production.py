"""S19: production does not start without its secrets, and says which setting is missing."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from netmap.app import create_app
from netmap.auth.service import add_user
from netmap.config import Settings
from netmap.db import transaction
from netmap.errors import Invalid
from netmap.production import KNOWN_KEYS, require_ready, require_told, weak
from tests.county import EMAILS, PASSWORD
from tests.trust.doors import try_in

ROOT = Path(__file__).resolve().parents[2]
KEY = "f3a9c1d7e5b80246a1c3e5f7092b4d6f8e0a2c4b6d8f1a3c5e7092b4d6f8e0a2"
OTHER = "0b77d1e94c3f5a2860de91b3c7f5240a8d6e1c3b5f7a9024c6e8d0b2f4a61839"
GOOD = {"NETMAP_SECRET_KEY": KEY, "NETMAP_TRUSTED_HOSTS": "office.example", "NETMAP_SECURE_COOKIES": "1"}
BAD: tuple[tuple[str, dict[str, str | None]], ...] = (
    ("NETMAP_SECRET_KEY", {"NETMAP_SECRET_KEY": None}),
    ("NETMAP_SECRET_KEY", {"NETMAP_SECRET_KEY": ""}),
    ("NETMAP_SECRET_KEY", {"NETMAP_SECRET_KEY": "short"}),
    ("NETMAP_SECRET_KEY", {"NETMAP_SECRET_KEY": "k" * 64}),
    ("NETMAP_SECRET_KEY", {"NETMAP_SECRET_KEY": "please-change-me-" * 3}),
    ("NETMAP_SECRET_KEY", {"NETMAP_SECRET_KEY": KNOWN_KEYS[0]}),
    ("NETMAP_SECRET_KEY_FALLBACKS", {"NETMAP_SECRET_KEY_FALLBACKS": f"{OTHER},dev"}),
    ("NETMAP_TRUSTED_HOSTS", {"NETMAP_TRUSTED_HOSTS": None}),
    ("NETMAP_TRUSTED_HOSTS", {"NETMAP_TRUSTED_HOSTS": "*"}),
    ("NETMAP_TRUSTED_HOSTS", {"NETMAP_TRUSTED_HOSTS": "https://office.example/"}),
    ("NETMAP_SECURE_COOKIES", {"NETMAP_SECURE_COOKIES": "0"}),
    ("NETMAP_DEMO", {"NETMAP_DEMO": "1"}),
    ("FLASK_DEBUG", {"FLASK_DEBUG": "1"}),
)  # fmt: skip
WAYS = {
    "wsgi": ([sys.executable, "-c", "import wsgi; print('started')"], 3),
    "serve": ([sys.executable, "-c", "from netmap.cli import main; main()", "serve", "--port", "0"], 1),
}


def environment(folder: Path, **changes: str | None) -> dict[str, str]:
    kept = {name: one for name, one in os.environ.items() if not name.startswith(("NETMAP_", "FLASK_"))}
    wanted = {**GOOD, "NETMAP_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), **changes}
    return kept | {name: value for name, value in wanted.items() if value is not None}


@pytest.mark.parametrize("way", WAYS)
def test_it_does_not_start_and_names_every_setting(prepared: Path, way: str) -> None:
    command, status = WAYS[way]
    bad = [BAD[0], BAD[7], BAD[11]]
    changes = {name: value for _named, one in bad for name, value in one.items()}
    if way == "serve":
        changes["NETMAP_PRODUCTION"] = "1"
    done = subprocess.run(
        command, env=environment(prepared, **changes), cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (status, "")
    assert [named for named, _one in bad if named not in done.stderr] == []
    assert done.stderr.startswith("netmap: ")
    assert len(done.stderr.strip().splitlines()) == 1
    assert not any(secret in done.stderr for secret in (KEY, OTHER))
    assert not (prepared / "secret.key").exists()


@pytest.mark.parametrize(("named", "changes"), BAD)
def test_every_unsafe_setting_is_named(
    tmp_path: Path, named: str, changes: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = environment(tmp_path, NETMAP_PRODUCTION="1", **changes)
    monkeypatch.setenv("FLASK_DEBUG", given.get("FLASK_DEBUG", "0"))
    with pytest.raises(Invalid, match=named):
        create_app(Settings.from_environment(given))
    assert not (tmp_path / "secret.key").exists()


def test_it_starts_with_everything_in_place(prepared: Path) -> None:
    command, _status = WAYS["wsgi"]
    done = subprocess.run(
        command, env=environment(prepared), cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")


def test_outside_production_it_starts_with_nothing_set(prepared: Path, tmp_path: Path) -> None:
    bare = dict.fromkeys(GOOD)
    given = environment(tmp_path, NETMAP_PRODUCTION="0", **bare)
    done = subprocess.run(WAYS["wsgi"][0], env=given, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "started\n"), done.stderr


def test_the_key_that_init_has_made_is_enough_and_must_be_private(tmp_path: Path) -> None:
    given = environment(tmp_path, NETMAP_PRODUCTION="1", NETMAP_SECRET_KEY=None)
    init = [sys.executable, "-c", "from netmap.cli import main; main()", "init"]
    done = subprocess.run(
        init, env=given, cwd=ROOT, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    settings, path = Settings.from_environment(given), tmp_path / "secret.key"
    assert path.stat().st_mode & 0o077 == 0
    require_ready(settings)
    path.chmod(0o640)
    with pytest.raises(Invalid, match="chmod 600"):
        require_ready(settings)
    path.chmod(0o600)
    path.write_text("abc")
    with pytest.raises(Invalid, match="NETMAP_SECRET_KEY"):
        require_ready(settings)


def test_a_key_made_by_chance_is_never_called_weak(tmp_path: Path) -> None:
    for number in range(200):
        settings = Settings(data_dir=tmp_path / str(number))
        settings.make_key()
        assert not weak(settings.key())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "office.example", ""])
def test_other_machines_are_served_in_production_or_as_the_demo_only(settings: Settings, host: str) -> None:
    with pytest.raises(Invalid, match="NETMAP_PRODUCTION"):
        require_told(settings, host)
    require_told(replace(settings, demo=True), host)
    require_told(replace(settings, production=True), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_is_served_without_further_words(settings: Settings, host: str) -> None:
    require_told(settings, host)


@pytest.mark.parametrize("password", ["admin", "netmap", "admin/admin", "administrator", PASSWORD])
def test_no_first_admin_has_a_known_password(session: object, password: str) -> None:
    with pytest.raises(Invalid):
        add_user(session, "admin@office.example", password, "admin")  # type: ignore[arg-type]


def test_the_password_of_the_demo_opens_nothing_outside_the_demo(second: Callable[..., Flask]) -> None:
    app = second(demo=False)
    for email in (EMAILS["admin"], "nobody@office.example"):
        answer = try_in(app.test_client(), email, PASSWORD)
        assert answer.status_code == 422
        assert "password of the demo opens nothing here" in answer.get_data(as_text=True)


def test_nobody_becomes_the_first_admin_by_a_page(second: Callable[..., Flask]) -> None:
    app = second(demo=False)
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.connection().exec_driver_sql("UPDATE user SET active = 0")
    app.config["WTF_CSRF_ENABLED"] = False
    typed = {"email": "me@evil.example", "password": "a quiet winter evening", "role": "admin"}
    client = app.test_client()
    for path in ("/people", "/sign-in", "/account/password", "/people/1"):
        client.post(path, data=typed)
    with app.extensions["netmap_engine"].connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM user WHERE active = 1").scalar() == 0


def test_after_a_change_of_the_key_sessions_go_on_and_new_ones_take_the_new_key(
    second: Callable[..., Flask],
) -> None:
    old = second(secret_key=OTHER)
    client = old.test_client()
    try_in(client, EMAILS["planner"], PASSWORD)
    jar = {name: client.get_cookie(name) for name in ("netmap", "netmap-browser")}

    def again(app: Flask) -> FlaskClient:
        other = app.test_client()
        for name, cookie in jar.items():
            assert cookie is not None
            other.set_cookie(name, cookie.value)
        return other

    rotated = again(second(secret_key=KEY, secret_key_fallbacks=f" {OTHER} ,"))
    assert rotated.get("/account").status_code == 200
    assert (
        rotated.post("/language", data={"language": "ru", "csrf_token": rotated.token("/")}).status_code
        == 303
    )  # type: ignore[attr-defined]
    renewed = rotated.get_cookie("netmap")
    assert renewed is not None
    dropped = second(secret_key=KEY)
    assert "/sign-in" in again(dropped).get("/account").headers["Location"]
    kept = dropped.test_client()
    kept.set_cookie("netmap", renewed.value)
    assert kept.get("/account").status_code == 200
