"""bm25s, which ranks with numpy, beside packed bits per code: all in memory, and built anew for any change.

It has no fields, so all words of a document are one bag; that makes its question a little easier.
"""

import pickle
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from benchmarks.peers.asked import COUNTED, TOP, WORD_WEIGHTS, Asked, Found, all_codes, passing
from netmap.search.backend import Document

Bits = npt.NDArray[np.uint8]


class Bm25s:
    """The index as bm25s saves it, and a file of bits per code."""

    name, changes = "bm25s + numpy", False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def version() -> str:
        return f"bm25s {bm25s.__version__}"

    def build(self, documents: Sequence[Document]) -> None:
        index = bm25s.BM25()
        index.index([_words(one) for one in documents], show_progress=False)
        index.save(self._folder, show_progress=False)
        standing: dict[tuple[str, str], list[int]] = {}
        for number, document in enumerate(documents):
            for key in all_codes(document):
                standing.setdefault(key, []).append(number)
        np.save(
            self._folder / "bits.npy", np.array([_packed(one, len(documents)) for one in standing.values()])
        )
        (self._folder / "names").write_bytes(pickle.dumps((list(standing), [one.id for one in documents])))

    def open(self) -> "_Reader":
        return _Reader(self._folder)

    def put(self, document: Document) -> None:
        raise NotImplementedError

    def close(self) -> None: ...


def _words(document: Document) -> list[str]:
    return [term for field in WORD_WEIGHTS for term in document.terms[field]]


def _packed(numbers: Sequence[int], size: int) -> Bits:
    standing = np.zeros(size, dtype=np.bool_)
    standing[list(numbers)] = True
    return np.packbits(standing)


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        bits = np.load(folder / "bits.npy", mmap_mode="r")
        names, self._ids = pickle.loads((folder / "names").read_bytes())
        self._bits = {key: bits[place] for place, key in enumerate(names)}
        places = {field: [place for place, key in enumerate(names) if key[0] == field] for field in COUNTED}
        self._of = {field: ([names[one][1] for one in own], bits[own]) for field, own in places.items()}

    def ask(self, asked: Asked) -> Found:
        known = [term for term in asked.terms if term in self._index.vocab_dict]
        if not known:
            return Found(0, (), {field: {} for field in asked.counted})
        scores = self._index.get_scores(known)
        worded = np.packbits(scores > 0)
        kept = self._filtered(worded, asked.only)
        numbers = np.flatnonzero(np.unpackbits(kept, count=len(self._ids)))
        own = scores[numbers]
        best = np.argpartition(-own, TOP)[:TOP] if len(own) > TOP else np.arange(len(own))
        best = best[np.argsort(-own[best], kind="stable")]
        counts = {}
        for fields, only in asked.rounds():
            counted = kept if only == asked.only else self._filtered(worded, only)
            counts.update({field: self._counts(field, counted) for field in fields})
        return Found(len(numbers), tuple(self._ids[one] for one in numbers[best]), counts)

    def _filtered(self, worded: Bits, only: object) -> Bits:
        kept = worded
        for field, codes in only.items():  # type: ignore[attr-defined]
            rows = [self._bits[field, code] for code in passing(codes) if (field, code) in self._bits]
            kept = kept & np.bitwise_or.reduce(rows)
        return kept

    def _counts(self, field: str, counted: Bits) -> dict[str, int]:
        codes, bits = self._of[field]
        sums = np.bitwise_count(bits & counted).sum(axis=1, dtype=np.int64)
        return {code: int(found) for code, found in zip(codes, sums, strict=True) if found}

    def refresh(self) -> None: ...

    def processes(self) -> Sequence[int]:
        return ()
