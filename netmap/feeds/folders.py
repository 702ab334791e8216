"""What lies in a folder that somebody fills: taken as one file, always packed in the same way."""

import zipfile
from pathlib import Path
from typing import IO

from netmap.errors import Invalid
from netmap.feeds.allowed import Allowed, folder
from netmap.feeds.fetching import MAX_BYTES
from netmap.i18n import gettext as _
from netmap.importing.service import SUFFIXES

MAX_FILES = 100
_CHUNK = 1024 * 1024
_DATE = (1980, 1, 1, 0, 0, 0)  # so that the same files make the same archive
Stamp = tuple[int, int]


def take(path: str, may: Allowed, into: IO[bytes], limit: int = MAX_BYTES) -> str:
    """Write a file, or the files of a folder as a zip, into ``into``; return a name for it.

    Raises
    ------
    Invalid
        If it may not be read, is not there, is too large or is being written just now.
    """
    found = folder(path, may)
    try:
        files = _files(found, may)
        before = [_stamp(file) for file in files]
        if sum(size for size, _moment in before) > limit:
            raise Invalid(_("%(path)s holds more than %(size)s MB.", path=path, size=limit // (1024 * 1024)))
        if found.is_file():
            _copy(found, into)
        else:
            with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in files:
                    with archive.open(zipfile.ZipInfo(file.name, _DATE), "w") as inside:
                        _copy(file, inside)
        if before != [_stamp(file) for file in files]:
            raise Invalid(_("%(path)s is being written just now.", path=path))
    except OSError as error:
        raise Invalid(
            _("%(path)s cannot be read: is it there, and may netmap read it?", path=path)
        ) from error
    return found.name if found.is_file() else f"{found.name}.zip"


def _files(found: Path, may: Allowed) -> list[Path]:
    """Return the files that count, without those that lead out of the folders that are allowed."""
    if found.is_file():
        return [found]
    files = [
        one
        for one in sorted(found.iterdir())
        if one.suffix.casefold() in SUFFIXES and not one.name.startswith(".") and one.is_file()
    ]
    for one in files:
        folder(str(one), may)
    if not files:
        raise Invalid(_("The folder %(path)s holds no file of a directory.", path=str(found)))
    if len(files) > MAX_FILES:
        raise Invalid(_("The folder %(path)s holds more than %(count)s files.", path=found, count=MAX_FILES))
    return files


def _stamp(file: Path) -> Stamp:
    known = file.stat()
    return known.st_size, known.st_mtime_ns


def _copy(file: Path, into: IO[bytes]) -> None:
    with file.open("rb") as source:
        while piece := source.read(_CHUNK):
            into.write(piece)
