"""The picture as a graph in three layers: needs, service types, and who answers them. Pure.

Providers and service types make a bipartite graph; a gap stands among the providers as a node of its own.
The order in each layer is that of the barycentres (Sugiyama, Tagawa, Toda 1981,
doi:10.1109/TSMC.1981.4308636), which keeps the lines from crossing.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import networkx as nx

NodeKind = Literal["need", "type", "provider", "needed"]
EdgeState = Literal["leads", "sure", "perhaps", "needed", "hands", "broken"]

COLUMN: Mapping[NodeKind, int] = {"need": 0, "type": 1, "provider": 2, "needed": 2}
MOST_NODES = 150  # more cannot be read; the rest is counted in `Picture.left_out`
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A need, a kind of service, a provider, or a gap.

    ``key`` is what a link needs (code, organization id, key of the gap); ``name`` and ``note`` stand on the
    picture, ``title`` tells the whole. ``clients`` are those of a gap. ``linked`` is False where there is
    no page to go to; ``place`` is the row in its column.
    """

    kind: NodeKind
    key: str
    name: str
    note: str = ""
    title: str = ""
    clients: float | None = None
    clients_shown: str = ""
    linked: bool = True
    place: int = 0

    @property
    def id(self) -> str:
        """Return a name that no other node of the picture has."""
        return f"{self.kind}:{self.key}"

    @property
    def column(self) -> int:
        """Return the column, from 0 on the left."""
        return COLUMN[self.kind]


@dataclass(frozen=True, slots=True)
class Edge:
    """A line of the picture; ``needs`` are the codes of the needs that it is there for.

    "hands" joins two providers that can hand people over, "broken" two service types of which the first
    leads to the second, where somewhere no provider works with one of the other. ``note`` says so in words.
    """

    source: str
    target: str
    state: EdgeState
    needs: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """Nodes in reading order (column by column, from the top) and the edges between them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0


def arrange(nodes: Iterable[Node], edges: Iterable[Edge], most: int = MOST_NODES) -> Picture:
    """Return the picture of these nodes, the first ones where there are too many.

    Parameters
    ----------
    nodes : iterable of Node
        The important ones first; gaps win over providers, needs and service types over both.
    edges : iterable of Edge
        Those to a node that is left out are left out.
    most : int
        How many nodes the picture may have.
    """
    offered = list(nodes)
    ranked = sorted(offered, key=lambda node: ("need", "type", "needed", "provider").index(node.kind))
    kept = {node.id: node for node in ranked[:most]}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(kept)
    drawn = [edge for edge in edges if edge.source in kept and edge.target in kept]
    graph.add_edges_from((edge.source, edge.target) for edge in drawn)
    columns = _ordered(graph, [[key for key, node in kept.items() if node.column == n] for n in range(3)])
    placed = [replace(kept[key], place=place) for column in columns for place, key in enumerate(column)]
    return Picture(tuple(placed), tuple(drawn), len(offered) - len(kept))


def crossings(left: Sequence[str], right: Sequence[str], edges: Iterable[tuple[str, str]]) -> int:
    """Return how many pairs of lines between two columns cross.

    Examples
    --------
    >>> crossings(["a", "b"], ["x", "y"], [("a", "y"), ("b", "x")])
    1
    """
    at = {key: place for place, key in enumerate(left)}
    to = {key: place for place, key in enumerate(right)}
    ends = [to[target] for source, target in sorted(edges, key=lambda edge: (at[edge[0]], to[edge[1]]))]
    seen: list[int] = []
    found = 0
    for end in ends:
        found += len(seen) - bisect_right(seen, end)
        insort(seen, end)
    return found


def rows(picture: Picture) -> list[dict[str, str]]:
    """Return the picture as a table with the same words and numbers: need, service type, who."""
    nodes = {node.id: node for node in picture.nodes}
    leads = {(edge.source, edge.target) for edge in picture.edges if edge.state == "leads"}
    order = {node.id: number for number, node in enumerate(picture.nodes)}
    found = []
    for edge in picture.edges:
        for need in edge.needs:  # lines between providers, or from a need to a type, have none
            if (f"need:{need}", edge.source) in leads:
                place = (order[f"need:{need}"], order[edge.source], order[edge.target])
                found.append((place, _row(nodes[f"need:{need}"], nodes[edge.source], nodes[edge.target])))
    return [row for _place, row in sorted(found, key=lambda pair: pair[0])]


def hand_rows(picture: Picture) -> list[dict[str, str]]:
    """Return the hand-offs of the picture as a table: from whom, to whom, and whether it works."""
    nodes = {node.id: node for node in picture.nodes}
    return [
        {"first": nodes[edge.source].name, "then": nodes[edge.target].name, "note": edge.note}
        for edge in picture.edges
        if edge.state in ("broken", "hands")
    ]


def _row(need: Node, kind: Node, who: Node) -> dict[str, str]:
    return {
        "need": need.name,
        "service_type": kind.name,
        "who": who.name,
        "state": who.note,
        "clients": who.clients_shown,
        "key": who.key,
    }


def _ordered(graph: "nx.DiGraph[str]", columns: list[list[str]]) -> list[list[str]]:
    """Return the columns in the order with the fewest crossings that the sweeps have found."""
    best, fewest = [list(column) for column in columns], _all_crossings(graph, columns)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for number in (1, 2) if forward else (1, 0):
            fixed = columns[number - 1 if forward else number + 1]
            columns[number] = _by_barycentre(graph, columns[number], fixed, forward)
        now = _all_crossings(graph, columns)
        if now < fewest:
            best, fewest = [list(column) for column in columns], now
    return best


def _by_barycentre(graph: "nx.DiGraph[str]", moving: list[str], fixed: list[str], forward: bool) -> list[str]:
    at = {key: place for place, key in enumerate(fixed)}

    def centre(key: str) -> float:
        ends = graph.predecessors(key) if forward else graph.successors(key)
        places = [at[end] for end in ends if end in at]
        return sum(places) / len(places) if places else float(len(fixed))

    return sorted(moving, key=centre)  # stable: equal centres keep their order


def _all_crossings(graph: "nx.DiGraph[str]", columns: Sequence[Sequence[str]]) -> int:
    total = 0
    for left, right in ((columns[0], columns[1]), (columns[1], columns[2])):
        here, there = set(left), set(right)
        between = [edge for edge in graph.edges if edge[0] in here and edge[1] in there]
        total += crossings(left, right, between)
    return total
