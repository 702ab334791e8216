"""How a gap is named in each area: the criteria whose lifting alone would open it, or the nearest miss. Pure.

An offer out of reach fails the distance besides. So in an area that nobody in reach could serve even with
one thing mended, the best offer from elsewhere is the nearest miss, whichever it is.
"""

import numpy as np
from numpy.typing import NDArray

from netmap.network.cells.kinds import ALIVE, BIT, NOBODY, SEVERAL, Bits, ones
from netmap.network.cells.near import Flags, Lists, Near

Keys = NDArray[np.int64]


def codes(near: Near, fails: Bits, unclear: Bits, closed: Flags, ask: Flags) -> NDArray[np.int16]:
    """Return the code of each area, 0 where it is open.

    Parameters
    ----------
    near : Near
    fails, unclear : array
        For each offer the criteria other than distance that it fails, and that nobody knows.
    closed, ask : array
        Areas where nobody is there for sure, and those of them where somebody may be.
    """
    found = np.zeros(len(closed), dtype=np.int16)
    shut = closed & ~ask
    if shut.any():
        found[shut] = _shut(near, fails, shut)[shut]
    if ask.any():
        found[ask] = _asked(near, fails, unclear, ask)[ask]
    return found


def _shut(near: Near, fails: Bits, shut: Flags) -> NDArray[np.int16]:
    """Return the codes of areas where every offer fails at something."""
    alive = np.asarray((fails & ALIVE) == 0)
    if not alive.any():
        return np.full(len(shut), NOBODY, dtype=np.int16)
    sole = np.zeros(len(shut), dtype=np.uint16)
    if (fails == 0).any():  # whoever fails at nothing else is out of reach, or the area would not be shut
        sole |= BIT["distance"]
    single = alive & (ones(fails) == 1)
    for bit in np.unique(fails[single]):
        sole[_reached(near, fails == bit)] |= bit
    rest = shut & (sole == 0)
    if not rest.any():
        return sole.astype(np.int16)
    keys = _keys(ones(fails))
    far = int(keys[alive].min()) + len(fails)  # one more criterion: the distance
    nearest = _least(near, keys, alive & (keys < far), far)
    masks = fails[nearest % len(fails)] | np.where(nearest == far, BIT["distance"], np.uint16(0))
    return np.where(sole != 0, sole, SEVERAL | masks).astype(np.int16)


def _asked(near: Near, fails: Bits, unclear: Bits, ask: Flags) -> NDArray[np.int16]:
    """Return the codes of areas where somebody may be there: what has to be asked."""
    fine = fails == 0
    sole = np.zeros(len(ask), dtype=np.uint16)
    for bit in np.unique(unclear[fine & (ones(unclear) == 1)]):
        sole[near.sure.count(fine & (unclear == bit)) > 0] |= bit
    sole[_unsure(near, fine & (unclear == 0))] |= BIT["distance"]
    if (sole[ask] != 0).all():
        return sole.astype(np.int16)
    known = _keys(ones(unclear))
    most = int(known.max()) + 2 * len(known)
    with_way = known + len(known)  # the distance has to be asked too
    here = _scattered(near.sure, known, fine & (unclear != 0), most)
    there = _scattered(near.unsure, with_way, fine, most)
    everywhere = with_way[fine & near.anywhere].min(initial=most)
    best = np.minimum(np.minimum(here, there), everywhere)
    rows = np.where(best < most, best % len(known), 0)
    masks = unclear[rows] | np.where(best < here, BIT["distance"], np.uint16(0))
    return np.where(sole != 0, sole, SEVERAL | masks).astype(np.int16)


def _keys(steps: NDArray[np.uint8]) -> Keys:
    """Return for each row a number that is least for the fewest criteria, the first row of equals."""
    return steps.astype(np.int64) * len(steps) + np.arange(len(steps))


def _least(near: Near, keys: Keys, chosen: Flags, most: int) -> Keys:
    """Return the least key of the chosen rows that reach each area, or may reach it; ``most`` for none."""
    best = np.minimum(_scattered(near.sure, keys, chosen, most), _scattered(near.unsure, keys, chosen, most))
    return np.asarray(np.minimum(best, keys[chosen & near.anywhere].min(initial=most)))


def _scattered(lists: Lists, keys: Keys, chosen: Flags, most: int) -> Keys:
    rows = np.flatnonzero(chosen)
    found, columns = lists.take(rows[np.argsort(-keys[rows])])
    best = np.full(lists.width, most, dtype=np.int64)
    best[columns] = keys[found]  # where a column comes again, the later and lesser key stays
    return best


def _reached(near: Near, chosen: Flags) -> Flags:
    """Return the areas that the chosen offers reach, or may reach."""
    return np.asarray((near.sure.count(chosen) > 0) | _unsure(near, chosen))


def _unsure(near: Near, chosen: Flags) -> Flags:
    return np.asarray((near.unsure.count(chosen) > 0) | bool((chosen & near.anywhere).any()))
