"""People and places as numbers of a table's areas: how much a cell weighs, and which comes first. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netmap.network.cells.table import Table
from netmap.network.statistics import Demand

Demands = Mapping[tuple[str, str], Demand]  # (area, profile) -> demand
Sizes = Mapping[str, tuple[int, int]]  # area -> (people, places); 0 where not known
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """The clients of one profile in each area; NaN where nobody counted them."""

    clients: Floats
    expected: Floats
    variance: Floats
    common: Floats
    population: Floats
    first: NDArray[np.intp]  # the place of each area in the order: most clients, then largest


class Weights:
    """What the cells of a table weigh."""

    def __init__(self, table: Table, demands: Demands, sizes: Sizes | None = None) -> None:
        self.table, self._demands = table, demands
        self.line = np.array([row.line.weight for row in table.rows], dtype=float)
        self.keys = _places([row.line.key for row in table.rows])
        sized = [sizes.get(code, (0, 0)) if sizes else (0, 0) for code in table.areas]
        order = sorted(zip(sized, table.areas, strict=True), key=lambda one: (-one[0][0], -one[0][1], one[1]))
        place = {code: number for number, (_size, code) in enumerate(order)}
        self._large = np.array([place[code] for code in table.areas], dtype=np.intp)
        self._people: dict[str, People] = {}

    def people(self, profile: str) -> People:
        """Return the clients of a profile in the areas of the table."""
        if profile not in self._people:
            found = [self._demands.get((area, profile)) for area in self.table.areas]
            numbers = [_numbers(one) if one else _NOBODY for one in found]
            clients, expected, variance, common, population = np.array(numbers, dtype=float).reshape(-1, 5).T
            heads = np.where(np.isnan(clients), 1.0, clients)
            first = np.empty(len(found), dtype=np.intp)
            first[np.lexsort((self._large, -heads))] = np.arange(len(found))
            self._people[profile] = People(clients, expected, variance, common, population, first)
        return self._people[profile]


_NOBODY = (np.nan, np.nan, np.nan, np.nan, np.nan)


def _numbers(one: Demand) -> tuple[float, float, float, float, float]:
    return one.clients, one.expected, one.variance, one.common, one.population or 0.0


def _places(keys: list[str]) -> NDArray[np.intp]:
    """Return the place of each key in their order."""
    order = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([order[key] for key in keys], dtype=np.intp)
