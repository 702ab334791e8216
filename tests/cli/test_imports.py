"""`netmap import --dry-run`, `netmap imports` and `netmap imports undo`: what they say and how they end."""

from pathlib import Path

import pytest

from netmap.db import open_engine, transaction
from netmap.directory.models import Service
from tests.cli.test_contract import Run, answer, run
from tests.importing.conftest import exact_hash, package, zipped

__all__ = ["run"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "list.zip"
    path.write_bytes(zipped(package(9)))
    return path


def state_of(tmp_path: Path) -> str:
    engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'netmap.db'}")
    found = exact_hash(engine)
    engine.dispose()
    return found


def test_a_dry_run_gives_the_report_and_changes_nothing(run: Run, path: Path, tmp_path: Path) -> None:
    run("init")
    before = state_of(tmp_path)
    report = answer(run("import", str(path), "--dry-run", "--json"))
    assert report["tables"]["service"]["added"] == 9
    assert answer(run("imports", "--json")) == {"imports": []}
    assert "Nothing was changed" in run("import", str(path), "--dry-run")[1]
    assert state_of(tmp_path) == before
    assert answer(run("import", str(path), "--json")) == report


def test_a_dry_run_of_areas_and_a_directory_together(run: Run, path: Path, tmp_path: Path) -> None:
    run("init")
    before = state_of(tmp_path)
    areas = tmp_path / "areas.csv"
    areas.write_text("code,name\nold,Oldbridge\n")
    report = answer(run("import", str(path), "--areas", str(areas), "--dry-run", "--json"))
    assert (report["areas"]["added"], report["directory"]["tables"]["service"]["added"]) == (1, 9)
    assert state_of(tmp_path) == before


def test_one_wrong_file_of_several_leaves_nothing(run: Run, path: Path, tmp_path: Path) -> None:
    run("init")
    before = state_of(tmp_path)
    demand = tmp_path / "demand.csv"
    demand.write_text("where,how many\n")
    assert run("import", str(path), "--demand", str(demand))[0] == 1
    assert (answer(run("imports", "--json")), state_of(tmp_path)) == ({"imports": []}, before)


def test_shapes_come_in_all_or_none(run: Run, tmp_path: Path) -> None:
    run("init")
    areas, shapes = tmp_path / "areas.csv", tmp_path / "areas.geojson"
    areas.write_text("code,name\nold,Oldbridge\n")
    ring = "[25,55],[26,55],[26,56]"
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"old"},'
        '"geometry":{"type":"Polygon","coordinates":[[%s]]}}]}'
    )
    shapes.write_text(text % f"{ring},[25,55]")
    report = answer(run("import", "--areas", str(areas), "--shapes", str(shapes), "--json"))
    assert report["shapes"]["tables"]["area_shape"]["added"] == 1
    before = state_of(tmp_path)
    shapes.write_text(text % f"{ring},[25,54]")
    status, out, err = run("import", "--shapes", str(shapes))
    assert (status, out, state_of(tmp_path)) == (1, "", before)
    assert "Feature 1 (old), polygon 1, ring 1 is open: repeat its first point at its end." in err
    run("imports", "undo", "2")
    assert state_of(tmp_path) != before


def test_imports_are_listed_and_undone(run: Run, path: Path, tmp_path: Path) -> None:
    run("init")
    before = state_of(tmp_path)
    run("import", str(path))
    (listed,) = answer(run("imports", "--json"))["imports"]
    assert {key: listed[key] for key in ("id", "kind", "source", "file", "state", "who")} == {
        "id": 1, "kind": "directory", "source": "list", "file": "list.zip", "state": "done", "who": None,
    }  # fmt: skip
    assert len(listed["sha256"]) == 64
    assert "list.zip" in run("imports")[1]
    undone = answer(run("imports", "undo", "1", "--json"))
    assert undone["kept"] == []
    assert state_of(tmp_path) == before
    assert answer(run("imports", "--json"))["imports"][0]["state"] == "undone"
    status, out, err = run("imports", "undo", "1")
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    assert run("imports", "undo", "77")[0] == 1
    assert run("imports", "undo", "x")[0] == 2


def test_undoing_stops_at_what_a_person_changed(run: Run, path: Path, tmp_path: Path) -> None:
    run("init")
    run("import", str(path))
    engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'netmap.db'}")
    with transaction(engine) as session:
        session.query(Service).filter_by(name="Service 4").one().email = "typed@x.example"
    engine.dispose()
    status, _out, err = run("imports", "undo", "1")
    assert status == 1
    assert "changed since" in err
    kept = answer(run("imports", "undo", "1", "--rest", "--json"))["kept"]
    assert ("service", "Service 4", "changed") in [(one["table"], one["name"], one["why"]) for one in kept]
