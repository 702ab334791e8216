"""XLSX workbooks into tables, one to a sheet; nothing of a sheet is lost without a word."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from netmap.directory.csvfiles import CsvFile, Place
from netmap.directory.reading import limits
from netmap.directory.reading.csv_text import Cells, table, too_many_cells, too_many_rows
from netmap.directory.reading.gather import BROKEN_ZIP, check_members
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

_CELL = re.compile(rb"<c[ />]")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"')
_NO_RESULT = re.compile(
    rb'<c [^>]*?r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_SHEET = re.compile(r'<(?:\w+:)?sheet [^>]*?\bname="([^"]*)"')
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
_MERGED_ROWS = 5_000  # a merge over more rows is a layout, no list


def read_workbook(
    name: str, data: bytes, report: Report, *, sheet: str | None = None, header: int | None = None,
    loose: bool = False,
) -> list[CsvFile]:  # fmt: skip
    """Return the visible sheets of a workbook that hold something, each as a table called like its sheet.

    Parameters
    ----------
    sheet : str, optional
        Read only this one, though it be hidden.

    Raises
    ------
    Invalid
        If the file is damaged, packed like a bomb, or lacks the sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_members(name, archive.infolist())
            _check_parts(name, archive)
        return list(_sheets(name, data, report, sheet, header, loose))
    except (Invalid, MemoryError):
        raise
    except BROKEN_ZIP as error:
        raise _damaged(name) from error
    except Exception as error:  # openpyxl raises what it meets: KeyError, TypeError, ParseError ...
        raise _damaged(name) from error


def sheet_names(name: str, data: bytes) -> list[str]:
    """Return the names of all sheets of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_members(name, archive.infolist())
        found = _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace"))
    return [html.unescape(name) for name in found]


def _damaged(name: str) -> Invalid:
    return Invalid(
        _("%(name)s cannot be read as a workbook; open it in a spreadsheet program and save it again.",
          name=name)
    )  # fmt: skip


def _check_parts(name: str, archive: zipfile.ZipFile) -> None:
    for member in archive.infolist():
        if not member.filename.endswith((".xml", ".rels")):
            continue
        content = archive.read(member)
        if _DECLARED.search(content):
            raise Invalid(
                _("%(name)s declares entities of XML, which no spreadsheet needs: not opened.", name=name)
            )
        if sum(1 for _found in _CELL.finditer(content)) > limits.CELLS:
            raise too_many_cells(name)


def _sheets(
    name: str, data: bytes, report: Report, wanted: str | None, header: int | None, loose: bool
) -> Iterator[CsvFile]:
    import defusedxml  # noqa: F401 - openpyxl reads XML with it where it is there
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    names = [sheet.title for sheet in book.worksheets]
    if wanted is not None and wanted not in names:
        raise Invalid(
            _("%(name)s has no sheet '%(sheet)s'; it has %(names)s.",
              name=name, sheet=wanted, names=", ".join(names))
        )  # fmt: skip
    for sheet in book.worksheets:
        if wanted is not None and sheet.title != wanted:
            continue
        if wanted is None and sheet.sheet_state != "visible":
            report.warn(
                _("%(name)s: the hidden sheet '%(sheet)s' was not read.", name=name, sheet=sheet.title)
            )
            continue
        title = f"{name}, {sheet.title}"
        sheet.reset_dimensions()
        rows = list(_rows(title, sheet, report))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _after_raw(title, archive.read(sheet._worksheet_path), rows, report)
        if any(any(row) for _place, row in rows):
            found = table(title, rows, report, header=header, loose=loose)
            yield CsvFile(found.name, found.columns, found.cells, sheet.title)


def _rows(title: str, sheet: Any, report: Report) -> Iterator[tuple[Place, list[str]]]:
    cells = filled = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells += len(row)
        if cells > limits.CELLS:
            raise too_many_cells(title)
        texts = [cell_text(value) for value in row]
        if any(text in _ERRORS for text in texts):
            report.note(_("%(file)s: a formula gives an error; the cell is empty", file=title), number)
            texts = ["" if text in _ERRORS else text for text in texts]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            filled += 1
            if filled > limits.ROWS + 1:
                raise too_many_rows(title)
            yield number, texts


def cell_text(value: object) -> str:
    """Return the value of a cell as text: whole numbers without a point, dates and times as ISO writes them.

    Examples
    --------
    >>> cell_text(5.0), cell_text(2.5), cell_text(datetime(2026, 1, 2)), cell_text(time(8, 30))
    ('5', '2.5', '2026-01-02', '08:30')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value).replace("_x000D_", "")


def _after_raw(title: str, content: bytes, rows: Cells, report: Report) -> None:
    """Do what the reader of rows does not see: merged cells, and formulas that were never worked out."""
    places = {int(place): row for place, row in rows}
    for found in _MERGED.finditer(content):
        (first_row, first), (last_row, last) = _spot(found[1]), _spot(found[2])
        source = places.get(first_row, [])
        text = source[first] if first < len(source) else ""
        if not text or last_row == first_row or last_row - first_row > _MERGED_ROWS or last != first:
            continue
        for number in range(first_row + 1, last_row + 1):
            if (row := places.get(number)) is not None:
                row.extend([""] * (first + 1 - len(row)))
                row[first] = text
        report.note(_("%(file)s: merged cells count for each of their rows", file=title), first_row)
    if empty := [found[1].decode() for found in _NO_RESULT.finditer(content)]:
        report.warn(
            _(
                "%(file)s: %(count)s cells hold formulas without a result (%(cells)s) and are empty; open "
                "the file in a spreadsheet program and save it again.",
                file=title,
                count=len(empty),
                cells=", ".join(empty[:10]),
            )
        )


def _spot(reference: bytes) -> tuple[int, int]:
    """Return (row from 1, column from 0) of a reference like B7."""
    letters = reference.rstrip(b"0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return int(reference[len(letters) :]), column - 1
