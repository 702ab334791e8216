"""The weights and thresholds of matching: what a coordinator may set, with our first values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts in the choice of a provider; the sum is 1, and the cost never weighs more than .10."""

    way: float = 0.25
    wait: float = 0.20
    outcome: float = 0.15
    language: float = 0.10
    cost: float = 0.10
    freshness: float = 0.10
    acceptability: float = 0.10

    def utility(self, parts: Mapping[str, float]) -> float:
        """Return the weighted sum of the parts, 0 to 1.

        Examples
        --------
        >>> round(Weights().utility(dict.fromkeys(WEIGHT_NAMES, 1.0)), 9)
        1.0
        """
        total = 0.0
        for name in WEIGHT_NAMES:
            total += getattr(self, name) * parts[name]
        return total


WEIGHT_NAMES = tuple(weight.name for weight in fields(Weights))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When the way of working changes; see `netmap.matching.triage`."""

    many_needs: int = 3  # more than this many needs to act on
    many_domains: int = 5  # this many parts of life and more
    low_score: float = 50.0
    large_delta: float = 0.5


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a coordinator may set; ``version`` 0 are the values that netmap comes with.

    ``per_site``: by how much the fit must gain for one more place to go to.
    """

    weights: Weights = field(default_factory=Weights)
    thresholds: Thresholds = field(default_factory=Thresholds)
    per_site: float = 0.10
    version: int = 0
