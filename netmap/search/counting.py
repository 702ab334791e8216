"""How many documents of a set have each code of a field, or each value that some codes make. Pure."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from netmap.search.backend import CHECKED, Facet
from netmap.search.bits import Bits, Numbers, Within, pack
from netmap.search.segment import Segment

LOOKED_UP = 3000  # in sets of up to so many documents the codes of each are looked up


@dataclass(frozen=True, slots=True)
class Field:
    """The codes of one field: those of many documents as sets, those of few as lists one after another."""

    codes: list[str]
    rows: slice
    common: Numbers
    sets: Bits
    rare: Numbers
    documents: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]


class Counter:
    """Counts values of facets in one set of documents."""

    def __init__(self, segment: Segment, bits: Bits) -> None:
        self.bits = bits
        self._segment = segment
        self._within = Within(bits, segment.size)
        self._every: Numbers | None = None
        if self._within.count <= LOOKED_UP:
            self._every = segment.code_counts(self._within.documents)

    def counted(self, facet: Facet) -> dict[str, int]:
        """Return each value of a facet that any document of the set has, with how many have it."""
        if facet.values is not None:
            if not facet.values:
                return {}
            return _some(list(facet.values), self._within.counts(_values(self._segment, facet)))
        field = _field(self._segment, facet.field)
        if self._every is not None:
            return _some(field.codes, self._every[field.rows])
        found = np.zeros(len(field.codes), dtype=np.int64)
        found[field.common] = self._within.counts(field.sets)
        if len(field.rare):
            there = self._within.mask[field.documents]
            found[field.rare] = np.add.reduceat(there, field.starts, dtype=np.int32)
        return _some(field.codes, found)


def _some(values: list[str], numbers: Numbers) -> dict[str, int]:
    return {value: number for value, number in zip(values, numbers.tolist(), strict=True) if number}


def _field(segment: Segment, name: str) -> Field:
    """Return the codes of a field, put together once per segment."""
    kept = segment.kept.get(name)
    if not isinstance(kept, Field):
        rows = segment.code_rows(name)
        dense = np.array([segment.is_dense(row) for row in rows], dtype=np.bool_)
        rare = np.flatnonzero(~dense)
        lists = [segment.having(rows.start + place) for place in rare.tolist()]
        lengths = np.array([0, *(len(one) for one in lists)], dtype=np.int64)
        kept = Field(
            [segment.code(row) for row in rows],
            slice(rows.start, rows.stop),
            np.flatnonzero(dense),
            segment.sets([row for row, many in zip(rows, dense.tolist(), strict=True) if many]),
            rare,
            np.concatenate(lists) if lists else np.empty(0, dtype=np.uint32),
            np.cumsum(lengths)[:-1],
        )
        segment.kept[name] = kept
    return kept


def _values(segment: Segment, facet: Facet) -> Bits:
    """Return the set of each value as rows of a matrix, remembered for the next question."""
    values = tuple((facet.values or {}).values())
    key = facet.field, values
    kept = segment.kept.get(key)
    if not isinstance(kept, np.ndarray):
        kept = np.stack([_value(segment, facet.field, codes) for codes in values])
        segment.remember(key, kept)
    return kept


def _value(segment: Segment, field: str, codes: frozenset[str]) -> Bits:
    if field != CHECKED:
        return segment.any_of(field, codes)
    since = min(date.fromisoformat(code).toordinal() for code in codes)
    return pack(segment.checked >= since)


def not_known(segment: Segment, facet: Facet) -> Bits:
    """Return the documents of which nobody knows which value of a facet they have."""
    if facet.field == CHECKED:
        return pack(segment.checked <= 0)
    unsure = segment.unsure(facet.field)
    if not facet.perhaps:
        return unsure
    perhaps = segment.any_of(facet.field, facet.perhaps)
    return unsure | (perhaps & ~np.bitwise_or.reduce(_values(segment, facet)) if facet.values else perhaps)
