"""The embedded search engine: Whoosh keeps the words, arrays in memory rank, filter and count.

Nothing a person types reaches a parser: terms are looked up one by one. What a term is worth in each document
is asked of Whoosh's BM25F once per term and state of the index, and kept. Each thread has a searcher of its
own, for a shared one gives wrong answers; and a searcher is opened anew after a change, for Whoosh's own
``refresh`` keeps showing documents as they were before.
"""

import contextlib
import json
import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from whoosh import index as whoosh_index
from whoosh.fields import ID, KEYWORD, STORED, Schema
from whoosh.scoring import BM25F

from netmap.i18n import gettext as _
from netmap.search.backend import Document, IndexUnreadable, Page, Query
from netmap.search.columns import Columns, Facts, digest_of, facts_of
from netmap.search.folders import WAIT_SECONDS, Folders, carry
from netmap.search.ranking import FIELD_WEIGHTS, Posting, rank
from netmap.search.seals import Broken, Seals, fingerprint, seal

NAME = "services"
MEMORY_MB = 128
MOST_TURNS = 5  # how often a search may meet a state that is replaced while it is opened
Found = TypeVar("Found")


@dataclass(slots=True)
class View:
    """One state of the index in memory: its columns, and the postings asked for so far (None: no such)."""

    key: str
    columns: Columns
    postings: dict[str, Posting | None] = field(default_factory=dict)


