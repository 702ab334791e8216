"""The files that wait to be imported: each in a folder of its own below the data folder, for a day at most.

Beside a file lies how far its import has come. That cannot stand in the database: the import holds the lock
of the database while it writes.
"""

import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from whoosh.filedb.filestore import FileLock
from whoosh.util.filelock import try_for

from netmap.errors import Unavailable
from netmap.i18n import gettext as _

PRIVATE = 0o700
HOURS_KEPT = 24
WAIT_SECONDS = 600.0
_PROGRESS = ".progress.json"  # no upload is called so: its name begins with a letter or digit
_CHANGES = ".changes.json"
_CHUNK = 1024 * 1024


@dataclass
class Progress:
    """How far an import has come: a phase, and rows done of all rows."""

    phase: str = "reading"  # reading, writing, learning
    done: int = 0
    total: int = 0


class Uploads:
    """The folder of the files that wait.

    Parameters
    ----------
    data_dir : Path
        The data folder of the installation.
    """

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir / "imports"

    def keep(self, file: IO[bytes], name: str) -> tuple[str, str]:
        """Store an upload and return (its folder, its SHA-256); where that fails, nothing stays."""
        folder, digest = secrets.token_hex(16), sha256()
        self._make(self.root)
        self._make(self.root / folder)
        try:
            with (self.root / folder / name).open("xb") as kept:
                while piece := file.read(_CHUNK):
                    digest.update(piece)
                    kept.write(piece)
        except OSError:  # on a full disk half a file would take the rest of the room
            self.drop(folder)
            raise
        return folder, digest.hexdigest()

    def _make(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)

    def find(self, folder: str | None) -> Path | None:
        """Return the file in a folder, or None where it is not kept any more."""
        if not folder:
            return None
        files = [one for one in (self.root / folder).glob("*") if not one.name.startswith(".")]
        return files[0] if files else None

    def drop(self, folder: str | None) -> None:
        """Remove a file and its folder."""
        if folder:
            shutil.rmtree(self.root / folder, ignore_errors=True)

    def drop_old(self, hours: float = HOURS_KEPT) -> int:
        """Remove what was uploaded too long ago; return how many files are gone."""
        before = time.time() - hours * 3600
        folders = [one for one in self.root.glob("*") if one.is_dir()]
        # The folder itself grows younger with each note of progress; the file does not.
        old = [one for one in folders if (self.find(one.name) or one).stat().st_mtime < before]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)

    def note(self, folder: str | None, progress: Progress) -> None:
        """Write down how far an import has come; one rename, so a reader never sees half of it."""
        if folder and (self.root / folder).is_dir():
            part = self.root / folder / f"{_PROGRESS}.new"
            part.write_text(json.dumps(asdict(progress)), encoding="ascii")
            part.replace(self.root / folder / _PROGRESS)

    def progress(self, folder: str | None) -> Progress:
        """Return how far an import has come."""
        try:
            return Progress(**json.loads((self.root / (folder or "") / _PROGRESS).read_bytes()))
        except (OSError, ValueError, TypeError):
            return Progress()

    def keep_changes(self, folder: str | None, text: str) -> None:
        """Keep beside a file what its import would do, record by record."""
        if folder and (self.root / folder).is_dir():
            (self.root / folder / _CHANGES).write_text(text, encoding="utf-8")

    def changes(self, folder: str | None) -> str | None:
        """Return what the import of a file would do, or None where that is not kept any more."""
        path = self.root / (folder or "") / _CHANGES
        return path.read_text(encoding="utf-8") if folder and path.is_file() else None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the one turn of all imports; the system gives it on when a process dies.

        Raises
        ------
        Unavailable
            If others do not let go of it in ten minutes.
        """
        self._make(self.root)
        lock = FileLock(str(self.root / "turn.lock"))
        if not try_for(lock.acquire, timeout=WAIT_SECONDS, delay=0.1):
            raise Unavailable(_("Another import is running. Try again when it has ended."))
        try:
            yield
        finally:
            lock.release()

    def is_taken(self) -> bool:
        """Return whether an import is at work now."""
        if not self.root.is_dir():
            return False
        lock = FileLock(str(self.root / "turn.lock"))
        if lock.acquire(blocking=False):
            lock.release()
            return False
        return True
