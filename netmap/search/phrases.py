"""Which documents hold some words side by side, asked of the places that Whoosh keeps.

Whoosh's own phrase query makes an object for every place of every word; here the rarest word is read first,
and of the others only what stands in the same documents.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from netmap.search.whoosh_words import WORDS

Keys = npt.NDArray[np.uint64]


def holding(searcher: Any, phrases: Iterable[Sequence[str]]) -> Keys:
    """Return the keys of the documents that hold every one of some phrases, word by word."""
    wanted = [phrase for phrase in phrases if phrase]
    found = []
    for leaf, _offset in searcher.leaf_searchers():
        reader = leaf.reader()
        documents = set.intersection(*(_documents(reader, phrase) for phrase in wanted))
        alive = sorted(number for number in documents if not reader.is_deleted(number))
        if alive:
            found.append(np.array(reader.column_reader("key").load(), dtype=np.uint64)[alive])
    return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)


def _documents(reader: Any, phrase: Sequence[str]) -> set[int]:
    """Return the numbers of the documents of one segment that hold a phrase."""
    words = [(word.encode("utf-8", "replace"), offset) for offset, word in enumerate(phrase)]
    if any((WORDS, word) not in reader for word, _offset in words):
        return set()
    words.sort(key=lambda pair: reader.doc_frequency(WORDS, pair[0]))
    if len(words) == 1:
        return set(reader.postings(WORDS, words[0][0]).all_ids())
    starts: dict[int, set[int]] | None = None
    for word, offset in words:
        starts = _narrowed(reader.postings(WORDS, word), offset, starts)
    return set(starts or ())


def _narrowed(matcher: Any, offset: int, starts: dict[int, set[int]] | None) -> dict[int, set[int]]:
    """Return the documents with a word, and where a phrase that has it at an offset may begin in each."""
    found: dict[int, set[int]] = {}
    if starts is None:
        while matcher.is_active():
            found[matcher.id()] = {place - offset for place in matcher.value_as("positions")}
            matcher.next()
        return found
    for document, before in starts.items():
        if not matcher.is_active():
            break
        matcher.skip_to(document)
        if matcher.is_active() and matcher.id() == document:
            both = before & {place - offset for place in matcher.value_as("positions")}
            if both:
                found[document] = both
    return found
