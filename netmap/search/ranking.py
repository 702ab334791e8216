"""The order of hits, and what is left out: sums over arrays, the same for every engine.

The engine says how well each word fits (`Posting`); everything else is decided here. The weights stand in one
table at the top, each with the reason for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from netmap.search.backend import ANY_LANGUAGE, GONE, PAUSED, Hit, Page, Query
from netmap.search.columns import Columns, Mask, Numbers, Reals

FIELD_WEIGHTS = {"name": 3.0, "organisation": 2.0, "text": 1.0, "place": 1.0}
HALF_TEXT = 8.0  # the sum over words that counts one half: about one rare word in a description
TYPE_WEIGHT = 2.0  # a confirmed type beats any words, which stay below 1: meaning before wording
KIN_WEIGHT = 0.5  # names of the need in other languages: half of what typed words can give
NAME_WEIGHT = 1.0  # the whole question stands in a name; twice that where it is the name
TAIL = 0.3  # words alone count from this share of the best cover on: "help" is no answer to "help, mortgage"
ONE_WORD = 0.4  # what words count that hold little of the question: many of its words beat one in a name
STALE = 0.97  # never checked by a person, or long ago: a small minus, never an exclusion
ON_PAUSE = 0.6  # temporarily closed
FAR_KM = 15.0  # the distance at which nearness has lost about two thirds of what it gives
FAR = 0.5  # what is left of a score far away, or at an unknown distance
SAME_PROVIDER = 0.93  # each further service of one organisation, so that none fills the first page


@dataclass(frozen=True, slots=True)
class Posting:
    """Where one term stands: documents in rising order, what it is worth in each, how rare it is."""

    documents: Numbers
    impacts: Reals
    rarity: float


def rank(columns: Columns, postings: Mapping[str, Posting], query: Query) -> Page:
    """Return the page of hits that the query asks for.

    Parameters
    ----------
    columns : Columns
        What is known of the documents.
    postings : mapping of str to Posting
        Those terms of the query that occur anywhere.
    query : Query
    """
    km = columns.km_from(query.near) if query.near is not None else None
    kept, score = _relevance(columns, postings, query)
    kept &= _allowed(columns, query)
    unknown = _unknown(columns, query, km)
    for passes, unsure in unknown.values():
        kept &= passes | unsure
    score = score * _circumstances(columns, query, km)
    last = np.where(columns.standing >= GONE, 2, 0)
    for _passes, unsure in unknown.values():
        last = last | unsure
    found = np.flatnonzero(kept)
    chosen, scores = _in_order(columns, found, score[found], last[found])
    page = slice(query.offset, None if query.limit is None else query.offset + query.limit)
    masks = {what: unsure for what, (_passes, unsure) in unknown.items()}
    return Page(len(found), _hits(columns, postings, query, chosen[page], scores[page], last, km, masks))


def _relevance(columns: Columns, postings: Mapping[str, Posting], query: Query) -> tuple[Mask, Reals]:
    """Return which documents the words and types lead to, and how strongly."""
    if not query.terms and not query.types:
        return columns.alive.copy(), np.ones(columns.size)
    words, cover = np.zeros(columns.size), np.zeros(columns.size)
    for posting in (postings[term] for term in query.terms if term in postings):
        words[posting.documents] += posting.impacts
        cover[posting.documents] += posting.rarity
    most = cover.max(initial=0.0)
    worded = (cover > 0) & (cover >= TAIL * most)
    share = cover / most if most else cover
    score = np.where(worded, words / (words + HALF_TEXT) * (ONE_WORD + (1 - ONE_WORD) * share), 0.0)
    typed = np.zeros(columns.size)
    for code, weight in query.types.items():
        if code in columns.types:
            numbers, states = columns.types[code]
            typed[numbers] = np.maximum(typed[numbers], weight * states)
    score += TYPE_WEIGHT * typed
    score += KIN_WEIGHT * _kin(columns, postings, query)
    if query.phrase:
        for number in np.flatnonzero(worded & (cover >= 0.999 * most)):
            score[number] += NAME_WEIGHT * _named(columns.names[number], f" {query.phrase} ")
    return columns.alive & (worded | (typed > 0)), score


def _kin(columns: Columns, postings: Mapping[str, Posting], query: Query) -> Reals:
    """Return 0..1 for the words of what is meant in other languages."""
    words = np.zeros(columns.size)
    for posting in (postings[term] for term in query.kin if term in postings):
        words[posting.documents] += posting.impacts
    return words / (words + HALF_TEXT)


def _named(names: tuple[str, str], phrase: str) -> int:
    """Return 2 where the phrase is one of the names, 1 where it stands in one."""
    return 2 if phrase in names else int(any(phrase in name for name in names))


def _allowed(columns: Columns, query: Query) -> Mask:
    """Return which documents pass the filters on what is always known."""
    allowed = columns.alive.copy()
    if query.only_types:
        lists = {code: numbers for code, (numbers, _states) in columns.types.items()}
        allowed &= columns.any_of(lists, query.only_types)
    if query.only_ids is not None:
        chosen = np.zeros(columns.size, dtype=np.bool_)
        chosen[[columns.number[one] for one in query.only_ids if one in columns.number]] = True
        allowed &= chosen
    return allowed


def _unknown(columns: Columns, query: Query, km: Reals | None) -> dict[str, tuple[Mask, Mask]]:
    """Return for each filter that not everybody can answer: who passes, and of whom nobody knows."""
    found = {}
    if query.only_areas:
        passes = columns.any_of(columns.areas, query.only_areas)
        found["area"] = passes, columns.any_of(columns.unsure, ("area",)) & ~passes
    if query.only_languages:
        passes = columns.any_of(columns.languages, query.only_languages | {ANY_LANGUAGE})
        found["language"] = passes, columns.any_of(columns.unsure, ("language",)) & ~passes
    if km is not None and query.within_km is not None:
        found["distance"] = km <= query.within_km, np.isinf(km)
    return found


def _circumstances(columns: Columns, query: Query, km: Reals | None) -> Reals:
    """Return what distance, age of the information and a pause leave of each score."""
    factor = np.where(columns.standing == PAUSED, ON_PAUSE, 1.0)
    if query.fresh_since is not None:
        factor = factor * np.where(columns.checked < query.fresh_since.toordinal(), STALE, 1.0)
    if km is not None:
        factor = factor * (FAR + (1 - FAR) * np.exp(-km / FAR_KM))
    return factor


def _in_order(columns: Columns, found: Numbers, scores: Reals, last: Numbers) -> tuple[Numbers, Reals]:
    """Return the found documents, the best first, and their scores once the share of one provider is bounded.

    ``last`` puts what may not pass every filter behind what does, and what is gone behind everything.
    """
    names = columns.order[found]
    first = np.lexsort((names, -np.round(scores, 6), last))
    groups = columns.group[found][first]
    by_group = np.argsort(groups, kind="stable")
    sizes = np.unique(groups, return_counts=True)[1]
    earlier = np.empty(len(found), dtype=np.int64)
    earlier[by_group] = np.arange(len(found)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    bounded: Reals = np.round(scores[first] * np.power(SAME_PROVIDER, earlier), 6)
    second = np.lexsort((names[first], -bounded, last[first]))
    return found[first][second], bounded[second]


def _hits(
    columns: Columns,
    postings: Mapping[str, Posting],
    query: Query,
    numbers: Numbers,
    scores: Reals,
    last: Numbers,
    km: Reals | None,
    unknown: Mapping[str, Mask],
) -> tuple[Hit, ...]:
    """Return the hits of the page with what of the question each one answers."""
    known = [term for term in query.terms if term in postings]
    words = [(term, _stands_in(numbers, postings[term].documents)) for term in known]
    typed = sorted(columns.types.keys() & query.types.keys(), key=lambda code: (-query.types[code], code))
    types = [(code, _stands_in(numbers, columns.types[code][0])) for code in typed]
    return tuple(
        Hit(
            id=columns.ids[number],
            score=float(scores[place]),
            matched_terms=tuple(term for term, there in words if there[place]),
            matched_types=tuple(code for code, there in types if there[place]),
            distance_km=float(km[number]) if km is not None and np.isfinite(km[number]) else None,
            unknown=tuple(what for what, mask in unknown.items() if mask[number]),
            behind=int(last[number]),
        )
        for place, number in enumerate(numbers)
    )


def _stands_in(numbers: Numbers, rising: Numbers) -> Mask:
    """Return which of the numbers occur in a rising list."""
    places = np.minimum(np.searchsorted(rising, numbers), len(rising) - 1)
    return np.equal(rising[places], numbers)
