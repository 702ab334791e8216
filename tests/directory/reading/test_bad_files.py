"""Files that are not what they seem, or cost what no file may: one sentence each, within time and memory."""

import io
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.directory.hsds import import_path
from netmap.directory.models import Organization, Service, Source
from netmap.directory.reading import apart, limits
from netmap.directory.reading.apart import read_apart
from netmap.directory.reading.child import answer
from netmap.errors import Invalid
from tests.directory.reading.made_up import HEAD, TAIL, book, packed, raw_sheet, saved

GOOD = b"id,name\n1,Aid\n"
INNER = packed({"services.csv": GOOD})
ENTITY = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
FAR = b'<row r="%d"><c r="XFD%d"><v>%d</v></c></row>'
ROW = b'<row><c t="inlineStr"><is><t>aaaa</t></is></c></row>'

BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("services.zip", lambda: packed({"services.csv": b"a" * 30_000_000}), "packed over 100-fold"),
    ("services.zip", lambda: packed({"inner.zip": INNER}), "holds no CSV, XLSX or JSON"),
    ("services.zip", lambda: packed({"services.csv": INNER}), "a zip that breaks off or lies inside another"),
    ("services.zip", lambda: packed({"../services.csv": GOOD}), "unsafe file name"),
    ("services.zip", lambda: packed({"a/../../services.csv": GOOD}), "unsafe file name"),
    ("services.zip", lambda: packed({"services.csv": GOOD, "x/Services.csv": GOOD}), "there twice"),
    ("services.zip", lambda: packed({"services.csv": GOOD})[:-30], "a zip whose end is missing"),
    ("services.csv", lambda: b"%PDF-1.7 ...", "of the kind PDF"),
    ("services.xlsx", lambda: b"\xd0\xcf\x11\xe0" + b"0" * 99, "of the kind XLS"),
    ("services.csv", lambda: b"<!DOCTYPE html><html>", "a web page or XML"),
    ("services.xlsx", lambda: saved(book(services=[["id"]]))[:-300], "a zip whose end is missing"),
    ("services.xlsx", lambda: raw_sheet(HEAD + ROW * 600_000 + TAIL), "packed over 100-fold"),
    ("services.xlsx", lambda: raw_sheet(ENTITY + HEAD + TAIL), "declares entities"),
    ("services.xlsx", lambda: raw_sheet(HEAD + b"<row><c"), "cannot be read as a workbook"),
    ("services.xlsx", lambda: raw_sheet(HEAD + b"".join(FAR % (n, n, n * 79) for n in range(1, 150)) + TAIL),
     "more than 2000000 cells"),
    ("services.csv", lambda: b",".join(b"c%d" % n for n in range(100_000)), "has 100000 columns"),
    ("services.csv", lambda: b"id,name\n" + b"a" * 6_000_000, "Line 2 of services.csv is longer than"),
    ("services.csv", lambda: b"id,name\n1," + b"a" * 2_000_000, "field larger than field limit"),
    ("services.csv", lambda: b"id,name\n" + b",,,,,,,,,,\n" * 250_000, "more than 2000000 cells"),
    ("services.csv", lambda: b"id\n" + b"1\n" * 200_100, "more than 200000 rows"),
    ("services.csv", lambda: b"id,name\n1,A\0id\n", "a NUL byte in line 2"),
    ("services.csv", lambda: b'id,name\n1,"Aid', "cannot be read at line 2"),
    ("services.csv", lambda: b"", "is empty"),
    ("services.csv", lambda: b"id,name\n1,\xc3\xa9\n2,\xed\xa0\x80\n", "is not UTF-8: byte 0xED in line 3"),
    ("services.csv", lambda: b"id,name\n1,caf\xe8\n", "is not UTF-8: byte 0xE8 in line 2"),
    ("services.csv", lambda: b"\xff\xfei\x00d\x00\n\x00\x00\xd8", "is not UTF-16-LE"),
    ("services.csv", lambda: "id,name\n".encode("utf-32"), "is UTF-32"),
    ("services.json", lambda: b"[" * 1_000_000 + b"]" * 1_000_000, "nested too deeply"),
    ("services.json", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    ("services.json", lambda: b'[{"id": "1", "name": "Aid", "phones": [{"num', "ends in the middle (line 1)"),
    ("services.json", lambda: b'[{"id": "1"}, {"id" "2"}]', "is no JSON: line 1, sign 21"),
    ("services.ndjson", lambda: b'{"id": "1", "name": "A"}\n{"id": "2", "na', "Line 2 of services.ndjson is"),
    ("services.json", lambda: b"[" + b"[]," * 1_100_000 + b"[]]", "more than 2000000 cells"),
    ("services.json", lambda: b"[" + b",".join([b"{}"] * 400_001) + b"]", "more than 400000 objects"),
    ("cars.json", lambda: b'{"wheels": 4}', "is no HSDS JSON"),
    ("cars.csv", lambda: b"id,name\n1,Aid\n", "holds no table that HSDS knows"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["services.zip", "services.xlsx"])
def test_a_damaged_file_is_read_or_refused_and_never_fails(tmp_path: Path, name: str) -> None:
    path, ends = tmp_path / name, set()
    good = {
        "services.zip": packed({"services.csv": GOOD * 50}),
        "services.xlsx": saved(book(services=[["id", "name"]])),
    }
    for seed in range(150):
        chance, content = random.Random(seed), bytearray(good[name])
        for _change in range(3):
            content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        path.write_bytes(bytes(content))
        ends |= {key for key in answer({"path": str(path)}) if key in {"files", "error"}}
    assert "error" in ends


@pytest.mark.usefixtures("read_here")
def test_more_cells_than_memory_holds_are_refused_in_all_files_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"services.csv": GOOD, "organizations.csv": GOOD}))
    monkeypatch.setattr(limits, "CELLS_TOGETHER", 4)
    assert len(read_apart(path).files) == 2
    monkeypatch.setattr(limits, "CELLS_TOGETHER", 3)
    with pytest.raises(Invalid, match="more than 3 cells in all its tables"):
        read_apart(path)


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize(
    ("name", "make", "sentence"), BAD, ids=[f"{name}: {text}" for name, _make, text in BAD]
)
def test_a_bad_file_is_refused_in_one_sentence_and_nothing_is_written(
    session: Session, tmp_path: Path, name: str, make: Callable[[], bytes], sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    begun = time.monotonic()

    with pytest.raises(Invalid) as raised:
        import_path(session, path)

    assert sentence in raised.value.message
    assert raised.value.message.endswith(".")
    assert "Traceback" not in raised.value.message
    assert str(tmp_path) not in raised.value.message
    assert time.monotonic() - begun < 10  # two seconds alone, more beside other work
    for model in (Source, Organization, Service):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_a_link_in_a_zip_or_a_folder_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("services.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "a.zip").write_bytes(out.getvalue())
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "services.csv").symlink_to("/etc/passwd")

    for path in (tmp_path / "a.zip", folder):
        with pytest.raises(Invalid, match=r"holds the link 'services\.csv'"):
            read_apart(path)


def test_a_bomb_costs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(raw_sheet(HEAD + ROW * 6_000_000 + TAIL))  # unpacks to 300 MB
    assert path.stat().st_size < 1_000_000
    code = (
        "import json; from netmap.directory.reading import child;"
        f"print(child.answer({{'path': {str(path)!r}}})['error']);"
        "print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of a process is read from /proc")

    said, peak = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ).stdout.splitlines()

    assert "packed over 100-fold" in said
    assert int(peak) < 200 * 1024


