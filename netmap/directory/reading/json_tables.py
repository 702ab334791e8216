"""HSDS in JSON, nested as the standard nests it, into the tables of its tabular form."""

import json
from hashlib import sha256
from typing import Any

from netmap.directory.reading.collect import CORE, Tables
from netmap.directory.reading.json_names import ENTITIES, POINTERS, TABLES, TELLING, underscored
from netmap.directory.reading.json_text import load, note_doubles, scalar, too_deep
from netmap.directory.report import Report
from netmap.errors import NeedsMap
from netmap.i18n import gettext as _

Object = dict[str, Any]
SAID_AND_SHOWN = {"link_id", "link_entity", "resource_id", "resource_type"}


class NotHsds(NeedsMap):
    """JSON that is whole, but holds nothing of HSDS."""


def read_json(name: str, text: str, tables: Tables, report: Report) -> None:
    """Put the objects of a JSON text into tables.

    Known forms: one object, a list, a page with ``contents`` (or ``content``), one object that holds lists
    by the name of their table, and one object to a line.

    Raises
    ------
    Invalid
        If the text is no JSON, or its objects are none of HSDS.
    """
    reader = _Reader(name, tables, report)
    documents, by_line = load(name, text)
    try:
        for number, document in enumerate(documents, start=1):
            reader.take(document, _("line %(number)s", number=number) if by_line else "")
    except RecursionError as error:
        raise too_deep(name) from error


