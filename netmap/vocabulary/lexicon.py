"""Which words are known: by a dictionary, by our phrases, as a name of an area; and those spelt like them."""

from collections.abc import Iterator
from functools import cache, lru_cache

from netmap.vocabulary import words
from netmap.vocabulary.blend import asked as model_of
from netmap.vocabulary.gazetteer import Gazetteer
from netmap.vocabulary.spelling import Spelling
from netmap.vocabulary.terms import LANGUAGES, Need, ServiceType, vocabulary

_SHARED = "в во у на о от від й та то там тут так кто хто где де куда куди сюда"  # they tell no language


def is_known(word: str, places: Gazetteer | None = None) -> bool:
    """Tell whether a word needs no mending: numbers and words of other scripts never do.

    Examples
    --------
    >>> is_known("debts"), is_known("борги"), is_known("ghbdtn"), is_known("2026")
    (True, True, False, True)
    """
    return _known(word) or bool(places and places.knows(word))


@lru_cache(maxsize=50_000)
def _known(word: str) -> bool:
    script = words.script(word)
    if script not in (words.LATIN, words.CYRILLIC):
        return True
    small = word.casefold()
    if any(words.is_known(word, language) or words.is_known(small, language) for language in script):
        return True
    denied = (small.removeprefix(prefix) for prefix in ("nebe", "ne") if small.startswith(prefix))
    if script == words.LATIN and any(len(rest) > 2 and words.is_known(rest, "lt") for rest in denied):
        return True
    return (
        small in small_words(script)
        or "".join(words.split(small)) in spelling(script)
        or is_telling(word, script)
    )


def is_telling(word: str, languages: tuple[str, ...]) -> bool:
    """Tell whether the word stands, in any form, in a phrase of a need in one of the languages."""
    return any(model_of(language).knows(word) for language in languages if language in LANGUAGES)


@cache
def small_words(script: tuple[str, ...]) -> frozenset[str]:
    """Return the words of a script that stand in every text."""
    listed = (words.SMALL[language] for language in script if language in words.SMALL)
    return (
        frozenset(_SHARED.split()).union(*listed) if script == words.CYRILLIC else frozenset().union(*listed)
    )


@cache
def spelling(script: tuple[str, ...]) -> Spelling:
    """Return the words of our phrases in the languages of a script, to compare a mistyped word with."""
    return Spelling(word for language in script if language in LANGUAGES for word in _words(language))


@lru_cache(maxsize=4)
def spelling_of_places(places: Gazetteer) -> Spelling:
    """Return the names of areas, to compare a mistyped word with."""
    return Spelling(word for name in places.names() for word in words.split(name) if len(word) > 3)


def _words(language: str) -> Iterator[str]:
    """Yield every word of the vocabulary in a language, as often as it stands there."""
    known = vocabulary()
    told: list[Need | ServiceType] = [*known.needs.values(), *known.service_types.values()]
    listed = [(one.labels[language], *one.phrases[language], *one.said[language]) for one in told]
    facts = known.circumstances.values()
    listed += [(one.labels[language], *one.phrases[language]) for one in facts]
    for phrase in (phrase for phrases in listed for phrase in phrases):
        yield from (word.casefold() for word in words.split(phrase) if word.isalpha() or "'" in word)
