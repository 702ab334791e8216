"""Services that make packages whole, against all combinations; sites nearly as good; one at a time."""

from itertools import combinations

import numpy as np
import pytest

from netmap.errors import Invalid
from netmap.network.siting import max_cover, p_center, p_median
from netmap.network.siting_near import near_best, one_by_one
from netmap.network.siting_package import Opened, Wanted, completed, package_cover, package_greedy

KINDS = ("debt", "job", "room")


def wanted_of(seed: int) -> tuple[np.ndarray, list[Wanted], int]:
    """Return a small random instance: ways, what is wanted where, and how many services can be opened."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 10, (5, 3)).astype(float)
    wanted = [
        Wanted(
            int(rng.integers(5)),
            frozenset(rng.choice(KINDS, rng.integers(1, 4), replace=False).tolist()),
            float(rng.integers(0, 9)),
            float(rng.integers(3, 8)),
        )
        for _number in range(int(rng.integers(1, 8)))
    ]
    return cost, wanted, int(rng.integers(1, 5))


@pytest.mark.parametrize("seed", range(60))
def test_whole_packages_are_the_most_of_all_combinations(seed):
    cost, wanted, budget = wanted_of(seed)
    every = [Opened(kind, site) for kind in KINDS for site in range(3)]
    best = max(
        sum(wanted[place].demand for place in completed(cost, wanted, some))
        for size in range(budget + 1)
        for some in combinations(every, size)
    )
    found = package_cover(cost, wanted, budget)
    assert found.objective == best == sum(wanted[place].demand for place in found.complete)
    assert (found.status, found.gap) == ("optimal", 0.0)
    assert len(found.opened) <= budget
    quick = package_greedy(cost, wanted, budget)
    assert len(quick) <= budget
    assert sum(wanted[place].demand for place in completed(cost, wanted, quick)) <= best


def test_a_package_that_misses_two_services_is_not_half_whole():
    found = package_cover([[0.0]], [Wanted(0, frozenset({"debt", "job"}), 50, 5)], 1)
    assert (found.objective, found.opened, found.complete) == (0.0, (), ())


def test_nothing_is_opened_that_completes_nothing():
    found = package_cover([[0.0, 1.0]], [Wanted(0, frozenset({"job"}), 5, 5)], 4)
    assert len(found.opened) == 1


def test_a_place_that_does_not_exist_is_told():
    with pytest.raises(Invalid, match="There is no demand point 3"):
        package_cover([[0.0]], [Wanted(3, frozenset({"job"}), 5, 5)], 1)


MEASURES = ("cover", "median", "center")


def measured(measure: str, seed: int):
    """Return the best choice of an instance, how to find others, what a choice is worth, all choices."""
    rng = np.random.default_rng(seed)
    points = rng.random((9, 2))
    cost = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    demand, p = rng.integers(1, 20, 9).astype(float), int(rng.integers(1, 4))
    if measure == "cover":

        def best(p, given, seconds=20.0):
            return max_cover(cost, demand, 0.25, p, fixed=given)

        def worth(some):
            return float(demand[(cost[:, list(some)] <= 0.25).any(axis=1)].sum())

    elif measure == "median":

        def best(p, given, seconds=20.0):
            return p_median(cost, demand, p, fixed=given)

        def worth(some):
            return float((demand * cost[:, list(some)].min(axis=1)).sum())

    else:

        def best(p, given, seconds=20.0):
            return p_center(cost, p, fixed=given)

        def worth(some):
            return float(cost[:, list(some)].min(axis=1).max())

    return best(p, []), best, worth, list(combinations(range(9), p))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("seed", range(8))
def test_the_sites_nearly_as_good_are_those_of_all_combinations(measure, seed):
    found, best, worth, every = measured(measure, seed)
    more = measure == "cover"
    limit = found.objective * (0.95 if more else 1.05)
    good = {
        site
        for some in every
        if (worth(some) >= limit - 1e-9 if more else worth(some) <= limit + 1e-9)
        for site in some
    }
    near = near_best(found, 9, best, worth, more_is_better=more, seconds=20)
    assert (set(near.sites), near.undecided) == (good, ())


def test_sites_that_nobody_had_time_to_decide_are_named():
    found, best, worth, _every = measured("median", 1)
    near = near_best(found, 9, best, worth, more_is_better=False, seconds=0)
    assert near.undecided
    assert not set(near.undecided) & set(near.sites)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("seed", range(8))
def test_one_at_a_time_is_never_better_than_the_best(measure, seed):
    found, _best, worth, _every = measured(measure, seed)
    quick = worth(one_by_one(9, len(found.sites), worth, more_is_better=measure == "cover"))
    if measure == "cover":
        assert quick <= found.objective + 1e-9
    else:
        assert quick >= found.objective - 1e-9
