"""Where the index lies: a folder per full build, a pointer to the one in use, and one lock for all who write.

``current`` names the folder in use and is replaced by one rename, so that a reader sees the old index or
the new one, never half of it. Writers of all processes wait for ``write.lock``; the system frees it when one
dies.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filestore import FileLock
from whoosh.util.filelock import try_for

from netmap.errors import Unavailable
from netmap.i18n import gettext as _

FORMAT = "v1"  # part of a folder's name: an index of another format is not read but made again
PRIVATE = 0o700  # the files are read back as Python objects, so nobody else may write them
WAIT_SECONDS = 30.0


class Folders:
    """The folders of one index.

    Parameters
    ----------
    root : Path
        Made at the first writing, for its owner only.
    wait : float
        Seconds that a writer waits for another one.
    """

    def __init__(self, root: Path, wait: float = WAIT_SECONDS) -> None:
        self.root = root
        self._wait = wait

    def current(self) -> Path | None:
        """Return the folder in use, or None where there is none of this format."""
        try:
            name = (self.root / "current").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        folder = self.root / name
        ours = name.startswith(f"{FORMAT}-") and Path(name).name == name
        return folder if ours and folder.is_dir() else None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock of all writers.

        Raises
        ------
        Unavailable
            If another process does not let go of it in time.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        self.root.chmod(PRIVATE)
        lock = FileLock(str(self.root / "write.lock"))
        if not try_for(lock.acquire, timeout=self._wait, delay=0.02):
            raise Unavailable(
                _("The search index is being written by another process; it is tried again in a few minutes.")
            )
        try:
            yield
        finally:
            lock.release()

    def new(self) -> Path:
        """Return a new empty folder that nobody reads yet."""
        folder = self.root / f"{FORMAT}-{time.time_ns():x}-{os.getpid()}"
        folder.mkdir(mode=PRIVATE)
        return folder

    def switch(self, folder: Path) -> None:
        """Make all readers use this folder from now on, and remove the others."""
        pointer = self.root / "current.new"
        with pointer.open("w", encoding="ascii") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.root / "current")
        for old in self.root.glob("v*-*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
