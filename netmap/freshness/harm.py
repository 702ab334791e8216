"""Which wrong record would do most harm: use x (1 - chance that it is still true), in one pass. Pure.

For every service::

    harm = use x (1 - true)
    true = 2 ^ (-days / half-life) x (1 - r1) x (1 - r2) x ...
    half-life = rhythm x (1 - habit)

*use* is how many people a week act on the record: those who chose it in a match, and shares of those who saw
less of it (`WEIGHTS`), with the weeks before the last counting half as much every four weeks, plus `LEAST` so
that what nobody has looked at yet is ordered too. *true* is the chance that the record is still right: it
halves with every half-life that passes since a person confirmed it, and each known sign of trouble takes its
part away (`SIGNS`). The half-life is the own rhythm of the record, shorter for a provider whose calls find
more changes than usual (`habit`). Harm is therefore people a week who would act on a wrong record, as far as
that can be guessed beforehand. One call confirms all services of a provider, so a desk has the sum of its
services.

Notes
-----
The halving is the simplest law of ageing: a constant chance of change a day. That the half-life is the rhythm
is an assumption, which can be compared with what calls found (docs/upkeep.md). A record that no person ever
confirmed counts as `NEVER_RHYTHMS` old: of 10,504 places in directories that nobody rings, 48.74 per cent
were wrong (Centers for Medicare and Medicaid Services, Online Provider Directory Review Report, 2018), which
is one rhythm; it is put at two, so that it comes before a record that a person has once seen. Weights and
parts of signs are assumptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"chosen": 1.0, "opened": 0.2, "matched": 0.05, "shown": 0.01}
)  # which share of those who got so far goes there: an assumption
LEAST = 0.02  # one person a year acts on a record that nobody has looked at
WEEKS = 12  # of use that count
HALF_WEEKS = 4.0  # use of so many weeks ago counts half
NEVER_RHYTHMS = 2.0
SIGNS: Mapping[str, float] = MappingProxyType(
    {
        "reported": 0.6,  # somebody has reported a mistake, and nobody has looked at it yet
        "closure_over": 0.6,  # was closed until a day that has passed
        "wrong_number": 0.5,  # somebody else answered under its number
        "notice_over": 0.3,  # its notice has expired
        "hours_over": 0.3,  # its hours were said to hold until a day that has passed
        "no_answer": 0.3,  # nobody answered at the last call
        "hours_unread": 0.2,  # its hours are words that could not be read
    }
)  # the part of the truth that each takes away: an assumption
CHANGE_PRIOR = (1.0, 4.0)  # before any call: as if of 4 calls 1 had found a change
CHANGES_MOST = 0.5  # a history of changes halves the half-life at most


@dataclass(frozen=True, slots=True)
class Records:
    """Services as columns of one length.

    Parameters
    ----------
    days : array of float, shape (n,)
        Since the last confirmation by a person; NaN where there was none.
    rhythm : array of float, shape (n,)
        Days after which each should be confirmed again.
    use : array of float, shape (n,)
        People a week: counts of each kind by `WEIGHTS` and of each week by `week_shares`.
    signs : mapping of str to array of bool, shape (n,)
        Those of `SIGNS` that hold.
    calls, changes : array of float, shape (n,)
        Calls in which the provider was reached, and those of them that found something changed.
    """

    days: Reals
    rhythm: Reals
    use: Reals
    signs: Mapping[str, Flags]
    calls: Reals
    changes: Reals


def week_shares() -> list[float]:
    """Return what the counts of each week add to the people a week, that which runs first; they sum to 1.

    Examples
    --------
    >>> shares = week_shares()
    >>> len(shares), round(sum(shares), 6), round(shares[0] / shares[4], 6)
    (12, 1.0, 2.0)
    """
    falling = [2.0 ** (-week / HALF_WEEKS) for week in range(WEEKS)]
    return [share / sum(falling) for share in falling]


def still_true(records: Records) -> Reals:
    """Return the chance of each record that it is still right.

    Examples
    --------
    >>> some = made([0, 365, 365, np.nan], reported=[False, False, True, False])
    >>> still_true(some).round(2).tolist()
    [1.0, 0.5, 0.2, 0.25]
    """
    half_lives = records.days / (records.rhythm * (1 - habit(records.calls, records.changes)))
    true: Reals = np.exp2(-np.where(np.isnan(records.days), NEVER_RHYTHMS, half_lives))
    for sign, holds in records.signs.items():
        true = true * np.where(holds, 1 - SIGNS[sign], 1.0)
    return true


def habit(calls: Reals, changes: Reals) -> Reals:
    """Return by which part a provider's history of changes shortens the half-life of its records.

    It is what its share of calls with a change is above that of an unknown provider, so for a provider never
    rung it is nothing.

    Examples
    --------
    >>> habit(np.array([0.0, 4.0, 8.0]), np.array([0.0, 4.0, 0.0])).round(3).tolist()
    [0.0, 0.375, 0.0]
    """
    first, together = CHANGE_PRIOR
    share = (changes + first) / (calls + together)
    return np.clip(share - first / together, 0.0, CHANGES_MOST)


def harms(records: Records) -> Reals:
    """Return people a week who would act on a wrong record, for each record.

    Examples
    --------
    >>> some = made([365, 365, 0], use=[1.0, 0.0, 9.0])
    >>> harms(some).round(3).tolist()
    [0.51, 0.01, 0.0]
    """
    return (records.use + LEAST) * (1 - still_true(records))


def desks_by_harm(harm: Reals, desk: Numbers) -> tuple[Numbers, Reals]:
    """Return the desks, that with most harm first, and the harm of each desk by its number.

    Equal harms stand in the order of the desks' numbers.

    Examples
    --------
    >>> order, together = desks_by_harm(np.array([1.0, 2.0, 1.5]), np.array([0, 1, 0]))
    >>> order.tolist(), together.tolist()
    ([0, 1], [2.5, 2.0])
    """
    together: Reals = np.bincount(desk, weights=harm).astype(np.float64)
    return np.argsort(-together, kind="stable"), together


def made(days: list[float], use: list[float] | None = None, **signs: list[bool]) -> Records:
    """Return records for examples: a rhythm of a year, no calls, no use where none is given."""
    size = len(days)
    return Records(
        np.array(days, dtype=np.float64),
        np.full(size, 365.0),
        np.array(use or [0.0] * size),
        {sign: np.array(holds) for sign, holds in signs.items()},
        np.zeros(size),
        np.zeros(size),
    )
