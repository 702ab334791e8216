"""Lists of an import for a spreadsheet: rows that did not come in, how to mend them, and what it changes."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Date, Float, Integer

from netmap.db import UtcDateTime
from netmap.directory.hsds_names import FILES, canonical
from netmap.directory.hsds_tables import SPECS
from netmap.i18n import gettext as _

_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def mend(row: Mapping[str, Any]) -> str:
    """Return how a problem can be mended, by the kind of its field.

    Examples
    --------
    >>> mend({"file": "services.csv", "field": "assured_date", "value": "May"})
    'Write the date as year-month-day: 2026-11-30.'
    >>> mend({"file": "phones.csv", "field": "number", "value": ""})
    'Fill this cell.'
    """
    # "services.csv", or "offers.csv, services" where a table was made of a file
    stem = canonical(str(row["file"]).rpartition(", ")[2].removesuffix(".csv"))
    name, filled = str(row["field"]), bool(str(row["value"]).strip())
    if name == "id":
        return _("Give each row an id of its own.")
    if not filled:
        return _("Fill this cell.")
    spec = SPECS[FILES[stem].table] if stem in FILES else None
    column = spec.fields().get(name) if spec else None
    if spec and name in spec.references():
        return _("Write the id of a row that is in the files, or add that row.")
    if column is not None and isinstance(column.type, Date | UtcDateTime):
        return _("Write the date as year-month-day: 2026-11-30.")
    number = isinstance(column.type, Float | Integer) if column is not None else name in _NUMBERS
    if number:
        return _("Write a plain number: 12 or 12.5.")
    if not name:
        return _("Put a name above the column, or take the cell out.")
    return _("Correct this cell in your file.")


# of areas, demand and travel times
_NUMBERS = {"latitude", "longitude", "population", "clients", "year", "minutes", "km"}


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return problem rows as CSV for a spreadsheet; no cell can be taken for a formula.

    Examples
    --------
    >>> row = {"file": "a.csv", "row": 2, "field": "email", "value": "=HYPERLINK(1)", "reason": "no"}
    >>> as_csv([row]).splitlines()[1].split(",")[3]
    "'=HYPERLINK(1)"
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("File"), _("Line"), _("Column"), _("Value"), _("Why"), _("How to mend it")])
    for row in rows:
        cells = [row["file"], row["row"], row["field"], row["value"], row["reason"], mend(row)]
        writer.writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue()


def changes_as_csv(found: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """Return what an import would do as CSV for a spreadsheet, one row for each field that changes.

    Examples
    --------
    >>> one = {"table": "phone", "id": "7", "source_key": "3", "name": "555", "of": "Inn", "fields": {}}
    >>> changes_as_csv({"added": [one]}).splitlines()[1]
    'added,phone,3,555,Inn,,,'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    head = [_("What"), _("Table"), _("Key in the source"), _("Name"), _("Belongs to"), _("Field")]
    writer.writerow([*head, _("Before"), _("After")])
    for kind, entries in found.items():
        for one in entries:
            about = [kind, one["table"], one["source_key"] or "", one["name"], one["of"]]
            for field, said in (one["fields"] or {"": {"before": None, "after": None}}).items():
                cells = [*about, field, said["before"], said["after"]]
                writer.writerow([harmless("" if cell is None else str(cell)) for cell in cells])
    return out.getvalue()


def harmless(cell: str) -> str:
    """Return the text of a cell so that no spreadsheet takes it for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("\\u00a0@SUM(1)"), harmless("+370 600"), harmless("a=b")
    ("'=1+1", "'\\xa0@SUM(1)", "'+370 600", 'a=b')
    """
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) else cell
