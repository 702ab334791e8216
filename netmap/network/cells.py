"""Cells: (area, profile, line of the package), and for each why nobody is there for these people. Pure.

Every offer of the line's kind of service is judged by `netmap.directory.eligibility.judge`; what is unknown
counts as a failure for ``n_lo`` and as a pass for ``n_hi``, so n_lo <= true number <= n_hi. A cell is a gap
where n_lo is 0. It is closed for sure where n_hi is 0; it is closed to the typical client where only facts
that are typical, not defining, stand in the way; otherwise somebody has to be asked.

A gap is named by the one constraint whose lifting alone would open it, whatever the order of the filters.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import numpy as np
from numpy.typing import NDArray

from netmap.directory.ages import ADULT, Fact, age_range_of
from netmap.directory.eligibility import CRITERIA, Asker, Duration, Offer, judge
from netmap.network.ground import Flags, Ground, Offers
from netmap.network.kinds import ALIVE, BIT, kind_of, least_of, sole_of
from netmap.network.statistics import still_true
from netmap.packages.document import DEFINING, TYPICAL, Document, Line

K_MIN = 2  # with fewer providers than this an open cell hangs on one of them
STALE_DAYS = 365
GROWN_UP = (float(ADULT), math.inf)  # an assumption: who fits a package that names no age is not a child

Masks = NDArray[np.uint8]


@dataclass(frozen=True)
class Profile:
    """The ideal-typical client of a package and the lines of help.

    ``stated`` knows what must hold for everybody in the package; ``typical`` also what holds for most.
    """

    code: str
    lines: tuple[Line, ...]
    stated: Asker
    typical: Asker


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of help for one profile in one area.

    ``kind`` is None where the cell is open; ``blockers`` are criteria (those of the nearest miss where no
    single one would do). ``ask`` means that it may be open. ``only`` is the provider where there is just
    one. ``p_none`` is the probability that nothing recorded is true any more; None where nobody ever
    checked.
    """

    area: str
    profile: str
    line: Line
    kind: str | None
    blockers: tuple[str, ...]
    n_lo: int
    n_hi: int
    ask: bool
    providers: int
    only: str | None
    stale: bool
    p_none: float | None


@dataclass(frozen=True, slots=True)
class Link:
    """In how many areas a provider is there for a line, for sure and perhaps; 0 and 0 means never."""

    profile: str
    line: Line
    provider: str
    sure: int
    perhaps: int


@dataclass(frozen=True)
class Survey:
    """All cells and all links of one question."""

    cells: tuple[Cell, ...]
    links: tuple[Link, ...]


def profile_of(document: Document, *, max_km: float, circuity: float, day: date | None = None) -> Profile:
    """Return the ideal-typical client of a package as one who asks for help.

    Required circumstances and defining problems hold, excluded ones do not; typical ones hold for the
    typical client only, who is grown up where no age is named. Everything else is unknown.
    """
    stated: dict[str, Fact] = {code: "yes" for code, weight in document.profile.items() if weight == DEFINING}
    typical: dict[str, Fact] = {code: "yes" for code, weight in document.profile.items() if weight >= TYPICAL}
    for code in document.optional:
        typical[code] = "yes"
    for code in document.required:
        stated[code] = "yes"
    for code in document.excluded:
        stated[code] = "no"
    asker = Asker(
        circumstances=stated,
        languages=frozenset(document.languages),
        age_range=age_range_of(stated),
        max_km=max_km if document.max_km is None else document.max_km,
        budget=document.budget,
        day=day,
        circuity=circuity,
    )
    ages = age_range_of(typical | stated) or GROWN_UP
    usual = replace(asker, circumstances=typical | stated, age_range=ages)
    return Profile(document.code, document.lines, asker, usual)


def survey(ground: Ground, profiles: Iterable[Profile], day: date, stale_days: int = STALE_DAYS) -> Survey:
    """Return the cells of all areas, profiles and lines, in that order of profiles, lines and areas."""
    cells: list[Cell] = []
    links: list[Link] = []
    for profile in profiles:
        for line in profile.lines:
            found = _Line(ground, profile, line)
            cells.extend(found.cells(day, stale_days))
            links.extend(found.links())
    return Survey(tuple(cells), tuple(links))


