"""Making the states of the index, one after another: what Whoosh keeps, and the arrays made of it.

A change is made in two steps. The first one writes little, so that it is found at once; the second one, which
is seldom due, puts together what many changes have left.
"""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from netmap.i18n import gettext as _
from netmap.search import changes, whoosh_words
from netmap.search.backend import Document, IndexUnreadable
from netmap.search.facts import Facts, facts_of
from netmap.search.folders import Folders, carry
from netmap.search.seals import Broken, seal, sealed_files, whole_files
from netmap.search.spelling import counted

MOST_SEGMENTS = 16  # of Whoosh: the files of each are looked at before every question


class States:
    """Writes the states of one index; whoever calls it holds the lock of all writers."""

    def __init__(self, folders: Folders, bases: changes.Bases) -> None:
        self._folders = folders
        self._bases = bases

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make a state of these documents and nothing else; return how many."""
        count, words = 0, Counter[str]()

        def kept(writer: Any) -> Iterator[Facts]:
            nonlocal count
            for document in documents:
                facts = facts_of(document)
                whoosh_words.add(writer, document, facts)
                words.update(set(document.words))
                count += 1
                yield facts

        with self._folders.next() as folder:
            with whoosh_words.writing(whoosh_words.create(folder)) as writer:
                changes.write_base(folder, kept(writer), words)
            seal(folder, {})
        return count

    def change(self, documents: Sequence[Document], ids: Sequence[str]) -> None:
        """Make a state without these ids and with these documents.

        Raises
        ------
        IndexUnreadable
            If the state in use is damaged.
        """
        old = self._folders.current()
        if old is None:
            self.rebuild(documents)
            return
        try:
            sums = whole_files(old, spare=changes.FILES)
            whole = arrays_whole(old, sums)
        except (Broken, OSError) as error:
            raise IndexUnreadable(_("The search index cannot be read; it has to be made again.")) from error
        facts = [facts_of(document) for document in documents]
        with self._folders.next() as folder:
            carry(sums.keys() - changes.FILES, old, folder)
            with whoosh_words.writing(whoosh_words.opened(folder)) as writer:
                whoosh_words.remove(writer, ids)
                for document, known in zip(documents, facts, strict=True):
                    whoosh_words.add(writer, document, known)
            if whole:
                words = counted(document.words for document in documents)
                parts = self._bases.parts(old, sums)
                written = changes.write_changes(folder, parts, facts, words, ids)
                carry({changes.BASE} - written, old, folder)
            else:
                written = _base_from_whoosh(folder)
            seal(folder, _without(sums, written))
        self._tidy()

    def _tidy(self) -> None:
        """Put together what many changes have left, where it has become too much."""
        old = self._folders.current()
        if old is None:
            return
        sums = whole_files(old)
        parts = self._bases.parts(old, sums)
        merging = sum(name.endswith(".seg") for name in sums) > MOST_SEGMENTS
        folding = changes.too_many(parts)
        if not merging and not folding:
            return
        written = set(changes.FILES) if folding else set()
        with self._folders.next() as folder:
            carry(sums.keys() - written, old, folder)
            if merging:
                with whoosh_words.writing(whoosh_words.opened(folder), merging=True):
                    pass
            if folding:
                changes.write_folded(folder, parts)
            seal(folder, _without(sums, written))


def arrays_whole(folder: Path, sums: Mapping[str, str]) -> bool:
    """Return whether all arrays that a folder should have are among its whole files."""
    return changes.BASE in sums and sums.keys() >= sealed_files(folder)


def _base_from_whoosh(folder: Path) -> set[str]:
    """Write the base again from what Whoosh keeps in the same folder; return what was not carried on."""
    searcher = whoosh_words.opened(folder).searcher()
    with contextlib.closing(searcher):
        changes.write_base(folder, whoosh_words.all_facts(searcher), whoosh_words.all_words(searcher))
    return set(changes.FILES)


def _without(sums: Mapping[str, str], names: set[str]) -> dict[str, str]:
    return {name: one for name, one in sums.items() if name not in names}
