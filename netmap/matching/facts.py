"""What the sums of matching read: a client as codes, and all packages in use as dense arrays. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netmap.directory.ages import Fact, age_range_of, fact_from_age
from netmap.packages.document import Document

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEWEST_TOGETHER = 2  # packages that hold two problems before that is a pattern
CLEARLY_RELATED = 0.5  # from here on help for one problem counts as touching the other


@dataclass(frozen=True, slots=True)
class Rated:
    """How heavy a need is.

    Severity: 0 none, 1 watch, 2 act, 3 act now. Urgency: 0 can wait, 1 this month, 2 now.
    """

    severity: int
    urgency: int = 0

    @property
    def weight(self) -> float:
        """Severity lifted by urgency, 0 to 6."""
        return self.severity * (1 + self.urgency / 2)


@dataclass(frozen=True, slots=True)
class Override:
    """A service that a named worker wants on a line although it fails one criterion, and why."""

    service_id: str
    line: str
    criterion: str
    reason: str


@dataclass(frozen=True, slots=True)
class Client:
    """One client without a name: confirmed needs, told facts, and what help must look like to be of use.

    ``facts`` are circumstances (or needs) with yes, no or unknown; what is missing is unknown. ``refused``
    holds services that the person does not want again, ``refused_types`` whole kinds of service, ``wanted``
    those asked for by name. ``track`` is "" (all packages), "job_search" or "barriers"; ``contested`` are
    needs that the person does not see as theirs; ``chosen`` says by hand who serves a line ("": nobody).
    """

    needs: Mapping[str, Rated]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    area: str | None = None
    point: tuple[float, float] | None = None
    areas_within: frozenset[str] = frozenset()
    max_km: float = 30.0
    budget: float | None = None
    hours: tuple[tuple[int, int, int], ...] = ()
    refused: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    long_term: bool = False
    needs_company: bool = False
    day: date | None = None
    track: str = ""
    strengths: frozenset[str] = frozenset()
    refused_types: frozenset[str] = frozenset()
    contested: frozenset[str] = frozenset()
    overrides: tuple[Override, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    most_places: int | None = None

    def fact(self, code: str) -> Fact:
        """Return what is known about a circumstance or a need.

        A need that nobody asked about is unknown, and so is one that staff sees and the person does not.
        """
        told = self.facts.get(code, "unknown")
        if told != "unknown":
            return told
        if code in self.needs and code not in self.contested:
            return "yes" if self.needs[code].severity > 0 else "no"
        return fact_from_age(code, age_range_of(self.facts))

    def has(self) -> list[str]:
        """Return the codes of the needs that count, in the order in which they were given.

        What the person does not see as theirs is left out of every score.
        """
        return [code for code in self.named() if code not in self.contested]

    def named(self) -> list[str]:
        """Return the codes of all needs that are there, also those that the person does not see as theirs."""
        return [code for code, rated in self.needs.items() if rated.severity > 0]


@dataclass(frozen=True)
class Library:
    """All packages in use as arrays: P packages, N needs, F facts (circumstances, then needs), L lines.

    ``profile`` and ``covers`` are P x N (w and A~ of the formulas), ``required``,
    ``optional`` and ``excluded`` P x F; ``touches`` is L x N: above 0 where a line is about a need or one
    clearly related to it; ``owner`` gives the package of each line, ``main`` the line that it goes beside
    (itself for a line that is no add-on), ``related`` (N x N) is R with ones on its diagonal. Packages are
    sorted by code. Matrices are stored by column, since a client touches few needs and facts.
    """

    packages: tuple[tuple[str, int, Document], ...]
    needs: tuple[str, ...]
    facts: tuple[str, ...]
    related: Floats
    profile: Floats
    covers: Floats
    required: Floats
    optional: Floats
    excluded: Floats
    touches: Floats
    owner: NDArray[np.intp]
    main: NDArray[np.intp]

    @cached_property
    def need_at(self) -> Mapping[str, int]:
        """Column of each need."""
        return {code: place for place, code in enumerate(self.needs)}

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Row of each package by its code."""
        return {code: place for place, (code, _number, _document) in enumerate(self.packages)}

    @cached_property
    def fact_at(self) -> Mapping[str, int]:
        """Column of each fact."""
        return {code: place for place, code in enumerate(self.facts)}

    @cached_property
    def near(self) -> Mapping[str, Mapping[str, float]]:
        """Need -> the needs related to it, itself among them, and how much."""
        return {
            code: {self.needs[place]: float(row[place]) for place in np.flatnonzero(row)}
            for code, row in zip(self.needs, self.related, strict=True)
        }

    @cached_property
    def profile_sums(self) -> Floats:
        """Weight of each package's whole profile."""
        return np.asarray(self.profile.sum(axis=1))

    @cached_property
    def optional_counts(self) -> Floats:
        """How many optional circumstances each package has."""
        return np.asarray(self.optional.sum(axis=1))

    @cached_property
    def deciding(self) -> Floats:
        """Facts that open or close each package."""
        return np.asfortranarray(np.maximum(self.required, self.excluded))

    @cached_property
    def deciding_counts(self) -> Floats:
        """How many facts open or close each package."""
        return np.asarray(self.deciding.sum(axis=1))

    @cached_property
    def steps(self) -> Bools:
        """Lines that count as steps: an add-on comes and goes with the line that it is beside."""
        return np.asarray(self.main == np.arange(len(self.main)), dtype=np.bool_)

    @cached_property
    def step_counts(self) -> Floats:
        """How many steps each package has."""
        return np.bincount(self.owner[self.steps], minlength=len(self.packages)).astype(float)

    @cached_property
    def tracks(self) -> NDArray[np.str_]:
        """Track of each package."""
        return np.array([document.track for _code, _number, document in self.packages], dtype=np.str_)

    @cached_property
    def together(self) -> Floats:
        """N x N: of the packages about need p, weighted, the share that is also about need q.

        What stands together in one package only is that package's story and no pattern; it counts as 0.
        """
        mine = self.profile
        both = mine.T @ mine
        alone = mine.sum(axis=0)[:, None]
        there = (mine > 0).astype(float)
        pattern = (there.T @ there >= FEWEST_TOGETHER) & (alone > 0)
        shares: Floats = np.divide(both, alone, out=np.zeros_like(both), where=pattern)
        np.fill_diagonal(shares, 0.0)
        return shares

    def only(self, index: int) -> "Library":
        """Return the library that holds this one package."""
        mine = self.owner == index
        first = int(np.searchsorted(self.owner, index))
        at = slice(index, index + 1)
        return Library(
            self.packages[at], self.needs, self.facts, self.related, self.profile[at],
            self.covers[at], self.required[at], self.optional[at], self.excluded[at], self.touches[mine],
            np.zeros(int(mine.sum()), dtype=np.intp), self.main[mine] - first,
        )  # fmt: skip


