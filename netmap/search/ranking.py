"""From a question to a page of hits, the same for every engine that holds its documents as segments. Pure.

What is found is decided first, on sets of all documents; points are then worked out for what was found, and
only the best few hundred of these are looked at closely.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from netmap.search.asked import Asked, Part, asked
from netmap.search.backend import Hit, Miss, Page, Query
from netmap.search.bits import Bits, Numbers, among, count, numbers
from netmap.search.explaining import Points, explained
from netmap.search.filtering import Kept, facets, keep, loosened, narrowed
from netmap.search.ordering import LOOKED_AT, Candidates, behind, first_ones, one_provider
from netmap.search.points import Reals
from netmap.search.relevance import relevance
from netmap.search.scoring import Scorer

_OTHER_SORTS = frozenset({"near", "name", "checked"})


def rank(parts: Sequence[Part], query: Query, exact: Sequence[Bits] | None = None) -> Page:
    """Return the page of hits that a query asks for.

    Parameters
    ----------
    parts : sequence of Part
        All documents, each in one part; at least one part.
    query : Query
    exact : sequence of Bits, optional
        For each part the documents that hold the exact phrases, where the query has any.
    """
    question = asked(query)
    scorers, kept = [], []
    for place, (part, found) in enumerate(zip(parts, relevance(parts, question), strict=True)):
        before = narrowed(part, found.found, query, None if exact is None else exact[place])
        chords = _chords(part, before, question)
        scorers.append(Scorer(question, part, found, chords))
        kept.append(keep(part, before, question, chords))
    counted, unsure = facets(kept, query.facets)
    return Page(
        total=sum(count(one.found) for one in kept),
        certain=sum(count(one.certain) for one in kept),
        hits=_hits(scorers, kept, question),
        facets=counted,
        unsure=unsure,
        loosened=loosened(kept) if query.misses > 0 else {},
        misses=_misses(scorers, kept, query.misses) if query.misses > 0 else (),
    )


def _chords(part: Part, documents: Bits, question: Asked) -> Reals | None:
    """Return the squared chord to each of some documents; infinite for the others and where none is known."""
    if question.near is None:
        return None
    chords = np.full(part.segment.size, np.inf)
    those = numbers(documents, part.segment.size)
    chords[those] = part.segment.chords(question.near, those)
    return chords


def _candidates(scorers: Sequence[Scorer], sets: Sequence[Bits], kept: Sequence[Kept]) -> Candidates:
    """Return everything in the sets, one for each part, with its score."""
    documents = [
        numbers(chosen, scorer.part.segment.size) for scorer, chosen in zip(scorers, sets, strict=True)
    ]
    scores = [scorer.score(those) for scorer, those in zip(scorers, documents, strict=True)]
    late = [
        behind(scorer.part.segment.standing[those], ~among(one.certain, those))
        for scorer, one, those in zip(scorers, kept, documents, strict=True)
    ]
    part = np.repeat(np.arange(len(scorers)), [len(those) for those in documents])
    return Candidates(scorers, np.concatenate(documents), part, np.concatenate(scores), np.concatenate(late))


def _hits(scorers: Sequence[Scorer], kept: Sequence[Kept], question: Asked) -> tuple[Hit, ...]:
    if question.last == question.first:  # only counts are wanted
        return ()
    found = _candidates(scorers, [one.found for one in kept], kept)
    more: dict[int, Points] = {}
    if question.query.sort not in _OTHER_SORTS and (question.query.terms or question.query.types):
        more = _look_closely(found, question)
        score = found.score.copy()
        for place, points in more.items():
            score[place] += sum(points.values())
        found = replace(found, score=score)
    chosen = first_ones(found, question.query.sort, question.last)
    return _explained(kept, found, chosen[question.first :], more)


def _look_closely(found: Candidates, question: Asked) -> dict[int, Points]:
    """Return the points that only the best few hundred get, or lose; they are the same few for every page."""
    chosen = first_ones(found, "best", LOOKED_AT)
    score = found.score[chosen]
    more: dict[int, Points] = {}
    if question.query.phrase:
        named = np.zeros(len(chosen))
        for part, scorer in enumerate(found.scorers):
            here = np.flatnonzero(found.part[chosen] == part)
            named[here] = scorer.named_within(found.document[chosen[here]])
        more = {int(chosen[rank]): {"name_whole": float(named[rank])} for rank in np.flatnonzero(named)}
        score = score + named
        in_order = np.lexsort((found.of("order", chosen), -score, found.behind[chosen]))
        chosen, score = chosen[in_order], score[in_order]
    lost = question.weight("same_provider") * one_provider(found, chosen) * np.maximum(score, 0)
    for rank in np.flatnonzero(lost).tolist():
        more.setdefault(int(chosen[rank]), {})["same_provider"] = float(lost[rank])
    return more


def _explained(
    kept: Sequence[Kept], found: Candidates, chosen: Numbers, more: dict[int, Points]
) -> tuple[Hit, ...]:
    """Return the chosen candidates as hits; those of one part are explained together."""
    hits: dict[int, Hit] = {}
    for part, (scorer, one) in enumerate(zip(found.scorers, kept, strict=True)):
        places = chosen[found.part[chosen] == part]
        if len(places):
            extra = [more.get(place, {}) for place in places.tolist()]
            made = explained(scorer, one, found.document[places], found.behind[places], extra)
            hits |= zip(places.tolist(), made, strict=True)
    return tuple(hits[place] for place in chosen.tolist())


def _misses(scorers: Sequence[Scorer], kept: Sequence[Kept], wanted: int) -> tuple[Miss, ...]:
    """Return the best of what fails one filter only."""
    fields = list(kept[0].verdicts)
    if not fields:
        return ()
    missed = [[one.missed(field) for field in fields] for one in kept]
    found = _candidates(scorers, [np.bitwise_or.reduce(one) for one in missed], kept)
    misses = []
    for place in first_ones(found, "best", wanted).tolist():
        part, document = int(found.part[place]), found.document[place : place + 1]
        failed = (field for field, bits in zip(fields, missed[part], strict=True) if among(bits, document)[0])
        misses.append(Miss(scorers[part].part.segment.ids[int(document[0])], next(failed)))
    return tuple(misses)
