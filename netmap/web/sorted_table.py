"""Tables that are sorted by following a link: the address holds the column, so it works without a script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands over it, and by what it sorts; numbers begin with the highest."""

    key: str
    head: str
    value: Callable[[Row], Any]
    number: bool = False


@dataclass(frozen=True)
class Sorted:
    """The columns of a table, the one it is sorted by, and whether upwards; for `network/tables.html`."""

    columns: Sequence[Column]
    by: str
    up: bool

    @property
    def wish(self) -> str:
        """Return what the address says."""
        return self.by if self.up else f"-{self.by}"

    def next(self, column: Column) -> str:
        """Return what the address of a column's link says: the other way round where it is sorted by it."""
        if column.key == self.by:
            return f"-{column.key}" if self.up else column.key
        return f"-{column.key}" if column.number else column.key

    def sort(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows in order; those of which the value is not known come last either way."""
        value = next(column.value for column in self.columns if column.key == self.by)
        known = [row for row in rows if value(row) is not None]
        unknown = [row for row in rows if value(row) is None]
        return [*sorted(known, key=value, reverse=not self.up), *unknown]


def sorted_by(columns: Sequence[Column], wish: str, default: str) -> Sorted:
    """Return how a table is sorted: as the address asks, else by default.

    Examples
    --------
    >>> columns = [Column("name", "Name", lambda row: row["name"])]
    >>> sorted_by(columns, "-name", "name").wish, sorted_by(columns, "age", "name").wish
    ('-name', 'name')
    """
    keys = {column.key for column in columns}
    chosen = wish if wish.removeprefix("-") in keys else default
    return Sorted(columns, chosen.removeprefix("-"), not chosen.startswith("-"))
