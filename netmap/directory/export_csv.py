"""The directory as a data package: one CSV file per table and a datapackage.json that describes them.

The files are for machines: a cell holds what the database holds, so that ``+4930...`` stays as it is and
the importer reads back the same rows. People who want a spreadsheet take the workbook.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer
from sqlalchemy.orm import class_mapper

from netmap import __version__
from netmap.db import UtcDateTime
from netmap.directory.export_rows import Directory
from netmap.directory.hsds_cells import CODES
from netmap.directory.hsds_tables import SPECS, Spec
from netmap.directory.models import STATUSES, Area
from netmap.directory.spreadsheet import COLUMNS as AREA_COLUMNS

_TYPES = (
    (Boolean, "boolean"),
    (Integer, "integer"),
    (Float, "number"),
    (UtcDateTime, "datetime"),
    (Date, "date"),
)


def csv_files(directory: Directory) -> dict[str, bytes]:
    """Return the files of a data package by name; the same directory gives the same bytes."""
    files = {"datapackage.json": _described()}
    for table, spec in SPECS.items():
        columns = ("id", *spec.fields())
        files[f"{spec.file}.csv"] = _csv(columns, directory.tables[table].values())
    files["areas.csv"] = _csv(AREA_COLUMNS, directory.areas)
    return files


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode()


def cell(value: object) -> str:
    """Return a value as it stands in a cell of a CSV file.

    Examples
    --------
    >>> cell(12.0), cell(0.5), cell(None), cell(True), cell(False), cell(date(2026, 11, 3))
    ('12', '0.5', '', '1', '', '2026-11-03')
    """
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def moment(value: datetime) -> str:
    """Return a moment of UTC with milliseconds, or finer where it is known finer."""
    exact = "microseconds" if value.microsecond % 1000 else "milliseconds"
    return value.replace(tzinfo=None).isoformat(timespec=exact) + "Z"


def _described() -> bytes:
    """Return datapackage.json, made of the models."""
    resources = [_resource(table, spec) for table, spec in SPECS.items()]
    types = {column.name: column for column in class_mapper(Area).columns if isinstance(column, Column)}
    fields = [
        _field("area", types[name]) if name in types else {"name": name, "type": "string"}
        for name in AREA_COLUMNS
    ]
    resources.append({"name": "area", "path": "areas.csv", **_FILE, "schema": {"fields": fields}})
    package = {
        "name": "human_services_data",
        "title": "Services of a netmap directory",
        "profile": "tabular-data-package",
        "version": "3.1",
        "created_by": f"netmap {__version__}",
        "resources": resources,
    }
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()


_FILE = {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}


def _resource(table: str, spec: Spec) -> dict[str, object]:
    fields = [_field(table, column) for column in (spec.table.c.id, *spec.fields().values())]
    keys = [
        {"fields": name, "reference": {"resource": "" if target == table else target, "fields": "id"}}
        for name, target in spec.references().items()
    ]
    schema: dict[str, object] = {"primaryKey": "id", "fields": fields}
    if keys:
        schema["foreignKeys"] = keys
    return {"name": table, "path": f"{spec.file}.csv", **_FILE, "schema": schema}


def _field(table: str, column: Column[Any]) -> dict[str, object]:
    kind = next((name for of, name in _TYPES if isinstance(column.type, of)), "string")
    found: dict[str, object] = {"name": column.name, "type": kind}
    constraints: dict[str, object] = {}
    if column.primary_key:
        constraints |= {"required": True, "unique": True}
    elif column.name in SPECS[table].required if table in SPECS else not column.nullable:
        constraints["required"] = True
    codes: tuple[str, ...] | None = STATUSES if (table, column.name) == ("service", "status") else None
    if codes := codes or CODES.get(column.name) or CODES.get(f"{table}.{column.name}"):
        constraints["enum"] = list(codes)
    if kind == "boolean":
        found |= {"trueValues": ["1"], "falseValues": ["0"]}
    return {**found, "constraints": constraints} if constraints else found
