"""The sums of one line of one profile: who passes where, and why nobody does. Pure.

What differs from offer to offer is one mask a row; what differs from area to area are the lists of
`netmap.network.cells.near`. Sums walk the lists of the offers that matter, so areas out of reach cost
nothing. The tables of offers x areas are there too, for whoever looks at one line closely.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import Duration
from netmap.network.cells import naming
from netmap.network.cells.facts import Offers
from netmap.network.cells.ground import Ground
from netmap.network.cells.kinds import BIT, Bits
from netmap.network.cells.near import Flags, Near
from netmap.network.cells.profiles import Profile, needed
from netmap.network.cells.table import Cell, Row, Table
from netmap.network.statistics import HALF_LIFE_DAYS, still_true
from netmap.packages.document import Line

Counts = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Link:
    """In how many areas a provider is there for a line, for sure and perhaps; 0 and 0 means never."""

    profile: str
    line: Line
    provider: str
    sure: int
    perhaps: int


class Tables:
    """How some offers stand to every area.

    ``fails``, ``unclear``: for each offer the criteria other than distance that it fails, and that nobody
    knows. ``failed`` and ``unknown`` are tables of all criteria, offers x areas; ``sure`` are the offers that
    pass all, ``perhaps`` those that fail none.
    """

    def __init__(self, fails: Bits, unclear: Bits, near: Near) -> None:
        self.fails, self.unclear, self.near = fails, unclear, near

    def only(self, rows: NDArray[np.intp]) -> "Tables":
        """Return the tables of some of the offers, in the order of these."""
        return Tables(self.fails[rows], self.unclear[rows], self.near.only(rows))

    @cached_property
    def failed(self) -> Bits:
        """The criteria that each offer fails in each area."""
        return np.asarray(self.fails[:, None] | np.where(self._distance[0], BIT["distance"], np.uint16(0)))

    @cached_property
    def unknown(self) -> Bits:
        """The criteria of each offer that nobody knows in each area."""
        return np.asarray(self.unclear[:, None] | np.where(self._distance[1], BIT["distance"], np.uint16(0)))

    @cached_property
    def sure(self) -> Flags:
        """The offers that pass everything in each area."""
        return np.asarray((self.failed | self.unknown) == 0)

    @cached_property
    def perhaps(self) -> Flags:
        """The offers that fail nothing in each area, as far as is known."""
        return np.asarray((self.failed == 0) & ~self.sure)

    @cached_property
    def _distance(self) -> tuple[Flags, Flags]:
        return self.near.dense()


class LineCells(Tables):
    """One line of one profile on a ground."""

    def __init__(self, ground: Ground, profile: Profile, line: Line) -> None:
        self._areas, self._profile, self.line = ground.areas, profile, line
        self.group: Offers = ground.of_type(line.service_type)
        self._wish = cast(Duration, line.duration) if line.duration else None
        judged = self.group.masks(replace(profile.typical, duration=self._wish))
        super().__init__(*judged, ground.reach(line.service_type, profile.typical))
        self.passes: Flags = (self.fails | self.unclear) == 0

    @cached_property
    def shut_out(self) -> Bits:
        """The criteria other than distance that each offer fails for everybody in the package."""
        return self.group.masks(replace(self._profile.stated, duration=self._wish))[0]

    def cells(self, day: date, stale_days: int) -> Iterator[Cell]:
        """Yield the cell of every area."""
        row = row_of(self._profile, self.line)
        table = Table.empty([row], [area.code for area in self._areas])
        self.write(table, 0, day, stale_days)
        return iter(table.cells)

    def write(
        self, table: Table, row: int, day: date, stale_days: int, half_life: float = HALF_LIFE_DAYS
    ) -> None:
        """Write the cells of the line into a row of a table; the supply for each client is not in it."""
        table.names[self.line.service_type] = self.group.providers[0]
        near, fine = self.near, self.fails == 0
        table.n_lo[row] = low = near.sure.count(self.passes)
        allowed = self.shut_out == 0
        table.n_hi[row] = self._possible(allowed) + near.sure.count(allowed)
        maybe = self._possible(fine) + near.sure.count(fine & ~self.passes)
        table.ask[row] = ask = (low == 0) & (maybe > 0)
        if (low == 0).any():
            table.code[row] = naming.codes(near, self.fails, self.unclear, low == 0, ask)
        providers, columns = self.there
        table.providers[row] = count = np.bincount(columns, minlength=len(low))
        last = np.zeros(len(low), dtype=np.int32)
        last[columns] = providers
        table.only[row] = np.where(count == 1, last, -1)
        if maybe.any():
            table.others[row] = self._others()
        self._age(table, row, self.group.ages(day), stale_days, half_life)

    @cached_property
    def there(self) -> tuple[Counts, NDArray[np.int32]]:
        """Provider and area, each pair once, where the provider is there for sure."""
        return self._once(*self.near.sure.pairs(self.passes))

    def _others(self) -> Counts:
        """Return how many providers may be there in each area beside those that are there for sure."""
        owner, fine = self.group.provider, self.fails == 0
        met = np.zeros((len(self.group.providers[0]), len(self._areas)), dtype=bool)
        for lists, chosen in ((self.near.sure, fine & ~self.passes), (self.near.unsure, fine)):
            rows, columns = lists.pairs(chosen)
            met[owner[rows], columns] = True
        met[owner[fine & self.near.anywhere]] = True
        providers, columns = self.there
        met[providers, columns] = False
        return np.asarray(met.sum(axis=0))

    def links(self) -> Iterator[Link]:
        """Yield in how many areas each provider is there."""
        names, starts = self.group.providers
        surely = _any_of(self.sure, starts)
        perhaps = _any_of(self.perhaps, starts) & ~surely
        counts = zip(names, surely.sum(axis=1).tolist(), perhaps.sum(axis=1).tolist(), strict=True)
        for name, sure, maybe in counts:
            yield Link(self._profile.code, self.line, name, sure, maybe)

    def used(self) -> Flags:
        """Return which providers are there for any area, for sure or perhaps."""
        reached = (self.near.sure.lengths + self.near.unsure.lengths > 0) | self.near.anywhere
        found = np.zeros(len(self.group.providers[0]), dtype=bool)
        found[self.group.provider[(self.fails == 0) & reached & (len(self._areas) > 0)]] = True
        return found

    def _possible(self, chosen: Flags) -> Counts:
        """Return how many of the chosen offers may reach each area, which nobody knows."""
        return self.near.unsure.count(chosen) + int((chosen & self.near.anywhere).sum())

    def _once(self, rows: Counts, columns: NDArray[np.int32]) -> tuple[Counts, NDArray[np.int32]]:
        if len(self.group.providers[0]) == len(self.group.offers):
            return rows, columns
        met = np.zeros((len(self.group.providers[0]), len(self._areas)), dtype=bool)
        met[self.group.provider[rows], columns] = True
        providers, where = np.divmod(np.flatnonzero(met), max(1, len(self._areas)))
        return providers, where.astype(np.int32)

    def _age(
        self, table: Table, row: int, ages: NDArray[np.float64], stale_days: int, half_life: float
    ) -> None:
        """Write where everything recorded is old, and the probability that nothing of it is true."""
        fresh = self.near.sure.count(self.passes & (ages <= stale_days))
        table.stale[row] = stale = (table.n_lo[row] > 0) & (fresh == 0)
        if not stale.any():
            return
        rows, columns = self.near.sure.pairs(self.passes & (ages > stale_days))
        rows, columns = rows[stale[columns]], columns[stale[columns]]
        first = np.unique(self.group.service[rows] * len(stale) + columns, return_index=True)[1]
        rows, columns = rows[first], columns[first]
        gone = np.where(np.isfinite(ages), 1 - still_true(ages, half_life), np.nan)
        none = np.where(stale, 1.0, np.nan)
        np.multiply.at(none, columns, gone[rows])
        table.p_none[row] = none


def row_of(profile: Profile, line: Line) -> Row:
    """Return what the cells of a line have in common."""
    return Row(profile.code, line, needed(line, profile.lines))


def _any_of(flags: Flags, starts: Counts) -> Flags:
    """Return for each run of rows whether any of them holds."""
    if len(starts) == len(flags):  # each run is one row
        return flags
    return np.asarray(np.logical_or.reduceat(flags, starts, axis=0))
