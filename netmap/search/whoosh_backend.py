"""The embedded search engine: Whoosh keeps the documents and their words, arrays rank, filter and count.

Each thread has a Whoosh searcher of its own, for a shared one gives wrong answers, and opens it only for what
the arrays do not hold; it is opened anew after a change, for Whoosh's own ``refresh`` keeps showing documents
as they were before. Where the arrays are damaged they are made again in memory, from what Whoosh keeps.
"""

import contextlib
import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from netmap.i18n import gettext as _
from netmap.search import changes, whoosh_words
from netmap.search.asked import Part, part_of
from netmap.search.backend import Document, IndexUnreadable, Page, Query
from netmap.search.bits import Bits, of_numbers
from netmap.search.building import build
from netmap.search.folders import WAIT_SECONDS, Folders
from netmap.search.phrases import holding
from netmap.search.ranking import rank
from netmap.search.seals import Print, fingerprint, whole_files
from netmap.search.spelling import Lexicon, likest
from netmap.search.states import States, arrays_whole

MOST_TURNS = 5  # how often a search may meet a state that is replaced while it is opened
Found = TypeVar("Found")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """One state of the index, as it was when its files were found whole; ``values`` are those asked for."""

    folder: Path
    touched: Print
    parts: tuple[Part, ...]
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


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
        self._bases = changes.Bases()
        self._states = States(self._folders, self._bases)
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
        with self._folders.writing():
            self._states.change(list(latest.values()), list(latest))
        return len(latest)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other writers out, for whoever must read the database after them and write before them."""
        with self._folders.writing():
            yield

    def drop(self, ids: Iterable[str]) -> None:
        """Remove documents; an id that is not there is no error."""
        with self._folders.writing():
            self._states.change([], list(ids))

    def clear(self) -> None:
        """Remove everything."""
        self.rebuild(())

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Put these in place of everything: a new folder is filled, then switched to by one rename."""
        with self._folders.writing():
            return self._states.rebuild(documents)

    def digests(self) -> dict[str, str]:
        """Return id -> digest of every document that is found, read from the files.

        Raises
        ------
        IndexUnreadable
            If the index is missing or damaged.
        """
        return self._reading(lambda view: whoosh_words.digests(self._searcher(view)))

    def has_arrays(self) -> bool:
        """Return whether the arrays are whole; without them a process takes long for its first answer."""
        folder = self._folders.current()
        return folder is not None and arrays_whole(folder, whole_files(folder, spare=changes.FILES))

    def search(self, query: Query) -> Page:
        """Return the documents that answer the query, the best first.

        Raises
        ------
        IndexUnreadable
            If the index is missing or damaged.
        """
        return self._reading(
            lambda view: rank(view.parts, query, self._exact(query, view) if any(query.exact) else None)
        )

    def values(self, field: str) -> tuple[str, ...]:
        """Return every code that occurs in a field, in alphabetical order."""

        def read(view: View) -> tuple[str, ...]:
            if field not in view.values:
                view.values[field] = tuple(sorted(set(changes.codes(view.parts, field))))
            return view.values[field]

        return self._reading(read)

    def similar_words(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Return words that stand in documents and are spelt like this one, the likeliest first."""

        def read(view: View) -> tuple[str, ...]:
            near = Counter[str]()
            for part in view.parts:
                near.update(Lexicon(part.segment.arrays).near(word))
            return whoosh_words.standing(self._searcher(view), likest(word, near), limit) if near else ()

        return self._reading(read)

    def words_from(self, beginning: str, limit: int = 20) -> tuple[str, ...]:
        """Return words that begin like this, those in most documents first."""
        return self._reading(lambda view: whoosh_words.beginning(self._searcher(view), beginning, limit))

    def _reading(self, read: Callable[[View], Found]) -> Found:
        """Return what is read from the folder in use, again where it was replaced in the middle of it."""
        for _turn in range(MOST_TURNS):
            folder = self._folders.current()
            if folder is None:
                raise IndexUnreadable(_("There is no search index yet; it has to be made."))
            try:
                return read(self._current(folder))
            except Exception as error:  # damaged files raise a dozen kinds
                self._forget()
                reason = error
            if self._folders.current() == folder:
                break
        raise IndexUnreadable(_("The search index cannot be read; it has to be made again.")) from reason

    def _current(self, folder: Path) -> View:
        """Return a state whose files are as they were sealed, opened by the first thread that needs it."""
        touched = fingerprint(folder)
        view = self._view
        if view is not None and view.folder == folder and view.touched == touched:
            return view
        with self._making:
            view = self._view
            if view is None or view.folder != folder or view.touched != touched:
                view = self._view = View(folder, touched, self._parts(folder))
            return view

    def _parts(self, folder: Path) -> tuple[Part, ...]:
        sums = whole_files(folder, spare=changes.FILES)
        if arrays_whole(folder, sums):
            return self._bases.parts(folder, sums)
        _log.warning("the arrays of the search index are damaged; they are made again in memory")
        searcher = whoosh_words.opened(folder).searcher()
        with contextlib.closing(searcher):
            return (part_of(build(whoosh_words.all_facts(searcher), whoosh_words.all_words(searcher))),)

    def _exact(self, query: Query, view: View) -> list[Bits]:
        keys = holding(self._searcher(view), query.exact)
        segments = [part.segment for part in view.parts]
        return [of_numbers(one.ids.hashed(keys), one.size) for one in segments]

    def _searcher(self, view: View) -> Any:
        """Return this thread's searcher on a state; a process that was forked opens its own files."""
        mine: tuple[View, int, whoosh_words.Opened] | None = getattr(self._own, "opened", None)
        if mine is None or mine[0] is not view or mine[1] != os.getpid():
            self._forget()
            mine = self._own.opened = view, os.getpid(), whoosh_words.Opened(view.folder)
        return mine[2].searcher

    def _forget(self) -> None:
        """Close this thread's searcher."""
        self._own.__dict__.pop("opened", None)
