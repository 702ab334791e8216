"""tantivy (Rust): five weighted fields of words, a field of codes each for filters and counts.

``OneField`` is the leanest question it can be asked: all words of a document in one field, no weights.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.peers.asked import COUNTED, TOP, WORD_WEIGHTS, Asked, Found, codes_of, passing
from netmap.search.backend import Document

HEAP = 512 * 1024 * 1024  # one segment for all of it
MOST_CODES = 1000


class Tantivy:
    """An index on disk; one writer kept open, as a server would."""

    name, changes = "tantivy", True
    fields: Mapping[str, float] = WORD_WEIGHTS

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: Any = None

    @staticmethod
    def version() -> str:
        return f"tantivy {version('tantivy')}"

    def build(self, documents: Sequence[Document]) -> None:
        self._index = tantivy.Index(self._schema(), path=str(self._folder))
        self._writer = self._index.writer(heap_size=HEAP, num_threads=1)
        for document in documents:
            self._writer.add_document(self._made(document))
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._writer = None

    def _schema(self) -> Any:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", tokenizer_name="raw", stored=True, index_option="basic")
        for name in self.fields:
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        for name in COUNTED:
            builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
        return builder.build()

    def _made(self, document: Document) -> Any:
        made = tantivy.Document()
        made.add_text("id", document.id)
        for name, text in self._texts(document).items():
            made.add_text(name, text)
        for field in COUNTED:
            for code in codes_of(document, field):
                made.add_text(field, code)
        return made

    def _texts(self, document: Document) -> Mapping[str, str]:
        return {name: " ".join(document.terms[name]) for name in WORD_WEIGHTS}

    def open(self) -> "_Reader":
        return _Reader(tantivy.Index.open(str(self._folder)), self.fields)

    def put(self, document: Document) -> None:
        if self._writer is None:
            self._writer = tantivy.Index.open(str(self._folder)).writer(num_threads=1)
        self._writer.delete_documents_by_term("id", document.id)
        self._writer.add_document(self._made(document))
        self._writer.commit()

    def close(self) -> None:
        self._writer = None


class OneField(Tantivy):
    """All words in one field."""

    name = "tantivy, one field"
    fields: Mapping[str, float] = {"all": 1.0}

    def _texts(self, document: Document) -> Mapping[str, str]:
        return {"all": " ".join(super()._texts(document).values())}


class _Reader:
    def __init__(self, index: Any, fields: Mapping[str, float]) -> None:
        self._index, self._schema, self._fields = index, index.schema, fields
        self._searcher = index.searcher()

    def ask(self, asked: Asked) -> Found:
        words = self._words(asked.terms)
        page = self._searcher.search(self._filtered(words, asked.only), TOP, count=True)
        counts: dict[str, dict[str, int]] = {}
        for fields, only in asked.rounds():
            terms = {field: {"terms": {"field": field, "size": MOST_CODES}} for field in fields}
            found = self._searcher.aggregate(self._filtered(words, only), terms)
            for field in fields:
                counts[field] = {one["key"]: one["doc_count"] for one in found[field]["buckets"]}
        ids = [self._searcher.doc(address)["id"][0] for _score, address in page.hits]
        return Found(page.count, tuple(ids), counts)

    def _words(self, terms: Sequence[str]) -> Any:
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._word(name, term)) for term in terms for name in self._fields]
        )

    def _word(self, name: str, term: str) -> Any:
        query = tantivy.Query.term_query(self._schema, name, term, index_option="freq")
        weight = self._fields[name]
        return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)

    def _filtered(self, words: Any, only: Mapping[str, frozenset[str]]) -> Any:
        if not only:
            return words
        filters = [
            tantivy.Query.const_score_query(self._any_of(field, passing(codes)), 0.0)
            for field, codes in only.items()
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in (words, *filters)])

    def _any_of(self, field: str, codes: Sequence[str]) -> Any:
        """Return the OR of single codes, which is quicker here than a set of terms."""
        terms = [tantivy.Query.term_query(self._schema, field, code, index_option="basic") for code in codes]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in terms])

    def refresh(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def processes(self) -> Sequence[int]:
        return ()
