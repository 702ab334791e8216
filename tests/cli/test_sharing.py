"""The commands that share packages: export to a new file, import as a new package or version."""

import tomllib
from pathlib import Path

import pytest

from netmap.cli.office import Office
from netmap.packages.service import get
from tests.terminal import Run, terminal

CODE = "ready_for_work"
ME = ("--by", "anna@city.example")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs `netmap ARGUMENTS` on an office with the shipped packages."""
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path / "data"))
    call = terminal(monkeypatch, capsys)
    assert call("init")[0] == 0
    return call


@pytest.fixture
def file(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "shared.toml"
    status, out, _err = run("packages", "export", CODE, str(path))
    assert (status, out.strip()) == (0, f"{path}: {CODE}, version 1.")
    return path


def in_use(code: str) -> tuple[int, str]:
    office = Office()
    try:
        with office.reading() as session:
            found = get(session, code)
            return found.number, found.note
    finally:
        office.close()


def test_an_exported_package_can_be_taken_in_under_another_code(run: Run, file: Path) -> None:
    status, out, _err = run("packages", "import", str(file), "--code", "our_search", *ME)
    assert (status, out.strip()) == (0, "our_search: version 1 is in use.")
    assert in_use("our_search") == (1, "From the file shared.toml")


def test_a_known_code_is_refused_and_both_ways_out_are_named(run: Run, file: Path) -> None:
    status, _out, err = run("packages", "import", str(file), *ME)
    assert status == 1
    assert "--new-version" in err
    assert "--code" in err


def test_a_known_code_becomes_a_new_version_where_it_is_wished(run: Run, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert tomllib.loads(text)["track"] == "job_search"
    file.write_text(text.replace('track = "job_search"', 'track = "job_search"\ncost = 40'), encoding="utf-8")
    assert run("packages", "import", str(file), "--new-version", *ME)[0] == 0
    assert in_use(CODE)[0] == 2


def test_every_wrong_field_of_a_file_is_named_and_nothing_is_saved(run: Run, file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace('track = "job_search"', 'track = "searching"\ncost = -1')
    file.write_text(text, encoding="utf-8")
    status, _out, err = run("packages", "import", str(file), "--code", "our_search", *ME)
    assert status == 1
    assert "track:" in err
    assert "cost:" in err
    assert run("packages", "export", "our_search", str(file) + ".2")[0] == 1


def test_a_file_that_is_there_is_not_written_over(run: Run, file: Path) -> None:
    status, _out, err = run("packages", "export", CODE, str(file))
    assert (status, "is there already" in err) == (1, True)


def test_a_missing_file_and_a_missing_name_are_said(run: Run, tmp_path: Path) -> None:
    status, _out, err = run("packages", "import", str(tmp_path / "none.toml"), *ME)
    assert (status, "cannot be read" in err) == (1, True)
    assert run("packages", "import", str(tmp_path / "none.toml"))[0] == 2
