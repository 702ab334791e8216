"""Who is one step away: services to which one single thing is missing, and where that would open a gap. Pure.

It reads the same masks as the gaps themselves, so what it promises is what the gaps would show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import CRITERIA
from netmap.network.cells.engine import LineCells, Profile
from netmap.network.cells.ground import Ground
from netmap.network.cells.kinds import BIT, SINGLE_PROVIDER
from netmap.network.gaps.cards import Card
from netmap.packages.document import Line

CHANGEABLE = tuple(criterion for criterion in CRITERIA if criterion not in ("type", "active"))
MOST = 10  # providers for one criterion; the rest is counted
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Opening:
    """One provider and the one criterion that keeps it from being there, and the areas that it would open.

    ``services`` are those that would do it. In ``perhaps`` something else is not known yet.
    """

    provider: str
    criterion: str
    services: tuple[str, ...]
    areas: tuple[str, ...]
    perhaps: tuple[str, ...]

    @property
    def everywhere(self) -> tuple[str, ...]:
        """Return the areas that it would open for sure and perhaps."""
        return (*self.areas, *self.perhaps)


@dataclass(frozen=True)
class Openings:
    """Those that would open most, the best first, and how many providers there are for each criterion."""

    best: tuple[Opening, ...]
    counts: Mapping[str, int]


def openings(
    ground: Ground, profile: Profile, card: Card, heads: Sequence[float] | None = None, most: int = MOST
) -> Openings:
    """Return for each single criterion the providers whose lifting of it would open most.

    An area counts where every line of the card that is missing there would be open. Where too few providers
    are there, those who are cannot be the next one: the areas in which they are do not count for them.

    Parameters
    ----------
    ground : Ground
    profile : Profile
    card : Card
        Of one kind of service.
    heads : sequence of float, optional
        What each area of the card weighs; all the same where not given.
    most : int
        How many providers to return for each criterion; the nearest of equal ones.
    """
    areas = card.areas
    columns = _columns(ground, areas)
    weights = np.ones(len(areas)) if heads is None else np.array(heads, dtype=float)
    another = card.kind == SINGLE_PROVIDER
    lines = [_Masks(ground, profile, line, columns, _wanted(card, line), another) for line in card.lines]
    names, starts = lines[0].cells.group.providers
    if not names:
        return Openings((), {})
    ways = ground.kilometres(card.service_type, areas[0])[:, 0]
    near = np.minimum.reduceat(np.nan_to_num(ways, nan=np.inf), starts)
    best: list[Opening] = []
    counts: dict[str, int] = {}
    for criterion in CHANGEABLE:
        opened, sure = _together([one.providers(criterion) for one in lines])
        rows = np.flatnonzero(opened.any(axis=1))
        counts[criterion] = len(rows)
        order = np.lexsort((near[rows], -(opened[rows] @ weights)))[:most]
        for row in rows[order].tolist():
            services = [code for one in lines for code in one.services(criterion, names, row, opened[row])]
            best.append(
                Opening(
                    names[row],
                    criterion,
                    tuple(dict.fromkeys(services)),
                    _named(areas, opened[row] & sure[row]),
                    _named(areas, opened[row] & ~sure[row]),
                )
            )
    return Openings(tuple(best), counts)


def there(ground: Ground, profile: Profile, card: Card, line: Line) -> tuple[str, ...]:
    """Return the providers that are there for sure for another line in some area of a card."""
    cells = LineCells(ground, profile, line)
    names, starts = cells.group.providers
    if not names:
        return ()
    rows = cells.sure[:, _columns(ground, card.areas)].any(axis=1)
    return _named(names, np.logical_or.reduceat(rows, starts))


class _Masks:
    """One line of a card: which offers fail on a single criterion where the line is missing."""

    def __init__(
        self,
        ground: Ground,
        profile: Profile,
        line: Line,
        columns: Sequence[int],
        wanted: Flags,
        another: bool,
    ) -> None:
        self.cells = LineCells(ground, profile, line)
        self._failed, self._wanted, self._another = self.cells.failed[:, columns], wanted, another
        self._known = self.cells.unknown[:, columns] == 0

    def providers(self, criterion: str) -> tuple[Flags, Flags]:
        """Return where each provider would open the line, and where for sure; true where none is missing."""
        starts = self.cells.group.providers[1]
        alone = self._failed == BIT[criterion]
        opened = np.logical_or.reduceat(alone, starts, axis=0)
        sure = np.logical_or.reduceat(alone & self._known, starts, axis=0)
        if self._another:
            absent = ~np.logical_or.reduceat((self._failed == 0) & self._known, starts, axis=0)
            opened, sure = opened & absent, sure & absent
        return opened | ~self._wanted, sure | ~self._wanted

    def services(self, criterion: str, names: Sequence[str], provider: int, opened: Flags) -> list[str]:
        """Return the services of a provider that would do it in the areas that open."""
        starts = self.cells.group.providers[1]
        last = starts[provider + 1] if provider + 1 < len(names) else len(self._failed)
        rows = np.arange(starts[provider], last)
        hits = (self._failed[rows] == BIT[criterion]) & (opened & self._wanted)
        return [self.cells.group.offers[row].service_id for row in rows[hits.any(axis=1)].tolist()]


def _wanted(card: Card, line: Line) -> Flags:
    """Return in which areas of a card a line is missing."""
    missing = {cell.area for cell in card.cells if cell.line.key == line.key}
    return np.array([area in missing for area in card.areas], dtype=bool)


def _together(masks: Sequence[tuple[Flags, Flags]]) -> tuple[Flags, Flags]:
    opened = np.logical_and.reduce([one for one, _sure in masks])
    return opened, np.logical_and.reduce([sure for _opened, sure in masks])


def _columns(ground: Ground, areas: Sequence[str]) -> list[int]:
    place = {area.code: column for column, area in enumerate(ground.areas)}
    return [place[code] for code in areas]


def _named(names: Sequence[str], chosen: Flags) -> tuple[str, ...]:
    return tuple(names[place] for place in np.flatnonzero(chosen).tolist())
