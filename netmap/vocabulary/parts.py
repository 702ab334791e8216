"""A question as a row of words, and what was understood from which of them."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from netmap.vocabulary import words


@dataclass(frozen=True)
class Part:
    """One thing that was understood.

    Parameters
    ----------
    kind : str
        need, type, circumstance, place, time, language, cost, threshold, access, exact or phone.
    code : str
        Its code; of a place the area's, of a time what ``moment_of`` reads, of a number its digits, of an
        exact phrase its words in small letters.
    words : str
        The words of the question that say so.
    """

    kind: str
    code: str
    words: str


@dataclass(frozen=True)
class Found:
    """A part and the words that it takes: from ``first`` up to, without, ``end``.

    ``taken`` tells whether these words say only that, so that nothing else is looked for with them.
    """

    kind: str
    code: str
    first: int
    end: int
    taken: bool = True


class Row:
    """The words of a question in their order; some of them may be taken by a part already.

    Parameters
    ----------
    text : str
        The question, cleaned by :func:`clean`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = words.places(text)
        self.words = [text[start:end] for start, end in self.places]
        self.folded = [words.fold(word) for word in self.words]
        self.free = [True] * len(self.words)

    def take(self, found: Found) -> None:
        """Note that these words are taken."""
        for number in range(found.first, found.end):
            self.free[number] = self.free[number] and not found.taken

    def is_free(self, first: int, end: int) -> bool:
        """Tell whether none of these words is taken."""
        return all(self.free[first:end])

    def said(self, first: int, end: int) -> str:
        """Return the words as they stand in the question."""
        return self.text[self.places[first][0] : self.places[end - 1][1]] if first < end else ""

    def part(self, found: Found) -> Part:
        """Return what a person is shown of a find."""
        return Part(found.kind, found.code, self.said(found.first, found.end))

    def covered(self, start: int, end: int) -> tuple[int, int]:
        """Return first and end of the words that lie between two places of the text."""
        inside = [number for number, (a, b) in enumerate(self.places) if a >= start and b <= end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def rest(self) -> str:
        """Return the words that nothing has taken."""
        return " ".join(word for word, free in zip(self.words, self.free, strict=True) if free)


def clean(query: str, longest: int) -> str:
    """Return the first letters of a question with single spaces, without signs that cannot be seen.

    Examples
    --------
    >>> clean("  debt\\x00\\u200fs \\u202e ", 300)
    'debt s'
    """
    cut = unicodedata.normalize("NFC", query[: longest * 2])
    seen = (" " if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else sign for sign in cut)
    return " ".join("".join(seen).split())[:longest]


def wanted(found: Iterable[Found], without: Collection[str]) -> list[Found]:
    """Return the finds without those that the person took away."""
    return [one for one in found if f"{one.kind}:{one.code}" not in without]


def in_order(found: Sequence[Found]) -> list[Found]:
    """Return the finds in the order of their words."""
    return sorted(found, key=lambda one: (one.first, one.end))
