"""From what a provider writes to netmap service types: a linear model over words and parts of words.

It learns from ``seeds/vocabulary`` (phrases as providers write them, names of the types) in all languages at
once, in the process only: nothing trained is kept on disk. A second round learns from the directory itself:
the texts that the first round is surest of, a few per type, so that the words of this directory count too.
"""

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netmap.paths import shipped
from netmap.vocabulary import words
from netmap.vocabulary.terms import LANGUAGES, vocabulary

NAME_WEIGHT = 3  # the name says what a service is; the description also says whom it knows and where it is
SOFTNESS, LEAST_SURE, MOST_PER_TYPE, BORROWED_WEIGHT = 6.0, 0.5, 10, 0.5
MOST_TEXTS = 5000
LONGEST_TEXT = 6000
QUOTED_WORDS = 9

# Logistic curve from margin and lead to "share that a person would call right". Fitted on the choosing half
# of the hand-typed sample tests/directory/us_dc_gold.csv; benchmarks/service_types.py shows what it is worth.
MARGIN_SLOPE, LEAD_SLOPE, LEVEL, WIDEST_LEAD = 6.1, 1.3, 3.2, 0.6
MOST_SURE = 0.9  # even plain words mislead about one time in ten ("food programme" of a school)

_WORD = re.compile(r"[^\W_]+(?:['’ʼ`´][^\W_]+)*")
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Text:
    """What a provider wrote about one service, and the languages it is written in."""

    name: str
    description: str
    languages: tuple[str, ...]

    @cached_property
    def terms(self) -> list[str]:
        """The terms of the text, those of the name as often as they weigh."""
        name = words.terms(self.name, self.languages)
        return name * NAME_WEIGHT + words.terms(self.description[:LONGEST_TEXT], self.languages)


def examples(languages: Iterable[str]) -> Iterator[tuple[list[str], str]]:
    """Yield the terms of every phrase to learn from in these languages, with its service type."""
    for language in languages:
        path = shipped("seeds") / "vocabulary" / "provider_phrases" / f"{language}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield words.terms(row["phrase"], (language,)), row["service_type"]
        for code, kind in vocabulary().service_types.items():
            for phrase in (kind.labels[language], *kind.phrases[language]):
                yield words.terms(phrase, (language,)), code


