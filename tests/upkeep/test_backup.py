"""A backup is whole or refused, and what was in it comes back."""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import open_engine
from netmap.errors import Invalid, Unavailable
from netmap.upkeep.backup import DATABASE, KEY, MANIFEST, make_backup
from netmap.upkeep.doctor import examine
from netmap.upkeep.folder import last_backup
from netmap.upkeep.restore import restore


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Settings:
    """Settings on a copy of the demo county with a key file of its own."""
    import_all_models()
    shutil.copytree(prepared, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data")
    (settings.data_dir).chmod(0o700)
    settings.key()
    return settings


@pytest.fixture
def made(office: Settings, tmp_path: Path) -> Path:
    return make_backup(office, tmp_path / "backup.zip")[0]


def elsewhere(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "again")


def content(database: Path) -> dict[str, str]:
    """A sum over the rows of each table."""
    with closing(sqlite3.connect(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: hashlib.sha256(
                repr(sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))).encode()
            ).hexdigest()
            for name in names
        }


def changed(made: Path, target: Path, name: str, text: bytes) -> Path:
    """A backup in which one file is another."""
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w") as new:
        for one in old.namelist():
            new.writestr(one, text if one == name else old.read(one))
    return target


def with_manifest(made: Path, target: Path, **changes: object) -> Path:
    with zipfile.ZipFile(made) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    return changed(made, target, MANIFEST, json.dumps(manifest | changes).encode())


def test_what_was_backed_up_comes_back_and_all_is_well(office: Settings, made: Path, tmp_path: Path) -> None:
    there = elsewhere(tmp_path)
    found = restore(there, made)
    assert content(there.data_dir / DATABASE) == content(office.data_dir / DATABASE)
    assert (there.data_dir / KEY).read_text() == (office.data_dir / KEY).read_text()
    assert found.with_key
    assert found.services > 50
    assert sorted(one.name for one in there.data_dir.iterdir()) == [
        "index", "last_backup.json", "netmap.db", "secret.key",
    ]  # fmt: skip
    for one in (there.data_dir, there.data_dir / KEY, there.data_dir / DATABASE, there.index_dir()):
        assert one.stat().st_mode & 0o077 == 0
    engine = open_engine(there.database())
    assert [one for one in examine(engine, there) if one.severity != "note"] == []
    engine.dispose()


