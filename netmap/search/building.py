"""From documents to the arrays of a segment. Pure.

Every word of every field becomes a row: the documents where it stands, and what it is worth in each (BM25
without its rarity, which depends on all segments and is put in when a question is asked). Within a row the
documents whose word stands in an earlier field too come last, so that one word is counted once per document.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

from netmap.search.backend import TEXT_FIELDS, TYPE
from netmap.search.bits import Numbers, of_numbers, words_for
from netmap.search.facts import Facts
from netmap.search.points import on_sphere
from netmap.search.segment import APART, CONFIRMED, LIKELY, Segment, code_key, name_key
from netmap.search.spelling import lexicon
from netmap.search.strings import hashes_of, strings

Made = dict[str, npt.NDArray[np.generic]]
Column = Sequence[int] | Numbers
SATURATION, LENGTH = 1.2, 0.75  # k1 and b of BM25 (Robertson and Zaragoza 2009, doi 10.1561/1500000019)
DENSE = 1 / 256  # a code that this share of the documents has is a packed set as well as a list


def build(
    rows: Iterable[Facts], words: Mapping[str, int] | None = None, base: Segment | None = None
) -> Segment:
    """Return the segment of some documents, each of which stands there once.

    Parameters
    ----------
    rows : iterable of Facts
    words : mapping, optional
        The words of all of them as written, with the number of documents that each stands in; looked at
        once all rows have been taken.
    base : Segment, optional
        The large segment that this small one goes with: it gives the usual lengths of fields, and the names
        between which those of the new documents stand in the alphabet.
    """
    taken = _Taken()
    for row in rows:
        taken.add(row)
    usual = base.usual if base is not None and base.size else None
    arrays: Made = {
        **named(taken.ids, taken.names, taken.organisations),
        **words_of(taken.words(), taken.terms(), taken.size, usual),
        **codes_of(taken.codes, taken.size),
        **unsure_of(taken.unsure, taken.size),
        "point_owner": np.array(taken.owners, dtype=np.uint32),
        "point": on_sphere([one[0] for one in taken.points], [one[1] for one in taken.points]),
        "standing": np.array(taken.standing, dtype=np.int8),
        "checked": np.array(taken.checked, dtype=np.int32),
        "rhythm": np.array(taken.rhythms, dtype=np.int32),
        "group": hashes_of(taken.groups),
        **lexicon(words or {}),
        **alphabet(taken.names, taken.organisations, taken.ids, base),
    }
    return Segment(arrays)


class _Taken:
    """Documents as they come in, column by column, so that none has to be kept whole."""

    def __init__(self) -> None:
        self.size = 0
        self.ids: list[str] = []
        self.names: list[str] = []
        self.organisations: list[str] = []
        self.standing: list[int] = []
        self.checked: list[int] = []
        self.rhythms: list[int] = []
        self.groups: list[str] = []
        self.owners: list[int] = []
        self.points: list[Sequence[float]] = []
        self.codes: dict[str, list[int]] = defaultdict(list)
        self.unsure: dict[str, list[int]] = defaultdict(list)
        self._number: dict[str, int] = defaultdict(count().__next__)
        self._words = [array("q") for _field in TEXT_FIELDS]
        self._lengths = [array("q") for _field in TEXT_FIELDS]

    def add(self, row: Facts) -> None:
        number, self.size = self.size, self.size + 1
        self.ids.append(row.id)
        self.names.append(row.name)
        self.organisations.append(row.organisation)
        self.standing.append(row.standing)
        self.checked.append(row.checked)
        self.rhythms.append(row.rhythm)
        self.groups.append(row.group or f"\0{row.id}")  # without a provider it stands for itself
        for point in row.points:
            self.owners.append(number)
            self.points.append(point)
        for key in _code_keys(row):
            self.codes[key].append(number)
        for field in dict.fromkeys(row.unsure):
            self.unsure[field].append(number)
        for place, field in enumerate(TEXT_FIELDS):
            terms = row.terms.get(field, ())
            self._words[place].extend([self._number[term] for term in terms])
            self._lengths[place].append(len(terms))

    def terms(self) -> list[str]:
        return list(self._number)

    def words(self) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Yield for each field its words, by their numbers, and how many each document has."""
        for words, lengths in zip(self._words, self._lengths, strict=True):
            yield np.array(words, dtype=np.int64), np.array(lengths, dtype=np.int64)


def _code_keys(row: Facts) -> dict[str, None]:
    keys = [code_key(TYPE, code) for code in (*row.types, *row.suggested)]
    keys += [code_key(LIKELY, code) for code in row.likely]
    keys += [code_key(CONFIRMED, code) for code in row.types]
    keys += [code_key(field, code) for field, codes in row.codes.items() for code in codes]
    return dict.fromkeys(keys)


def named(ids: Sequence[str], names: Sequence[str], organisations: Sequence[str]) -> Made:
    """Return the texts of documents: what they are found and told apart by."""
    kinds = {"id": ids, "name": names, "organisation": organisations}
    return {f"{kind}.{key}": made for kind, texts in kinds.items() for key, made in strings(texts).items()}


