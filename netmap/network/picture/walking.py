"""A piece of the network that can be looked at: one organization and those around it, or a selection. Pure.

The places are worked out here, always the same for the same network: around a centre on rings by the number
of steps, otherwise by springs (Fruchterman, Reingold 1991, doi:10.1002/spe.4380211102) from a fixed start.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

MOST_NODES = 300  # more at once cannot be read; the rest is counted
SEED = 20261127
Spot = tuple[float, float]


@dataclass(frozen=True)
class Piece:
    """What is shown: organizations with a place each, within (-1, 1); ``left_out`` do not fit.

    ``steps`` says how far each is from the centre; it is empty where there is none.
    """

    spots: Mapping[str, Spot]
    links: tuple[tuple[str, str], ...]
    steps: Mapping[str, int]
    left_out: int


def around(graph: "nx.Graph[str]", centre: str, steps: int, most: int = MOST_NODES) -> Piece:
    """Return an organization with everybody up to so many steps away, the nearest first."""
    far = nx.single_source_shortest_path_length(graph, centre, cutoff=steps)
    ranked = sorted(far, key=lambda node: (far[node], -graph.degree(node), node))
    kept = {node: far[node] for node in ranked[:most]}
    piece = graph.subgraph(kept)
    return Piece(_rings(piece, centre, kept), _links(piece), kept, len(ranked) - len(kept))


def selection(graph: "nx.Graph[str]", most: int = MOST_NODES) -> Piece:
    """Return the organizations that work with somebody, those with most partners first."""
    joined = [node for node in graph if graph.degree(node)]
    ranked = sorted(joined, key=lambda node: (-graph.degree(node), node))
    piece: nx.Graph[str] = nx.Graph()
    piece.add_nodes_from(sorted(ranked[:most]))  # in this order: the springs start from it
    piece.add_edges_from(_links(graph.subgraph(piece)))
    return Piece(_springs(piece), _links(piece), {}, len(ranked) - len(piece))


def _links(piece: "nx.Graph[str]") -> tuple[tuple[str, str], ...]:
    ordered = (sorted(link) for link in piece.edges)
    return tuple(sorted((one, other) for one, other in ordered))


def _rings(piece: "nx.Graph[str]", centre: str, far: Mapping[str, int]) -> dict[str, Spot]:
    """Return places on rings: everybody near the one of the ring inside over whom they are reached."""
    spots: dict[str, Spot] = {centre: (0.0, 0.0)}
    angle = {centre: 0.0}
    widest = max(far.values(), default=1) or 1
    for step in range(1, widest + 1):
        ring = [node for node, steps in far.items() if steps == step]
        ring.sort(key=lambda node: (_inner(piece, node, far, angle), node))
        for place, node in enumerate(ring):
            angle[node] = 2 * math.pi * place / len(ring)
            spots[node] = (
                math.sin(angle[node]) * step / widest,
                -math.cos(angle[node]) * step / widest,
            )
    return spots


def _inner(piece: "nx.Graph[str]", node: str, far: Mapping[str, int], angle: Mapping[str, float]) -> float:
    inside = [angle[one] for one in piece[node] if far[one] < far[node]]
    return min(inside, default=0.0)


def _springs(piece: "nx.Graph[str]") -> dict[str, Spot]:
    if not len(piece):
        return {}
    found = nx.spring_layout(piece, seed=SEED, k=2.2 / math.sqrt(len(piece)), iterations=120)
    nodes = list(piece)
    places = np.array([found[node] for node in nodes])
    low, high = places.min(axis=0), places.max(axis=0)
    wide = np.where(high > low, high - low, 1.0)
    scaled = 2 * (places - low) / wide - 1
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, scaled, strict=True)}


def apart(places: Sequence[Spot], least: float, rounds: int = 60) -> list[Spot]:
    """Return places moved so far that no two lie nearer than ``least``, or as far as the rounds allow.

    Examples
    --------
    >>> [(round(x, 1), round(y, 1)) for x, y in apart([(0.0, 0.0), (6.0, 0.0), (40.0, 0.0)], 10.0)]
    [(-2.0, 0.0), (8.0, 0.0), (40.0, 0.0)]
    """
    at = np.array(places, dtype=float).reshape(-1, 2)
    at[:, 0] += 1e-6 * np.arange(len(at))  # two at the very same place would have no way to part
    for _round in range(rounds):
        way = at[:, None, :] - at[None, :, :]
        far = np.hypot(way[..., 0], way[..., 1])
        np.fill_diagonal(far, 2 * least)
        near = far < least - 1e-9
        if not near.any():
            break
        push = np.where(near, (least - far) / (2 * far), 0.0)
        at = at + (way * push[..., None]).sum(axis=1)
    return [(float(x), float(y)) for x, y in at]
