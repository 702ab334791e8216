"""What Whoosh keeps: every document as it came, and its words as written, with their places.

Nothing a person types reaches a parser: words are looked up one by one.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.query import Term
from whoosh.reading import SegmentReader
from whoosh.writing import NO_MERGE

from netmap.search.backend import Document
from netmap.search.facts import Facts, digest_of
from netmap.search.spelling import SHORTEST
from netmap.search.strings import hash_of
from netmap.search.whoosh_pool import Pool

NAME = "services"
KEY = "key"  # a hash of the id that can be read without the document
WORDS = "words"
MERGED = 8  # segments that become one: each document is written again once for eight times as many
MOST_BEGINNINGS = 2000  # words with one beginning that are looked at


def create(folder: Path) -> Any:
    """Return a new, empty index in a folder."""
    schema = Schema(
        id=ID(unique=True, stored=True),
        key=COLUMN(NumericColumn("Q")),
        digest=STORED,
        facts=STORED,
        words=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True),
    )
    return _files(folder).create_index(schema, indexname=NAME)


def opened(folder: Path) -> Any:
    """Return the index of a folder."""
    return _files(folder).open_index(indexname=NAME)


class Opened:
    """A searcher on one state; its files are closed with the thread that it belongs to."""

    def __init__(self, folder: Path) -> None:
        self.searcher = opened(folder).searcher()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):  # what is damaged may not even close
            self.searcher.close()


def _files(folder: Path) -> FileStorage:
    """Return a folder as Whoosh sees it: what it maps, it copies whole into the memory of each searcher."""
    return FileStorage(os.fspath(folder), supports_mmap=False)


@contextmanager
def writing(index: Any, *, merging: bool = False) -> Iterator[Any]:
    """Give a writer and commit it; whatever goes wrong, let go of Whoosh's lock.

    With ``merging`` the smallest segments become one; else what is there stays as it is.
    After a full disk Whoosh can neither commit nor cancel, and would refuse every later writer.
    """
    writer = index.writer()
    writer.pool = Pool()
    writer.codec.length_stats = False  # nothing here is ranked by Whoosh
    try:
        yield writer
        writer.commit(mergetype=_smallest_into_one if merging else NO_MERGE)
    except BaseException:
        with contextlib.suppress(Exception):
            writer.cancel()
        if writer.writelock is not None and writer.writelock.fd is not None:
            writer.writelock.release()
        raise


def _smallest_into_one(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge some of the segments with the fewest documents, and return the others, as Whoosh asks for it."""
    in_order = sorted(segments, key=lambda segment: segment.doc_count_all())
    for segment in in_order[:MERGED]:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return in_order[MERGED:]


def add(writer: Any, document: Document, facts: Facts) -> None:
    """Add a document; one with its id must have been removed before."""
    kept = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    known = {"id": document.id, KEY: hash_of(document.id), "digest": digest_of(document), "facts": kept}
    writer.pool.add_words(WORDS, writer.docnum, document.words)
    writer.add_document(**known)


def remove(writer: Any, ids: Iterable[str]) -> None:
    """Remove documents; an id that is not there is no error."""
    with writer.searcher() as searcher:
        numbers = [number for one in ids for number in searcher.document_numbers(id=one)]
    for number in numbers:
        writer.delete_document(number)


def all_facts(searcher: Any) -> Iterator[Facts]:
    """Yield what is kept of every document."""
    for _number, fields in searcher.reader().iter_docs():
        yield Facts(*json.loads(fields["facts"]))


def digests(searcher: Any) -> dict[str, str]:
    """Return id -> digest of every document."""
    return {fields["id"]: fields["digest"] for _number, fields in searcher.reader().iter_docs()}


def all_words(searcher: Any) -> dict[str, int]:
    """Return every word as written with the number of documents that it stands in."""
    reader = searcher.reader()
    words = (word.decode("utf-8", "replace") for word in reader.lexicon(WORDS))
    return {word: reader.doc_frequency(WORDS, word) for word in words}


def beginning(searcher: Any, letters: str, limit: int) -> tuple[str, ...]:
    """Return words that begin like this, those in most documents first."""
    if len(letters) < SHORTEST:
        return ()
    reader = searcher.reader()
    found = []
    readable = letters.encode("utf-8", "replace").decode()  # Whoosh stops at half a surrogate pair
    for number, word in enumerate(reader.expand_prefix(WORDS, readable)):
        if number >= MOST_BEGINNINGS:
            break
        text = word.decode("utf-8")
        found.append((-reader.doc_frequency(WORDS, text), text))
    in_order = (text for _frequency, text in sorted(found))
    return standing(searcher, in_order, limit)


def standing(searcher: Any, words: Iterable[str], limit: int) -> tuple[str, ...]:
    """Return the first words that stand in a document which is still there: Whoosh keeps others too."""
    there = (word for word in words if any(True for _number in searcher.docs_for_query(Term(WORDS, word))))
    return tuple(islice(there, max(limit, 0)))
