"""The order of what was found, decided to the last tie. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netmap.search.backend import GONE
from netmap.search.bits import Mask, Numbers
from netmap.search.points import Reals, kilometres
from netmap.search.scoring import Scorer

LOOKED_AT = 400  # how many of the best are looked at closely: whole names, and the share of one provider
SAME_PROVIDER = 0.93  # what is left of its own points for each further service of one provider
_SCORE_STEPS = 1_000_000  # scores that differ by less are equal
_FARTHEST = 30_000_000  # metres; what has no known place stands behind everything that has


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found in all parts together; places count through the parts, one after another.

    Parameters
    ----------
    scorers : sequence of Scorer
        One for each part.
    document, part : array of int, shape (n,)
    score : array of float, shape (n,)
    behind : array of int, shape (n,)
        0 passes for certain, 1 something is not known, 2 no longer offered.
    """

    scorers: Sequence[Scorer]
    document: Numbers
    part: Numbers
    score: Reals
    behind: Numbers

    def of(self, column: str, places: Numbers) -> Numbers:
        """Return a column of the segments for some of the candidates."""
        columns = [scorer.part.segment.arrays[column] for scorer in self.scorers]
        if len(columns) == 1:
            return np.asarray(columns[0][self.document[places]])
        found: Numbers = np.empty(len(places), dtype=columns[0].dtype)
        for number, values in enumerate(columns):
            here = self.part[places] == number
            found[here] = values[self.document[places[here]]]
        return found


def behind(standing: Numbers, not_known: Mask) -> Numbers:
    """Return the class of each document: what is gone is last, whatever else is known of it."""
    return np.where(standing >= GONE, 2, not_known).astype(np.int64)


def first_ones(found: Candidates, sort: str, count: int | None) -> Numbers:
    """Return the places of the first candidates, the very first first.

    Parameters
    ----------
    found : Candidates
    sort : str
        "best", "near", "name" or "checked"; what may not pass a filter stands behind whatever it is.
    count : int or None
        How many; None for all.
    """
    key = _keys(found, sort)
    size = len(key)
    if count is None or count >= size:
        chosen: Numbers = np.arange(size)
    elif count == 0:
        chosen = np.empty(0, dtype=np.int64)
    else:
        last = key[0] if (key == key[0]).all() else np.partition(key, count - 1)[count - 1]
        before, equal = np.flatnonzero(key < last), np.flatnonzero(key == last)
        wanted = count - len(before)
        if wanted < len(equal):
            equal = equal[np.argpartition(found.of("order", equal), wanted - 1)[:wanted]]
        chosen = np.concatenate([before, equal])
    return chosen[np.lexsort((found.of("order", chosen), key[chosen]))]


def one_provider(found: Candidates, chosen: Numbers) -> Reals:
    """Return the share of its points that each chosen one loses to those of its provider before it."""
    groups = found.of("group", chosen)
    by_group = np.argsort(groups, kind="stable")
    sizes = np.unique(groups, return_counts=True)[1]
    earlier = np.empty(len(chosen), dtype=np.int64)
    earlier[by_group] = np.arange(len(chosen)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(1 - np.power(SAME_PROVIDER, earlier))


def _keys(found: Candidates, sort: str) -> Numbers:
    """Return one whole number per candidate: its class, then what it is sorted by."""
    everyone = np.arange(len(found.document))
    kind = (found.behind + 1) << 40
    if sort == "name":
        return np.asarray(kind)
    if sort == "near" and found.scorers[0].chords is not None:
        return np.asarray(kind + np.concatenate([_metres(found, part) for part in range(len(found.scorers))]))
    if sort == "checked":
        return np.asarray(kind - found.of("checked", everyone))
    key = kind - np.round(np.clip(found.score, -1000, 1000) * _SCORE_STEPS).astype(np.int64)
    for rank, place in enumerate(_pinned(found)):
        key[place] = rank
    return key


def _metres(found: Candidates, part: int) -> Numbers:
    chords = found.scorers[part].chords
    km = kilometres(chords[found.document[found.part == part]]) if chords is not None else np.empty(0)
    metres: Numbers = np.round(np.minimum(km, 30_000) * 1000).astype(np.int64)
    metres[np.isinf(km)] = _FARTHEST
    return metres


def _pinned(found: Candidates) -> list[int]:
    """Return the places of those that are put first, in the order asked for; what is gone is not."""
    places = []
    for one in found.scorers[0].asked.query.first_ids:
        for number, scorer in enumerate(found.scorers):
            for document in scorer.part.segment.numbers_of([one]).tolist():
                here = (found.document == document) & (found.part == number) & (found.behind < 2)
                places += np.flatnonzero(here).tolist()
    return list(dict.fromkeys(places))
