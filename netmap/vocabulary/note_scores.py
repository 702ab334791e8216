"""A note read passage by passage: for each need its score under the rules of context, and its signs."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from netmap.vocabulary.blend import UNTOLD, Blend, folded
from netmap.vocabulary.context import Context, context
from netmap.vocabulary.cues import cue
from netmap.vocabulary.denial import content, denied_words
from netmap.vocabulary.passages import Passage, Place, passages
from netmap.vocabulary.scores import Array

ALSO_SPEAKS, HEARD = 0.3, 0.2  # share of the best clause's score, and score, from which another is heard too
AS_MUCH, LOUD = 0.9, 0.4  # the same for one whose "no" counts for the others
LONG = 80  # letters; of a longer passage only the best clause is quoted
SIGNS = ("score", "lead", "share", "letters", "length")  # of the best passage of a need


@dataclass(frozen=True)
class Scores:
    """For each need, in the vocabulary's order: its score 0..1, where it stands, and its ``SIGNS``."""

    values: Array
    places: tuple[Place, ...]
    signs: Array


@dataclass(frozen=True)
class _Block:
    """Some clauses with their terms, the passages made of them, and the shares of phrases that they hold."""

    text: str
    clauses: Sequence[Place]
    pieces: Sequence[Passage]
    own: Sequence[tuple[str, ...]]
    shares: Array
    single: Mapping[int, int]  # number of a clause -> row of the passage that is this clause alone
    breaths: Sequence[list[int]]  # numbers of the clauses of each sentence, cut at its "but"


def note_scores(model: Blend, text: str) -> Scores:
    """Return the scores of a note: for each need those of its best clause, neighbouring pair or sentence."""
    size = len(model.codes)
    found = Scores(np.zeros(size), ((0, 0),) * size, np.zeros((size, len(SIGNS))))
    for clauses, pieces in passages(text):
        block = _of_block(model, text, clauses, pieces)
        better = block.values > found.values
        places = (new if up else old for new, old, up in zip(block.places, found.places, better, strict=True))
        found = Scores(
            np.maximum(found.values, block.values),
            tuple(places),
            np.where(better[:, None], block.signs, found.signs),
        )
    return found


def _of_block(model: Blend, text: str, clauses: Sequence[Place], pieces: Sequence[Passage]) -> Scores:
    """Return the scores of one block of passages."""
    own = [model.terms(content(text[start:end], model.language)[0]) for start, end in clauses]
    terms = [[term for number in piece.clauses for term in own[number]] for piece in pieces]
    shares = model.share.of_phrases(terms)
    single = {piece.clauses[0]: row for row, piece in enumerate(pieces) if len(piece.clauses) == 1}
    breaths = list(_breaths(text, clauses, pieces, model.language))
    block = _Block(text, clauses, pieces, own, shares, single, breaths)
    parts = model.measures.parts(shares, terms, [folded(text[piece.start : piece.end]) for piece in pieces])
    evidence = model.evidence.of_needs(shares, terms)
    plain = model.measures.sum(parts) * (UNTOLD + (1 - UNTOLD) * evidence)
    factors = _of_pieces(*_factors(model, block), plain, block)
    final = plain * factors
    best, needs = final.argmax(axis=0), np.arange(len(model.codes))
    lengths = np.log1p([len(one) for one in terms])
    share, _rank, letters = parts
    told = ((part * factors)[best, needs] for part in (share, letters))
    signs = np.stack([final[best, needs], _lead(final, best), *told, lengths[best]], axis=1)
    places = (_place(block, plain[:, need], row) for need, row in enumerate(best))
    return Scores(final[best, needs], tuple(places), signs)


def _breaths(
    text: str, clauses: Sequence[Place], pieces: Sequence[Passage], language: str
) -> Iterator[list[int]]:
    """Yield the numbers of the clauses of each sentence, a new list after each "but"."""
    joined = {number for piece in pieces for number in piece.clauses[:-1]}
    found: list[int] = []
    for number in range(len(clauses)):
        turns = number and cue("contrast", language).search(text[clauses[number - 1][1] : clauses[number][0]])
        if found and (number - 1 not in joined or turns):
            yield found
            found = []
        found.append(number)
    if found:
        yield found


