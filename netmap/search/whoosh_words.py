"""What Whoosh keeps: every document as it came, and its words as written, with their places.

Nothing a person types reaches a parser: words are looked up one by one.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.query import And, Phrase, Term

from netmap.search.backend import Document
from netmap.search.facts import Facts, digest_of
from netmap.search.spelling import SHORTEST, likest, mistakes_in

NAME = "services"
WORDS = "words"
MEMORY_MB = 128
MOST_BEGINNINGS = 2000  # words with one beginning that are looked at


def create(folder: Path) -> Any:
    """Return a new, empty index in a folder."""
    schema = Schema(
        id=ID(unique=True, stored=True),
        digest=STORED,
        facts=STORED,
        words=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True),
    )
    return whoosh_index.create_in(folder, schema, indexname=NAME)


def opened(folder: Path) -> Any:
    """Return the index of a folder."""
    return whoosh_index.open_dir(folder, indexname=NAME)


@contextmanager
def writing(index: Any) -> Iterator[Any]:
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


def add(writer: Any, document: Document, facts: Facts) -> None:
    """Add a document; one with its id must have been removed before."""
    kept = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    known = {"id": document.id, "digest": digest_of(document), "facts": kept}
    words = " ".join(document.words)
    writer.add_document(**known, **({WORDS: words} if words else {}))


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


def holding(searcher: Any, phrases: Iterable[Sequence[str]]) -> list[str]:
    """Return the ids of the documents that hold every one of some phrases, word by word."""
    wanted = [
        Phrase(WORDS, list(phrase)) if len(phrase) > 1 else Term(WORDS, phrase[0])
        for phrase in phrases
        if phrase
    ]
    reader = searcher.reader()
    return [reader.stored_fields(number)["id"] for number in searcher.docs_for_query(And(wanted))]


def beginning(searcher: Any, letters: str, limit: int) -> tuple[str, ...]:
    """Return words that begin like this, those in most documents first."""
    if len(letters) < SHORTEST:
        return ()
    reader = searcher.reader()
    found = []
    for number, word in enumerate(reader.expand_prefix(WORDS, letters)):
        if number >= MOST_BEGINNINGS:
            break
        text = word.decode("utf-8")
        found.append((-reader.doc_frequency(WORDS, text), text))
    in_order = (text for _frequency, text in sorted(found))
    return _standing(searcher, in_order, limit)


def similar(searcher: Any, word: str, limit: int) -> tuple[str, ...]:
    """Return words that are spelt like this one, the likeliest first."""
    most = mistakes_in(word)
    if not most:
        return ()
    reader = searcher.reader()
    near = {one: reader.doc_frequency(WORDS, one) for one in reader.terms_within(WORDS, word, most)}
    return _standing(searcher, likest(word, near, len(near)), limit)


def _standing(searcher: Any, words: Iterable[str], limit: int) -> tuple[str, ...]:
    """Return the first words that stand in a document which is still there: Whoosh keeps others too."""
    there = (word for word in words if any(True for _number in searcher.docs_for_query(Term(WORDS, word))))
    return tuple(islice(there, max(limit, 0)))
