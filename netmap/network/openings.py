"""Who is one step away: services to which one single thing is missing, and where that would open a gap. Pure.

It reads the same masks as the gaps themselves, so what it promises is what the gaps would show.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from netmap.directory.eligibility import CRITERIA
from netmap.network.cards import Card
from netmap.network.cells import LineCells, Profile
from netmap.network.ground import Ground, provider_of
from netmap.network.kinds import BIT
from netmap.packages.document import Line

CHANGEABLE = tuple(criterion for criterion in CRITERIA if criterion not in ("type", "active"))


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


def openings(ground: Ground, profile: Profile, card: Card) -> list[Opening]:
    """Return for each provider and each single criterion what its lifting would open, in no order.

    An area counts where every line of the card that is missing there would be open.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for cell in card.cells:
        wanted[cell.area].add(cell.line.key)
    lines: dict[tuple[str, str, str], dict[str, bool]] = defaultdict(dict)  # line -> whether it is sure
    services: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for line in _lines(card):
        for one in _single(ground, profile, line, card.areas):
            if line.key in wanted[one.area]:
                here = (one.provider, one.criterion, one.area)
                lines[here][line.key] = lines[here].get(line.key, False) or one.sure
                services[here][one.service] = None
    pairs = dict.fromkeys((provider, criterion) for provider, criterion, _area in lines)
    found = []
    for pair in pairs:
        opened = [area for area in card.areas if lines.get((*pair, area), {}).keys() >= wanted[area]]
        sure = tuple(area for area in opened if all(lines[(*pair, area)].values()))
        if opened:
            named = dict.fromkeys(service for area in opened for service in services[(*pair, area)])
            found.append(Opening(*pair, tuple(named), sure, tuple(one for one in opened if one not in sure)))
    return found


def there(ground: Ground, profile: Profile, card: Card, line: Line) -> dict[str, tuple[str, ...]]:
    """Return provider -> the areas of a card in which it is there for sure for another line."""
    cells = LineCells(ground, profile, line)
    columns = _columns(ground, card.areas)
    found: dict[str, dict[str, None]] = {}
    for row, column in np.argwhere(cells.sure[:, columns]).tolist():
        found.setdefault(provider_of(cells.group.offers[row]), {})[card.areas[column]] = None
    return {provider: tuple(areas) for provider, areas in found.items()}


def _lines(card: Card) -> list[Line]:
    return list({cell.line.key: cell.line for cell in card.cells}.values())


def _columns(ground: Ground, areas: Sequence[str]) -> list[int]:
    place = {area.code: column for column, area in enumerate(ground.areas)}
    return [place[code] for code in areas]


class _Single(NamedTuple):
    """One service in one area to which one single criterion is missing; ``sure``: nothing else is unknown."""

    provider: str
    criterion: str
    area: str
    service: str
    sure: bool


def _single(ground: Ground, profile: Profile, line: Line, areas: Sequence[str]) -> Iterator[_Single]:
    cells = LineCells(ground, profile, line)
    columns = _columns(ground, areas)
    failed, unknown = cells.failed[:, columns], cells.unknown[:, columns]
    for criterion in CHANGEABLE:
        for row, column in np.argwhere(failed == BIT[criterion]).tolist():
            offer, sure = cells.group.offers[row], not unknown[row, column]
            yield _Single(provider_of(offer), criterion, areas[column], offer.service_id, sure)
