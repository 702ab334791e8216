"""A text cut into clauses, neighbouring pairs of clauses and sentences, each with its place in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"(?<!\bм)(?<!\bm)(?<!\bг)(?<!\bр)[.](?=\s|$|[\"»”])|[!?;…\n]+")
_CLAUSE_END = re.compile(
    r",(?!\d)|:\s|\s[—–-]+\s|[()«»„“”\"]"
    r"|\s(?:and|but|however|though|although|because|while|и|но|а|зато|хотя|потому что"
    r"|і|й|та|але|проте|хоча|бо|ir|bet|o|tačiau|nors|nes)(?=\s)",
    re.IGNORECASE,
)
LONGEST_SENTENCE, BLOCK = 40, 100
Place = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    """A piece of a text: its place and the numbers of the clauses it is made of."""

    start: int
    end: int
    clauses: tuple[int, ...]


def clauses(text: str) -> list[list[Place]]:
    """Return for each sentence the (start, end) places of its clauses.

    Examples
    --------
    >>> text = "No job, two children. Rents."
    >>> [[text[a:b] for a, b in sentence] for sentence in clauses(text)]
    [['No job', 'two children'], ['Rents']]
    """
    found = []
    for start, end in _cut(text, 0, len(text), _SENTENCE_END):
        parts = list(_cut(text, start, end, _CLAUSE_END))
        if parts:
            found.append(parts)
    return found


def passages(text: str) -> Iterator[tuple[list[Place], list[Passage]]]:
    """Yield, block by block, the clauses and every clause, neighbouring pair and sentence as a passage.

    A block holds whole sentences of about 100 clauses together, so that a long text needs little memory; a
    sentence of more than 40 clauses counts as several.
    """
    flat: list[Place] = []
    found: list[Passage] = []
    for sentence in clauses(text):
        for begin in range(0, len(sentence), LONGEST_SENTENCE):
            part = sentence[begin : begin + LONGEST_SENTENCE]
            found.extend(_of_sentence(part, len(flat)))
            flat.extend(part)
            if len(flat) >= BLOCK:
                yield flat, found
                flat, found = [], []
    if flat:
        yield flat, found


def _of_sentence(sentence: list[Place], offset: int) -> Iterator[Passage]:
    """Yield the passages of one sentence whose first clause has the number ``offset``."""
    for size in sorted({1, 2, len(sentence)}):
        for first in range(len(sentence) - size + 1):
            own = tuple(range(offset + first, offset + first + size))
            yield Passage(sentence[first][0], sentence[first + size - 1][1], own)


def _cut(text: str, start: int, end: int, border: re.Pattern[str]) -> Iterator[Place]:
    """Yield the non-empty pieces between borders, without white space around them."""
    place = start
    for found in border.finditer(text, start, end):
        yield from _trimmed(text, place, found.start())
        place = found.end()
    yield from _trimmed(text, place, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Place]:
    """Yield the piece without white space around it if it holds a letter or digit."""
    piece = text[start:end]
    if any(sign.isalnum() for sign in piece):
        yield start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
