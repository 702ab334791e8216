"""How many documents of a set have each code of a field, or each value that some codes make. Pure."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from netmap.search.backend import CHECKED, Facet
from netmap.search.bits import Bits, Numbers, Within, pack
from netmap.search.segment import Segment


@dataclass(frozen=True, slots=True)
class Field:
    """The codes of one field: those of many documents as sets, those of few as lists one after another."""

    common: list[str]
    sets: Bits
    rare: list[str]
    documents: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]


def counted_by(segment: Segment, facet: Facet, within: Within) -> dict[str, int]:
    """Return each value of a facet that any document of the set has, with how many have it."""
    if facet.values is not None:
        return _some(list(facet.values), within.counts(_values(segment, facet))) if facet.values else {}
    field = _field(segment, facet.field)
    found = _some(field.common, within.counts(field.sets)) if field.common else {}
    if field.rare:
        there = within.mask[field.documents]
        found |= _some(field.rare, np.add.reduceat(there, field.starts, dtype=np.int32))
    return found


def _some(values: list[str], numbers: Numbers) -> dict[str, int]:
    return {value: number for value, number in zip(values, numbers.tolist(), strict=True) if number}


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
    unsure = segment.unsure(facet.field)
    if not facet.perhaps:
        return unsure
    perhaps = segment.any_of(facet.field, facet.perhaps)
    return unsure | (perhaps & ~np.bitwise_or.reduce(_values(segment, facet)) if facet.values else perhaps)
