"""The data folder: who may open it, whether there is room, and when it was last backed up."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.config import Settings
from netmap.db import now, open_session
from netmap.upkeep.findings import Finding, some

LAST_BACKUP = "last_backup.json"
BACKUP_DAYS = 7
FLOOR = 64 * 1024 * 1024  # SQLite needs room even to delete


def permissions(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """Yield the folder and files that others on this machine may open."""
    if os.name != "posix":
        return
    folder = settings.data_dir
    places = [folder, folder / "secret.key", settings.index_dir()]
    open_ones = [one for one in places if one.exists() and one.stat().st_mode & 0o077]
    if open_ones:
        commands = "; ".join(f"chmod {'700' if one.is_dir() else '600'} {one}" for one in open_ones)
        yield Finding(
            "folder",
            "error",
            f"Others on this machine may open {len(open_ones)} of the places that hold addresses, password "
            f"hashes and keys. Run: {commands}",
            len(open_ones),
            some([f"{one} ({one.stat().st_mode & 0o777:o})" for one in open_ones]),
        )


def room(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """Yield a disk that is nearly full: once it is, not even deleting works."""
    database = settings.data_dir / "netmap.db"
    needed = max(FLOOR, 2 * database.stat().st_size if database.exists() else 0)
    free = shutil.disk_usage(settings.data_dir).free
    if free < needed:
        yield Finding(
            "room",
            "error",
            f"Only {free // 1_000_000} MB are free on the disk of {settings.data_dir}; {needed // 1_000_000} "
            "MB are needed. Free some room now: on a full disk nothing can be saved, not even deletions.",
        )


def backups(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """Yield that the last backup is too long ago."""
    with open_session(engine, reading=True) as session:
        days = days_without_backup(session, settings)
    if days is not None:
        yield Finding(
            "backup",
            "warning",
            f"There has been no backup for {days} days. Run `netmap backup FOLDER`, best every night.",
        )


def days_without_backup(session: Session, settings: Settings) -> int | None:
    """Return how many days ago the last backup was, None where that is not too many.

    Where there was none, the days count from the first person who could sign in. The demo needs none.
    """
    if settings.demo:
        return None
    since = last_backup(settings.data_dir) or session.scalar(select(func.min(User.created_at)))
    if since is None or now() - since <= timedelta(days=BACKUP_DAYS):
        return None
    return (now() - since).days


def last_backup(data_dir: Path) -> datetime | None:
    """Return when the last backup was made, None where none is known of."""
    try:
        return datetime.fromisoformat(
            json.loads((data_dir / LAST_BACKUP).read_text(encoding="utf-8"))["made_at"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_backup(data_dir: Path, made_at: datetime, name: str) -> None:
    """Remember that a backup was made."""
    text = json.dumps({"made_at": made_at.isoformat(), "name": name}, ensure_ascii=False)
    (data_dir / LAST_BACKUP).write_text(text, encoding="utf-8")
