"""The three measures together, under the rules of context: one score per need for a text in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from netmap.vocabulary.context import DENIED, Context, content, context, cue
from netmap.vocabulary.evidence import Evidence
from netmap.vocabulary.passages import Passage, Place, passages
from netmap.vocabulary.scores import Array, Phrase, Together
from netmap.vocabulary.terms import Need, vocabulary
from netmap.vocabulary.words import fold, split, word_terms

UNDENIED = 0.6  # a phrase with a "no" met in a clause without one
UNTOLD = 0.2  # left to a need of which a question has no telling word: it may still decide between two others
NOTHING_SHARED = 0.4  # a denied clause that shares no word with any phrase of the need


@dataclass(frozen=True)
class Scores:
    """For each need, in the vocabulary's order: its score 0..1 and the place in the text that gave it."""

    values: Array
    places: tuple[Place, ...]


class Blend:
    """The model of one language, made from the shipped phrases.

    Parameters
    ----------
    language : str
        One of the vocabulary's languages.
    """

    def __init__(self, language: str) -> None:
        needs = vocabulary().needs.values()
        self.language = language
        self.codes = tuple(need.code for need in needs)
        phrases = [
            self._phrase(number, text) for number, need in enumerate(needs) for text in self._sayings(need)
        ]
        self.measures = Together(phrases, len(self.codes))
        self.share = self.measures.share
        grave = {number for number, need in enumerate(needs) if need.safety}
        self.evidence = Evidence(phrases, self.share, grave)

    def _sayings(self, need: Need) -> tuple[str, ...]:
        spoken = (need.phrases, need.recognised, need.said)
        return need.labels[self.language], *(text for one in spoken for text in one[self.language])

    def of_question(self, text: str, unknown: Sequence[str] = ()) -> Array:
        """Return the score of every need for the words of a question; no rules of context.

        Parameters
        ----------
        text : str
            The question.
        unknown : sequence of str
            Those of its words that no dictionary holds: they may be mistyped.
        """
        terms = self._terms(content(text, self.language)[0])
        return of_words(self.measures, self.evidence, terms, text, unknown)

    def knows(self, word: str) -> bool:
        """Tell whether the word stands in a phrase, in any form."""
        return all(term in self.share.rarity for term in word_terms(word, (self.language,)))

    def _phrase(self, need: int, text: str) -> Phrase:
        kept, denied = content(text, self.language)
        if not kept:
            kept, denied = split(text), False
        counted = self._terms([word for word in kept if cue("counted", self.language).fullmatch(word)])
        return Phrase(need, self._terms(kept), denied, folded(text), frozenset(counted))

    def _terms(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(term for word in words for term in word_terms(word, (self.language,)))

    def scores(self, text: str) -> Scores:
        """Return the score of every need: the largest over clauses, neighbouring pairs and sentences."""
        values, places = np.zeros(len(self.codes)), [(0, 0)] * len(self.codes)
        for clauses, pieces in passages(text):
            block = self._of_block(text, clauses, pieces)
            better = block.values > values
            places = [new if up else old for new, old, up in zip(block.places, places, better, strict=True)]
            values = np.maximum(values, block.values)
        return Scores(values, tuple(places))

    def _of_block(self, text: str, clauses: Sequence[Place], pieces: Sequence[Passage]) -> Scores:
        """Return the scores of one block of passages."""
        own = [self._terms(content(text[start:end], self.language)[0]) for start, end in clauses]
        terms = [[term for number in piece.clauses for term in own[number]] for piece in pieces]
        shares = self.share.of_phrases(terms)
        plain = self.measures.sum(shares, terms, [folded(text[piece.start : piece.end]) for piece in pieces])
        plain = plain * self.evidence.of_needs(shares, terms)
        single = {piece.clauses[0]: row for row, piece in enumerate(pieces) if len(piece.clauses) == 1}
        factors = np.array(
            [
                self._factors(context(text[start:end], self.language), shares[single[number]])
                * self.evidence.explained(shares[single[number]], own[number])
                for number, (start, end) in enumerate(clauses)
            ]
        )
        final = plain * self._of_pieces(factors, plain, pieces, single)
        best = final.argmax(axis=0)
        values = final[best, np.arange(len(self.codes))]
        places = (self._place(pieces[row], plain[:, need], single, pieces) for need, row in enumerate(best))
        return Scores(values, tuple(places))

    def _factors(self, said: Context, shares: Array) -> Array:
        """Return what each need's score is multiplied by in one clause."""
        same = self.share.denied if said.denied else ~self.share.denied
        other = DENIED if said.denied else UNDENIED
        fitting, largest = self.share.largest(np.stack([np.where(same, shares, shares * other), shares]))
        nothing = NOTHING_SHARED if said.denied else 1.0
        polarity = np.where(largest > 0, fitting / np.maximum(largest, 1e-9), nothing)
        return np.asarray(polarity * np.array([said.factor(code) for code in self.codes]))

    def _of_pieces(
        self, factors: Array, plain: Array, pieces: Sequence[Passage], single: dict[int, int]
    ) -> Array:
        """Return passages x needs: the factor of the clause that speaks most of the need."""
        found = np.empty_like(plain)
        needs = np.arange(len(self.codes))
        for row, piece in enumerate(pieces):
            numbers = np.array(piece.clauses)
            speaks = plain[[single[number] for number in piece.clauses]].argmax(axis=0)
            found[row] = factors[numbers[speaks], needs]
        return found

    @staticmethod
    def _place(
        piece: Passage, column: Array, single: dict[int, int], pieces: Sequence[Passage], limit: int = 120
    ) -> Place:
        """Return the passage's place, or that of its best clause where the passage is long."""
        if piece.end - piece.start > limit:
            rows = [single[number] for number in piece.clauses]
            piece = pieces[max(rows, key=lambda row: float(column[row]))]
        return piece.start, piece.end


def of_words(
    measures: Together, evidence: Evidence, terms: Sequence[str], text: str, unknown: Sequence[str]
) -> Array:
    """Return the score of every need (or service type) for the words of a question.

    Likeness of letters counts little without a telling word in common, and for ``unknown`` words by
    themselves, which may be mistyped.
    """
    shares = measures.share.of_phrases([terms])
    told = UNTOLD + (1 - UNTOLD) * evidence.of_needs(shares, [terms])[0]
    found = measures.sum(shares, [terms], [folded(text)])[0] * told
    found = found * evidence.explained(shares[0], terms)
    if unknown:
        typed = [fold(word) for word in unknown]
        alike = measures.sum(measures.share.of_phrases([typed]), [typed], [" ".join(typed)])[0]
        found = np.maximum(found, alike)
    return np.asarray(found)


def folded(text: str) -> str:
    """Return the folded words of a text with single spaces."""
    return " ".join(fold(word) for word in split(text))


@cache
def blend(language: str) -> Blend:
    """Return the model of a language; made at the first call, about half a second."""
    return Blend(language)
