"""The same answers as spopt on random instances; it runs in the environment that `make peers` installs."""

from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.peers.spopt_process import Spopt, spopt
from netmap.network.siting import max_cover, p_center, p_median, set_cover

pytestmark = pytest.mark.slow
WITHIN = 0.25


@pytest.fixture(params=range(6))
def asked(peers: None, request: pytest.FixtureRequest) -> Iterator[tuple[np.ndarray, np.ndarray, int, Spopt]]:
    """Ways, demand, how many sites, and spopt with the same instance."""
    rng = np.random.default_rng(request.param)
    people, places = rng.random((30, 2)), rng.random((20, 2))
    cost = np.hypot(*(people[:, None] - places[None]).transpose(2, 0, 1))
    cost[:, 0] = np.where((cost <= WITHIN).any(axis=1), cost[:, 0], WITHIN)  # a set cover must be possible
    demand = rng.integers(1, 50, 30).astype(float) if request.param % 2 else rng.random(30)
    with spopt(cost, demand, WITHIN) as peer:
        yield cost, demand, 1 + request.param % 4, peer


def test_netmap_and_spopt_come_to_the_same(asked):
    cost, demand, p, peer = asked
    answers = {
        "set": set_cover(cost, WITHIN),
        "cover": max_cover(cost, demand, WITHIN, p),
        "median": p_median(cost, demand, p),
        "center": p_center(cost, p),
    }
    theirs = {name: peer.ask(name, p, "HiGHS")["objective"] for name in answers}
    ours = {name: found.objective for name, found in answers.items()}
    assert ours == {name: pytest.approx(value, rel=1e-6) for name, value in theirs.items()}
    assert {found.status for found in answers.values()} == {"optimal"}
