"""How many documents of a set have each code of a field, or each value that some codes make. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from netmap.search.backend import CHECKED, Facet
from netmap.search.bits import Bits, Numbers, counts, mask_of, pack
from netmap.search.segment import Segment


@dataclass(frozen=True, slots=True)
class Field:
    """The codes of one field: those of many documents as sets, those of few as lists one after another."""

    common: list[str]
    sets: Bits
    rare: list[str]
    documents: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]


def counted_by(segment: Segment, facet: Facet, within: Bits) -> Iterator[tuple[str, int]]:
    """Yield each value of a facet that any document of the set has, with how many have it."""
    if facet.values is None:
        field = _field(segment, facet.field)
        yield from _some(field.common, counts(field.sets, within))
        if field.rare:
            there = mask_of(within, segment.size)[field.documents]
            yield from _some(field.rare, np.add.reduceat(there, field.starts, dtype=np.int64))
    elif facet.values:
        yield from _some(list(facet.values), counts(_values(segment, facet), within))


def _some(values: list[str], numbers: Numbers) -> Iterator[tuple[str, int]]:
    for place in np.flatnonzero(numbers).tolist():
        yield values[place], int(numbers[place])


def _field(segment: Segment, name: str) -> Field:
    """Return the codes of a field, put together once per segment."""
    kept = segment.kept.get(name)
    if not isinstance(kept, Field):
        rows = segment.code_rows(name)
        dense = [row for row in rows if segment.is_dense(row)]
        rare = [row for row in rows if not segment.is_dense(row)]
        lists = [segment.having(row) for row in rare]
        lengths = np.array([0, *(len(one) for one in lists)], dtype=np.int64)
        kept = Field(
            [segment.code(row) for row in dense],
            segment.sets(dense),
            [segment.code(row) for row in rare],
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
    perhaps = segment.any_of(facet.field, facet.perhaps)
    if facet.values:
        perhaps = perhaps & ~np.bitwise_or.reduce(_values(segment, facet))
    return segment.unsure(facet.field) | perhaps
