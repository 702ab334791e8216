"""What small numbers can tell: demand, rates and the age of information, each with its uncertainty. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from scipy.special import gammaincinv

from netmap.i18n.numbers import number

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
class Demand:
    """Clients a year of one profile in one area: as counted, and what is to be expected.

    ``expected`` and ``variance`` are of the gamma posterior; ``population`` None means that nobody said
    among how many people the clients were counted, so nothing is shrunk.
    """

    clients: float
    population: float | None
    expected: float
    variance: float


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
    shape, weight = rate * PRIOR_PEOPLE + clients, PRIOR_PEOPLE + population
    return Demand(clients, population, population * shape / weight, population**2 * shape / weight**2)


def together(demands: Iterable[Demand]) -> Estimate:
    """Return the expected clients of several areas together: a gamma with the sums of mean and variance.

    Examples
    --------
    >>> found = together([demand(6, 300, .010)])
    >>> [round(value / .3, 1) for value in (found.mean, found.low, found.high)]
    [13.8, 6.9, 23.0]
    """
    parts = list(demands)
    mean, variance = sum(one.expected for one in parts), sum(one.variance for one in parts)
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


def still_true(age_days: float) -> float:
    """Return the probability that a record checked so many days ago is still true.

    Examples
    --------
    >>> round(1 - still_true(400), 4)
    0.4016
    """
    return float(0.5 ** (max(0.0, age_days) / HALF_LIFE_DAYS))


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


def part_shown(part: float | None, whole: float | None) -> tuple[str, str] | None:
    """Return a part and its whole for a page, so that neither tells of few people, nor does their difference.

    Examples
    --------
    >>> part_shown(0, 30), part_shown(28, 30), part_shown(3, 30), part_shown(None, None)
    (('0', '30'), ('>25', '30'), ('<5', '30'), None)
    """
    if part is None or whole is None:
        return None
    if 0 < whole - part < MIN_CELL_COUNT <= whole:
        return f">{number(whole - MIN_CELL_COUNT)}", shown(whole)
    return shown(part), shown(whole)


def _tails() -> tuple[float, float]:
    return (1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2
