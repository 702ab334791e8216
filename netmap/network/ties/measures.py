"""Measures of the graph of organizations: how dense, who stands between, what would fall apart. Pure.

Each takes a plain networkx graph. Density and centralisation: Freeman 1979
(doi:10.1016/0378-8733(78)90021-7). Brokerage: constraint and effective size of Burt 1992, in the form of
Borgatti 1997 for graphs without weights. Groups: Louvain with fixed seeds (Blondel and others 2008,
doi:10.1088/1742-5468/2008/10/P10008).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

EXACT_UP_TO = 500  # nodes; beyond it the shortest ways are counted from a sample
SAMPLE = 100
SEEDS = range(10)  # of which the division with the highest modularity is taken
ONE_SEED_FROM = 2_000  # nodes, from which on one seed has to do


@dataclass(frozen=True, slots=True)
class Broker:
    """How an organization stands among those it works with.

    ``constraint`` is high where all its partners work with each other too (nothing to broker); ``effective``
    is how many partners remain when those who know each other count less.
    """

    partners: int
    constraint: float
    effective: float


@dataclass(frozen=True)
class Measures:
    """The measures of one graph; None where it is too small for one.

    ``sampled`` says from how many nodes betweenness was estimated, None where it is exact. ``cut`` are
    organizations, ``single`` links, without which the graph falls into more parts.
    """

    nodes: int
    links: int
    density: float | None
    centralisation: float | None
    parts: int
    largest: int
    alone: tuple[str, ...]
    cut: tuple[str, ...]
    single: tuple[tuple[str, str], ...]
    core: Mapping[str, int]
    groups: tuple[tuple[str, ...], ...]
    modularity: float | None
    betweenness: Mapping[str, float]
    sampled: int | None
    brokers: Mapping[str, Broker]


def measures(graph: "nx.Graph[str]", *, between: bool = True) -> Measures:
    """Return every measure of a graph without loops; without ``between`` all but the slow betweenness."""
    parts = sorted((len(part) for part in nx.connected_components(graph)), reverse=True)
    found = groups(graph)
    shares, sampled = betweenness(graph) if between else ({}, None)
    return Measures(
        nodes=len(graph),
        links=graph.number_of_edges(),
        density=nx.density(graph) if len(graph) > 1 else None,
        centralisation=degree_centralisation(graph),
        parts=len(parts),
        largest=parts[0] if parts else 0,
        alone=tuple(sorted(nx.isolates(graph))),
        cut=tuple(sorted(nx.articulation_points(graph))),
        single=single_links(graph),
        core=nx.core_number(graph),
        groups=found,
        modularity=nx.community.modularity(graph, map(set, found)) if graph.number_of_edges() else None,
        betweenness=shares,
        sampled=sampled,
        brokers=brokers(graph),
    )


def degree_centralisation(graph: "nx.Graph[str]") -> float | None:
    """Return how far the links hang on one node: 0 where all have equally many, 1 for a star.

    Examples
    --------
    >>> degree_centralisation(nx.star_graph(4)), degree_centralisation(nx.cycle_graph(5))
    (1.0, 0.0)
    >>> degree_centralisation(nx.path_graph(2)) is None
    True
    """
    count = len(graph)
    if count < 3:
        return None
    return centralisation((degree for _node, degree in graph.degree()), (count - 1) * (count - 2))


def centralisation(values: Iterable[float], most: float) -> float:
    """Return how far values fall below the highest, as a share of the most that is possible (Freeman)."""
    known = list(values)
    return sum(max(known) - value for value in known) / most


def single_links(graph: "nx.Graph[str]") -> tuple[tuple[str, str], ...]:
    """Return the links without which two organizations could no longer reach each other at all."""
    ordered = (sorted(link) for link in nx.bridges(graph))
    return tuple(sorted((one, other) for one, other in ordered))


def betweenness(
    graph: "nx.Graph[str]", exact_up_to: int = EXACT_UP_TO
) -> tuple[Mapping[str, float], int | None]:
    """Return which share of shortest ways leads through each node, and from how many nodes that is estimated.

    The second is None where all were counted.
    """
    if len(graph) <= exact_up_to:
        return nx.betweenness_centrality(graph), None
    return nx.betweenness_centrality(graph, k=SAMPLE, seed=0), SAMPLE


def groups(graph: "nx.Graph[str]") -> tuple[tuple[str, ...], ...]:
    """Return the division into groups with many links inside and few between, the largest first.

    The same graph always gives the same groups: the seeds are fixed.
    """
    if not graph.number_of_edges():
        return tuple((node,) for node in sorted(graph))
    seeds = SEEDS if len(graph) < ONE_SEED_FROM else SEEDS[:1]
    divided = [nx.community.louvain_communities(graph, seed=seed) for seed in seeds]
    best = max(divided, key=lambda parts: nx.community.modularity(graph, parts))
    return tuple(sorted((tuple(sorted(part)) for part in best), key=lambda part: (-len(part), part)))


def brokers(graph: "nx.Graph[str]") -> dict[str, Broker]:
    """Return constraint and effective size of every node that has a link.

    With P = the share of each partner, the constraint is the sum of (P + P P)² over the partners; the
    effective size is k - 2t / k for k partners with t links among them.
    """
    nodes = list(graph)
    if not graph.number_of_edges():
        return {}
    links = nx.to_scipy_sparse_array(graph, nodelist=nodes, weight=None, format="csr").astype(float)
    links.setdiag(0)
    links.eliminate_zeros()
    degree = np.asarray(links.sum(axis=1)).ravel()
    share = np.divide(1.0, degree, out=np.zeros_like(degree), where=degree > 0)
    direct = links.multiply(share[:, None]).tocsr()
    invested = links.multiply(direct + direct @ direct).tocsr()
    constraint = np.asarray(invested.multiply(invested).sum(axis=1)).ravel()
    twice = np.asarray(links.multiply(links @ links).sum(axis=1)).ravel()  # each link among partners twice
    return {
        node: Broker(int(degree[row]), float(constraint[row]), float(degree[row] - twice[row] * share[row]))
        for row, node in enumerate(nodes)
        if degree[row]
    }
