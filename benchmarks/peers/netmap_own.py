"""netmap's own engine, asked as the others are.

As it ships, netmap leaves out what shares only the commonest words of a question (``TAIL``); the others do
not. ``AnyWord`` is the same engine over the same index with that rule switched off: it has more to rank,
filter and count, and its totals and counts must be those of all others. Ratios are to this one.
"""

from collections.abc import Sequence
from pathlib import Path

import netmap
from benchmarks.made_up_documents import TODAY
from benchmarks.peers.asked import NOT_KNOWN, TOP, Asked, Found
from netmap.search import relevance
from netmap.search.backend import Document, Facet, Filter, Query
from netmap.search.whoosh_backend import WhooshBackend

AS_SHIPPED = relevance.TAIL


class Netmap:
    """The engine that netmap uses where nothing else is set up."""

    name, changes = "netmap", True
    tail = AS_SHIPPED

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._backend = WhooshBackend(folder / "index")

    @staticmethod
    def version() -> str:
        return f"netmap {netmap.__version__}"

    def build(self, documents: Sequence[Document]) -> None:
        self._backend.rebuild(documents)

    def open(self) -> "NetmapReader":
        return NetmapReader(WhooshBackend(self._folder / "index"), self.tail)

    def put(self, document: Document) -> None:
        self._backend.put([document])

    def close(self) -> None: ...


class AnyWord(Netmap):
    """The same, where any word is enough to be found."""

    name = "netmap, any word"
    tail = 0.0


class NetmapReader:
    """A backend that reads what another one has written."""

    def __init__(self, backend: WhooshBackend, tail: float) -> None:
        self.backend, self._tail = backend, tail
        backend.search(Query(("zzz",), limit=0))  # opened at the first question

    def ask(self, asked: Asked) -> Found:
        usual, relevance.TAIL = relevance.TAIL, self._tail
        try:
            page = self.backend.search(query_of(asked))
        finally:
            relevance.TAIL = usual
        counts = {name: dict(values) for name, values in page.facets.items()}
        for name, unsure in page.unsure.items():
            if unsure:
                counts[name][NOT_KNOWN] = unsure
        return Found(page.total, tuple(hit.id for hit in page.hits), counts)

    def refresh(self) -> None: ...

    def processes(self) -> Sequence[int]:
        return ()


def query_of(asked: Asked) -> Query:
    """Return the question as netmap's engines get it."""
    return Query(
        terms=asked.terms,
        only=tuple(Filter(field, codes) for field, codes in asked.only.items()),
        facets=tuple(Facet(field, field) for field in asked.counted),
        today=TODAY,
        limit=TOP,
    )
