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
from netmap.network.kinds import ALIVE, BIT, Bits, kind_of, least_of, sole_of
from netmap.network.statistics import still_true
from netmap.packages.document import DEFINING, TYPICAL, Document, Line
from netmap.packages.hours import windows

K_MIN = 2  # with fewer providers than this an open cell hangs on one of them
STALE_DAYS = 365
GROWN_UP = (float(ADULT), math.inf)  # an assumption: who fits a package that names no age is not a child


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
    checked. ``required``: the package is not whole without it.
    """

    area: str
    profile: str
    line: Line
    required: bool
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
    typical client only, who is grown up where no age is named and comes at the hours of the package.
    Everything else is unknown.
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
    usual = replace(asker, circumstances=typical | stated, age_range=ages, hours=windows(document.hours))
    return Profile(document.code, document.lines, asker, usual)


def survey(ground: Ground, profiles: Iterable[Profile], day: date, stale_days: int = STALE_DAYS) -> Survey:
    """Return the cells of all areas, profiles and lines, in that order of profiles, lines and areas."""
    cells: list[Cell] = []
    links: list[Link] = []
    for profile in profiles:
        for line in profile.lines:
            found = LineCells(ground, profile, line)
            cells.extend(found.cells(day, stale_days))
            links.extend(found.links())
    return Survey(tuple(cells), tuple(links))


def needed(line: Line, lines: Sequence[Line]) -> bool:
    """Return whether a package is not whole without a line; an add-on is needed only with its main line."""
    main = next((one for one in lines if one.key == line.beside), line)
    return line.required and main.required


class LineCells:
    """The sums of one line of one profile: arrays of offers x areas.

    ``failed`` and ``unknown`` are the criteria that an offer fails and those that nobody knows; ``sure`` are
    the offers that pass all, ``perhaps`` those that fail none.
    """

    def __init__(self, ground: Ground, profile: Profile, line: Line) -> None:
        self._areas, self._profile, self._line = ground.areas, profile, line
        self.group: Offers = ground.of_type(line.service_type)
        wish = cast(Duration, line.duration) if line.duration else None
        too_far, how_far = ground.reach(line.service_type, profile.typical)
        failed, unknown = self._masks(replace(profile.typical, duration=wish))
        stated, _unknown = self._masks(replace(profile.stated, duration=wish))
        self.failed: Bits = failed[:, None] | too_far
        self.unknown: Bits = unknown[:, None] | how_far
        self.sure: Flags = (self.failed | self.unknown) == 0
        self.perhaps: Flags = (self.failed == 0) & ~self.sure
        self._n_hi = ((stated[:, None] | too_far) == 0).sum(axis=0)
        self._there = _any_of(self.sure, self.group.providers[1])

    def _masks(self, asker: Asker) -> tuple[Bits, Bits]:
        """Return which criteria fail and which are unknown for each offer, distance left out."""
        failed, unknown = [], []
        for offer in self.group.different:
            verdicts = judge(offer, asker, self._line.service_type)
            outcomes = {c: verdicts[c].outcome for c in CRITERIA if c != "distance"}
            failed.append(sum(int(BIT[c]) for c, outcome in outcomes.items() if outcome == "fail"))
            unknown.append(sum(int(BIT[c]) for c, outcome in outcomes.items() if outcome == "unknown"))
        alike = self.group.alike
        return np.array(failed, dtype=np.uint16)[alike], np.array(unknown, dtype=np.uint16)[alike]

    def cells(self, day: date, stale_days: int) -> Iterator[Cell]:
        """Yield the cell of every area."""
        n_lo = self.sure.sum(axis=0)
        ask = (n_lo == 0) & self.perhaps.any(axis=0)
        stale, p_none = self._age(day, stale_days)
        columns = zip(
            self._areas,
            self._kinds(n_lo == 0, ask),
            n_lo.tolist(),
            self._n_hi.tolist(),
            ask.tolist(),
            self._there.sum(axis=0).tolist(),
            self._only(),
            stale.tolist(),
            p_none,
            strict=True,
        )
        for area, (kind, blockers), low, high, asked, providers, only, old, none in columns:
            yield Cell(
                area=area.code,
                profile=self._profile.code,
                line=self._line,
                required=needed(self._line, self._profile.lines),
                kind=kind,
                blockers=blockers,
                n_lo=low,
                n_hi=high,
                ask=asked,
                providers=providers,
                only=only,
                stale=old,
                p_none=none,
            )

    def links(self) -> Iterator[Link]:
        """Yield in how many areas each provider is there."""
        names, starts = self.group.providers
        perhaps = _any_of(self.perhaps, starts) & ~self._there
        counts = zip(names, self._there.sum(axis=1).tolist(), perhaps.sum(axis=1).tolist(), strict=True)
        for name, surely, maybe in counts:
            yield Link(self._profile.code, self._line, name, surely, maybe)

    def _kinds(self, closed: Flags, ask: Flags) -> list[tuple[str | None, tuple[str, ...]]]:
        """Return kind and blockers of every area, None where it is open."""
        found: list[tuple[str | None, tuple[str, ...]]] = [(None, ())] * len(self._areas)
        columns = np.flatnonzero(closed)
        failed, asked = self.failed[:, columns], ask[columns][None, :]
        counted = np.where(asked, self.perhaps[:, columns], (failed & ALIVE) == 0)
        masks = np.where(asked, self.unknown[:, columns], failed)
        sole, least = sole_of(masks, counted).tolist(), least_of(masks, counted).tolist()
        some: list[bool] = np.asarray(counted.any(axis=0)).tolist()
        for place, column in enumerate(columns.tolist()):
            found[column] = kind_of(sole[place], least[place], some[place])
        return found

    def _only(self) -> list[str | None]:
        """Return the provider of every area that has just one."""
        names, _starts = self.group.providers
        found: list[str | None] = [None] * len(self._areas)
        for column in np.flatnonzero(self._there.sum(axis=0) == 1).tolist():
            found[column] = names[int(np.flatnonzero(self._there[:, column])[0])]
        return found

    def _age(self, day: date, stale_days: int) -> tuple[Flags, list[float | None]]:
        """Return where everything recorded is old, and the probability that nothing of it is true."""
        _names, starts = self.group.services
        ages = np.array([age_days(self.group.offers[row], day) for row in starts])
        there = _any_of(self.sure, starts)
        fresh: Flags = there[ages <= stale_days]
        stale: Flags = np.asarray(there.any(axis=0) & ~fresh.any(axis=0))
        found: list[float | None] = [None] * len(self._areas)
        for column in np.flatnonzero(stale).tolist():
            old = ages[there[:, column]].tolist()
            if all(map(math.isfinite, old)):
                found[column] = math.prod(1 - still_true(age) for age in old)
        return stale, found


def _any_of(flags: Flags, starts: NDArray[np.intp]) -> Flags:
    """Return for each run of rows whether any of them holds."""
    if len(starts) == len(flags):  # each run is one row
        return flags
    return np.asarray(np.logical_or.reduceat(flags, starts, axis=0))


def age_days(offer: Offer, day: date) -> float:
    """Return the days since a person last checked the record; infinite where nobody ever did."""
    return np.inf if offer.assured_date is None else max(0, (day - offer.assured_date).days)
