"""Sets of documents as packed bits: 64 documents in a word, so AND, OR and counting cost little. Pure."""

from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
FEW = 4  # sets with fewer than one word in so many are looked at word by word

Numbers = npt.NDArray[np.integer[Any]]


def words_for(size: int) -> int:
    """Return how many words hold one bit for each of ``size`` documents."""
    return (size + 63) // 64


def none(size: int) -> Bits:
    """Return the empty set."""
    return np.zeros(words_for(size), dtype=np.uint64)


def pack(mask: Mask) -> Bits:
    """Return the set of the documents whose place in the mask is true.

    Examples
    --------
    >>> numbers(pack(np.array([True, False, True])), 3).tolist()
    [0, 2]
    """
    packed = np.zeros(words_for(len(mask)) * 8, dtype=np.uint8)
    found = np.packbits(mask, bitorder="little")
    packed[: len(found)] = found
    return packed.view(np.uint64)


def of_numbers(documents: Numbers, size: int) -> Bits:
    """Return the set of the documents with these numbers."""
    mask = np.zeros(size, dtype=np.bool_)
    mask[documents] = True
    return pack(mask)


def mask_of(bits: Bits, size: int) -> Mask:
    """Return the set as one truth value per document."""
    return np.unpackbits(bits.view(np.uint8), count=size, bitorder="little").view(np.bool_)


def numbers(bits: Bits, size: int) -> Numbers:
    """Return the numbers of the documents in the set, rising."""
    filled = np.flatnonzero(bits)
    if len(filled) * FEW >= len(bits):
        return np.flatnonzero(mask_of(bits, size))
    places = np.flatnonzero(mask_of(bits[filled], len(filled) * 64))
    return np.asarray((filled[places >> 6] << 6) + (places & 63))


def among(bits: Bits, documents: Numbers) -> Mask:
    """Return which of some documents are in the set."""
    found = bits.view(np.uint8)[documents >> 3] >> (documents & 7).astype(np.uint8)
    return cast(Mask, (found & np.uint8(1)).view(np.bool_))


def count(bits: Bits) -> int:
    """Return how many documents are in the set.

    Examples
    --------
    >>> count(of_numbers(np.array([1, 70]), 100))
    2
    """
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


class Within:
    """A set that others are counted in, with what all these counts need."""

    def __init__(self, bits: Bits, size: int) -> None:
        self.bits = bits
        self._size = size

    def counts(self, rows: Bits) -> Numbers:
        """Return for each row of a matrix of sets how many of its documents are in this one."""
        filled, within = self._filled, self.bits
        if len(filled) * FEW < len(within):
            rows, within = rows[:, filled], within[filled]
        found: Numbers = np.bitwise_count(rows & within).sum(axis=-1, dtype=np.int32)
        return found

    @cached_property
    def _filled(self) -> Numbers:
        return np.flatnonzero(self.bits)

    @cached_property
    def count(self) -> int:
        """How many documents are in the set."""
        return count(self.bits)

    @cached_property
    def documents(self) -> Numbers:
        """The numbers of the documents in the set, rising."""
        return numbers(self.bits, self._size)

    @cached_property
    def mask(self) -> Mask:
        """The set as one truth value per document."""
        return mask_of(self.bits, self._size)
