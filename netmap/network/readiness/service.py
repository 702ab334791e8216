"""Readiness of packages: in each area, is somebody there today for every line that a package needs?

It stands on the same cells as the gaps: what is missing here is a gap there, and the other way round.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import changes
from netmap.i18n import gettext as _
from netmap.network import queries
from netmap.network.cells.engine import LineCells, needed
from netmap.network.cells.kinds import NO_PROVIDER
from netmap.network.cells.standing import Standing, State, standings
from netmap.network.gaps.cards import doubts, key_of
from netmap.network.gaps.loading import Question, load
from netmap.network.readiness import words
from netmap.packages.lines import Line

__all__ = ["Counts", "PackageReadiness", "counts", "readiness"]


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many areas a package is ready, and how many areas there are."""

    ready: int
    areas: int


@dataclass(frozen=True)
class PackageReadiness:
    """One package: how each line stands in each area."""

    code: str
    areas: tuple[str, ...]
    lines: tuple[Line, ...]
    grid: Mapping[tuple[str, str], Standing]  # (area, key of the line)

    @cached_property
    def needed(self) -> tuple[Line, ...]:
        """The lines without which the package is not whole; all where it names none as needed."""
        return tuple(line for line in self.lines if needed(line, self.lines)) or self.lines

    def state(self, area: str) -> State:
        """Return the worst state of the lines that are needed: missing, then to be asked, then ready."""
        states = {self.grid[area, line.key].state for line in self.needed}
        return "not" if "not" in states else "ask" if "ask" in states else "ready"

    def counts(self) -> Counts:
        """Return in how many areas it is ready."""
        return Counts(sum(self.state(area) == "ready" for area in self.areas), len(self.areas))

    def most_often(self, state: State) -> tuple[Line, int] | None:
        """Return the needed line that stands so in the most areas, and in how many; None where none does."""
        found = Counter({
            place: sum(self.grid[area, line.key].state == state for area in self.areas)
            for place, line in enumerate(self.needed)
        })  # fmt: skip
        place, number = max(found.items(), key=lambda row: (row[1], -row[0]), default=(0, 0))
        return (self.needed[place], number) if number else None


def counts(session: Session, settings: Settings) -> Mapping[str, Counts]:
    """Return in how many areas each package in use is ready.

    A process keeps the answer until the directory, a package or the day is another one: the badges of a list
    need it on every page. A session inside somebody else's transaction may see what nobody else can see, and
    neither takes nor gives.
    """
    bind = session.get_bind()
    if not isinstance(bind, Engine):
        return _counted(session, settings)
    state = (
        changes.newest(session),
        queries.packages_in_use(session),
        now().astimezone(settings.zone()).date(),
    )
    with _counting:  # who comes meanwhile waits for the answer and does not count a second time
        kept = _kept.get(bind.pool)
        if kept is None or kept[0] != state:
            kept = _kept[bind.pool] = state, _counted(session, settings)
        return kept[1]


def _counted(session: Session, settings: Settings) -> Mapping[str, Counts]:
    return {one.code: one.counts() for one in _packages(load(session, settings))}


_State = tuple[int, tuple[tuple[str, int], ...], date]
_counting = Lock()
_kept: WeakKeyDictionary[Pool, tuple[_State, Mapping[str, Counts]]] = WeakKeyDictionary()


def readiness(
    session: Session, settings: Settings, package: str | None = None, area: str | None = None
) -> dict[str, Any]:
    """Return how every line of the packages stands in every area, and why.

    Parameters
    ----------
    session : Session
    settings : Settings
    package : str, optional
        Only this package; all in use where not given.
    area : str, optional
        Only this area and what lies in it.

    Returns
    -------
    dict
        ``packages``: each with ``ready`` (areas), ``of``, ``sentence``, ``lines`` (``needed``: the package is
        not whole without it) and ``areas``: for each a ``state`` ("ready", "not" or "ask") and, under
        ``lines``, the state, the reason and, where there are such, ``service_id`` and ``gap``.

    Raises
    ------
    Invalid
        If there is no such package or area; names the nearest.
    """
    question = load(session, settings, package, area)
    found = [_view(question, one) for one in _packages(question)]
    warnings = []
    if not question.ground.areas:
        warnings.append(
            _("There is no area with a point on the map: import areas, or add their coordinates.")
        )
    return {"as_of": question.day.isoformat(), "packages": found, "warnings": warnings}


def _packages(question: Question) -> Iterator[PackageReadiness]:
    doubtful = bool(doubts(*question.untyped))
    for profile in question.profiles.values():
        grid = {}
        for line in profile.lines:
            cells = LineCells(question.ground, profile, line)
            for one in standings(cells, profile, question.day, question.settings.stale_days):
                grid[one.cell.area, line.key] = _doubted(one) if doubtful else one
        areas = tuple(area.code for area in question.ground.areas)
        yield PackageReadiness(profile.code, areas, profile.lines, grid)


def _doubted(standing: Standing) -> Standing:
    """Return a line that nobody offers as one to be asked: services of no confirmed type may offer it."""
    return replace(standing, state="ask") if standing.cell.kind == NO_PROVIDER else standing


def _view(question: Question, one: PackageReadiness) -> dict[str, Any]:
    found = one.counts()
    return {
        "package": one.code,
        "name": question.profile_name(one.code),
        "ready": found.ready,
        "of": found.areas,
        "sentence": words.package_sentence(
            found.ready, found.areas, one.most_often("not"), one.most_often("ask")
        ),
        "lines": [
            {
                "key": line.key,
                "need": line.need,
                "service_type": line.service_type,
                "needed": line in one.needed,
                "beside": line.beside,
            }
            for line in one.lines
        ],
        "areas": [_area_view(question, one, area) for area in _by_name(question, one.areas)],
    }


def _by_name(question: Question, areas: Sequence[str]) -> list[str]:
    return sorted(areas, key=lambda code: (question.area_name(code).casefold(), code))


def _area_view(question: Question, one: PackageReadiness, area: str) -> dict[str, Any]:
    return {
        "area": area,
        "name": question.area_name(area),
        "state": one.state(area),
        "lines": {line.key: _cell_view(question, one.grid[area, line.key]) for line in one.lines},
    }


def _cell_view(question: Question, standing: Standing) -> dict[str, Any]:
    cell, offer = standing.cell, standing.offer
    return {
        "state": standing.state,
        "reason": words.reason(question, standing),
        "service_id": offer.service_id if offer else None,
        "service": question.offer_name(offer) if offer else "",
        "gap": key_of(cell.kind, cell.line.service_type, cell.profile, cell.ask) if cell.kind else None,
    }
