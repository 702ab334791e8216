"""Sites against published figures, against all combinations, and what cannot be asked."""

import csv
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from netmap.errors import Invalid
from netmap.network.siting import max_cover, p_center, p_median, set_cover
from netmap.network.siting.milp import TIME_LIMIT, Solved, solve

INSTANCES = 60


@pytest.fixture
def stores(shared: Path) -> tuple[np.ndarray, np.ndarray, dict[str, object]]:
    """Ways from 205 tracts to 16 stores in metres, people, and the published figures."""
    folder = shared / "truth" / "sf_spopt"
    if not folder.is_dir():
        pytest.skip("the published instance of San Francisco is not beside this clone")
    with (folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv").open() as file:
        ways = {(row["DestinationName"], row["name"]): float(row["distance"]) for row in csv.DictReader(file)}
    with (folder / "SF_demand_205_centroid_uniform_weight.csv").open() as file:
        people = {row["NAME"]: float(row["POP2000"]) for row in csv.DictReader(file)}
    tracts, names = sorted({tract for tract, _name in ways}), sorted({name for _tract, name in ways})
    cost = np.array([[ways[tract, name] for name in names] for tract in tracts])
    expected = json.loads((folder / "expected.json").read_text())
    return cost, np.array([people[tract] for tract in sorted(people)]), expected


def test_the_published_set_cover(stores):
    cost, _people, expected = stores
    found = set_cover(cost, 5000)
    assert (found.objective, len(found.sites), found.status) == (expected["lscp_n"], 8, "optimal")
    assert (cost[np.arange(205), found.assignment] <= 5000).all()


def test_the_published_maximal_cover(stores):
    cost, people, expected = stores
    found = max_cover(cost, people, 5000, 4)
    assert (found.objective, found.status, found.gap) == (expected["mclp_objective"], "optimal", 0.0)
    assert found.assignment.count(-1) == expected["mclp_uncovered_points"] == 21
    assert found.sites == (1, 2, 5, 10)  # stores 11, 12, 15 and 2, in the order of their names


def test_the_published_p_median(stores):
    cost, people, expected = stores
    found = p_median(cost, people, 4)
    assert found.objective == pytest.approx(expected["pmedian_objective"], rel=1e-12)
    assert found.objective / people.sum() == pytest.approx(expected["pmedian_mean_dist"], rel=1e-12)


def test_the_published_p_center(stores):
    cost, _people, expected = stores
    found = p_center(cost, 4)
    assert found.objective == pytest.approx(expected["pcenter_objective"], rel=1e-12)
    assert cost[np.arange(205), found.assignment].max() == found.objective


def instance(seed: int) -> tuple[np.ndarray, np.ndarray, int, list[int]]:
    """Return small costs with ties and ways that do not exist, demand, how many to open, what is open."""
    rng = np.random.default_rng(seed)
    points, sites, known = int(rng.integers(1, 10)), int(rng.integers(2, 8)), int(rng.integers(0, 2))
    cost = (
        rng.integers(0, 12, (points, sites)).astype(float) if seed % 2 else 10 * rng.random((points, sites))
    )
    if seed % 3 == 0:
        cost[rng.random((points, sites)) < 0.3] = np.inf
    demand = rng.integers(0, 6, points).astype(float) if seed % 2 else rng.random(points)
    fixed = rng.choice(sites, known, replace=False).tolist()
    return cost, demand, int(rng.integers(1, sites - known + 1)), fixed


def choices(sites: int, p: int, fixed: list[int]) -> list[list[int]]:
    """Return every way to open p more sites."""
    return [[*fixed, *more] for more in combinations([j for j in range(sites) if j not in fixed], p)]


@pytest.mark.parametrize("seed", range(INSTANCES))
def test_maximal_cover_is_the_best_of_all_combinations(seed):
    cost, demand, p, fixed = instance(seed)
    reach = cost <= 4
    before = demand[reach[:, fixed].any(axis=1)].sum()
    best = max(demand[reach[:, some].any(axis=1)].sum() for some in choices(cost.shape[1], p, fixed))
    found = max_cover(cost, demand, 4, p, fixed=fixed)
    assert found.objective == pytest.approx(best - before, abs=1e-12)
    assert (found.status, len(found.sites), found.gap) == ("optimal", p, 0.0)
    assert not set(found.sites) & set(fixed)
    served = reach[:, [*fixed, *found.sites]].any(axis=1)
    assert [site >= 0 for site in found.assignment] == served.tolist()


@pytest.mark.parametrize("seed", range(INSTANCES))
def test_p_median_is_the_best_of_all_combinations(seed):
    cost, demand, p, fixed = instance(seed)
    cost[:, 0] = np.where(np.isinf(cost).all(axis=1), 9.0, cost[:, 0])
    some = demand > 0
    best = min(
        float((demand[some] * cost[some][:, them].min(axis=1)).sum())
        for them in choices(cost.shape[1], p, fixed)
    )
    found = p_median(cost, demand, p, fixed=fixed)
    if np.isinf(best):
        assert (found.status, found.sites, found.objective) == ("infeasible", (), np.inf)
    else:
        assert found.objective == pytest.approx(best, abs=1e-9)
        assert (found.status, len(found.sites)) == ("optimal", p)


@pytest.mark.parametrize("seed", range(INSTANCES))
def test_p_center_is_the_best_of_all_combinations(seed):
    cost, _demand, p, fixed = instance(seed)
    cost[:, 0] = np.where(np.isinf(cost).all(axis=1), 9.0, cost[:, 0])
    best = min(cost[:, some].min(axis=1).max() for some in choices(cost.shape[1], p, fixed))
    found = p_center(cost, p, fixed=fixed)
    if np.isinf(best):
        assert (found.status, found.sites, found.objective) == ("infeasible", (), np.inf)
    else:
        assert (found.objective, found.status, len(found.sites)) == (best, "optimal", p)


@pytest.mark.parametrize("seed", range(INSTANCES))
def test_set_cover_opens_the_fewest_of_all_combinations(seed):
    cost, _demand, _p, fixed = instance(seed)
    reach = cost <= 4
    if not reach.any(axis=1).all():
        with pytest.raises(Invalid, match="No site is within reach of demand point"):
            set_cover(cost, 4, fixed=fixed)
        return
    fewest = next(
        p
        for p in range(cost.shape[1] + 1)
        if any(reach[:, some].any(axis=1).all() for some in choices(cost.shape[1], p, fixed))
    )
    found = set_cover(cost, 4, fixed=fixed)
    assert (found.objective, len(found.sites), found.status) == (fewest, fewest, "optimal")
    assert -1 not in found.assignment


def served(reach: np.ndarray, demand: np.ndarray, capacity: np.ndarray, some: list[int]) -> float:
    """Return the most that these sites can serve: what the tightest set of points and sites lets through."""
    best = np.inf
    for mask in range(2 ** len(demand)):
        cut = np.array([bool(mask >> point & 1) for point in range(len(demand))])
        used = [site for site in some if reach[~cut, site].any()]
        best = min(best, demand[cut].sum() + capacity[used].sum())
    return float(best)


@pytest.mark.parametrize("seed", range(30))
def test_cover_with_capacity_is_the_best_of_all_combinations(seed):
    cost, demand, p, fixed = instance(seed)
    cost, demand = cost[:6], demand[:6]
    rng = np.random.default_rng(seed)
    capacity, reach = rng.integers(0, 6, cost.shape[1]).astype(float), cost <= 5
    before = served(reach, demand, capacity, fixed)
    best = max(served(reach, demand, capacity, some) for some in choices(cost.shape[1], p, fixed))
    found = max_cover(cost, demand, 5, p, capacity, fixed=fixed)
    assert found.objective == pytest.approx(best - before, abs=1e-6)
    assert (found.status, len(found.sites)) == ("optimal", p)
    assert all(site == -1 or reach[point, site] for point, site in enumerate(found.assignment))


def test_a_capacity_that_nobody_reaches_changes_nothing():
    cost, demand, p, _fixed = instance(3)
    assert max_cover(cost, demand, 4, p, np.inf).objective == max_cover(cost, demand, 4, p).objective


@pytest.mark.parametrize("shape", [(3, 0), (0, 0), (0, 2), (3, 2)])
def test_with_capacity_no_sites_serve_nobody(shape):
    found = max_cover(np.zeros(shape), np.ones(shape[0]), 6, 0, capacity=3)
    assert (found.sites, found.objective, found.status) == ((), 0, "optimal")
    assert found.assignment == (-1,) * shape[0]


def test_what_fixed_sites_cover_is_not_weighed_again():
    cost = [[0, 5], [1, 9], [9, 0]]
    assert max_cover(cost, [40, 10, 30], 6, 1).objective == 70
    found = max_cover(cost, [40, 10, 30], 6, 1, fixed=[0])
    assert (found.sites, found.objective, found.assignment) == ((1,), 30.0, (0, 0, 1))


def test_each_point_may_have_a_limit_of_its_own():
    assert max_cover([[5, 9], [5, 9]], [1, 1], [6, 4], 1).objective == 1


def test_an_answer_that_ran_out_of_time_says_so_and_how_far_it_may_be_off(monkeypatch):
    rng = np.random.default_rng(8)
    points, demand = rng.random((60, 2)), rng.random(60)
    cost = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    best, shortest = max_cover(cost, demand, 0.14, 5), p_median(cost, demand, 5)
    for room in ("cover", "median"):
        monkeypatch.setattr(f"netmap.network.siting.{room}.ROUNDS", 2)
        monkeypatch.setattr(
            f"netmap.network.siting.{room}.solve", lambda *_a, **_m: Solved(None, -np.inf, TIME_LIMIT)
        )
    found = max_cover(cost, demand, 0.14, 5)
    assert (found.status, len(found.sites)) == ("time limit", 5)
    assert 0 < found.gap < 1
    assert found.objective <= best.objective <= found.objective * (1 + found.gap)
    found = p_median(cost, demand, 5)
    assert (found.status, len(found.sites)) == ("time limit", 5)
    assert 0 < found.gap < 1
    assert found.objective * (1 - found.gap) <= shortest.objective <= found.objective


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: set_cover([[9.0]], 1), "No site is within reach of demand point 0"),
        (lambda: max_cover([[1.0]], [1], 1, 2), "2 sites are to be opened, but only 1 can be chosen"),
        (lambda: max_cover([[1.0, 2.0]], [1], 1, 2, fixed=[0]), "only 1 can be chosen"),
        (lambda: p_median([[np.nan]], [1], 1), "from demand point 0 to site 0 is not a number"),
        (lambda: p_median([[-1.0]], [1], 1), "is less than 0"),
        (lambda: p_median([[np.inf]], [1], 1), "No site is within reach"),
        (lambda: p_center([[np.inf]], 1), "No site is within reach"),
        (lambda: max_cover([[1.0]], [-1], 1, 1), "The demand of point 0 is -1.0"),
        (lambda: max_cover([[1.0]], [1, 2], 1, 1), "1 demand points in the costs and 2 figures of demand"),
        (lambda: max_cover([[1.0]], [1], 1, 1, [1, 2]), "1 sites in the costs and 2 capacities"),
        (lambda: max_cover([[1.0]], [1], 1, 1, [-2]), "The capacity of site 0 is -2.0"),
        (lambda: max_cover([[1.0]], [1], [1, 2], 1), "The limit must be one number"),
        (lambda: max_cover([1.0], [1], 1, 1), "must be a table"),
        (lambda: max_cover([[1.0]], [1], 1, 0.5), "give a whole number"),
        (lambda: max_cover([[1.0]], [1], 1, np.nan), "The number of sites to open is nan: give a whole"),
        (lambda: p_median([[1.0]], [1], np.inf), "The number of sites to open is inf: give a whole number"),
        (lambda: p_center([[1.0]], None), "The number of sites to open is None: give a whole number"),
        (lambda: max_cover([[1.0]], [1], 1, 0, fixed=[1]), "numbered from 0 to 0"),
        (lambda: max_cover([[1.0, 2.0]], [1], 1, 1, fixed=[0.7]), "Site 0.7 is said to be open already"),
        (lambda: set_cover([[1.0]], 1, fixed=[np.nan]), "Site nan is said to be open already"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(ask, told):
    with pytest.raises(Invalid, match=told):
        ask()
    with pytest.raises(ValueError, match=told):
        ask()


def test_what_the_bound_leaves_open_the_solver_settles(monkeypatch):
    asked = []

    def counted(*arguments, **more):
        asked.append(more["whole"])
        return solve(*arguments, **more)

    for room in ("cover", "median"):
        monkeypatch.setattr(f"netmap.network.siting.{room}.ROUNDS", 1)
        monkeypatch.setattr(f"netmap.network.siting.{room}.solve", counted)
        monkeypatch.setattr(f"netmap.network.siting.{room}.exchanged", lambda _table, sites: sites)
    for seed in range(INSTANCES):
        cost, demand, p, fixed = instance(seed)
        cost[~np.isfinite(cost)] = 20.0
        every = choices(cost.shape[1], p, fixed)
        reach = cost <= 4
        before = demand[reach[:, fixed].any(axis=1)].sum()
        most = max(demand[reach[:, some].any(axis=1)].sum() for some in every) - before
        least = min((demand * cost[:, some].min(axis=1)).sum() for some in every)
        assert max_cover(cost, demand, 4, p, fixed=fixed).objective == pytest.approx(most, abs=1e-9)
        assert p_median(cost, demand, p, fixed=fixed).objective == pytest.approx(least, abs=1e-9)
    assert len(asked) > INSTANCES / 2  # else this test would say nothing about the solver
