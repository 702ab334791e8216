"""Seals of index folders: the SHA-256 of every file, so that damage is seen before anything is read.

The files of an index are read back as Python objects, and a damaged one can give a wrong answer without any
error. So nothing is opened that is not as it was written.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

SEAL = "sealed.json"
_OURS = frozenset({SEAL, "services_WRITELOCK"})  # not part of what is sealed

Print = tuple[tuple[str, int, int, int], ...]
"""What tells a folder that was touched from one that was not: name, inode, size and time of each file."""


class Broken(Exception):
    """A folder is not as it was sealed."""


def seal(folder: Path, carried: Mapping[str, str]) -> None:
    """Write down what is in a folder; ``carried`` are files whose sums are known from the folder before."""
    sums = {one.name: carried.get(one.name) or _sum(one) for one in _files(folder)}
    (folder / SEAL).write_text(json.dumps(sums, sort_keys=True), encoding="ascii")


def fingerprint(folder: Path) -> Print:
    """Return what changes whenever a file of the folder is written, replaced, added or removed."""
    found = []
    for one in folder.iterdir():
        facts = one.stat()
        if one.name not in _OURS or one.name == SEAL:
            found.append((one.name, facts.st_ino, facts.st_size, facts.st_mtime_ns))
    return tuple(sorted(found))


class Seals:
    """Checks folders against their seals; a file that nobody has touched since is not read twice."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int], str] = {}

    def check(self, folder: Path) -> Mapping[str, str]:
        """Return the name and the sum of each file of a whole folder.

        Raises
        ------
        Broken
            If a file is missing, surplus or changed, or the seal itself cannot be read.
        """
        try:
            sums = json.loads((folder / SEAL).read_text(encoding="ascii"))
            files = {one.name: one for one in _files(folder)}
            if not isinstance(sums, dict) or files.keys() != sums.keys():
                raise Broken(f"the files of {folder.name} are not those that were sealed")
            for name, one in files.items():
                if self._sum(one) != sums[name]:
                    raise Broken(f"{folder.name}/{name} is not as it was sealed")
        except (OSError, ValueError) as error:
            raise Broken(f"{folder.name} has no readable seal") from error
        return sums

    def _sum(self, path: Path) -> str:
        facts = path.stat()
        key = facts.st_ino, facts.st_size, facts.st_mtime_ns
        if key not in self._known:
            if len(self._known) > 1000:  # files that are long gone
                self._known = {}
            self._known[key] = _sum(path)
        return self._known[key]


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.name not in _OURS]


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
