"""Words that are spelt almost like a typed one.

A table of how often each letter stands in each known word leaves only a few to compare letter by letter.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from netmap.vocabulary.words import fold

COLUMNS = 32  # letters share a column with others: it only lets some more words through
LIMIT = 40  # letters compared of a word


class Spelling:
    """The words that may be meant; the more often one is given, the likelier it is.

    Parameters
    ----------
    known : iterable of str
        Words as they are written.

    Examples
    --------
    >>> Spelling(["mortgage", "mortgages", "message"]).near("morgtage", 1)
    [(1, 'mortgage')]
    """

    def __init__(self, known: Iterable[str]) -> None:
        counts = Counter(known)
        self._words = sorted(counts, key=lambda word: (-counts[word], word))
        self._folded = [fold(word)[:LIMIT] for word in self._words]
        self._known = frozenset(self._words)
        self._letters = np.array([_letters(word) for word in self._folded], dtype=np.int8).reshape(
            -1, COLUMNS
        )

    def __contains__(self, word: str) -> bool:
        """Tell whether the word is one of them, in exactly these letters."""
        return word in self._known

    def near(self, word: str, most: int) -> list[tuple[int, str]]:
        """Return (mistakes, word) of the words at most so many mistakes away, nearest and likeliest first.

        Parameters
        ----------
        word : str
            As it was typed.
        most : int
            A letter too many, too few, wrong, or in its neighbour's place is one mistake.
        """
        typed = fold(word)[:LIMIT]
        apart = np.abs(self._letters - np.array(_letters(typed), dtype=np.int8)).sum(axis=1)
        rows = np.flatnonzero(apart <= 2 * most)
        found = ((mistakes(typed, self._folded[row], most), row) for row in rows)
        return [(count, self._words[row]) for count, row in sorted(found) if count <= most]


def _letters(word: str) -> list[int]:
    """Return how often each letter stands in a word."""
    found = [0] * COLUMNS
    for sign in word:
        found[ord(sign) % COLUMNS] += 1
    return found


def mistakes(typed: str, meant: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or exchanged; of more than ``most`` one more.

    Examples
    --------
    >>> mistakes("alchohol", "alcohol", 2), mistakes("dbet", "debt", 2), mistakes("rent", "debt", 1)
    (1, 1, 2)
    """
    if abs(len(typed) - len(meant)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(meant) + 1))
    for row, one in enumerate(typed, start=1):
        here = [row]
        for column, other in enumerate(meant, start=1):
            best = min(last[column] + 1, here[-1] + 1, last[column - 1] + (one != other))
            if row > 1 and column > 1 and one == meant[column - 2] and typed[row - 2] == other:
                best = min(best, before[column - 2] + 1)
            here.append(best)
        if min(here) > most:
            return most + 1
        before, last = last, here
    return min(last[-1], most + 1)
