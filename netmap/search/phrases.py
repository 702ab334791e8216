"""Which documents hold some words side by side, asked of the places that Whoosh keeps.

Whoosh's own phrase query makes an object for every place of every word; here the places are looked at only in
documents that hold all words.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from netmap.search.whoosh_words import KEY, WORDS

Keys = npt.NDArray[np.uint64]
_MOST_KEPT = 64

_kept: dict[str, Keys] = {}  # the keys of all documents of a segment, which never change; by its name


def holding(searcher: Any, phrases: Iterable[Sequence[str]]) -> Keys:
    """Return the keys of the documents that hold every one of some phrases, word by word."""
    wanted = [phrase for phrase in phrases if phrase]
    found = []
    for leaf, _offset in searcher.leaf_searchers():
        reader = leaf.reader()
        documents = set.intersection(*(_documents(reader, phrase) for phrase in wanted))
        if documents:
            found.append(_keys(reader)[sorted(documents)])
    return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)


def _keys(reader: Any) -> Keys:
    """Return the key of each document of a segment; reading one by one would take longer."""
    name = str(reader.segment().segment_id())
    keys = _kept.get(name)
    if keys is None:
        keys = np.array(reader.column_reader(KEY).load(), dtype=np.uint64)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[name] = keys
    return keys


def _documents(reader: Any, phrase: Sequence[str]) -> set[int]:
    """Return the numbers of the documents of a segment that hold a phrase; Whoosh leaves out deleted ones."""
    words = [word.encode("utf-8", "replace") for word in phrase]
    if any((WORDS, word) not in reader for word in words):
        return set()
    together = set.intersection(*(set(reader.postings(WORDS, word).all_ids()) for word in set(words)))
    if len(words) == 1 or not together:
        return together
    starts: dict[int, set[int]] = {}
    for offset, word in enumerate(words):
        places = _places(reader.postings(WORDS, word), sorted(starts if offset else together))
        begun = {document: {place - offset for place in found} for document, found in places}
        starts = {one: both for one, found in begun.items() if (both := found & starts.get(one, found))}
    return set(starts)


def _places(matcher: Any, documents: Sequence[int]) -> Iterable[tuple[int, list[int]]]:
    """Yield for each of some documents, by rising number, where a word that all of them hold stands in it."""
    for document in documents:
        matcher.skip_to(document)
        yield document, matcher.value_as("positions")
