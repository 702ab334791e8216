"""How long supply per head takes against the package `access`, and whether both say the same.

    python -m benchmarks.reach [--services 10000] [--areas 2000]

A made-up map with a fixed seed: areas in clusters on a square of 300 km, services near them, every pair
within 30 km with its straight line. Both get the same pairs. Each route runs in a process of its own, because
memory is that of the process: what it takes beyond the imports and the pairs. The least time of five counts.
`access` is no part of netmap and runs from the environment that `make peers` installs; where that is not
there, only netmap is measured.

The greatest difference of any area is printed, and the sum of supply per head x demand, which has to be the
supply that somebody reaches.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from benchmarks.peers.apart import NotInstalled, peers_python

SEED, ROUNDS, WITHIN = 20261127, 5, 30.0
BANDS = ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22))

Floats = NDArray[np.float64]


def made_up(services: int, areas: int) -> dict[str, Any]:
    """Return the pairs within reach (rows are areas), supply and demand."""
    rng = np.random.default_rng(SEED)
    towns = rng.uniform(0, 300, (40, 2))
    homes = towns[rng.integers(0, 40, areas)] + rng.normal(0, 15, (areas, 2))
    sites = homes[rng.integers(0, areas, services)] + rng.normal(0, 8, (services, 2))
    near = cKDTree(homes).sparse_distance_matrix(cKDTree(sites), WITHIN, output_type="coo_matrix")
    return {
        "rows": near.row, "columns": near.col, "km": near.data,
        "supply": rng.integers(1, 30, services).astype(float), "demand": rng.gamma(2.0, 40.0, areas).round(),
    }  # fmt: skip


def own(data: dict[str, Any]) -> Callable[[], Floats]:
    """Return the call of netmap on the known pairs."""
    from netmap.network.reach import two_step

    cost = table(data)
    return lambda: two_step(cost, data["supply"], data["demand"], WITHIN, BANDS).access


def own_full(data: dict[str, Any]) -> Callable[[], Floats]:
    """Return the call of netmap on a full table of all pairs."""
    from netmap.network.reach import two_step

    cost = np.full((len(data["demand"]), len(data["supply"])), np.inf)
    cost[data["rows"], data["columns"]] = data["km"]
    return lambda: two_step(cost, data["supply"], data["demand"], WITHIN, BANDS).access


def own_flow(data: dict[str, Any]) -> Callable[[], Floats]:
    """Return the call that tells what no assignment can serve."""
    from netmap.network.reach import unmet_flow

    cost = table(data)
    return lambda: unmet_flow(cost, data["supply"], data["demand"], WITHIN).served


def peer(data: dict[str, Any]) -> Callable[[], Floats]:
    """Return the call of the package `access`."""
    from benchmarks.peers import access_reach

    pairs = (data["rows"], data["columns"], data["km"])
    asked = access_reach.question(*pairs, data["supply"], data["demand"])
    return lambda: access_reach.banded(asked, WITHIN, BANDS)


def table(data: dict[str, Any]) -> csr_array:
    """Return the known pairs as a sparse table."""
    shape = len(data["demand"]), len(data["supply"])
    return csr_array((data["km"], (data["rows"], data["columns"])), shape=shape)


CALLS: dict[str, Callable[[dict[str, Any]], Callable[[], Floats]]] = {
    "two_step": own, "two_step on a full table": own_full, "unmet_flow": own_flow, "access": peer,
}  # fmt: skip


def measured(route: str, data: dict[str, Any], out: Path) -> None:
    """Run one route in this process; write its answer and print seconds and memory as JSON."""
    import logging

    logging.disable()  # the peer tells that it overwrites a column
    call = CALLS[route](data)
    before, times = memory(), []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        answer = call()
        times.append(time.perf_counter() - began)
    np.save(out, answer)
    print(json.dumps({"seconds": min(times), "before": before, "peak": memory()}))


def memory() -> float:
    """Return the highest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure every route that can run and compare their answers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--areas", type=int, default=2_000)
    parser.add_argument("--route", choices=CALLS)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    data = made_up(given.services, given.areas)
    if given.route:
        measured(given.route, data, given.out)
        return
    print(f"{given.services} services, {given.areas} areas, {len(data['km'])} pairs within {WITHIN:g} km")
    print(f"{platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    answers: dict[str, Floats] = {}
    with tempfile.TemporaryDirectory() as folder:
        for route in CALLS:
            try:
                python = peers_python() if route == "access" else sys.executable
            except NotInstalled as reason:
                print(f"access was not asked: {reason}")
                continue
            out = Path(folder) / "answer.npy"
            size = ["--services", str(given.services), "--areas", str(given.areas)]
            command = [python, "-m", "benchmarks.reach", "--route", route, "--out", str(out), *size]
            told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            answers[route] = np.load(out)
            print(
                f"{route:<26} {told['seconds'] * 1000:9.1f} ms  process {told['peak']:6.0f} MB, "
                f"of that the answer {told['peak'] - told['before']:6.0f} MB"
            )
    first = answers["two_step"]
    reachable = data["supply"][np.unique(data["columns"])].sum()
    print(f"supply per head x demand {first @ data['demand']:.3f}, supply in reach {reachable:.3f}")
    for route in ("two_step on a full table", "access"):
        if route in answers:
            print(f"greatest difference to {route}: {np.abs(first - answers[route]).max():.2e}")


if __name__ == "__main__":
    main()
