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
# What is open to somebody and yet not enough; these are listed apart.
SINGLE_PROVIDER, STALE, CAPACITY = "SINGLE_PROVIDER", "STALE", "CAPACITY"
BROKEN_LINK, PACKAGE, EVIDENCE = "BROKEN_LINK", "PACKAGE", "EVIDENCE"
APART: Final = (CAPACITY, BROKEN_LINK, PACKAGE, EVIDENCE, STALE, SINGLE_PROVIDER)
SEVERAL, NOBODY = 1 << 13, 1 << 14  # beside the bits of criteria in the code of a gap
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


def ones(masks: Bits) -> NDArray[np.uint8]:
    """Return how many criteria each mask holds."""
    return np.asarray(_ONES[masks], dtype=np.uint8)


@cache
def kind_of(code: int) -> tuple[str | None, tuple[str, ...]]:
    """Return the kind of a gap and the criteria that block it; None where the cell is open.

    Parameters
    ----------
    code : int
        0 for an open cell; `NOBODY`; the bits of the criteria each of which is the only blocker of some
        offer; or `SEVERAL` with the bits of what the offer fails at that misses least.

    Examples
    --------
    >>> kind_of(4), kind_of(12)
    (('DISTANCE', ('distance',)), ('ANY_OF', ('distance', 'eligibility')))
    >>> kind_of(SEVERAL | 12), kind_of(NOBODY), kind_of(0)
    (('MIXED', ('distance', 'eligibility')), ('NO_PROVIDER', ()), (None, ()))
    """
    if not code:
        return None, ()
    blockers = _criteria(code)
    if code & NOBODY:
        return NO_PROVIDER, ()
    if code & SEVERAL:
        return MIXED, blockers
    kinds = {KIND_OF[criterion] for criterion in blockers}
    return (kinds.pop() if len(kinds) == 1 else ANY_OF), blockers


def code_of(kind: str | None, blockers: tuple[str, ...]) -> int:
    """Return the code of which `kind_of` gives this kind and these criteria.

    Examples
    --------
    >>> all(code_of(*kind_of(code)) == code for code in (0, 2, 4, 12, SEVERAL | 12, NOBODY))
    True
    """
    if kind is None:
        return 0
    bits = sum(int(BIT[criterion]) for criterion in blockers)
    return SEVERAL | bits if kind == MIXED else bits or NOBODY


def _criteria(mask: int) -> tuple[str, ...]:
    return tuple(criterion for criterion in CRITERIA if mask & int(BIT[criterion]))
