"""What the offline file knows of needs: words by which a need or a kind of help is asked for. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from netmap.vocabulary.terms import LANGUAGES, Need, ServiceType, Vocabulary, label
from netmap.vocabulary.words import split

SHORTEST = 2
WORTH = 10  # steps in which the worth of a word is told: one digit
DOUBT = 2  # a word that stands in few phrases says little, even if all mean the same need
# Endings of words in Russian, Ukrainian, Lithuanian and English; the script of the file takes off the same.
ENDINGS = (
    "("
    "иями|ями|ами|остью|ости|ость|ого|его|ому|ему|ыми|ими|ість|ий|ый|ой|ей|ая|яя|ое|ее|ые|ие|ую|"
    "юю|ом|ем|ам|ям|ах|ях|ов|ев|ів|їв|ою|ею|ия|ью|и|ы|а|я|о|е|у|ю|ь|і|ї|й|iems|iams|omis|emis|"
    "uose|iuose|ose|yse|amas|imas|imo|amo|ations?|ings?|ies|iai|iui|ius|ed|ui|iu|us|as|is|ys|es|"
    "os|ai|ei|ia|io|a|e|i|o|u|s|y"
    ")$"
)


_ENDING = re.compile(ENDINGS)
_DIGIT = re.compile(r"\d").search
_MARKS = re.compile("(?<![иі])[\u0300-\u036f]+")


def stem(word: str) -> str:
    """Return a word without marks and ending, as the script of the file makes it.

    Examples
    --------
    >>> stem("Долгами"), stem("šeimoms"), stem("debts"), stem("дітей"), stem("дім"), stem("їжа")
    ('долг', 'seimom', 'debt', 'діт', 'дім', 'їжа')
    """
    plain = unicodedata.normalize("NFD", word.lower())
    plain = unicodedata.normalize("NFC", _MARKS.sub("", plain)).replace("ґ", "г")
    short = _ENDING.sub("", plain, count=1)
    return short if len(short) >= 3 else plain


def askable(vocabulary: Vocabulary, there: Collection[str]) -> list[list[Any]]:
    """Return [name, kinds of help as codes, words] of every need and kind that the file can answer.

    The first kind is the first choice. Words are those of all four languages, each followed by one digit: in
    how many tenths of the phrases that hold the word this need is meant. A bar sets off those of its names.
    """
    asked: list[tuple[str, list[str], Counter[str], Counter[str]]] = []
    for need in vocabulary.needs.values():
        kinds = [code for code in need.service_types if code in there]
        asked.append((label(need.code), kinds, _names(need), _phrases(need)))
    for kind in vocabulary.service_types.values():
        kinds = [kind.code] if kind.code in there else []
        asked.append((label(kind.code), kinds, _names(kind), _phrases(kind)))
    everywhere = Counter[str]()
    for _name, _kinds, names, phrases in asked:
        everywhere.update(names)
        everywhere.update(phrases)
    return [
        [name, kinds, f"{_told(names, everywhere)}|{_told(phrases, everywhere)}"]
        for name, kinds, names, phrases in asked
        if kinds
    ]


def _names(term: Need | ServiceType) -> Counter[str]:
    return _counted(term.labels[language] for language in LANGUAGES if language in term.labels)


def _phrases(term: Need | ServiceType) -> Counter[str]:
    told = (*term.phrases.values(), *term.said.values())
    return _counted(phrase for phrases in told for phrase in phrases)


def _counted(texts: Iterable[str]) -> Counter[str]:
    """Return in how many texts each word stands, whatever its ending."""
    words = (dict.fromkeys(stem(word) for word in split(text)) for text in texts)
    return Counter(word for some in words for word in some if len(word) >= SHORTEST and not _DIGIT(word))


def _told(words: Mapping[str, int], everywhere: Mapping[str, int]) -> str:
    """Return words with their worth; those that mean other needs nearly always are left out.

    Examples
    --------
    >>> _told({"debt": 3, "my": 1}, {"debt": 4, "my": 60})
    'debt5'
    """
    worth = {word: WORTH * count // (everywhere[word] + DOUBT) for word, count in words.items()}
    return " ".join(f"{word}{steps}" for word, steps in worth.items() if steps)
