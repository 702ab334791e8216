"""The best package of many clients at once: what `netmap.matching.score` says of one, for all of them. Pure.

It serves the question what a change would do to past cases; each client stays alone in its row, and rows are
never compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from netmap.matching.facts import Client, Floats, Library
from netmap.matching.score import (
    COVERED,
    DIGITS,
    LOWEST_KAPPA,
    PER_UNKNOWN,
    View,
    share,
    total,
    view_of,
)

ROWS = 128  # clients at a time: their tables stay small enough for the memory near the processor
PAIRS = 5_000  # of a client and a package, when corrections are worked out
NOBODY = -1
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Clients:
    """Many clients in the order of a library: one row each, and the track of each ("" for all packages)."""

    rows: View
    tracks: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.tracks)

    def parts(self) -> Iterator[tuple[slice, "Clients"]]:
        """Return the clients in portions, each with its place."""
        for start in range(0, len(self), ROWS):
            at = slice(start, start + ROWS)
            rows = View(*(getattr(self.rows, column.name)[at] for column in fields(View)))
            yield at, Clients(rows, self.tracks[at])


@dataclass(frozen=True)
class Best:
    """The best package of each client: its place in the library (-1: none has a score) and its numbers."""

    place: Places
    score: Floats
    coverage: Floats
    delta: Floats


def clients_of(library: Library, clients: Sequence[Client]) -> Clients:
    """Return the clients as rows; they serve for every library over the same codes."""
    views = [view_of(library, client) for client in clients] or [_nobody(library)]
    rows = View(*(np.stack([getattr(view, column.name) for view in views]) for column in fields(View)))
    return Clients(rows, np.array([client.track for client in clients], dtype=np.str_))


def _nobody(library: Library) -> View:
    """Return a row for no client at all, so that the tables have their width; `Clients` does not count it."""
    return view_of(library, Client({}))


def best_of(library: Library, clients: Clients) -> Best:
    """Return for each client the package that `netmap.matching.score.order` puts first, with its numbers."""
    count = len(clients)
    best = Best(np.full(count, NOBODY, dtype=np.intp), np.zeros(count), np.zeros(count), np.zeros(count))
    if not library.packages:
        return best
    tables = _Tables(library)
    with threadpool_limits(1, "blas"):  # threads of one product wait for each other on a busy machine
        for at, some in clients.parts():
            score, coverage = _scores(tables, some)
            row, place, delta = _first(tables, some.rows, score, coverage)
            at_row = row + at.start
            best.place[at_row], best.delta[at_row] = place, delta
            best.score[at_row], best.coverage[at_row] = score[row, place], coverage[row, place]
    return best


def scores_of(library: Library, clients: Clients, index: int) -> Floats:
    """Return the score of one package for each client, 0 where a circumstance or the track is against it."""
    tables = _Tables(library.only(index))
    found = [_scores(tables, some)[0][:, 0] for _at, some in clients.parts()]
    return np.concatenate(found) if found else np.zeros(0)


class _Tables:
    """What is worked out once for a library; of the facts only those that some package names."""

    def __init__(self, library: Library) -> None:
        self.library = library
        named = np.maximum(library.deciding, library.optional)
        self.facts = np.flatnonzero(named.any(axis=0))
        flags = (library.required, library.optional, library.excluded, library.deciding)
        self.required, self.optional, self.excluded, self.deciding = (flag[:, self.facts].T for flag in flags)
        self.open_needs = library.covers < COVERED
        most = int(library.deciding_counts.max(initial=0))
        self.kappa = np.maximum(LOWEST_KAPPA, PER_UNKNOWN ** np.arange(most + 1))
        self.starts = np.searchsorted(library.owner, np.arange(len(library.packages)))
        self.counts = np.bincount(library.owner, minlength=len(library.packages))


def _scores(tables: _Tables, clients: Clients) -> tuple[Floats, Floats]:
    """Return scores and coverage: one row for each client, one column for each package."""
    library, rows = tables.library, clients.rows
    yes, no = rows.yes[:, tables.facts], rows.no[:, tables.facts]
    coverage = share(rows.weight @ library.covers.T, rows.weight.sum(axis=1)[:, None])
    fit = share(rows.softened @ library.profile.T, library.profile_sums)
    points = 0.5 * (library.optional_counts + (yes - no) @ tables.optional)
    counts = np.broadcast_to(library.optional_counts, points.shape)
    optional = np.divide(points, counts, out=np.ones_like(points), where=counts > 0)
    unknown = library.deciding_counts - (yes + no) @ tables.deciding
    kappa = tables.kappa[np.rint(unknown).astype(np.intp)]
    against = no @ tables.required + yes @ tables.excluded
    score = total(coverage, fit, optional, kappa, _grave(tables, rows))
    on_track = (clients.tracks[:, None] == "") | (clients.tracks[:, None] == library.tracks[None, :])
    return np.where((against == 0) & on_track, score, 0.0), coverage


def _grave(tables: _Tables, rows: View) -> NDArray[np.bool_]:
    """Return whether a critical need is left open, for the few needs that are critical for anybody here."""
    needs = np.flatnonzero(rows.critical.any(axis=0))
    left = rows.critical[:, needs].astype(np.float32) @ tables.open_needs[:, needs].T.astype(np.float32)
    return np.asarray(left > 0)


def _first(tables: _Tables, rows: View, score: Floats, coverage: Floats) -> tuple[Places, Places, Floats]:
    """Return the rows that have a package, which it is, and its correction.

    The first by score, then by coverage, by correction, and by code.
    """
    score = np.round(score, DIGITS)
    top = score.max(axis=1)[:, None]
    tied = (score == top) & (top > 0)
    row, place = np.nonzero(tied)
    covered = np.full(score.shape, -1.0)
    covered[row, place] = np.round(coverage[row, place], DIGITS)
    row, place = np.nonzero(tied & (covered == covered.max(axis=1)[:, None]))
    delta = _delta(tables, rows, row, place)
    best = np.lexsort((place, np.round(delta, DIGITS), row))
    first = best[np.unique(row[best], return_index=True)[1]]
    return row[first], place[first], delta[first]


def _delta(tables: _Tables, rows: View, row: Places, place: Places) -> Floats:
    """Return the size of the correction for pairs of a client and a package."""
    found = [np.zeros(0)]
    for start in range(0, len(row), PAIRS):
        at = slice(start, start + PAIRS)
        found.append(_delta_of(tables, rows, row[at], place[at]))
    return np.concatenate(found)


def _delta_of(tables: _Tables, rows: View, row: Places, place: Places) -> Floats:
    library = tables.library
    adds = (tables.open_needs[place] & rows.has[row]).sum(axis=1)
    counts = tables.counts[place]
    pair = np.repeat(np.arange(len(row)), counts)
    begins = np.cumsum(counts) - counts
    line = np.arange(len(pair)) - begins[pair] + tables.starts[place][pair]
    useless = ~((library.touches[line] > 0) & rows.has[row][pair]).any(axis=1)
    drops = np.bincount(pair, weights=useless & library.steps[line], minlength=len(row))
    return share(adds + drops, library.step_counts[place] + adds)