class WhooshBackend:
    """The search engine over one folder.

    Parameters
    ----------
    root : Path
        Where the index lies; losing it loses nothing.
    wait : float
        Seconds that a writer waits for another one.
    """

    def __init__(self, root: Path, wait: float = WAIT_SECONDS) -> None:
        self._folders = Folders(root, wait)
        self._seals = Seals()
        self._own = threading.local()
        self._making = threading.Lock()
        self._view: View | None = None
        self._segments: dict[str, list[Facts]] = {}

    def ready(self) -> bool:
        """Return whether there is an index to ask; whether it is whole shows only when it is asked."""
        return self._folders.current() is not None

    def put(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of the one with its id; return how many.

        Raises
        ------
        Unavailable
            If another process writes for too long.
        """
        latest = {document.id: document for document in documents}
        with self._folders.writing(), self._changing() as writer:
            _delete(writer, latest)
            for document in latest.values():
                writer.add_document(**_stored(document))
        return len(latest)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other writers out, for whoever must read the database after them and write before them."""
        with self._folders.writing():
            yield

    def drop(self, ids: Iterable[str]) -> None:
        """Remove documents; an id that is not there is no error."""
        with self._folders.writing(), self._changing() as writer:
            _delete(writer, ids)

    def clear(self) -> None:
        """Remove everything."""
        self.rebuild(())

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Put these in place of everything: a new folder is filled, then switched to by one rename."""
        with self._folders.writing(), self._folders.next() as folder:
            count = 0
            with _writer(whoosh_index.create_in(folder, _schema(), indexname=NAME)) as writer:
                for document in documents:
                    writer.add_document(**_stored(document))
                    count += 1
            seal(folder, {})
        return count

    def digests(self) -> dict[str, str]:
        """Return id -> digest of every document that is found, read from the files.

        Raises
        ------
        IndexUnreadable
            If the index is missing or damaged.
        """
        return self._reading(self._digests)

    def search(self, query: Query) -> Page:
        """Return the documents that answer the query, the best first.

        Raises
        ------
        IndexUnreadable
            If the index is missing or damaged.
        """
        return self._reading(lambda folder: self._search(query, folder))

    def _reading(self, read: Callable[[Path], Found]) -> Found:
        """Return what is read from the folder in use, again where it was replaced in the middle of it."""
        for _turn in range(MOST_TURNS):
            folder = self._folders.current()
            if folder is None:
                raise IndexUnreadable(_("There is no search index yet; it has to be made."))
            try:
                return read(folder)
            except Exception as error:  # damaged files raise a dozen kinds
                self._forget()
                reason = error
            if self._folders.current() == folder:
                break
        raise IndexUnreadable(_("The search index cannot be read; it has to be made again.")) from reason

    def _search(self, query: Query, folder: Path) -> Page:
        searcher = self._searcher(folder)
        view = self._current_view(searcher, folder.name)
        found = {}
        for term in (*query.terms, *query.kin):
            if term not in view.postings:
                view.postings[term] = _posting(searcher, term, view.columns)
            posting = view.postings[term]
            if posting is not None:
                found[term] = posting
        return rank(view.columns, found, query)

    def _digests(self, folder: Path) -> dict[str, str]:
        reader = self._searcher(folder).reader()
        return {fields["id"]: fields["digest"] for _number, fields in reader.iter_docs()}

    def _searcher(self, folder: Path) -> Any:
        """Return this thread's searcher on a folder, opened only if the folder is as it was sealed."""
        touched = fingerprint(folder)
        mine = getattr(self._own, "opened", None)
        if mine is not None:
            searcher, key = mine
            if key == (folder.name, touched):
                return searcher
            self._forget()
        self._seals.check(folder)
        searcher = whoosh_index.open_dir(folder, indexname=NAME).searcher(weighting=BM25F())
        self._own.opened = searcher, (folder.name, touched)
        return searcher

    def _forget(self) -> None:
        """Close this thread's searcher."""
        mine = self._own.__dict__.pop("opened", None)
        if mine is not None:
            with contextlib.suppress(Exception):  # what is damaged may not even close
                mine[0].close()

    def _current_view(self, searcher: Any, key: str) -> View:
        """Return the arrays of this state, made by the first thread that needs them."""
        view = self._view
        if view is not None and view.key == key:
            return view
        with self._making:
            if self._view is None or self._view.key != key:
                self._view = View(key, Columns(self._rows(searcher)))
            return self._view

    def _rows(self, searcher: Any) -> list[Facts | None]:
        """Return the facts of every document; those of a segment never change, so they are read once."""
        rows: list[Facts | None] = []
        known = {}
        for leaf, _offset in searcher.leaf_searchers():
            reader = leaf.reader()
            segment = reader.segment()
            if segment is None:
                continue
            name = segment.segment_id()
            facts = self._segments.get(name)
            if facts is None:
                numbers = range(reader.doc_count_all())
                facts = [Facts(*json.loads(reader.stored_fields(number)["facts"])) for number in numbers]
            known[name] = facts
            rows.extend(None if reader.is_deleted(number) else one for number, one in enumerate(facts))
        self._segments = known
        return rows

    @contextmanager
    def _changing(self) -> Iterator[Any]:
        """Give a writer on the next state of the index, which begins as the one in use, or empty."""
        old = self._folders.current()
        with self._folders.next() as folder:
            carried: Mapping[str, str] = {}
            if old is None:
                whoosh_index.create_in(folder, _schema(), indexname=NAME)
            else:
                try:
                    carried = self._seals.check(old)
                except Broken as error:
                    raise IndexUnreadable(
                        _("The search index cannot be read; it has to be made again.")
                    ) from error
                carry(carried, old, folder)
            with _writer(whoosh_index.open_dir(folder, indexname=NAME)) as writer:
                yield writer
            seal(folder, carried)


@contextmanager
def _writer(index: Any) -> Iterator[Any]:
    """Give a writer and commit it; whatever goes wrong, let go of Whoosh's lock.

    After a full disk Whoosh can neither commit nor cancel, and would refuse every later writer.
    """
    writer = index.writer(limitmb=MEMORY_MB)
    try:
        yield writer
        writer.commit()
    except BaseException:
        with contextlib.suppress(Exception):
            writer.cancel()
        if writer.writelock is not None and writer.writelock.fd is not None:
            writer.writelock.release()
        raise


def _schema() -> Schema:
    words = {name: KEYWORD(scorable=True) for name in FIELD_WEIGHTS}
    return Schema(id=ID(unique=True, stored=True), digest=STORED, facts=STORED, **words)


def _stored(document: Document) -> dict[str, str]:
    words = {name: " ".join(document.terms.get(name, ())) for name in FIELD_WEIGHTS}
    facts = json.dumps(facts_of(document), ensure_ascii=False, separators=(",", ":"))
    known = {"id": document.id, "digest": digest_of(document), "facts": facts}
    return {**known, **{name: text for name, text in words.items() if text}}


def _delete(writer: Any, ids: Iterable[str]) -> None:
    with writer.searcher() as searcher:
        numbers = [number for one in ids for number in searcher.document_numbers(id=one)]
    for number in numbers:
        writer.delete_document(number)


def _posting(searcher: Any, term: str, columns: Columns) -> Posting | None:
    """Return where a term stands and what Whoosh's BM25F gives for it, or None where it does not occur."""
    numbers: list[int] = []
    impacts: list[float] = []
    for name, weight in FIELD_WEIGHTS.items():
        for leaf, offset in searcher.leaf_searchers():
            if (name, term) not in leaf.reader():
                continue
            matcher = leaf.postings(name, term)
            number, score, onward = matcher.id, matcher.score, matcher.next
            while matcher.is_active():
                numbers.append(offset + number())
                impacts.append(weight * score())
                onward()
    if not numbers:
        return None
    documents, places = np.unique(np.array(numbers, dtype=np.int64), return_inverse=True)
    sums = np.bincount(places, weights=np.array(impacts)).astype(np.float64)
    return Posting(documents, sums, math.log(1 + len(columns.number) / len(documents)))
