"""How long the best sites take, beside the plain program and beside spopt with HiGHS and with CBC.

    python -m benchmarks.siting [--size 2000] [--small 100] [--places 1,3,5]

The map is made up with a fixed seed: places in clusters and between them in a square of 200 km, whole
numbers of clients. All routes are asked the same and must come to the same objective before a time is
printed. "Plain" is the textbook program given to the same solver (HiGHS through scipy) without bounds and
without merging. spopt runs in a process of its own, from the environment that `make peers` installs; its
times are those of building and solving, without imports. All times are seconds of processor, the solver's
included. Where spopt is not there, its columns stay empty. p-median and p-center are asked of the smaller
size.
"""

import argparse
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
import scipy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from benchmarks.peers.apart import NotInstalled
from benchmarks.peers.spopt_process import Spopt, spopt
from netmap.network.siting import Siting, max_cover, p_center, p_median, set_cover

SEED, SQUARE_KM, WITHIN_KM = 20261127, 200.0, 15.0
ROUNDS = 3  # of netmap; the others take long enough to be measured once
SOLVERS = ("HiGHS", "CBC")


def made_up(points: int, sites: int) -> tuple[np.ndarray, np.ndarray]:
    """Return kilometres from each point to each site, and clients: half in clusters, half anywhere."""
    rng = np.random.default_rng(SEED)

    def places(count: int) -> np.ndarray:
        middles = np.random.default_rng(SEED).uniform(0, SQUARE_KM, (20, 2))
        near = middles[rng.integers(20, size=count // 2)] + rng.normal(0, 12, (count // 2, 2))
        return np.clip(
            np.concatenate([near, rng.uniform(0, SQUARE_KM, (count - count // 2, 2))]), 0, SQUARE_KM
        )

    people, candidates = places(points), places(sites)
    cost = np.hypot(*(people[:, None] - candidates[None]).transpose(2, 0, 1))
    return cost, rng.integers(1, 200, points).astype(float)


def plain_cover(cost: np.ndarray, demand: np.ndarray, p: int) -> float:
    """Return the demand that the textbook program of maximal covering reaches."""
    reach = csr_array((cost <= WITHIN_KM).astype(float))
    points, sites = reach.shape
    count = csr_array(np.concatenate([np.ones(sites), np.zeros(points)])[None, :])
    rows = vstack([hstack([reach, -eye_array(points)]), count])
    low, high = np.append(np.zeros(points), p), np.append(np.full(points, np.inf), p)
    found = milp(
        -np.concatenate([np.zeros(sites), demand]),
        integrality=np.concatenate([np.ones(sites), np.zeros(points)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, low, high),
        options={"mip_rel_gap": 0.0},
    )
    return -float(found.fun)


def timed(ask: Callable[[], Siting | float]) -> tuple[float, float]:
    """Return the objective and the seconds of processor of one question."""
    start = time.process_time()
    found = ask()
    seconds = time.process_time() - start
    if isinstance(found, float):
        return found, seconds
    assert found.status == "optimal", found.status
    return found.objective, seconds


def row(
    name: str,
    model: str,
    p: int,
    own: Callable[[], Siting],
    plain: Callable[[], float] | None,
    peer: Spopt | None,
) -> list[float]:
    """Print the times of one question and return how many times longer spopt takes with each solver."""
    runs = [timed(own) for _round in range(ROUNDS)]
    objective, seconds = runs[0][0], statistics.median(run[1] for run in runs)
    told = [f"{name:<22} {objective:>14,.1f} {1000 * seconds:>9.1f} ms"]
    if plain is not None:
        other, longer = timed(plain)
        assert agree(objective, other), (name, objective, other)
        told.append(f"plain {longer:6.2f} s ({longer / seconds:5.0f} x)")
    ratios = []
    for solver in SOLVERS if peer is not None else ():
        assert peer is not None
        answer = peer.ask(model, p, solver)
        assert agree(objective, answer["objective"]), (name, solver, objective, answer["objective"])
        ratios.append(answer["seconds"] / seconds)
        told.append(f"{solver} {answer['seconds']:6.2f} s ({ratios[-1]:5.0f} x)")
    print("  ".join(told), flush=True)
    return ratios


def agree(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one))


def both(size: int, small: int, places: Sequence[int]) -> None:
    """Print the rows of both sizes, and the medians of the ratios."""
    for count, middle in ((size, "cover"), (small, "median")):
        cost, demand = made_up(count, count)
        print(f"{count} x {count}, {int((cost <= WITHIN_KM).sum()):,} pairs within {WITHIN_KM:g} km")
        try:
            with spopt(cost, demand, WITHIN_KM) as peer:
                print(f"spopt {peer.versions['spopt']}, PuLP {peer.versions['pulp']}")
                rows(middle, cost, demand, places, peer)
        except NotInstalled as reason:
            print(f"spopt was not asked: {reason}")
            rows(middle, cost, demand, places, None)


def rows(
    middle: str, cost: np.ndarray, demand: np.ndarray, places: Sequence[int], peer: Spopt | None
) -> None:
    found: dict[str, list[list[float]]] = {}
    if middle == "cover":
        found["maximal cover"] = [
            row(
                f"maximal cover, p={p}", "cover", p,
                lambda p=p: max_cover(cost, demand, WITHIN_KM, p, time_limit=600.0),
                lambda p=p: plain_cover(cost, demand, p), peer,
            )
            for p in places
        ]  # fmt: skip
    else:
        found["p-median"] = [
            row(
                f"p-median, p={p}",
                "median",
                p,
                lambda p=p: p_median(cost, demand, p, time_limit=600.0),
                None,
                peer,
            )
            for p in places
        ]
        found["p-center"] = [
            row(f"p-center, p={p}", "center", p, lambda p=p: p_center(cost, p, time_limit=600.0), None, peer)
            for p in places
        ]
        reached = cost[(cost <= WITHIN_KM).any(axis=1)]
        if len(reached) == len(cost):
            found["set cover"] = [row("set cover", "set", 0, lambda: set_cover(cost, WITHIN_KM), None, peer)]
    for name, ratios in found.items():
        if peer is not None:
            medians = [statistics.median(column) for column in zip(*ratios, strict=True)]
            told = ", ".join(f"{solver} {times:.0f}" for solver, times in zip(SOLVERS, medians, strict=True))
            print(f"{name}: spopt takes so many times longer (median): {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=2_000)
    parser.add_argument("--small", type=int, default=100)
    parser.add_argument("--places", default="1,3,5")
    asked = parser.parse_args()
    warm = made_up(50, 50)
    max_cover(*warm, WITHIN_KM, 2)  # the first solve of a process loads the solver
    p_center(warm[0], 2)
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, "
        f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}"
    )
    both(asked.size, asked.small, [int(one) for one in asked.places.split(",")])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"peak memory of netmap and the plain program {peak:.0f} MB, load {os.getloadavg()[0]:.1f} at the end"
    )


if __name__ == "__main__":
    main()