class TextModel:
    """Scores of texts for every service type.

    Attributes
    ----------
    codes : tuple of str
        The service types, in the order of the columns of :meth:`scores`.
    """

    def __init__(self, languages: tuple[str, ...]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts, labels = zip(*examples(languages), strict=True)
        self.codes = tuple(sorted(set(labels)))
        self._words = TfidfVectorizer(analyzer=_pairs, sublinear_tf=True)
        self._parts = TfidfVectorizer(analyzer=_parts, sublinear_tf=True, min_df=2)
        self._words.fit(texts)
        self._parts.fit(texts)
        self._known = self.features(texts)
        self._labels = np.array([self.codes.index(label) for label in labels])
        self._weights = _train(self._known, self._labels, np.ones(len(labels)))

    def features(self, texts: Sequence[list[str]]) -> Any:
        """Return the features of lists of terms, one row each: the words' block beside the parts' block."""
        from scipy.sparse import hstack

        return hstack([self._words.transform(texts), self._parts.transform(texts)]).tocsr()

    def read(self, texts: Mapping[str, Text], *, learn: bool = True) -> "Reading":
        """Return what the model makes of the texts of a directory.

        Parameters
        ----------
        texts : mapping of str to Text
            The texts by the ids of their services.
        learn : bool
            Whether a second round learns from those texts that the first round is surest of.
        """
        features = self.features([text.terms for text in texts.values()]) if texts else self._known[:0]
        weights = self._second_round(features[:MOST_TEXTS]) if learn and texts else self._weights
        return Reading(self, weights, texts, features)

    def _second_round(self, features: Any) -> "Weights":
        from scipy.sparse import vstack

        sure = _softmax(self._weights.scores(features) * SOFTNESS)
        best, confidence = sure.argmax(axis=1), sure.max(axis=1)
        chosen: list[int] = []
        for column in range(len(self.codes)):
            rows = [row for row in np.flatnonzero(best == column).tolist() if confidence[row] > LEAST_SURE]
            rows.sort(key=lambda row: (-round(float(confidence[row]), 6), row))
            chosen.extend(rows[:MOST_PER_TYPE])
        weights = np.concatenate([np.ones(len(self._labels)), np.full(len(chosen), BORROWED_WEIGHT)])
        labels = np.concatenate([self._labels, best[chosen]])
        return _train(vstack([self._known, features[chosen]]).tocsr(), labels, weights)


@dataclass(frozen=True)
class Weights:
    """The numbers a round has learnt."""

    factors: Scores  # types x features
    level: Scores  # types

    def scores(self, features: Any) -> Scores:
        """Return one row for each text and one column for each type; above 0 speaks for the type."""
        return self.worths(features) + self.level

    def worths(self, features: Any) -> Scores:
        """Return how much each row of features speaks for each type."""
        return np.asarray(features @ self.factors.T)


class Reading:
    """What the model makes of some texts."""

    def __init__(self, model: TextModel, weights: Weights, texts: Mapping[str, Text], features: Any) -> None:
        self._codes = model.codes
        self._texts = texts
        self._rows = {service: row for row, service in enumerate(texts)}
        terms = {term for text in texts.values() for term in text.terms}
        self._terms = {term: row for row, term in enumerate(sorted(terms))}
        if texts:
            self._scores = weights.scores(features)
            self._worths = weights.worths(model.features([[term] for term in self._terms]))

    def confidences(self, service: str) -> dict[str, float]:
        """Return the confidence in every type for the text of one service, from 0 to 1."""
        scores = self._scores[self._rows[service]]
        second, first = (float(score) for score in np.sort(scores)[-2:])
        found = {}
        for code, score in zip(self._codes, scores.tolist(), strict=True):
            found[code] = confidence(score, score - (second if score == first else first))
        return found

    def evidence(self, service: str, code: str) -> str:
        """Return the neighbouring words of a text that spoke most for a type, as written; or nothing."""
        text, column = self._texts[service], self._codes.index(code)

        def worth(word: str) -> float:
            rows = (self._terms.get(term) for term in words.word_terms(word, text.languages))
            return sum(float(self._worths[row, column]) for row in rows if row is not None)

        parts = (text.name, text.description[:LONGEST_TEXT])
        return max((_passage(part, worth) for part in parts), key=lambda found: found[0])[1]


def confidence(margin: float, lead: float) -> float:
    """Return how often such a suggestion is right, from 0 to 1.

    Parameters
    ----------
    margin : float
        The score of the type.
    lead : float
        The score less that of the best other type.

    Examples
    --------
    >>> confidence(0.2, 0.8) > 0.85, confidence(-0.9, -0.5) < 0.1
    (True, True)
    """
    bounded = min(max(lead, -WIDEST_LEAD), WIDEST_LEAD)
    return MOST_SURE / (1 + math.exp(-(MARGIN_SLOPE * margin + LEAD_SLOPE * bounded + LEVEL)))


@cache
def text_model(languages: tuple[str, ...] = LANGUAGES) -> TextModel:
    """Return the model of this process for these languages, trained at the first call.

    The languages of a directory are learnt together (apart they were no better). Those that do not occur are
    left out, because their dictionaries cost seconds.
    """
    return TextModel(languages)


def _train(features: Any, labels: NDArray[Any], weights: Scores) -> Weights:
    from sklearn.svm import LinearSVC

    svc = LinearSVC(C=0.5, random_state=0).fit(features, labels, sample_weight=weights)
    return Weights(svc.coef_, svc.intercept_)


def _softmax(scores: Scores) -> Scores:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _pairs(terms: list[str]) -> list[str]:
    long = [term for term in terms if len(term) > 1]
    return long + [f"{one} {two}" for one, two in pairwise(long)]


def _parts(terms: list[str]) -> list[str]:
    return [part for term in terms for part in _parts_of(term)]


@lru_cache(maxsize=100_000)
def _parts_of(term: str) -> tuple[str, ...]:
    bounded = f" {term} "
    return tuple(bounded[start : start + size] for size in (4, 5) for start in range(len(bounded) - size + 1))


def _passage(text: str, worth: Callable[[str], float]) -> tuple[float, str]:
    """Return the worth and the wording of the best passage of at most nine words within one sentence."""
    best = (0.0, "")
    for sentence in re.split(r"(?<=[.!?;])\s+|\s*\n\s*", text):
        found = list(_WORD.finditer(sentence))
        values = [worth(match.group()) for match in found]
        for start in range(len(values)):
            total = 0.0
            for end in range(start, min(start + QUOTED_WORDS, len(values))):
                total += values[end]
                if total > best[0] + 1e-9:
                    best = (total, sentence[found[start].start() : found[end].end()])
    return best
