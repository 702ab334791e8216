"""The order of what was found, decided to the last tie: whole numbers that are compared once. Pure."""

from dataclasses import dataclass

import numpy as np

from netmap.search.asked import Asked
from netmap.search.backend import GONE
from netmap.search.bits import Mask, Numbers
from netmap.search.points import Reals, kilometres

LOOKED_AT = 400  # how many of the best are looked at closely: whole names, and the share of one provider
SAME_PROVIDER = 0.93  # what is left of its own points for each further service of one provider
_SCORE_STEPS = 1_000_000  # scores that differ by less are equal
_MOST = 2**31 - 1
_ALPHABET_BITS = 28


@dataclass(slots=True)
class Candidates:
    """What was found in all parts together; every array has one value per document.

    Parameters
    ----------
    part, document : array of int
        Where the document is.
    score : array of float
    behind : array of int
        0 passes for certain, 1 something is not known, 2 no longer offered.
    pin : array of int
        Its place among those that are put first, or as many as there are.
    chord : array of float, optional
        Squared chord to its nearest place.
    checked, order, group : array of int
    """

    part: Numbers
    document: Numbers
    score: Reals
    behind: Numbers
    pin: Numbers
    chord: Reals | None
    checked: Numbers
    order: Numbers
    group: Numbers
    pins: int = 0


def behind(standing: Numbers, not_known: Mask) -> Numbers:
    """Return the class of each document: what is gone is last, whatever else is known of it."""
    return np.where(standing >= GONE, 2, not_known).astype(np.int64)


def in_order(found: Candidates, asked: Asked) -> Numbers:
    """Return the places of the candidates of the page and all before it, the first first."""
    return _first(_keys(found, asked), asked.last)


def best(found: Candidates, asked: Asked) -> Numbers:
    """Return the places of those few hundred that are looked at closely, the first first."""
    return _first(_keys(found, asked), LOOKED_AT)


def one_provider(found: Candidates, chosen: Numbers) -> Reals:
    """Return the share of its points that each chosen one loses to those of its provider before it."""
    groups = found.group[chosen]
    by_group = np.argsort(groups, kind="stable")
    sizes = np.unique(groups, return_counts=True)[1]
    earlier = np.empty(len(chosen), dtype=np.int64)
    earlier[by_group] = np.arange(len(chosen)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(1 - np.power(SAME_PROVIDER, earlier))


def _keys(found: Candidates, asked: Asked) -> Numbers:
    """Return one whole number per candidate: its class, then what it is sorted by, then its name."""
    first: Numbers = np.zeros(len(found.score), dtype=np.int64)
    kind = found.behind + 1
    sort = asked.query.sort
    if sort == "near" and found.chord is not None:
        km = kilometres(found.chord)
        first = np.where(np.isinf(km), _MOST, np.round(np.minimum(km, 30_000) * 1000)).astype(np.int64)
    elif sort == "checked":
        first = -found.checked
    elif sort != "name":
        limited = np.clip(found.score, -1000, 1000)
        first = -np.round(limited * _SCORE_STEPS).astype(np.int64)
        pinned = (found.pin < found.pins) & (found.behind < 2)
        kind = np.where(pinned, 0, kind)
        first = np.where(pinned, found.pin, first)
    order = np.argsort(np.argsort(found.order, kind="stable"), kind="stable")
    return np.asarray(((kind << 32) + first) * (1 << _ALPHABET_BITS) + order)


def _first(keys: Numbers, count: int | None) -> Numbers:
    if count is None or count >= len(keys):
        return np.argsort(keys, kind="stable")
    if count == 0:
        return np.empty(0, dtype=np.int64)
    some = np.argpartition(keys, count - 1)[:count]
    return some[np.argsort(keys[some], kind="stable")]
