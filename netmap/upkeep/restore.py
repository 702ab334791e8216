"""Bringing a backup back into a data folder: whole, or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from netmap.config import Settings
from netmap.db import now, open_engine
from netmap.directory.indexing import rebuild_now
from netmap.errors import Invalid, Unavailable
from netmap.migrations.upgrade import require_known, upgrade
from netmap.upkeep.backup import DATABASE, KEY, Manifest, drop_left, look_into, unpack
from netmap.upkeep.folder import note_backup

UNFINISHED = ".restoring-"


@dataclass(frozen=True)
class Restored:
    """What was brought back, and where the old data folder lies now."""

    manifest: Manifest
    services: int
    with_key: bool
    aside: Path | None


def restore(settings: Settings, backup: Path, *, replace_old: bool = False) -> Restored:
    """Bring a backup back into the data folder and make the index from it; an index is never brought back.

    Parameters
    ----------
    settings : Settings
        The data folder must be empty or not there.
    backup : Path
        A file that `netmap.upkeep.backup.make_backup` wrote; one of an older version is brought up to date.
    replace_old : bool
        Put a data folder that is not empty aside, under another name in the same place.

    Raises
    ------
    Invalid
        If the backup is not whole, or the data folder is not empty.
    Unavailable
        If the backup is of a newer version, or something cannot be written. The data folder is as before.
    """
    if settings.database_url:
        raise Invalid("A backup is brought back into the data folder: unset NETMAP_DATABASE_URL first.")
    folder = settings.data_dir
    full = _is_full(folder)
    if full and not replace_old:
        raise Invalid(
            f"{folder} is not empty. Set NETMAP_DATA_DIR to a new folder, or add --replace: the old folder "
            "is then kept beside the new one."
        )
    try:
        with _workplace(folder, beside=full) as work:
            manifest = unpack(backup, into=work)
            services = _bring_up_to_date(replace(settings, data_dir=work), manifest)
            note_backup(work, datetime.fromisoformat(manifest.made_at), backup.name)
            aside = _put_in_place(work, folder, full)
    except OSError as error:
        raise Unavailable(
            f"The backup could not be brought back ({error}). {folder} is as it was before."
        ) from error
    return Restored(manifest, services, KEY in manifest.sums, aside)


def _is_full(folder: Path) -> bool:
    """Return whether there is anything in the folder but what an interrupted restore has left."""
    return folder.is_dir() and any(not one.name.startswith(UNFINISHED) for one in folder.iterdir())


@contextmanager
def _workplace(folder: Path, *, beside: bool) -> Iterator[Path]:
    """Give a new folder in the data folder, or beside it, where all is prepared; it goes in the end."""
    made = not folder.exists()
    if not beside:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
    else:
        drop_left(folder.parent, UNFINISHED)
    work = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent if beside else folder))
    try:
        yield work
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        if made:
            folder.rmdir()
        raise
    shutil.rmtree(work, ignore_errors=True)


def _bring_up_to_date(settings: Settings, manifest: Manifest) -> int:
    """Check the copy, upgrade its schema and make its index; return how many services are in it."""
    if look_into(settings.data_dir / DATABASE)[1] != manifest.tables:
        raise Invalid("The tables of this backup do not have the rows that it counts. Use another backup.")
    engine = open_engine(settings.database())
    try:
        require_known(engine)
        upgrade(engine)
        return rebuild_now(engine, settings)
    except DatabaseError as error:
        raise Unavailable(
            f"The database of this backup cannot be used ({error.orig}). Nothing was changed. "
            "Use another backup."
        ) from error
    finally:
        engine.dispose()


def _put_in_place(work: Path, folder: Path, full: bool) -> Path | None:
    """Make the prepared folder the data folder and return where the old one lies, if there was one."""
    if not full:
        folder.chmod(0o700)
        # The database last: until it is there, the folder counts as empty of netmap.
        for one in sorted(work.iterdir(), key=lambda path: path.name == DATABASE):
            one.rename(folder / one.name)
        return None
    aside = folder.with_name(f"{folder.name}.before-{now():%Y-%m-%d-%H%M%S}")
    folder.rename(aside)
    try:
        work.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    return aside
