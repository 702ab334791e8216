"""What no assignment can serve: against a linear program, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from netmap.network.reach import unmet_flow


@st.composite
def instances(draw, numbers=st.integers(0, 30)):  # noqa: B008
    areas, sites = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    cost = draw(arrays(float, (areas, sites), elements=st.sampled_from([0.0, 30.0, 31.0, np.inf, np.nan])))
    supply = draw(arrays(float, sites, elements=numbers))
    demand = draw(arrays(float, areas, elements=numbers))
    return cost, supply, demand


def most_served(cost, supply, demand):
    """Return the most that can be served, by a linear program over all pairs in reach."""
    pairs = np.argwhere(cost <= 30)
    if not len(pairs):
        return 0.0
    rows = np.zeros((len(demand) + len(supply), len(pairs)))
    for column, (i, j) in enumerate(pairs):
        rows[i, column] = rows[len(demand) + j, column] = 1
    solved = linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=np.concatenate([demand, supply]))
    return -solved.fun


@settings(max_examples=200, deadline=None)
@given(instances())
def test_no_assignment_serves_more(instance):
    cost, supply, demand = instance
    found = unmet_flow(cost, supply, demand, 30)
    assert found.unmet == pytest.approx(demand.sum() - most_served(cost, supply, demand), abs=1e-6)
    assert found.served.sum() == pytest.approx(demand.sum() - found.unmet)
    assert (found.served <= demand).all()
    assert found.error == 0


@settings(max_examples=200, deadline=None)
@given(instances())
def test_a_group_lacks_its_demand_less_all_supply_that_it_reaches(instance):
    cost, supply, demand = instance
    found = unmet_flow(cost, supply, demand, 30)
    for group, lacking in enumerate(found.shortage):
        inside = found.groups == group
        sites = (cost[inside] <= 30).any(axis=0)
        assert lacking == pytest.approx(demand[inside].sum() - supply[sites].sum())
        assert lacking > 0
    assert found.shortage.sum() == pytest.approx(found.unmet)


@settings(max_examples=100, deadline=None)
@given(instances(numbers=st.floats(0, 30)))
def test_numbers_that_are_not_whole_are_off_by_no_more_than_is_said(instance):
    cost, supply, demand = instance
    found = unmet_flow(cost, supply, demand, 30)
    exact = demand.sum() - most_served(cost, supply, demand)
    assert abs(found.unmet - exact) <= found.error + 1e-6
    assert found.error < 1e-4


def test_the_worked_example():
    found = unmet_flow([[0], [12], [60]], [30], [40, 10, 5], 30)
    assert found.unmet == 25
    assert (found.groups.tolist(), found.shortage.tolist()) == ([0, 0, 1], [20, 5])


def test_who_has_another_site_is_not_among_the_overloaded():
    # the two share a site of 10; the second has one of its own beside it
    found = unmet_flow([[0, np.inf], [0, 0]], [10, 50], [12, 40], 30)
    assert (found.unmet, found.groups.tolist(), found.shortage.tolist()) == (2, [0, -1], [2])


def test_decimals_are_exact():
    found = unmet_flow([[0.0]], [2.25], [13.75], 30)
    assert (found.unmet, found.error) == (11.5, 0)


def test_a_site_without_a_limit_takes_everybody():
    assert unmet_flow([[0.0], [0.0]], [np.inf], [5, 6], 30).unmet == 0


def test_large_numbers_are_counted_as_long_as_they_can_be():
    assert unmet_flow([[0.0]], [1_000_000_000], [2_000_000_000], 30).unmet == 1_000_000_000
    with pytest.raises(ValueError, match="at most"):
        unmet_flow([[0.0]], [1], [3_000_000_000], 30)


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3)])
def test_nothing_gives_nothing(shape):
    found = unmet_flow(np.zeros(shape), np.ones(shape[1]), np.ones(shape[0]), 30)
    assert found.unmet == shape[0]
    assert found.groups.tolist() == list(range(shape[0]))


@pytest.mark.parametrize(
    ("supply", "demand", "words"),
    [([np.nan], [1], "supply is unknown"), ([1], [np.nan], "demand is unknown"), ([1], [np.inf], "infinite")],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(supply, demand, words):
    with pytest.raises(ValueError, match=words):
        unmet_flow([[0.0]], supply, demand, 30)


def test_an_unknown_way_is_counted_and_not_in_reach():
    found = unmet_flow([[np.nan]], [9], [5], 30)
    assert (found.unmet, found.doubtful.tolist()) == (5, [1])
