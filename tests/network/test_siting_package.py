"""Services that make packages whole, against all combinations; sites nearly as good; one at a time."""

from dataclasses import replace
from itertools import combinations
from time import sleep

import numpy as np
import pytest

from netmap.errors import Invalid
from netmap.network.siting import max_cover
from netmap.network.siting.measures import Measure, center_measure, cover_measure, median_measure
from netmap.network.siting.milp import TIME_LIMIT, Solved
from netmap.network.siting.near import near_best, one_by_one
from netmap.network.siting.package import Lacking, Opened, Wanted, package_cover, package_greedy
from netmap.network.siting.sharing import Sharing

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


def completed(cost: np.ndarray, wanted: list[Wanted], opened: tuple[Opened, ...]) -> tuple[int, ...]:
    """Return the places in ``wanted`` where everything that is missing is open within reach, one by one."""
    return tuple(
        place
        for place, want in enumerate(wanted)
        if all(
            any(one.service_type == kind and cost[want.point, one.site] <= want.within for one in opened)
            for kind in want.missing
        )
    )


@pytest.mark.parametrize("seed", range(60))
def test_whole_packages_are_the_most_of_all_combinations(seed):
    cost, wanted, budget = wanted_of(seed)
    every = [Opened(kind, site) for kind in KINDS for site in range(3)]
    best = max(
        sum(wanted[place].demand for place in completed(cost, wanted, some))
        for size in range(budget + 1)
        for some in combinations(every, size)
    )
    found = package_cover(Lacking(cost, wanted), budget)
    assert found.complete == completed(cost, wanted, found.opened)
    assert found.objective == best == sum(wanted[place].demand for place in found.complete)
    assert (found.status, found.gap) == ("optimal", 0.0)
    assert len(found.opened) <= budget
    quick = package_greedy(Lacking(cost, wanted), budget)
    assert len(quick) <= budget
    assert sum(wanted[place].demand for place in completed(cost, wanted, quick)) <= best


def test_a_package_that_misses_two_services_is_not_half_whole():
    found = package_cover(Lacking([[0.0]], [Wanted(0, frozenset({"debt", "job"}), 50, 5)]), 1)
    assert (found.objective, found.opened, found.complete) == (0.0, (), ())


def test_nothing_is_opened_that_completes_nothing():
    found = package_cover(Lacking([[0.0, 1.0]], [Wanted(0, frozenset({"job"}), 5, 5)]), 4)
    assert len(found.opened) == 1


def test_a_place_that_does_not_exist_is_told():
    with pytest.raises(Invalid, match="There is no demand point 3"):
        Lacking([[0.0]], [Wanted(3, frozenset({"job"}), 5, 5)])


MEASURES = ("cover", "capacity", "median", "center")


def measured(name: str, seed: int) -> tuple[Measure, int]:
    """Return a measure on a random instance of nine places, and how many of them are to be opened."""
    rng = np.random.default_rng(seed)
    points = rng.random((9, 2))
    cost = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    demand, p = rng.integers(1, 20, 9).astype(float), int(rng.integers(1, 4))
    if name == "center":
        return center_measure(cost, demand), p
    if name == "median":
        return median_measure(cost, demand), p
    return cover_measure(cost, demand, 0.25, 25.0 if name == "capacity" else None), p


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("seed", [*range(6), 11, 12, 14, 17, 19])  # from 11 on exchanges find not all of them
def test_the_sites_nearly_as_good_are_those_of_all_combinations(name, seed):
    measure, p = measured(name, seed)
    found = measure.best(p, [], 20.0)
    more = measure.more_is_better
    limit = found.objective * (0.95 if more else 1.05)
    good = {
        site
        for some in combinations(range(9), p)
        if (measure.worth(some) >= limit - 1e-6 if more else measure.worth(some) <= limit + 1e-6)
        for site in some
    }
    near = near_best(found, 9, measure, seconds=20)
    assert (set(near.sites), near.undecided) == (good, ())


