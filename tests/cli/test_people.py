"""The commands about people: add, list, password, role, lock, end-sessions."""

import json
from pathlib import Path

import pytest

from netmap.auth import events, service
from netmap.cli.office import Office
from netmap.db import open_session, transaction
from tests.terminal import Run, terminal

PASSWORD, NEW = "a quiet winter evening", "seven quiet boats at noon"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs `netmap ARGUMENTS` on an office with an admin and a planner."""
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path / "data"))

    call = terminal(monkeypatch, capsys)

    assert call("init")[0] == 0
    for role in ("admin", "planner"):
        assert call("users", "add", f"{role}@office.example", "--role", role, typed=PASSWORD + "\n")[0] == 0
    return call


def signed_in(sessions: int = 2) -> None:
    office = Office()
    with transaction(office.engine()) as writing:
        user = service.person_called(writing, "planner@office.example")
        for _time in range(sessions):
            service.start_session(writing, user, office.settings)
    office.close()


def planner(run: Run) -> dict[str, object]:
    found = json.loads(run("users", "list", "--json")[1])["users"]
    return next(one for one in found if one["email"] == "planner@office.example")


@pytest.mark.parametrize(
    ("arguments", "typed", "left"),
    [
        (("password", "planner@office.example"), NEW + "\n", {"sessions": 0}),
        (("role", "PLANNER@office.example", "coordinator"), "", {"sessions": 0, "role": "coordinator"}),
        (("lock", "planner@office.example"), "", {"sessions": 0, "active": False}),
        (("end-sessions", "planner@office.example"), "", {"sessions": 0, "active": True}),
    ],
)
def test_each_command_does_its_work_and_ends_the_sessions(
    run: Run, arguments: tuple[str, ...], typed: str, left: dict[str, object]
) -> None:
    signed_in()
    assert planner(run)["sessions"] == 2
    status, out, err = run("users", *arguments, typed=typed)
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 1
    found = planner(run)
    assert {name: found[name] for name in left} == left
    office = Office()
    with open_session(office.engine(), reading=True) as reading:
        total, rows = events.happened(reading, limit=1)
        assert (rows[0].by, rows[0].about) == (None, "planner@office.example")
        right = service.check_password(reading, "planner@office.example", NEW if typed else PASSWORD)
    office.close()
    assert total == 3
    assert (right is not None) is (arguments[0] != "lock")


def test_a_locked_person_is_let_in_again(run: Run) -> None:
    run("users", "lock", "planner@office.example")
    assert "locked out" in run("users", "list")[1]
    assert run("users", "lock", "planner@office.example", "--open")[0] == 0
    assert planner(run)["active"] is True


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (("password", "nobody@office.example"), NEW),
        (("password", "planner@office.example"), "short"),
        (("password", "planner@office.example"), "password1234"),
        (("role", "planner@office.example", "boss"), ""),
        (("role", "admin@office.example", "planner"), ""),
        (("lock", "admin@office.example"), ""),
        (("lock", "nobody@office.example"), ""),
        (("end-sessions", "nobody@office.example"), ""),
        (("add", "new@office.example", "--role", "planner"), "green-river-bridge"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    run: Run, arguments: tuple[str, ...], typed: str
) -> None:
    before = run("users", "list")[1]
    status, out, err = run("users", *arguments, typed=typed)
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("netmap: ")
    assert run("users", "list")[1] == before
