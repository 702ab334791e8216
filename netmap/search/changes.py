"""The arrays of one state of the index: a large base that stays, and what has changed since.

A change writes only the small file; what it replaces in the base is masked. Where that becomes too much, both
are folded into a new base, from the arrays alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from netmap.search import store
from netmap.search.asked import Part, part_of
from netmap.search.bits import Numbers
from netmap.search.building import build
from netmap.search.facts import Facts
from netmap.search.folding import fold
from netmap.search.segment import Segment

BASE, CHANGES = "base.arrays", "changes.arrays"
FILES = frozenset({BASE, CHANGES})
MOST_CHANGED = 400  # documents in the small file: measured, a change costs little more than with none
_MASKED, _FEWER, _BY = "masked", "fewer_terms", "fewer_by"


class Bases:
    """Remembers the base that was mapped last: from state to state it seldom changes."""

    def __init__(self) -> None:
        self._last: tuple[str, Segment] | None = None

    def parts(self, folder: Path, sums: Mapping[str, str]) -> tuple[Part, ...]:
        """Return the parts of a state; ``sums`` are those of its whole files."""
        last = self._last
        if last is None or last[0] != sums[BASE]:
            last = self._last = sums[BASE], Segment(store.read(folder / BASE))
        base = last[1]
        if CHANGES not in sums:
            return (part_of(base),)
        arrays: Any = store.read(folder / CHANGES)
        masked = arrays[_MASKED].astype(np.int64)
        return part_of(base, masked, (arrays[_FEWER], arrays[_BY])), part_of(Segment(arrays))


def write_base(folder: Path, rows: Iterable[Facts], words: Mapping[str, int]) -> None:
    """Write the base of some documents; ``words`` as for `build`."""
    store.write(folder / BASE, build(rows, words).arrays)


def write_changes(
    folder: Path, parts: Sequence[Part], rows: Sequence[Facts], words: Mapping[str, int], ids: Sequence[str]
) -> set[str]:
    """Write what a change makes of the parts of a state, and return what is not carried on.

    Parameters
    ----------
    folder : Path
        That of the next state; holds neither file.
    parts : sequence of Part
        The base, and what has changed since if anything has.
    rows : sequence of Facts
        New documents, and those that take the place of others with their ids.
    words : mapping
        Their words as written, as for `build`.
    ids : sequence of str
        All ids of documents that are replaced, dropped or new.
    """
    base = parts[0].segment
    more = np.setdiff1d(base.numbers_of(ids), parts[0].masked)
    masked = np.union1d(parts[0].masked, more)
    earlier = [part_of(part.segment, part.segment.numbers_of(ids)) for part in parts[1:]]
    added = [part_of(build(rows, words, base))] if rows else []
    changed = [*earlier, *added]
    if len(ids) > MOST_CHANGED:
        store.write(folder / BASE, fold([part_of(base, masked), *changed]).arrays)
        return set(FILES)
    small = fold(changed, base) if changed else build((), {}, base)
    terms, counts = _added(parts[0].fewer, base.terms_of(more))
    facts = {_MASKED: masked.astype(np.uint32), _FEWER: terms, _BY: counts}
    store.write(folder / CHANGES, {**small.arrays, **facts})
    return {CHANGES}


def too_many(parts: Sequence[Part]) -> bool:
    """Return whether so much has changed that it is to be folded into the base."""
    return max(len(parts[0].masked), *(part.segment.size for part in parts[1:]), 0) > MOST_CHANGED


def write_folded(folder: Path, parts: Sequence[Part]) -> None:
    """Write one base of all parts of a state."""
    store.write(folder / BASE, fold(parts).arrays)


def _added(one: tuple[Numbers, Numbers], other: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    """Return the sum of two counts of terms."""
    terms = np.concatenate([one[0], other[0]])
    found, places = np.unique(terms, return_inverse=True)
    counts = np.bincount(places, weights=np.concatenate([one[1], other[1]]), minlength=len(found))
    return found, counts.astype(np.int64)


def codes(parts: Iterable[Part], field: str) -> Iterator[str]:
    """Yield the codes of a field that any living document has."""
    for part in parts:
        segment = part.segment
        for row in segment.code_rows(field):
            having = segment.having(row)
            if len(having) > len(part.masked) or not np.isin(having, part.masked).all():
                yield segment.code(row)
