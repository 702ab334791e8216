"""Facts about a household that a note states: by phrases and patterns, denied ones left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from netmap.vocabulary.context import context
from netmap.vocabulary.cues import cue
from netmap.vocabulary.denial import content
from netmap.vocabulary.passages import Place, clauses
from netmap.vocabulary.terms import vocabulary
from netmap.vocabulary.words import places, split, word_terms

PASSES = frozenset({"pregnant", "released_from_prison"})  # what was so long ago is so no more
OF_OTHERS = frozenset(
    {"friend", "neighbour", "at_work", "at_school", "stranger", "subject", "ex"}
)  # said of them
BY_FAMILY = frozenset({"single_parent", "widowed"})  # that an ex or a relative did it, is how it came
NEAR_DENIAL = 3  # words before a pattern among which a "no" denies it


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


def stating(code: str, text: str, languages: Sequence[str]) -> Place | None:
    """Return where the words stand that state a circumstance, as few of them as say it.

    Examples
    --------
    >>> text = "a nursery for a single mum"
    >>> start, end = stating("single_parent", text, ("en",))
    >>> text[start:end]
    'single mum'
    """
    for language in languages:
        pattern = vocabulary().circumstances[code].patterns.get(language)
        if pattern and (match := pattern.search(text)):
            return match.span()
        spans = [span for span in places(text) if not cue("denial", language).fullmatch(text[slice(*span)])]
        here = [word_terms(text[start:end], (language,))[0] for start, end in spans]
        for one, terms, _denies in _phrases(language):
            if one == code and (first := _place_of(here, terms)) is not None:
                return spans[first][0], spans[first + len(terms) - 1][1]
    return None


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
        for place in sentence:
            clause = text[slice(*place)]
            kept, denied = content(clause, language)
            here = [term for word in kept for term in word_terms(word, (language,))]
            for code, terms, phrase_denies in _phrases(language):
                stands = denied == phrase_denies and _place_of(here, terms) is not None
                if stands and _is_meant(code, clause, language):
                    found.append((code, place))
    return found


def _is_meant(code: str, clause: str, language: str) -> bool:
    """Tell whether the clause says it of the client's household and of today."""
    said = context(clause, language)
    others = said.outsiders & OF_OTHERS
    if code in BY_FAMILY:
        others -= {"subject", "ex"}
    return not (others or said.void or (code in PASSES and (said.past or said.over)))


def _place_of(here: list[str], terms: tuple[str, ...]) -> int | None:
    """Return from which term on the terms stand one after another."""
    size = len(terms)
    fitting = (place for place in range(len(here) - size + 1) if tuple(here[place : place + size]) == terms)
    return next(fitting, None)


def _by_pattern(text: str, sentences: list[list[Place]], language: str) -> list[tuple[str, Place]]:
    """Return the circumstances whose pattern fits and is not denied by its clause."""
    found = []
    for circumstance in vocabulary().circumstances.values():
        pattern = circumstance.patterns.get(language)
        for match in pattern.finditer(text) if pattern else ():
            place = match.start()
            clauses_here = (one for sentence in sentences for one in sentence if one[0] <= place < one[1])
            start, end = next(clauses_here, (place, match.end()))
            denied = content(" ".join(split(text[start:place])[-NEAR_DENIAL:]), language)[1]
            if not denied and _is_meant(circumstance.code, text[start:end], language):
                found.append((circumstance.code, match.span()))
                break
    return found
