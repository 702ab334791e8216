import json
import random
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from netmap.network.ties import measures as m
from netmap.network.ties.meeting import Standing, meeting
from netmap.network.ties.replacing import replaceable


@pytest.fixture
def truth(shared):
    return json.loads((shared / "truth" / "networks" / "expected.json").read_text(encoding="utf-8"))


def edges(shared: Path, name: str) -> nx.Graph:
    text = (shared / "truth" / "networks" / f"{name}.edgelist").read_text(encoding="utf-8")
    graph = nx.Graph()
    graph.add_edges_from(line.split("\t") for line in text.splitlines() if line)
    return graph


def test_brokerage_is_that_of_the_published_example(truth):
    known = truth["burt_borgatti_1997"]
    graph = nx.Graph()
    graph.add_edges_from(known["edges"])
    found = m.brokers(graph)
    for node, value in known["effective_size"].items():
        assert found[node].effective == pytest.approx(value, abs=5e-4)
    for node, value in known["constraint"].items():
        assert found[node].constraint == pytest.approx(value, abs=5e-4)


def test_karate_comes_out_as_published(truth, shared):
    known, graph = truth["karate"], edges(shared, "karate")
    found = m.measures(graph)
    assert (found.nodes, found.links) == (known["n"], known["m"])
    assert round(found.density, 3) == known["density"]
    assert [int(node) for node in found.cut] == known["articulation_points"]
    assert [sorted(map(int, link)) for link in found.single] == known["bridges"]
    for node, value in known["betweenness"].items():
        assert found.betweenness[node] == pytest.approx(value, abs=5e-7)
    assert max(found.core.values()) == known["max_core"]
    assert found.modularity == pytest.approx(known["max_modularity_unweighted"], abs=5e-4)
    assert [
        sorted(map(int, part)) for part in sorted(found.groups, key=lambda part: min(map(int, part)))
    ] == (known["optimal_partition"])


def test_the_florentine_families_come_out_as_published(truth, shared):
    known, graph = truth["florentine"], edges(shared, "florentine")
    found = m.measures(graph)
    for family, value in known["betweenness"].items():
        assert round(found.betweenness[family], 3) == value
    assert list(found.cut) == known["articulation_points"]
    assert [list(link) for link in found.single] == known["bridges"]
    count = len(graph)
    assert m.centralisation(found.betweenness.values(), count - 1) == pytest.approx(
        known["betweenness_centralization"], abs=5e-5
    )
    graph.add_node("Pucci")  # the sixteenth family married into none of the others
    assert round(m.degree_centralisation(graph), 3) == known["degree_centralization_16"]


def test_who_met_whom_in_the_southern_women_comes_out_as_published(truth, shared):
    known = truth["davis"]
    graph = edges(shared, "davis")
    women, events = list(known["women_degrees"]), list(known["event_degrees"])
    table = nx.bipartite.biadjacency_matrix(graph, women, events, format="csr")
    found = {one.provider: one for one in replaceable(women, sparse.csr_array(table), most=18)}
    assert {name: one.covers for name, one in found.items()} == known["women_degrees"]
    shared_events = {name.split()[0]: count for name, count in found["Evelyn Jefferson"].others}
    assert {name: shared_events[name] for name in known["projection_evelyn"]} == known["projection_evelyn"]


def test_women_and_the_events_where_they_met_stand_as_published(truth, shared):
    known = truth["davis"]
    graph = edges(shared, "davis")
    found = meeting({event: list(graph[event]) for event in known["event_degrees"]})
    assert {name: one.count for name, one in found.organizations.items()} == known["women_degrees"]
    assert {name: one.count for name, one in found.bodies.items()} == known["event_degrees"]
    both = found.organizations | found.bodies
    expected = known["degree_betweenness_closeness"]
    assert {
        name: [round(both[name].share, 2), round(both[name].between, 2), round(both[name].near, 2)]
        for name in expected
    } == expected