def test_a_folder_as_target_gets_a_dated_file_for_its_owner_only(office: Settings, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    path, manifest = make_backup(office, tmp_path / "kept", with_key=False)
    assert path.name.startswith("netmap-20")
    assert path.stat().st_mode & 0o077 == 0
    assert list((tmp_path / "kept").iterdir()) == [path]
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == [MANIFEST, DATABASE]
    assert manifest.tables["service"] > 50
    assert last_backup(office.data_dir) is not None


def test_a_backup_overwrites_nothing(office: Settings, made: Path) -> None:
    before = made.read_bytes()
    with pytest.raises(Invalid, match="overwrites nothing"):
        make_backup(office, made)
    assert made.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing_and_is_not_remembered(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "kept").mkdir()
    monkeypatch.setattr("netmap.upkeep.backup._pack", full)
    with pytest.raises(Unavailable, match="No space left"):
        make_backup(office, tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []
    assert last_backup(office.data_dir) is None


def test_a_folder_that_is_not_there_is_named(office: Settings, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no folder"):
        make_backup(office, tmp_path / "nowhere" / "backup.zip")


def test_a_damaged_database_is_not_passed_off_as_a_backup(office: Settings, tmp_path: Path) -> None:
    (office.data_dir / DATABASE).write_bytes(b"a letter, not a database" * 1000)
    with pytest.raises(Unavailable):
        make_backup(office, tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


@pytest.mark.parametrize("seed", range(30))
def test_a_truncated_or_changed_backup_is_refused_and_leaves_nothing(
    made: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    whole = bytearray(made.read_bytes())
    if seed % 3 == 0:
        whole = whole[: chance.randrange(len(whole))]
    else:
        place = chance.randrange(200, len(whole) - 200)
        whole[place : place + 8] = bytes(255 - one for one in whole[place : place + 8])
    made.write_bytes(whole)
    with pytest.raises(Invalid, match="not a whole backup"):
        restore(elsewhere(tmp_path), made)
    assert not (tmp_path / "again").exists()


def test_files_that_were_exchanged_are_refused(made: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not a whole backup"):
        restore(elsewhere(tmp_path), changed(made, tmp_path / "x.zip", KEY, b"f" * 64))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"sums": {"../netmap.db": "0"}},
        {"sizes": {"netmap.db": 100, "secret.key": 64}},
        {"sizes": {}},
        {"made_at": "yesterday"},
        {"made_at": "2026-11-26T02:00:00"},
        {"sums": ["netmap.db"]},
        {"sizes": ["netmap.db", "secret.key"]},
        {"version": " " * 2_000_000},
        {"surplus": 1},
    ],
)
def test_a_manifest_that_cannot_be_right_is_refused(
    made: Path, tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(Invalid, match="not a whole backup"):
        restore(elsewhere(tmp_path), with_manifest(made, tmp_path / "x.zip", **changes))
    assert not (tmp_path / "again").exists()


def test_rows_that_are_missing_from_the_copy_are_noticed(made: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="rows"):
        restore(elsewhere(tmp_path), with_manifest(made, tmp_path / "x.zip", tables={"service": 1}))


@pytest.mark.parametrize("table", ["service", "alembic_version"])
def test_a_database_without_a_table_is_refused_in_words(office: Settings, tmp_path: Path, table: str) -> None:
    with closing(sqlite3.connect(office.data_dir / DATABASE)) as connection:
        rows = "DELETE FROM" if table == "alembic_version" else "DROP TABLE"
        connection.execute(f"{rows} {table}")
        connection.commit()
    made = make_backup(office, tmp_path / "x.zip")[0]
    with pytest.raises(Unavailable, match="cannot be used"):
        restore(elsewhere(tmp_path), made)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("name", ["letter.zip", "missing.zip", "."])
def test_what_is_no_backup_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.zip").write_text("Dear office")
    with pytest.raises(Invalid):
        restore(elsewhere(tmp_path), tmp_path / name)


def test_a_backup_of_a_newer_version_is_refused(office: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(office.data_dir / DATABASE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
        connection.commit()
    made, _manifest = make_backup(office, tmp_path / "backup.zip")
    with pytest.raises(Unavailable, match="newer netmap"):
        restore(elsewhere(tmp_path), made)
    assert not (tmp_path / "again").exists()


def test_an_older_schema_is_brought_up_to_date(office: Settings, tmp_path: Path) -> None:
    from netmap.migrations.upgrade import downgrade, require_known

    old = Settings(data_dir=tmp_path / "old")
    old.data_dir.mkdir()
    engine = open_engine(old.database())
    downgrade(engine, "base")
    engine.dispose()
    made, manifest = make_backup(old, tmp_path / "old.zip")
    assert manifest.schema == ""
    there = elsewhere(tmp_path)
    restore(there, made)
    engine = open_engine(there.database())
    assert require_known(engine) is not None
    engine.dispose()


def test_a_folder_in_use_is_not_touched_without_being_told(office: Settings, made: Path) -> None:
    before = content(office.data_dir / DATABASE)
    with pytest.raises(Invalid, match="--replace"):
        restore(office, made)
    assert content(office.data_dir / DATABASE) == before


def test_a_replaced_folder_is_kept_beside(office: Settings, made: Path, tmp_path: Path) -> None:
    before = content(office.data_dir / DATABASE)
    (office.data_dir / "note.txt").write_text("of the old folder")
    found = restore(office, made, replace_old=True)
    assert found.aside is not None
    assert (found.aside / "note.txt").exists()
    assert not (office.data_dir / "note.txt").exists()
    assert content(office.data_dir / DATABASE) == content(found.aside / DATABASE) == before


def test_copies_that_killed_processes_left_are_removed_after_a_day(
    office: Settings, made: Path, tmp_path: Path
) -> None:
    old = [tmp_path / ".netmap-backup-xxxxxxxx", tmp_path / ".restoring-xxxxxxxx"]
    young = [tmp_path / ".netmap-backup-yyyyyyyy", tmp_path / ".restoring-yyyyyyyy"]
    for left in old + young:
        left.mkdir()
        (left / DATABASE).write_bytes(b"e-mail addresses")
    for left in old:
        os.utime(left, (time.time() - 90_000, time.time() - 90_000))
    make_backup(office, tmp_path / "next.zip")
    restore(office, made, replace_old=True)
    assert [left for left in old + young if left.exists()] == young


def test_a_restore_that_fails_in_the_middle_leaves_the_old_folder(
    office: Settings, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("netmap.upkeep.restore.rebuild_now", full)
    before = sorted(tmp_path.iterdir()), content(office.data_dir / DATABASE)
    with pytest.raises(Unavailable, match="as it was before"):
        restore(office, made, replace_old=True)
    assert (sorted(tmp_path.iterdir()), content(office.data_dir / DATABASE)) == before


def test_what_an_interrupted_restore_has_left_does_not_count_as_full(made: Path, tmp_path: Path) -> None:
    there = elsewhere(tmp_path)
    (there.data_dir / ".restoring-killed").mkdir(parents=True)
    (there.data_dir / ".restoring-killed" / DATABASE).write_text("half")
    restore(there, made)
    assert not (there.data_dir / ".restoring-killed").exists()
