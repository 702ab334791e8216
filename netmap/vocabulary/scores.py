"""How near a passage is to each need (or service type), by three measures that fail in different ways.

* share: the largest share (by rarity) of the words of one phrase that the passage holds;
* letters: ridge regression on the rarity-weighted pieces of 2 to 5 letters, trained on the phrases;
* rank: BM25 of the needs' phrases on terms and their first five letters, scaled to 0..1.

Everything is worked out from the shipped phrases; `kept.py` stores what takes long.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from scipy.sparse import csr_array

Array = NDArray[np.float64]

PREFIX, PREFIX_CREDIT = 5, 0.6
K1, B = 1.2, 0.5
RANK_HALF = 6.0  # a BM25 sum that counts as one half
RIDGE = 0.5
PIECES = range(2, 6)
SHARE, RANK, LETTERS = 0.2, 0.4, 0.4


@dataclass(frozen=True)
class Phrase:
    """One phrase of one need: its words without negations, whether it had one, and its plain text.

    ``counted`` are those of its terms that are only numbers and times, ``denied_terms`` those that it denies.
    ``turned`` tells that its own words would turn it round, as "afraid" in "afraid of interviews".
    """

    need: int
    terms: tuple[str, ...]
    denied: bool
    text: str
    counted: frozenset[str] = frozenset()
    denied_terms: frozenset[str] = frozenset()
    turned: bool = False


class Columns:
    """Names -> column numbers, closed after training."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}

    def learn(self, names: Iterable[str]) -> None:
        """Give each new name the next number."""
        for name in names:
            self.number.setdefault(name, len(self.number))

    def matrix(self, rows: Sequence[dict[str, float]]) -> csr_array:
        """Return the rows as a sparse matrix; unknown names are left out."""
        starts, columns, values = [0], [], []
        for row in rows:
            for name, value in row.items():
                if (column := self.number.get(name)) is not None:
                    columns.append(column)
                    values.append(value)
            starts.append(len(columns))
        return csr_array(
            (np.array(values, dtype=float), np.array(columns, dtype=np.int64), np.array(starts)),
            shape=(len(rows), len(self.number)),
        )


def with_prefixes(terms: Iterable[str]) -> list[str]:
    """Return the terms and their first five letters, marked with a star."""
    return [name for term in terms for name in (term, term[:PREFIX] + "*")]


def rarity(documents: Sequence[Iterable[str]]) -> dict[str, float]:
    """Return log(1 + N / documents with the name) for every name."""
    counts = Counter(name for document in documents for name in set(document))
    return {name: math.log(1 + len(documents) / count) for name, count in counts.items()}


class Share:
    """The soft lexicon: how much of a phrase a passage holds."""

    def __init__(self, phrases: Sequence[Phrase], needs: int) -> None:
        documents: list[set[str]] = [set() for _ in range(needs)]
        for phrase in phrases:
            documents[phrase.need].update(with_prefixes(phrase.terms))
        self.rarity = rarity(documents)
        self.columns = Columns()
        self.columns.learn(self.rarity)
        order = sorted(range(len(phrases)), key=lambda number: (phrases[number].need, number))
        self.matrix = self.columns.matrix([self._weights(phrases[number]) for number in order]).T.tocsr()
        self.need = np.array([phrases[number].need for number in order])
        self.denied = np.array([phrases[number].denied for number in order])
        self.starts = np.searchsorted(self.need, np.arange(needs))

    def _weights(self, phrase: Phrase) -> dict[str, float]:
        """Return each word's part of the phrase: most for the term, the rest for its first letters."""
        terms = dict.fromkeys(phrase.terms)
        total = sum(self.rarity[term] for term in terms) or 1.0
        found: dict[str, float] = {}
        for term in terms:
            part = self.rarity[term] / total
            found[term] = found.get(term, 0.0) + part * (1 - PREFIX_CREDIT)
            prefix = term[:PREFIX] + "*"
            found[prefix] = found.get(prefix, 0.0) + part * PREFIX_CREDIT
        return found

    def of_phrases(self, passages: Sequence[Sequence[str]]) -> Array:
        """Return passages x phrases, each 0..1."""
        held = self.columns.matrix([dict.fromkeys(with_prefixes(terms), 1.0) for terms in passages])
        return np.asarray((held @ self.matrix).toarray())

    def largest(self, of_phrases: Array) -> Array:
        """Return passages x needs: the largest share over each need's phrases."""
        return np.asarray(np.maximum.reduceat(of_phrases, self.starts, axis=1))


class Rank:
    """BM25 of needs as documents."""

    def __init__(self, phrases: Sequence[Phrase], needs: int) -> None:
        documents: list[list[str]] = [[] for _ in range(needs)]
        for phrase in phrases:
            documents[phrase.need].extend(with_prefixes(phrase.terms))
        weight = rarity(documents)
        mean = sum(map(len, documents)) / needs
        self.columns = Columns()
        self.columns.learn(weight)
        rows = []
        for document in documents:
            long = K1 * (1 - B + B * len(document) / mean)
            counts = Counter(document).items()
            rows.append({name: weight[name] * count * (K1 + 1) / (count + long) for name, count in counts})
        self.matrix = self.columns.matrix(rows).T.tocsr()

    def of_needs(self, passages: Sequence[Sequence[str]]) -> Array:
        """Return passages x needs, each 0..1."""
        held = self.columns.matrix([dict.fromkeys(with_prefixes(terms), 1.0) for terms in passages])
        found = np.asarray((held @ self.matrix).toarray())
        return np.asarray(found / (found + RANK_HALF))


