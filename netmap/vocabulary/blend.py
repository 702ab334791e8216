"""The three measures together: one score per need for words in one language."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from netmap.vocabulary.context import context
from netmap.vocabulary.cues import cue
from netmap.vocabulary.denial import content, denied_words
from netmap.vocabulary.evidence import Evidence
from netmap.vocabulary.kept import Trained, trained
from netmap.vocabulary.polarity import Polarity
from netmap.vocabulary.scores import Array, Letters, Phrase, Together
from netmap.vocabulary.terms import Need, vocabulary
from netmap.vocabulary.words import fold, split, word_terms

TURNED, HELD = 0.5, 0.8  # a factor of context that turns a phrase round; the share that makes it held
UNTOLD = 0.2  # left to a need of which a question has no telling word: it may still decide between two others


class Blend:
    """The model of one language, made from the shipped phrases.

    Parameters
    ----------
    language : str
        One of the vocabulary's languages.
    phrases : mapping, optional
        Need -> its phrases; all shipped ones where not given.
    name : str, optional
        Under which it is kept; not kept where not given.
    """

    def __init__(
        self, language: str, phrases: Mapping[str, Sequence[str]] | None = None, name: str = ""
    ) -> None:
        needs = vocabulary().needs.values()
        self.language = language
        self.codes = tuple(need.code for need in needs)
        said = [
            (number, text)
            for number, need in enumerate(needs)
            for text in (phrases[need.code] if phrases is not None else sayings(need, language))
        ]
        learnt, letters = (
            trained(f"{name}-{language}", said, lambda: self._train(said)) if name else self._train(said)
        )
        self.measures = Together(learnt, len(self.codes), letters)
        self.share = self.measures.share
        grave = {number for number, need in enumerate(needs) if need.safety}
        self.evidence = Evidence(learnt, self.share, grave)
        self.polarity = Polarity(learnt, self.share)
        self._turned = np.array([phrase.turned for phrase in learnt])

    def of_question(self, text: str, unknown: Sequence[str] = ()) -> Array:
        """Return the score of every need for the words of a question; no rules of context.

        Parameters
        ----------
        text : str
            The question.
        unknown : sequence of str
            Those of its words that no dictionary holds: they may be mistyped.
        """
        terms = self.terms(content(text, self.language)[0])
        return of_words(self.measures, self.evidence, terms, text, unknown)

    def meant_so(self, shares: Array) -> Array:
        """Tell for which needs a clause with these shares holds a phrase whose own words turn it round."""
        here = np.where(self._turned & (shares >= HELD), 1.0, 0.0)
        return np.asarray(self.share.largest(here[None, :])[0] > 0)

    def knows(self, word: str) -> bool:
        """Tell whether the word stands in a phrase, in any form."""
        return all(term in self.share.rarity for term in word_terms(word, (self.language,)))

    def _train(self, said: Sequence[tuple[int, str]]) -> Trained:
        found = [self._phrase(number, text) for number, text in said]
        return found, Letters.trained(found, len(self.codes))

    def _phrase(self, need: int, text: str) -> Phrase:
        kept, denied = content(text, self.language)
        if not kept:
            kept, denied = split(text), False
        counted = self.terms([word for word in kept if cue("counted", self.language).fullmatch(word)])
        denied_terms = self.terms(denied_words(text, self.language)) if denied else ()
        turned = context(text, self.language).factor(self.codes[need]) < TURNED
        return Phrase(
            need, self.terms(kept), denied, folded(text), frozenset(counted), frozenset(denied_terms), turned
        )

    def terms(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the terms of words in this language."""
        return tuple(term for word in words for term in word_terms(word, (self.language,)))


def sayings(need: Need, language: str, *, scenes: bool = True) -> tuple[str, ...]:
    """Return the name and every phrase of a need in one language, with those for notes only or without."""
    spoken = (
        (need.phrases, need.recognised, need.said, need.scenes)
        if scenes
        else (need.phrases, need.recognised, need.said)
    )
    return need.labels[language], *(text for one in spoken for text in one[language])


def of_words(
    measures: Together, evidence: Evidence, terms: Sequence[str], text: str, unknown: Sequence[str]
) -> Array:
    """Return the score of every need (or service type) for the words of a question.

    Likeness of letters counts little without a telling word in common, and for ``unknown`` words by
    themselves, which may be mistyped.
    """
    shares = measures.share.of_phrases([terms])
    told = UNTOLD + (1 - UNTOLD) * evidence.of_needs(shares, [terms])[0]
    found = measures.sum(measures.parts(shares, [terms], [folded(text)]))[0] * told
    found = found * evidence.explained(shares[0], terms)
    if unknown:
        typed = [fold(word) for word in unknown]
        parts = measures.parts(measures.share.of_phrases([typed]), [typed], [" ".join(typed)])
        alike = measures.sum(parts)[0]
        found = np.maximum(found, alike)
    return np.asarray(found)


def folded(text: str) -> str:
    """Return the folded words of a text with single spaces."""
    return " ".join(fold(word) for word in split(text))


@cache
def blend(language: str) -> Blend:
    """Return the model of a language; made at the first call, see `kept.py`."""
    return Blend(language, name="needs")


@cache
def asked(language: str) -> Blend:
    """Return the model for questions, without the phrases that are for notes only."""
    needs = vocabulary().needs.items()
    phrases = {code: sayings(need, language, scenes=False) for code, need in needs}
    return Blend(language, phrases, name="asked")
