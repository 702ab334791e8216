"""Words of a question inside what a provider wrote, in whatever form they stand there. Pure."""

import re
from collections.abc import Collection, Sequence, Set
from functools import lru_cache

from netmap.vocabulary import words
from netmap.vocabulary.terms import LANGUAGES, label

Piece = tuple[str, bool]  # some text, and whether it answers the question

SHORTEST = 4  # letters of a name's word: "for", "на" and "dėl" are marked only where they were typed
_RUN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")


def marked(text: str, wanted: Set[str], language: str | None) -> list[Piece]:
    """Return a text in pieces, those that are words of the question with True; together they are the text.

    Parameters
    ----------
    text : str
    wanted : set of str
        Analysed words, as of `netmap.vocabulary.words.terms`.
    language : str, optional
        The language of the text, where it is known.

    Examples
    --------
    >>> marked("Debts, and advice.", set(words.terms("debt", ("en",))), "en")
    [('Debts', True), (', and advice.', False)]
    """
    spoken = (language,) if language in words.LANGUAGES else words.LANGUAGES
    found, done = list[Piece](), 0
    for run in _RUN.finditer(text) if wanted else ():
        if not wanted.isdisjoint(_terms_of(run[0], spoken)):
            found += [(text[done : run.start()], False)] if run.start() > done else []
            found.append((run[0], True))
            done = run.end()
    return found + ([(text[done:], False)] if done < len(text) else [])


@lru_cache(maxsize=50_000)
def _terms_of(run: str, spoken: tuple[str, ...]) -> frozenset[str]:
    return frozenset(term for word in words.split(run) for term in words.word_terms(word, spoken))


def wanted_terms(own: Collection[str], codes: Sequence[str]) -> frozenset[str]:
    """Return the words to mark: those of the question and, in all languages, the names of what it means."""
    return frozenset(own).union(*(_of_code(code) for code in codes))


@lru_cache(maxsize=2000)
def _of_code(code: str) -> frozenset[str]:
    return frozenset(
        term
        for language in LANGUAGES
        for word in words.split(label(code, language))
        for term in words.word_terms(word, (language,))
        if len(term) >= SHORTEST
    )