class _Line:
    """The sums of one line of one profile: arrays of offers x areas."""

    def __init__(self, ground: Ground, profile: Profile, line: Line) -> None:
        self._areas, self._profile, self._line = ground.areas, profile, line
        self._group: Offers = ground.of_type(line.service_type)
        wish = cast(Duration, line.duration) if line.duration else None
        too_far, how_far = ground.reach(line.service_type, profile.typical)
        failed, unknown = self._masks(replace(profile.typical, duration=wish))
        stated, _unknown = self._masks(replace(profile.stated, duration=wish))
        self._failed = failed[:, None] | np.where(too_far, BIT["distance"], np.uint8(0))
        self._unknown = unknown[:, None] | np.where(how_far, BIT["distance"], np.uint8(0))
        self._sure: Flags = (self._failed == 0) & (self._unknown == 0)
        self._perhaps: Flags = (self._failed == 0) & (self._unknown != 0)
        self._possible: Flags = (stated[:, None] == 0) & ~too_far

    def _masks(self, asker: Asker) -> tuple[Masks, Masks]:
        """Return which criteria fail and which are unknown for each offer, distance left out."""
        failed, unknown = [], []
        for offer in self._group.offers:
            verdicts = judge(offer, asker, self._line.service_type)
            outcomes = {c: verdicts[c].outcome for c in CRITERIA if c != "distance"}
            failed.append(sum(int(BIT[c]) for c, outcome in outcomes.items() if outcome == "fail"))
            unknown.append(sum(int(BIT[c]) for c, outcome in outcomes.items() if outcome == "unknown"))
        return np.array(failed, dtype=np.uint8), np.array(unknown, dtype=np.uint8)

    def cells(self, day: date, stale_days: int) -> Iterator[Cell]:
        """Yield the cell of every area."""
        n_lo, n_hi = self._sure.sum(axis=0), self._possible.sum(axis=0)
        maybe = _any(self._perhaps)
        kinds = self._kinds(maybe)
        providers, only = self._providers()
        stale, p_none = self._age(day, stale_days)
        for column, area in enumerate(self._areas):
            closed = n_lo[column] == 0
            kind, blockers = kinds[column] if closed else (None, ())
            yield Cell(
                area=area.code,
                profile=self._profile.code,
                line=self._line,
                kind=kind,
                blockers=blockers,
                n_lo=int(n_lo[column]),
                n_hi=int(n_hi[column]),
                ask=bool(closed and maybe[column]),
                providers=int(providers[column]),
                only=only[column],
                stale=bool(stale[column]),
                p_none=p_none[column],
            )

    def links(self) -> Iterator[Link]:
        """Yield in how many areas each provider is there."""
        names, starts = self._group.providers
        if not names:
            return
        sure = np.logical_or.reduceat(self._sure, starts, axis=0)
        perhaps = np.logical_or.reduceat(self._perhaps, starts, axis=0) & ~sure
        counts = zip(names, sure.sum(axis=1), perhaps.sum(axis=1), strict=True)
        for name, surely, maybe in counts:
            yield Link(self._profile.code, self._line, name, int(surely), int(maybe))

    def _kinds(self, ask: Flags) -> list[tuple[str, tuple[str, ...]]]:
        """Return kind and blockers of every area as if it were a gap."""
        alive = (self._failed & ALIVE) == 0
        counted = np.where(ask[None, :], self._perhaps, alive)
        masks = np.where(ask[None, :], self._unknown, self._failed)
        sole, least = sole_of(masks, counted), least_of(masks, counted)
        some = _any(counted)
        return [kind_of(int(sole[n]), int(least[n]), bool(some[n])) for n in range(len(self._areas))]

    def _providers(self) -> tuple[NDArray[np.intp], list[str | None]]:
        """Return how many providers are there for sure in every area, and which where there is one."""
        names, starts = self._group.providers
        if not names:
            return np.zeros(len(self._areas), dtype=np.intp), [None] * len(self._areas)
        there = np.logical_or.reduceat(self._sure, starts, axis=0)
        count = there.sum(axis=0)
        first = there.argmax(axis=0)
        return count, [names[first[n]] if count[n] == 1 else None for n in range(len(self._areas))]

    def _age(self, day: date, stale_days: int) -> tuple[Flags, list[float | None]]:
        """Return where everything recorded is old, and the probability that nothing of it is true."""
        names, starts = self._group.services
        empty: list[float | None] = [None] * len(self._areas)
        if not names:
            return np.zeros(len(self._areas), dtype=bool), empty
        offers: Sequence[Offer] = [self._group.offers[row] for row in starts]
        ages = np.array([_age_days(offer, day) for offer in offers])
        there = np.logical_or.reduceat(self._sure, starts, axis=0)
        stale = _any(there) & ~_any(there & (ages <= stale_days)[:, None])
        gone = np.array([1 - still_true(age) if np.isfinite(age) else np.nan for age in ages])
        none = np.where(there, gone[:, None], 1.0).prod(axis=0)
        known = stale & np.isfinite(none)
        return stale, [float(p) if sure else None for sure, p in zip(known, none, strict=True)]


def _any(flags: Flags) -> Flags:
    return np.asarray(flags.any(axis=0))


def _age_days(offer: Offer, day: date) -> float:
    """Return the days since a person last checked the record; infinite where nobody ever did."""
    return np.inf if offer.assured_date is None else max(0, (day - offer.assured_date).days)
