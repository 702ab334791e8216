"""How large the letters of a leaflet may be, and what has to go, so that all stands on one page. Pure.

The same sizes are used on the page and in the PDF. Lines are counted by letters, a little too many rather
than too few.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from netmap.printing.entries import Entry, Line, Said

SIZES = {False: (13, 12, 11, 10), True: (20, 18, 16)}  # points; large print is never smaller than 16
CUTS = (2_000, 500, 300, 200, 120)  # letters that are left of each long text
LEAST = ("about", "access", "languages", "who", "way", "web", "checked")  # goes first
FEW = (3, 2, 1)  # papers, telephones and remarks that are left of many
FEWER_LETTERS = (90, 60)
SPOKEN = 60  # letters of a name that one says at a door
WIDTH_MM, HEIGHT_MM = 182, 269  # A4 without its margins
LETTER, WIDE, LEADING = 0.55, 0.62, 1.42  # width of a letter, of a Cyrillic one, distance of lines, in sizes
MM = 0.3528  # a point in millimetres
LABEL = 0.27  # of the width goes to the names of fields
QR_MM, SMALL_QR_MM = 34, 26  # with one service, and with several


@dataclass(frozen=True)
class Fitted:
    """The services of a leaflet as they fit: the size of letters in points, and whether it is one page."""

    entries: tuple[Entry, ...]
    size: int
    one_page: bool


def fit(entries: Sequence[Entry], *, large: bool, say: bool, qr: bool) -> Fitted:
    """Return the services with as much of their text, in as large letters, as one page holds.

    Letters shrink first, then long texts are cut, then only the first of many papers and telephones stay,
    then the least needed fields go. Where even that does not fit, the leaflet has more pages.
    """
    for shorter in _shorter_and_shorter(entries):
        for size in SIZES[large]:
            if height(shorter, size, say=say, qr=qr) <= HEIGHT_MM:
                return Fitted(shorter, size, True)
    return Fitted(tuple(_cut(entry, CUTS[2]) for entry in entries), SIZES[large][-1], False)


def _shorter_and_shorter(entries: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    """Yield the services with less and less of their text."""
    for most in CUTS:
        yield tuple(_cut(entry, most) for entry in entries)
    for most in FEW:
        left = tuple(_few(_cut(entry, CUTS[-1]), most) for entry in entries)
        yield left
    for code in LEAST:
        left = tuple(_without(entry, code) for entry in left)
        yield left
    for most in FEWER_LETTERS:
        yield tuple(_cut(entry, most) for entry in left)


def height(entries: Sequence[Entry], size: int, *, say: bool, qr: bool) -> float:
    """Return how many millimetres of paper services take in letters of so many points."""
    line = size * LEADING * MM
    found = 2.5 * line  # the foot: as of which day
    code = (QR_MM if len(entries) == 1 else SMALL_QR_MM) if qr else 0
    for entry in entries:
        beside = WIDTH_MM - code
        head = _lines(entry.name.text, 1.35 * size, beside) * 1.35 + _lines(entry.organization, size, beside)
        head += 2.4 if say else 0  # two sentences, with the name of the service in each
        head += 2 * _lines(entry.name.text[:SPOKEN], size, beside) if say else 0
        head += _lines(" · ".join(entry.badges), size, beside)
        head += _lines(entry.alert.text, size, WIDTH_MM) + 0.8 if entry.alert else 0
        body = sum(_of(one, size) for one in entry.lines)
        found += max(head * line, code) + body * line + 0.9 * line
    return found


def _of(line: Line, size: int) -> float:
    text = sum(_lines(one.text, size, WIDTH_MM * (1 - LABEL)) for one in line.said)
    return max(text, _lines(line.label, size, WIDTH_MM * LABEL)) + 0.25


def _lines(text: str, size: float, width: float) -> int:
    """Return the lines of a text; long words leave room at the ends of lines."""
    letters = sum(WIDE if "\u0400" <= sign < "\u0530" else LETTER for sign in text)
    return math.ceil(letters * 1.05 * size * MM / width)


def _cut(entry: Entry, most: int) -> Entry:
    lines = tuple(replace(line, said=tuple(_shorter(one, most) for one in line.said)) for line in entry.lines)
    alert = _shorter(entry.alert, most) if entry.alert else None
    return replace(entry, lines=lines, alert=alert)


def _shorter(said: Said, most: int) -> Said:
    if len(said.text) <= most:
        return said
    return replace(said, text=said.text[:most].rsplit(" ", 1)[0].rstrip(",;:–-") + " …")


def _few(entry: Entry, most: int) -> Entry:
    return replace(entry, lines=tuple(replace(line, said=line.said[:most]) for line in entry.lines))


def _without(entry: Entry, code: str) -> Entry:
    return replace(entry, lines=tuple(line for line in entry.lines if line.code != code))
