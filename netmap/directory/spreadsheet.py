"""Areas from a spreadsheet saved as CSV: one row each, with its parent, its point and its population."""

from collections.abc import Collection, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.areas import assign_areas, derive_areas, drop_derived_areas
from netmap.directory.csvfiles import CsvFile, Place, require_columns
from netmap.directory.hsds_cells import UnreadableError, clean, read_number
from netmap.directory.models import Area
from netmap.directory.reading.apart import read_file
from netmap.directory.report import Report
from netmap.directory.touched import index_all_later
from netmap.i18n import gettext as _

__all__ = ["derive_areas", "import_areas", "open_table", "whole_number"]

NAMES = ("name_en", "name_ru", "name_uk", "name_lt")
COLUMNS = ("code", "name", *NAMES, "parent", "latitude", "longitude", "population", "kind")
REQUIRED = ("code", "name")
LENGTHS = {"code": 80, "kind": 20}


def import_areas(session: Session, path: Path | str) -> Report:
    """Take in the areas of a CSV file and return what happened to each row.

    Areas made earlier from cities and postcodes give way; areas given earlier and not in the file stay.
    Then every place and service area is looked up again.

    Raises
    ------
    Invalid
        If the file cannot be read or lacks a needed column; the database is as it was.
    """
    file, report = open_table(path, REQUIRED, COLUMNS)
    _warn_of_missing(file, report)
    with session.begin_nested():
        rows = _readable(file, report)
        stored = {area.code: area for area in session.scalars(select(Area).where(Area.derived.is_(False)))}
        rows = _with_parents(rows, {code: area.parent_code for code, area in stored.items()}, file, report)
        _write(session, rows, stored, report)
        if left := len(stored.keys() - rows.keys()):
            report.warn(_("%(count)s areas given earlier are not in this file; they stay.", count=left))
        moved, count = assign_areas(session).services, report.table("area")
        if count.added or count.changed or moved:  # names stand with all services of an area and inside it
            index_all_later(session)
    return report.close()


def _warn_of_missing(file: CsvFile, report: Report) -> None:
    missing = [column for column in COLUMNS if column not in file.columns]
    if missing:
        report.warn(
            _("%(file)s has no column %(columns)s: not known.", file=file.name, columns=", ".join(missing))
        )


def open_table(
    path: Path | str, required: tuple[str, ...], columns: Collection[str]
) -> tuple[CsvFile, Report]:
    """Return a file of one table and the report on it, which says which of its columns are kept out.

    Raises
    ------
    Invalid
        If the file cannot be read or lacks a required column.
    """
    file = read_file(Path(path))
    require_columns(file, required)
    report = Report(file.name)
    report.warnings += file.notes
    unknown = [column for column in file.columns if column and column not in columns]
    if unknown:
        report.warn(
            _("%(file)s: netmap does not keep %(columns)s.", file=file.name, columns=", ".join(unknown))
        )
    return file, report


def _readable(file: CsvFile, report: Report) -> dict[str, tuple[Place, dict[str, object]]]:
    """Return the rows that can be read, by code."""
    rows: dict[str, tuple[Place, dict[str, object]]] = {}
    for number, raw in file.rows():
        report.table("area").read += 1
        cells = {name: clean(raw.get(name, "")) for name in COLUMNS}
        code = cells["code"]
        empty = next((name for name in REQUIRED if not cells[name]), None)
        long = next((name for name, most in LENGTHS.items() if len(cells[name]) > most), None)
        if empty:
            report.reject(file.name, number, empty, "", _("an area cannot do without this"))
        elif long:
            report.reject(
                file.name,
                number,
                long,
                cells[long],
                _("longer than %(length)s characters", length=LENGTHS[long]),
            )
        elif code in rows:
            reason = _("row %(first)s has the same code", first=rows[code][0])
            report.reject(file.name, number, "code", code, reason)
        elif (values := _values(cells, file.name, number, report)) is not None:
            rows[code] = number, values
    return rows


def _values(cells: Mapping[str, str], file: str, number: Place, report: Report) -> dict[str, object] | None:
    """Return the values of one row, or None where a number cannot be read."""
    values: dict[str, object] = {
        "name": cells["name"],
        "names": {column[-2:]: cells[column] for column in NAMES if cells[column]},
        "kind": cells["kind"].casefold() or None,
        "parent_code": cells["parent"] or None,
    }
    for name in ("latitude", "longitude", "population"):
        try:
            values[name] = None
            if cells[name]:
                values[name] = (whole_number if name == "population" else read_number)(name, cells[name])
        except UnreadableError as error:
            report.reject(file, number, name, cells[name], str(error))
            return None
    if (values["latitude"] is None) != (values["longitude"] is None):
        report.reject(file, number, "latitude", cells["latitude"], _("a point needs latitude and longitude"))
        return None
    return values


def whole_number(name: str, text: str) -> int:
    """Return a whole number within the range of its field; raises UnreadableError."""
    number = read_number(name, text)
    if not number.is_integer():
        raise UnreadableError(_("a whole number is needed here"))
    return int(number)


def _with_parents(
    rows: dict[str, tuple[Place, dict[str, object]]],
    stored: Mapping[str, str | None],
    file: CsvFile,
    report: Report,
) -> dict[str, tuple[Place, dict[str, object]]]:
    """Return the rows in an order in which parents come first; report circles and unknown parents."""
    parents = {**stored, **{code: values["parent_code"] for code, (_row, values) in rows.items()}}
    placed: list[str] = []
    while True:
        known = {None, *placed}
        ready = [code for code, parent in parents.items() if parent in known and code not in known]
        if not ready:
            break
        placed += ready
    for code, (number, values) in rows.items():
        if code not in placed:
            parent = str(values["parent_code"])
            reason = _("the parents of this area lead in a circle, or to a row that was left out")
            if parent not in parents:
                reason = _("there is no area with this code to be the parent")
            report.reject(file.name, number, "parent", parent, reason)
    return {code: rows[code] for code in placed if code in rows}


def _write(
    session: Session,
    rows: Mapping[str, tuple[Place, dict[str, object]]],
    stored: Mapping[str, Area],
    report: Report,
) -> None:
    count = report.table("area")
    if rows:
        drop_derived_areas(session, keep=rows.keys())
        session.expire_all()
    for code, (_number, values) in rows.items():
        area = stored.get(code) or session.get(Area, code)
        if area is None:
            session.add(Area(code=code, **values, derived=False))
            session.flush()  # a child may come next
            count.added += 1
            continue
        different = {name for name, value in values.items() if getattr(area, name) != value} or area.derived
        for name, value in values.items():
            setattr(area, name, value)
        area.derived = False
        count.changed += bool(different)
        count.unchanged += not different
    session.flush()
