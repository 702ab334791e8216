"""Seals of index folders: the SHA-256 of every file, so that damage is seen before anything is read.

The files of an index are read back as Python objects and numbers, and a damaged one can give a wrong answer
without any error. So nothing is opened that is not as it was written.
"""

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path

SEAL = "sealed.json"
_OURS = frozenset({SEAL, "services_WRITELOCK"})  # not part of what is sealed
_MOST_KNOWN = 1000

Print = tuple[tuple[str, int, int, int], ...]
"""What tells a folder that was touched from one that was not: name, inode, size and time of each file."""

_known: dict[
    tuple[int, int, int, int], str
] = {}  # sums of files that nobody has touched since, by what stat says


class Broken(Exception):
    """A folder is not as it was sealed."""


def seal(folder: Path, carried: Mapping[str, str]) -> None:
    """Write down what is in a folder; ``carried`` are files whose sums are known from the folder before."""
    sums = {one.name: carried.get(one.name) or _sum(one) for one in _files(folder)}
    (folder / SEAL).write_text(json.dumps(sums, sort_keys=True), encoding="ascii")


def fingerprint(folder: Path) -> Print:
    """Return what changes whenever a file of the folder is written, replaced, added or removed."""
    found = []
    with os.scandir(folder) as files:
        for one in files:
            if one.name not in _OURS or one.name == SEAL:
                facts = one.stat()
                found.append((one.name, facts.st_ino, facts.st_size, facts.st_mtime_ns))
    found.sort()
    return tuple(found)


def whole_files(folder: Path, spare: Collection[str] = ()) -> dict[str, str]:
    """Return the name and the sum of each whole file of a folder.

    Parameters
    ----------
    folder : Path
    spare : collection of str
        Files that may be damaged or missing: they are left out then.

    Raises
    ------
    Broken
        If another file is missing, surplus or changed, or the seal itself cannot be read.
    """
    try:
        sums = json.loads((folder / SEAL).read_text(encoding="ascii"))
        files = {one.name: one for one in _files(folder)}
        if not isinstance(sums, dict) or (files.keys() ^ sums.keys()) - set(spare):
            raise Broken(f"the files of {folder.name} are not those that were sealed")
        whole = {name: str(sums[name]) for name in sums if name in files and _sum(files[name]) == sums[name]}
    except (OSError, ValueError) as error:
        raise Broken(f"{folder.name} has no readable seal") from error
    damaged = sorted(sums.keys() - whole.keys() - set(spare))
    if damaged:
        raise Broken(f"{folder.name}/{damaged[0]} is not as it was sealed")
    return whole


def sealed_files(folder: Path) -> frozenset[str]:
    """Return the names of the files that a folder should have."""
    return frozenset(json.loads((folder / SEAL).read_text(encoding="ascii")))


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.name not in _OURS]


def _sum(path: Path) -> str:
    """Return the sum of a file; in one process it is read once, however many states carry it on."""
    facts = path.stat()
    key = facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns
    known = _known.get(key)
    if known is None:
        with path.open("rb") as file:
            known = hashlib.file_digest(file, "sha256").hexdigest()
        if len(_known) > _MOST_KNOWN:  # files that are long gone
            _known.clear()
        _known[key] = known
    return known
