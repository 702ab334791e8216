"""Which places to go to when each costs a journey and each line of help is best at some of them. Pure arrays.

The problem is that of facility location without capacities: L places, n lines. Costs are whole numbers, so
that equal sums are equal whatever the order of adding, and a tie goes to fewer places, then to earlier rows.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

SCALE = 10**9  # whole numbers of a billionth
TIE = 64  # room below one unit of cost to count places, so that fewer win a tie
NEVER = 10**16  # the line is not served at this place; a sum of 64 of these still fits
MOST_LINES = 11  # up to here all splits of the lines are looked at: (3^n - 1) / 2 of them


@dataclass(frozen=True)
class SiteProblem:
    """``cost`` is L x n (`NEVER` where a place does not serve a line), ``opening`` L, ``base`` n.

    ``base`` is what a line costs without any of these places; ``most`` is how many may be opened.
    """

    cost: Ints
    opening: Ints
    base: Ints
    most: int | None = None

    def total(self, opened: list[int]) -> int:
        """Return the cost with these places, each line where it is cheapest."""
        if not opened:
            return int(self.base.sum())
        lines = np.minimum(self.base, self.cost[opened].min(axis=0))
        return int(lines.sum() + self.opening[opened].sum())


def whole(cost: float) -> int:
    """Return a cost as the whole number that the sums use."""
    return round(cost * SCALE) * TIE


def exact(problem: SiteProblem) -> list[int]:
    """Return the places to open at the least cost, for at most `MOST_LINES` lines and any number of places.

    First the cheapest place for each group of lines; then, line by line, the best way to split the lines met
    so far into groups. Nothing is left out, so the answer is exact.
    """
    count = problem.base.size
    if not count or not problem.opening.size or problem.most == 0:
        return []
    groups = _of_groups(problem)
    owner = groups.argmin(axis=0)
    least = groups[owner, np.arange(owner.size)]
    sums = _best_splits(problem, least)
    return sorted(_opened(problem, least, owner, sums))


def _of_groups(problem: SiteProblem) -> Ints:
    """Return L x 2^n: what each place costs if it serves exactly the lines of a group."""
    places, count = problem.cost.shape
    groups = np.empty((places, 1 << count), dtype=np.int64)
    groups[:, 0] = problem.opening
    for line in range(count):
        size = 1 << line
        groups[:, size : 2 * size] = groups[:, :size] + problem.cost[:, line : line + 1]
    return groups


def _best_splits(problem: SiteProblem, least: Ints) -> Ints:
    """Return the least cost of every group of lines; one row, or one for each number of places allowed."""
    count, most = problem.base.size, problem.most
    rows = 1 if most is None else min(most, count) + 1
    sums = np.zeros((rows, 1 << count), dtype=np.int64)
    for line in range(count):
        size = 1 << line
        mine, rest, starts = _splits(line)
        before = sums if most is None else sums[:-1]
        together = np.minimum.reduceat(least[mine] + before[:, rest], starts, axis=1)
        alone = problem.base[line] + sums[:, :size]
        here = alone if most is None else alone[1:]
        np.minimum(here, together, out=here)
        sums[:, size : 2 * size] = alone
    return sums


@cache
def _splits(line: int) -> tuple[Ints, Ints, Ints]:
    """Return each group with this line as its last, beside what remains, and where each whole begins.

    For every set R of the lines before, in order, stand all (group with this line, rest) that together are R
    and this line.
    """
    group, rest = np.array([1 << line]), np.array([0])
    lengths = np.array([1])
    for earlier in range(line):
        bit = 1 << earlier
        with_it = np.repeat(group, 2) + np.tile([bit, 0], group.size)
        without = np.repeat(rest, 2) + np.tile([0, bit], rest.size)
        group, rest = np.concatenate([group, with_it]), np.concatenate([rest, without])
        lengths = np.concatenate([lengths, lengths * 2])
    return group, rest, np.concatenate([[0], np.cumsum(lengths)[:-1]])


def _opened(problem: SiteProblem, least: Ints, owner: NDArray[np.intp], sums: Ints) -> set[int]:
    """Return the places of the best split, by going back through the sums."""
    opened: set[int] = set()
    row, lines = sums.shape[0] - 1, sums.shape[1] - 1
    while lines:
        line = lines.bit_length() - 1
        before = lines ^ (1 << line)
        if sums[row, lines] == problem.base[line] + sums[row, before]:
            lines = before
            continue
        group, rest, starts = _splits(line)
        end = starts[before] + (1 << before.bit_count())
        mine, left = group[starts[before] : end], rest[starts[before] : end]
        above = row if problem.most is None else row - 1
        at = int(np.flatnonzero(least[mine] + sums[above, left] == sums[row, lines])[0])
        opened.add(int(owner[mine[at]]))
        row, lines = above, int(left[at])
    return opened


def greedy(problem: SiteProblem) -> list[int]:
    """Return places by adding, dropping and swapping one at a time until nothing gets cheaper."""
    opened: list[int] = []
    now = problem.total(opened)
    while True:
        tries = [(problem.total(one), one) for one in _neighbours(problem, opened)]
        cost, best = min(tries, default=(now, opened))
        if cost >= now:
            return opened
        now, opened = cost, best


def _neighbours(problem: SiteProblem, opened: list[int]) -> list[list[int]]:
    others = [place for place in range(problem.opening.size) if place not in opened]
    dropped = [[one for one in opened if one != gone] for gone in opened]
    swapped = [sorted([*left, place]) for left in dropped for place in others]
    full = problem.most is not None and len(opened) >= problem.most
    return dropped + swapped + ([] if full else [sorted([*opened, place]) for place in others])
