"""A question made safe for sums: no number in it that is none, no page before the first. Pure."""

import math
from dataclasses import dataclass

import numpy as np

from netmap.search.backend import Query
from netmap.search.bits import Bits, Numbers, none, of_numbers
from netmap.search.points import chord_of, is_point
from netmap.search.segment import Segment
from netmap.search.signals import WEIGHTS

MOST_WEIGHT = 1000.0
NOBODY: Numbers = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Part:
    """A segment as it is asked now: which of its documents count, and which were replaced or dropped.

    ``fewer`` has the numbers of the terms that stand in the latter, rising, and in how many of them.
    """

    segment: Segment
    alive: Bits
    masked: Numbers
    fewer: tuple[Numbers, Numbers]

    def terms(self, terms: list[str]) -> tuple[Numbers, Numbers]:
        """Return the number of each term, -1 where it does not occur, and in how many documents it stands."""
        found, documents = self.segment.terms(terms)
        less, counts = self.fewer
        if len(less):
            place = np.minimum(less.searchsorted(found), len(less) - 1)
            documents = documents - np.where(less[place] == found, counts[place], 0)
        return found, documents


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with all weights, and with only such numbers as can be reckoned with."""

    query: Query
    weights: dict[str, float]
    near: tuple[float, float] | None
    reach: float | None
    first: int
    last: int | None

    def weight(self, signal: str) -> float:
        """Return the weight of a signal; one that nobody has heard of weighs nothing."""
        return self.weights.get(signal, 0.0)


def asked(query: Query) -> Asked:
    """Return the query made safe; ``reach`` is the squared chord of ``within_km``."""
    near = query.near if is_point(query.near) else None
    within = query.within_km
    reach = None if near is None or within is None or math.isnan(within) else chord_of(within)
    given = {name: bounded(weight) for name, weight in query.weights.items() if math.isfinite(weight)}
    first = max(query.offset, 0)
    last = None if query.limit is None else first + max(query.limit, 0)
    return Asked(query, {**WEIGHTS, **given}, near, reach, first, last)


def bounded(weight: float) -> float:
    """Return a weight that sums of small numbers can bear."""
    return min(max(weight, -MOST_WEIGHT), MOST_WEIGHT)


def part_of(segment: Segment, masked: Numbers = NOBODY, fewer: tuple[Numbers, Numbers] | None = None) -> Part:
    """Return a segment without some of its documents; ``fewer`` as `Segment.terms_of` gives it for them."""
    everything = ~none(segment.size)
    if segment.size % 64:
        everything[-1] >>= 64 - segment.size % 64
    alive = everything & ~of_numbers(masked, segment.size)
    return Part(segment, alive, masked, fewer or segment.terms_of(masked))