@pytest.mark.parametrize("name", MEASURES)
def test_sites_that_nobody_had_time_to_decide_are_named(name):
    measure, _p = measured(name, 1)
    found = measure.best(3, [], 20.0)
    near = near_best(found, 9, measure, seconds=0)
    assert near.sites == found.sites
    assert sorted(near.sites + near.undecided) == list(range(9))


@pytest.mark.parametrize("name", MEASURES)
def test_one_after_another_ends_when_time_is_over(name):
    measure, _p = measured(name, 1)
    whole = one_by_one(9, 3, measure, seconds=20.0)
    slow = replace(measure, worth=lambda some: (sleep(0.01), measure.worth(some))[1])
    part = one_by_one(9, 3, slow, seconds=0.06)
    assert len(part) < 3
    assert part == whole[: len(part)]


def test_one_after_another_asks_again_only_where_it_can_matter():
    rng = np.random.default_rng(4)
    points = rng.random((80, 2))
    cost = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    measure, asked = cover_measure(cost, rng.integers(1, 20, 80).astype(float), 0.2, 60.0), []
    counted = replace(measure, worth=lambda some: (asked.append(some), measure.worth(some))[1])
    found = one_by_one(80, 6, counted, seconds=20.0)
    chosen: list[int] = []
    for _round in range(6):  # the plain rule: try each
        rest = [site for site in range(80) if site not in chosen]
        chosen.append(max(rest, key=lambda site: measure.worth([*chosen, site])))
    assert measure.worth(found) == measure.worth(chosen)
    assert len(asked) < 300  # the plain rule asks 465 times


@pytest.mark.parametrize("seed", range(20))
def test_what_sites_share_is_the_most_that_they_can(seed):
    rng = np.random.default_rng(seed)
    costs, weights = 10 * rng.random((7, 5)), rng.integers(0, 9, 7) + 0.5 * (seed % 2)
    limits, reach = rng.integers(0, 12, 5).astype(float), costs <= 5
    sharing, sites = Sharing(costs, reach, weights.astype(float), limits), np.array([0, 2, 3])
    amounts = sharing.amounts(sites)
    assert (amounts[~reach[:, sites]] == 0).all()
    assert (amounts.sum(axis=1) <= weights + 1e-9).all()
    assert (amounts.sum(axis=0) <= limits[sites] + 1e-9).all()
    most = min(  # the tightest cut
        weights[reach[:, [site for site in sites if site not in full]].any(axis=1)].sum()
        + limits[list(full)].sum()
        for size in range(4)
        for full in combinations(sites.tolist(), size)
    )
    assert (amounts.sum(), sharing.most(sites)) == pytest.approx((most, most))


def test_a_choice_with_capacity_that_found_no_time_is_told_with_how_far_it_may_be_off(monkeypatch):
    """The middle site looks best alone, the last reaches all; but left and right serve most: 24 of 25."""
    reach = np.array([[1, 0, 0, 1], [1, 1, 0, 1], [0, 1, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1]])
    costs, demand, capacity = np.where(reach, 1.0, 9.0), [6.0, 6, 6, 6, 1], [12.0, 13, 12, 3]
    assert max_cover(costs, demand, 5, 2, capacity).objective == 24
    monkeypatch.setattr(
        "netmap.network.siting.capacity.solve", lambda *_a, **_m: Solved(None, -np.inf, TIME_LIMIT)
    )
    found = max_cover(costs, demand, 5, 2, capacity)
    assert (found.sites, found.objective, found.status) == ((0, 1), 19, "time limit")
    assert found.gap == pytest.approx(25 / 19 - 1)


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("seed", range(8))
def test_one_at_a_time_is_never_better_than_the_best(name, seed):
    measure, p = measured(name, seed)
    best, quick = measure.best(p, [], 20.0).objective, measure.worth(one_by_one(9, p, measure, seconds=20.0))
    assert quick <= best + 1e-6 if measure.more_is_better else quick >= best - 1e-6
