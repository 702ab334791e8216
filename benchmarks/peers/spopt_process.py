"""Asks spopt in a process of its own: it needs another Python environment, of several hundred megabytes."""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.apart import peers_python

SCRIPT = Path(__file__).with_name("spopt_sites.py")


class Spopt:
    """A running spopt with one instance."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.versions = self._read()

    def ask(self, model: str, p: int, solver: str) -> Mapping[str, Any]:
        """Return objective, sites and seconds of one model ("set", "cover", "median" or "center")."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"model": model, "p": p, "solver": solver}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):  # solvers say other things
                return json.loads(line)
        raise RuntimeError("spopt stopped without an answer; what it said stands above")


@contextmanager
def spopt(cost: np.ndarray, demand: np.ndarray, within: float) -> Iterator[Spopt]:
    """Give a running spopt.

    Raises
    ------
    NotInstalled
        If the environment with spopt is not there.
    """
    python = peers_python()
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "instance.npz", cost=cost, demand=demand, within=within)
        process = subprocess.Popen(
            [python, "-P", str(SCRIPT), folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield Spopt(process)
        finally:
            process.kill()
            process.communicate()
