"""What is known of each document beside its words, as arrays over all documents; read-only once made."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from netmap.search.backend import Document

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CONFIRMED, SUGGESTED = 1.0, 0.6
EARTH_KM = 6371.0088


class Facts(NamedTuple):
    """One document without its terms, in values that JSON can keep."""

    id: str
    name: str
    organisation: str
    types: Sequence[str]
    suggested: Sequence[str]
    areas: Sequence[str]
    languages: Sequence[str]
    unsure: Sequence[str]
    points: Sequence[Sequence[float]]
    group: str
    standing: int
    checked: int


def facts_of(document: Document) -> Facts:
    """Return the facts of a document; ``checked`` is a day number, 0 where nobody has checked."""
    return Facts(
        document.id,
        document.fields.get("name", ""),
        document.fields.get("organisation", ""),
        document.types,
        document.suggested,
        document.areas,
        document.languages,
        document.unsure,
        document.points,
        document.group,
        document.standing,
        document.checked.toordinal() if document.checked else 0,
    )


def digest_of(document: Document) -> str:
    """Return a short sum over all that an index keeps of a document: facts, words and their order."""
    kept = [
        facts_of(document),
        sorted((name, list(terms)) for name, terms in document.terms.items() if terms),
    ]
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False).encode()).hexdigest()[:32]


class Columns:
    """Arrays over the documents of one state of an index; a row that is None is a deleted document."""

    def __init__(self, rows: Sequence[Facts | None]) -> None:
        self.size = len(rows)
        live = [(number, row) for number, row in enumerate(rows) if row is not None]
        self.ids = [row.id if row else "" for row in rows]
        self.names = [(f" {row.name} ", f" {row.organisation} ") if row else ("", "") for row in rows]
        self.alive = _mask(self.size, (number for number, _row in live))
        self.number = {row.id: number for number, row in live}
        self.types = _types(live)
        self.areas = _lists((number, code) for number, row in live for code in row.areas)
        self.languages = _lists((number, code) for number, row in live for code in row.languages)
        self.unsure = _lists((number, what) for number, row in live for what in row.unsure)
        self.standing = _column(self.size, ((number, row.standing) for number, row in live))
        self.checked = _column(self.size, ((number, row.checked) for number, row in live))
        self.group = self._groups(live)
        self.order = self._alphabet(live)
        points = [(number, *point) for number, row in live for point in row.points]
        self._owner = np.array([point[0] for point in points], dtype=np.int64)
        self._latitude = np.radians(np.array([point[1] for point in points], dtype=np.float64))
        self._longitude = np.radians(np.array([point[2] for point in points], dtype=np.float64))

    def _groups(self, live: Sequence[tuple[int, Facts]]) -> Numbers:
        """Return a number per organisation; a document without one stands for itself."""
        seen: dict[str, int] = {}
        column = np.arange(self.size, dtype=np.int64) + self.size
        for number, row in live:
            if row.group:
                column[number] = seen.setdefault(row.group, len(seen))
        return column

    def _alphabet(self, live: Sequence[tuple[int, Facts]]) -> Numbers:
        """Return the place of each document in the order of names: the last tie-breaker."""
        column = np.full(self.size, self.size, dtype=np.int64)
        in_order = sorted(live, key=lambda pair: (pair[1].name, pair[1].organisation, pair[1].id))
        column[[number for number, _row in in_order]] = np.arange(len(in_order))
        return column

    def any_of(self, lists: Mapping[str, Numbers], codes: Iterable[str]) -> Mask:
        """Return which documents stand in at least one of the lists."""
        found = np.zeros(self.size, dtype=np.bool_)
        for code in codes:
            if code in lists:
                found[lists[code]] = True
        return found

    def km_from(self, point: tuple[float, float]) -> Reals:
        """Return the straight line to the nearest place of each document; infinite where none is known."""
        nearest = np.full(self.size, np.inf)
        if self._owner.size:
            latitude, longitude = np.radians(point[0]), np.radians(point[1])
            half = np.sin((self._latitude - latitude) / 2) ** 2
            half += np.cos(latitude) * np.cos(self._latitude) * np.sin((self._longitude - longitude) / 2) ** 2
            np.minimum.at(nearest, self._owner, 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))
        return nearest


def _types(live: Iterable[tuple[int, Facts]]) -> Mapping[str, tuple[Numbers, Reals]]:
    """Return code -> (documents, 1.0 where a person confirmed it, less where the machine suggests it)."""
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for number, row in live:
        for code in row.suggested:
            found[code][number] = SUGGESTED
        for code in row.types:
            found[code][number] = CONFIRMED
    return {
        code: (np.array(list(weights), dtype=np.int64), np.array(list(weights.values()), dtype=np.float64))
        for code, weights in found.items()
    }


def _lists(pairs: Iterable[tuple[int, str]]) -> Mapping[str, Numbers]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, code in pairs:
        found[code].append(number)
    return {code: np.array(numbers, dtype=np.int64) for code, numbers in found.items()}


def _mask(size: int, numbers: Iterable[int]) -> Mask:
    column = np.zeros(size, dtype=np.bool_)
    column[np.fromiter(numbers, dtype=np.int64)] = True
    return column


def _column(size: int, values: Iterable[tuple[int, int]]) -> Numbers:
    column = np.zeros(size, dtype=np.int64)
    for number, value in values:
        column[number] = value
    return column
