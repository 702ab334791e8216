"""Supply per head: what is shared out is what is reached, whatever the weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from netmap.network.reach import two_step

BANDS = [(10, 1.0), (20, 0.68), (30, 0.22)]


@st.composite
def instances(draw):
    """Return costs, supply and demand of up to six areas and sites."""
    areas, sites = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    far = st.one_of(st.floats(0, 60), st.just(np.inf))
    cost = draw(arrays(float, (areas, sites), elements=far))
    supply = draw(arrays(float, sites, elements=st.integers(0, 90)))
    demand = draw(arrays(float, areas, elements=st.integers(0, 90)))
    return cost, supply, demand


def bands():
    pairs = st.lists(st.tuples(st.floats(1, 60), st.floats(0.01, 3)), min_size=1, max_size=4)
    return st.one_of(st.none(), pairs.map(lambda found: sorted(found)))


@settings(max_examples=200, deadline=None)
@given(instances(), bands())
def test_what_is_shared_out_is_the_supply_that_somebody_reaches(instance, chosen):
    cost, supply, demand = instance
    found = two_step(cost, supply, demand, 30, chosen)
    most = min(30, chosen[-1][0]) if chosen else 30
    reachable = sum(supply[j] for j in range(len(supply)) if demand[cost[:, j] <= most].sum() > 0)
    assert (found.access * demand).sum() == pytest.approx(reachable)


@settings(max_examples=100, deadline=None)
@given(instances(), bands())
def test_the_sums_are_those_of_the_formula_written_out(instance, chosen):
    cost, supply, demand = instance
    areas, sites = cost.shape

    def weight(km):
        steps = [(30, 1.0)] if chosen is None else chosen
        return 0 if km > 30 else next((w for limit, w in steps if km <= limit), 0)

    access = np.zeros(areas)
    for j in range(sites):
        wanted = sum(weight(cost[i, j]) * demand[i] for i in range(areas))
        for i in range(areas):
            access[i] += weight(cost[i, j]) * supply[j] / wanted if wanted else 0
    assert two_step(cost, supply, demand, 30, chosen).access == pytest.approx(access)


@settings(max_examples=50, deadline=None)
@given(instances())
def test_a_sparse_table_of_the_known_pairs_says_the_same(instance):
    cost, supply, demand = instance
    rows, columns = np.nonzero(np.isfinite(cost))
    pairs = csr_array((cost[rows, columns], (rows, columns)), shape=cost.shape)
    dense, sparse = two_step(cost, supply, demand, 30, BANDS), two_step(pairs, supply, demand, 30, BANDS)
    assert sparse.access == pytest.approx(dense.access)
    assert sparse.reached.tolist() == dense.reached.tolist()


def test_the_worked_example():
    found = two_step([[0], [12], [60]], [30], [40, 10, 5], 30)
    assert found.access.tolist() == [0.6, 0.6, 0]
    assert (found.ratio.tolist(), found.reached.tolist()) == ([0.6], [1, 1, 0])
    banded = two_step([[0], [12], [60]], [30], [40, 10, 5], 30, BANDS)
    assert banded.access.round(3).tolist() == [0.641, 0.436, 0]
    assert banded.access @ [40, 10, 5] == pytest.approx(30)


def test_the_edge_belongs_to_what_is_within():
    assert two_step([[30.0], [30.1]], [7], [1, 1], 30).reached.tolist() == [1, 0]
    assert two_step([[10.0], [20.0]], [1], [1, 1], 30, BANDS).access.tolist() == pytest.approx(
        [1 / 1.68, 0.68 / 1.68]
    )


def test_an_unknown_supply_is_unknown_to_those_who_reach_it_and_to_nobody_else():
    found = two_step([[0, 5], [5, 99], [99, 0]], [np.nan, 10], [1, 1, 9], 30)
    assert np.isnan(found.access).tolist() == [True, True, False]
    assert found.access[2] == 1.0


def test_an_unknown_demand_makes_unknown_what_is_shared_with_it():
    found = two_step([[0, np.inf], [0, np.inf], [np.inf, 0]], [10, 10], [np.nan, 5, 5], 30)
    assert np.isnan(found.access).tolist() == [True, True, False]


def test_an_unknown_way_is_counted_and_not_in_reach():
    found = two_step([[np.nan, 5], [1, 5]], [10, 10], [1, 1], 30)
    assert (found.doubtful.tolist(), found.reached.tolist()) == ([1, 0], [1, 2])


def test_what_nobody_wants_is_shared_with_nobody():
    assert two_step([[1.0]], [10], [0], 30).ratio.tolist() == [0]
    assert np.isnan(two_step([[1.0]], [np.nan], [0], 30).ratio[0])


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3)])
def test_nothing_gives_nothing(shape):
    found = two_step(np.zeros(shape), np.ones(shape[1]), np.ones(shape[0]), 30)
    assert (found.access.shape, found.ratio.shape) == ((shape[0],), (shape[1],))
    assert found.access.sum() == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"cost": [[1.0, 2.0]]}, "shape"),
        ({"cost": [[-1.0]]}, "below 0"),
        ({"supply": [-1]}, "supply holds a number below 0"),
        ({"demand": [-1]}, "demand holds a number below 0"),
        ({"supply": [[1]]}, "dimensions"),
        ({"bands": [(20, 1), (10, 0.5)]}, "limits rise"),
        ({"bands": [(20, -1)]}, "no weight is below 0"),
        ({"bands": [(float("nan"), 1)]}, "limits rise"),
        ({"within": float("nan")}, "nan is no limit of what is in reach"),
        ({"within": -1}, "-1 is no limit of what is in reach"),
        ({"cost": np.zeros((0, 5))}, "shape"),
        ({"cost": []}, "shape"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(changed, words):
    given = {"cost": [[1.0]], "supply": [1], "demand": [1], "within": 30, "bands": None} | changed
    with pytest.raises(ValueError, match=words):
        two_step(**given)
