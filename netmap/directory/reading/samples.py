"""The first rows of files as they stand, before any map: what a person looks at who writes one."""

from pathlib import Path
from typing import Any

from netmap.directory.csvfiles import CsvFile
from netmap.directory.reading.csv_text import parse
from netmap.directory.reading.encodings import decode
from netmap.directory.reading.gather import Found, gather, is_workbook, refuse_foreign
from netmap.directory.reading.json_text import load
from netmap.directory.reading.mapped_items import json_items, known_columns
from netmap.directory.reading.workbook import read_workbook
from netmap.directory.report import Report

ROWS = 20
CHARACTERS = 200  # of one cell


def read_samples(path: Path, report: Report) -> list[CsvFile]:
    """Return the first rows of every table at a path, columns called as the file calls them.

    Of a sheet ``table`` is its name, of JSON the ``each`` under which its things stand.

    Raises
    ------
    Invalid
        If something cannot be read, as an import would say it.
    """
    return [_cut(table) for file in gather(path, report) for table in _tables(file, report)]


def _tables(file: Found, report: Report) -> list[CsvFile]:
    if is_workbook(file.data):
        return read_workbook(file.name, file.data, report, loose=True)
    refuse_foreign(file.name, file.data)
    text = decode(file.name, file.data, report)
    if not text.lstrip("\ufeff \r\n\t").startswith(("{", "[")):
        return [parse(file.name, text, report, loose=True)]
    documents = load(file.name, text.lstrip("\ufeff"))[0]
    each = guess_each(documents)
    items = list(json_items(documents, tuple(each.split(".")) if each else ()))[:ROWS]
    columns = tuple(known_columns(items))
    cells = [[", ".join(item.pieces(column) or ()) for column in columns] for item in items]
    rows = [(item.place, row) for item, row in zip(items, cells, strict=True)]
    return [CsvFile(file.name, columns, rows, each)]


def guess_each(documents: list[Any]) -> str:
    """Return where the things of a JSON file most likely stand: "" for its own list.

    Examples
    --------
    >>> guess_each([[{"a": "1"}]]), guess_each([{"id7": {"a": "1"}, "id8": {}}])
    ('', '*')
    >>> guess_each([{"total": "2", "features": [{"a": "1"}, {}]}]), guess_each([{"name": "Aid"}])
    ('features', '')
    """
    root = documents[0] if len(documents) == 1 else documents
    if not isinstance(root, dict) or not root:
        return ""
    if all(isinstance(value, dict) for value in root.values()):
        return "*"
    lists = {key: len(value) for key, value in root.items() if isinstance(value, list) and "name" not in root}
    return max(lists, key=lambda key: lists[key]) if lists else ""


def _cut(table: CsvFile) -> CsvFile:
    rows = [(place, [cell[:CHARACTERS] for cell in row]) for place, row in table.cells[:ROWS]]
    return CsvFile(table.name, table.columns, rows, table.table)
