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


def fits_name(name: str, pattern: str) -> bool:
    """Return whether the name of a file is that of the map, in which ``*`` is anything.

    Examples
    --------
    >>> fits_name("List May.csv", "list*.csv"), fits_name("a.csv", "b.csv")
    (True, False)
    """
    return fnmatchcase(name.casefold(), pattern.casefold())


@dataclass(frozen=True)
class Field:
    """How one field is filled."""

    columns: tuple[str, ...] = ()
    join: str = ", "
    text: str | None = None
    default: str = ""
    values: Mapping[str, str] | None = None
    keep_unknown: bool = False
    split: tuple[str, ...] | None = None
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

    def file(self, name: str, sheet: str | None = None) -> "MapFile":
        """Return what the map says of a file as a whole, or of one of its sheets, named "FILE, SHEET".

        Examples
        --------
        >>> said = {"*": MapFile(header=4), "*, Sites": MapFile(header=2)}
        >>> map_ = Map("m.toml", "s", "t", "l", "a", (), said)
        >>> map_.file("list.xlsx", "Sites").header, map_.file("list.xlsx", "Programs").header
        (2, 4)
        """
        fits = [said for pattern, said in self.files.items() if fits_name(name, pattern)]
        if sheet is not None:
            of_sheet = [
                said
                for pattern, said in self.files.items()
                if fits_name(f"{name}, {sheet}", pattern) and not fits_name(name, pattern)
            ]
            fits = of_sheet + fits
        return next(iter(fits), MapFile())


@dataclass(frozen=True)
class MapFile:
    """What a map says of a file as a whole."""

    header: int | None = None
    encoding: str | None = None
    keep_if: Condition = field(default_factory=dict)
    skip_if: Condition = field(default_factory=dict)
