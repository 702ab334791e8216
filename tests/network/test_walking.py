import math

import networkx as nx
import pytest

from netmap.network.picture.walking import MOST_NODES, apart, around, selection


def chain() -> nx.Graph:
    graph = nx.path_graph(6)
    graph.add_edge(1, 9)
    return nx.relabel_nodes(graph, str)


def test_everybody_within_some_steps_stands_on_the_ring_of_the_steps():
    piece = around(chain(), "1", 2)
    assert piece.steps == {"1": 0, "0": 1, "2": 1, "9": 1, "3": 2}
    far = {key: round(math.hypot(*spot), 6) for key, spot in piece.spots.items()}
    assert far == {"1": 0, "0": 0.5, "2": 0.5, "9": 0.5, "3": 1}
    assert piece.links == (("0", "1"), ("1", "2"), ("1", "9"), ("2", "3"))


def test_an_organization_that_works_with_nobody_stands_alone():
    graph = nx.Graph()
    graph.add_node("a")
    piece = around(graph, "a", 3)
    assert (dict(piece.spots), piece.links, piece.left_out) == ({"a": (0.0, 0.0)}, (), 0)


def test_a_selection_leaves_out_whoever_works_with_nobody_and_stays_readable():
    graph = nx.relabel_nodes(nx.barabasi_albert_graph(400, 2, seed=3), str)
    graph.add_node("alone")
    piece = selection(graph)
    assert len(piece.spots) == MOST_NODES
    assert piece.left_out == 100
    assert "alone" not in piece.spots
    assert all(-1 <= x <= 1 and -1 <= y <= 1 for x, y in piece.spots.values())
    assert min(graph.degree(node) for node in piece.spots) >= max(
        graph.degree(node) for node in graph if node not in piece.spots
    )


def test_the_same_network_has_the_same_places_whatever_the_order_of_its_rows():
    graph = chain()
    other = nx.Graph()
    other.add_edges_from(reversed([tuple(reversed(edge)) for edge in graph.edges]))
    assert selection(graph) == selection(other)
    assert around(graph, "2", 3) == around(other, "2", 3)


@pytest.mark.parametrize("places", [[], [(0.0, 0.0)], [(0.0, 0.0)] * 5])
def test_no_two_places_lie_on_each_other(places):
    found = apart(places, 10.0)
    assert all(
        math.dist(one, other) >= 9.5 for number, one in enumerate(found) for other in found[number + 1 :]
    )
