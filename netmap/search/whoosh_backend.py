"""The embedded search engine: Whoosh keeps the documents and their words, arrays rank, filter and count.

Each thread has a Whoosh searcher of its own, for a shared one gives wrong answers; and a searcher is opened
anew after a change, for Whoosh's own ``refresh`` keeps showing documents as they were before.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from netmap.i18n import gettext as _
from netmap.search import whoosh_words
from netmap.search.asked import Part, part_of
from netmap.search.backend import Document, IndexUnreadable, Page, Query
from netmap.search.bits import Bits, of_numbers
from netmap.search.building import build
from netmap.search.folders import WAIT_SECONDS, Folders, carry
from netmap.search.ranking import rank
from netmap.search.seals import Broken, Seals, fingerprint, seal

MOST_TURNS = 5  # how often a search may meet a state that is replaced while it is opened
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class View:
    """One state of the index in memory."""

    key: str
    parts: tuple[Part, ...]


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
            whoosh_words.remove(writer, latest)
            for document in latest.values():
                whoosh_words.add(writer, document)
        return len(latest)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other writers out, for whoever must read the database after them and write before them."""
        with self._folders.writing():
            yield

    def drop(self, ids: Iterable[str]) -> None:
        """Remove documents; an id that is not there is no error."""
        with self._folders.writing(), self._changing() as writer:
            whoosh_words.remove(writer, ids)

    def clear(self) -> None:
        """Remove everything."""
        self.rebuild(())

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Put these in place of everything: a new folder is filled, then switched to by one rename."""
        with self._folders.writing(), self._folders.next() as folder:
            count = 0
            with whoosh_words.writing(whoosh_words.create(folder)) as writer:
                for document in documents:
                    whoosh_words.add(writer, document)
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
        return self._reading(lambda folder: whoosh_words.digests(self._searcher(folder)))

    def search(self, query: Query) -> Page:
        """Return the documents that answer the query, the best first.

        Raises
        ------
        IndexUnreadable
            If the index is missing or damaged.
        """
        return self._reading(lambda folder: self._search(query, folder))

    def values(self, field: str) -> tuple[str, ...]:
        """Return every code that occurs in a field, in alphabetical order."""

        def read(folder: Path) -> tuple[str, ...]:
            segments = [part.segment for part in self._current_view(folder).parts]
            found = {one.code(row) for one in segments for row in one.code_rows(field)}
            return tuple(sorted(found))

        return self._reading(read)

    def similar_words(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Return words that stand in documents and are spelt like this one, the likeliest first."""
        return self._reading(lambda folder: whoosh_words.similar(self._searcher(folder), word, limit))

    def words_from(self, beginning: str, limit: int = 20) -> tuple[str, ...]:
        """Return words that begin like this, those in most documents first."""
        return self._reading(lambda folder: whoosh_words.beginning(self._searcher(folder), beginning, limit))

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
        view = self._current_view(folder)
        return rank(view.parts, query, self._exact(query, folder, view) if any(query.exact) else None)

    def _exact(self, query: Query, folder: Path, view: View) -> list[Bits]:
        ids = whoosh_words.holding(self._searcher(folder), query.exact)
        segments = [part.segment for part in view.parts]
        return [of_numbers(one.numbers_of(ids), one.size) for one in segments]

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
        searcher = whoosh_words.opened(folder).searcher()
        self._own.opened = searcher, (folder.name, touched)
        return searcher

    def _forget(self) -> None:
        """Close this thread's searcher."""
        mine = self._own.__dict__.pop("opened", None)
        if mine is not None:
            with contextlib.suppress(Exception):  # what is damaged may not even close
                mine[0].close()

    def _current_view(self, folder: Path) -> View:
        """Return the arrays of this state, made by the first thread that needs them."""
        searcher = self._searcher(folder)
        view = self._view
        if view is not None and view.key == folder.name:
            return view
        with self._making:
            if self._view is None or self._view.key != folder.name:
                segment = build(whoosh_words.all_facts(searcher))
                self._view = View(folder.name, (part_of(segment, np.empty(0, dtype=np.int64)),))
            return self._view

    @contextmanager
    def _changing(self) -> Iterator[Any]:
        """Give a writer on the next state of the index, which begins as the one in use, or empty."""
        old = self._folders.current()
        with self._folders.next() as folder:
            carried: Mapping[str, str] = {}
            if old is None:
                whoosh_words.create(folder)
            else:
                try:
                    carried = self._seals.check(old)
                except Broken as error:
                    raise IndexUnreadable(
                        _("The search index cannot be read; it has to be made again.")
                    ) from error
                carry(carried, old, folder)
            with whoosh_words.writing(whoosh_words.opened(folder)) as writer:
                yield writer
            seal(folder, carried)
