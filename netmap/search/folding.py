"""Two segments made into one, without the documents: the changes of a while become part of the base. Pure."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from netmap.search.asked import Part
from netmap.search.backend import TEXT_FIELDS
from netmap.search.bits import Numbers, mask_of, numbers
from netmap.search.building import Made, alphabet, codes_of, named, postings, unsure_of
from netmap.search.segment import Segment
from netmap.search.spelling import Lexicon, lexicon

_COLUMNS = ("standing", "checked", "rhythm", "group")


def fold(parts: Sequence[Part], base: Segment | None = None) -> Segment:
    """Return one segment of what is alive in some, in their order.

    Parameters
    ----------
    parts : sequence of Part
        At least one.
    base : Segment, optional
        The large segment that the new one goes with; without one it is a base itself, and the usual lengths
        of fields are worked out anew.
    """
    places = _new_numbers(parts)
    alive = [numbers(part.alive, part.segment.size) for part in parts]
    size = sum(map(len, alive))
    kept = [
        {
            kind: [texts[number] for number in those.tolist()]
            for kind, texts in zip(("id", "name", "organisation"), _texts(part.segment), strict=True)
        }
        for part, those in zip(parts, alive, strict=True)
    ]
    whole = {kind: [text for one in kept for text in one[kind]] for kind in kept[0]}
    arrays: Made = named(whole["id"], whole["name"], whole["organisation"])
    arrays |= _words(parts, places, alive, size, base.usual if base is not None and base.size else None)
    arrays |= codes_of(_codes(parts, places), size)
    arrays |= unsure_of(_unsure(parts, places), size)
    arrays |= _points(parts, places)
    words = Counter[str]()
    for part in parts:
        words.update(Lexicon(part.segment.arrays).all())  # those of what is dead stay until a rebuild
    arrays |= lexicon(words)
    for column in _COLUMNS:
        arrays[column] = np.concatenate(
            [part.segment.arrays[column][those] for part, those in zip(parts, alive, strict=True)]
        )
    arrays |= alphabet(whole["name"], whole["organisation"], whole["id"], base)
    return Segment(arrays)


def _texts(segment: Segment) -> tuple[list[str], list[str], list[str]]:
    return segment.ids.all(), segment.names.all(), segment.organisations.all()


def _new_numbers(parts: Sequence[Part]) -> list[Numbers]:
    """Return for each part the new number of each document, -1 for what is not alive."""
    found, first = [], 0
    for part in parts:
        alive = mask_of(part.alive, part.segment.size)
        place = np.where(alive, np.cumsum(alive) - 1 + first, -1)
        found.append(place)
        first += int(alive.sum())
    return found


def _words(
    parts: Sequence[Part],
    places: Sequence[Numbers],
    alive: Sequence[Numbers],
    size: int,
    usual: npt.NDArray[np.float32] | None,
) -> Made:
    terms: dict[str, int] = {}
    keys, counted, lengths = [], [], []
    for part, place, those in zip(parts, places, alive, strict=True):
        word, field, document, occurs = part.segment.occurrences()
        number = np.array([terms.setdefault(term, len(terms)) for term in part.segment.terms_in_order()])
        new = place[document]
        stays = new >= 0
        pair = number[word[stays]] * size + new[stays] if len(word) else np.empty(0, dtype=np.int64)
        keys.append(pair * len(TEXT_FIELDS) + field[stays])
        counted.append(occurs[stays])
        lengths.append(part.segment.arrays["lengths"][:, those].astype(np.int64))
    key = np.concatenate(keys)
    in_order = np.argsort(key)
    return postings(
        key[in_order],
        np.concatenate(counted)[in_order],
        np.concatenate(lengths, axis=1),
        list(terms),
        usual,
    )


def _codes(parts: Sequence[Part], places: Sequence[Numbers]) -> dict[str, Numbers]:
    found: dict[str, list[Numbers]] = {}
    for part, place in zip(parts, places, strict=True):
        for row, key in enumerate(part.segment.code_keys()):
            new = place[part.segment.having(row)]
            if (new >= 0).any():
                found.setdefault(key, []).append(new[new >= 0])
    return {key: np.concatenate(lists) for key, lists in found.items()}


def _unsure(parts: Sequence[Part], places: Sequence[Numbers]) -> dict[str, Numbers]:
    found: dict[str, list[Numbers]] = {}
    for part, place in zip(parts, places, strict=True):
        for field in part.segment.unsure_fields():
            new = place[numbers(part.segment.unsure(field), part.segment.size)]
            found.setdefault(field, []).append(new[new >= 0])
    return {field: np.concatenate(lists) for field, lists in found.items()}


def _points(parts: Sequence[Part], places: Sequence[Numbers]) -> Made:
    owners, points = [], []
    for part, place in zip(parts, places, strict=True):
        owner = place[np.asarray(part.segment.arrays["point_owner"], dtype=np.int64)]
        owners.append(owner[owner >= 0].astype(np.uint32))
        points.append(part.segment.arrays["point"][:, owner >= 0])
    return {"point_owner": np.concatenate(owners), "point": np.concatenate(points, axis=1)}
