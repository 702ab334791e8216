"""Capacity of cells: the figures of the worked example, and what an unknown figure leaves open."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from netmap.network.cells.capacity import capacity_ratio, shared_capacity
from netmap.network.cells.engine import Context, LineCells, survey
from netmap.network.reach import two_step
from netmap.network.whatif.scenario import ChangeServices
from netmap.network.whatif.state import Land, Network
from netmap.network.whatif.trial import what_if
from tests.network.examples import CAPACITY, DEBT, ROADS


def test_the_worked_example_from_its_cells(town):
    """Debt .6, childcare .4, job 2.5 and 1.5, assistant .833; 0 where nobody passes."""
    found = {}
    base = town.on(town.offers())
    profiles = [town.profile(document) for document in (town.k1(), town.k2())]
    kinds = {line.service_type for profile in profiles for line in profile.lines}
    for kind in sorted(kinds):
        lines, keys = [], []
        for profile in profiles:
            for line in profile.lines:
                if line.service_type == kind:
                    passing = LineCells(base, profile, line).sure
                    clients = [town.clients[(area.code, profile.code)] for area in base.areas]
                    lines.append((passing, np.array(clients, dtype=float)))
                    keys.append((profile.code, line.key))
        capacity = [CAPACITY.get(offer.service_id, np.nan) for offer in base.of_type(kind).offers]
        for key, ratio in zip(keys, shared_capacity(lines, np.array(capacity)), strict=True):
            found[key] = ratio.round(3).tolist()
    assert found == {
        ("k1", "debt"): [0.6, 0.6, 0],
        ("k1", "addiction"): [0, 0, 0],
        ("k1", "childcare"): [0.4, 0.4, 0],
        ("k1", "job"): [2.5, 2.5, 1.5],
        ("k2", "assistant"): [0.833, 0.833, 0],
        ("k2", "transport"): [0, 0, 0],
        ("k2", "job"): [2.5, 2.5, 1.5],
    }


@settings(max_examples=100, deadline=None)
@given(
    arrays(bool, (4, 5)),
    arrays(float, 4, elements=st.integers(0, 50)),
    arrays(float, 5, elements=st.integers(1, 50)),
)
def test_it_is_the_plain_two_step_ratio(passing, capacity, demand):
    cost = np.where(passing.T, 0.0, np.inf)
    expected = two_step(cost, capacity, demand, 30).access
    assert capacity_ratio(passing, capacity, demand) == pytest.approx(expected)


def test_an_unknown_capacity_is_no_nought():
    passing = np.array([[True, True], [True, False]])
    found = capacity_ratio(passing, np.array([5.0, np.nan]), np.array([10.0, 10.0]))
    assert np.isnan(found[0])
    assert found[1] == 0.25


def test_where_the_known_are_enough_the_unknown_decides_nothing():
    passing = np.array([[True], [True]])
    assert capacity_ratio(passing, np.array([12.0, np.nan]), np.array([10.0])).tolist() == [1.2]


def test_an_unknown_demand_leaves_the_ratio_open():
    passing = np.array([[True, True]])
    assert np.isnan(capacity_ratio(passing, np.array([5.0]), np.array([10.0, np.nan]))).all()


def test_capacity_that_nobody_uses_is_no_shortage():
    passing = np.array([[True]])
    assert capacity_ratio(passing, np.array([5.0]), np.array([0.0])).tolist() == [np.inf]
    assert np.isnan(capacity_ratio(passing, np.array([np.nan]), np.array([0.0]))[0])


def test_nothing_gives_nothing():
    assert capacity_ratio(np.zeros((0, 3), bool), np.zeros(0), np.ones(3)).tolist() == [0, 0, 0]
    assert capacity_ratio(np.zeros((3, 0), bool), np.ones(3), np.zeros(0)).shape == (0,)
    assert shared_capacity([], np.ones(3)) == []


def test_two_lines_of_one_package_are_one_client_in_the_queue(town):
    """Thirty places for the 40 and 10 of k1, whether it wants debt advice once or twice: .6."""
    once, twice = [
        town.document("k1", *(town.line(key, DEBT) for key in keys)) for keys in (("a",), ("a", "b"))
    ]
    context = Context(town.demands(), lambda services: np.array([CAPACITY[key] for key in services]))
    for document in (once, twice):
        found = survey(town.on(town.offers()), [town.profile(document)], town.today, context=context).cells
        ratios = [cell.ratio for cell in found if cell.n_lo]
        assert ratios == [pytest.approx(0.6)] * 2 * len(document.lines)
        network = Network(
            Land(town.on(()).areas, travel=ROADS, homes={f"A-{key}": "A" for key in CAPACITY}),
            town.offers(),
            [town.profile(document)],
            town.demands(),
            capacities=CAPACITY,
        )
        for place, queue in network.queues(DEBT).items():
            assert queue.ratio[:2].tolist() == [0.6, 0.6], place
        assert [one.after for one in what_if(network, [ChangeServices("v1", capacity=50.0)]).relieved] == [
            1.0
        ] * 2 * len(document.lines)


def test_clients_of_whom_each_line_has_its_own_service_are_counted_where_they_go():
    """A service that only one line can use has the clients once; one that both can use has them once too."""
    long, once = np.array([[True], [True]]), np.array([[False], [True]])
    heads = np.array([10.0])
    found = shared_capacity([(long, heads), (once, heads)], np.array([5.0, 10.0]), ["k", "k"])
    assert [ratio.tolist() for ratio in found] == [[1.5], [1.0]]
