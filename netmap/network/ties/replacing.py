"""Who could stand in for whom: the providers that are there for the same people in the same places. Pure.

From the matrix A of providers x (service type, area), the product with its own transpose counts how many
columns two providers share (Breiger 1974). That is the projection of the two-mode graph, without making a
clique of links for each column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

BLOCK = 1_000  # rows multiplied at once: the whole product of a large network would fill the memory
MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Replaceable:
    """What of a provider others cover too: ``others`` are (provider, columns shared), the most first."""

    provider: str
    covers: int
    alone: int
    others: tuple[tuple[str, int], ...]


def replaceable(
    providers: Sequence[str], there: sparse.csr_array, most: int = MOST_OTHERS
) -> list[Replaceable]:
    """Return for each provider what it covers, what nobody else does, and who shares most with it.

    Parameters
    ----------
    providers : sequence of str
        One for each row.
    there : sparse array of shape (providers, columns)
        1 where a provider is there.
    most : int
        How many others are named.
    """
    ones = sparse.csr_array(there.astype(np.bool_).astype(np.int32))
    covered = np.asarray(ones.sum(axis=0)).ravel()
    covers = np.asarray(ones.sum(axis=1)).ravel()
    alone = ones @ (covered == 1).astype(np.int32)
    turned = ones.T.tocsr()
    found: list[Replaceable] = []
    for start in range(0, len(providers), BLOCK):
        shared = sparse.csr_array(ones[start : start + BLOCK] @ turned)
        for row in range(shared.shape[0]):
            number = start + row
            others = slice(shared.indptr[row], shared.indptr[row + 1])
            nearest = _most(shared.indices[others], shared.data[others], number, most)
            named = tuple((providers[other], count) for other, count in nearest)
            found.append(Replaceable(providers[number], int(covers[number]), int(alone[number]), named))
    return found


def _most(columns: np.ndarray, counts: np.ndarray, itself: int, most: int) -> list[tuple[int, int]]:
    """Return the columns with the highest counts without the row itself; equal ones in their order."""
    order = np.lexsort((columns, -counts))[: most + 1]
    pairs = [(int(columns[place]), int(counts[place])) for place in order]
    return [pair for pair in pairs if pair[0] != itself][:most]
