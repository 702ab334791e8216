"""How a gap is named: criteria as bits, and the constraint whose lifting alone would open it. Pure."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import CRITERIA

Bits = NDArray[np.uint16]

BIT: Final = {criterion: np.uint16(1 << place) for place, criterion in enumerate(CRITERIA)}
ALIVE: Final = BIT["type"] | BIT["active"]  # an offer that fails one of these is no provider at all

NO_PROVIDER, ANY_OF, MIXED = "NO_PROVIDER", "ANY_OF", "MIXED"
SINGLE_PROVIDER, STALE = "SINGLE_PROVIDER", "STALE"
KIND_OF: Final = {
    "type": NO_PROVIDER,
    "active": NO_PROVIDER,
    "distance": "DISTANCE",
    "eligibility": "ELIGIBILITY",
    "language": "LANGUAGE",
    "hours": "HOURS",
    "access": "ACCESSIBILITY",
    "cost": "COST",
    "duration": "DURATION",
    "capacity": "PLACES",
}

_ONES: Final = np.array([mask.bit_count() for mask in range(1 << len(CRITERIA))], dtype=np.uint8)


def ones(masks: Bits) -> Bits:
    """Return how many criteria each mask holds."""
    return np.asarray(_ONES[masks], dtype=np.uint8)


def sole_of(masks: Bits, counted: NDArray[np.bool_]) -> Bits:
    """Return for each column the criteria that are the only one of some counted row.

    Examples
    --------
    >>> masks = np.array([[4, 4], [8, 12]], dtype=np.uint16)
    >>> sole_of(masks, np.ones((2, 2), dtype=bool)).tolist()
    [12, 4]
    """
    alone = np.where(counted & (_ONES[masks] == 1), masks, np.uint16(0))
    return np.asarray(np.bitwise_or.reduce(alone, axis=0), dtype=np.uint16)


def least_of(masks: Bits, counted: NDArray[np.bool_]) -> Bits:
    """Return for each column the counted mask with the fewest criteria, the first of equals."""
    if not masks.shape[0]:
        return np.zeros(masks.shape[1], dtype=np.uint16)
    ones = np.where(counted, _ONES[masks], np.uint8(255))
    return np.asarray(masks[ones.argmin(axis=0), np.arange(masks.shape[1])], dtype=np.uint16)


@cache
def kind_of(sole: int, least: int, some: bool) -> tuple[str, tuple[str, ...]]:
    """Return the kind of a gap and the criteria that block it.

    Parameters
    ----------
    sole : int
        Bits of criteria that are the only blocker of some offer.
    least : int
        Bits of the offer that misses least.
    some : bool
        Whether any offer of this kind is there at all.

    Examples
    --------
    >>> kind_of(4, 4, True), kind_of(12, 4, True)
    (('DISTANCE', ('distance',)), ('ANY_OF', ('distance', 'eligibility')))
    >>> kind_of(0, 12, True), kind_of(0, 0, False)
    (('MIXED', ('distance', 'eligibility')), ('NO_PROVIDER', ()))
    """
    if not some:
        return NO_PROVIDER, ()
    blockers = _criteria(sole or least)
    if not sole:
        return MIXED, blockers
    kinds = {KIND_OF[criterion] for criterion in blockers}
    return (kinds.pop() if len(kinds) == 1 else ANY_OF), blockers


def _criteria(mask: int) -> tuple[str, ...]:
    return tuple(criterion for criterion in CRITERIA if mask & int(BIT[criterion]))
