"""How often a provider reached the goal, held back while there are few cases. Pure.

Few cases say little: the share of a provider is drawn towards the share of all providers for that need, and
that one towards the share of all. Under five cases nothing is shown.
"""

from dataclasses import dataclass

NEED_CASES, PROVIDER_CASES = 20.0, 10.0  # how many cases the wider share counts for
FEWEST = 5
INTERVAL = 0.8


@dataclass(frozen=True, slots=True)
class Reached:
    """A share of goals reached, from how many cases, with its 80 % interval; None where too few to show."""

    share: float
    cases: int
    interval: tuple[float, float] | None

    @property
    def shown(self) -> bool:
        """Whether there are enough cases to show anything."""
        return self.cases >= FEWEST


def need_share(reached: int, cases: int, overall: float) -> float:
    """Return the share of goals reached for one need by all providers, drawn towards the overall share.

    Examples
    --------
    >>> round(need_share(60, 100, 0.5), 4)
    0.5833
    """
    _check(reached, cases)
    return (reached + NEED_CASES * overall) / (cases + NEED_CASES)


def provider_share(reached: int, cases: int, need: float) -> Reached:
    """Return the share of one provider for one need, drawn towards the share of that need.

    Parameters
    ----------
    reached, cases : int
        Goals reached among the cases that started; a case that never started is counted elsewhere.
    need : float
        What `need_share` gave.

    Returns
    -------
    Reached

    References
    ----------
    Efron, B. and Morris, C. (1975). Data analysis using Stein's estimator. doi 10.1080/01621459.1975.10479864

    Examples
    --------
    >>> few, many = provider_share(3, 3, 0.5833), provider_share(45, 60, 0.5833)
    >>> round(few.share, 3), few.shown, round(many.share, 3), many.shown
    (0.679, False, 0.726, True)
    """
    _check(reached, cases)
    hits, misses = reached + PROVIDER_CASES * need, cases - reached + PROVIDER_CASES * (1 - need)
    return Reached(hits / (hits + misses), cases, _interval(hits, misses) if cases >= FEWEST else None)


def _interval(hits: float, misses: float) -> tuple[float, float]:
    from scipy.special import betaincinv  # takes long to import and is seldom needed

    tail = (1 - INTERVAL) / 2
    return float(betaincinv(hits, misses, tail)), float(betaincinv(hits, misses, 1 - tail))


def _check(reached: int, cases: int) -> None:
    if not 0 <= reached <= cases:
        raise ValueError(f"{reached} of {cases} cases cannot have reached the goal")
