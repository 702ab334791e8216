"""One line of one profile as sums over its offers, to which a few offers are added or taken away. Pure.

Why a cell is closed follows from counts alone: how many offers pass, how many may pass, and of how many each
criterion is the only one in the way. So nobody has to look at the other offers again when one changes.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import CRITERIA, Offer
from netmap.network.cells.engine import LineCells, Profile
from netmap.network.cells.ground import Flags, Offers, provider_of
from netmap.network.cells.kinds import ALIVE, BIT, NOBODY, SEVERAL, Bits, kind_of, ones
from netmap.network.cells.line_cells import Tables
from netmap.packages.document import Line

Counts = NDArray[np.int32]
Key = tuple[str, str | None]  # service and place

_BITS = np.array([int(BIT[criterion]) for criterion in CRITERIA], dtype=np.int32)
_ROWS = len(CRITERIA)
SURE, PERHAPS, ALONE, UNSURE = 0, 1, slice(2, 2 + _ROWS), slice(2 + _ROWS, 2 + 2 * _ROWS)
_ASK = 1 << 20  # above every code of `netmap.network.cells.kinds`


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell is closed; ``ask`` means that it may be open."""

    kind: str
    blockers: tuple[str, ...]
    ask: bool


def counted(masks: Tables, areas: int) -> tuple[Counts, int]:
    """Return the sums of some offers, criteria x areas, and how many offers are there at all."""
    found = np.zeros((2 + 2 * _ROWS, areas), dtype=np.int32)
    if not len(masks.failed):
        return found, 0
    found[SURE], found[PERHAPS] = _sum(masks.sure), _sum(masks.perhaps)
    alive = (masks.fails & ALIVE) == 0
    _count(found[ALONE], masks.failed, alive[:, None])
    _count(found[UNSURE], masks.unknown, masks.perhaps)
    return found, int(alive.sum())


def _sum(flags: Flags) -> Counts:
    return np.asarray(flags.sum(axis=0, dtype=np.int32))


def _count(into: Counts, masks: Bits, rows: Flags) -> None:
    """Count for each criterion the rows at which it stands alone."""
    alone = np.where(rows & (ones(masks) == 1), masks, np.uint16(0))
    for place in np.flatnonzero(_BITS & int(np.bitwise_or.reduce(alone, axis=None))):
        into[place] = _sum(alone == _BITS[place])


def codes_of(sums: Counts, alive: int) -> Counts:
    """Return for each area why it is closed as one number, 0 where it is open."""
    closed, perhaps = sums[SURE] == 0, sums[PERHAPS] > 0
    ask = closed & perhaps
    sole = _BITS @ (np.where(ask, sums[UNSURE], sums[ALONE]) > 0)
    code = np.where(sole > 0, sole, SEVERAL if alive else NOBODY)
    if ask.any():
        code[ask & (sole == 0)] = SEVERAL
        code[ask] |= _ASK
    return np.asarray(np.where(closed, code, 0), dtype=np.int32)


@cache
def reason_of(code: int) -> Reason | None:
    """Return what a number of `codes_of` means; None where the cell is open.

    Where several things at once stand in the way, none of them is named: the counts do not tell.
    """
    kind, blockers = kind_of(code & ~_ASK)
    return None if kind is None else Reason(kind, blockers, bool(code & _ASK))


class LineSums:
    """One line of one profile as it is: sums and, for each offer, the areas in which it is there."""

    def __init__(self, masks: LineCells, profile: Profile, line: Line, areas: int) -> None:
        self.profile, self.line = profile.code, line
        self.group: Offers = masks.group
        self._light = Tables(masks.fails, masks.unclear, masks.near)
        self.sums, self.alive = counted(masks, areas)
        self.some: Flags = self.sums > 0
        self.codes = codes_of(self.sums, self.alive)
        self._areas = areas
        self._bits = np.packbits(masks.sure, axis=1)
        starts = self.group.providers[1]
        there = np.logical_or.reduceat(masks.sure, starts, axis=0) if len(starts) else masks.sure
        self.providers: Counts = there.sum(axis=0, dtype=np.int32)

    @cached_property
    def _rows(self) -> dict[str, tuple[int, int]]:
        names, starts = self.group.providers
        ends = np.append(starts, len(self.group.offers))[1:]
        runs = zip(names, starts.tolist(), ends.tolist(), strict=True)
        return {name: (first, last) for name, first, last in runs}

    def tables_of(self, offers: Iterable[Offer]) -> Tables:
        """Return how some of the offers stand to every area."""
        keys = {key_of(offer): provider_of(offer) for offer in offers}
        runs = (range(*self._rows[provider]) for provider in sorted({*keys.values()} & self._rows.keys()))
        rows = [row for run in runs for row in run if key_of(self.group.offers[row]) in keys]
        return self._light.only(np.array(rows, dtype=np.intp))

    def offered_by(self, provider: str) -> bool:
        """Return whether a provider has any offer of this kind, near or far."""
        return provider in self._rows

    def there(self, provider: str, without: Container[Key] = ()) -> Flags | None:
        """Return in which areas a provider is there, some offers left out; None where no offer is left."""
        if provider not in self._rows:
            return None
        rows: Sequence[int] = range(*self._rows[provider])
        if without:
            rows = [row for row in rows if key_of(self.group.offers[row]) not in without]
        if not rows:
            return None
        together = np.bitwise_or.reduce(self._bits[rows], axis=0) if len(rows) > 1 else self._bits[rows[0]]
        return np.unpackbits(together, count=self._areas).view(bool)

    def offers_of(self, service: str, provider: str, without: Container[Key] = ()) -> Counts:
        """Return in each area how many offers of a service pass, some left out."""
        first, last = self._rows.get(provider, (0, 0))
        mine = [row for row in range(first, last) if self.group.offers[row].service_id == service]
        rows = [row for row in mine if key_of(self.group.offers[row]) not in without]
        passing = np.unpackbits(self._bits[rows], axis=1, count=self._areas)
        return np.asarray(passing.sum(axis=0, dtype=np.int32))

    def all_there(self) -> Flags:
        """Return in which areas each provider is there, in the order of the group's providers."""
        starts = self.group.providers[1]
        if not len(starts):
            return np.zeros((0, self._areas), dtype=bool)
        together = np.bitwise_or.reduceat(self._bits, starts, axis=0)
        return np.unpackbits(together, axis=1, count=self._areas).astype(bool)

    def services_there(self) -> Flags:
        """Return in which areas each service passes, in the order of the group's services."""
        starts = self.group.services[1]
        if not len(starts):
            return np.zeros((0, self._areas), dtype=bool)
        together = np.bitwise_or.reduceat(self._bits, starts, axis=0)
        return np.unpackbits(together, axis=1, count=self._areas).astype(bool)

    def names_at(self, column: int) -> frozenset[str]:
        """Return the providers that are there in one area."""
        held = self._bits[:, column >> 3] & (0x80 >> (column & 7))
        names, number = self.group.providers[0], self.group.provider
        return frozenset(names[place] for place in number[held != 0].tolist())


def key_of(offer: Offer) -> Key:
    """Return what tells an offer from every other."""
    return offer.service_id, offer.place_id
