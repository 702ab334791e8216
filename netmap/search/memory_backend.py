"""A search engine without any index, over documents held in memory.

It ranks the few candidates that the database gives while the index is being repaired, and it is the twin of
the embedded engine in tests. For a whole directory it would be slow.
"""

import math
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from netmap.search.backend import Document, Page, Query
from netmap.search.columns import Columns, facts_of
from netmap.search.ranking import FIELD_WEIGHTS, Posting, rank


class MemoryBackend:
    """A search engine over the documents that were put into it."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}

    def put(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of the one with its id; return how many."""
        latest = {document.id: document for document in documents}
        self._documents.update(latest)
        return len(latest)

    def drop(self, ids: Iterable[str]) -> None:
        """Remove documents; an id that is not there is no error."""
        for one in ids:
            self._documents.pop(one, None)

    def clear(self) -> None:
        """Remove everything."""
        self._documents.clear()

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Put these in place of everything; return how many."""
        self._documents = {document.id: document for document in documents}
        return len(self._documents)

    def ready(self) -> bool:
        """Return that there is something to ask: there always is."""
        return True

    def search(self, query: Query) -> Page:
        """Return the documents that answer the query, the best first."""
        documents = list(self._documents.values())
        columns = Columns([facts_of(document) for document in documents])
        asked = ((term, _posting(documents, term)) for term in (*query.terms, *query.kin))
        found = {term: posting for term, posting in asked if posting is not None}
        return rank(columns, found, query)


def _posting(documents: list[Document], term: str) -> Posting | None:
    """Return where a term stands: its rarity times a count per field that further occurrences saturate."""
    counts: dict[int, float] = defaultdict(float)
    for number, document in enumerate(documents):
        for name, weight in FIELD_WEIGHTS.items():
            occurrences = sum(one == term for one in document.terms.get(name, ()))
            if occurrences:
                counts[number] += weight * 2 * occurrences / (occurrences + 1)
    if not counts:
        return None
    rarity = math.log(1 + len(documents) / len(counts))
    return Posting(np.array(list(counts), dtype=np.int64), np.array(list(counts.values())) * rarity, rarity)
