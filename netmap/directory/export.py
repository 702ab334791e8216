"""The directory given out: as HSDS JSON, as a data package of CSV files, or as a workbook.

Nothing is half-written: the files are made under another name beside the place and moved there at the end.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from netmap.directory.export_csv import csv_files
from netmap.directory.export_json import json_files
from netmap.directory.export_rows import Directory, read_directory
from netmap.directory.export_xlsx import workbook
from netmap.errors import Conflict, Invalid, Unavailable
from netmap.i18n import gettext as _

FORMATS = ("json", "datapackage", "xlsx")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same directory gives the same zip, byte for byte


@dataclass(frozen=True)
class Exported:
    """What was given out: how many rows of each table, and what the form could not hold."""

    path: str
    tables: Mapping[str, int]
    notes: tuple[str, ...] = ()


def export(session: Session, out: Path, form: str) -> Exported:
    """Write the directory to ``out`` and return what was written.

    Parameters
    ----------
    out : Path
        For JSON and the data package a new folder, or a new zip where the name ends with ".zip"; for the
        workbook a new file ".xlsx".
    form : str
        One of `FORMATS`.

    Raises
    ------
    Conflict
        If there is something at ``out`` already (an empty folder is nothing).
    Invalid
        If the name does not fit the form.
    Unavailable
        If the disk does not take it; nothing is left behind.
    """
    if (form == "xlsx") != (out.suffix.casefold() == ".xlsx"):
        raise Invalid(_("A workbook needs a name that ends with .xlsx, and no other form may have one."))
    require_free(out)
    directory = read_directory(session)
    files, notes = _files(directory, form)
    write(out, files)
    return Exported(str(out), {name: len(rows) for name, rows in directory.tables.items() if rows}, notes)


def export_bytes(session: Session, form: str) -> bytes:
    """Return the directory as the one file of a form that has only one: the workbook.

    Raises
    ------
    Invalid
        If the form has several files.
    """
    files, _notes = _files(read_directory(session), form)
    if set(files) != {""}:
        raise Invalid(_("This form has several files: use `netmap export`."))
    return files[""]


def require_free(out: Path) -> None:
    """Raise Conflict where something lies at ``out`` already, Invalid where it has no folder to lie in."""
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise Conflict(_("There is something at %(out)s already: choose another name.", out=out))
    if not out.resolve().parent.is_dir():
        raise Invalid(_("There is no folder %(folder)s to write to.", folder=out.resolve().parent))


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Put files at ``out`` in one step: a folder, a zip, or one file where its name is "".

    Raises
    ------
    Unavailable
        If the disk does not take it; nothing is left behind.
    """
    try:
        _put(out, files)
    except OSError as error:
        reason = error.strerror or error
        raise Unavailable(_("%(out)s cannot be written (%(error)s).", out=out, error=reason)) from error


def _files(directory: Directory, form: str) -> tuple[dict[str, bytes], tuple[str, ...]]:
    if form == "json":
        return json_files(directory)
    if form == "datapackage":
        return csv_files(directory), ()
    content, notes = workbook(directory)
    return {"": content}, notes


def _put(out: Path, files: Mapping[str, bytes]) -> None:
    """Write the files beside their place and move them there in one step."""
    place = out.resolve()
    work = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".partial", dir=place.parent))
    try:
        made = work / "made"
        if "" in files:
            made.write_bytes(files[""])
        elif place.suffix.casefold() == ".zip":
            _zip(made, files.items())
        else:
            made.mkdir()
            for name, content in files.items():
                (made / name).write_bytes(content)
        if place.is_dir():
            place.rmdir()  # it was empty when we looked; if it is not any more, this refuses
        made.rename(place)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _zip(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
