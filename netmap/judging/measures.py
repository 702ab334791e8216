"""Figures of a ranked list and how sure they are. Pure.

References
----------
Järvelin, K., Kekäläinen, J. (2002). Cumulated gain-based evaluation of IR techniques. ACM Transactions on
Information Systems 20(4), 422-446. doi:10.1145/582415.582418
Cohen, J. (1968). Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial
credit. Psychological Bulletin 70(4), 213-220. doi:10.1037/h0026256
Efron, B., Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall. Chapter 13: the
percentile interval.
Sakai, T. (2006). Evaluating evaluation metrics based on the bootstrap. Proceedings of SIGIR 2006, 525-532.
doi:10.1145/1148170.1148261
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

GRADES = (0, 1, 2, 3)
DEPTH = 10  # results of a list that are looked at: one page
HELPS = 2  # from this grade on a result helps
FIRST = (1, 3, 5)
MEASURES = ("ndcg_10", *(f"success_{first}" for first in FIRST))
RESAMPLES = 2000
SEED = 20_261_126
FEWEST = 2  # questions below which no interval is given: one question says nothing of another


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over questions with its 95 % interval; None is not known: of no or of one question."""

    value: float | None
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, float | None]:
        """Return what programs get."""
        return {
            name: None if figure is None else round(figure, 4)
            for name, figure in (("value", self.value), ("low", self.low), ("high", self.high))
        }


def gain(grade: float) -> float:
    """Return what a result of this grade is worth: 2^grade - 1, so one right door outweighs two that help.

    Examples
    --------
    >>> [gain(grade) for grade in (0, 1, 2, 3)]
    [0.0, 1.0, 3.0, 7.0]
    """
    return float(2.0**grade) - 1


def discounted(grades: Iterable[float]) -> float:
    """Return the discounted cumulated gain of grades in the order shown: gain / log2(rank + 1), summed.

    Examples
    --------
    Rank 1 counts whole, rank 3 counts 1 / log2(4) = one half: 7 + 0 + 3 / 2.

    >>> discounted([3, 0, 2])
    8.5
    """
    return sum(gain(grade) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def ndcg(shown: Sequence[str], grades: Mapping[str, float], depth: int = DEPTH) -> float:
    """Return the discounted gain of the first results as a share of the best that could be shown, 0 to 1.

    The best order is that of all graded services; a result without a grade counts as 0. Where no service has
    a grade above 0 there is no best order, and the share is 0.

    Examples
    --------
    Best order 3, 2: 7 + 3 / log2(3) = 8.893. Shown 2, 3: 3 + 7 / log2(3) = 7.417.

    >>> round(ndcg(["helps", "door"], {"door": 3, "helps": 2}), 4)
    0.834
    >>> ndcg(["door", "helps"], {"door": 3, "helps": 2}), ndcg(["else"], {"door": 3})
    (1.0, 0.0)
    """
    best = discounted(sorted(grades.values(), reverse=True)[:depth])
    return discounted(grades.get(one, 0) for one in shown[:depth]) / best if best else 0.0


def success(shown: Sequence[str], grades: Mapping[str, float], first: int) -> float:
    """Return 1.0 if a result that helps (grade 2 or more) is among the ``first`` ones, else 0.0.

    Examples
    --------
    >>> [success(["a", "b", "c"], {"a": 1, "c": 2}, first) for first in (1, 3, 5)]
    [0.0, 1.0, 1.0]
    """
    return float(any(grades.get(one, 0) >= HELPS for one in shown[:first]))


def measured(shown: Sequence[str], grades: Mapping[str, float]) -> dict[str, float]:
    """Return every figure of one question by its name in `MEASURES`."""
    return {"ndcg_10": ndcg(shown, grades)} | {
        f"success_{first}": success(shown, grades, first) for first in FIRST
    }


def answerable(grades: Mapping[str, float]) -> bool:
    """Return whether there is a service that helps: else no order of results could be right."""
    return max(grades.values(), default=0) >= HELPS


def interval(values: Sequence[float]) -> Interval:
    """Return the mean over questions and its bootstrap interval (percentile method, 95 %).

    The questions are drawn again 2,000 times with replacement, always with the same seed, so the same
    values give the same interval. Given the differences of two settings question by question, it is the
    paired comparison (Sakai 2006): a difference whose interval does not hold 0 is hardly chance.

    Examples
    --------
    >>> interval([1.0, 1.0, 1.0])
    Interval(value=1.0, low=1.0, high=1.0)
    >>> interval([0.5])
    Interval(value=0.5, low=None, high=None)

    Of a 0 and a 1 a quarter of all draws are two zeros and a quarter two ones.

    >>> interval([0.0, 1.0])
    Interval(value=0.5, low=0.0, high=1.0)
    """
    if len(values) < FEWEST:
        return Interval(float(values[0]) if values else None, None, None)
    drawn = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(SEED).integers(0, len(drawn), size=(RESAMPLES, len(drawn)))
    low, high = np.percentile(drawn[picks].mean(axis=1), (2.5, 97.5))
    return Interval(float(drawn.mean()), float(low), float(high))


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Return how far two judges agree beyond chance: 1 wholly, 0 as chance would, below 0 less than that.

    Cohen's kappa with linear weights: grades one apart disagree a third as much as grades three apart. None
    where both gave one and the same grade to everything, since chance would agree as well then.

    Examples
    --------
    Observed: (0 + 1 + 0 + 1) / 4 = 0.5. By chance, of 0 0 3 3 against 0 1 3 2: the sixteen differences sum to
    24, so 1.5 each. And 1 - 0.5 / 1.5 = 2 / 3.

    >>> round(weighted_kappa([(0, 0), (0, 1), (3, 3), (3, 2)]), 4)
    0.6667
    >>> weighted_kappa([(2, 2), (2, 2)]) is None
    True
    """
    counts = np.zeros((len(GRADES), len(GRADES)))
    for one, other in pairs:
        counts[one, other] += 1
    weights = np.abs(np.subtract.outer(GRADES, GRADES))
    by_chance = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(len(pairs), 1)
    chance = float((weights * by_chance).sum())
    return 1 - float((weights * counts).sum()) / chance if chance else None
