"""One table as it was read: its name, its columns, and its rows with the place where each stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from netmap.errors import Invalid
from netmap.i18n import gettext as _

Place = int | str
"""A line as a spreadsheet shows it (the header is line 1), or a path in JSON ("services[3].phones[0]")."""


@dataclass(frozen=True)
class CsvFile:
    """One table of a file.

    ``table`` is the HSDS name of the table where the name of the file does not say it; ``notes`` are
    sentences about the file that belong into a report.
    """

    name: str
    columns: tuple[str, ...]
    cells: list[tuple[Place, list[str]]]
    table: str = ""
    notes: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """Return the name that says which table this is."""
        return self.table or self.name.rpartition(".")[0]

    def rows(self) -> Iterator[tuple[Place, dict[str, str]]]:
        """Give (place, cells by column)."""
        for place, cells in self.cells:
            padded = cells + [""] * (len(self.columns) - len(cells))
            yield place, {column: cell for column, cell in zip(self.columns, padded, strict=False) if column}

    def surplus(self) -> Iterator[tuple[Place, str]]:
        """Give the cells that lie under no column: their place and what they hold."""
        named = [bool(column) for column in self.columns]
        for place, cells in self.cells:
            extra = [
                cell for i, cell in enumerate(cells) if cell.strip() and not (i < len(named) and named[i])
            ]
            if extra:
                yield place, " | ".join(extra)


def require_columns(file: CsvFile, required: tuple[str, ...]) -> None:
    """Raise Invalid where a file lacks a column that its rows cannot do without."""
    missing = [column for column in required if column not in file.columns]
    if missing:
        raise Invalid(
            _(
                "%(name)s lacks the column %(missing)s; its first line names %(columns)s.",
                name=file.name,
                missing=", ".join(missing),
                columns=", ".join(column for column in file.columns if column)[:300],
            )
        )
