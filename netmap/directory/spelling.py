"""Typing mistakes: what a question would be if words that stand nowhere were spelt like words that do."""

import re
from collections.abc import Collection

from netmap.directory.asked import Asked
from netmap.directory.asking import LONGEST
from netmap.search.backend import Page, Query, SearchBackend
from netmap.vocabulary import words

SHORTEST = 4  # letters of a word that may be misspelt: shorter ones are like too many others


def spelt_right(asked: Asked, engine: SearchBackend, page: Page) -> str:
    """Return the question with its unknown words spelt as services spell them; empty where all are known.

    A word is unknown where no dictionary has it and no service holds it, whatever filters leave out.
    """
    met = {term for hit in page.hits for term in hit.matched_terms}
    text = asked.text
    for word in dict.fromkeys(asked.words.values()):
        terms = {term for term, typed in asked.words.items() if typed == word}
        if len(word) < SHORTEST or not word.isalpha() or terms & met or _is_known(word):
            continue
        if like := () if _stands(engine, terms) else engine.similar_words(word.casefold()):
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", like[0], text)
    return text if text != asked.text and len(text) <= LONGEST else ""


def _is_known(word: str) -> bool:
    return any(words.is_known(word, language) for language in words.script(word))


def _stands(engine: SearchBackend, terms: Collection[str]) -> bool:
    return engine.search(Query(terms=tuple(terms), limit=0)).total > 0
