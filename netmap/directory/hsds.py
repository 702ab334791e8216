"""Import of directories: HSDS of any version and form, or anything else by a map, whole and repeatable.

All files are read and checked before anything is written, so a file that cannot be read changes nothing.
The steps: files -> tables (`reading`, in a child process) -> rows (`hsds_rows`) -> records (`hsds_resolve`)
-> database (`hsds_store`), table by table; then what depends on the whole (`hsds_after`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.csvfiles import CsvFile
from netmap.directory.hsds_after import finish
from netmap.directory.hsds_identity import keep_ids
from netmap.directory.hsds_names import ELIGIBILITY, FILES, OWN_FILES, TERM_TYPES, canonical
from netmap.directory.hsds_ours import Ours
from netmap.directory.hsds_renamed import Agreed, Renames, find_renamed
from netmap.directory.hsds_resolve import Known, Record, key_of, resolve
from netmap.directory.hsds_rows import Row, TableFile, read_rows
from netmap.directory.hsds_store import NOBODY, store
from netmap.directory.hsds_tables import SPECS
from netmap.directory.hsds_whole import (
    add_eligibility,
    add_term_types,
    phone_languages,
    place_schedules,
    place_terms,
    set_status,
)
from netmap.directory.hsds_withheld import without_deleted
from netmap.directory.map_check import check_map
from netmap.directory.models import Source
from netmap.directory.reading.apart import read_apart
from netmap.directory.reading.map_reading import read_map
from netmap.directory.reading.maps import Map
from netmap.directory.report import Report
from netmap.errors import Invalid, NeedsMap
from netmap.i18n import gettext as _

Progress = Callable[[str, int, int], None]
"""Called with a table, how many of its rows are done, and how many there are."""


@dataclass
class Package:
    """The files of a data package, sorted by what they are."""

    tables: dict[str, list[TableFile]] = field(default_factory=dict)
    eligibility: CsvFile | None = None
    term_types: CsvFile | None = None
    left_out: list[str] = field(default_factory=list)


def import_path(
    session: Session,
    path: Path | str,
    *,
    source: str | None = None,
    map: Path | str | None = None,
    progress: Progress | None = None,
    credit: bool = True,
    agreed: Agreed | None = None,
    ours: Ours | None = None,
) -> Report:
    """Take in a directory and return what happened, row by row where it matters.

    Parameters
    ----------
    session : Session
        Written to and flushed, not committed: the caller decides.
    path : Path or str
        HSDS as CSV, XLSX or JSON: a file, a folder or a zip; with a map, files of any form.
    source : str, optional
        The name under which these records are kept; by default that of the map, the folder or the file. The
        same name again means: the same directory, newer.
    map : Path or str, optional
        A map in TOML that says which column is which field (docs/importing.md).
    progress : callable, optional
        Gets (table, rows done, rows in all).
    credit : bool
        Say whose data the map brings and on what terms; a map that was made from choices knows neither.
    agreed : Agreed, optional
        Which records are old ones under another key, where somebody has looked at that; else it is found out.
    ours : Ours, optional
        Knows what people wrote over the records of the source.

    Raises
    ------
    Invalid
        If a file cannot be read or lacks a needed column; the database is as it was.
    """
    path = Path(path)
    made = read_map(Path(map)) if map is not None else None
    if made is not None:
        check_map(made)
    contents = read_apart(path, Path(map) if map is not None else None)
    report = Report(source_name(source if source is not None else made.source if made else _stem(path)))
    package = _sort(contents.files, path.name)
    credits = _credits(made) if made is not None and credit else []
    report.warnings += [*credits, *contents.warnings, *package.left_out]
    report.rejected += contents.rejected
    rows = _read(package, report, progress)
    with session.begin_nested():
        session.flush()
        _keep_source(session, report.source, made.title if made else _stem(path), credits)
        renames = find_renamed(session, report.source, rows, key_of, agreed)
        ours = ours or NOBODY
        ours.begin(session, report.source)
        changed, attributes = _write(session, package, rows, renames, ours, report, progress)
        finish(session, report, changed, attributes)
    return report.close()


def _stem(path: Path) -> str:
    whole = path.resolve()
    return whole.stem if whole.is_file() else whole.name


def source_name(text: str) -> str:
    """Return the short name under which a source is kept.

    Examples
    --------
    >>> source_name("US DC 2022_07")
    'us-dc-2022-07'
    """
    name = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:80]
    if not name:
        raise Invalid(_("The name of the source needs at least one letter or digit."))
    return name


def _sort(files: list[CsvFile], name: str) -> Package:
    package = Package()
    for file in files:
        stem = canonical(file.stem)
        if stem in FILES:
            table_file = TableFile(file, FILES[stem]).checked()
            package.tables.setdefault(FILES[stem].table, []).append(table_file)
        elif stem == ELIGIBILITY:
            package.eligibility = file
        elif stem == TERM_TYPES:
            package.term_types = file
        else:
            package.left_out.append(_left_out(stem, file))
    if not package.tables:
        raise NeedsMap(
            _(
                "%(name)s holds no table that HSDS knows, such as organizations, services or locations: name "
                "its files so, or write a map (docs/importing.md). It holds %(files)s.",
                name=name,
                files=", ".join(file.name for file in files)[:300],
            )
        )
    return package


def _left_out(stem: str, file: CsvFile) -> str:
    values: dict[str, object] = {"file": file.name, "rows": len(file.cells)}
    if stem in OWN_FILES:
        values["option"] = OWN_FILES[stem]
        return _("%(file)s is read with %(option)s, not with the directory (%(rows)s rows).", **values)
    return _("%(file)s is no file that HSDS knows; %(rows)s rows were not taken in.", **values)


def _read(package: Package, report: Report, progress: Progress | None) -> dict[str, list[Row]]:
    """Read all rows before anything is written."""
    rows: dict[str, list[Row]] = {}
    if spoken := phone_languages(package.tables.get("phone", []), report):
        package.tables.setdefault("language", []).extend(spoken)
    for table in SPECS:
        for table_file in package.tables.get(table, []):
            rows.setdefault(table, []).extend(read_rows(table_file, report))
        if progress and table in package.tables:
            progress(table, 0, len(rows[table]))
    services = rows.get("service", [])
    if services:
        set_status(services, report)
        add_eligibility(services, package.eligibility, report)
    add_term_types(rows.get("taxonomy_term", []), package.term_types, report)
    return rows


def _credits(made: Map) -> list[str]:
    """Say whose data a map brings, and on what terms."""
    values: dict[str, object] = {"map": made.name, "title": made.title}
    values |= {"licence": made.licence, "attribution": made.attribution}
    return [_("%(map)s: %(title)s; licence: %(licence)s; source: %(attribution)s.", **values)]


def _keep_source(session: Session, id_: str, name: str, credits: list[str]) -> None:
    source = session.get(Source, id_)
    if source is None:
        source = Source(id=id_, name=name)
        session.add(source)
    if credits:
        source.note = " ".join(credits)
    source.imported_at = now()
    session.flush()


def _write(
    session: Session,
    package: Package,
    rows: dict[str, list[Row]],
    renames: Renames,
    ours: Ours,
    report: Report,
    progress: Progress | None,
) -> tuple[dict[str, set[str]], list[Record] | None]:
    """Write table after table; return the ids of what is new, changed or gone, and the attributes."""
    known = Known(session, report.source, renames)
    changed: dict[str, set[str]] = {table: set() for table in SPECS}
    records: dict[str, list[Record]] = {}
    for table in SPECS:
        if table not in package.tables:
            _warn_of_missing(session, table, report)
            continue
        if table == "taxonomy_term":
            names = {str(row.values["name"]): row.key for row in rows.get("taxonomy", [])}
            place_terms(rows[table], names, known, report)
        records[table] = resolve(table, rows[table], known, report.source, report)
        if table == "schedule":
            place_schedules(records[table], records.get("service_at_location", []))
        keep_ids(session, table, records[table], known, report.source)
        records[table] = without_deleted(table, records[table], known, ours, report)
        store(session, table, records[table], report, changed, renames.by_table.get(table, {}), ours)
        if progress:
            progress(table, len(rows[table]), len(rows[table]))
    return changed, records.get("attribute")


def _warn_of_missing(session: Session, table: str, report: Report) -> None:
    """A file that is missing says nothing about its rows: they stay, and the report says so."""
    columns = SPECS[table].table.c
    query = select(func.count()).where(
        columns.source_id == report.source, columns.removed_in_source.is_(None)
    )
    if count := session.scalar(query):
        report.warn(
            _(
                "There is no file for %(table)s this time; %(count)s records of an earlier import stay.",
                table=table,
                count=count,
            )
        )
