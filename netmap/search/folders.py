"""Where the index lies: a folder per state, a pointer to the one in use, and one lock for all who write.

A folder in use is never written to. Every change fills a new one (files that stay are linked, not copied) and
``current``, which names the folder in use, is replaced by one rename: a reader sees the old state or the new
one, never half of it, and a writer that is killed leaves nothing but a folder that the next one removes.
Writers of all processes wait for ``write.lock``; the system frees it when one dies.
"""

import os
import re
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filestore import FileLock
from whoosh.util.filelock import try_for

from netmap.errors import Unavailable
from netmap.i18n import gettext as _

FORMAT = "v4"  # part of a folder's name: an index of another format is not read but made again
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
        self._mine = threading.local()
        self._pointer = os.fspath(root / "current")
        self._seen: tuple[tuple[int, int, int] | None, str | None] = (None, None)

    def current(self) -> Path | None:
        """Return the folder in use, or None where there is none of this format."""
        before = None
        while (name := self._pointed()) != before:  # a folder that is gone may have been replaced meanwhile
            if name and os.path.isdir(folder := os.path.join(self.root, name)):  # noqa: PTH112, PTH118
                return Path(folder)
            before = name
        return None

    def _pointed(self) -> str | None:
        """Return the name that the pointer holds, if it can be one of ours; read once for each switch."""
        try:
            facts = os.stat(self._pointer)  # noqa: PTH116 - asked for at every question
            seen = facts.st_ino, facts.st_mtime_ns, facts.st_size
            if seen != self._seen[0]:
                name = Path(self._pointer).read_text(encoding="ascii").strip()
                self._seen = seen, name if re.fullmatch(rf"{FORMAT}-[0-9a-f]+-\d+", name) else None
        except (OSError, ValueError):
            return None
        return self._seen[1]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock of all writers; whoever holds it may ask for it again.

        Raises
        ------
        Unavailable
            If another process does not let go of it in time.
        """
        if getattr(self._mine, "held", False):
            yield
            return
        self.root.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        self.root.chmod(PRIVATE)
        lock = FileLock(str(self.root / "write.lock"))
        if not try_for(lock.acquire, timeout=self._wait, delay=0.02):
            raise Unavailable(
                _("The search index is being written by another process; it is tried again in a few minutes.")
            )
        self._mine.held = True
        try:
            self._sweep(self.current())
            yield
        finally:
            self._mine.held = False
            lock.release()

    @contextmanager
    def next(self) -> Iterator[Path]:
        """Give a new folder to fill; afterwards all readers use it. If anything goes wrong it is removed."""
        folder = self.root / f"{FORMAT}-{time.time_ns():x}-{os.getpid()}"
        folder.mkdir(mode=PRIVATE)
        try:
            yield folder
            self._switch(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._sweep(folder)

    def _switch(self, folder: Path) -> None:
        pointer = self.root / "current.new"
        with pointer.open("w", encoding="ascii") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.root / "current")

    def _sweep(self, used: Path | None) -> None:
        """Remove every folder but the one in use: older states, and what a killed writer has left."""
        for old in self.root.glob("v*-*"):
            if old != used:
                shutil.rmtree(old, ignore_errors=True)


def carry(names: Iterable[str], old: Path, new: Path) -> None:
    """Put the files of one folder into another as well, without copying them where the disk allows it."""
    for name in names:
        try:
            os.link(old / name, new / name)
        except OSError:  # a file system without hard links
            shutil.copy2(old / name, new / name)
