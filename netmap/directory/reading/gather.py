"""The files of a folder, of a zip, or a single one, as bytes; what is unsafe is refused unopened."""

import io
import lzma
import stat
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from netmap.directory.reading import limits
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

READABLE = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".geojson", ".xlsx", ".xlsm")
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, EOFError, ValueError,
)  # fmt: skip
_ZIP = b"PK\x03\x04"
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "XLS",
    b"%PDF": "PDF",
    b"\x1f\x8b": "GZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7Z",
    b"SQLite format 3": "SQLite",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}


@dataclass(frozen=True)
class Found:
    """One file, not yet looked at."""

    name: str
    data: bytes


def gather(path: Path, report: Report) -> list[Found]:
    """Return the files at a path that may hold tables, in the order of their names.

    Raises
    ------
    Invalid
        If something cannot be read or is unsafe; says which file, and how to mend it.
    """
    try:
        if path.is_dir():
            found = _folder(path, report)
        elif not path.exists():
            raise Invalid(_("There is nothing at %(path)s: check the path.", path=path))
        else:
            found = _single(path, report)
    except OSError as error:
        raise Invalid(_("%(name)s cannot be read (%(error)s).", name=path.name, error=error)) from error
    twice = [name for name, times in Counter(file.name.casefold() for file in found).items() if times > 1]
    if twice:
        raise Invalid(_("%(name)s is there twice; leave only one of them.", name=twice[0]))
    return sorted(found, key=lambda file: file.name)


def is_workbook(data: bytes) -> bool:
    """Return whether bytes are a zip that holds a workbook."""
    if not data.startswith(_ZIP):
        return False
    try:
        return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except BROKEN_ZIP:
        return False


def refuse_foreign(name: str, data: bytes) -> None:
    """Raise Invalid where the first bytes say that this is another kind of file, whatever its name says."""
    for mark, kind in _FOREIGN.items():
        if data.startswith(mark):
            raise Invalid(
                _(
                    "%(name)s is a file of the kind %(kind)s; save it as .xlsx or as 'CSV UTF-8' first.",
                    name=name,
                    kind=kind,
                )
            )
    if data.startswith(_ZIP):
        raise Invalid(
            _("%(name)s is a zip that breaks off or lies inside another; unpack it first.", name=name)
        )
    start = data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<?xml", b"<!doctype", b"<html")):
        raise Invalid(
            _(
                "%(name)s is a web page or XML, whatever its name says; CSV, XLSX or JSON is needed.",
                name=name,
            )
        )


def _too_large(name: str) -> Invalid:
    return Invalid(
        _(
            "%(name)s unpacks to more than %(size)s MB and was not opened; import it in parts.",
            name=name,
            size=limits.UNPACKED_MEGABYTES,
        )
    )


def _folder(path: Path, report: Report) -> list[Found]:
    found, others, total = [], [], 0
    for file in sorted(path.iterdir()):
        if file.name.startswith("."):
            continue
        if file.is_symlink():
            raise _link(path.name, file.name)
        if not file.is_file():
            continue
        if file.suffix.casefold() not in READABLE:
            others.append(file.name)
            continue
        total += file.stat().st_size
        if total > limits.UNPACKED_MEGABYTES * limits.MEGABYTE:
            raise _too_large(path.name)
        found.append(Found(file.name, file.read_bytes()))
    _tell_of_others(path.name, others, report)
    return found


def _single(path: Path, report: Report) -> list[Found]:
    if path.stat().st_size > limits.FILE_MEGABYTES * limits.MEGABYTE:
        raise Invalid(
            _(
                "%(name)s is larger than %(size)s MB; import it in parts.",
                name=path.name,
                size=limits.FILE_MEGABYTES,
            )
        )
    data = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)) or is_workbook(data):
        if data.startswith(_ZIP) and not is_workbook(data):
            raise Invalid(
                _("%(name)s is a zip whose end is missing; get it or make it again.", name=path.name)
            )
        return [Found(path.name, data)]
    found: dict[str, Found] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in _checked(path.name, archive, report):
                name = PurePosixPath(member.filename).name
                if name in found:
                    raise Invalid(_("%(name)s is there twice; leave only one of them.", name=name))
                with archive.open(member) as file:
                    found[name] = Found(name, file.read(member.file_size + 1))
    except BROKEN_ZIP as error:
        raise Invalid(
            _("%(name)s cannot be unpacked (%(error)s); make the zip again.", name=path.name, error=error)
        ) from error
    return list(found.values())


def _link(name: str, member: str) -> Invalid:
    return Invalid(_("%(name)s holds the link '%(member)s'; put in the file.", name=name, member=member))


def check_members(name: str, members: list[zipfile.ZipInfo]) -> None:
    """Raise Invalid where a zip is too large, packed too tightly, or names files outside itself."""
    if len(members) > limits.MEMBERS:
        raise Invalid(
            _(
                "%(name)s holds more than %(count)s files; zip only those that are needed.",
                name=name,
                count=limits.MEMBERS,
            )
        )
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in member.filename:
            raise Invalid(
                _("%(name)s holds the unsafe file name '%(member)s'.", name=name, member=member.filename)
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _link(name, member.filename)
        if member.file_size > limits.RATIO * max(member.compress_size, 1):
            raise Invalid(
                _(
                    "'%(member)s' in %(name)s is packed over %(ratio)s-fold, as zip bombs are: not opened.",
                    member=member.filename,
                    name=name,
                    ratio=limits.RATIO,
                )
            )
    if sum(member.file_size for member in members) > limits.UNPACKED_MEGABYTES * limits.MEGABYTE:
        raise _too_large(name)


def _checked(name: str, archive: zipfile.ZipFile, report: Report) -> list[zipfile.ZipInfo]:
    """Return the files of a zip that may hold tables, or refuse the zip as a whole."""
    members = archive.infolist()
    check_members(name, members)
    wanted: list[zipfile.ZipInfo] = []
    others: list[zipfile.ZipInfo] = []
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if member.is_dir() or not parts or parts[-1].startswith(".") or "__MACOSX" in parts:
            continue
        (wanted if parts[-1].casefold().endswith(READABLE) else others).append(member)
    _tell_of_others(name, [PurePosixPath(member.filename).name for member in others], report)
    return wanted


def _tell_of_others(name: str, others: list[str], report: Report) -> None:
    if others:
        named = ", ".join(others[:10]) + (" ..." if len(others) > 10 else "")
        report.warn(_("%(name)s: not looked into %(others)s.", name=name, others=named))
