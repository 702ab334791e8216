"""A question as a row of words, and what was understood from which of them."""

import unicodedata
from collections.abc import Collection, Iterable
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

    ``looked_for`` tells whether these words are still looked for in texts, ``telling`` whether they may also
    tell of a need.
    """

    kind: str
    code: str
    first: int
    end: int
    looked_for: bool = False
    telling: bool = False


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
        self._looked_for = [True] * len(self.words)
        self._telling = [True] * len(self.words)

    def take(self, found: Found) -> None:
        """Note that these words are understood: no other part is read from them."""
        for number in range(found.first, found.end):
            self.free[number] = False
            self._looked_for[number] = found.looked_for and self._looked_for[number]
            self._telling[number] = found.telling and self._telling[number]

    def release(self, found: Iterable[Found]) -> None:
        """Let the words of some parts be looked for all the same: the question says nothing else."""
        for one in found:
            for number in range(one.first, one.end):
                self._looked_for[number] = self._telling[number] = True

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

    def looked_for(self) -> str:
        """Return the words that are looked for in texts."""
        return " ".join(word for word, kept in zip(self.words, self._looked_for, strict=True) if kept)

    def telling(self, but: Iterable[Found] = ()) -> str:
        """Return the words that may tell of a need, those of some parts left out."""
        left_out = {number for one in but for number in range(one.first, one.end)}
        words_here = zip(self.words, self._telling, strict=True)
        return " ".join(
            word for number, (word, tells) in enumerate(words_here) if tells and number not in left_out
        )


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
