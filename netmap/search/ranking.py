"""From a question to a page of hits, the same for every engine that holds its documents as segments. Pure.

What is found is decided first, on sets of all documents; points are then worked out for what was found, and
only the best few hundred of these are looked at closely.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from netmap.search.asked import Asked, Part, asked
from netmap.search.backend import Hit, Miss, Page, Query
from netmap.search.bits import Bits, among, count, numbers
from netmap.search.filtering import Kept, facets, keep, loosened
from netmap.search.ordering import Candidates, behind, best, in_order, one_provider
from netmap.search.points import kilometres
from netmap.search.relevance import relevance
from netmap.search.scoring import Scorer, summed


def rank(parts: Sequence[Part], query: Query, exact: Sequence[Bits] | None = None) -> Page:
    """Return the page of hits that a query asks for.

    Parameters
    ----------
    parts : sequence of Part
        All documents, each in one part.
    query : Query
    exact : sequence of Bits, optional
        For each part the documents that hold the exact phrases, where the query has any.
    """
    question = asked(query)
    scorers, kept = [], []
    for place, (part, found) in enumerate(zip(parts, relevance(parts, question), strict=True)):
        chords = None if question.near is None else part.segment.chords(question.near)
        scorers.append(Scorer(question, part, found, chords))
        kept.append(keep(part, found.found, question, chords, None if exact is None else exact[place]))
    counted, unsure = facets(kept, query.facets)
    return Page(
        total=sum(count(one.found) for one in kept),
        certain=sum(count(one.certain) for one in kept),
        hits=_hits(scorers, kept, question),
        facets=counted,
        unsure=unsure,
        loosened=loosened(kept) if query.misses > 0 else {},
        misses=_misses(scorers, kept, question) if query.misses > 0 else (),
    )


def _candidates(scorers: Sequence[Scorer], sets: Sequence[Bits], kept: Sequence[Kept]) -> Candidates:
    """Return everything in the sets, one for each part, with what their order is decided by."""
    columns: list[tuple[npt.NDArray[Any], ...]] = []
    query = scorers[0].asked.query
    for place, (scorer, chosen, one) in enumerate(zip(scorers, sets, kept, strict=True)):
        segment = scorer.part.segment
        documents = numbers(chosen, segment.size)
        pin = np.full(len(documents), len(query.first_ids), dtype=np.int64)
        for rank_, number in reversed(list(enumerate(segment.ids.find(query.first_ids)))):
            pin[documents == number] = rank_
        chords = scorer.chords[documents] if scorer.chords is not None else np.zeros(len(documents))
        columns.append(
            (
                np.full(len(documents), place),
                documents,
                scorer.score(documents),
                behind(segment.standing[documents], ~among(one.certain, documents)),
                pin,
                chords,
                segment.checked[documents].astype(np.int64),
                segment.order[documents],
                segment.group[documents],
            )
        )
    part, document, score, late, pin, chord, checked, order, group = (
        np.concatenate(column) for column in zip(*columns, strict=True)
    )
    there = scorers[0].chords is not None
    return Candidates(
        part,
        document,
        score,
        late,
        pin,
        chord if there else None,
        checked,
        order,
        group,
        len(query.first_ids),
    )


def _hits(scorers: Sequence[Scorer], kept: Sequence[Kept], question: Asked) -> tuple[Hit, ...]:
    if not scorers:
        return ()
    found = _candidates(scorers, [one.found for one in kept], kept)
    closer: dict[int, dict[str, float]] = {}
    if question.query.sort not in ("near", "name", "checked"):
        closer = _look_closely(scorers, found, question)
        for place, more in closer.items():
            found.score[place] += sum(more.values())
    chosen = in_order(found, question)[question.first :]
    return tuple(
        _hit(scorers[found.part[place]], kept[found.part[place]], found, int(place), closer.get(place, {}))
        for place in chosen.tolist()
    )


def _look_closely(
    scorers: Sequence[Scorer], found: Candidates, question: Asked
) -> dict[int, dict[str, float]]:
    """Return the points that only the best few hundred get, or lose; the same few for every page."""
    chosen = best(found, question)
    more: dict[int, dict[str, float]] = {int(place): {} for place in chosen}
    if question.query.phrase:
        for place in chosen.tolist():
            scorer, document = scorers[found.part[place]], found.document[place : place + 1]
            if scorer.whole(document)[0] and (named := scorer.named_within(int(document[0]))):
                more[place]["name_whole"] = named
                found.score[place] += named
        chosen = chosen[np.lexsort((found.order[chosen], -found.score[chosen], found.behind[chosen]))]
        for place, points in more.items():
            found.score[place] -= points.get("name_whole", 0.0)
    lost = question.weight("same_provider") * one_provider(found, chosen)
    for place, share in zip(chosen.tolist(), lost.tolist(), strict=True):
        own = found.score[place] + more[place].get("name_whole", 0.0)
        if share and own > 0:
            more[place]["same_provider"] = share * own
    return more


def _hit(scorer: Scorer, kept: Kept, found: Candidates, place: int, more: dict[str, float]) -> Hit:
    """Return one document of the page with what of the question it answers."""
    document, segment = int(found.document[place]), scorer.part.segment
    one = np.array([document])
    points = {signal: float(value[0]) for signal, value in scorer.points(one).items()}
    points |= scorer.by_field(document, points.pop("words"))
    for signal, value in more.items():
        points[signal] = points.get(signal, 0.0) + value
    points = {signal: value for signal, value in points.items() if value}
    query = scorer.asked.query
    km = float(kilometres(found.chord[place : place + 1])[0]) if found.chord is not None else np.inf
    typed = sorted(query.types, key=lambda code: (-query.types[code], code))
    return Hit(
        id=segment.ids[document],
        score=summed(points.values()),
        signals=points,
        matched_terms=scorer.matched(document),
        matched_types=tuple(
            code for code in typed if among(segment.any_of("type", frozenset({code})), one)[0]
        ),
        distance_km=km if np.isfinite(km) else None,
        unknown=tuple(field for field in kept.verdicts if among(kept.not_known(field), one)[0]),
        behind=int(found.behind[place]),
    )


def _misses(scorers: Sequence[Scorer], kept: Sequence[Kept], question: Asked) -> tuple[Miss, ...]:
    """Return the best of what fails one filter only."""
    fields = list(kept[0].verdicts) if kept else []
    missed = [[one.missed(field) for field in fields] for one in kept]
    if not fields:
        return ()
    sets = [np.bitwise_or.reduce(np.stack(one)) for one in missed]
    found = _candidates(scorers, sets, kept)
    wanted = in_order(found, asked(Query(limit=question.query.misses)))
    return tuple(
        Miss(
            scorers[found.part[place]].part.segment.ids[int(found.document[place])],
            next(
                field
                for field, bits in zip(fields, missed[found.part[place]], strict=True)
                if among(bits, found.document[place : place + 1])[0]
            ),
        )
        for place in wanted.tolist()
    )
