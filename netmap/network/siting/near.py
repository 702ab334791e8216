"""What stands beside the best choice: sites that are nearly as good, and one site at a time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from netmap.network.siting.exact import Siting
from netmap.network.siting.greedy import one_after_another
from netmap.network.siting.measures import Measure
from netmap.network.siting.milp import OPTIMAL, Clock

TOLERANCE = 0.05
SLACK = 1e-9  # for sums of the same numbers in another order


@dataclass(frozen=True)
class Near:
    """Sites of choices that are nearly as good as the best, and those that there was no time to decide."""

    sites: tuple[int, ...]
    undecided: tuple[int, ...]


def near_best(
    found: Siting, sites: int, measure: Measure, *, seconds: float, tolerance: float = TOLERANCE
) -> Near:
    """Return every site that can be among those opened without losing more than ``tolerance`` of the best.

    Parameters
    ----------
    found : Siting
        The best choice.
    sites : int
        How many sites there are.
    measure : Measure
        By which it is the best.
    seconds : float
        For all sites together; those that were not decided in it are named.
    tolerance : float
        Share of the objective.

    Examples
    --------
    >>> import numpy as np
    >>> from netmap.network.siting.measures import cover_measure
    >>> measure = cover_measure(np.array([[0.0, 5], [5, 0]]), np.array([40.0, 10]), 6, None)
    >>> near_best(measure.best(1, [], 1.0), 2, measure, seconds=1.0)
    Near(sites=(0, 1), undecided=())
    """
    sign, clock = (1.0 if measure.more_is_better else -1.0), Clock(seconds)
    enough = sign * found.objective - tolerance * abs(found.objective) - SLACK * (1 + abs(found.objective))
    near, left, undecided = list(found.sites), list[int](), list[int]()
    for site in range(sites):
        if site in found.sites:
            continue
        exchanged = (_instead(found.sites, place, site) for place in range(len(found.sites)))
        if clock.over():
            undecided.append(site)
        elif any(sign * measure.worth(some) >= enough for some in exchanged):
            near.append(site)
        else:
            left.append(site)
    if len(found.sites) > 1:  # else an exchange has decided
        more, unsure = _solved(measure, len(found.sites) - 1, left, enough, clock)
        near, undecided = near + more, undecided + unsure
    return Near(tuple(sorted(near)), tuple(sorted(undecided)))


def _solved(
    measure: Measure, others: int, sites: Sequence[int], enough: float, clock: Clock
) -> tuple[list[int], list[int]]:
    """Return which of the sites are worth enough beside the best others, and which were not decided."""
    sign = 1.0 if measure.more_is_better else -1.0
    near, undecided = list[int](), list[int]()
    fewer = None if clock.over() or not sites else measure.best(others, [], clock.left() / 2)
    for site in sites:
        if fewer is not None and _hopeless(measure, fewer, site, enough):
            continue
        if clock.over():
            undecided.append(site)
            continue
        other = measure.best(others, [site], clock.left())
        if other.sites and sign * measure.worth([*other.sites, site]) >= enough:
            near.append(site)
        elif other.status != OPTIMAL:
            undecided.append(site)
    return near, undecided


def one_by_one(sites: int, p: int, measure: Measure, *, seconds: float) -> tuple[int, ...]:
    """Return p sites, each the best beside those before; fewer where the seconds do not last for more.

    Examples
    --------
    >>> import numpy as np
    >>> from netmap.network.siting.measures import cover_measure
    >>> cost = np.array([[0.0, 0, 9], [0, 9, 0], [9, 0, 9], [9, 9, 0]])
    >>> measure = cover_measure(cost, np.array([3.0, 3, 2, 2]), 1, None)
    >>> one_by_one(3, 2, measure, seconds=1.0), measure.worth([0, 1]), measure.worth([1, 2])
    ((0, 1), 8.0, 10.0)
    """
    sign = 1.0 if measure.more_is_better else -1.0
    return one_after_another(
        lambda some: sign * measure.worth(some), sites, p, Clock(seconds), lessening=measure.lessening
    )


def _hopeless(measure: Measure, fewer: Siting, site: int, enough: float) -> bool:
    """Return whether a site and the best others, counted as if nobody were reached by both, are too few."""
    if not measure.more_is_better or fewer.status != OPTIMAL:
        return False
    return fewer.objective + measure.worth([site]) < enough


def _instead(sites: Sequence[int], place: int, site: int) -> list[int]:
    return [*sites[:place], site, *sites[place + 1 :]]
