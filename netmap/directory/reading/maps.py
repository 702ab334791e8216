"""A map: which column of a foreign file is which field of HSDS; the words of its language as data.

The language is described in docs/importing.md; a test checks that every key stands there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

MAP_KEYS = ("source", "title", "licence", "attribution", "files", "table", "values")
FILE_KEYS = ("header", "encoding", "keep_if", "skip_if")
TABLE_KEYS = ("into", "from", "sheet", "each", "keep_if", "skip_if", "rows", "fields")
FIELD_KEYS = (
    "column", "columns", "join", "text", "default", "values", "unknown", "split", "before", "after",
    "pattern", "as", "language",
)  # fmt: skip
READINGS = ("clock", "date dmy", "date mdy", "date ymd", "plain", "hours_text")
UNKNOWN = ("report", "keep")
Condition = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Field:
    """How one field is filled."""

    columns: tuple[str, ...] = ()
    join: str = ", "
    text: str | None = None
    default: str = ""
    values: Mapping[str, str] | None = None
    keep_unknown: bool = False
    split: str | None = None
    before: str | None = None
    after: str | None = None
    pattern: str | None = None
    reading: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class MapTable:
    """How the rows of one table are made; ``key`` says where in the map that stands."""

    key: str
    into: str
    file: str | None = None
    sheet: str | None = None
    each: tuple[str, ...] = ()
    keep_if: Condition = field(default_factory=dict)
    skip_if: Condition = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Map:
    """A whole map; ``name`` is that of its file."""

    name: str
    source: str
    title: str
    licence: str
    attribution: str
    tables: tuple[MapTable, ...]
    files: Mapping[str, "MapFile"] = field(default_factory=dict)

    def file(self, name: str) -> "MapFile":
        """Return what the map says of a file as a whole."""
        fits = (
            said for pattern, said in self.files.items() if fnmatchcase(name.casefold(), pattern.casefold())
        )
        return next(fits, MapFile())


@dataclass(frozen=True)
class MapFile:
    """What a map says of a file as a whole."""

    header: int | None = None
    encoding: str | None = None
    keep_if: Condition = field(default_factory=dict)
    skip_if: Condition = field(default_factory=dict)