def _with_subjects(
    said: Sequence[Context], texts: Sequence[str], breaths: Sequence[list[int]], model: Blend
) -> list[Context]:
    """Return what the clauses say; what somebody else does goes on until the client is named."""
    found = list(said)
    for breath in breaths:
        for last, number in pairwise(breath):
            goes_on = "subject" in found[last].outsiders and not found[number].other
            if goes_on and not cue("self", model.language).search(texts[number]):
                found[number] = replace(found[number], outsiders=found[number].outsiders | {"subject"})
    return found


def _later(said: Sequence[Context], joined: Set[int]) -> list[Context | None]:
    """Return for each clause what the next one says; void or over if any later one of it is."""
    found: list[Context | None] = [None] * len(said)
    for number in reversed(range(len(said) - 1)):
        if number in joined:
            after, beyond = said[number + 1], found[number + 1]
            if beyond:
                after = replace(after, over=after.over or beyond.over, void=after.void or beyond.void)
            found[number] = after
    return found


def _lead(final: Array, best: Array) -> Array:
    """Return for each need by how much it leads the best other need of its best passage, or trails it."""
    needs = np.arange(final.shape[1])
    others = final[best]
    others[needs, needs] = -1.0
    return np.asarray(final[best, needs] - others.max(axis=1))


def _factors(model: Blend, block: _Block) -> tuple[Array, Array]:
    """Return twice clauses x needs, what is left of a mention's score: by its words, by those around it."""
    texts = [block.text[start:end] for start, end in block.clauses]
    said = _with_subjects([context(clause, model.language) for clause in texts], texts, block.breaths, model)
    joined = {
        number for piece in block.pieces for number in piece.clauses[:-1]
    }  # clauses whose next one belongs to the same sentence
    later = _later(said, joined)
    words, around = [], []
    for number, here in enumerate(said):
        before = said[number - 1] if number - 1 in joined else None
        after = later[number]
        shares = block.shares[block.single[number]]
        denied = model.terms(denied_words(texts[number], model.language)) if here.denied else ()
        typed = np.array([here.factor(code, before, after) for code in model.codes])
        typed[model.meant_so(shares)] = 1.0
        around.append(typed)
        words.append(
            model.polarity.of_needs(shares, here.denied, denied)
            * model.evidence.explained(shares, block.own[number]) ** 2
        )
    return np.array(words), np.array(around)


def _of_pieces(words: Array, around: Array, plain: Array, block: _Block) -> Array:
    """Return passages x needs: the factor of the clause that speaks most of the need.

    What is said around the mentions counts from all clauses of one breath that speak of the need.

    "Psychiatrist was clear: neither psychosis nor bipolar" speaks of the psychiatrist first, yet rules out.
    """
    alone = plain[[block.single[number] for number in range(len(block.clauses))]]
    spoken = np.zeros_like(around)
    for breath in block.breaths:
        own = alone[breath]
        speaks = own >= np.maximum(ALSO_SPEAKS * own.max(axis=0), HEARD)
        least = np.where(speaks, around[breath], 1.0).min(axis=0)
        spoken[breath] = np.where(speaks, least, around[breath])
        alike = own >= np.maximum(AS_MUCH * own.max(axis=0), LOUD)
        words[breath] = np.where(alike, np.where(alike, words[breath], 1.0).min(axis=0), words[breath])
    found = np.empty_like(plain)
    needs = np.arange(plain.shape[1])
    for row, piece in enumerate(block.pieces):
        numbers = np.array(piece.clauses)
        first = numbers[alone[numbers].argmax(axis=0)]
        found[row] = words[first, needs] * spoken[first, needs]
    return found


def _place(block: _Block, column: Array, row: int) -> Place:
    """Return the passage's place, or that of its best clause where the passage is long."""
    piece = block.pieces[row]
    if piece.end - piece.start > LONG:
        rows = [block.single[number] for number in piece.clauses]
        piece = block.pieces[max(rows, key=lambda one: float(column[one]))]
    return piece.start, piece.end
