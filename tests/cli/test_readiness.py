"""`netmap packages readiness`: in how many areas a package is ready, as text and as JSON."""

import json
from pathlib import Path

import pytest

from tests.terminal import Run, terminal


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], prepared: Path) -> Run:
    monkeypatch.setenv("NETMAP_DATA_DIR", str(prepared))
    return terminal(monkeypatch, capsys)


def test_one_package_in_one_area_as_json(county: Run) -> None:
    status, out, err = county("packages", "readiness", "homeless_unemployed", "--area", "lauvena", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    (package,) = found["packages"]
    assert (package["package"], package["of"], found["warnings"]) == ("homeless_unemployed", 1, [])
    (area,) = package["areas"]
    assert set(area["lines"]) == {line["key"] for line in package["lines"]}
    assert {cell["state"] for cell in area["lines"].values()} <= {"ready", "not", "ask"}


def test_all_packages_have_a_line_each_and_one_tells_why(county: Run) -> None:
    status, out, _err = county("packages", "readiness")
    assert status == 0
    assert len(out.splitlines()) == len(set(out.splitlines())) > 10
    _status, out, _err = county("packages", "readiness", "homeless_unemployed")
    assert "none within 30 km and serving the place" in out


def test_an_unknown_package_or_area_is_named_with_the_nearest(county: Run) -> None:
    for arguments, nearest in ((("homeles",), "homeless_unemployed"), (("--area", "lauven"), "lauvena")):
        status, out, err = county("packages", "readiness", *arguments)
        assert (status, out) == (1, "")
        assert f"the nearest is '{nearest}'" in err
