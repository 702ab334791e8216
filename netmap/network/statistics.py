"""What small numbers can tell: demand, rates and the age of information, each with its uncertainty. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc, betaincinv, gammaincinv, ndtri

from netmap.i18n.numbers import number
from netmap.network.queueing import erlang_b, erlang_c

__all__ = [
    "Demand", "Estimate", "Rate", "Share", "beta_shrink", "demand", "erlang_b", "erlang_c", "gamma_poisson",
    "region_rate", "shown", "still_true", "together", "wilson",
]  # fmt: skip

PRIOR_CASES = 10  # the share of all weighs as much as so many searches or referrals
PRIOR_PEOPLE = 500  # the region's rate weighs as much as the count among so many people
HALF_LIFE_DAYS = 540  # an assumption: after so many days half of all records are no longer true
CLOSURE_HAZARD = 0.10  # an assumption: the share of providers that stop within a year
MIN_CELL_COUNT = 5
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with the interval in which it lies with 95 per cent."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share(Estimate):
    """A share drawn towards the share of all, with the beta distribution that says what is believed."""

    hits: float
    misses: float

    def above(self, share: float) -> float:
        """Return the probability that the true share is above this one."""
        return float(betaincc(self.hits, self.misses, min(1.0, max(0.0, share))))


@dataclass(frozen=True, slots=True)
class Rate(Estimate):
    """A rate per person drawn towards the rate of all, with its gamma distribution: shape, and people."""

    shape: float
    people: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Clients a year of one profile in one area: as counted, and what is to be expected.

    ``expected`` and ``variance`` are of the gamma posterior; ``population`` None means that nobody said
    among how many people the clients were counted, so nothing is shrunk. ``common`` is the standard deviation
    of what is wrong in all areas alike, because a share found elsewhere stands in for each of them.
    """

    clients: float
    population: float | None
    expected: float
    variance: float
    common: float = 0.0


def wilson(f: float, n: float) -> Estimate:
    """Return the share ``f`` of ``n`` as it was counted, and where the true share lies with 95 per cent.

    Of none at all nothing is known: the mean is NaN, the interval 0 to 1.

    References
    ----------
    Wilson 1927, doi:10.1080/01621459.1927.10502953. Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286.

    Examples
    --------
    >>> found = wilson(3, 4)
    >>> round(found.mean, 3), round(found.low, 3), round(found.high, 3)
    (0.75, 0.301, 0.954)
    """
    _check_share(f, n)
    if n == 0:
        return Estimate(math.nan, 0.0, 1.0)
    z = float(ndtri(_tails()[1]))
    share, room = f / n, z**2 / n
    centre = (share + room / 2) / (1 + room)
    half = math.sqrt(share * (1 - share) * room + room**2 / 4) / (1 + room)
    return Estimate(
        share, 0.0 if f == 0 else max(0.0, centre - half), 1.0 if f == n else min(1.0, centre + half)
    )


def beta_shrink(f: float, n: float, mean: float, weight: float = PRIOR_CASES) -> Share:
    """Return the share ``f`` of ``n`` drawn towards the share of all.

    Parameters
    ----------
    f, n : float
        So many of how many.
    mean : float
        The share of all, from 0 to 1.
    weight : float
        For how many cases the share of all counts.

    References
    ----------
    Efron and Morris 1975, doi:10.1080/01621459.1975.10479864.

    Examples
    --------
    Three failures of four are less telling than thirty of forty, where one in five fails everywhere.

    >>> few, many = beta_shrink(3, 4, .2, 10), beta_shrink(30, 40, .2, 10)
    >>> [(round(one.mean, 3), round(one.low, 3), round(one.high, 3)) for one in (few, many)]
    [(0.357, 0.139, 0.614), (0.64, 0.504, 0.766)]
    >>> round(few.above(.3), 2), round(many.above(.3), 2)
    (0.65, 1.0)
    """
    _check_share(f, n)
    if not (0 <= mean <= 1 and 0 < weight < math.inf):
        raise ValueError(
            f"A share of all of {mean} that counts for {weight} cases cannot be used: a share lies between 0 "
            "and 1, and it has to count for more than 0 cases."
        )
    hits, misses = f + mean * weight, n - f + (1 - mean) * weight
    if hits == 0 or misses == 0:  # none of those asked, and none of all
        return Share(float(misses == 0), float(misses == 0), float(misses == 0), hits, misses)
    low, high = (float(betaincinv(hits, misses, tail)) for tail in _tails())
    return Share(hits / (hits + misses), low, high, hits, misses)


