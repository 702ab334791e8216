"""Hand-offs between lines, and where nobody can hand over to somebody whom they work with. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

import numpy as np

from netmap.network.cells.ground import Flags
from netmap.network.whatif.line_sums import Counts, LineSums
from netmap.network.whatif.scenario import Pair

There = Callable[[str], Flags | None]  # provider -> the areas in which it is there for a line; None: in none


class Links:
    """Who works with whom; everybody works with themselves."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._with: dict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            for one in pair:
                self._with[one] |= pair

    def of(self, provider: str) -> Collection[str]:
        """Return the providers to whom one can hand over, itself included."""
        return self._with.get(provider, set()) | {provider}

    def holds(self, pair: Pair) -> bool:
        """Return whether these two work together."""
        return len(pair) < 2 or pair <= self._with.get(min(pair), set())


def linked_pairs(first: LineSums, then: LineSums, links: Links) -> Counts:
    """Return for each area how many pairs of providers there can hand over."""
    names, places = first.group.providers[0], {name: n for n, name in enumerate(then.group.providers[0])}
    giving, taking = first.all_there(), then.all_there()
    found = np.zeros(giving.shape[1], dtype=np.int32)
    for row, name in enumerate(names):
        rows = [places[other] for other in links.of(name) if other in places]
        if rows:
            found += giving[row] * taking[rows].sum(axis=0, dtype=np.int32)
    return found


def partners_there(provider: str, at: There, links: Links) -> Counts | None:
    """Return for each area how many of those with whom a provider works are there; None where none is."""
    found = [flags for other in links.of(provider) if (flags := at(other)) is not None]
    return np.sum(found, axis=0, dtype=np.int32) if found else None


def broken(pairs: Counts, giving: Counts, taking: Counts) -> Flags:
    """Return where somebody is there for both lines, and no two of them work together."""
    return np.asarray((pairs == 0) & (giving > 0) & (taking > 0))
