"""A map from its TOML file; a mistake is one sentence that names the map, the key and what would be right."""

import re
import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from netmap.directory.hours_text import LANGUAGES
from netmap.directory.reading.encodings import KNOWN
from netmap.directory.reading.limits import MEGABYTE
from netmap.directory.reading.maps import (
    FIELD_KEYS,
    FILE_KEYS,
    MAP_KEYS,
    READINGS,
    TABLE_KEYS,
    UNKNOWN,
    Condition,
    Field,
    Map,
    MapFile,
    MapTable,
)
from netmap.errors import Invalid
from netmap.i18n import gettext as _

DOTS = 500  # a key of a hundred thousand parts would keep the reader of TOML busy for a minute
LONGEST = 200  # letters of a key or word in a sentence
TEXTS = ("join", "text", "default", "before", "after", "pattern", "language")


def read_map(path: Path) -> Map:
    """Return a map from its file.

    Raises
    ------
    Invalid
        If the file cannot be read or says something that the language does not know.
    """
    try:
        if path.stat().st_size > MEGABYTE:
            raise Invalid(_("The map %(name)s is larger than 1 MB: is it a map?", name=path.name))
        return parse_map(path.name, path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Invalid(
            _("The map %(name)s cannot be read (%(error)s).", name=path.name, error=error)
        ) from error
    except UnicodeDecodeError as error:
        raise Invalid(_("The map %(name)s is not UTF-8; save it as UTF-8.", name=path.name)) from error


def parse_map(name: str, text: str) -> Map:
    """Return a map from its text; raises Invalid as `read_map` does."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > DOTS:
            raise Invalid(
                _("The map %(name)s, line %(line)s: a map has no line with more than %(most)s dots.",
                  name=name, line=number, most=DOTS)
            )  # fmt: skip
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid(
            _("The map %(name)s is no TOML (%(error)s): look at quotation marks and brackets there.",
              name=name, error=error)
        ) from error  # fmt: skip
    reader = _MapReader(name, found)
    return reader.whole()


class _MapReader:
    def __init__(self, name: str, found: dict[str, Any]) -> None:
        self._name = name
        self._found = found
        self._values = {key: self._texts(f"values.{key}", table)
                        for key, table in self._table("values", found.get("values", {})).items()}  # fmt: skip

    def whole(self) -> Map:
        found = self._found
        self._known("", found, MAP_KEYS)
        texts = {
            key: self._text(key, found.get(key)) for key in ("source", "title", "licence", "attribution")
        }
        files = self._table("files", found.get("files", {}))
        tables = found.get("table", [])
        if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
            raise self.wrong("table", _("write at least one [[table]], with two brackets"))
        return Map(
            self._name,
            **texts,
            tables=tuple(self._map_table(f"table {n}", table) for n, table in enumerate(tables, start=1)),
            files={file: self._file(f'files."{file}"', options) for file, options in files.items()},
        )

    def _file(self, key: str, options: Any) -> MapFile:
        self._known(key, self._table(key, options), FILE_KEYS)
        self._one_of(f"{key}, encoding", options.get("encoding", "utf-8"), KNOWN)
        header = options.get("header", 1)
        if not isinstance(header, int) or header < 1:
            raise self.wrong(f"{key}, header", _("give the number of the line that names the columns"))
        return MapFile(
            options.get("header"),
            options.get("encoding"),
            self._condition(f"{key}, keep_if", options.get("keep_if", {})),
            self._condition(f"{key}, skip_if", options.get("skip_if", {})),
        )

    def wrong(self, key: str, what: str) -> Invalid:
        return Invalid(
            _("The map %(name)s, %(key)s: %(what)s.", name=self._name, key=key[:LONGEST], what=what)
        )

    def _map_table(self, key: str, table: dict[str, Any]) -> MapTable:
        key = f"{key} ({table['into']})" if isinstance(table.get("into"), str) else key
        self._known(key, table, TABLE_KEYS)
        rows = table.get("rows", [])
        if not isinstance(rows, list) or bool(rows) == ("fields" in table):
            raise self.wrong(key, _("give either fields or rows"))
        if rows and table.keys() - {"into", "rows"}:
            raise self.wrong(key, _("rows stand for themselves: with them only 'into' is said"))
        fields = self._table(f"{key}, fields", table.get("fields", {}))
        each = self._optional(f"{key}, each", table.get("each"))
        return MapTable(
            key,
            self._text(f"{key}, into", table.get("into")),
            file=self._optional(f"{key}, from", table.get("from")),
            sheet=self._optional(f"{key}, sheet", table.get("sheet")),
            each=tuple(each.split(".")) if each else (),
            keep_if=self._condition(f"{key}, keep_if", table.get("keep_if", {})),
            skip_if=self._condition(f"{key}, skip_if", table.get("skip_if", {})),
            rows=tuple(self._texts(f"{key}, rows", row) for row in rows),
            fields={name: self._field(f"{key}, {name}", value) for name, value in fields.items()},
        )

    def _field(self, key: str, value: Any) -> Field:
        if isinstance(value, str):
            return Field((value,))
        self._known(key, self._table(key, value), FIELD_KEYS)
        if sum(name in value for name in ("column", "columns", "text")) != 1:
            raise self.wrong(key, _("give one of column, columns and text"))
        columns = value.get("columns", [value["column"]] if "column" in value else [])
        if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
            raise self.wrong(key, _("columns is a list of names in quotation marks"))
        texts = {name: self._optional(f"{key}, {name}", value.get(name)) for name in TEXTS}
        self._one_of(f"{key}, as", value.get("as", READINGS[0]), READINGS)
        if texts["language"] is not None:
            self._one_of(f"{key}, language", texts["language"], LANGUAGES)
        self._one_of(f"{key}, unknown", value.get("unknown", UNKNOWN[0]), UNKNOWN)
        if texts["pattern"] is not None:
            self._pattern(key, texts["pattern"])
        return Field(
            tuple(columns),
            join=", " if texts["join"] is None else texts["join"],
            text=texts["text"],
            default=texts["default"] or "",
            values=self._translation(key, value.get("values")),
            keep_unknown=value.get("unknown") == "keep",
            split=self._signs(key, value.get("split")),
            before=texts["before"],
            after=texts["after"],
            pattern=texts["pattern"],
            reading=value.get("as"),
            language=texts["language"],
        )

    def _signs(self, key: str, value: Any) -> tuple[str, ...] | None:
        if value is None:
            return None
        signs = value if isinstance(value, list) else [value]
        if not signs or not all(isinstance(sign, str) and sign for sign in signs):
            raise self.wrong(key, _("split is the sign between the pieces, such as ';'"))
        return tuple(signs)

    def _pattern(self, key: str, pattern: str) -> None:
        try:
            groups = re.compile(pattern).groups
        except (re.error, RecursionError, OverflowError) as error:
            raise self.wrong(key, _("the pattern cannot be read (%(error)s)", error=error)) from error
        if groups != 1:
            raise self.wrong(key, _("the pattern needs one pair of round brackets around what is taken"))

    def _translation(self, key: str, value: Any) -> Mapping[str, str] | None:
        if value is None:
            return None
        if isinstance(value, str):
            self._one_of(f"{key}, values", value, self._values)
            return self._values[value]
        return self._texts(f"{key}, values", value)

    def _condition(self, key: str, value: Any) -> Condition:
        found: dict[str, tuple[str, ...]] = {}
        for column, wanted in self._table(key, value).items():
            several = wanted if isinstance(wanted, list) else [wanted]
            if not all(isinstance(text, str) for text in several):
                raise self.wrong(key, _("write values in quotation marks"))
            found[column] = tuple(text.casefold().strip() for text in several)
        return found

    def _texts(self, key: str, value: Any) -> dict[str, str]:
        table = self._table(key, value)
        if not all(isinstance(text, str) for text in table.values()):
            raise self.wrong(key, _("write values in quotation marks"))
        return table

    def _table(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(key, _('a table is needed here, such as { column = "name" }'))
        return value

    def _optional(self, key: str, value: Any) -> str | None:
        return None if value is None else self._text(key, value, empty=True)

    def _text(self, key: str, value: Any, *, empty: bool = False) -> str:
        if not isinstance(value, str) or not (value.strip() or empty):
            raise self.wrong(key, _("a text in quotation marks is needed here"))
        return value

    def _known(self, key: str, table: Mapping[str, Any], known: Collection[str]) -> None:
        for name in table:
            self._one_of(f"{key}, {name}" if key else name, name, known)

    def _one_of(self, key: str, word: Any, known: Collection[str]) -> None:
        if word not in known:
            nearest = get_close_matches(str(word), known, n=1, cutoff=0.0)
            raise self.wrong(
                key,
                _(
                    "'%(word)s' is not known here; the nearest is '%(nearest)s', all are %(known)s",
                    word=str(word)[:LONGEST],
                    nearest=nearest[0] if nearest else "",
                    known=", ".join(known)[:400],
                ),
            )