def words_of(
    fields: Iterable[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]],
    terms: Sequence[str],
    size: int,
    usual: npt.NDArray[np.float32] | None,
) -> Made:
    """Return the rows of all words; ``fields`` are as `_Taken.words` gives them."""
    keys, lengths = [], []
    for place, (words, length) in enumerate(fields):
        owners = np.repeat(np.arange(size, dtype=np.int64), length)
        keys.append((words * size + owners) * len(TEXT_FIELDS) + place)
        lengths.append(length)
    found, counted = np.unique(np.concatenate(keys), return_counts=True)
    return postings(found, np.minimum(counted, 65_535).astype(np.uint16), np.stack(lengths), terms, usual)


def postings(
    keys: npt.NDArray[np.int64],
    counted: npt.NDArray[np.uint16],
    lengths: npt.NDArray[np.int64],
    terms: Sequence[str],
    usual: npt.NDArray[np.float32] | None,
) -> Made:
    """Return the rows of words from rising keys (word, document, field) and how often each occurs."""
    size, fields = lengths.shape[1], len(TEXT_FIELDS)
    pairs, field = np.divmod(keys, fields)
    word, document = np.divmod(pairs, max(size, 1))
    again = np.zeros(len(keys), dtype=np.bool_)
    again[1:] = pairs[1:] == pairs[:-1]
    in_order = np.argsort(((word * fields + field) * 2 + again) * max(size, 1) + document)
    word, document, field, again = (one[in_order] for one in (word, document, field, again))
    occurs = counted[in_order]
    if usual is None:
        there = np.maximum((lengths > 0).sum(axis=1), 1)
        usual = np.maximum(lengths.sum(axis=1) / there, 1.0).astype(np.float32)
    longer = 1 - LENGTH + LENGTH * lengths[field, document] / usual[field]
    worth = occurs * (SATURATION + 1) / (occurs + SATURATION * longer)
    row = word * fields + field
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    ends = np.append(starts[1:], len(keys))
    row_again = ends - np.add.reduceat(again, starts, dtype=np.int64) if len(keys) else ends[:0]
    return {
        **{f"term.{key}": made for key, made in strings(terms).items()},
        "term_row": np.searchsorted(word[starts], np.arange(len(terms) + 1)).astype(np.uint32),
        "term_documents": np.bincount(word[~again], minlength=len(terms)).astype(np.uint32),
        "row_field": field[starts].astype(np.uint8),
        "row_start": np.append(starts, len(keys)).astype(np.int64),
        "row_again": row_again,
        "posting": document.astype(np.uint32),
        "worth": worth.astype(np.float32),
        "occurs": occurs,
        "lengths": np.minimum(lengths, 65_535).astype(np.uint16),
        "usual": usual,
    }


def codes_of(lists: Mapping[str, Column], size: int) -> Made:
    """Return the documents of each code, field by field and code by code in alphabetical order."""
    keys = sorted(lists)
    sizes = np.array([len(lists[key]) for key in keys], dtype=np.int64)
    documents = [np.asarray(lists[key], dtype=np.uint32) for key in keys]
    dense = np.flatnonzero(sizes >= DENSE * size)
    place = np.full(len(keys), -1, dtype=np.int32)
    place[dense] = np.arange(len(dense))
    sets = [of_numbers(documents[number], size) for number in dense]
    flat = np.concatenate([*documents, np.empty(0, dtype=np.uint32)]).astype(np.uint32)
    of_document = np.argsort(flat, kind="stable")
    return {
        **{f"code.{key}": made for key, made in strings(keys).items()},
        "document_codes": np.repeat(np.arange(len(keys), dtype=np.uint32), sizes)[of_document],
        "document_start": flat[of_document].searchsorted(np.arange(size + 1, dtype=np.uint32)),
        "code_start": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        "code_documents": flat,
        "code_dense": place,
        "code_bits": np.stack(sets) if sets else np.zeros((0, words_for(size)), dtype=np.uint64),
    }


def unsure_of(lists: Mapping[str, Column], size: int) -> Made:
    """Return the documents of which nobody knows everything, field by field."""
    names = sorted(lists)
    sets = [of_numbers(np.asarray(lists[name], dtype=np.int64), size) for name in names]
    return {
        **{f"unsure.{key}": made for key, made in strings(names).items()},
        "unsure_bits": np.stack(sets) if sets else np.zeros((0, words_for(size)), dtype=np.uint64),
    }


def alphabet(
    names: Sequence[str], organisations: Sequence[str], ids: Sequence[str], base: Segment | None
) -> Made:
    """Return the place of each document in the order of names, that of a small segment among its base."""
    keys = [name_key(*row) for row in zip(names, organisations, ids, strict=True)]
    by_name = sorted(range(len(keys)), key=keys.__getitem__)
    order = np.zeros(len(keys), dtype=np.int64)
    last, within = -1, 0
    for rank, number in enumerate(by_name):
        if base is None:
            order[number] = (rank + 1) * APART
            continue
        before = base.before(keys[number])
        within = within + 1 if before == last else 1
        order[number], last = before * APART + within, before
    return {"order": order, "by_name": np.array(by_name, dtype=np.uint32)}
