"""What may be asked about sites, and what a sum of them cannot be made from. Pure."""

import math
from collections.abc import Sequence
from numbers import Real
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netmap.errors import Invalid
from netmap.i18n import gettext as _

Numbers: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Columns: TypeAlias = NDArray[np.intp]


class ImpossibleError(Invalid, ValueError):
    """What was asked about sites has no answer; the sentence says what to mend."""


def costs_of(cost: ArrayLike) -> Numbers:
    """Return the costs as an array of (demand points, sites), checked."""
    found = np.asarray(cost, dtype=np.float64)
    if found.ndim != 2:
        raise ImpossibleError(
            _("The costs must be a table: one row for each demand point, one column for each site.")
        )
    if np.isnan(found).any():
        point, site = np.argwhere(np.isnan(found))[0].tolist()
        raise ImpossibleError(
            _(
                "The cost from demand point %(point)s to site %(site)s is not a number: give one, or "
                "infinity where there is no way.",
                point=point,
                site=site,
            )
        )
    if (found < 0).any():
        point, site = np.argwhere(found < 0)[0].tolist()
        raise ImpossibleError(
            _(
                "The cost from demand point %(point)s to site %(site)s is less than 0: give 0 or more.",
                point=point,
                site=site,
            )
        )
    return found


def demand_of(demand: ArrayLike, points: int) -> Numbers:
    """Return the demand as an array with one number for each point, checked."""
    found = np.asarray(demand, dtype=np.float64)
    if found.shape != (points,):
        raise ImpossibleError(
            _(
                "There are %(points)s demand points in the costs and %(given)s figures of demand: give one "
                "for each point.",
                points=points,
                given=found.size,
            )
        )
    wrong = np.flatnonzero(~np.isfinite(found) | (found < 0))
    if wrong.size:
        raise ImpossibleError(
            _(
                "The demand of point %(point)s is %(given)s: give a number that is 0 or more.",
                point=int(wrong[0]),
                given=float(found[wrong[0]]),
            )
        )
    return found


def within_of(cost: Numbers, within: ArrayLike) -> Flags:
    """Return which site is within reach of which point; ``within`` is one limit, or one for each point."""
    limit = np.asarray(within, dtype=np.float64)
    if limit.shape not in ((), (cost.shape[0],)) or np.isnan(limit).any():
        raise ImpossibleError(
            _("The limit must be one number for all demand points, or one for each of them.")
        )
    return np.asarray((cost <= limit[..., None]) & np.isfinite(cost), dtype=np.bool_)


def _whole(value: object) -> bool:
    return isinstance(value, Real) and math.isfinite(value) and float(value).is_integer()


def fixed_of(fixed: Sequence[int], sites: int) -> Columns:
    """Return the sites that are open already, each once, checked."""
    wrong = [one for one in fixed if not (_whole(one) and 0 <= one < sites)]
    if wrong:
        raise ImpossibleError(
            _(
                "Site %(site)s is said to be open already, but the sites are numbered from 0 to %(last)s.",
                site=wrong[0],
                last=sites - 1,
            )
        )
    return np.unique(np.array([int(one) for one in fixed], dtype=np.intp))


def check_number(p: int, sites: int, fixed: int) -> int:
    """Return how many sites are to be opened, checked against how many there are to choose from."""
    if not _whole(p) or p < 0:
        raise ImpossibleError(
            _("The number of sites to open is %(p)s: give a whole number that is 0 or more.", p=p)
        )
    if p > sites - fixed:
        raise ImpossibleError(
            _(
                "%(p)s sites are to be opened, but only %(free)s can be chosen: ask for fewer, or add "
                "candidate sites.",
                p=p,
                free=sites - fixed,
            )
        )
    return int(p)


def capacity_of(capacity: ArrayLike, sites: int) -> Numbers:
    """Return how much demand each site can serve, checked; infinity where there is no limit."""
    found = np.asarray(capacity, dtype=np.float64)
    if found.shape not in ((), (sites,)):
        raise ImpossibleError(
            _(
                "There are %(sites)s sites in the costs and %(given)s capacities: give one for each site, "
                "or one for all.",
                sites=sites,
                given=found.size,
            )
        )
    found = np.broadcast_to(found, (sites,))
    wrong = np.flatnonzero(np.isnan(found) | (found < 0))
    if wrong.size:
        raise ImpossibleError(
            _(
                "The capacity of site %(site)s is %(given)s: give a number that is 0 or more.",
                site=int(wrong[0]),
                given=float(found[wrong[0]]),
            )
        )
    return found


def check_reached(reach: Flags) -> None:
    """Raise where a demand point has no site within its reach."""
    lost = np.flatnonzero(~reach.any(axis=1))
    if lost.size:
        raise ImpossibleError(
            _(
                "No site is within reach of demand point %(point)s (%(count)s such points): allow a longer "
                "way, add a candidate site, or leave the point out.",
                point=int(lost[0]),
                count=lost.size,
            )
        )
