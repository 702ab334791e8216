"""How likely two records are one thing: a weight for each feature, learnt from labelled pairs. Pure.

The weights lie in `weights.toml`, written by `python -m benchmarks.duplicates --write`, with the day and the
figures on pairs that were not learnt from. A weight never speaks against what its feature speaks for.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from netmap.duplicates.cards import TABLES, Table
from netmap.duplicates.features import FEATURES

WEIGHTS = Path(__file__).with_name("weights.toml")
AGAINST = frozenset({
    "other_words", "other_number", "lone_number", "other_phone", "other_domain", "other_address",
    "other_city", "far", "other_owner", "other_text", "other_types",
})  # fmt: skip


@dataclass(frozen=True)
class Model:
    """The weights of one table.

    Attributes
    ----------
    start : float
        What is added to the weighted features.
    weights : array
        In the order of `FEATURES`.
    surely, perhaps : float
        Likelihoods from which a pair is surely, and perhaps, one thing.
    """

    start: float
    weights: npt.NDArray[np.float64]
    surely: float
    perhaps: float

    def likelihood(self, features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return a number between 0 and 1 for each row of features."""
        told: npt.NDArray[np.float64] = self.start + features @ self.weights
        return 1.0 / (1.0 + np.exp(-told))


@cache
def models() -> Mapping[Table, Model]:
    """Return the model of each table, as shipped."""
    content = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))
    return {
        table: Model(
            content[table]["start"],
            np.array([content[table]["weights"][name] for name in FEATURES]),
            content[table]["surely"],
            content[table]["perhaps"],
        )
        for table in TABLES
    }
