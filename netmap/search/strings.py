"""Many short texts as arrays: the bytes one after another, and a sorted hash of each to find it. Pure.

A Python dict of a hundred thousand words would lie in every process for itself; arrays that are mapped from a
file are shared. The text itself is compared after its hash, so two texts with one hash are no danger.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[np.generic]]
NOWHERE = -1


def encoded(text: str) -> bytes:
    """Return the bytes of any text, half a surrogate pair among them."""
    return text.encode("utf-8", "surrogatepass")


def hash_of(text: str) -> int:
    """Return 64 bits that are the same in every process."""
    return int.from_bytes(_digest(text), "little")


def hashes_of(texts: Iterable[str]) -> npt.NDArray[np.uint64]:
    """Return the hash of each text."""
    return np.frombuffer(b"".join(map(_digest, texts)), dtype="<u8")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(encoded(text), digest_size=8).digest()


def strings(texts: Sequence[str]) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays that a `Strings` reads."""
    parts = [encoded(text) for text in texts]
    ends = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=ends[1:])
    hashes = hashes_of(texts)
    order = np.argsort(hashes, kind="stable")
    return {
        "letters": np.frombuffer(b"".join(parts), dtype=np.uint8),
        "ends": ends,
        "hashes": hashes[order],
        "order": order.astype(np.uint32),
    }


class Strings:
    """Texts that can be read by their number and found by their letters.

    Examples
    --------
    >>> kept = Strings(strings(["loan", "debt"]))
    >>> kept[1], kept.find(["debt", "rent"]).tolist(), len(kept)
    ('debt', [1, -1], 2)
    """

    def __init__(self, arrays: Arrays, prefix: str = "") -> None:
        self._letters = arrays[prefix + "letters"]
        self._ends = arrays[prefix + "ends"]
        self._hashes = arrays[prefix + "hashes"]
        self._order = arrays[prefix + "order"]

    def __len__(self) -> int:
        return len(self._order)

    def raw(self, number: int) -> bytes:
        """Return the bytes of one text."""
        return self._letters[self._ends[number] : self._ends[number + 1]].tobytes()

    def __getitem__(self, number: int) -> str:
        return self.raw(number).decode("utf-8", "surrogatepass")

    def all(self) -> list[str]:
        """Return every text by its number."""
        whole = self._letters.tobytes()
        return [
            whole[first:last].decode("utf-8", "surrogatepass")
            for first, last in pairwise(self._ends.tolist())
        ]

    def every(self, text: str) -> list[int]:
        """Return the numbers of all texts that are this one, where texts may stand there more than once."""
        wanted, hashed = encoded(text), np.uint64(hash_of(text))
        first, last = self._hashes.searchsorted(hashed), self._hashes.searchsorted(hashed, side="right")
        found = (int(number) for number in self._order[first:last])
        return [number for number in found if self.raw(number) == wanted]

    def hashed(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Return the numbers of the texts with these hashes, as far as there are any."""
        if not len(self):
            return np.empty(0, dtype=np.int64)
        places = np.minimum(self._hashes.searchsorted(hashes), len(self) - 1)
        there = places[self._hashes[places] == hashes]
        return np.asarray(self._order[there], dtype=np.int64)

    def find(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the number of each text, or -1."""
        found = np.full(len(texts), NOWHERE, dtype=np.int64)
        if not len(self) or not texts:
            return found
        hashes = hashes_of(texts)
        places = self._hashes.searchsorted(hashes)
        there = self._hashes[np.minimum(places, len(self) - 1)] == hashes
        for place in np.flatnonzero(there).tolist():
            wanted, at = encoded(texts[place]), int(places[place])
            while at < len(self) and self._hashes[at] == hashes[place]:
                if self.raw(int(self._order[at])) == wanted:
                    found[place] = self._order[at]
                    break
                at += 1
        return found
