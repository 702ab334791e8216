"""Which of many words are spelt most like another one. Pure.

All words lie in arrays with their lengths and letters, so that nearly all of them are left out by one
comparison; only the few that remain are compared letter by letter. So a wrong first letter is no obstacle.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from netmap.search.strings import encoded

SHORTEST = 3  # letters from which a word can be guessed, or the rest of one
LONGEST = 64  # longer ones are no words
Arrays = Mapping[str, npt.NDArray[np.generic]]


def lexicon(words: Mapping[str, int]) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays that `Lexicon` reads, of words with the number of documents that they stand in."""
    kept = sorted(word for word in words if SHORTEST <= len(word) <= LONGEST)
    parts = [encoded(word) for word in kept]
    return {
        "spelt": np.frombuffer(b"".join(parts), dtype=np.uint8),
        "spelt_ends": np.cumsum([0, *map(len, parts)]).astype(np.int64),
        "spelt_in": np.array([words[word] for word in kept], dtype=np.uint32),
        "spelt_letters": np.array([_letters(word) for word in kept], dtype=np.uint64),
        "spelt_length": np.array([len(word) for word in kept], dtype=np.uint8),
    }


class Lexicon:
    """Words that can be found by words that are spelt alike."""

    def __init__(self, arrays: Arrays) -> None:
        held: Any = arrays
        self._spelt, self._ends, self._in = held["spelt"], held["spelt_ends"], held["spelt_in"]
        self._letters, self._length = held["spelt_letters"], held["spelt_length"]

    def all(self) -> Counter[str]:
        """Return every word with the number of documents that it stands in."""
        return Counter({self._word(number): int(count) for number, count in enumerate(self._in)})

    def near(self, word: str) -> dict[str, int]:
        """Return words that may be spelt like this one, with the number of documents that they stand in."""
        most = mistakes_in(word)
        if not most:
            return {}
        length = self._length.astype(np.int16) - len(word)
        others = np.bitwise_count(self._letters ^ np.uint64(_letters(word)))
        found = np.flatnonzero((np.abs(length) <= most) & (others <= 2 * most))
        return {self._word(number): int(self._in[number]) for number in found.tolist()}

    def _word(self, number: int) -> str:
        letters = self._spelt[self._ends[number] : self._ends[number + 1]]
        return str(letters.tobytes().decode("utf-8", "surrogatepass"))


def counted(words: Iterable[Iterable[str]]) -> Counter[str]:
    """Return in how many of some documents each word stands."""
    return Counter(word for document in words for word in set(document))


def likest(word: str, known: Mapping[str, int]) -> list[str]:
    """Return those of the known words that are at most two mistakes away, the likeliest first.

    Parameters
    ----------
    word : str
    known : mapping
        Words with the number of documents that they stand in.

    Examples
    --------
    >>> likest("ипатека", {"ипотека": 3, "аптека": 9, "библиотека": 4})
    ['ипотека', 'аптека']
    """
    most = mistakes_in(word)
    near = [
        (away, -number, other)
        for other, number in known.items()
        if abs(len(other) - len(word)) <= most and 0 < (away := distance(word, other, most)) <= most
    ]
    return [other for _away, _number, other in sorted(near)]


def mistakes_in(word: str) -> int:
    """Return how many mistakes a word may hold: none in a very short one, one in a short one."""
    if not SHORTEST <= len(word) <= LONGEST:
        return 0
    return 1 if len(word) < 6 else 2


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters have to be put in, left out, changed or swapped with their neighbour.

    Anything above ``most`` means only that it is more (Damerau 1964, doi 10.1145/363958.363994).

    Examples
    --------
    >>> distance("shetler", "shelter", 2), distance("loan", "alone", 1)
    (1, 2)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [place]
        for column, sign in enumerate(other, start=1):
            least = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != sign))
            swapped = place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == sign
            row.append(min(least, earlier[column - 2] + 1) if swapped else least)
        if min(row) > most:
            return most + 1
    return row[-1]


def _letters(word: str) -> int:
    """Return one bit for each letter of a word; some letters share one."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 63)
    return found
