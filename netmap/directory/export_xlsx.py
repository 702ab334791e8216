"""The directory as a workbook for people: one sheet per table, every cell a text: nothing is reckoned."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netmap.directory.export_csv import cell
from netmap.directory.export_rows import Directory
from netmap.directory.hsds_tables import SPECS
from netmap.i18n import gettext as _

LONGEST = 32_767  # characters that a cell of a workbook can hold
RISKY = "=+-@\t\r\n＝＋－＠"  # a program that opens the cell again may take these for a formula


def workbook(directory: Directory) -> tuple[bytes, tuple[str, ...]]:
    """Return a workbook and what did not fit into it; tables without rows have no sheet."""
    from openpyxl import Workbook  # takes a while to load

    book, notes = Workbook(write_only=True), list[str]()
    sheets: dict[str, tuple[Sequence[str], Iterable[Mapping[str, Any]]]] = {
        spec.file: (("id", *spec.fields()), directory.tables[table].values())
        for table, spec in SPECS.items()
        if directory.tables[table]
    }
    if directory.areas or not sheets:
        sheets["areas"] = (tuple(directory.areas[0]) if directory.areas else ("code",), directory.areas)
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([text_cell(sheet, column) for column in columns])
        for row in rows:
            texts = {column: cell(row[column]) for column in columns}
            notes += [
                _(
                    "%(sheet)s: %(column)s of %(id)s is longer than a cell can hold and was cut.",
                    sheet=name,
                    column=column,
                    id=row.get("id"),
                )
                for column, text in texts.items()
                if len(text) > LONGEST
            ]
            sheet.append([text_cell(sheet, text) if text else None for text in texts.values()])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), tuple(notes)


def text_cell(sheet: Any, text: str) -> Any:
    """Return a cell that is text whatever it holds; ``=1+1`` stays four signs, also when it is edited."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", text)[:LONGEST])
    made.data_type = "s"
    if text.startswith(tuple(RISKY)):
        made.quotePrefix = True
    return made
