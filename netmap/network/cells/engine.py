"""Cells: (area, profile, line of the package), and for each why nobody is there for these people. Pure.

Every offer of the line's kind of service is judged as `netmap.directory.eligibility.judge` would; what is
unknown counts as a failure for ``n_lo`` and as a pass for ``n_hi``, so n_lo <= true number <= n_hi. A cell is
a gap where n_lo is 0. It is closed for sure where n_hi is 0; it is closed to the typical client where only
facts that are typical, not defining, stand in the way; otherwise somebody has to be asked.

A gap is named by the one constraint whose lifting alone would open it, whatever the order of the filters.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from netmap.network.cells.capacity import shared_capacity
from netmap.network.cells.facts import age_days
from netmap.network.cells.ground import Ground
from netmap.network.cells.handoffs import Handoff, Presence, handoffs_of, judged
from netmap.network.cells.line_cells import LineCells, Link, row_of
from netmap.network.cells.profiles import GROWN_UP, Profile, needed, profile_of
from netmap.network.cells.table import Cell, Cells, Table
from netmap.network.statistics import HALF_LIFE_DAYS, Demand
from netmap.packages.document import Line

__all__ = [
    "GROWN_UP", "K_MIN", "STALE_DAYS", "Cell", "Cells", "Context", "LineCells", "Link", "Profile", "Survey",
    "age_days", "needed", "profile_of", "survey",
]  # fmt: skip

K_MIN = 2  # with fewer providers than this an open cell hangs on one of them
STALE_DAYS = 365


@dataclass(frozen=True)
class Context:
    """What is known beside the directory's offers.

    ``demands``: (area, profile) -> clients a year. ``capacity``: services of one kind -> how many each can
    help in a year, in one unit, NaN where nobody knows. ``waits``: services -> the days that one waits for
    each now, NaN where nobody knows. ``linked``: pairs of providers that hand clients over
    to each other. ``half_life``: days after which half of all records are no longer true.
    """

    demands: Mapping[tuple[str, str], Demand] = field(default_factory=dict)
    capacity: Callable[[Sequence[str]], NDArray[np.float64]] | None = None
    waits: Callable[[Sequence[str]], NDArray[np.float64]] | None = None
    linked: frozenset[frozenset[str]] = frozenset()
    half_life: float = HALF_LIFE_DAYS
    _heads: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False, compare=False)

    def heads(self, profile: str, areas: Sequence[str]) -> NDArray[np.float64]:
        """Return the clients to be expected in each area, 0 where nobody knows of any."""
        if profile not in self._heads:
            found = [self.demands.get((area, profile)) for area in areas]
            self._heads[profile] = np.array([one.expected if one else 0.0 for one in found])
        return self._heads[profile]


@dataclass(frozen=True)
class Survey:
    """All cells and hand-offs of one question; the links are worked out when somebody asks.

    ``idle`` are the providers that offer a wanted kind of service and are there for no cell.
    """

    cells: Cells
    handoffs: tuple[Handoff, ...]
    idle: frozenset[str]
    _ground: Ground = field(repr=False, compare=False)
    _profiles: tuple[Profile, ...] = field(repr=False, compare=False)

    def part(self, profiles: Collection[str], ground: Ground) -> "Survey":
        """Return what concerns some profiles and the areas of a smaller ground.

        Capacity and hand-offs stay as they are with everybody there: a selection makes nobody wait less.
        """
        table = self.cells.table
        column = {code: place for place, code in enumerate(table.areas)}
        columns = [column[area.code] for area in ground.areas]
        rows = [place for place, row in enumerate(table.rows) if row.profile in profiles]
        return Survey(
            table.part(rows, columns).cells,
            tuple(one.part(columns) for one in self.handoffs if one.profile in profiles),
            self.idle,
            ground,
            tuple(profile for profile in self._profiles if profile.code in profiles),
        )

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """In how many areas each provider is there for each line."""
        lines = ((profile, line) for profile in self._profiles for line in profile.lines)
        return tuple(link for one in lines for link in LineCells(self._ground, *one).links())


def survey(
    ground: Ground,
    profiles: Iterable[Profile],
    day: date,
    stale_days: int = STALE_DAYS,
    context: Context | None = None,
) -> Survey:
    """Return the cells of all areas, profiles and lines, in that order of profiles, lines and areas.

    Kinds of service are worked out one after another, and what one needed is let go before the next.
    """
    known, chosen = context or Context(), tuple(profiles)
    wanted = [(profile, line) for profile in chosen for line in profile.lines]
    areas = [area.code for area in ground.areas]
    table = Table.empty([row_of(profile, line) for profile, line in wanted], areas)
    pairs = [pair for profile in chosen for pair in handoffs_of(profile)]
    linking = {(profile, line.key) for profile, first, then in pairs for line in (first, then)}
    there: dict[tuple[str, str], Presence] = {}
    used: set[str] = set()
    for numbers in _by_type(wanted).values():
        lines = {number: LineCells(ground, *wanted[number]) for number in numbers}
        names = lines[numbers[0]].group.providers[0]
        for number, found in lines.items():
            found.write(table, number, day, stale_days, known.half_life)
            used.update(names[place] for place in np.flatnonzero(found.used()))
            key = (wanted[number][0].code, found.line.key)
            if key in linking:
                there[key] = Presence.of(names, *found.there)
        _write_ratios(table, lines, known)
        _write_waits(table, lines, known)
        ground.forget(found.line.service_type)
    idle = {name for names in table.names.values() for name in names} - used
    handoffs = tuple(judged(pairs, there, known.linked, len(areas)))
    return Survey(table.cells, handoffs, frozenset(idle), ground, chosen)


def _by_type(wanted: Iterable[tuple[Profile, Line]]) -> Mapping[str, list[int]]:
    """Return the numbers of the lines that want each kind of service."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, (_profile, line) in enumerate(wanted):
        found[line.service_type].append(number)
    return found


def _write_ratios(table: Table, lines: Mapping[int, LineCells], known: Context) -> None:
    """Write the supply for each client of all lines that share one kind of service.

    Clients of whom nobody knows are left out, so the ratio is rather too high, and a gap by it is none too
    many.
    """
    group = next(iter(lines.values())).group
    if known.capacity is None or np.isnan(capacity := known.capacity(group.services[0])).all():
        return
    shape = len(capacity), len(table.areas)
    asked = []
    for number, found in lines.items():
        rows, columns = found.near.sure.pairs(found.passes)
        entries: Any = np.ones(len(rows)), (group.service[rows], columns)
        heads = known.heads(table.rows[number].profile, table.areas)
        asked.append((coo_array(entries, shape=shape).tocsr(), heads))  # a service with two places is one
    people = [table.rows[number].profile for number in lines]
    for number, ratio in zip(lines, shared_capacity(asked, capacity, people), strict=True):
        table.ratio[number] = ratio


def _write_waits(table: Table, lines: Mapping[int, LineCells], known: Context) -> None:
    """Write the shortest wait of those who are there, where it is known of all of them."""
    group = next(iter(lines.values())).group
    if known.waits is None or np.isnan(days := known.waits(group.services[0])).all():
        return
    for number, found in lines.items():
        rows, columns = found.near.sure.pairs(found.passes)
        mine, least = days[group.service[rows]], np.full(len(table.areas), np.inf)
        np.minimum.at(least, columns, np.where(np.isnan(mine), np.inf, mine))
        least[columns[np.isnan(mine)]] = np.inf  # one of whom it is not known may be quicker
        table.wait[number] = np.where(np.isinf(least), np.nan, least)
