"""The files that a map reads from: found by name, read once, and what no table of the map uses is told."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from netmap.directory.csvfiles import CsvFile
from netmap.directory.reading.csv_text import parse
from netmap.directory.reading.encodings import decode
from netmap.directory.reading.gather import BROKEN_ZIP, Found, is_workbook, refuse_foreign
from netmap.directory.reading.json_text import load
from netmap.directory.reading.mapped_items import SURPLUS, UP, Item, json_items, nearest, table_items, wanted
from netmap.directory.reading.maps import Map, MapFile, MapTable, fits_name
from netmap.directory.reading.workbook import read_workbook, sheet_names
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _


class Sources:
    """Gives the items that each table of a map is made of."""

    def __init__(self, map_: Map, found: list[Found], report: Report) -> None:
        self._map = map_
        self._found = found
        self._report = report
        self._tables: dict[tuple[str, str | None], CsvFile] = {}
        self._documents: dict[str, list[Any]] = {}
        self._used: set[str] = set()
        self._told: set[str] = set()

    def items_of(self, table: MapTable) -> Iterator[tuple[str, list[Item]]]:
        """Give the name of each file that a table reads, with its items."""
        for file in self._files(table):
            self._used.add(file.name)
            if is_workbook(file.data):
                found = self._sheet(file, table)
                yield found.name, self._lines(found, file.name, table)
            elif (documents := self._json(file)) is not None:
                if (said := self._said(file.name)).keep_if or said.skip_if:
                    raise Invalid(
                        _(
                            "The map %(map)s, files: %(file)s is JSON; write keep_if and skip_if in a table.",
                            map=self._map.name,
                            file=file.name,
                        )
                    )
                try:
                    yield file.name, list(json_items(documents, table.each))
                except LookupError as error:
                    step, keys = error.args
                    raise self._no_step(table, file.name, step, keys) from error
            else:
                found = self._csv(file)
                yield found.name, self._lines(found, file.name, table)

    def _no_step(self, table: MapTable, file: str, step: str, keys: list[str]) -> Invalid:
        return Invalid(
            _(
                "The map %(map)s, %(key)s, each: in %(file)s there is no '%(step)s'; the nearest is "
                "'%(nearest)s', there are %(keys)s.",
                map=self._map.name,
                key=table.key,
                file=file,
                step=step,
                nearest=nearest(step, keys),
                keys=", ".join(keys)[:400],
            )
        )

    def _files(self, table: MapTable) -> list[Found]:
        named = {other.file for other in self._map.tables if other.file}
        if len(self._found) == 1 and len(named) <= 1:
            return self._found  # a copy may have any name
        if table.file is None and len(self._found) == 1:
            return self._found
        if table.file is None:
            names = ", ".join(file.name for file in self._found)[:400]
            raise Invalid(
                _(
                    "The map %(map)s, %(key)s: several files are given (%(files)s); name one with "
                    'from = "...".',
                    map=self._map.name,
                    key=table.key,
                    files=names,
                )
            )
        fits = [file for file in self._found if fits_name(file.name, table.file)]
        if not fits:
            raise self._no_file(f"{table.key}, from", table.file)
        return fits

    def _no_file(self, key: str, wanted: str) -> Invalid:
        return Invalid(
            _(
                "The map %(map)s, %(key)s: there is no file '%(file)s'; there are %(files)s.",
                map=self._map.name,
                key=key,
                file=wanted,
                files="; ".join(self._names())[:400] or _("none"),
            )
        )

    def _names(self) -> list[str]:
        """Return the names of the files and of the sheets in them."""
        names = [file.name for file in self._found]
        for file in self._found:
            if is_workbook(file.data):
                with suppress(*BROKEN_ZIP):  # told when it is read
                    names += [f"{file.name}, {sheet}" for sheet in sheet_names(file.name, file.data)]
        return names

    def _said(self, file: str, sheet: str | None = None) -> MapFile:
        """Return what the map says of a file as a whole; a copy of the only file may have any name."""
        if self._holds_for_any_name():
            return next(iter(self._map.files.values()))
        return self._map.file(file, sheet)

    def _holds_for_any_name(self) -> bool:
        return len(self._found) == len(self._map.files) == 1 and not is_workbook(self._found[0].data)

    def check_names(self) -> None:
        """Raise Invalid where the map says something of a file that is not there."""
        for pattern in () if self._holds_for_any_name() else self._map.files:
            if not any(fits_name(name, pattern) for name in self._names()):
                raise self._no_file("files", pattern)

    def _lines(self, found: CsvFile, name: str, table: MapTable) -> list[Item]:
        """Return the lines of a table without those that the map leaves out of the whole file."""
        said, items = self._said(name, found.table or None), list(table_items(found))
        for column in (*said.keep_if, *said.skip_if):
            if column not in found.columns and column != SURPLUS:
                raise self._no_column(name, column, found)
        kept = [item for item in items if wanted(item, said.keep_if, said.skip_if)]
        if len(kept) < len(items) and found.name not in self._told:
            self._told.add(found.name)
            values: dict[str, object] = {"file": found.name, "count": len(items) - len(kept)}
            self._report.warn(_("%(file)s: rows left out by the conditions of the map: %(count)s.", **values))
        return kept

    def _no_column(self, name: str, column: str, found: CsvFile) -> Invalid:
        columns = [column for column in found.columns if column]
        return Invalid(
            _(
                "The map %(map)s, files.\"%(file)s\": there is no column '%(column)s'; the nearest is "
                "'%(nearest)s', all are %(known)s.",
                map=self._map.name,
                file=name,
                column=column,
                nearest=nearest(column, columns),
                known=", ".join(columns)[:400],
            )
        )

    def _sheet(self, file: Found, table: MapTable) -> CsvFile:
        key = (file.name, table.sheet)
        if key not in self._tables:
            header = self._said(file.name, table.sheet).header
            sheets = read_workbook(
                file.name, file.data, self._report, sheet=table.sheet, header=header, loose=True
            )
            if len(sheets) != 1:
                raise Invalid(
                    _(
                        "The map %(map)s, %(key)s: %(file)s has %(count)s sheets (%(names)s); name one "
                        'with sheet = "...".',
                        map=self._map.name,
                        key=table.key,
                        file=file.name,
                        count=len(sheets),
                        names=", ".join(sheet.table for sheet in sheets)[:300],
                    )
                )
            self._tables[key] = sheets[0]
        return self._tables[key]

    def _text(self, file: Found) -> str:
        refuse_foreign(file.name, file.data)
        return decode(file.name, file.data, self._report, self._said(file.name).encoding)

    def _json(self, file: Found) -> list[Any] | None:
        if (file.name, None) in self._tables:
            return None
        if file.name not in self._documents:
            text = self._text(file)
            if not text.lstrip().startswith(("{", "[")):
                header = self._said(file.name).header
                self._tables[file.name, None] = parse(
                    file.name, text, self._report, header=header, loose=True
                )
                return None
            self._documents[file.name] = load(file.name, text)[0]
        return self._documents[file.name]

    def _csv(self, file: Found) -> CsvFile:
        return self._tables[file.name, None]

    def tell_of_unused(self, used: set[tuple[str, str]]) -> None:
        """Say which files, sheets and columns the map asks nothing of."""
        values: dict[str, object]
        for file in self._found:
            if file.name not in self._used:
                self._report.warn(_("%(file)s: the map reads nothing of it.", file=file.name))
            elif is_workbook(file.data):
                read = {sheet for name, sheet in self._tables if name == file.name and sheet}
                left_out = [name for name in sheet_names(file.name, file.data) if read and name not in read]
                if left_out:
                    values = {"file": file.name, "names": ", ".join(left_out)[:500]}
                    self._report.warn(_("%(file)s: the map reads nothing of the sheets %(names)s.", **values))
        for (whole, sheet), table in self._tables.items():
            asked = {column for file, column in used if file == table.name}
            asked |= {*self._said(whole, sheet).keep_if, *self._said(whole, sheet).skip_if}
            left = {column: 0 for column in table.columns if column and column not in asked}
            for _place, cells in table.rows():
                for column in left:
                    left[column] += bool(cells[column].strip())
            if named := ", ".join(f"{column} ({count})" for column, count in left.items() if count):
                values = {"file": table.name, "named": named[:1500]}
                self._report.warn(
                    _("%(file)s: the map does not take these columns (filled cells): %(named)s.", **values)
                )
            for place, text in table.surplus():
                self._report.reject(
                    table.name, place, "", text, _("left out: these cells stand under no column")
                )
        for name, documents in self._documents.items():
            self._tell_of_keys(name, documents, {column for file, column in used if file == name})

    def _tell_of_keys(self, name: str, documents: list[Any], asked: set[str]) -> None:
        """Say which keys of JSON nobody asks for, wherever they stand."""
        known = {step for column in asked for step in column.replace(UP, "").split(".")}
        known |= {step for table in self._map.tables for step in table.each}
        counts: dict[str, int] = {}
        todo = list(documents)
        for value in todo:  # grows while it is walked
            if isinstance(value, list):
                todo += value
            for key, inner in value.items() if isinstance(value, dict) else ():
                parts = inner if isinstance(inner, list) else [inner]
                if any(isinstance(part, dict | list) for part in parts):
                    todo += parts
                elif key not in known and any(part not in (None, "") for part in parts):
                    counts[key] = counts.get(key, 0) + 1
        if counts:
            named = ", ".join(f"{key} ({count})" for key, count in counts.items())
            values: dict[str, object] = {"file": name, "named": named[:1500]}
            self._report.warn(_("%(file)s: the map does not take these keys (filled): %(named)s.", **values))
