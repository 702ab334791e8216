"""Which records that went are which that came: the best pairs of all, each record once. Pure.

Only records that share something rare enough are compared (a name, a description, a telephone, what they
belong to). Of all ways to pair them the one with the most points is taken, exactly (a maximum weight matching
of a sparse bipartite graph), not the first that comes: so two that are alike do not steal one another.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netmap.directory.likeness import MANY, Likeness, Rarity, Words, compare

LARGEST = 2500  # pairs that one shared thing may ask for; with more it tells nothing apart
LEAST = 0.8  # probability below which two are not called one


@dataclass(frozen=True)
class Pair:
    """Two records that are taken for one: the keys of both, how sure that is (0 to 1), and why."""

    old: str
    new: str
    confidence: float
    why: tuple[str, ...]


def pairs(old: Sequence[Words], new: Sequence[Words], rarity: Rarity) -> list[Pair]:
    """Return which old record is which new one.

    Parameters
    ----------
    old, new : sequence of Words
        Records of one kind that are there no more, and those that were not there before.
    rarity : Rarity
        Of the whole source.

    Examples
    --------
    >>> old = [Words("1", "warm room", "a bed for the night in winter"), Words("2", "soup", within="x")]
    >>> new = [Words("8", "soup", within="x"), Words("9", "warm rooms", "a bed for the night in winter")]
    >>> [(pair.old, pair.new) for pair in pairs(old, new, Rarity(Words(str(n)) for n in range(300)))]
    [('1', '9'), ('2', '8')]
    """
    if not old or not new:
        return []
    prior = math.log2(max(2, min(len(old), len(new))))
    found: dict[tuple[int, int], Likeness] = {}
    for i, j in _candidates(old, new):
        likeness = compare(old[i], new[j], rarity)
        if likeness.points - prior >= math.log2(LEAST / (1 - LEAST)):
            found[i, j] = likeness
    sure = _sureness(found, prior)
    return [
        Pair(old[i].key, new[j].key, sure[i, j], found[i, j].why)
        for i, j in _best(found, len(old), len(new))
        if sure[i, j] >= LEAST
    ]


def _sureness(found: Mapping[tuple[int, int], Likeness], prior: float) -> dict[tuple[int, int], float]:
    """Return how sure each pair is: against its being none, and against the rivals of both of its records."""
    odds = {pair: 2.0 ** min(60.0, likeness.points - prior) for pair, likeness in found.items()}
    rivals: dict[tuple[int, int], list[float]] = defaultdict(list)  # (side, record) -> odds of its pairs
    for (i, j), one in odds.items():
        rivals[0, i].append(one)
        rivals[1, j].append(one)
    highest = {record: sorted(some, reverse=True)[:2] for record, some in rivals.items()}
    sure = {}
    for (i, j), own in odds.items():
        both = (highest[0, i], highest[1, j])
        others = [some[some[0] == own] for some in both if len(some) > 1]  # the highest but this one
        sure[i, j] = round(own / (1 + own + max(others, default=0.0)), 3)
    return sure


def _candidates(old: Sequence[Words], new: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Give the pairs that share something, each once."""
    holders: dict[tuple[str, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, records in enumerate((old, new)):
        for place, words in enumerate(records):
            for feature in _features(words):
                holders[feature][side].append(place)
    seen: set[tuple[int, int]] = set()
    for mine, theirs in holders.values():
        if len(mine) * len(theirs) <= LARGEST:
            for pair in ((i, j) for i in mine for j in theirs):
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def _features(words: Words) -> Iterator[tuple[str, str]]:
    if words.name:
        yield "name", words.name
        tokens = [token for token in words.name.split() if len(token) > 3]
        yield from (("token", token) for token in tokens)
    if words.text:
        yield "text", words.text
        yield "beginning", words.text[:40]
    if words.within:
        yield "within", words.within
    for kind in MANY:
        yield from ((kind, value) for value in getattr(words, kind))


def _best(found: Mapping[tuple[int, int], Likeness], rows: int, columns: int) -> list[tuple[int, int]]:
    """Return the pairs of a matching with the most points; an old record may stay alone."""
    if not found:
        return []
    from scipy.sparse import coo_array  # 0.3 s to import, and most imports rename nothing
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    alone = 0.5  # less than any pair that is possible: a pair has two bits over nothing at least
    weights = [(i, j, 1 + likeness.points) for (i, j), likeness in found.items()]
    weights += [(i, columns + i, alone) for i in range(rows)]  # each old record may be paired with nobody
    i, j, points = zip(*weights, strict=True)
    graph = coo_array((points, (i, j)), shape=(rows, columns + rows)).tocsr()
    mine, theirs = min_weight_full_bipartite_matching(graph, maximize=True)
    return [(int(a), int(b)) for a, b in zip(mine, theirs, strict=True) if b < columns]
