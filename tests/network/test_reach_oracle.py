"""Supply per head as the package `access`, which `make peers` installs, has it on random instances."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.peers import access_reach
from benchmarks.peers.apart import peers_python
from netmap.network.reach import two_step

pytestmark = pytest.mark.slow
SEEDS = range(10)
WITHIN, BANDS = 30.0, ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22))


def instance(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    areas, services = rng.integers(5, 40), rng.integers(5, 80)
    km = rng.uniform(0, 45, (areas, services)).round(1)
    return {"cost": km, "supply": rng.integers(1, 50, services), "demand": rng.integers(1, 400, areas)}


@pytest.fixture(scope="module")
def theirs(peers: None, tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Sequence[np.ndarray]]:
    """What `access` answers to every instance, plainly and by bands; asked at once: it loads slowly."""
    folder = tmp_path_factory.mktemp("instances")
    for seed in SEEDS:
        asked = instance(seed)
        km = asked.pop("cost")
        rows, columns = np.nonzero(km <= 45)
        pairs = {"rows": rows, "columns": columns, "km": km[rows, columns]}
        np.savez(folder / f"{seed}.npz", **asked, **pairs, within=WITHIN, bands=BANDS)
    script = Path(access_reach.__file__)
    subprocess.run([peers_python(), "-P", str(script), str(folder)], check=True, timeout=300)
    return {seed: np.load(folder / f"{seed}.npy") for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_both_ratios_are_those_of_the_peer(theirs: Mapping[int, Sequence[np.ndarray]], seed: int) -> None:
    asked = instance(seed)
    for bands, expected in zip((None, BANDS), theirs[seed], strict=True):
        found = two_step(asked["cost"], asked["supply"], asked["demand"], WITHIN, bands).access
        assert found == pytest.approx(expected, abs=1e-9)
        assert found.any()
