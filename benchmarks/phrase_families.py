"""Phrases of needs, and which of them are so near to each other that measuring keeps them together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netmap.paths import shipped
from netmap.vocabulary.blend import sayings
from netmap.vocabulary.phrase_check import kinds
from netmap.vocabulary.terms import vocabulary
from netmap.vocabulary.words import fold, split, terms

CODES = tuple(vocabulary().needs)
FAMILY, NEAR = 0.6, 0.75  # likeness of letters from which phrases are of one family, or nearly the same


@dataclass(frozen=True)
class Said:
    """One phrase of a need; ``kind`` is "table" for those of needs.csv."""

    code: str
    kind: str
    text: str
    language: str


def said(language: str) -> list[Said]:
    """Return every phrase of every need in a language."""
    of_file = kinds(shipped("seeds") / "vocabulary", language)
    return [
        Said(code, of_file.get((code, text), "table"), text, language)
        for code, need in vocabulary().needs.items()
        for text in sayings(need, language)
    ]


def near_pairs(phrases: Sequence[Said], least: float = NEAR) -> list[tuple[Said, Said, float]]:
    """Return pairs whose letters are this alike, or whose words are the same in another form or order."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [" ".join(map(fold, split(one.text))) for one in phrases]
    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True).fit_transform(texts)
    alike = (rows @ rows.T).tocoo()
    found = {
        (int(a), int(b)): float(value)
        for a, b, value in zip(alike.row, alike.col, alike.data, strict=True)
        if a < b and value >= least
    }
    same: dict[tuple[str, ...], int] = {}
    for number, one in enumerate(phrases):
        key = tuple(sorted(terms(one.text, (one.language,))))
        if key in same:
            found.setdefault((same[key], number), 1.0)
        same.setdefault(key, number)
    ordered = sorted(found.items(), key=lambda pair: -pair[1])
    return [(phrases[a], phrases[b], value) for (a, b), value in ordered]


def families(phrases: Sequence[Said]) -> list[int]:
    """Return for each phrase the number of its family: near ones of the same code have the same."""
    place = {one: number for number, one in enumerate(phrases)}
    parent = np.arange(len(phrases))

    def head(number: int) -> int:
        while parent[number] != number:
            number = int(parent[number])
        return number

    for one, other, _alike in near_pairs(phrases, FAMILY):
        if one.code == other.code:
            parent[head(place[one])] = head(place[other])
    numbers: dict[int, int] = {}
    return [numbers.setdefault(head(number), len(numbers)) for number in range(len(phrases))]
