"""Cards of what is open and yet not enough: one provider, old records, too few places, nobody who hands over,
packages that are not whole, and a directory that experience contradicts. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from netmap.network.cells.engine import K_MIN, Cell
from netmap.network.cells.handoffs import Handoff
from netmap.network.cells.kinds import BROKEN_LINK, CAPACITY, EVIDENCE, PACKAGE, SINGLE_PROVIDER, STALE
from netmap.network.cells.near import Flags
from netmap.network.cells.table import Cells, packed
from netmap.network.cells.weights import Demands, Floats, Sizes, Weights
from netmap.network.gaps.cards import About, Card, Hand, Order, by_line, card_of, rank
from netmap.network.gaps.whole import whole_packages
from netmap.network.statistics import CLOSURE_HAZARD, MIN_CELL_COUNT, PRIOR_CASES, beta_shrink


class Tried(Protocol):
    """How often something failed of how often it was tried."""

    @property
    def failed(self) -> float:
        """How often it failed."""
        ...

    @property
    def asked(self) -> float:
        """How often it was tried."""
        ...

    @property
    def repeated(self) -> float:
        """How many of the failures other kinds of service tell of too."""
        ...


Experience = Mapping[tuple[str, str | None], Tried]  # (service type, area) -> what was tried

WAIT_TARGET = 30  # days


@dataclass(frozen=True)
class Thresholds:
    """From where on something open counts as not enough; most of it is assumed, not found.

    ``k_min``: fewer providers hang on one. ``min_ratio``: less supply for each client is too little; so is
    more than ``wait`` days of waiting for everybody who is there.
    ``hazard``: the share of providers that stop within a year. ``loss``: the share of clients that get lost
    where nobody hands them over. ``rate`` and ``certainty``: the directory is contradicted where help fails
    more often than the rate with at least that probability, and at least ``failures`` times: fewer may be
    chance, and pages tell no such number; ``cases``: for how many the rate of all other areas counts.
    """

    k_min: int = K_MIN
    min_ratio: float = 0.8
    wait: float = WAIT_TARGET
    hazard: float = CLOSURE_HAZARD
    loss: float = 0.3
    rate: float = 0.3
    certainty: float = 0.9
    failures: int = MIN_CELL_COUNT
    cases: float = PRIOR_CASES


def apart_cards(
    cells: Iterable[Cell],
    demands: Demands,
    order: Order = "count",
    *,
    sizes: Sizes | None = None,
    handoffs: Sequence[Handoff] = (),
    experience: Experience | None = None,
    thresholds: Thresholds | None = None,
    untyped: int = 0,
) -> list[Card]:
    """Return the cards of what is open and yet not enough, ranked; and of packages that are not whole.

    ``untyped`` services have no confirmed type, where they are many: any may be what a package misses.
    """
    found, limits = packed(cells), thresholds or Thresholds()
    weights = Weights(found.table, demands, sizes)
    cards: list[Card] = []
    usual = _Usual(experience or {}, limits)
    for (service_type, profile), mine in by_line(found.those(found.take("n_lo") > 0)):
        for kind, ask, chosen, share in _weak(mine, limits):
            if chosen.any():
                about = About(kind, service_type, profile, ask)
                cards.append(card_of(about, mine.those(chosen), weights, share[chosen]))
        if experience and (told := _contradicted(mine, service_type, experience, usual)):
            cards.append(card_of(About(EVIDENCE, service_type, profile), told[0], weights, told[1]))
    cards += _broken(found, handoffs, weights, limits.loss)
    cards += _not_whole(found, weights, untyped)
    return sorted(cards, key=lambda card: rank(card, order))


def _weak(cells: Cells, limits: Thresholds) -> Iterator[tuple[str, bool, Flags, Floats]]:
    """Yield each kind with the cells that are of it, and the share of clients who are not helped.

    Each with whether somebody has to ask first: where others may be there too, few is only what is known.
    """
    providers, hazard = cells.take("providers"), np.full(len(cells), limits.hazard)
    few, known = providers < limits.k_min, providers + cells.take("others") < limits.k_min
    yield SINGLE_PROVIDER, False, known, hazard
    yield SINGLE_PROVIDER, True, few & ~known, hazard
    yield STALE, False, cells.take("stale"), cells.take("p_none").astype(float)
    ratio, wait = cells.take("ratio").astype(float), cells.take("wait").astype(float)
    without = np.fmax(1 - np.minimum(1.0, ratio), 1 - limits.wait / np.maximum(wait, max(limits.wait, 1)))
    yield CAPACITY, False, (ratio < limits.min_ratio) | (wait > limits.wait), without


def _contradicted(
    cells: Cells, service_type: str, experience: Experience, usual: "_Usual"
) -> tuple[Cells, Floats] | None:
    """Return the open cells in which help fails too often, with the share of failures to be expected."""
    places, shares, limits = [], [], usual.limits
    for place, column in enumerate(cells.columns.tolist()):
        area = cells.table.areas[column]
        tried = experience.get((service_type, area))
        if tried is not None and tried.failed >= limits.failures:
            found = beta_shrink(tried.failed, tried.asked, usual.rate(area), limits.cases)
            if found.above(limits.rate) >= limits.certainty:
                places.append(place)
                shares.append(found.mean)
    return (cells.those(np.array(places)), np.array(shares)) if places else None


class _Usual:
    """How often help fails elsewhere, of whatever kind.

    Failures are written down more readily than successes. So the rate begins at the limit as if that had been
    seen in as many cases as it counts for. A record that stands for several kinds of service counts once, and
    those of an area are left out where that area is judged: they would speak for themselves twice.
    """

    def __init__(self, experience: Experience, limits: Thresholds) -> None:
        self.limits = limits
        self._failed: dict[str | None, float] = defaultdict(float)
        self._asked: dict[str | None, float] = defaultdict(float)
        for (_kind, area), one in experience.items():
            self._failed[area] += one.failed - one.repeated
            self._asked[area] += one.asked - one.repeated
        self._all = sum(self._failed.values()), sum(self._asked.values())

    def rate(self, area: str) -> float:
        """Return how often help fails in all other areas."""
        limits = self.limits
        failed = self._all[0] - self._failed.get(area, 0.0) + limits.rate * limits.cases
        asked = self._all[1] - self._asked.get(area, 0.0) + limits.cases
        return min(1.0, max(0.0, failed / asked)) if asked else 0.0


def _broken(cells: Cells, handoffs: Sequence[Handoff], weights: Weights, loss: float) -> Iterator[Card]:
    """Yield the hand-offs for which both lines are there and nobody of them works with the other."""
    table = cells.table
    rows = {(row.profile, row.line.key): number for number, row in enumerate(table.rows)}
    listed = np.zeros(table.code.size, dtype=bool)
    listed[cells.places] = True
    met: dict[tuple[str, str, str], list[tuple[Handoff, np.ndarray]]] = defaultdict(list)
    for one in handoffs:
        places = rows[one.profile, one.then.key] * len(table.areas) + np.flatnonzero(one.broken)
        if (places := places[listed[places]]).size:
            met[one.profile, one.first.service_type, one.then.service_type].append((one, places))
    for (profile, before, service_type), parts in met.items():
        every = np.concatenate([places for _one, places in parts])
        mine = Cells(table, np.unique(every).astype(np.int32))
        names = [name for one, _places in parts for name in one.names(0)]
        others = [name for one, _places in parts for name in one.names(1)]
        hand = Hand(before, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(others)))
        yield card_of(About(BROKEN_LINK, service_type, profile, hand=hand), mine, weights, loss)


def _not_whole(cells: Cells, weights: Weights, untyped: int) -> Iterator[Card]:
    """Yield the packages of which a required line is missing somewhere, with the cells of those lines.

    To be asked is a package only where each missing line is: one that is closed is closed, whatever the rest.
    """
    table = cells.table
    needed = np.array([row.required for row in table.rows], dtype=bool)
    missing = cells.those((cells.take("n_lo") == 0) & needed[cells.rows])
    profiles = np.array([row.profile for row in table.rows], dtype=object)[missing.rows]
    perhaps = whole_packages(table, perhaps=True)
    for profile in dict.fromkeys(profiles.tolist()):
        mine = missing.those(profiles == profile)
        maybe = perhaps[profile][mine.columns]
        for ask in (False, True):
            if (chosen := maybe == ask).any():
                yield card_of(About(PACKAGE, "", profile, ask, untyped), mine.those(chosen), weights, 1.0)
