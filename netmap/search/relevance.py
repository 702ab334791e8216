"""What the words and the meaning of a question lead to, and how strongly. Pure.

Words are worth their rarity times BM25 in each field (Robertson and Zaragoza 2009, doi 10.1561/1500000019).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from netmap.search.asked import Asked, Part, bounded
from netmap.search.backend import TEXT_FIELDS, TYPE
from netmap.search.bits import Bits, pack
from netmap.search.segment import CONFIRMED, LIKELY

Reals32 = npt.NDArray[np.float32]

# What a type is worth that a person confirmed, that the machine is rather sure of, or only suggests: about as
# often as each is right (benchmarks/service_types.py).
SURE, RATHER_SURE, SUGGESTED = 1.0, 0.7, 0.45
TAIL = 0.3  # words alone count from this share of the best cover on: "help" is no answer to "help, mortgage"
WORD_SIGNALS = tuple(f"words_{field}" for field in TEXT_FIELDS)


@dataclass(frozen=True, slots=True)
class Relevance:
    """What a question leads to in one part.

    Parameters
    ----------
    found : Bits
        The documents that words or types have found.
    words, cover : arrays of float32
        The weighted sum over the words of the question, and the rarity of those that a document has.
    typed : array of float32
        The weight of the strongest type that a document has.
    kin : array of float32
        The weighted sum over the words of what is meant.
    rare : list of (term, number in the segment, rarity)
        The words of the question that occur in the part.
    most, least : float
        The best cover of all parts, and the cover from which words count.
    """

    found: Bits
    words: Reals32
    cover: Reals32
    typed: Reals32 | None
    kin: Reals32 | None
    rare: list[tuple[str, int, float]]
    most: float
    least: float


def relevance(parts: Sequence[Part], asked: Asked) -> list[Relevance]:
    """Return for each part what the question leads to."""
    query = asked.query
    terms = _rarities(parts, list(dict.fromkeys(query.terms)))
    kin = _rarities(parts, list(dict.fromkeys(query.kin)))
    sums = [_sums(part, rare, asked) for part, rare in zip(parts, terms, strict=True)]
    most = max((float(cover.max(initial=0.0)) for _words, cover in sums), default=0.0)
    least = max(TAIL * most, 1e-9)
    found = []
    for part, rare, akin, (words, cover) in zip(parts, terms, kin, sums, strict=True):
        typed = _typed(part, asked)
        bits = part.alive
        if (query.terms or query.types) and not query.everything:
            worded = cover >= least
            bits = pack(worded if typed is None else worded | (typed > 0)) & part.alive
        related = _sums(part, akin, asked)[0] if akin else None
        found.append(Relevance(bits, words, cover, typed, related, rare, most, least))
    return found


def _rarities(parts: Sequence[Part], terms: list[str]) -> list[list[tuple[str, int, float]]]:
    """Return for each part the terms that occur in it, with their rarity in all parts together."""
    if not terms:
        return [[] for _part in parts]
    looked_up = [part.terms(terms) for part in parts]
    size = sum(part.segment.size - len(part.masked) for part in parts)
    documents = np.sum([counted for _numbers, counted in looked_up], axis=0)
    return [
        [
            (terms[place], int(numbers[place]), math.log1p(size / int(documents[place])))
            for place in np.flatnonzero((numbers >= 0) & (documents > 0)).tolist()
        ]
        for numbers, _counted in looked_up
    ]


def _sums(part: Part, rare: list[tuple[str, int, float]], asked: Asked) -> tuple[Reals32, Reals32]:
    """Return the weighted sum over words and the rarity of those that stand in each document."""
    words, cover = (np.zeros(part.segment.size, dtype=np.float32) for _array in range(2))
    weights = [asked.weight(signal) for signal in WORD_SIGNALS]
    for _term, number, rarity in rare:
        for row in part.segment.rows(number):
            words[row.documents] += row.worth * np.float32(weights[row.field] * rarity)
            cover[row.documents[: row.again]] += np.float32(rarity)
    if rare and len(part.masked):
        words[part.masked] = cover[part.masked] = 0
    return words, cover


def _typed(part: Part, asked: Asked) -> Reals32 | None:
    if not asked.query.types:
        return None
    typed = np.zeros(part.segment.size, dtype=np.float32)
    for code, weight in asked.query.types.items():
        if not math.isfinite(weight):
            continue
        for field, share in ((TYPE, SUGGESTED), (LIKELY, RATHER_SURE), (CONFIRMED, SURE)):
            documents = part.segment.documents_of(field, code)
            typed[documents] = np.maximum(typed[documents], np.float32(bounded(weight) * share))
    return typed