def test_who_meets_where_is_worked_out_by_hand_for_two_bodies():
    found = meeting({"council": ["a", "b"], "board": ["b", "c"]})
    # a - council - b - board - c: b lies on all 4 ways that can lead through an organization; the board on
    # the 3 from c, of 5 that a body of all three would lie on; from a there are 10 steps, and at least 6
    assert found.organizations["a"] == Standing(1, 0.5, 0.0, 0.6)
    assert found.organizations["b"] == Standing(2, 1.0, 1.0, 1.0)
    assert found.bodies["board"] == Standing(2, pytest.approx(2 / 3), 0.6, pytest.approx(5 / 7))


def test_those_who_sit_apart_are_never_nearer_than_all():
    found = meeting({"council": ["a"], "board": ["b"], "nobody": []})
    assert found.organizations == {key: Standing(1, 0.5, 0.0, pytest.approx(1 / 3)) for key in "ab"}
    assert found.bodies == {key: Standing(1, 0.5, 0.0, pytest.approx(1 / 3)) for key in ("board", "council")}


def test_nobody_stands_between_in_one_body_or_where_there_are_too_many_to_count():
    one = meeting({"council": ["a", "b"]})
    assert one.organizations["a"] == Standing(1, 1.0, None, 1.0)
    many = meeting({"council": ["a", "b"], "board": ["b", "c"]}, exact_up_to=4)
    assert {(row.between, row.near) for row in (*many.organizations.values(), *many.bodies.values())} == {
        (None, None)
    }
    empty = meeting({})
    assert (empty.organizations, empty.bodies) == ({}, {})


@pytest.mark.parametrize("seed", range(4))
def test_brokerage_equals_that_of_networkx(seed):
    graph = nx.gnm_random_graph(60, 150, seed=seed)
    graph.add_node(99)
    found = m.brokers(graph)
    constraint, effective = nx.constraint(graph), nx.effective_size(graph)
    assert 99 not in found
    for node, one in found.items():
        assert one.constraint == pytest.approx(constraint[node])
        assert one.effective == pytest.approx(effective[node])


@pytest.mark.parametrize("seed", range(3))
def test_shared_columns_equal_the_weighted_projection(seed):
    numbers = random.Random(seed)
    rows = np.array([[numbers.random() < 0.2 for _ in range(30)] for _ in range(25)])
    names = [f"p{number}" for number in range(25)]
    graph = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_edges_from((names[r], f"c{c}") for r, c in zip(*np.nonzero(rows), strict=True))
    projected = nx.bipartite.weighted_projected_graph(graph, names)
    for one in replaceable(names, sparse.csr_array(rows), most=25):
        weights = {other: data["weight"] for other, data in projected[one.provider].items()}
        assert dict(one.others) == weights
        assert [count for _other, count in one.others] == sorted(weights.values(), reverse=True)


def test_what_nobody_else_covers_is_counted():
    table = sparse.csr_array(np.array([[1, 1, 0, 1], [1, 0, 0, 0], [0, 0, 1, 0]]))
    found = replaceable(["a", "b", "c"], table)
    assert [(one.covers, one.alone, one.others) for one in found] == [
        (3, 2, (("b", 1),)), (1, 0, (("a", 1),)), (1, 1, ())
    ]  # fmt: skip


def test_a_large_graph_is_sampled_and_says_so():
    graph = nx.barbell_graph(120, 1)
    assert m.betweenness(graph)[1] is None
    estimated, sampled = m.betweenness(graph, exact_up_to=100)
    assert sampled == m.SAMPLE
    # the node between the two halves, and its neighbours
    assert set(sorted(estimated, key=estimated.get)[-3:]) == {119, 120, 121}


def test_groups_are_always_the_same():
    graph = nx.planted_partition_graph(4, 10, 0.8, 0.05, seed=1)
    found = m.groups(graph)
    assert [m.groups(graph) for _ in range(3)] == [found] * 3
    assert [len(part) for part in found] == [10, 10, 10, 10]


@pytest.mark.parametrize("size", [0, 1, 2])
def test_next_to_nothing_can_be_measured(size):
    graph = nx.Graph()
    graph.add_nodes_from("ab"[:size])
    found = m.measures(graph)
    assert (found.nodes, found.links, found.brokers) == (size, 0, {})
    assert found.centralisation is None
    assert len(found.alone) == size
