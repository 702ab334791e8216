"""A backup: one file with a whole copy of the database, the key, and a list of what is in it."""

import hashlib
import json
import lzma
import os
import shutil
import sqlite3
import struct
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from netmap import __version__
from netmap.config import Settings
from netmap.db import now
from netmap.errors import Invalid, Unavailable
from netmap.upkeep.folder import note_backup

FORMAT = 1
MANIFEST, DATABASE, KEY = "manifest.json", "netmap.db", "secret.key"
UNFINISHED = ".netmap-backup-"
LEFT_SECONDS = 24 * 3600.0  # younger ones may be at work
WAIT_SECONDS = 10.0
LONGEST_MANIFEST = 1 << 20  # bytes; what is longer is not read to its end, and so is no JSON
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, KeyError, ValueError, TypeError, NotImplementedError,
    EOFError, RuntimeError, lzma.LZMAError,
)  # fmt: skip


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself: when and by which version it was made, its rows and its files."""

    made_at: str
    version: str
    schema: str
    tables: dict[str, int]
    sums: dict[str, str]
    sizes: dict[str, int]
    format: int = FORMAT


def make_backup(settings: Settings, target: Path, *, with_key: bool = True) -> tuple[Path, Manifest]:
    """Return the file that was written and what is in it; people go on working meanwhile.

    Parameters
    ----------
    settings : Settings
    target : Path
        A folder, then the file gets a dated name; else the file itself. Nothing is overwritten.
    with_key : bool
        Whether the secret key goes with it.

    Raises
    ------
    Invalid
        If the target is there already, or has no folder.
    Unavailable
        If there is no database, it is damaged, or the file cannot be written.
    """
    source, moment = _source(settings), now()
    target = _free(target, moment)
    try:
        with _beside(target) as folder:
            copy = folder / DATABASE
            with closing(sqlite3.connect(source, timeout=WAIT_SECONDS)) as connection:
                connection.execute("VACUUM INTO ?", (str(copy),))
            files = {DATABASE: copy}
            if with_key and (settings.data_dir / KEY).is_file():
                files[KEY] = settings.data_dir / KEY
            schema, tables = look_into(copy)
            manifest = Manifest(
                made_at=moment.isoformat(),
                version=__version__,
                schema=schema,
                tables=tables,
                sums={name: _sum(path) for name, path in files.items()},
                sizes={name: path.stat().st_size for name, path in files.items()},
            )
            packed = folder / "backup.zip"
            _pack(packed, files, manifest)
            unpack(packed)
            packed.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(
            f"The backup could not be written ({error}). Nothing was left behind. Check that {target.parent} "
            "is there, may be written to and has room for twice the database."
        ) from error
    note_backup(settings.data_dir, moment, target.name)
    return target, manifest


def look_into(database: Path) -> tuple[str, dict[str, int]]:
    """Return the schema and the rows per table of a copy of the database.

    Raises
    ------
    Unavailable
        If SQLite finds it damaged.
    """
    try:
        with closing(sqlite3.connect(database)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            if found != ["ok"]:
                raise Unavailable(f"The copy of the database is damaged: {'; '.join(found)[:200]}.")
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            tables = [row[0] for row in names if not row[0].startswith("sqlite_")]
            counts = {name: _count(connection, name) for name in tables}
            schema = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Unavailable(f"The copy of the database cannot be read ({error}).") from error
    counts.pop("alembic_version", None)
    return (schema[0] if schema else ""), counts


def unpack(path: Path, into: Path | None = None) -> Manifest:
    """Return what a backup says about itself, every file compared with its sum and put ``into`` a folder.

    Raises
    ------
    Invalid
        If it is no backup, or not whole.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            with archive.open(MANIFEST) as file:
                manifest = _manifest(json.loads(file.read(LONGEST_MANIFEST)))
            for name in manifest.sums:
                if _copy(archive, name, manifest.sizes[name], into) != manifest.sums[name]:
                    raise ValueError(f"{name} is not as it was packed")
            return manifest
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Invalid(f"There is no file {path}. Give the path of a backup.") from error
    except _UNREADABLE as error:
        raise Invalid(
            f"{path.name} is not a whole backup of netmap: it was cut off, changed, or is something else. "
            "Nothing was changed. Use another backup."
        ) from error


def _copy(archive: zipfile.ZipFile, name: str, size: int, into: Path | None) -> str:
    """Return the sum of a file of the archive, of which no more than ``size`` is read and written."""
    digest, left = hashlib.sha256(), size
    with ExitStack() as stack:
        file = stack.enter_context(archive.open(name))
        out = stack.enter_context(_private(into / name)) if into else None
        while left > 0 and (part := file.read(min(left, 1 << 20))):
            left -= len(part)
            digest.update(part)
            if out is not None:
                out.write(part)
        if out is not None:
            out.flush()
            os.fsync(out.fileno())
    return digest.hexdigest()


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608


def _private(path: Path) -> IO[bytes]:
    """Open a new file that only its owner can read."""
    return open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _manifest(found: Any) -> Manifest:
    manifest = Manifest(**found)
    sums, sizes = manifest.sums, manifest.sizes
    if not (isinstance(sums, dict) and isinstance(sizes, dict)):
        raise ValueError("no sums and sizes by name")
    if manifest.format != FORMAT or DATABASE not in sums or not sums.keys() <= {DATABASE, KEY}:
        raise ValueError("not a manifest of this format")
    if sums.keys() != sizes.keys() or not all(isinstance(size, int) for size in sizes.values()):
        raise ValueError("the sizes do not belong to the files")
    if datetime.fromisoformat(manifest.made_at).tzinfo is None:
        raise ValueError("a moment without a time zone")
    return manifest


def _source(settings: Settings) -> Path:
    """Return the file of the database."""
    url = settings.database()
    if not url.startswith("sqlite:///"):
        raise Unavailable(
            "Only a SQLite database can be backed up so; use the tools of your database server."
        )
    path = Path(url.removeprefix("sqlite:///"))
    if not path.is_file():
        raise Unavailable(f"There is no netmap database at {path}. Set NETMAP_DATA_DIR.")
    return path


def _free(target: Path, moment: datetime) -> Path:
    """Return the path of the file to write, which must not be there."""
    if target.is_dir():
        target = target / f"netmap-{moment:%Y-%m-%d-%H%M%S}.zip"
    if target.exists():
        raise Invalid(
            f"{target} is there already; a backup overwrites nothing. Give another name or a folder."
        )
    if not target.parent.is_dir():
        raise Invalid(f"There is no folder {target.parent}. Make it first: mkdir -m 700 {target.parent}")
    return target


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder on the disk of the target, for its owner only, and remove it afterwards."""
    drop_left(target.parent, UNFINISHED)
    folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=target.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def drop_left(place: Path, prefix: str) -> None:
    """Remove folders that a killed process left more than a day ago: each holds a copy of the database."""
    for left in place.glob(f"{prefix}*"):
        if left.stat().st_mtime < time.time() - LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _pack(packed: Path, files: dict[str, Path], manifest: Manifest) -> None:
    with _private(packed) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, sort_keys=True))
            for name, path in files.items():
                archive.write(path, name)
        file.flush()
        os.fsync(file.fileno())


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
