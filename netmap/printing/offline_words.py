"""What the offline file knows of needs: words by which a need or a kind of help is asked for. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from netmap.vocabulary.terms import LANGUAGES, Need, ServiceType, Vocabulary, label
from netmap.vocabulary.words import split

COMMON = 14  # a word by which more needs and kinds than this are asked for tells nothing
SHORTEST = 3


def askable(vocabulary: Vocabulary, there: Collection[str]) -> list[list[Any]]:
    """Return [name, kinds of help as codes, words] of every need and kind that the file can answer.

    Words of all four languages are given, each once; the first kind is the first choice. Names come first
    among the words, set off by a bar: they weigh more.
    """
    asked: list[tuple[str, list[str], list[str], list[str]]] = []
    for need in vocabulary.needs.values():
        kinds = [code for code in need.service_types if code in there]
        if kinds:
            asked.append((label(need.code), kinds, _names(need), _phrases(need)))
    asked += [
        (label(kind.code), [kind.code], _names(kind), _phrases(kind))
        for kind in vocabulary.service_types.values()
        if kind.code in there
    ]
    counts = Counter(word for *_head, names, phrases in asked for word in {*names, *phrases})
    return [
        [name, kinds, f"{_kept(names, counts)}|{_kept([w for w in phrases if w not in names], counts)}"]
        for name, kinds, names, phrases in asked
    ]


def _names(term: Need | ServiceType) -> list[str]:
    return _words(term.labels[language] for language in LANGUAGES if language in term.labels)


def _phrases(term: Need | ServiceType) -> list[str]:
    told = (*term.phrases.values(), *term.said.values())
    return _words(phrase for phrases in told for phrase in phrases)


def _words(texts: Iterable[str]) -> list[str]:
    return list(
        dict.fromkeys(word.casefold() for text in texts for word in split(text) if len(word) >= SHORTEST)
    )


def _kept(words: Iterable[str], counts: Counter[str]) -> str:
    return " ".join(word for word in words if counts[word] <= COMMON)
