"""Facts about a household that a note states: by phrases and patterns, denied ones left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from netmap.vocabulary.context import content
from netmap.vocabulary.passages import Place, clauses
from netmap.vocabulary.terms import vocabulary
from netmap.vocabulary.words import word_terms


@dataclass(frozen=True)
class Found:
    """A circumstance and the words of the text that state it."""

    code: str
    evidence: str


def circumstances(text: str, languages: Sequence[str]) -> tuple[Found, ...]:
    """Return the circumstances that ``text`` states, in the order of the vocabulary.

    Parameters
    ----------
    text : str
        A note.
    languages : sequence of str
        Its languages; those without phrases are passed over.
    """
    found: dict[str, Place] = {}
    for language in languages:
        sentences = clauses(text)
        for code, place in (*_by_phrase(text, sentences, language), *_by_pattern(text, sentences, language)):
            found.setdefault(code, place)
    ordered = ((code, found[code]) for code in vocabulary().circumstances if code in found)
    return tuple(Found(code, text[start:end].strip()[:120]) for code, (start, end) in ordered)


@cache
def _phrases(language: str) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Return (code, terms, whether the phrase denies) of every phrase, longest first."""
    found = []
    for circumstance in vocabulary().circumstances.values():
        for phrase in circumstance.phrases.get(language, ()):
            kept, denied = content(phrase, language)
            terms = tuple(term for word in kept for term in word_terms(word, (language,)))
            if terms:
                found.append((circumstance.code, terms, denied))
    return tuple(sorted(found, key=lambda item: -len(item[1])))


def _by_phrase(text: str, sentences: list[list[Place]], language: str) -> list[tuple[str, Place]]:
    """Return the circumstances whose phrase stands whole in a clause that does not turn it round."""
    found = []
    for sentence in sentences:
        for start, end in sentence:
            kept, denied = content(text[start:end], language)
            here = [term for word in kept for term in word_terms(word, (language,))]
            for code, terms, phrase_denies in _phrases(language):
                if denied == phrase_denies and _holds(here, terms):
                    found.append((code, (start, end)))
    return found


def _holds(here: list[str], terms: tuple[str, ...]) -> bool:
    """Tell whether the terms stand one after another in the clause."""
    size = len(terms)
    return any(tuple(here[place : place + size]) == terms for place in range(len(here) - size + 1))


def _by_pattern(text: str, sentences: list[list[Place]], language: str) -> list[tuple[str, Place]]:
    """Return the circumstances whose pattern fits and is not denied by its clause."""
    found = []
    for circumstance in vocabulary().circumstances.values():
        pattern = circumstance.patterns.get(language)
        for match in pattern.finditer(text) if pattern else ():
            place = match.start()
            begins = (start for sentence in sentences for start, end in sentence if start <= place < end)
            before = text[next(begins, place) : place]
            if not content(before, language)[1]:
                found.append((circumstance.code, match.span()))
                break
    return found
