"""A plain CSV, its columns chosen by a person, as the files of a data package.

Line 17 of every file made here is line 17 of the person's own, so the report names lines that they can find.
"""

import csv
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session

from netmap.directory.csvfiles import CsvFile, read_file
from netmap.directory.hsds import Progress, import_path
from netmap.directory.hsds_cells import clean
from netmap.directory.report import Report
from netmap.i18n import gettext as _

# In each: which columns name what the row belongs to.
FILES: Mapping[str, tuple[str, ...]] = {
    "organization": (),
    "service": ("organization_id",),
    "location": (),
    "service_at_location": ("service_id", "location_id"),
    "address": ("location_id",),
    "phone": ("service_id",),
    "schedule": ("service_id",),
    "required_document": ("service_id",),
    "service_area": ("service_id",),
}
PLACES = ("location", "address")
Cells = dict[str, str]


def import_mapped(
    session: Session,
    path: Path,
    choices: Mapping[str, str],
    *,
    source: str,
    progress: Progress | None = None,
) -> Report:
    """Take in a plain CSV whose columns mean what ``choices`` (column -> "table.field") says."""
    file = read_file(path)
    with tempfile.TemporaryDirectory(prefix="netmap-") as folder:
        for table, rows in _split(file, choices).items():
            _write(Path(folder) / f"{table}.csv", rows)
        report = import_path(session, Path(folder), source=source, progress=progress)
    return _as_in(report, file, choices)


def _split(file: CsvFile, choices: Mapping[str, str]) -> dict[str, dict[int, Cells]]:
    """Return for each table its rows by line."""
    found: dict[str, dict[int, Cells]] = {table: {} for table in FILES}
    seen: set[tuple[str, str]] = set()
    for number, raw in file.rows():
        for table, cells in _tables(raw, choices):
            key = (table, cells["id"])
            if table in {"organization", "location"} and key in seen:
                continue  # the same again: many services of one organisation, or at one place
            seen.add(key)
            found[table][number] = cells
    return {table: rows for table, rows in found.items() if rows}


def _tables(raw: Cells, choices: Mapping[str, str]) -> Iterator[tuple[str, Cells]]:
    """Give the records that one row speaks of."""
    parts: dict[str, Cells] = {table: {} for table in FILES}
    for column, target in choices.items():
        table, _dot, name = target.partition(".")
        if table and (text := clean(raw.get(column, ""))):
            parts[table][name] = text
    organization, service = parts["organization"], parts["service"]
    if "service.name" not in choices.values() and organization.get("name"):
        service["name"] = organization["name"]
    place = {f"{table}.{name}": text for table in PLACES for name, text in parts[table].items()}
    ids = {
        "organization_id": _id(organization.get("name", "")),
        "location_id": parts["location"].get("id")
        or _id(*(f"{name}={place[name]}" for name in sorted(place))),
    }
    ids["service_id"] = service.get("id") or _id(
        organization.get("name", ""), service.get("name", ""), ids["location_id"]
    )
    for table, owners in FILES.items():
        own = parts[table]
        linked = table == "service_at_location" and place
        if own or linked or (table == "location" and place) or table == "service":
            key = ids.get(f"{table}_id") or _id(table, ids["service_id"], ids["location_id"])
            yield table, {**own, "id": key, **{name: ids[name] for name in owners if ids[name]}}


def _id(*parts: str) -> str:
    """Return a key made of words, the same at the next import; empty where there are none."""
    text = "\x1f".join(part.casefold() for part in parts)
    return sha256(text.encode()).hexdigest()[:32] if text.strip("\x1f") else ""


def _write(path: Path, rows: Mapping[int, Cells]) -> None:
    names = sorted({name for cells in rows.values() for name in cells})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        line = 1
        for number, cells in rows.items():
            for _empty in range(number - line - 1):
                file.write("\r\n")
            writer.writerow([cells.get(name, "") for name in names])
            line = number


def _as_in(report: Report, file: CsvFile, choices: Mapping[str, str]) -> Report:
    """Return a report that names the person's own file and columns, and what was left out."""
    columns = {target: column for column, target in choices.items() if target}
    report.rejected = [
        replace(
            one, file=file.name, field=columns.get(f"{one.file.rpartition('.')[0]}.{one.field}", one.field)
        )
        for one in report.rejected
    ]
    for table in FILES:
        report.warnings = [one.replace(f"{table}.csv", file.name) for one in report.warnings]
    left = [column for column in file.columns if column and not choices.get(column)]
    if left:
        report.warnings.insert(0, _("Left out as chosen: %(columns)s.", columns=", ".join(left)[:1000]))
    return report
