"""Which of many words are spelt most like another one. Pure."""

from collections.abc import Mapping

SHORTEST = 3  # letters from which a word can be guessed, or the rest of one


def likest(word: str, known: Mapping[str, int], limit: int) -> tuple[str, ...]:
    """Return the known words that are at most two mistakes away, the likeliest first.

    Parameters
    ----------
    word : str
    known : mapping
        Words with the number of documents that they stand in.
    limit : int

    Examples
    --------
    >>> likest("ипатека", {"ипотека": 3, "аптека": 9, "библиотека": 4}, 2)
    ('ипотека', 'аптека')
    """
    most = mistakes_in(word)
    near = [
        (away, -number, other)
        for other, number in known.items()
        if abs(len(other) - len(word)) <= most and 0 < (away := distance(word, other, most)) <= most
    ]
    return tuple(other for _away, _number, other in sorted(near)[: max(limit, 0)])


def mistakes_in(word: str) -> int:
    """Return how many mistakes a word may hold: none in a very short one, one in a short one."""
    if len(word) < SHORTEST:
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
