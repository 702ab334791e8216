"""One site after another, always the best next one: quick, and not always the best together. Pure."""

from collections.abc import Callable, Sequence

import numpy as np

from netmap.network.siting.milp import Clock


def one_after_another(
    worth: Callable[[Sequence[int]], float],
    sites: int,
    p: int,
    clock: Clock,
    *,
    there: Sequence[int] = (),
    lessening: bool,
) -> tuple[int, ...]:
    """Return up to p sites, each the one with which those before are worth most; fewer if time is over.

    Parameters
    ----------
    worth : callable
        What some sites are worth together, the more the better.
    sites, p : int
        How many there are, and how many are chosen.
    clock : Clock
    there : sequence of int
        Sites that are open already.
    lessening : bool
        Whether a site never adds more to many than to few; then only those are asked again that can still
        be the best.

    Examples
    --------
    >>> reached = [{0, 1}, {1, 2, 3}, {2, 3}]
    >>> one_after_another(lambda some: len(set().union(*(reached[site] for site in some))), 3, 2,
    ...                   Clock(1.0), lessening=True)
    (1, 0)
    """
    chosen = list[int]()
    before = worth(there) if lessening else 0.0
    gains = np.full(sites, np.inf)
    gains[list(there)] = np.nan
    for _round in range(p):
        if not lessening:
            gains[~np.isnan(gains)] = np.inf
        asked = np.zeros(sites, dtype=np.bool_)
        while not asked[best := int(np.nanargmax(gains))]:
            if clock.over():
                return tuple(chosen)
            gains[best] = worth([*there, *chosen, best]) - before
            asked[best] = True
        chosen.append(best)
        before += float(gains[best]) if lessening else 0.0
        gains[best] = np.nan
    return tuple(chosen)
