"""Reading in a child process: the way in for every import, from the page and from the terminal alike."""

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netmap.directory.csvfiles import CsvFile
from netmap.directory.reading import limits
from netmap.directory.reading.geojson import Outline
from netmap.directory.report import Rejected
from netmap.errors import Invalid, NeedsMap
from netmap.i18n import gettext as _
from netmap.i18n import language

log = logging.getLogger(__name__)
KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no secrets for the child
CHILD = "netmap.directory.reading.child"


@dataclass(frozen=True)
class Contents:
    """What was read: the tables, and what their reader has to say."""

    files: list[CsvFile]
    rejected: list[Rejected]
    warnings: list[str]


def read_apart(path: Path, map_path: Path | None = None) -> Contents:
    """Return the tables of a file, folder or zip; a map says how where it is not HSDS.

    Raises
    ------
    Invalid
        If something cannot be read, or reading it takes more memory or time than it may.
    """
    return _contents(_ask(path, {"map": str(map_path.absolute()) if map_path else None}))


def read_outlines_apart(path: Path) -> tuple[list[Outline], list[str]]:
    """Return the features of a GeoJSON file, simplified for drawing, and what its reader has to say.

    Raises
    ------
    Invalid
        If the file cannot be read or one of its features cannot be drawn.
    """
    said = _ask(path, {"shapes": True})
    return [Outline(**one) for one in said["shapes"]], said["warnings"]


def read_samples_apart(path: Path) -> Contents:
    """Return the first rows of every table at a path as they stand, for a person who writes a map."""
    return _contents(_ask(path, {"samples": True}))


def read_file(path: Path) -> CsvFile:
    """Return the one table of a CSV or XLSX file, with what its reader has to say in ``notes``."""
    contents = _contents(_ask(path, {"single": True}))
    file = contents.files[0]
    said = [f"{item.file}, {item.row}: {item.value}: {item.reason}" for item in contents.rejected]
    return CsvFile(file.name, file.columns, file.cells, file.table, (*contents.warnings, *said))


def _contents(said: dict[str, Any]) -> Contents:
    files = [
        CsvFile(file, tuple(columns), [(place, cells) for place, cells in rows], table)
        for file, columns, rows, table in said["files"]
    ]
    return Contents(files, [Rejected(**item) for item in said["rejected"]], said["warnings"])


def _ask(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Return what the child read; raises its sentence where it could not read the file."""
    said = _said(path, request)
    if "error" in said:
        raise (NeedsMap if said["needs_map"] else Invalid)(said["error"])
    if "memory" in said:
        raise Invalid(
            _("%(name)s needs too much memory. Nothing was changed; import it in parts.", name=path.name)
        )
    return said


def _said(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Return what the child says; raises Invalid where it broke off."""
    request |= {
        "path": str(path.absolute()),
        "language": language(),
        "megabytes": limits.MEMORY_MEGABYTES,
        "seconds": limits.SECONDS,
    }
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(part for part in sys.path if part)
    command = [sys.executable, "-P", "-m", CHILD]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, nothing of the file is in the command
            command,
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=limits.SECONDS + limits.GRACE_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long(path.name) from error
    if done.returncode != 0 or not done.stdout:
        if done.returncode in {-24, 128 + 24}:  # SIGXCPU
            raise _too_long(path.name)
        log.error(
            "reading broke off: status %s, %s", done.returncode, done.stderr[-2000:].decode(errors="replace")
        )
        raise Invalid(
            _(
                "%(name)s could not be read: the process that reads files broke off, as it does where a file "
                "needs too much memory. Nothing was changed; import it in parts.",
                name=path.name,
            )
        )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _too_long(name: str) -> Invalid:
    return Invalid(
        _(
            "%(name)s takes over %(seconds)s seconds to read. Nothing was changed; import it in parts.",
            name=name,
            seconds=limits.SECONDS,
        )
    )