def build_library(
    packages: Iterable[tuple[str, int, Document]],
    needs: Sequence[str],
    circumstances: Sequence[str],
    related: Mapping[tuple[str, str], float] | None = None,
) -> Library:
    """Return the arrays for these packages.

    Parameters
    ----------
    packages : iterable of (code, version number, Document)
        Published versions only. What they say about codes that are gone since then is left out.
    needs, circumstances : sequences of str
        All codes, in a fixed order.
    related : mapping of (need, need) to float, optional
        How much help for one problem helps with another, 0 to 1; one direction is enough, it is symmetric.
    """
    ordered = tuple(sorted(packages, key=lambda package: package[0]))
    need_at = {code: place for place, code in enumerate(needs)}
    fact_at = {code: place for place, code in enumerate((*circumstances, *needs))}
    table = _related(need_at, related or {})
    documents = [document for _code, _number, document in ordered]
    profile = np.zeros((len(documents), len(needs)))
    solves = np.zeros_like(profile)
    flags = {name: np.zeros((len(documents), len(fact_at))) for name in _FLAGS}
    lines = [(place, line) for place, document in enumerate(documents) for line in document.lines]
    addressed = np.zeros((len(lines), len(needs)))
    for place, document in enumerate(documents):
        for code, weight in _known(document.profile, need_at):
            profile[place, need_at[code]] = weight
        for name in _FLAGS:
            flags[name][place, [fact_at[code] for code in getattr(document, name) if code in fact_at]] = 1.0
    for row, (place, line) in enumerate(lines):
        for code, share in _known(line.addresses, need_at):
            addressed[row, need_at[code]] = share
        solves[place] = np.maximum(solves[place], addressed[row])
    return Library(
        packages=ordered,
        needs=tuple(needs),
        facts=tuple(fact_at),
        related=table,
        profile=np.asfortranarray(profile),
        covers=np.asfortranarray(spread(solves, table)),
        touches=np.asfortranarray((addressed > 0).astype(float) @ (table >= CLEARLY_RELATED)),
        owner=np.array([place for place, _line in lines], dtype=np.intp),
        main=_main(documents),
        **{name: np.asfortranarray(flag) for name, flag in flags.items()},
    )


_FLAGS = ("required", "optional", "excluded")


def _known(values: Mapping[str, float], at: Mapping[str, int]) -> list[tuple[str, float]]:
    return [(code, value) for code, value in values.items() if code in at]


def _main(documents: Sequence[Document]) -> NDArray[np.intp]:
    """Return, for each line of all packages, the place of the line that it goes beside, else its own."""
    places: list[int] = []
    for document in documents:
        at = {line.key: place for place, line in enumerate(document.lines, start=len(places))}
        places += [at.get(line.beside, at[line.key]) for line in document.lines]
    return np.array(places, dtype=np.intp)


def _related(need_at: Mapping[str, int], related: Mapping[tuple[str, str], float]) -> Floats:
    table = np.eye(len(need_at))
    for (one, other), strength in related.items():
        table[need_at[one], need_at[other]] = table[need_at[other], need_at[one]] = strength
    return table


def spread(values: Floats, related: Floats) -> Floats:
    """Return, for each row and need p, the most that a related need q brings: max of R_pq times value_q."""
    spread = np.zeros_like(values)
    for other in np.flatnonzero(values.any(axis=0)):
        np.maximum(spread, values[:, other, None] * related[other], out=spread)
    return spread
