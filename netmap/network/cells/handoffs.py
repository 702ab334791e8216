"""Where a client can be handed over from one line of a package to the next, and where nobody would. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array

from netmap.network.cells.near import Flags
from netmap.network.cells.profiles import Profile
from netmap.packages.document import Line

MOST_NAMES = 5


@dataclass(frozen=True)
class Handoff:
    """One line of a package that leads to another.

    ``reached`` are the areas in which somebody is there for both, ``linked`` those of them in which a
    provider of the first works with one of the second, or is the same. ``sides`` say who is there for each
    line.
    """

    profile: str
    first: Line
    then: Line
    reached: Flags
    linked: Flags
    sides: tuple["Presence", "Presence"] = field(repr=False, compare=False)

    @property
    def broken(self) -> Flags:
        """Return the areas in which somebody is there for both, and nobody would hand over."""
        return np.asarray(self.reached & ~self.linked)

    def names(self, side: int) -> list[str]:
        """Return the first few providers of one side who are there where nobody would hand over."""
        there = self.sides[side]
        found = np.unique(there.providers[self.broken[there.columns]])
        return [there.names[place] for place in found[:MOST_NAMES]]

    def part(self, columns: Sequence[int]) -> "Handoff":
        """Return what concerns some of the areas."""
        sides = self.sides[0].part(columns), self.sides[1].part(columns)
        return replace(self, reached=self.reached[columns], linked=self.linked[columns], sides=sides)


@dataclass(frozen=True)
class Presence:
    """Who is there for a line, and where: numbers of ``names`` and of areas, each pair once."""

    names: tuple[str, ...]
    providers: NDArray[np.integer]
    columns: NDArray[np.integer]

    @classmethod
    def of(
        cls, names: tuple[str, ...], providers: NDArray[np.integer], columns: NDArray[np.integer]
    ) -> "Presence":
        """Return who is there, in as few bytes as the numbers need: there are many of these at a time."""
        small = (part.astype(np.min_scalar_type(int(part.max(initial=0)))) for part in (providers, columns))
        return cls(names, *small)

    def part(self, columns: Sequence[int]) -> "Presence":
        """Return who is there in some of the areas, by their new numbers."""
        number = {column: place for place, column in enumerate(columns)}
        kept = np.isin(self.columns, np.array(columns, dtype=int))
        found = np.array([number[column] for column in self.columns[kept].tolist()], dtype=np.int32)
        return Presence(self.names, self.providers[kept], found)


def handoffs_of(profile: Profile) -> list[tuple[str, Line, Line]]:
    """Return the hand-offs of a package: each line to those that wait for it.

    Where no line waits for another, each required line hands over to the next one.
    """
    by_key = {line.key: line for line in profile.lines}
    found = [(by_key[key], line) for line in profile.lines for key in line.after if key in by_key]
    if not found:
        found = list(pairwise(line for line in profile.lines if line.required and not line.beside))
    return [(profile.code, first, then) for first, then in found]


def judged(
    pairs: Iterable[tuple[str, Line, Line]],
    there: Mapping[tuple[str, str], Presence],
    linked: frozenset[frozenset[str]],
    areas: int,
) -> Iterator[Handoff]:
    """Yield each hand-off with the areas in which it can be made.

    Parameters
    ----------
    pairs : iterable of (profile, first line, next line)
    there : mapping
        (profile, key of the line) -> who is there.
    linked : set of pairs of providers
    areas : int
    """
    names = list(dict.fromkeys(name for one in there.values() for name in one.names))
    number = {name: place for place, name in enumerate(names)}
    links = _links(linked, number)
    for profile, first, then in pairs:
        sides = there[profile, first.key], there[profile, then.key]
        giving, taking = (_table(one, number, areas) for one in sides)
        both = (giving.sum(axis=1) > 0) & (taking.sum(axis=1) > 0)
        met = ((giving @ links) * taking).sum(axis=1) > 0
        yield Handoff(profile, first, then, np.asarray(both), np.asarray(met & both), sides)


def _links(linked: frozenset[frozenset[str]], number: Mapping[str, int]) -> csr_array:
    """Return who works with whom as a table; everybody works with themselves."""
    known = [[number[name] for name in pair] for pair in linked if len(pair) == 2 and pair <= number.keys()]
    ends: NDArray[np.intp] = np.array(known, dtype=np.intp).reshape(-1, 2)
    rows, columns = np.concatenate((ends, ends[:, ::-1])).T
    shape = len(number), len(number)
    ties = csr_array((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)
    return csr_array(ties + eye_array(len(number), dtype=np.int32))


def _table(one: Presence, number: Mapping[str, int], areas: int) -> csr_array:
    """Return areas x providers."""
    mine = np.array([number[name] for name in one.names], dtype=np.intp)
    entries = np.ones(len(one.columns), dtype=np.int32), (one.columns, _at(mine, one.providers))
    return csr_array(entries, shape=(areas, len(number)))


def _at(numbers: NDArray[np.intp], places: NDArray[np.integer]) -> NDArray[np.intp]:
    return numbers[places] if len(numbers) else np.zeros(0, dtype=np.intp)
