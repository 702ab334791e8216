"""Who is without a kind of service, and which packages lack what: the demand that new services are for. Pure.

Only cells that are closed count. Where somebody may be there nobody knows yet, and a telephone call is
cheaper than a building: such cells count only for those who ask for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from netmap.network.cells.engine import Cell, Profile
from netmap.network.siting.input import Numbers
from netmap.network.siting.package import Wanted
from netmap.network.statistics import Demand

Demands = Mapping[tuple[str, str], Demand]  # (area, package) -> demand


@dataclass(frozen=True)
class Point:
    """An area in which ``weight`` people need a service within so many kilometres."""

    area: str
    within: float
    weight: float


@dataclass(frozen=True)
class Uncovered:
    """The points without a service, and what is not known of them.

    ``guessed`` are areas without any figure, each of which counts as 1; ``partly`` are areas in which some
    of the packages have a figure and the others count for nothing; ``to_ask`` are areas where somebody may be
    there. ``known`` says whether any figure of clients is among the points.
    """

    points: tuple[Point, ...]
    guessed: frozenset[str]
    partly: frozenset[str]
    to_ask: frozenset[str]
    known: bool

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the areas of the points, each once."""
        return tuple(dict.fromkeys(point.area for point in self.points))

    @cached_property
    def weights(self) -> Numbers:
        """Return the weight of each point."""
        return np.array([point.weight for point in self.points])

    def reached(self, amounts: Numbers) -> dict[str, Any]:
        """Return what so much of each point comes to: the clients of each area in which somebody counted.

        Areas that nobody counted stand apart, as a number of areas.
        """
        counted: dict[str, float] = defaultdict(float)
        for place in np.flatnonzero(amounts).tolist():
            counted[self.points[place].area] += float(amounts[place])
        areas = [area for area in counted if area not in self.guessed]
        return {"counted": [counted[area] for area in areas], "uncounted": len(counted) - len(areas)}


def uncovered(
    cells: Iterable[Cell], profiles: Mapping[str, Profile], demands: Demands, *, unsure: bool = False
) -> Uncovered:
    """Return who is without a service, from the cells of one kind of service.

    A client whose package asks for the service twice is counted once. ``unsure`` counts places too where
    somebody may be there.
    """
    closed: dict[str, set[str]] = defaultdict(set)
    to_ask = set()
    for cell in cells:
        if cell.kind is None:
            continue
        if cell.ask:
            to_ask.add(cell.area)
        if unsure or not cell.ask:
            closed[cell.area].add(cell.profile)
    points, guessed, partly, known = [], set(), set(), False
    for area, packages in closed.items():
        counted = {code: demands[area, code].clients for code in packages if (area, code) in demands}
        known = known or bool(counted)
        within: dict[float, float] = defaultdict(float)
        if counted:
            for code in sorted(counted):
                within[_limit(profiles[code])] += counted[code]
            if len(counted) < len(packages):
                partly.add(area)
        else:
            within[min(_limit(profiles[code]) for code in packages)] = 1.0
            guessed.add(area)
        points += [Point(area, limit, weight) for limit, weight in sorted(within.items()) if weight > 0]
    return Uncovered(tuple(points), frozenset(guessed), frozenset(partly), frozenset(to_ask), known)


def incomplete(
    cells: Iterable[Cell],
    profiles: Mapping[str, Profile],
    demands: Demands,
    areas: Mapping[str, int],
    *,
    unsure: bool = False,
) -> tuple[list[tuple[str, Wanted]], int, int]:
    """Return what is missing for whole packages: package and `Wanted`, how many were guessed and left out.

    Parameters
    ----------
    cells : iterable of Cell
        Those of all lines of the packages.
    profiles : mapping
    demands : mapping
        A package in an area without a figure counts as one client, which is guessed.
    areas : mapping
        Area -> its demand point.
    unsure : bool
        Take what may be there for missing; else such packages are left out, as nobody knows what they lack.
    """
    missing: dict[tuple[str, str], set[str]] = defaultdict(set)
    asked: set[tuple[str, str]] = set()
    for cell in cells:
        if not cell.required or cell.kind is None:
            continue
        missing[cell.area, cell.profile].add(cell.line.service_type)
        if cell.ask:
            asked.add((cell.area, cell.profile))
    found, guessed = [], 0
    for pair, kinds in missing.items():
        if pair in asked and not unsure:
            continue
        area, package = pair
        guessed += pair not in demands
        clients = demands[pair].clients if pair in demands else 1.0
        if clients > 0:
            found.append((package, Wanted(areas[area], frozenset(kinds), clients, _limit(profiles[package]))))
    return found, guessed, 0 if unsure else len(asked)


def with_type(profiles: Mapping[str, Profile], service_type: str) -> Mapping[str, Profile]:
    """Return the packages that need a kind of service."""
    return {
        code: profile
        for code, profile in profiles.items()
        if any(line.service_type == service_type for line in profile.lines)
    }


def _limit(profile: Profile) -> float:
    return profile.typical.max_km
