"""Packages of which every required line is there: for sure, or perhaps. Pure."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from netmap.network.cells.table import Cell, Table, packed
from netmap.network.cells.weights import Demands

Flags = NDArray[np.bool_]


def whole_packages(table: Table, *, perhaps: bool = False) -> dict[str, Flags]:
    """Return for each profile the areas in which every required line is there.

    ``perhaps`` counts a line as there too that has to be asked about. What is closed to the typical client by
    known facts is no question, though some other client of the package may get in.
    """
    whole: dict[str, Flags] = {}
    for number, row in enumerate(table.rows):
        if row.required:
            there = table.n_lo[number] > 0
            if perhaps:
                there = there | table.ask[number]
            whole[row.profile] = whole[row.profile] & there if row.profile in whole else there
    return whole


def complete_packages(cells: Iterable[Cell], demands: Demands, *, perhaps: bool = False) -> tuple[int, int]:
    """Return in how many pairs of area and profile every required line is there, and of how many.

    Pairs without clients are left out where demand is known. ``perhaps`` counts those in which every line may
    be there.
    """
    table = packed(cells).table
    counted = {pair for pair, found in demands.items() if found.clients > 0}
    kept = [
        bool(state)
        for profile, states in whole_packages(table, perhaps=perhaps).items()
        for area, state in zip(table.areas, states, strict=True)
        if not counted or (area, profile) in counted
    ]
    return sum(kept), len(kept)
