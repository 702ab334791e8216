"""A question read as it was meant: other keyboard, other alphabet, missing marks, typing mistakes.

Only words that no dictionary, no phrase and no name of an area knows are mended, and the word as it was typed
is still looked for. What is certain is mended silently; what is a guess is only suggested.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from netmap.vocabulary import words
from netmap.vocabulary.gazetteer import Gazetteer
from netmap.vocabulary.keyboards import marked, one_alphabet, other_keys, sounds, ukrainian_or_russian
from netmap.vocabulary.lexicon import is_known, is_telling, small_words, spelling, spelling_of_places

SHORTEST, LONGEST = 3, 24  # letters of a word that is mended
ONE_MISTAKE, TWO_MISTAKES = 5, 8  # letters of a word from which so many mistakes are looked for
MOST_STRANGE = 8  # unknown words of a question; with more it is a text of another language, or none
READ_ALIKE = ("ru", "uk")
_ORDER = (
    "keys",
    "alphabet",
    "marks",
    "neighbour",
    "ru",
    "uk",
)  # which reading is taken where several would do
_CHUNK = re.compile(r"\S+")
_OUTER = ".,!?;:()…-"
_KEYS = re.compile(
    r"^[\[\];',.`][^\W\d_]|[^\W\d_][\[\];,.][^\W\d_]"
)  # signs that are letters on other keyboards
Span = tuple[int, int]
_ADDRESS = re.compile(r"@|www\.|://", re.IGNORECASE)


@dataclass(frozen=True)
class Mended:
    """A question as it is read: ``typed`` gives each mended word as it was typed; ``guess`` may be meant."""

    text: str
    typed: Mapping[str, str] = field(default_factory=dict)
    guess: str = ""


@dataclass(frozen=True)
class _Piece:
    """A strange word, or one that the keys of another keyboard make of several signs, with its readings."""

    start: int
    end: int
    typed: str
    readings: Mapping[str, str]


def mend(text: str, kept: Callable[[int, int], bool], places: Gazetteer | None = None) -> Mended:
    """Return the question with its strange words mended where that is certain.

    Parameters
    ----------
    text : str
        A question with single spaces.
    kept : function
        Tells whether the text between two places must stay as it is: it is quoted, or understood already.
    places : Gazetteer, optional
        Names that are no mistakes, and that a mistyped word may mean.
    """
    pieces = [piece for chunk in _CHUNK.finditer(text) for piece in _pieces(chunk, kept, places)]
    if not pieces or len(pieces) > MOST_STRANGE:
        return Mended(text)
    ways = _ways(pieces)
    spoken = bool(ways) and ways[0] in READ_ALIKE and _covers(ways[0], pieces, text, kept)
    certain: dict[Span, str] = {}
    guessed: dict[Span, str] = {}
    for piece in pieces:
        meant, sure = _meant(
            piece, ways if spoken else [way for way in ways if way not in READ_ALIKE], places
        )
        if not meant:
            meant, sure = _meant(piece, ways, None)
        if meant:
            (certain if sure else guessed)[piece.start, piece.end] = meant
    if ways and (spoken or ways[0] == "keys"):
        certain |= _others(text, ways[0], certain, kept)
    typed = {meant: text[start:end] for (start, end), meant in certain.items()}
    guess = _put(text, certain | guessed) if guessed else ""
    return Mended(_put(text, certain), typed, guess)


def _ways(pieces: Sequence[_Piece]) -> list[str]:
    """Return the ways of reading, first the one that makes the most of the strange words tell of a need."""
    weight: Counter[str] = Counter()
    for piece in pieces:
        for way, meant in piece.readings.items():
            weight[way] += 2 if is_telling(meant, words.script(meant)) else 1
    return sorted(weight, key=lambda way: (-weight[way], _ORDER.index(way)))


def _covers(way: str, pieces: Sequence[_Piece], text: str, kept: Callable[[int, int], bool]) -> bool:
    """Tell whether most of the Latin words are Russian, or Ukrainian, typed in Latin letters."""
    spans = [(start, end) for start, end in words.places(text) if end - start >= SHORTEST]
    latin = sum(words.script(text[a:b]) == words.LATIN and not kept(a, b) for a, b in spans)
    return 2 * sum(way in piece.readings for piece in pieces) > latin


def _meant(piece: _Piece, ways: Sequence[str], places: Gazetteer | None) -> tuple[str, bool]:
    """Return the likeliest word for a strange one, and whether it is certain."""
    meant = next((piece.readings[way] for way in ways if way in piece.readings), "")
    return (meant, True) if meant else _spelt(piece, places)


def another_spelling(text: str) -> str:
    """Return a text that says nothing with its words spelt like others that do; empty where there are none.

    Examples
    --------
    >>> another_spelling("hosing"), another_spelling("weather")
    ('housing', '')
    """
    found = text
    for word in words.split(text) if len(words.split(text)) <= MOST_STRANGE else ():
        if len(word) >= ONE_MISTAKE and not is_telling(word, words.script(word)):
            near = [meant for _count, meant in spelling(words.script(word)).near(word, 1)]
            alike = [meant for meant in near if meant[:1] == word[:1].casefold()]
            found = found.replace(word, alike[0], 1) if alike else found
    return found if found != text else ""


def candidates(word: str) -> tuple[str, ...]:
    """Return what else a strange word may mean, the likeliest first, whether or not a dictionary has it.

    For a search engine that knows the words of its documents: names stand in no dictionary.

    Parameters
    ----------
    word : str
        One word as it was typed.

    Examples
    --------
    >>> "caritas" in candidates("сфкшефы"), "каритас" in candidates("karitas")
    (True, True)
    """
    known = list(_readings(word).values())
    alike = [one_alphabet(word), *other_keys(word)]
    spoken = [spelling for language in READ_ALIKE for spelling in islice(sounds(word, language), 4)]
    near = (
        [meant for _count, meant in spelling(words.script(word)).near(word, 1)]
        if len(word) >= ONE_MISTAKE
        else []
    )
    found = dict.fromkeys(one for one in (*known, *alike, *near, *(spoken if word.isascii() else ())))
    return tuple(one for one in found if words.fold(one) != words.fold(word))


def _pieces(
    chunk: re.Match[str], kept: Callable[[int, int], bool], places: Gazetteer | None
) -> Iterator[_Piece]:
    """Yield what is strange in the signs between two spaces."""
    text, start, end = chunk.group(), chunk.start(), chunk.end()
    spans = [(start + first, start + last) for first, last in words.places(text)]
    strange = [
        (first, last)
        for first, last in spans
        if not is_known(text[first - start : last - start], places) and not kept(first, last)
    ]
    if len(spans) > 1 and is_known(text.strip(_OUTER).casefold()):
        return
    if _ADDRESS.search(text) or kept(start, end) or not (strange or _KEYS.search(text)):
        return
    if (turned := _turned(text, places)) and len(text) >= SHORTEST:
        core, meant = turned
        place = start + text.index(core)
        yield _Piece(place, place + len(core), core, {"keys": meant})
        return
    for first, last in strange:
        word = text[first - start : last - start]
        if SHORTEST <= len(word) <= LONGEST:
            yield _Piece(first, last, word, _readings(word))


@lru_cache(maxsize=5_000)
def _turned(chunk: str, places: Gazetteer | None) -> tuple[str, str] | None:
    """Return the signs of a chunk and the known word that the same keys give on another keyboard."""
    for core in dict.fromkeys((chunk, chunk.rstrip(_OUTER), chunk.strip(_OUTER))):
        if len(core) > LONGEST:
            continue
        for other in other_keys(core):
            if len(other) >= SHORTEST and words.split(other) == [other] and _is_word(other, places):
                return core, _with_marks(other)
    return None


@lru_cache(maxsize=5_000)
def _readings(word: str) -> Mapping[str, str]:
    """Return way -> the likeliest known word, for each way that gives one."""
    ways: dict[str, Iterable[str]] = {"alphabet": [one for one in [one_alphabet(word)] if one != word]}
    script = words.script(word)
    if script == words.LATIN:
        ways["marks"] = marked(word) if word.isascii() else ()
        ways |= {language: sounds(word, language) if word.isascii() else () for language in READ_ALIKE}
    elif script == words.CYRILLIC:
        ways["neighbour"] = ukrainian_or_russian(word)
    fitting = {"marks": ("lt",), "ru": ("ru",), "uk": ("uk",)}
    found = {way: _likeliest(spellings, fitting.get(way, words.LANGUAGES)) for way, spellings in ways.items()}
    return {way: meant for way, meant in found.items() if meant}


def _likeliest(spellings: Iterable[str], languages: tuple[str, ...]) -> str:
    """Return the first spelling that tells of a need, else the first that a dictionary holds."""
    first = ""
    for word in spellings:
        own = tuple(language for language in languages if language in words.script(word))
        if not any(words.is_known(word, language) for language in own):
            continue
        if is_telling(word, own):
            return word
        first = first or word
    return first


def _is_word(word: str, places: Gazetteer | None) -> bool:
    """Tell whether a dictionary or an area has the word, with or without its marks."""
    if places and places.knows(word):
        return True
    return any(words.is_known(word, language) for language in words.script(word)) or bool(
        _with_marks(word) != word
    )


def _with_marks(word: str) -> str:
    """Return a Latin word that no dictionary holds with the Lithuanian marks it misses, else the word."""
    if not word.isascii() or any(words.is_known(word, language) for language in words.LATIN):
        return word
    return _likeliest(marked(word), ("lt",)) or word


def _spelt(piece: _Piece, places: Gazetteer | None) -> tuple[str, bool]:
    """Return the word that is spelt almost like this one, and whether it is certain."""
    word = piece.typed
    if len(word) < ONE_MISTAKE:
        return "", False
    near = spelling(words.script(word)).near(word, 1 if len(word) < TWO_MISTAKES else 2)
    areas = spelling_of_places(places).near(word, 1) if places else []
    fewest = min((count for count, _meant in (*near, *areas)), default=0)
    nearest = [meant for count, meant in (*areas, *near) if count == fewest]
    nearest = [meant for meant in nearest if meant[:1].casefold() == word[:1].casefold()] or nearest
    if not nearest:
        return "", False
    terms = {words.word_terms(meant, words.script(meant)) for meant in nearest}
    some_name = word[:1].isupper() and piece.start > 0 and not areas
    return nearest[0], fewest == 1 and len(terms) == 1 and not some_name


def _others(
    text: str, way: str, mended: Mapping[Span, str], kept: Callable[[int, int], bool]
) -> dict[Span, str]:
    """Return what is read like the words beside it, though it happens to be a known word by itself."""
    found: dict[Span, str] = {}
    for chunk in _CHUNK.finditer(text):
        word = chunk.group()
        if chunk.span() in mended or kept(*chunk.span()) or not word.isalpha():
            continue
        readings = list(other_keys(word) if way == "keys" else sounds(word, way) if word.isascii() else ())
        small = next((one for one in readings if one in small_words(words.script(one))), "")
        if not small and way != "keys" and not is_telling(word, words.script(word)):
            small = _likeliest(readings, (way,))
        if small:
            found[chunk.span()] = small
    return found


def _put(text: str, meant: Mapping[tuple[int, int], str]) -> str:
    """Return the text with other words at these places."""
    for start, end in sorted(meant, reverse=True):
        text = text[:start] + meant[start, end] + text[end:]
    return text