def gamma_poisson(count: float, population: float, mean: float, weight: float = PRIOR_PEOPLE) -> Rate:
    """Return how many there are per person, drawn towards the rate of all.

    Parameters
    ----------
    count, population : float
        So many among how many people.
    mean : float
        The rate of all, per person.
    weight : float
        For how many people the rate of all counts.

    References
    ----------
    Marshall 1991, doi:10.2307/2347593.

    Examples
    --------
    >>> found = gamma_poisson(6, 300, .010, 500)
    >>> [round(1000 * value, 1) for value in (found.mean, found.low, found.high)]
    [13.8, 6.9, 23.0]
    """
    if not (weight > 0 and all(0 <= value < math.inf for value in (count, population, mean, weight))):
        raise ValueError(
            f"{count} among {population} people with a rate of all of {mean} and a weight of {weight} "
            "cannot be used: all are finite, none may be below 0, and the weight has to be above 0."
        )
    shape, people = mean * weight + count, weight + population
    low, high = (float(gammaincinv(shape, tail)) / people if shape else 0.0 for tail in _tails())
    return Rate(shape / people, low, high, shape, people)


def demand(clients: float, population: float | None, rate: float | None) -> Demand:
    """Return the demand of one area after a gamma-Poisson model.

    Parameters
    ----------
    clients : float
        Clients counted in a year.
    population : float or None
        People among whom they were counted.
    rate : float or None
        Clients per person in the whole region; worth `PRIOR_PEOPLE` people.

    References
    ----------
    Marshall 1991, doi:10.2307/2347593.

    Examples
    --------
    >>> [round(1000 * demand(count, people, .010).expected / people, 2)
    ...  for count, people in ((0, 300), (6, 300), (60, 3000))]
    [6.25, 13.75, 18.57]
    """
    if not population or rate is None:
        return Demand(clients, population, clients, clients + 0.5)
    # as `gamma_poisson` has it, without its interval: there may be a hundred thousand of these
    shape, weight = rate * PRIOR_PEOPLE + clients, PRIOR_PEOPLE + population
    return Demand(clients, population, population * shape / weight, population**2 * shape / weight**2)


def together(demands: Iterable[Demand]) -> Estimate:
    """Return the expected clients of several areas together: a gamma with the sums of mean and variance.

    What is wrong in all areas alike does not even out between them: its standard deviations are added.

    Examples
    --------
    >>> found = together([demand(6, 300, .010)])
    >>> [round(value / .3, 1) for value in (found.mean, found.low, found.high)]
    [13.8, 6.9, 23.0]
    """
    parts = list(demands)
    mean, common = sum(one.expected for one in parts), sum(one.common for one in parts)
    variance = sum(one.variance for one in parts) + common**2
    if mean <= 0:
        # nothing was counted and nothing is known of the region: the upper end of a Jeffreys interval
        return Estimate(0.0, 0.0, float(gammaincinv(0.5, (1 + CONFIDENCE) / 2)) if variance else 0.0)
    shape, scale = mean**2 / variance, variance / mean
    low, high = (scale * float(gammaincinv(shape, tail)) for tail in _tails())
    return Estimate(mean, low, high)


def region_rate(counts: Iterable[tuple[float, float | None]]) -> float | None:
    """Return clients per person over all (clients, population) rows that name a population, or None."""
    known = [(clients, people) for clients, people in counts if people]
    people = sum(people for _clients, people in known)
    return sum(clients for clients, _people in known) / people if people else None


def still_true(age_days: NDArray[np.float64] | float, half_life: float = HALF_LIFE_DAYS) -> Any:
    """Return the probability that a record checked so many days ago is still true, of one or of many.

    Examples
    --------
    >>> round(float(1 - still_true(400)), 4)
    0.4016
    """
    return 0.5 ** (np.maximum(0.0, age_days) / half_life)


def shown(count: float) -> str:
    """Return a count of people for a page: few of them could be recognised, so they become "<5".

    Examples
    --------
    >>> shown(0), shown(1), shown(4.9), shown(5), shown(12.5)
    ('0', '<5', '<5', '5', '12.5')
    """
    if 0 < count < MIN_CELL_COUNT:
        return f"<{MIN_CELL_COUNT}"
    return number(count)


def _tails() -> tuple[float, float]:
    return (1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2


def _check_share(f: float, n: float) -> None:
    if not 0 <= f <= n < math.inf:
        raise ValueError(f"{f} of {n} is no share: the first has to lie between 0 and the second.")
