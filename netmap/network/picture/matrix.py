"""Needs by areas: for each pair how many lines of help are missing, to ask about, single or open."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from netmap.network.cells.states import STATES, state_of
from netmap.network.few import told_sum
from netmap.network.gaps.cards import doubts, key_of
from netmap.network.gaps.selection import Selection

MOST_AREAS = 30  # more columns cannot be read; the others are counted
By = Literal["need", "type"]


@dataclass
class Square:
    """One row in one area: how many lines are in each state, the clients of the gaps, and the gaps."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    people: dict[str, float] = field(default_factory=dict)  # package -> clients without help
    gaps: dict[str, tuple[str, str]] = field(default_factory=dict)  # key -> (service type, package)

    @property
    def worst(self) -> str:
        """Return the first state, in the order of `STATES`, that any line is in."""
        return next((state for state in STATES if self.counts[state]), "")


@dataclass(frozen=True)
class Matrix:
    """Rows (need or service type) by areas; ``left_out`` areas with fewer gaps do not fit."""

    rows: tuple[str, ...]
    areas: tuple[str, ...]
    squares: Mapping[tuple[str, str], Square]
    left_out: int

    def total(self, row: str, state: str) -> int:
        """Return how many lines of a row are in a state, over the areas that are shown."""
        squares = (self.squares.get((row, area)) for area in self.areas)
        return sum(square.counts[state] for square in squares if square)

    def clients(self, row: str) -> float:
        """Return the clients of a row whose line is missing, over the areas that are shown."""
        squares = (self.squares.get((row, area)) for area in self.areas)
        return sum(sum(square.people.values()) for square in squares if square)


def matrix(chosen: Selection, by: By = "need", most: int = MOST_AREAS) -> Matrix:
    """Return the matrix of a selection, by needs or by service types; the areas with most gaps first."""
    question = chosen.question
    untyped = doubts(*question.untyped)
    squares: dict[tuple[str, str], Square] = defaultdict(Square)
    rows: dict[str, None] = {}
    for cell in chosen.cells:
        row = cell.line.need if by == "need" else cell.line.service_type
        rows[row] = None
        state = state_of(cell, untyped, question.settings.fewest_providers)
        square = squares[row, cell.area]
        square.counts[state] += 1
        if cell.kind is not None:
            key = key_of(cell.kind, cell.line.service_type, cell.profile, cell.ask)
            square.gaps[key] = (cell.line.service_type, cell.profile)
        demand = question.demands.get((cell.area, cell.profile))
        if state == "gap" and demand:
            square.people[cell.profile] = demand.clients
    areas = _ranked({area for _row, area in squares}, squares)
    return Matrix(tuple(rows), tuple(areas[:most]), dict(squares), max(0, len(areas) - most))


def _ranked(areas: Iterable[str], squares: Mapping[tuple[str, str], Square]) -> list[str]:
    """Return the areas, those with the most clients in gaps first, then with most gaps."""
    weights: dict[str, list[float]] = {area: [0.0, 0.0] for area in areas}
    for (_row, area), square in squares.items():
        weights[area][0] += sum(square.people.values())
        weights[area][1] += square.counts["gap"]
    return sorted(weights, key=lambda area: (-weights[area][0], -weights[area][1], area))


def told(square: Square) -> str:
    """Return the clients of the gaps of a square, "" where nobody counted any."""
    return told_sum(square.people.values()) if square.people else ""
