"""How fast the graph of organizations is measured, beside networkx's own calls in the same run.

    python -m benchmarks.graph [--providers 10000] [--links 82000] [--runs 3]

A made-up network with a fixed seed: 10,000 providers with 82,000 links that follow preferential attachment
(some hubs, many with few partners), and who is there for which of 6,000 pairs of service type and area.
Results are compared before a time is printed.
"""

import argparse
import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from scipy import sparse

from netmap.network.ties import measures
from netmap.network.ties.replacing import replaceable

SEED = 20261127
COLUMNS = 6_000  # pairs of service type and area
COVERED = (4, 40)  # how many of them a provider is there for
SMALL = 500  # nodes of the graph on which the slow calls are compared whole
FEW = 20  # nodes for which constraint(nodes=) is asked


def network(count: int, links: int, seed: int = SEED) -> "nx.Graph[str]":
    """Return a made-up graph of providers."""
    graph = nx.barabasi_albert_graph(count, max(1, round(links / count)), seed=seed)
    return nx.relabel_nodes(graph, {node: f"p{node:05}" for node in graph})


def table(count: int, rng: random.Random) -> sparse.csr_array:
    """Return a made-up matrix of providers x (service type, area)."""
    rows = [
        (row, column) for row in range(count) for column in rng.sample(range(COLUMNS), rng.randint(*COVERED))
    ]
    at = np.array(rows)
    return sparse.csr_array((np.ones(len(at), np.int32), (at[:, 0], at[:, 1])), shape=(count, COLUMNS))


def timed(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the median of the seconds, and the last result."""
    seconds, found = [], None
    for _run in range(runs):
        start = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), found


def say(what: str, ours: float, theirs: float | None, note: str = "") -> None:
    """Print one line: what, both times, the ratio."""
    told = f"{theirs:9.3f} s   {theirs / ours:6.1f} times" if theirs is not None else " " * 28
    print(f"{what:<44}{ours:9.3f} s   {told}   {note}", flush=True)


def compare_brokers(graph: "nx.Graph[str]", runs: int) -> None:
    """Constraint and effective size of all, beside networkx with and without ``nodes=``."""
    ours, found = timed(lambda: measures.brokers(graph), runs)
    plain, known = timed(lambda: (nx.constraint(graph), nx.effective_size(graph)), 1)
    for node, one in found.items():
        assert abs(one.constraint - known[0][node]) < 1e-9
        assert abs(one.effective - known[1][node]) < 1e-6
    say("constraint and effective size, all", ours, plain, "networkx, both calls for all")
    step = len(graph) // FEW
    some = sorted(graph)[step // 2 :: step][:FEW]  # neither the oldest hub nor the last leaf
    part, _known = timed(lambda: nx.constraint(graph, nodes=some), 1)
    whole = part / FEW * len(graph)
    say("  constraint(nodes=), worked out for all", ours, whole, f"networkx, measured for {FEW} nodes")


def compare_projection(count: int, runs: int) -> None:
    """Who shares columns with whom, beside the weighted projection of networkx."""
    matrix = table(count, random.Random(SEED))
    names = [f"p{row:05}" for row in range(count)]
    ours, found = timed(lambda: replaceable(names, matrix), runs)

    def project() -> "nx.Graph[str]":
        two: nx.Graph[str] = nx.Graph()
        two.add_nodes_from(names)
        where = matrix.tocoo()
        two.add_edges_from((names[r], f"c{c}") for r, c in zip(where.row, where.col, strict=True))
        return nx.bipartite.weighted_projected_graph(two, names)

    plain, projected = timed(project, 1)
    for one in found[::97]:
        weights = sorted((data["weight"] for data in projected[one.provider].values()), reverse=True)
        assert [shared for _other, shared in one.others] == weights[: len(one.others)]
    say("who could replace whom (A A^T)", ours, plain, "networkx weighted_projected_graph")


def compare_betweenness(graph: "nx.Graph[str]", small: "nx.Graph[str]", runs: int) -> None:
    """Sampled beside exact betweenness: on a small graph whole, on the large one sampled only."""
    exact, whole = timed(lambda: measures.betweenness(small)[0], runs)
    guessed, part = timed(lambda: measures.betweenness(small, exact_up_to=0)[0], runs)
    top = sorted(whole, key=whole.__getitem__)[-20:]
    hits = len(set(top) & set(sorted(part, key=part.__getitem__)[-20:]))
    say(
        f"betweenness, {len(small)} providers, sampled",
        guessed,
        exact,
        f"exact; {hits} of the 20 highest agree",
    )
    sampled, _found = timed(lambda: measures.betweenness(graph)[0], 1)
    rate = sampled / measures.SAMPLE * len(graph)
    say(
        f"betweenness, {len(graph):,} providers, sampled",
        sampled,
        None,
        f"exact would take about {rate:,.0f} s",
    )


def main() -> None:
    """Run all comparisons and print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--providers", type=int, default=10_000)
    parser.add_argument("--links", type=int, default=82_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    graph = network(asked.providers, asked.links)
    small = network(SMALL, SMALL * 4)
    print(
        f"{len(graph):,} providers, {graph.number_of_edges():,} links; Python {platform.python_version()}, "
        f"networkx {nx.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{'':<44}{'netmap':>9}     {'networkx':>9}")
    compare_brokers(graph, asked.runs)
    compare_projection(asked.providers, asked.runs)
    compare_betweenness(graph, small, asked.runs)
    seconds, found = timed(lambda: measures.measures(small), asked.runs)
    say(f"all measures, {len(small)} providers", seconds, None, f"{len(found.groups)} groups")
    seconds, found = timed(lambda: measures.measures(graph), 1)
    say(f"all measures, {len(graph):,} providers", seconds, None, f"{len(found.groups)} groups")


if __name__ == "__main__":
    main()
