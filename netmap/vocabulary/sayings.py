"""Sayings: short patterns of folded words, and where they stand in a question. Pure.

A saying is words with spaces between; a star stands for any letters, | for either, a word with ? may miss.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_NEVER = re.compile(r"(?!)")
TAKEN = "\N{BLACK SQUARE}"  # stands for a word that no saying may run over


@dataclass(frozen=True)
class Line:
    """The words of a question as one text, in which each word can be counted.

    Examples
    --------
    >>> line = Line.of(["shelter", "tonight", "please"])
    >>> [line.span(found) for found in sayings(("to*",)).finditer(line.text)]
    [(1, 2)]
    """

    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, folded: Sequence[str], free: Sequence[bool] | None = None) -> "Line":
        """Return the line of these words; those that are not free are hidden."""
        shown = [word if free is None or free[number] else TAKEN for number, word in enumerate(folded)]
        starts, place = [], 0
        for word in shown:
            starts.append(place)
            place += len(word) + 1
        return cls(" ".join(shown), tuple(starts))

    def span(self, found: re.Match[str]) -> tuple[int, int]:
        """Return the numbers of the first word of a find and of the one after its last."""
        first = self.starts.index(found.start())
        return first, first + len(found.group().split())


@lru_cache(maxsize=500)
def sayings(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return one expression for several sayings, longer ones first; made when it is first needed.

    Examples
    --------
    >>> bool(sayings(("no|without an? appointment*",)).search("doctor without appointments"))
    True
    >>> bool(sayings(("free",)).search("freedom")), bool(sayings(("at? the? weekend*",)).search("weekends"))
    (False, True)
    """
    ordered = sorted(dict.fromkeys(patterns), key=lambda pattern: (-len(pattern.split()), -len(pattern)))
    if not ordered:
        return _NEVER
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(_expression, ordered))})(?!\S)")


def _expression(pattern: str) -> str:
    """Return the expression of one saying."""
    found, begun = "", False
    for word in pattern.split():
        either = "|".join(re.escape(one).replace(r"\*", r"\S*") for one in word.rstrip("?").split("|"))
        may_miss = word.endswith("?")
        if begun:
            found += rf"(?:\s(?:{either}))?" if may_miss else rf"\s(?:{either})"
        else:
            found += rf"(?:(?:{either})\s)?" if may_miss else f"(?:{either})"
        begun = begun or not may_miss
    return found