class _Reader:
    def __init__(self, name: str, tables: Tables, report: Report) -> None:
        self._name = name
        self._tables = tables
        self._report = report
        self._hint = _table_of_name(name)

    def take(self, document: Any, place: str) -> None:
        """Put one document into tables."""
        if isinstance(document, list):
            for number, item in enumerate(document):
                self._take_object(item, f"{place}[{number}]")
        elif isinstance(document, dict) and (page := _page(document)):
            self._tell_of_pages(document)
            for number, item in enumerate(document[page]):
                self._take_object(item, f"{page}[{number}]")
        elif isinstance(document, dict) and not document.get("id") and _holds_tables(document):
            self._take_lists(document, place)
        else:
            self._take_object(document, place)

    def _tell_of_pages(self, page: Object) -> None:
        page = {underscored(key): value for key, value in page.items()}
        if scalar(page.get("total_pages", "1")) not in {"", "0", "1"}:
            self._report.warn(
                _(
                    "%(name)s is page %(page)s of %(pages)s: the other pages are not in it.",
                    name=self._name,
                    page=scalar(page.get("page_number", page.get("number"))),
                    pages=scalar(page["total_pages"]),
                )
            )

    def _take_lists(self, document: Object, place: str) -> None:
        for key, value in document.items():
            if key in TABLES and isinstance(value, list):
                for number, item in enumerate(value):
                    self._row(item, TABLES[key], f"{place}{key}[{number}]")
            elif value not in (None, "", [], {}):
                self._report.warn(
                    _("%(name)s: '%(key)s' is no table of HSDS; left out.", name=self._name, key=key[:60])
                )

    def _take_object(self, item: Any, place: str) -> None:
        table = self._table_of(item) if isinstance(item, dict) else None
        if table is None:
            raise NotHsds(
                _(
                    "%(name)s is no HSDS JSON: %(place)s is no organization, service, location or "
                    "service at a location. A map can read other forms: see docs/importing.md.",
                    name=self._name,
                    place=place or _("its object"),
                )
            )
        self._row(item, table, place if place.startswith("content") else f"{table}{place}")

    def _table_of(self, item: Object) -> str | None:
        stated = {underscored(key) for key in item}
        scores = {table: len(stated & keys) for table, keys in TELLING.items()}
        if item.get("service_id") or isinstance(item.get("service"), dict):
            scores["service_at_location"] += 3
        best = max(scores, key=lambda table: scores[table])
        clear = scores[best] >= 2 and list(scores.values()).count(scores[best]) == 1
        if clear and (item.get("name") or best == "service_at_location" or item.get("id")):
            return best
        return self._hint if item.keys() & {"id", "name"} else None

    def _row(self, item: Any, table: str, place: str, links: dict[str, str] | None = None) -> str:
        """Keep one object and what it holds; return its id."""
        cells: dict[str, str] = {}
        nested: list[tuple[str, Any]] = []
        if not isinstance(item, dict):
            item = {"id": scalar(item)} if not isinstance(item, list) else {}
        note_doubles(self._name, item, place, self._report)
        for written, value in item.items():
            key = underscored(written)
            if any(isinstance(part, dict) for part in (value if isinstance(value, list) else [value])):
                nested.append((key, value))
            elif isinstance(value, list):
                cells[key] = ", ".join(scalar(v) for v in value if not isinstance(v, list))
            elif key in POINTERS and POINTERS[key] not in item and key != "taxonomy":
                cells[POINTERS[key]] = scalar(value)
            else:
                cells[key] = scalar(value)
        for name, id_ in (links or {}).items():  # where an object hangs is surer than what it says of that
            if cells.get(name, id_) not in ("", id_) and name in SAID_AND_SHOWN:
                sentence = _(
                    "%(file)s: %(field)s says another thing than where it hangs", file=self._name, field=name
                )
                self._report.note(sentence, place)
                cells[name] = id_
            cells[name] = cells.get(name) or id_
        if not cells.get("id") and (table in CORE or nested):
            cells["id"] = _made_id(table, cells)
        for key, value in nested:
            self._nested(key, value, table, cells, place)
        self._tables.add(self._name, table, place, cells)
        return cells.get("id", "")

    def _nested(self, key: str, value: Any, table: str, cells: dict[str, str], place: str) -> None:
        child = TABLES.get(key)
        entity = ENTITIES.get(table, table)
        if child is None:
            cells[key] = json.dumps(value, ensure_ascii=True)[:200]
        elif key in POINTERS and isinstance(value, dict):
            cells[POINTERS[key]] = self._row(value, child, f"{place}.{key}") or cells.get(POINTERS[key], "")
        else:
            for number, item in enumerate(value if isinstance(value, list) else [value]):
                where = f"{place}.{key}[{number}]" if isinstance(value, list) else f"{place}.{key}"
                if {table, child} == {"services", "locations"}:
                    self._pair(item, child, where, entity, cells["id"])
                else:
                    self._row(item, child, where, _links(child, entity, cells["id"]))

    def _pair(self, item: Any, child: str, place: str, entity: str, id_: str) -> None:
        """A service within a location, or the other way round: they meet in a row of its own."""
        other = self._row(item, child, place)
        pair = {f"{entity}_id": id_, f"{ENTITIES[child]}_id": other}
        pair["id"] = f"{pair['service_id']}-{pair['location_id']}"
        self._tables.add(self._name, "service_at_location", place, pair)


def _links(child: str, entity: str, id_: str) -> dict[str, str]:
    if child in {"attributes", "metadata"}:
        link = "link" if child == "attributes" else "resource"
        return {f"{link}_id": id_, f"{link}_{'entity' if link == 'link' else 'type'}": entity}
    return {f"{entity}_id": id_}


def _made_id(table: str, cells: dict[str, str]) -> str:
    content = "\x1f".join(f"{name}={cells[name]}" for name in sorted(cells))
    return sha256(f"{table}\x1f{content}".encode()).hexdigest()[:24]


def _page(document: Object) -> str | None:
    """Return the key of the list that a page of an API holds."""
    if isinstance(document.get("contents"), list):
        return "contents"
    return "content" if isinstance(document.get("content"), list) and document["content"] else None


def _holds_tables(document: Object) -> bool:
    return any(key in TABLES and isinstance(value, list) for key, value in document.items())


def _table_of_name(name: str) -> str | None:
    """Return the table that a file name begins with, the longest first.

    Examples
    --------
    >>> _table_of_name("service_at_location_list.json"), _table_of_name("Services 2024.json")
    ('service_at_location', 'services')
    """
    stem = "_".join(name.rpartition(".")[0].casefold().replace("-", " ").split())
    fits = [key for key in TABLES if stem.startswith(key)]
    return TABLES[max(fits, key=len)] if fits else None
