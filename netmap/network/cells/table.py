"""Cells as columns of numbers, and as objects where somebody looks at one. Pure.

Two thousand areas and three hundred lines are 600,000 cells: as objects they would fill the memory and take
longer to make than to work out.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from netmap.network.cells.kinds import code_of, kind_of
from netmap.packages.document import Line

NAMES = ("code", "n_lo", "n_hi", "ask", "providers", "only", "stale", "p_none", "ratio", "others", "wait")


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of help for one profile in one area.

    ``kind`` is None where the cell is open; ``blockers`` are criteria (those of the nearest miss where no
    single one would do). ``ask`` means that it may be open. ``only`` is the provider where there is just
    one. ``p_none`` is the probability that nothing recorded is true any more; None where nobody ever
    checked. ``ratio`` is the supply for each client, None where it is not known. ``required``: the package
    is not whole without it. ``others`` are the providers beside these of whom it is not known whether they
    are there. ``wait`` are the days of the shortest wait, None unless it is known of everybody who is there.
    """

    area: str
    profile: str
    line: Line
    required: bool
    kind: str | None
    blockers: tuple[str, ...]
    n_lo: int
    n_hi: int
    ask: bool
    providers: int
    only: str | None
    stale: bool
    p_none: float | None
    ratio: float | None = None
    others: int = 0
    wait: float | None = None


@dataclass(frozen=True)
class Row:
    """What the cells of one line have in common."""

    profile: str
    line: Line
    required: bool


@dataclass(frozen=True)
class Table:
    """All cells of a survey: a row for each line, a column for each area, an array for each number.

    ``only`` is the place of a provider in ``names`` of the kind of service, -1 for none; ``p_none``,
    ``ratio`` and ``wait`` are NaN where nothing is known.
    """

    rows: tuple[Row, ...]
    areas: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    code: NDArray[np.int16]
    n_lo: NDArray[np.int32]
    n_hi: NDArray[np.int32]
    ask: NDArray[np.bool_]
    providers: NDArray[np.int32]
    only: NDArray[np.int32]
    stale: NDArray[np.bool_]
    p_none: NDArray[np.float32]
    ratio: NDArray[np.float32]
    others: NDArray[np.int32]
    wait: NDArray[np.float32]

    @classmethod
    def empty(cls, rows: Sequence[Row], areas: Sequence[str]) -> "Table":
        """Return a table that has nobody in any cell."""
        shape = len(rows), len(areas)
        kinds = {
            "code": np.int16,
            "ask": np.bool_,
            "stale": np.bool_,
            "p_none": np.float32,
            "ratio": np.float32,
            "wait": np.float32,
        }
        made: dict[str, Any] = {name: np.zeros(shape, dtype=kinds.get(name, np.int32)) for name in NAMES}
        made["only"][:] = -1
        made["p_none"][:] = made["ratio"][:] = made["wait"][:] = np.nan
        return cls(tuple(rows), tuple(areas), {}, **made)

    def part(self, rows: Sequence[int], columns: Sequence[int]) -> "Table":
        """Return some rows and columns."""
        some = np.ix_(rows, columns)
        numbers: dict[str, Any] = {name: getattr(self, name)[some] for name in NAMES}
        areas = tuple(self.areas[column] for column in columns)
        return Table(tuple(self.rows[row] for row in rows), areas, self.names, **numbers)

    @cached_property
    def cells(self) -> "Cells":
        """All cells, row by row."""
        return Cells(self, np.arange(self.code.size, dtype=np.int32))


class Cells(Sequence[Cell]):
    """Some cells of a table in some order; each becomes an object when it is looked at."""

    def __init__(self, table: Table, places: NDArray[np.int32]) -> None:
        self.table, self.places = table, places

    @property
    def rows(self) -> NDArray[np.int32]:
        """Return the row of each cell in its table."""
        return self.places // max(1, len(self.table.areas))

    @property
    def columns(self) -> NDArray[np.int32]:
        """Return the column of each cell in its table."""
        return self.places % max(1, len(self.table.areas))

    def take(self, name: str) -> NDArray[Any]:
        """Return one number of each cell."""
        found: NDArray[Any] = getattr(self.table, name).ravel()[self.places]
        return found

    def those(self, chosen: NDArray[Any]) -> "Cells":
        """Return the chosen cells, by flags or by places among these."""
        return Cells(self.table, self.places[chosen])

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> "Cells": ...
    def __getitem__(self, place: int | slice) -> "Cell | Cells":
        if isinstance(place, slice):
            return Cells(self.table, self.places[place])
        return next(iter(Cells(self.table, self.places[[place]])))

    def __iter__(self) -> Iterator[Cell]:
        table = self.table
        numbers = zip(*(self.take(name).tolist() for name in NAMES), strict=True)
        for row, column, found in zip(self.rows.tolist(), self.columns.tolist(), numbers, strict=True):
            code, low, high, ask, providers, only, stale, none, ratio, others, wait = found
            head, (kind, blockers) = table.rows[row], kind_of(code)
            yield Cell(
                table.areas[column], head.profile, head.line, head.required, kind, blockers, low, high, ask,
                providers, table.names[head.line.service_type][only] if only >= 0 else None, stale,
                _known(none), _known(ratio), others, _known(wait),
            )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_same, self, other))

    __hash__ = None  # type: ignore[assignment]


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def _same(one: object, other: object) -> bool:
    return one == other


def packed(cells: Iterable[Cell]) -> Cells:
    """Return cells as those of a table: of their own where they come as objects."""
    if isinstance(cells, Cells):
        return cells
    given = list(cells)
    heads = list({(cell.profile, cell.line.key): cell for cell in given}.values())
    number = {(cell.profile, cell.line.key): place for place, cell in enumerate(heads)}
    areas = tuple(dict.fromkeys(cell.area for cell in given))
    column = {code: place for place, code in enumerate(areas)}
    names = tuple(dict.fromkeys(cell.only for cell in given if cell.only is not None))
    named = {name: place for place, name in enumerate(names)}
    table = Table.empty([Row(cell.profile, cell.line, cell.required) for cell in heads], areas)
    table.names.update((cell.line.service_type, names) for cell in heads)
    places = []
    for cell in given:
        at = number[cell.profile, cell.line.key], column[cell.area]
        places.append(at[0] * len(areas) + at[1])
        table.code[at] = code_of(cell.kind, cell.blockers)
        for name in ("n_lo", "n_hi", "ask", "providers", "stale", "others"):
            getattr(table, name)[at] = getattr(cell, name)
        table.only[at] = -1 if cell.only is None else named[cell.only]
        table.p_none[at] = np.nan if cell.p_none is None else cell.p_none
        table.ratio[at] = np.nan if cell.ratio is None else cell.ratio
        table.wait[at] = np.nan if cell.wait is None else cell.wait
    return Cells(table, np.array(places, dtype=np.int32))