def test_what_needs_too_much_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "services.csv"
    path.write_bytes(b"id,name\n" + b"".join(b"%d,%s\n" % (n, b"a" * 50_000) for n in range(300)))
    assert len(read_apart(path).files[0].cells) == 300
    monkeypatch.setattr(limits, "MEMORY_MEGABYTES", 64)

    with pytest.raises(Invalid, match="too much memory"):
        read_apart(path)


def test_what_takes_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1," + "a" * 60 + "!\n")
    (tmp_path / "slow.toml").write_text(
        'source = "a"\ntitle = "a"\nlicence = "a"\nattribution = "a"\n[[table]]\ninto = "services"\n'
        '[table.fields]\nid = "id"\nname = { column = "name", pattern = \'^((?:a+)+)$\' }\n'
    )
    monkeypatch.setattr(limits, "SECONDS", 1)

    with pytest.raises(Invalid, match="takes over 1 seconds to read"):
        read_apart(tmp_path / "a.csv", tmp_path / "slow.toml")


def test_a_child_that_dies_is_told_and_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "services.csv").write_bytes(GOOD)
    monkeypatch.setattr(apart, "CHILD", "netmap.no_such_module")

    with pytest.raises(Invalid, match="the process that reads files broke off"):
        read_apart(tmp_path / "services.csv")
    assert "no_such_module" in caplog.text


def test_the_child_imports_little() -> None:
    code = "import sys, netmap.directory.reading.child; print(*sys.modules)"
    names = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ).stdout.split()

    assert {name.partition(".")[0] for name in names} & {
        "sqlalchemy",
        "flask",
        "sklearn",
        "numpy",
        "scipy",
    } == set()


def test_the_same_again_doubles_nothing(session: Session, tmp_path: Path) -> None:
    item = {
        "id": "1",
        "name": "Aid",
        "status": "active",
        "fees_description": "none",
        "phones": [{"number": "112"}],
    }
    path = tmp_path / "services.json"
    path.write_text(json.dumps([item, item]))
    import_path(session, path)

    again = import_path(session, path).as_dict()

    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    assert session.scalar(select(func.count()).select_from(Service)) == 1


def test_a_file_of_two_thousand_columns_is_read_and_one_more_is_not(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    columns = ["id", "name", *(f"c{n}" for n in range(1998))]
    path.write_text(",".join(columns) + "\n1,Aid" + ",x" * 1998 + "\n")

    report = import_path(session, path)

    assert report.table("service").added == 1
    assert max(map(len, report.warnings)) < 1000
    path.write_text(",".join([*columns, "more"]) + "\n1,Aid\n")
    with pytest.raises(Invalid, match="has 2001 columns"):
        import_path(session, path)
