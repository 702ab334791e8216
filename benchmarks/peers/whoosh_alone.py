"""Whoosh by itself: its BM25F, filters as its queries, counts by its own facets.

Its parser is left out, for words come analysed. A field that is filtered is counted by a search of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import whoosh
from whoosh import index as whoosh_index
from whoosh.fields import ID, KEYWORD, Schema
from whoosh.query import And, ConstantScoreQuery, Or, Query, Term
from whoosh.scoring import BM25F
from whoosh.sorting import Count, FieldFacet

from benchmarks.peers.asked import COUNTED, TOP, WORD_WEIGHTS, Asked, Found, codes_of, passing
from netmap.search.backend import Document

MEMORY_MB = 256


class Whoosh:
    """An index on disk, written by one process."""

    name, changes = "Whoosh alone", True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def version() -> str:
        return f"Whoosh {'.'.join(map(str, whoosh.__version__))}"

    def build(self, documents: Sequence[Document]) -> None:
        words = {name: KEYWORD(scorable=True) for name in WORD_WEIGHTS}
        codes = {name: KEYWORD(commas=True) for name in COUNTED}
        schema = Schema(id=ID(unique=True, stored=True), **words, **codes)
        writer = whoosh_index.create_in(self._folder, schema).writer(limitmb=MEMORY_MB)
        for document in documents:
            writer.add_document(**_fields(document))
        writer.commit(optimize=True)

    def open(self) -> "_Reader":
        return _Reader(whoosh_index.open_dir(self._folder))

    def put(self, document: Document) -> None:
        writer = whoosh_index.open_dir(self._folder).writer()
        writer.update_document(**_fields(document))
        writer.commit()

    def close(self) -> None: ...


def _fields(document: Document) -> dict[str, str]:
    words = {name: " ".join(document.terms[name]) for name in WORD_WEIGHTS}
    codes = {name: ",".join(codes_of(document, name)) for name in COUNTED}
    return {"id": document.id, **{name: text for name, text in {**words, **codes}.items() if text}}


class _Reader:
    def __init__(self, index: Any) -> None:
        self._searcher = index.searcher(weighting=BM25F())

    def ask(self, asked: Asked) -> Found:
        words = Or(
            [Term(name, term, boost=weight) for term in asked.terms for name, weight in WORD_WEIGHTS.items()]
        )
        page, counts = None, dict[str, Mapping[str, int]]()
        for fields, only in asked.rounds():
            found = self._search(words, only, fields)
            counts.update({field: _counts(found.groups(field)) for field in fields})
            page = found if only == asked.only else page
        if page is None:
            page = self._search(words, asked.only, ())
        return Found(
            len(page), tuple(hit["id"] for hit in page[:TOP]), counts
        )  # it ranks all where it counts

    def _search(self, words: Query, only: Mapping[str, frozenset[str]], fields: Iterable[str]) -> Any:
        asked = [Or([Term(field, code) for code in passing(codes)]) for field, codes in only.items()]
        facets = {field: FieldFacet(field, allow_overlap=True, maptype=Count) for field in fields}
        return self._searcher.search(
            words,
            limit=TOP,
            filter=ConstantScoreQuery(And(asked)) if asked else None,
            groupedby=facets or None,
        )

    def refresh(self) -> None:
        self._searcher = self._searcher.refresh()

    def processes(self) -> Sequence[int]:
        return ()


def _counts(groups: Mapping[str | None, int]) -> dict[str, int]:
    """Return the counts without that of the documents that have no code."""
    return {code: count for code, count in groups.items() if code is not None}
