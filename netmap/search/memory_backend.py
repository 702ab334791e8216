"""A search engine without any files, over documents held in memory.

It ranks the few candidates that the database gives while the index is being repaired, and in tests it stands
beside the embedded engine. For a whole directory it would be slow to start.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from netmap.search.asked import Part, part_of
from netmap.search.backend import Document, Page, Query
from netmap.search.bits import Bits, pack
from netmap.search.building import build
from netmap.search.facts import digest_of, facts_of
from netmap.search.ranking import rank
from netmap.search.spelling import SHORTEST, counted, likest


class MemoryBackend:
    """A search engine over the documents that were put into it."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._part: Part | None = None

    def put(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of the one with its id; return how many."""
        latest = {document.id: document for document in documents}
        self._documents.update(latest)
        self._part = None
        return len(latest)

    def drop(self, ids: Iterable[str]) -> None:
        """Remove documents; an id that is not there is no error."""
        for one in ids:
            self._documents.pop(one, None)
        self._part = None

    def clear(self) -> None:
        """Remove everything."""
        self.rebuild(())

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Put these in place of everything; return how many."""
        self._documents = {document.id: document for document in documents}
        self._part = None
        return len(self._documents)

    def ready(self) -> bool:
        """Return that there is something to ask: there always is."""
        return True

    def search(self, query: Query) -> Page:
        """Return the documents that answer the query, the best first."""
        part = self._whole()
        return rank([part], query, [self._exact(query)] if any(query.exact) else None)

    def values(self, field: str) -> tuple[str, ...]:
        """Return every code that occurs in a field, in alphabetical order."""
        segment = self._whole().segment
        return tuple(segment.code(row) for row in segment.code_rows(field))

    def similar_words(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Return words that stand in documents and are spelt like this one, the likeliest first."""
        return tuple(likest(word, self._words())[: max(limit, 0)])

    def words_from(self, beginning: str, limit: int = 20) -> tuple[str, ...]:
        """Return words that begin like this, those in most documents first."""
        if len(beginning) < SHORTEST:
            return ()
        found = [(-number, word) for word, number in self._words().items() if word.startswith(beginning)]
        return tuple(word for _number, word in sorted(found)[: max(limit, 0)])

    def digests(self) -> Mapping[str, str]:
        """Return id -> digest of every document."""
        return {one: digest_of(document) for one, document in self._documents.items()}

    def _whole(self) -> Part:
        if self._part is None:
            rows = (facts_of(document) for document in self._documents.values())
            self._part = part_of(build(rows))
        return self._part

    def _words(self) -> Counter[str]:
        return counted(document.words for document in self._documents.values())

    def _exact(self, query: Query) -> Bits:
        texts = [f" {' '.join(document.words)} " for document in self._documents.values()]
        wanted = [f" {' '.join(phrase)} " for phrase in query.exact if phrase]
        return pack(np.array([all(one in text for one in wanted) for text in texts], dtype=np.bool_))
