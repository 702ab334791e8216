"""CSV files from a folder or a zip, read whole and safely; whatever is wrong becomes one sentence."""

import csv
import io
import lzma
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from netmap.errors import Invalid
from netmap.i18n import gettext as _

MEGABYTE = 1024 * 1024
ZIP_MEGABYTES = 20
UNPACKED_MEGABYTES = 100
RATIO = 100  # a text file shrinks to a tenth; a hundredth and less is a bomb
MEMBERS = 500
ROWS = 200_000
CELL = 1_000_000  # characters
CELLS = 5_000_000  # of all files together; 90 million empty ones took 1.3 GB of memory
DELIMITERS = (",", ";", "\t")
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, EOFError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class CsvFile:
    """One CSV file: its name, its columns and its rows."""

    name: str
    columns: tuple[str, ...]
    cells: list[tuple[int, list[str]]]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Give (line as a spreadsheet shows it, cells by column); the header is line 1."""
        for number, cells in self.cells:
            padded = cells + [""] * (len(self.columns) - len(cells))
            yield number, {column: cell for column, cell in zip(self.columns, padded, strict=False) if column}

    def surplus(self) -> Iterator[tuple[int, str]]:
        """Give the cells that lie under no column: their line and what they hold."""
        named = [bool(column) for column in self.columns]
        for number, cells in self.cells:
            extra = [
                cell for i, cell in enumerate(cells) if cell.strip() and not (i < len(named) and named[i])
            ]
            if extra:
                yield number, " | ".join(extra)


def read_folder_or_zip(path: Path) -> list[CsvFile]:
    """Return every CSV file of a folder or a zip, in the order of their names.

    Raises
    ------
    Invalid
        If something cannot be read; says which file, where in it, and how to mend it.
    """
    if path.is_dir():
        contents = _folder(path)
    elif not path.exists():
        raise Invalid(_("There is nothing at %(path)s: check the path.", path=path))
    elif zipfile.is_zipfile(path):
        contents = _zip(path)
    elif path.suffix.casefold() == ".csv":
        raise Invalid(
            _(
                "%(name)s is a single CSV file; give the folder that holds it, or a zip of the whole folder.",
                name=path.name,
            )
        )
    else:
        raise Invalid(_("%(name)s is neither a folder nor a zip of CSV files.", name=path.name))
    twice = [name for name, times in Counter(name.casefold() for name in contents).items() if times > 1]
    if twice:
        raise Invalid(_("%(name)s is there twice; leave only one of them.", name=twice[0]))
    _check_cells(path.name, contents.values())
    return [parse(name, contents[name]) for name in sorted(contents)]


def read_file(path: Path) -> CsvFile:
    """Return one CSV file; raises Invalid as `read_folder_or_zip` does."""
    try:
        size, data = path.stat().st_size, b""
        if size <= ZIP_MEGABYTES * MEGABYTE:
            data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path.name, error) from error
    if size > ZIP_MEGABYTES * MEGABYTE:
        raise Invalid(
            _("%(name)s is larger than %(size)s MB; import it in parts.", name=path.name, size=ZIP_MEGABYTES)
        )
    _check_cells(path.name, [data])
    return parse(path.name, data)


def _check_cells(name: str, contents: Iterable[bytes]) -> None:
    """Refuse more cells than memory can hold; they are counted by the commonest delimiter of each file."""
    signs = [delimiter.encode() for delimiter in DELIMITERS]
    if sum(max(map(data.count, signs)) for data in contents) > CELLS:
        raise Invalid(
            _("%(name)s has more than %(cells)s cells; import it in parts.", name=name, cells=CELLS)
        )


def _unreadable(name: str, error: Exception) -> Invalid:
    return Invalid(_("%(name)s cannot be read (%(error)s).", name=name, error=error))


def _too_large(name: str) -> Invalid:
    return Invalid(
        _(
            "%(name)s unpacks to more than %(size)s MB and was not opened; import it in parts.",
            name=name,
            size=UNPACKED_MEGABYTES,
        )
    )


def _folder(path: Path) -> dict[str, bytes]:
    contents, total = {}, 0
    try:
        for file in sorted(path.iterdir()):
            if file.suffix.casefold() == ".csv" and not file.name.startswith(".") and file.is_file():
                total += file.stat().st_size
                if total > UNPACKED_MEGABYTES * MEGABYTE:
                    raise _too_large(path.name)
                contents[file.name] = file.read_bytes()
    except OSError as error:
        raise _unreadable(path.name, error) from error
    return contents


def _zip(path: Path) -> dict[str, bytes]:
    if path.stat().st_size > ZIP_MEGABYTES * MEGABYTE:
        raise Invalid(
            _("%(name)s is larger than %(size)s MB; import it in parts.", name=path.name, size=ZIP_MEGABYTES)
        )
    contents: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in _checked(path.name, archive):
                name = PurePosixPath(member.filename).name
                if name in contents:
                    raise Invalid(_("%(name)s is there twice; leave only one of them.", name=name))
                with archive.open(member) as file:
                    contents[name] = file.read(member.file_size + 1)
    except BROKEN_ZIP as error:
        raise Invalid(
            _("%(name)s cannot be unpacked (%(error)s); make the zip again.", name=path.name, error=error)
        ) from error
    return contents


def _checked(name: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the CSV files of a zip, or refuse the zip as a whole."""
    members = archive.infolist()
    if len(members) > MEMBERS:
        raise Invalid(
            _("%(name)s holds more than %(count)s files; zip only the CSV files.", name=name, count=MEMBERS)
        )
    wanted = []
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in member.filename:
            raise Invalid(
                _("%(name)s holds the unsafe file name '%(member)s'.", name=name, member=member.filename)
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Invalid(
                _("%(name)s holds the link '%(member)s'; put in the file.", name=name, member=member.filename)
            )
        if member.file_size > RATIO * max(member.compress_size, 1):
            raise Invalid(
                _(
                    "'%(member)s' in %(name)s is packed over %(ratio)s-fold, as zip bombs are: not opened.",
                    member=member.filename,
                    name=name,
                    ratio=RATIO,
                )
            )
        if parts and parts[-1].casefold().endswith(".csv") and not parts[-1].startswith("."):
            wanted.append(member)
    if sum(member.file_size for member in members) > UNPACKED_MEGABYTES * MEGABYTE:
        raise _too_large(name)
    return wanted


def parse(name: str, data: bytes) -> CsvFile:
    """Return a CSV file from its bytes: UTF-8, comma (or semicolon or tab), one header line.

    Raises
    ------
    Invalid
        If the bytes are not UTF-8, hold NUL, quote badly, have no header or too many rows.
    """
    text = _decode(name, data)
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    limit = csv.field_size_limit(CELL)
    try:
        header = next(reader, [])
        cells = [(number, row) for number, row in enumerate(islice(reader, ROWS + 1), start=2) if any(row)]
    except csv.Error as error:
        raise Invalid(
            _(
                "%(name)s cannot be read at line %(line)s of the file (%(error)s): look at the quotation "
                "marks there.",
                name=name,
                line=reader.line_num,
                error=error,
            )
        ) from error
    finally:
        csv.field_size_limit(limit)
    if cells and cells[-1][0] > ROWS + 1:
        raise Invalid(_("%(name)s has more than %(rows)s rows; import it in parts.", name=name, rows=ROWS))
    return CsvFile(
        name, _columns(name, header), [row for row in cells if any(cell.strip() for cell in row[1])]
    )


def _columns(name: str, header: list[str]) -> tuple[str, ...]:
    columns = tuple("_".join(column.casefold().split()) for column in header)
    if not any(columns):
        raise Invalid(_("%(name)s is empty: its first line must name the columns.", name=name))
    twice = [column for column, times in Counter(columns).items() if column and times > 1]
    if twice:
        raise Invalid(_("%(name)s names the column '%(column)s' twice.", name=name, column=twice[0]))
    return columns


def _decode(name: str, data: bytes) -> str:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Invalid(
            _("%(name)s holds a NUL byte in line %(line)s: it is not a text file.", name=name, line=line)
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            _(
                "%(name)s is not UTF-8: byte %(byte)s in line %(line)s of the file cannot be read. Open it "
                "in the program that made it and save it as 'CSV UTF-8'.",
                name=name,
                byte=f"0x{data[error.start]:02X}",
                line=data.count(b"\n", 0, error.start) + 1,
            )
        ) from error


def require_columns(file: CsvFile, required: tuple[str, ...]) -> None:
    """Raise Invalid where a file lacks a column that its rows cannot do without."""
    missing = [column for column in required if column not in file.columns]
    if missing:
        raise Invalid(
            _(
                "%(name)s lacks the column %(missing)s; its first line names %(columns)s.",
                name=file.name,
                missing=", ".join(missing),
                columns=", ".join(column for column in file.columns if column)[:300],
            )
        )
