"""Typing mistakes: what a question would be if words that stand nowhere were spelt like words that do."""

from netmap.directory.asked import Asked
from netmap.search.backend import Page, SearchBackend
from netmap.vocabulary import words

SHORTEST = 4  # letters of a word that may be misspelt: shorter ones are like too many others


def spelt_right(asked: Asked, engine: SearchBackend, page: Page) -> str:
    """Return the question with its unknown words spelt as services spell them; empty where all are known.

    A word is unknown where no dictionary has it and no service that was found holds it.
    """
    met = {term for hit in page.hits for term in hit.matched_terms}
    text = asked.text
    for word in dict.fromkeys(asked.words.values()):
        terms = {term for term, typed in asked.words.items() if typed == word}
        if len(word) < SHORTEST or not word.isalpha() or terms & met or _is_known(word):
            continue
        like = engine.similar_words(word.casefold())
        if like and word.casefold() not in like:
            text = text.replace(word, like[0])
    return text if text != asked.text else ""


def _is_known(word: str) -> bool:
    return any(words.is_known(word, language) for language in words.script(word))
