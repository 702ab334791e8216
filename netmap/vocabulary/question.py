"""What a person looks for: a question as needs, services, circumstances, places, times and wishes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from netmap.vocabulary import words
from netmap.vocabulary.asked_parts import asked_parts
from netmap.vocabulary.circumstances import circumstances, stating
from netmap.vocabulary.cues import cue
from netmap.vocabulary.gazetteer import Gazetteer
from netmap.vocabulary.meaning import Meaning, meaning
from netmap.vocabulary.mending import another_spelling, mend
from netmap.vocabulary.moments import moment_of
from netmap.vocabulary.parts import Found, Part, Row, clean, wanted
from netmap.vocabulary.terms import LANGUAGES

__all__ = ["Gazetteer", "Part", "Understood", "moment_of", "understand"]

LONGEST = 300  # letters read of a question
DESCRIBES = frozenset(  # who the client is; what else is told of her is mostly what the question is about
    {
        "single_parent", "child_under_7", "large_family", "pregnant", "lives_alone", "rural", "widowed",
        "age_under_18", "age_18_29", "age_55_64", "age_65_plus", "no_documents",
    }
)  # fmt: skip
LACKED = 2  # words after "without" that belong to it
_STOPS = set(",;.:!?()-–—")
SAYS_SOMETHING = frozenset({"threshold", "language", "access"})  # "no documents" by itself is a need


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
    asked = asked_parts(query, places, without)
    mended = mend(query, asked.keeps, places)
    if mended.text != query:
        asked = asked_parts(mended.text, places, without)
    row = asked.row
    languages = tuple(language for language in words.languages_of(row.text) if language in LANGUAGES)
    facts = wanted(_circumstances(row, languages), without)
    only_told = [one for one in (*facts, *asked.found) if one.code in DESCRIBES]
    only_told += _lacked(row, languages)
    meant = meaning(row.telling(), without, row.telling(only_told))
    released = [one for one in asked.found if one.kind in SAYS_SOMETHING]
    if released and not (meant.types and row.looked_for()):
        row.release(released)
        meant = meant if meant.types else meaning(row.telling(), without)
    typed = _typed(row, mended.typed)
    return Understood(
        needs=meant.needs,
        types=meant.types,
        circumstances=tuple(one.code for one in facts),
        terms=list(typed),
        typed=typed,
        parts=_in_order(row, [*asked.found, *facts], meant),
        near=asked.near,
        choices=asked.choices,
        read_as=mended.text if mended.text != query else "",
        suggestion=mended.guess or ("" if meant.types else another_spelling(row.telling())),
    )


def _typed(row: Row, mended: Mapping[str, str]) -> dict[str, str]:
    """Return each term of the words that are looked for with the word as it was typed.

    A mended word is looked for in both spellings: it may be a name that no dictionary holds.
    """
    rest = row.looked_for()
    languages = words.languages_of(rest)
    found: dict[str, str] = {}
    for word in words.split(rest):
        typed = mended.get(word, word)
        for term in words.word_terms(word, languages):
            found.setdefault(term, typed)
        for part in words.split(typed) if typed != word else ():
            for term in words.word_terms(part, words.script(part)):
                found.setdefault(term, typed)
    return found


def _lacked(row: Row, languages: tuple[str, ...]) -> list[Found]:
    """Return what is said to be lacking: "a job without the language" looks for a job first."""
    without = [cue("without", language) for language in languages]
    found = []
    for first, word in enumerate(row.words):
        if any(one.fullmatch(word) for one in without):
            end = min(first + 1 + LACKED, len(row.words))
            stops = (
                n
                for n in range(first + 1, end)
                if set(row.text[row.places[n - 1][1] : row.places[n][0]]) & _STOPS
            )
            found.append(Found("without", "", first, next(stops, end)))
    return found


def _circumstances(row: Row, languages: tuple[str, ...]) -> list[Found]:
    """Return the facts about the client; their words stay words to look for."""
    found = []
    for one in circumstances(row.text, languages):
        place = stating(one.code, row.text, languages)
        first, end = row.covered(*place) if place else (0, len(row.words))
        found.append(Found("circumstance", one.code, first, end or len(row.words)))
    return found


def _in_order(row: Row, found: Sequence[Found], meant: Meaning) -> tuple[Part, ...]:
    """Return all parts in the order of their words."""
    placed = [(one.first, row.part(one)) for one in found]
    for kind, codes in (("need", meant.needs), ("type", meant.types)):
        for code in codes:
            said = meant.words[code]
            first = next((number for number, word in enumerate(row.words) if word in said), 0)
            placed.append((first, Part(kind, code, " ".join(said))))
    return tuple(part for _first, part in sorted(placed, key=lambda pair: pair[0]))
