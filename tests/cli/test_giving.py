"""`netmap export` of a book and of a file that works offline."""

import json
from pathlib import Path

import pytest

from netmap.printing.typeset import FONTS
from tests.terminal import Run, terminal


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], prepared: Path) -> Run:
    monkeypatch.setenv("NETMAP_DATA_DIR", str(prepared))
    return terminal(monkeypatch, capsys)


def test_prints_answer_in_the_agreed_shape(county: Run, tmp_path: Path) -> None:
    out = tmp_path / "directory.html"
    status, said, err = county("export", str(out), "--format", "offline-html", "--language", "lt", "--json")
    assert status == 0, err
    told = json.loads(said)
    assert set(told) == {"path", "format", "language", "area", "services", "bytes", "as_of"}
    assert (told["language"], told["area"], told["bytes"]) == ("lt", None, out.stat().st_size)
    assert told["services"] > 200
    assert '<html lang="lt">' in out.read_text(encoding="utf-8")


@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts for print are not there (run `make setup`)")
def test_a_book_of_an_area_is_a_pdf(county: Run, tmp_path: Path) -> None:
    out = tmp_path / "book.pdf"
    status, said, err = county("export", str(out), "--format", "book", "--area", "lauvena")
    assert status == 0, err
    assert out.read_bytes().startswith(b"%PDF")
    assert "services" in said


@pytest.mark.parametrize(
    ("name", "arguments", "status", "sentence"),
    [
        ("book.html", ("--format", "book"), 1, "ends with .pdf"),
        ("copy.pdf", ("--format", "offline-html"), 1, "ends with .html"),
        (
            "copy.html",
            ("--format", "offline-html", "--area", "nowhere"),
            1,
            "no area with the code 'nowhere'",
        ),
        ("no/such/copy.html", ("--format", "offline-html"), 1, "There is no folder"),
        ("book.pdf", ("--format", "book", "--language", "de"), 2, "is not one of"),
        ("out.xlsx", ("--format", "xlsx", "--language", "lt"), 2, "belong to the formats"),
    ],
)
def test_a_print_that_cannot_be_made_leaves_nothing(
    county: Run, tmp_path: Path, name: str, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    found, _out, err = county("export", str(tmp_path / name), *arguments)
    assert (found, sentence in err) == (status, True), err
    assert list(tmp_path.glob("*.pdf")) + list(tmp_path.glob("*.html")) == []


def test_a_print_is_not_written_over(county: Run, tmp_path: Path) -> None:
    out = tmp_path / "copy.html"
    out.write_text("mine")
    status, _out, err = county("export", str(out), "--format", "offline-html")
    assert (status, "choose another name" in err) == (1, True)
    assert out.read_text() == "mine"
