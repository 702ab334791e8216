"""Kill -9 in the middle of an import: the old state or the new one, and a second run gives the same."""

import csv
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine

from netmap.app import import_all_models
from netmap.db import open_engine
from netmap.importing import work
from netmap.importing.terminal import import_now
from netmap.importing.uploads import Uploads
from netmap.migrations.upgrade import upgrade
from tests.importing.conftest import content_hash, exact_hash, package

KILLS = 30
ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import sys
from pathlib import Path
from netmap.app import import_all_models
from netmap.db import open_engine
from netmap.importing import work
from netmap.importing.terminal import import_now
from netmap.importing.uploads import Uploads
from netmap.vocabulary.words import languages_of
import netmap.directory.typing_model, sklearn.linear_model

import_all_models()
languages_of("warm")
engine = open_engine(f"sqlite:///{sys.argv[1]}/netmap.db")
print("ready", flush=True)
parts = {"directory": Path(sys.argv[2])}
import_now(engine, Uploads(Path(sys.argv[1])), parts, source="list", allow_removals=True)
print("done", flush=True)
"""


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    """Two versions of a directory: Washington's where it is there, else a made-up one of 2,000 services."""
    old, new = tmp_path / "old", tmp_path / "new"
    washington = ROOT.parent / "shared" / "data" / "us_dc_2022_07"
    if washington.is_dir():
        shutil.copytree(washington, old, ignore=lambda folder, names: [n for n in names if n.endswith(".md")])
    else:
        old.mkdir()
        for name, content in package(2000).items():
            (old / name).write_bytes(content)
    shutil.copytree(old, new)
    (file,) = [one for one in new.iterdir() if one.name.casefold() in {"services.csv", "service.csv"}]
    with file.open(encoding="utf-8-sig", newline="") as read:
        rows = list(csv.DictReader(read))
    for number, row in enumerate(rows):
        if number % 3 == 0:
            row["description"] += " Now also on Sundays."
    with file.open("w", encoding="utf-8", newline="") as write:
        writer = csv.DictWriter(write, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows[: len(rows) * 9 // 10])
    return old, new


def opened(folder: Path) -> Engine:
    return open_engine(f"sqlite:///{folder / 'netmap.db'}")


def start(folder: Path, path: Path) -> "subprocess.Popen[str]":
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


@pytest.mark.slow
def test_thirty_kills_in_mid_import(
    tmp_path: Path, versions: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = versions
    import_all_models()
    base = tmp_path / "base"
    base.mkdir()
    engine = opened(base)
    upgrade(engine)
    import_now(engine, Uploads(base), {"directory": old}, source="list")
    before = exact_hash(engine)
    engine.dispose()

    whole = shutil.copytree(base, tmp_path / "whole")
    began = time.monotonic()
    child = start(whole, new)
    assert child.wait(timeout=300) == 0
    child.communicate()
    seconds = time.monotonic() - began
    engine = opened(whole)
    wanted = content_hash(engine)
    engine.dispose()

    applied = shutil.copytree(base, tmp_path / "applied")
    engine = opened(applied)
    with monkeypatch.context() as unlearnt:
        unlearnt.setattr(work, "learn", lambda engine, run_id: None)
        import_now(engine, Uploads(applied), {"directory": new}, source="list", allow_removals=True)
    in_between = content_hash(engine)
    engine.dispose()

    chance, found = random.Random(3), Counter[str]()
    for number in range(KILLS):
        folder = shutil.copytree(base, tmp_path / f"killed{number}")
        child = start(folder, new)
        time.sleep(chance.uniform(0, seconds))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        engine = opened(folder)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            runs = connection.exec_driver_sql("SELECT state FROM import_run ORDER BY id").scalars().all()
        after = exact_hash(engine)
        if after == before:
            found["old"] += 1
            assert runs == ["done"]  # that of the base
        else:
            names = {in_between: "new, types not yet learnt", wanted: "new"}
            found[names[content_hash(engine)]] += 1
            assert len(runs) == 2
        import_now(engine, Uploads(folder), {"directory": new}, source="list", allow_removals=True)
        assert content_hash(engine) == wanted, f"kill {number}"
        engine.dispose()
        shutil.rmtree(folder)
    print(f"{KILLS} kills within {seconds:.1f} s: {dict(found)}")
    assert found["old"]
    assert found["old"] < KILLS
