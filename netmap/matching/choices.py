"""The choices for a line in their order, made one after the other as far as somebody looks. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from netmap.directory.shelves import Floats, Rows, Shelf
from netmap.matching import providers
from netmap.matching.providers import Choice

CLOSE = 1e-8  # sums of arrays may differ from those of single numbers by less
FEWEST, SHOWN = 4, 8  # so many rows are made into choices at first: those shown, those looked at jointly


def ordered(rows: Rows, keys: Floats, size: int) -> Iterator[list[int]]:
    """Yield the rows by their keys, ``size`` of them and then ever more; of equal ones the first rows first.

    Rows whose keys are nearly equal to that of the last one come with it: single numbers decide between them.
    """
    while len(rows):
        if size >= len(rows):
            yield rows.tolist()
            return
        limit = np.partition(keys, size - 1)[size - 1]
        chosen = np.flatnonzero(keys <= limit + CLOSE)
        if len(chosen) > size:
            some = keys[chosen]
            wanted = some != limit
            wanted[np.flatnonzero(~wanted)[: size - np.count_nonzero(some < limit)]] = True
            chosen = chosen[wanted]
        yield rows[chosen].tolist()
        rows, keys, size = np.delete(rows, chosen), np.delete(keys, chosen), 4 * size


class Choices(Sequence[Choice]):
    """The choices for one line, the best first: one for each service, made when they are asked for."""

    def __init__(
        self,
        shelf: Shelf,
        rows: Rows,
        keys: NDArray[np.float64],
        make: Callable[[int], Choice],
        by_hand: Sequence[Choice] = (),
    ) -> None:
        self._shelf, self._rows, self._make = shelf, rows, make
        self._by_hand = len(by_hand)
        self._waiting = rows, keys
        self._coming: Iterator[list[int]] | None = None
        self._made: dict[str, Choice] = {one.offer.service_id: one for one in by_hand}
        self._ready: list[Choice] = sorted(by_hand, key=providers.rank)

    def __len__(self) -> int:
        several = self._shelf.several
        if not several:
            return len(self._rows) + self._by_hand
        return self._by_hand + len({self._shelf.offers[row].service_id for row in self._rows.tolist()})

    def __bool__(self) -> bool:
        return len(self._rows) + self._by_hand > 0

    @overload
    def __getitem__(self, index: int) -> Choice: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Choice]: ...
    def __getitem__(self, index: int | slice) -> Choice | Sequence[Choice]:
        if isinstance(index, slice):
            self._until(len(self) if index.stop is None or index.stop < 0 else index.stop)
            return self._ready[index]
        self._until(index + 1 if index >= 0 else len(self))
        return self._ready[index]

    def _until(self, count: int) -> None:
        """Make at least so many choices where there are so many; those by hand may stand behind them.

        The first time so many are made as are asked for, so that a line of which only few are shown costs
        little.
        """
        if self._coming is None:
            self._coming = ordered(*self._waiting, max(FEWEST, min(count, SHOWN)))
        while len(self._ready) < count + self._by_hand:
            rows = next(self._coming, None)
            if rows is None:
                return
            offers, before = self._shelf.offers, set(self._made)
            for row in rows:
                service = offers[row].service_id
                if service not in before:  # else it stands further in front with a better place
                    choice = self._make(row)
                    other = self._made.get(service)
                    self._made[service] = min(other, choice, key=providers.rank) if other else choice
            self._ready = sorted(self._made.values(), key=providers.rank)
