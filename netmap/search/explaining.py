"""Hits with their reasons: which signals gave how many points, and which words and types were met. Pure."""

from collections.abc import Iterable, Sequence

import numpy as np

from netmap.search.backend import TYPE, Hit
from netmap.search.bits import Mask, Numbers, among
from netmap.search.filtering import Kept
from netmap.search.points import Reals, kilometres
from netmap.search.relevance import WORD_SIGNALS
from netmap.search.scoring import Scorer
from netmap.search.segment import Row

Points = dict[str, float]
Met = list[tuple[str, list[bool]]]


def explained(
    scorer: Scorer, kept: Kept, documents: Numbers, behind: Numbers, more: Sequence[Points]
) -> list[Hit]:
    """Return some documents of one part as hits, in their order.

    Parameters
    ----------
    scorer : Scorer
    kept : Kept
    documents, behind : array of int, shape (n,)
    more : sequence of mappings
        The points that each gets besides those that the scorer gives.
    """
    segment, query = scorer.part.segment, scorer.asked.query
    points = scorer.points(documents)
    by_field, terms = _words(scorer, documents, points.pop("words"))
    points |= {signal: by_field[place] for place, signal in enumerate(WORD_SIGNALS)}
    given = {signal: values.tolist() for signal, values in points.items() if values.any()}
    types = sorted(query.types, key=lambda code: (-query.types[code], code))
    typed = _met((code, among(segment.any_of(TYPE, frozenset({code})), documents)) for code in types)
    unknown = _met((field, among(kept.not_known(field), documents)) for field in kept.verdicts)
    km = np.full(len(documents), np.inf) if scorer.chords is None else kilometres(scorer.chords[documents])
    known, late, hits = np.isfinite(km).tolist(), behind.tolist(), []
    for place, document in enumerate(documents.tolist()):
        signals = {signal: values[place] for signal, values in given.items() if values[place]}
        for signal, value in more[place].items():
            signals[signal] = signals.get(signal, 0.0) + value
        hits.append(
            Hit(
                id=segment.ids[document],
                score=round(sum(signals.values()), 6),
                signals=signals,
                matched_terms=_where(terms, place),
                matched_types=_where(typed, place),
                distance_km=float(km[place]) if known[place] else None,
                unknown=_where(unknown, place),
                behind=late[place],
            )
        )
    return hits


def _met(masks: Iterable[tuple[str, Mask]]) -> Met:
    return [(name, there.tolist()) for name, there in masks if there.any()]


def _where(found: Met, place: int) -> tuple[str, ...]:
    return tuple([name for name, there in found if there[place]]) if found else ()


def _words(scorer: Scorer, documents: Numbers, words: Reals) -> tuple[Reals, Met]:
    """Return the points of words field by field, and for each word of the question who has it."""
    wanted = documents.astype(np.uint32)  # as the rows are, else each search in one would copy it
    parts = np.zeros((len(WORD_SIGNALS), len(documents)))
    matched = []
    for term, number, rarity in scorer.relevance.rare:
        there = np.zeros(len(documents), dtype=np.bool_)
        for row in scorer.part.segment.rows(number):
            worth = _worth(row, wanted)
            parts[row.field] += worth * rarity * scorer.asked.weight(WORD_SIGNALS[row.field])
            there |= worth > 0
        matched.append((term, there))
    whole = parts.sum(axis=0)
    return parts * np.divide(words, whole, out=np.zeros(len(documents)), where=whole > 0), _met(matched)


def _worth(row: Row, wanted: Numbers) -> Reals:
    """Return what a word is worth in each document: 0 where it does not stand there."""
    found = np.zeros(len(wanted))
    for run in (slice(0, row.again), slice(row.again, None)):
        documents = row.documents[run]
        if len(documents):
            places = np.minimum(documents.searchsorted(wanted), len(documents) - 1)
            found += np.where(documents[places] == wanted, row.worth[run][places], 0.0)
    return found
