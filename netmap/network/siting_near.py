"""What stands beside the best choice: sites that are nearly as good, and one site at a time. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from netmap.network.siting import Siting
from netmap.network.siting_milp import OPTIMAL, Clock

TOLERANCE = 0.05

# The best with so many sites, some of which are given; and what a given choice of sites is worth.
Best = Callable[[int, Sequence[int], float], Siting]
Worth = Callable[[Sequence[int]], float]


@dataclass(frozen=True)
class Near:
    """Sites of choices that are nearly as good as the best, and those that there was no time to decide."""

    sites: tuple[int, ...]
    undecided: tuple[int, ...]


def near_best(
    found: Siting,
    sites: int,
    best_with: Best,
    worth: Worth,
    *,
    more_is_better: bool,
    seconds: float,
    tolerance: float = TOLERANCE,
) -> Near:
    """Return every site that can be opened without losing more than ``tolerance`` of the objective.

    Parameters
    ----------
    found : Siting
        The best choice.
    sites : int
        How many sites there are.
    best_with : callable
        Takes p, given sites and seconds, and returns the best choice of p more sites beside them.
    worth : callable
        Takes sites and returns the objective of exactly these.
    more_is_better : bool
        Whether the objective is to be large.
    seconds : float
        For all sites together; those that nobody decided are named.

    Examples
    --------
    >>> from netmap.network.siting import max_cover
    >>> cost, demand = np.array([[0, 5], [5, 0]]), np.array([40.0, 10.0])
    >>> near_best(
    ...     max_cover(cost, demand, 6, 1), 2,
    ...     lambda p, given, seconds: max_cover(cost, demand, 6, p, fixed=given),
    ...     lambda some: float(demand[(cost[:, some] <= 6).any(axis=1)].sum()),
    ...     more_is_better=True, seconds=1.0,
    ... ).sites
    (0, 1)
    """
    sign = 1.0 if more_is_better else -1.0
    enough = sign * found.objective - tolerance * abs(found.objective) - 1e-9
    near, undecided, clock = list(found.sites), list[int](), Clock(seconds)
    for site in range(sites):
        if site in found.sites:
            continue
        if any(
            sign * worth(_instead(found.sites, place, site)) >= enough for place in range(len(found.sites))
        ):
            near.append(site)
            continue
        if clock.over():
            undecided.append(site)
            continue
        other = best_with(len(found.sites) - 1, [site], clock.left())
        if sign * worth([*other.sites, site]) >= enough:
            near.append(site)
        elif other.status != OPTIMAL:
            undecided.append(site)
    return Near(tuple(sorted(near)), tuple(undecided))


def one_by_one(sites: int, p: int, worth: Worth, *, more_is_better: bool) -> tuple[int, ...]:
    """Return p sites, each the best beside those before: quick, and not always the best together.

    Examples
    --------
    >>> reach = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0], [0, 0, 1]], dtype=bool)
    >>> people = np.array([3.0, 3.0, 2.0, 2.0])
    >>> def worth(some): return float(people[reach[:, list(some)].any(axis=1)].sum())
    >>> one_by_one(3, 2, worth, more_is_better=True), worth([0, 1]), worth([1, 2])
    ((0, 1), 8.0, 10.0)
    """
    sign, chosen = (1.0 if more_is_better else -1.0), list[int]()
    for _round in range(p):
        left = [site for site in range(sites) if site not in chosen]
        values = [sign * worth([*chosen, site]) for site in left]
        chosen.append(left[int(np.argmax(values))])
    return tuple(chosen)


def _instead(sites: Sequence[int], place: int, site: int) -> list[int]:
    return [*sites[:place], site, *sites[place + 1 :]]
