"""Which pairs of records are worth a closer look, so that not each is compared with every other. Pure.

A pair is looked at if the names are among the nearest of each other (three letters at a time, rare ones
weigh more), or if both have a telephone, letter box, web page, address or text that few have, or a point
nearby. What is not found here is never found, so it lets in ten times more than is right.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from netmap.duplicates.cards import Card

NEAREST = 12  # names that are looked at for each record
LEAST = 0.3  # cosine of two names below which nobody looks
CROWD = 16  # so many records share a telephone: it belongs to a switchboard
NEAR_DEGREES = 0.0012  # about 130 m from south to north
ROWS = 1000  # of the matrix of names that are multiplied at once
COMMON = 0.04  # three letters that are in more names than this find nothing

Pairs = npt.NDArray[np.int64]
"""Two columns of row numbers, the smaller first, each pair once, in order."""


def candidates(cards: Sequence[Card]) -> Pairs:
    """Return the pairs of these records that may be one thing."""
    if len(cards) < 2:
        return np.zeros((0, 2), np.int64)
    found = [_by_name(cards), _as_pairs(_by_key(cards)), _as_pairs(_by_point(cards))]
    return np.unique(np.vstack(found), axis=0)


def spelt(card: Card) -> str:
    """Return the name in one spelling, with that of the organization, by which it is looked for."""
    return " ".join((*card.words, *card.owner_words))


def _by_name(cards: Sequence[Card]) -> Pairs:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [spelt(card) for card in cards]
    if not any(texts):
        return np.zeros((0, 2), np.int64)
    most = max(60, int(COMMON * len(cards)))
    try:
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), max_df=most, dtype=np.float32)
        names = vectorizer.fit_transform(texts)
    except ValueError:  # no name has three letters that are rare enough
        return np.zeros((0, 2), np.int64)
    columns = names.T.tocsr()
    found = []
    for start in range(0, names.shape[0], ROWS):
        found.append(_nearest(names[start : start + ROWS] @ columns, start))
    return np.vstack(found)


def _nearest(products: Any, start: int) -> Pairs:
    """Return the best pairs of some rows with all others."""
    found: list[npt.NDArray[np.int64]] = []
    for row in range(products.shape[0]):
        begin, end = products.indptr[row], products.indptr[row + 1]
        values, others = products.data[begin:end], products.indices[begin:end]
        kept = (values >= LEAST) & (others != start + row)
        values, others = values[kept], others[kept]
        if len(others) > NEAREST:
            others = others[np.lexsort((others, -values))[:NEAREST]]
        pair = np.empty((len(others), 2), np.int64)
        pair[:, 0], pair[:, 1] = np.minimum(others, start + row), np.maximum(others, start + row)
        found.append(pair)
    return np.vstack(found) if found else np.zeros((0, 2), np.int64)


def _by_key(cards: Sequence[Card]) -> Iterator[tuple[int, int]]:
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, card in enumerate(cards):
        for kind, keys in _keys(card):
            for key in keys:
                groups[kind, key].append(number)
    for group in groups.values():
        if 1 < len(group) <= CROWD:
            yield from combinations(group, 2)


def _keys(card: Card) -> Iterator[tuple[str, Iterable[str]]]:
    yield "phone", card.phones
    yield "domain", card.domains
    yield "mail", card.mails
    yield "address", card.addresses
    if card.text:
        yield "text", (card.text,)
    if card.words:
        yield "name", (" ".join(sorted(card.words)),)


def _by_point(cards: Sequence[Card]) -> Iterator[tuple[int, int]]:
    """Give records with points nearby; a point that many have is the middle of a town."""
    from scipy.spatial import cKDTree

    at: defaultdict[tuple[float, float], list[int]] = defaultdict(list)
    for number, card in enumerate(cards):
        for point in card.points:
            at[point].append(number)
    points = [point for point, group in sorted(at.items()) if len(group) <= CROWD]
    for point in points:
        yield from combinations(at[point], 2)
    if len(points) < 2:
        return
    tree = cKDTree(np.array(points))
    k = min(CROWD, len(points))
    _far, rows = tree.query(np.array(points), k=k, distance_upper_bound=NEAR_DEGREES)
    for here, others in enumerate(np.atleast_2d(rows).tolist()):
        for there in others:
            if here != there < len(points):  # the number of points stands for nobody
                for one in at[points[here]]:
                    for other in at[points[there]]:
                        if one != other:
                            yield min(one, other), max(one, other)


def _as_pairs(pairs: Iterable[tuple[int, int]]) -> Pairs:
    found = list(pairs)
    return np.array(found, np.int64).reshape(-1, 2)
