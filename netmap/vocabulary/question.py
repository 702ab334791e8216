"""What a person looks for: a question as needs, services, circumstances, places, times and wishes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from netmap.vocabulary import words
from netmap.vocabulary.circumstances import circumstances
from netmap.vocabulary.gazetteer import Gazetteer
from netmap.vocabulary.meaning import meaning
from netmap.vocabulary.moments import moment_of
from netmap.vocabulary.numbers import asked_numbers
from netmap.vocabulary.parts import Found, Part, Row, clean, in_order, wanted
from netmap.vocabulary.terms import LANGUAGES

__all__ = ["Gazetteer", "Part", "Understood", "moment_of", "understand"]

LONGEST = 300  # letters read of a question


@dataclass(frozen=True)
class Understood:
    """A question in codes.

    Parameters
    ----------
    needs : tuple of str
        The likeliest first.
    types : mapping
        Service type -> weight 0..1, the largest first.
    circumstances : tuple of str
        Facts about the client that the question states.
    terms : list of str
        The analysed words to look for in texts; those of places, times and wishes are not among them.
    typed : mapping
        Each of the terms -> the word as it was typed.
    parts : tuple of Part
        Everything that was understood, in the order of the words.
    near : bool
        The place was said with "near": the distance matters, not the border.
    choices : mapping
        Words that name several areas -> their codes.
    read_as : str
        The question as it was read, where letters, keyboard or spelling were mended; else empty.
    suggestion : str
        Another spelling that a person may choose; else empty.
    """

    needs: tuple[str, ...] = ()
    types: Mapping[str, float] = field(default_factory=dict)
    circumstances: tuple[str, ...] = ()
    terms: list[str] = field(default_factory=list)
    typed: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    near: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read_as: str = ""
    suggestion: str = ""


def understand(query: str, places: Gazetteer | None = None, without: Collection[str] = ()) -> Understood:
    """Return what a question asks for; all empty for an empty one.

    Parameters
    ----------
    query : str
        What was typed into a search box; of more than 300 letters the first 300 are read.
    places : Gazetteer, optional
        The areas whose names may stand in the question.
    without : collection of str
        "kind:code" of parts that the person took away; their words count as plain words only.
    """
    return _understand(clean(query, LONGEST), places, frozenset(without))


@lru_cache(maxsize=5_000)
def _understand(query: str, places: Gazetteer | None, without: frozenset[str]) -> Understood:
    row = Row(query)
    languages = tuple(language for language in words.languages_of(query) if language in LANGUAGES)
    found = []
    for one in wanted(_numbers(row), without):
        row.take(one)
        found.append(one)
    named, choices = _places(row, places, without)
    for one in named:
        row.take(one)
        found.append(one)
    facts = wanted(_circumstances(row, languages), without)
    rest = row.rest()
    meant = meaning(rest, languages, without)
    whole = [Found("need", code, 0, len(row.words), False) for code in meant.needs]
    whole += [Found("type", code, 0, len(row.words), False) for code in meant.types]
    typed = _typed(rest)
    return Understood(
        needs=meant.needs,
        types=meant.types,
        circumstances=tuple(one.code for one in facts),
        terms=words.terms(rest),
        typed=typed,
        parts=tuple(row.part(one) for one in in_order([*found, *facts, *whole])),
        choices=choices,
    )


def _typed(text: str) -> dict[str, str]:
    """Return each term of the words with the first word that it comes from."""
    languages = words.languages_of(text)
    found: dict[str, str] = {}
    for word in words.split(text):
        for term in words.word_terms(word, languages):
            found.setdefault(term, word)
    return found


def _numbers(row: Row) -> list[Found]:
    """Return the telephone numbers of the question."""
    return [Found("phone", one.digits, *row.covered(one.start, one.end)) for one in asked_numbers(row.text)]


def _places(
    row: Row, places: Gazetteer | None, without: frozenset[str]
) -> tuple[list[Found], dict[str, tuple[str, ...]]]:
    """Return the areas that are named, and the words that name several."""
    named = places.find(row.words, row.is_free) if places else []
    sure = [Found("place", one.codes[0], one.first, one.end) for one in named if len(one.codes) == 1]
    choices = {row.said(one.first, one.end): one.codes for one in named if len(one.codes) > 1}
    return wanted(sure, without), choices


def _circumstances(row: Row, languages: tuple[str, ...]) -> list[Found]:
    """Return the facts about the client; their words stay words to look for."""
    everything = len(row.words)
    return [
        Found("circumstance", one.code, 0, everything, False) for one in circumstances(row.text, languages)
    ]
