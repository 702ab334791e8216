"""Filters, what each of them leaves out, and exact counts: sums over sets of documents. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from netmap.search.asked import Asked, Part
from netmap.search.backend import CHECKED, DISTANCE, Facet, Query
from netmap.search.bits import Bits, count, of_numbers, pack
from netmap.search.counting import Counter, not_known
from netmap.search.points import Reals


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a filter says: which documents pass for certain, and which pass or may pass."""

    passes: Bits
    may_pass: Bits


@dataclass(frozen=True, slots=True)
class Kept:
    """What the filters leave of one part.

    Parameters
    ----------
    before : Bits
        What was found, before any filter on a field.
    verdicts : mapping
        Field -> verdict.
    found, certain : Bits
        What passes or may pass all of them, and what passes for certain.
    """

    part: Part
    before: Bits
    verdicts: Mapping[str, Verdict]
    found: Bits
    certain: Bits

    def without(self, field: str) -> Bits:
        """Return what would be found without the filter on a field."""
        if field not in self.verdicts:
            return self.found
        others = [verdict.may_pass for name, verdict in self.verdicts.items() if name != field]
        return reduce(np.bitwise_and, others, self.before)

    def missed(self, field: str) -> Bits:
        """Return what is left out by the filter on a field, and by no other."""
        return self.without(field) & ~self.verdicts[field].may_pass

    def not_known(self, field: str) -> Bits:
        """Return what is found although nobody knows that it passes the filter on a field."""
        return self.found & ~self.verdicts[field].passes


def narrowed(part: Part, found: Bits, query: Query, exact: Bits | None) -> Bits:
    """Return what may be found at all: with the exact phrases, if any, and among the ids."""
    segment = part.segment
    if exact is not None:
        found = found & exact
    if query.only_ids is not None:
        found = found & of_numbers(segment.numbers_of(query.only_ids), segment.size)
    if query.not_ids:
        found = found & ~of_numbers(segment.numbers_of(query.not_ids), segment.size)
    return found


def keep(part: Part, before: Bits, asked: Asked, chords: Reals | None) -> Kept:
    """Return what the filters leave of the documents that may be found at all.

    Parameters
    ----------
    part : Part
    before : Bits
    asked : Asked
    chords : array, optional
        The squared chord to the nearest place of each of these, where a point was given.
    """
    query, segment = asked.query, part.segment
    verdicts: dict[str, Verdict] = {}
    for one in query.only:
        passes = segment.any_of(one.field, one.codes)
        not_known = segment.unsure(one.field) | segment.any_of(one.field, one.perhaps)
        _add(verdicts, one.field, Verdict(passes, passes | not_known))
    if chords is not None and asked.reach is not None:
        near = pack(chords <= asked.reach)
        _add(verdicts, DISTANCE, Verdict(near, near | pack(np.isinf(chords))))
    if query.checked_since is not None:
        recent = pack(segment.checked >= query.checked_since.toordinal())
        _add(verdicts, CHECKED, Verdict(recent, recent))
    passing = reduce(np.bitwise_and, (verdict.may_pass for verdict in verdicts.values()), before)
    certain = reduce(np.bitwise_and, (verdict.passes for verdict in verdicts.values()), before)
    return Kept(part, before, verdicts, passing, certain)


def _add(verdicts: dict[str, Verdict], field: str, verdict: Verdict) -> None:
    """Put a filter beside the others; a second one on the same field counts as well as the first."""
    if field in verdicts:
        first = verdicts[field]
        verdict = Verdict(first.passes & verdict.passes, first.may_pass & verdict.may_pass)
    verdicts[field] = verdict


def loosened(kept: Sequence[Kept]) -> dict[str, int]:
    """Return for each filter how many documents there would be without it."""
    fields = kept[0].verdicts if kept else {}
    return {field: sum(count(one.without(field)) for one in kept) for field in fields}


def facets(kept: Sequence[Kept], wanted: Sequence[Facet]) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Return the counts of each facet, and of how many documents its field is not known for certain."""
    counted: dict[str, dict[str, int]] = {facet.name: {} for facet in wanted}
    unsure = dict.fromkeys(counted, 0)
    for one in kept if wanted else ():
        segment = one.part.segment
        found = Counter(segment, one.found)
        for facet in wanted:
            within = Counter(segment, one.without(facet.field)) if facet.field in one.verdicts else found
            values = counted[facet.name]
            for value, number in within.counted(facet).items():
                values[value] = values.get(value, 0) + number
            unsure[facet.name] += count(within.bits & not_known(segment, facet))
    return counted, unsure
