from itertools import combinations

import pytest

from netmap.network.picture.graph import Edge, Node, Picture, arrange, crossings, rows


def column(picture: Picture, number: int) -> list[str]:
    return [node.key for node in picture.nodes if node.column == number]


def tangled() -> tuple[list[Node], list[Edge]]:
    needs = [Node("need", f"n{i}", f"Need {i}") for i in range(4)]
    types = [Node("type", f"t{i}", f"Type {i}") for i in range(4)]
    providers = [Node("provider", f"p{i}", f"Provider {i}", note="there") for i in range(4)]
    edges = [Edge(f"need:n{i}", f"type:t{3 - i}", "leads") for i in range(4)]
    edges += [Edge(f"type:t{i}", f"provider:p{(i + 2) % 4}", "sure", (f"n{3 - i}",)) for i in range(4)]
    return [*needs, *types, *providers], edges


def count(picture: Picture) -> int:
    places = {node.id: (node.column, node.place) for node in picture.nodes}
    drawn = [(places[edge.source], places[edge.target]) for edge in picture.edges]
    return sum(
        a[0][0] == b[0][0] and (a[0][1] - b[0][1]) * (a[1][1] - b[1][1]) < 0
        for a, b in combinations(drawn, 2)
    )


def test_the_order_takes_away_crossings():
    nodes, edges = tangled()
    assert count(arrange(nodes, edges)) == 0
    places = {node.id: int(node.key[1:]) for node in nodes}
    left = [(places[e.source], places[e.target]) for e in edges if e.state == "leads"]
    assert sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(left, 2)) == 6


def test_crossings_are_counted_as_by_hand():
    assert crossings("ab", "xyz", [("a", "y"), ("a", "z"), ("b", "x"), ("b", "y")]) == 3


def test_lines_to_the_same_node_do_not_cross():
    assert crossings("ab", "x", [("a", "x"), ("b", "x")]) == 0


def test_nodes_stand_in_reading_order():
    nodes, edges = tangled()
    picture = arrange(reversed(nodes), edges)
    places = [(node.column, node.place) for node in picture.nodes]
    assert places == sorted(places)
    assert [place for number, place in places if number == 2] == [0, 1, 2, 3]


def test_too_many_nodes_are_left_out_providers_first():
    nodes, edges = tangled()
    nodes.append(Node("needed", "gap", "NEEDED"))
    picture = arrange(nodes, edges, most=10)
    assert picture.left_out == 3
    assert column(picture, 2) == ["gap", "p0"] or column(picture, 2) == ["p0", "gap"]
    kept = {node.id for node in picture.nodes}
    assert all(edge.source in kept and edge.target in kept for edge in picture.edges)


def test_the_table_has_a_row_for_each_way_from_a_need_to_somebody():
    nodes, edges = tangled()
    found = rows(arrange(nodes, edges))
    assert {(row["need"], row["service_type"], row["who"]) for row in found} == {
        (f"Need {3 - i}", f"Type {i}", f"Provider {(i + 2) % 4}") for i in range(4)
    }


def test_a_gap_is_in_the_table_only_for_the_needs_that_it_leaves_open():
    nodes = [
        Node("need", "a", "A"),
        Node("need", "b", "B"),
        Node("type", "t", "T"),
        Node("needed", "g", "NEEDED"),
    ]
    edges = [Edge("need:a", "type:t", "leads"), Edge("need:b", "type:t", "leads")]
    edges.append(Edge("type:t", "needed:g", "needed", ("b",)))
    assert [(row["need"], row["who"]) for row in rows(arrange(nodes, edges))] == [("B", "NEEDED")]


@pytest.mark.parametrize("size", [0, 1])
def test_next_to_nothing_can_be_arranged(size):
    picture = arrange([Node("need", "n", "Need")][:size], [])
    assert len(picture.nodes) == size
