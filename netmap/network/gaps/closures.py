"""What would be lost if one provider closed: for sure, and at most as far as others are not known. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from netmap.network.cells.table import Cell, Table, packed
from netmap.network.cells.weights import Demands


@dataclass(frozen=True, slots=True)
class Closure:
    """What the end of one provider would close: cells, and clients counted in a year.

    ``cells`` and ``clients`` are lost for sure; ``most_cells`` and ``most_clients`` also those for whom
    another provider may be there, about whom something is not known. ``people`` and ``most_people`` are the
    clients of each pair of area and package; no numbers where nobody counted.
    """

    provider: str
    cells: int
    most_cells: int
    people: tuple[float, ...]
    most_people: tuple[float, ...]

    @property
    def clients(self) -> float | None:
        """Return the clients who would lose something for sure, None where nobody counted."""
        if self.people or not self.cells:
            return sum(self.people) if self.most_people else None
        return None

    @property
    def most_clients(self) -> float | None:
        """Return the clients who may lose something, None where nobody counted."""
        return sum(self.most_people) if self.most_people else None


@dataclass(slots=True)
class _Lost:
    """The cells of one provider so far, and the pairs of column and package that they belong to."""

    cells: int = 0
    pairs: dict[tuple[int, str], None] = field(default_factory=dict)


def closures(cells: Iterable[Cell], demands: Demands) -> list[Closure]:
    """Return for each provider that is the only known one somewhere what its end would close.

    Only required lines count; a client who loses several lines is counted once.
    """
    found = packed(cells)
    needed = np.array([row.required for row in found.table.rows], dtype=bool)
    alone = found.those((found.take("only") >= 0) & needed[found.rows])
    sure: dict[str, _Lost] = {}
    most: dict[str, _Lost] = {}
    columns = (alone.rows, alone.columns, alone.take("only"), alone.take("others"))
    for row, column, only, others in zip(*(one.tolist() for one in columns), strict=True):
        head = found.table.rows[row]
        provider = found.table.names[head.line.service_type][only]
        for lost in (most,) if others else (sure, most):
            mine = lost.setdefault(provider, _Lost())
            mine.cells += 1
            mine.pairs[column, head.profile] = None
    rows = [
        Closure(
            provider,
            sure.get(provider, _Lost()).cells,
            lost.cells,
            _people(found.table, sure.get(provider, _Lost()).pairs, demands),
            _people(found.table, lost.pairs, demands),
        )
        for provider, lost in most.items()
    ]
    return sorted(rows, key=_place)


def _place(one: Closure) -> tuple[float | str, ...]:
    return -(one.clients or 0), -one.cells, -(one.most_clients or 0), -one.most_cells, one.provider


def _people(table: Table, pairs: Iterable[tuple[int, str]], demands: Demands) -> tuple[float, ...]:
    """Return the clients counted in pairs of area and package."""
    found = (demands.get((table.areas[column], profile)) for column, profile in sorted(pairs))
    return tuple(one.clients for one in found if one is not None)
