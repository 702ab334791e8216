"""CSV text into a table: comma, semicolon, tab or bar; one header line; what looks cut off is told."""

import csv
from collections import Counter
from collections.abc import Iterator

from netmap.directory.csvfiles import CsvFile, Place
from netmap.directory.reading import limits
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

DELIMITERS = (",", ";", "\t", "|")
Cells = list[tuple[Place, list[str]]]


def parse(name: str, text: str, report: Report, *, header: int | None = None, loose: bool = False) -> CsvFile:
    """Return the table of a CSV text.

    Parameters
    ----------
    header : int, optional
        The line that names the columns; by default the first that is not empty.
    loose : bool
        Keep the names of columns as they are and number those that are there twice (for maps).

    Raises
    ------
    Invalid
        If the text quotes badly, has no header, or holds more than may be read.
    """
    start = text.lstrip("\ufeff\r\n")[:100_000].partition("\n")[0]
    delimiter = max(DELIMITERS, key=start.count)
    if text.count(delimiter) > limits.CELLS:
        raise too_many_cells(name)
    reader = csv.reader(_lines(name, text), delimiter=delimiter, strict=True)
    before = csv.field_size_limit(limits.CELL)
    rows: Cells = []
    try:
        for number, row in enumerate(reader, start=1):
            if any(row):
                if not rows:
                    _columns(name, row, loose or header is not None)  # before the rest is read
                rows.append((number, row))
            if len(rows) > limits.ROWS + 1:
                raise too_many_rows(name)
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
        csv.field_size_limit(before)
    cut = not text.endswith(("\n", "\r"))
    return table(name, rows, report, header=header, loose=loose, may_be_cut=cut)


def table(
    name: str,
    rows: Cells,
    report: Report,
    *,
    header: int | None = None,
    loose: bool = False,
    may_be_cut: bool = False,
) -> CsvFile:
    """Return rows as a table: the first filled one names the columns, the others follow."""
    rows = [(place, row) for place, row in rows if any(cell.strip(" \ufeff") for cell in row)]
    rows = [(place, row) for place, row in rows if header is None or int(place) >= header]
    if not rows:
        raise Invalid(_("%(name)s is empty: its first line must name the columns.", name=name))
    columns = _columns(name, rows[0][1], loose)
    cells: Cells = []
    for place, row in rows[1:]:
        if len(row) == len(columns) and _columns_again(row, rows[0][1]):
            report.note(_("%(file)s: the line of columns comes again; it was left out", file=name), place)
        else:
            cells.append((place, row))
    short = [place for place, row in cells if len(row) < len(columns)]
    if may_be_cut and short == [place for place, _row in cells[-1:]] != []:
        sentence = _("%(file)s: the last line ends early; the file may have been cut off", file=name)
        report.note(sentence, short[0])
    if any("\ufeff" in cell for _place, row in cells for cell in row):
        report.warn(_("%(file)s holds byte order marks in mid-file; they were taken out.", file=name))
        cells = [(place, [cell.replace("\ufeff", "") for cell in row]) for place, row in cells]
    return CsvFile(name, columns, cells)


def too_many_rows(name: str) -> Invalid:
    """Return the error for a file with more rows than may be read."""
    return Invalid(
        _("%(name)s has more than %(rows)s rows; import it in parts.", name=name, rows=limits.ROWS)
    )


def too_many_cells(name: str) -> Invalid:
    """Return the error for a file with more cells than may be read."""
    return Invalid(
        _("%(name)s has more than %(cells)s cells; import it in parts.", name=name, cells=limits.CELLS)
    )


def _lines(name: str, text: str) -> Iterator[str]:
    """Give the lines of a text without a copy of the whole; none may be endless."""
    end, start, number = "\n" if "\n" in text else "\r", 0, 0
    while start < len(text):
        number += 1
        stop = text.find(end, start) + 1 or len(text)
        if stop - start > limits.LINE:
            raise Invalid(
                _(
                    "Line %(line)s of %(name)s is longer than %(length)s characters: it is no table.",
                    name=name,
                    line=number,
                    length=limits.LINE,
                )
            )
        yield text[start:stop]
        start = stop


def _columns(name: str, header: list[str], loose: bool) -> tuple[str, ...]:
    header = [column.replace("\ufeff", "").strip() for column in header]
    while header and not header[-1] and loose:
        header.pop()
    if len(header) > limits.COLUMNS:
        raise Invalid(
            _(
                "%(name)s has %(count)s columns, more than the %(most)s that are read; take out those that "
                "are not needed.",
                name=name,
                count=len(header),
                most=limits.COLUMNS,
            )
        )
    if not any(header):
        raise Invalid(_("%(name)s is empty: its first line must name the columns.", name=name))
    columns = (
        [" ".join(column.split()) for column in header]
        if loose
        else ["_".join(column.casefold().split()) for column in header]
    )
    twice = [column for column, times in Counter(columns).items() if column and times > 1]
    if twice and not loose:
        raise Invalid(_("%(name)s names the column '%(column)s' twice.", name=name, column=twice[0]))
    return tuple(_numbered(columns)) if twice else tuple(columns)


def _numbered(columns: list[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for column in columns:
        seen[column] += 1
        yield column if seen[column] == 1 or not column else f"{column} {seen[column]}"


def _columns_again(row: list[str], header: list[str]) -> bool:
    return [cell.strip(" \ufeff").casefold() for cell in row] == [
        cell.strip(" \ufeff").casefold() for cell in header
    ]
