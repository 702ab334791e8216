"""Documents and their words as read-only arrays, in memory or mapped from a file. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from netmap.search.bits import Bits, Numbers, none, of_numbers
from netmap.search.points import Reals, chords
from netmap.search.strings import Strings

APART = 4096  # places in the alphabet between two documents of the base: for those of the small segment
BETWEEN = "\x1f"  # between a field and a code; stands in no code
CONFIRMED = "\x00confirmed"  # the field of types that a person confirmed
LIKELY = "\x00likely"  # and of those that the machine is rather sure of
MOST_KEPT = 24_000_000  # bytes of sets of codes that are kept once worked out


class Row(NamedTuple):
    """Where a word stands in one field; from ``again`` on in documents that an earlier field had as well."""

    field: int
    documents: npt.NDArray[np.uint32]
    worth: npt.NDArray[np.float32]
    again: int


def code_key(field: str, code: str) -> str:
    """Return the one text for a code of a field."""
    return f"{field}{BETWEEN}{code}"


def name_key(name: str, organisation: str, one: str) -> bytes:
    """Return what documents are put in order by, to the last tie."""
    return "\0".join((name, organisation, one)).encode("utf-8", "surrogatepass")


class Segment:
    """Some documents, numbered from 0, and everything that ranking, filters and counts ask of them."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self.arrays = arrays
        held: Any = arrays  # each array has its own type, see `building`
        self.ids = Strings(arrays, "id.")
        self.names = Strings(arrays, "name.")
        self.organisations = Strings(arrays, "organisation.")
        self._terms = Strings(arrays, "term.")
        self._codes = Strings(arrays, "code.")
        self._unsure_rows = {field: row for row, field in enumerate(Strings(arrays, "unsure.").all())}
        self.size = len(self.ids)
        self.standing: npt.NDArray[np.int8] = held["standing"]
        self.checked: npt.NDArray[np.int32] = held["checked"]
        self.rhythm: npt.NDArray[np.int32] = held["rhythm"]
        self.group: npt.NDArray[np.uint64] = held["group"]
        self.order: Numbers = held["order"]
        self.usual: npt.NDArray[np.float32] = held["usual"]
        self._held = held
        self.kept: dict[object, object] = {}
        self._kept_bytes = 0

    def terms(self, terms: list[str]) -> tuple[Numbers, Numbers]:
        """Return the number of each term, -1 where it does not occur, and in how many documents it stands."""
        found = self._terms.find(terms)
        documents = np.zeros(len(terms), dtype=np.int64)
        there = found >= 0
        documents[there] = self._held["term_documents"][found[there]]
        return found, documents

    def rows(self, term: int) -> Iterator[Row]:
        """Yield where a term stands, field by field."""
        held = self._held
        for row in range(int(held["term_row"][term]), int(held["term_row"][term + 1])):
            first, again, last = held["row_start"][row], held["row_again"][row], held["row_start"][row + 1]
            part = slice(first, last)
            yield Row(
                int(held["row_field"][row]), held["posting"][part], held["worth"][part], int(again - first)
            )

    def terms_in_order(self) -> list[str]:
        """Return every term by its number."""
        return self._terms.all()

    def occurrences(self) -> tuple[Numbers, Numbers, Numbers, npt.NDArray[np.uint16]]:
        """Return all that is written of words: term, field, document and how often, one after another."""
        held = self._held
        lengths = np.diff(held["row_start"])
        of_term = np.repeat(np.arange(len(self._terms)), np.diff(held["term_row"].astype(np.int64)))
        word, field = np.repeat(of_term, lengths), np.repeat(held["row_field"], lengths)
        return word, field.astype(np.int64), held["posting"].astype(np.int64), held["occurs"]

    def terms_of(self, documents: Numbers) -> tuple[Numbers, Numbers]:
        """Return the numbers of the terms that stand in any of some documents, rising, and in how many."""
        if not len(documents):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        held, wanted = self._held, np.zeros(self.size, dtype=np.bool_)
        wanted[documents] = True
        places = np.flatnonzero(wanted[held["posting"]])
        rows = held["row_start"].searchsorted(places, side="right") - 1
        first = rows[places < held["row_again"][rows]]
        terms = held["term_row"].searchsorted(first, side="right") - 1
        return np.unique(terms, return_counts=True)

    def code_keys(self) -> list[str]:
        """Return every field and code together by its row."""
        return self._codes.all()

    def unsure_fields(self) -> list[str]:
        """Return the fields of which nobody knows everything in some document."""
        return list(self._unsure_rows)

    def code_rows(self, field: str) -> range:
        """Return the numbers of the codes of a field, which stand in alphabetical order."""
        return self._fields.get(field, range(0))

    @cached_property
    def _fields(self) -> dict[str, range]:
        found: dict[str, range] = {}
        for number, key in enumerate(self._codes.all()):
            field = key.split(BETWEEN, 1)[0]
            first = found[field].start if field in found else number
            found[field] = range(first, number + 1)
        return found

    def code(self, number: int) -> str:
        """Return a code without its field."""
        return self._codes[number].split(BETWEEN, 1)[1]

    def having(self, row: int) -> npt.NDArray[np.uint32]:
        """Return the documents that have a code, rising."""
        start = self._held["code_start"]
        found: npt.NDArray[np.uint32] = self._held["code_documents"][start[row] : start[row + 1]]
        return found

    def code_counts(self, documents: Numbers) -> Numbers:
        """Return for every code, by its row, how many of some documents have it."""
        first = self._held["document_start"][documents]
        many = self._held["document_start"][documents + 1] - first
        places = np.arange(many.sum()) + np.repeat(first - np.cumsum(many) + many, many)
        return np.bincount(self._held["document_codes"][places], minlength=len(self._codes))

    def is_dense(self, row: int) -> bool:
        """Return whether a code has so many documents that it is held as a packed set as well."""
        return bool(self._held["code_dense"][row] >= 0)

    def sets(self, rows: list[int]) -> Bits:
        """Return the packed sets of dense codes that follow each other, as rows of a matrix."""
        places = self._held["code_dense"][rows]
        first = int(places[0]) if len(places) else 0
        found: Bits = self._held["code_bits"][first : first + len(places)]
        return found

    def documents_of(self, field: str, code: str) -> npt.NDArray[np.uint32]:
        """Return the documents that have a code of a field, rising."""
        (row,) = self._codes.find([code_key(field, code)])
        return self.having(int(row)) if row >= 0 else np.empty(0, dtype=np.uint32)

    def any_of(self, field: str, codes: frozenset[str]) -> Bits:
        """Return the set of documents that have any of the codes; it is remembered, so never write to it."""
        key = field, codes
        kept = self.kept.get(key)
        if not isinstance(kept, np.ndarray):
            rows = self._codes.find([code_key(field, code) for code in codes])
            kept = self._union(int(row) for row in rows if row >= 0)
            self.remember(key, kept)
        return kept

    def remember(self, key: object, bits: Bits) -> None:
        """Keep what was worked out; where that becomes too much, everything is forgotten."""
        if self._kept_bytes + bits.nbytes > MOST_KEPT:
            self.kept, self._kept_bytes = {}, 0
        self.kept[key] = bits
        self._kept_bytes += bits.nbytes

    def _union(self, rows: Iterable[int]) -> Bits:
        found, lists = none(self.size), []
        for row in rows:
            place = self._held["code_dense"][row]
            if place >= 0:
                found |= self._held["code_bits"][place]
            else:
                lists.append(self.having(row))
        return found | of_numbers(np.concatenate(lists), self.size) if lists else found

    def unsure(self, field: str) -> Bits:
        """Return the set of documents of which nobody knows everything about a field."""
        row = self._unsure_rows.get(field)
        bits: Bits = none(self.size) if row is None else self._held["unsure_bits"][row]
        return bits

    def numbers_of(self, ids: Iterable[str]) -> Numbers:
        """Return the numbers of those documents that are here."""
        found = self.ids.find(list(ids))
        return found[found >= 0]

    def chords(self, point: tuple[float, float], documents: Numbers) -> Reals:
        """Return the squared chord to the nearest place of each document; infinite where none is known."""
        first, last = self._point_starts[documents], self._point_starts[documents + 1]
        nearest = np.full(len(documents), np.inf)
        for turn in range(int((last - first).max(initial=0))):
            there = np.flatnonzero(first + turn < last)
            found = chords(self._held["point"][:, first[there] + turn], point)
            nearest[there] = np.minimum(nearest[there], found)
        return nearest

    @cached_property
    def _point_starts(self) -> Numbers:
        """Where the points of each document begin, and where those of the last one end."""
        starts: Numbers = self._held["point_owner"].searchsorted(np.arange(self.size + 1, dtype=np.uint32))
        return starts

    def before(self, key: bytes) -> int:
        """Return how many documents stand before a name key in the alphabet."""
        by_name = self._held["by_name"]
        first, last = 0, self.size
        while first < last:
            middle = (first + last) // 2
            number = int(by_name[middle])
            if (
                b"\0".join((self.names.raw(number), self.organisations.raw(number), self.ids.raw(number)))
                < key
            ):
                first = middle + 1
            else:
                last = middle
        return first