class Letters:
    """Ridge regression on pieces of letters: one closed-form solution for all needs."""

    def __init__(self, columns: Columns, weights_of_pieces: NDArray[np.float32]) -> None:
        self.columns = columns
        self.rarity = weights_of_pieces
        self.matrix = csr_array((len(columns.number), 0))
        self.weights = np.zeros((0, 0), dtype=np.float32)

    @classmethod
    def trained(cls, phrases: Sequence[Phrase], needs: int) -> "Letters":
        """Return the regression learnt from phrases."""
        pieces = [Counter(letter_pieces(phrase.text)) for phrase in phrases]
        weights = rarity(pieces)
        columns = Columns()
        columns.learn(weights)
        made = cls(columns, np.array(list(weights.values()), dtype=np.float32))
        matrix = made._rows(pieces)
        made.matrix = matrix.T.tocsr()
        target = np.zeros((len(phrases), needs), dtype=np.float32)  # half the time of float64, equal ranks
        target[np.arange(len(phrases)), [phrase.need for phrase in phrases]] = 1.0
        kernel = (matrix @ made.matrix).toarray()
        kernel[np.diag_indices(len(phrases))] += RIDGE
        made.weights = solve(kernel, target, assume_a="pos", overwrite_a=True, overwrite_b=True)
        return made

    @classmethod
    def restored(cls, names: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> "Letters":
        """Return the regression that gave these names of pieces and ``arrays``."""
        columns = Columns()
        columns.learn(names)
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        phrases = len(arrays["weights"])
        made = cls(columns, arrays["rarity"])
        made.matrix = csr_array(parts, shape=(len(columns.number), phrases))
        made.weights = arrays["weights"]
        return made

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the numbers that :meth:`restored` needs, besides the names of the pieces."""
        return {
            "rarity": self.rarity,
            "weights": self.weights,
            "data": self.matrix.data,
            "indices": self.matrix.indices,
            "indptr": self.matrix.indptr,
        }

    def _rows(self, pieces: Sequence[Counter[str]]) -> csr_array:
        """Return the pieces of each text, log-counted, weighted by rarity, of length one."""
        starts: list[int] = [0]
        columns: list[int] = []
        counts: list[int] = []
        for found in pieces:
            known = [
                (self.columns.number[name], count)
                for name, count in found.items()
                if name in self.columns.number
            ]
            columns.extend(column for column, _count in known)
            counts.extend(count for _column, count in known)
            starts.append(len(columns))
        of_row = np.repeat(np.arange(len(pieces)), np.diff(starts))
        number = np.array(columns, dtype=np.int64)
        values = (1 + np.log(np.array(counts, dtype=np.float32))) * self.rarity[number]
        size = np.sqrt(np.bincount(of_row, values * values, minlength=len(pieces))).astype(np.float32)
        values /= np.maximum(size, 1e-9)[of_row]
        return csr_array((values, number, np.array(starts)), shape=(len(pieces), len(self.columns.number)))

    def of_needs(self, texts: Sequence[str]) -> Array:
        """Return texts x needs; about 0..1."""
        rows = self._rows([Counter(letter_pieces(text)) for text in texts])
        return np.asarray((rows @ self.matrix) @ self.weights)


class Together:
    """The three measures as one weighted sum, 0..1."""

    def __init__(self, phrases: Sequence[Phrase], size: int, letters: Letters) -> None:
        self.share = Share(phrases, size)
        self.rank = Rank(phrases, size)
        self.letters = letters

    def parts(
        self, shares: Array, terms: Sequence[Sequence[str]], texts: Sequence[str]
    ) -> tuple[Array, Array, Array]:
        """Return share, rank and letters, each passages x needs.

        Parameters
        ----------
        shares : array
            The passages' shares of phrases.
        terms, texts : sequence
            The passages' terms and folded texts.
        """
        letters = np.clip(self.letters.of_needs(texts), 0, 1)
        return self.share.largest(shares), self.rank.of_needs(terms), letters

    @staticmethod
    def sum(parts: tuple[Array, Array, Array]) -> Array:
        """Return the weighted sum of the three, 0..1."""
        share, rank, letters = parts
        return np.asarray(np.clip(SHARE * share + RANK * rank + LETTERS * letters, 0, 1))


def letter_pieces(text: str) -> list[str]:
    """Return the pieces of 2 to 5 letters of each word, with a space before and after it.

    Examples
    --------
    >>> letter_pieces("no")
    [' n', 'no', 'o ', ' no', 'no ', ' no ']
    """
    return [piece for word in text.split() for piece in _pieces_of(word)]


@lru_cache(maxsize=1_000)
def _pieces_of(word: str) -> tuple[str, ...]:
    """Return the pieces of one word; the same words stand in many phrases."""
    padded = f" {word} "
    return tuple(padded[start : start + size] for size in PIECES for start in range(len(padded) - size + 1))
