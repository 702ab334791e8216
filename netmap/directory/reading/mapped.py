"""Files of any form into HSDS tables, as a map says."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from netmap.directory.csvfiles import CsvFile, Place
from netmap.directory.hours_text import read_hours_text
from netmap.directory.reading.collect import CORE, Tables
from netmap.directory.reading.gather import Found
from netmap.directory.reading.mapped_cells import Teller, pieces, placeholders
from netmap.directory.reading.mapped_items import Item, known_columns, nearest, wanted
from netmap.directory.reading.mapped_own import VIRTUAL, expand
from netmap.directory.reading.mapped_sources import Sources
from netmap.directory.reading.maps import Map, MapTable
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

HOURS = "hours_text"


def apply_map(map_: Map, found: list[Found], report: Report) -> list[CsvFile]:
    """Return the HSDS tables that a map makes of files; the report says what was not taken.

    Raises
    ------
    Invalid
        If a file cannot be read, or the map names a file, sheet, path or column that is not there.
    """
    tables = Tables(report)
    sources = Sources(map_, found, report)
    sources.check_names()
    used: set[tuple[str, str]] = set()
    for table in map_.tables:
        for number, row in enumerate(table.rows, start=1):
            _keep(tables, map_.name, table.into, f"{table.key}[{number}]", dict(row))
        if table.fields:
            for file, items in sources.items_of(table):
                used |= _check_columns(map_, table, file, items, report)
                _make_rows(table, file, items, tables, report)
    sources.tell_of_unused(used)
    return tables.files()


def _keep(tables: Tables, file: str, into: str, place: Place, cells: dict[str, str]) -> None:
    if into in VIRTUAL:
        for table, row in expand(into, cells):
            tables.add(file, table, place, row)
    else:
        tables.add(file, into, place, cells)


def _columns(table: MapTable) -> dict[str, str]:
    """Return the columns that a table asks for, with the key of the map that asks."""
    asked = dict.fromkeys(table.keep_if, f"{table.key}, keep_if")
    asked |= dict.fromkeys(table.skip_if, f"{table.key}, skip_if")
    for name, field in table.fields.items():
        asked |= dict.fromkeys((*field.columns, *placeholders(field)), f"{table.key}, {name}")
    return asked


def _check_columns(
    map_: Map, table: MapTable, file: str, items: list[Item], report: Report
) -> set[tuple[str, str]]:
    """Say which columns no item has; in a table with a line of columns that is an error of the map."""
    asked = _columns(table)
    missing = [column for column in asked if not any(item.pieces(column) is not None for item in items)]
    for column in missing if items else ():
        key, known = asked[column], known_columns(items)
        values: dict[str, object] = {
            "map": map_.name,
            "key": key,
            "file": file,
            "column": column,
            "nearest": nearest(column, known),
        }
        if not table.each and isinstance(items[0].place, int):
            raise Invalid(
                _(
                    "The map %(map)s, %(key)s: %(file)s has no column '%(column)s'; the nearest is "
                    "'%(nearest)s', all are %(known)s.",
                    known=", ".join(known)[:400],
                    **values,
                )
            )
        sentence = _(
            "The map %(map)s, %(key)s: nothing in %(file)s has '%(column)s', nearest '%(nearest)s'.", **values
        )
        if len(missing) == len(asked):  # a map for another file: all records would count as gone
            raise Invalid(sentence)
        report.warn(sentence)
    return {(file, column) for column in asked}


def _make_rows(table: MapTable, file: str, items: Iterable[Item], tables: Tables, report: Report) -> None:
    teller, skipped, empty, hours = Teller(file, report), 0, 0, [0, 0]
    for item in items:
        if not wanted(item, table.keep_if, table.skip_if):
            skipped += 1
            continue
        rows = list(_rows_of(table, item, teller, hours))
        empty += not rows
        for row in rows:
            _keep(tables, file, table.into, item.place, row)
    teller.close()
    values: dict[str, object] = {"file": file, "table": table.into, "count": skipped, "empty": empty}
    if skipped:
        report.warn(
            _("%(file)s: rows not taken for %(table)s by the conditions of the map: %(count)s.", **values)
        )
    if empty:
        report.warn(_("%(file)s: rows that hold nothing for %(table)s: %(empty)s.", **values))
    if hours[0]:
        values |= {"texts": hours[0], "unread": hours[1]}
        report.warn(
            _(
                "%(file)s: of %(texts)s texts of hours %(unread)s cannot be read; the words are kept.",
                **values,
            )
        )


def _rows_of(table: MapTable, item: Item, teller: Teller, hours: list[int]) -> Iterator[dict[str, str]]:
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for name, field in table.fields.items():
        found = pieces(name, field, item, teller)
        if name == "id" or name.endswith("_id"):
            found = [text.replace(",", ";") for text in found]  # a comma would make two ids of one
        if field.split is None:
            single[name] = found[0]
        else:
            several[name] = found
    combined = zip_longest(*several.values(), fillvalue="") if several else [()]
    rows = [{**single, **dict(zip(several, texts, strict=True))}
            for texts in combined if any(texts) or not several]  # fmt: skip
    rows = [row for row in rows if _says_something(table, row)]
    yield from _with_hours(rows, table.fields[HOURS].language, hours) if HOURS in table.fields else rows


def _says_something(table: MapTable, row: dict[str, str]) -> bool:
    """Return whether a row holds more than constants and links.

    A record that counts by itself is kept for the report to judge; only a place without an id is none, for
    nothing could name it. Where a table is nothing but links, all of them are needed.
    """
    if table.into in CORE:
        return table.into != "locations" or bool(row.get("id", "any"))
    varying = [name for name, field in table.fields.items() if field.columns or placeholders(field)]
    telling = [name for name in varying if name != "id" and not name.endswith("_id")]
    return any(row[name] for name in telling) if telling else all(row[name] for name in varying)


def _with_hours(
    rows: list[dict[str, str]], language: str | None, hours: list[int]
) -> Iterator[dict[str, str]]:
    """Give a row for each interval that the texts of an item hold, and one for each text that stays unread.

    A closed day needs no words where the hours of other days of the same item are known.
    """
    texts = [(row, read_hours_text(row.pop(HOURS), language)) for row in rows if row[HOURS]]
    is_known = any(read.rows for _row, read in texts)
    for row, read in texts:
        hours[0] += 1
        noted = {"description": read.note} if read.note and not row.get("description") else {}
        for told in read.rows:
            times = {"byday": told.byday, "freq": told.freq}
            times |= {"opens_at": told.opens_at or "", "closes_at": told.closes_at or ""}
            yield {**row, **noted, **times}
        if read.unread and not (read.closed and is_known):
            hours[1] += 1
            yield {**row, "unread": read.unread}
