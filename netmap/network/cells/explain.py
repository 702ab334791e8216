"""One cell offer by offer: what each fails at, which misses least, how the number shrinks. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from netmap.directory.eligibility import (
    CRITERIA,
    Asker,
    Duration,
    Offer,
    Verdict,
    judge_distance,
    sentence,
)
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network.cells.engine import Cell, Profile
from netmap.network.cells.facts import TESTS
from netmap.network.cells.ground import Ground
from netmap.network.cells.kinds import ALIVE, BIT, ones

MOST_REASONS = 3


@dataclass(frozen=True)
class Case:
    """An offer as it stands to the typical client of a profile in one area.

    ``failed`` and ``unknown`` are bits of criteria; why one came out so is asked only when it is told.
    """

    offer: Offer
    service_type: str
    asker: Asker
    km: float
    failed: int
    unknown: int

    def outcome(self, criterion: str) -> str:
        """Return how a criterion came out."""
        bit = int(BIT[criterion])
        return "fail" if self.failed & bit else "unknown" if self.unknown & bit else "pass"

    def verdict(self, criterion: str) -> Verdict:
        """Return how a criterion came out, and why."""
        if criterion == "distance":
            km = self.km if np.isfinite(self.km) else None
            return judge_distance(self.offer, self.asker, km, self.service_type)
        return TESTS[criterion](self.offer, self.asker, self.service_type)

    def with_outcome(self, outcome: str) -> tuple[str, ...]:
        """Return the criteria that came out so, in their order."""
        return tuple(criterion for criterion in CRITERIA if self.outcome(criterion) == outcome)

    @property
    def alive(self) -> bool:
        """Return whether it may be of the wanted kind and offered at present."""
        return not self.failed & int(ALIVE)

    def reasons(self, *outcomes: str) -> str:
        """Return the sentences of all criteria with these outcomes."""
        chosen = (criterion for criterion in CRITERIA if self.outcome(criterion) in outcomes)
        return "; ".join(sentence(criterion, self.verdict(criterion)) for criterion in chosen)


def cases_of(ground: Ground, profile: Profile, cell: Cell) -> list[Case]:
    """Return every offer of the cell's kind of service, those that miss least first."""
    kind = cell.line.service_type
    group, near = ground.of_type(kind), ground.reach(kind, profile.typical)
    wish = cast(Duration, cell.line.duration) if cell.line.duration else None
    asker = replace(profile.typical, area=cell.area, duration=wish)
    fails, unclear = group.masks(asker)
    far, unsure = near.column(next(n for n, area in enumerate(ground.areas) if area.code == cell.area))
    failed = fails | np.where(far, BIT["distance"], np.uint16(0))
    unknown = unclear | np.where(unsure, BIT["distance"], np.uint16(0))
    km = np.nan_to_num(ground.kilometres(kind, cell.area)[:, 0], nan=np.inf)
    order = np.lexsort((group.by_id, km, ones(unknown), ones(failed), (failed & ALIVE) != 0))
    numbers = (km[order].tolist(), failed[order].tolist(), unknown[order].tolist())
    return [
        Case(group.offers[row], kind, asker, *rest)
        for row, *rest in zip(order.tolist(), *numbers, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel: how many services are left, in words; ``why`` where none is."""

    criterion: str
    number: int
    told: str
    why: str = ""


def steps(cases: Sequence[Case], max_km: float) -> list[Step]:
    """Return how the number of services shrinks from one criterion to the next; empty where nobody offers it.

    It explains and decides nothing: another order of the criteria would give other numbers.
    """
    left = [case for case in cases if case.alive]
    found = [Step("type", _services(left), _offering(left))] if left else []
    for criterion in CRITERIA[2:]:
        kept = [case for case in left if case.outcome(criterion) != "fail"]
        number = _services(kept)
        why = "" if kept or not left else _because(criterion, left)
        if left and (criterion == "distance" or number != _services(left)):
            found.append(Step(criterion, number, _step(criterion, number, max_km), why))
        left = kept
    return found


def questions(cases: Sequence[Case]) -> str:
    """Return what is not known of the services that fail at nothing, the first few questions."""
    open_ones = [case for case in cases if case.alive and not case.with_outcome("fail")]
    return _some(sentence(c, case.verdict(c)) for case in open_ones for c in case.with_outcome("unknown"))


def funnel(cases: Sequence[Case], max_km: float, ask: bool) -> str:
    """Return the steps in words, and what has to be asked."""
    parts = [f"{step.told} ({step.why})" if step.why else step.told for step in steps(cases, max_km)]
    if not parts:
        return nobody(cases)
    if ask:
        parts.append(_("not known: %(questions)s", questions=questions(cases)))
    return ", ".join(parts)


def nobody(cases: Sequence[Case]) -> str:
    """Return that nobody offers it at present."""
    closed = _services(cases)
    if not closed:
        return _("nobody is recorded as offering it")
    return ngettext(
        "nobody offers it at present, %(number)s service is closed",
        "nobody offers it at present, %(number)s services are closed",
        closed,
    )


def _offering(cases: Sequence[Case]) -> str:
    number = _services(cases)
    if any(case.outcome("type") == "pass" for case in cases):
        return ngettext("%(number)s service offers it", "%(number)s services offer it", number)
    return ngettext("%(number)s service seems to offer it", "%(number)s services seem to offer it", number)


def _step(criterion: str, number: int, max_km: float) -> str:
    match criterion:
        case "distance":
            return _("%(number)s within %(km)s km and serving the place", number=number, km=in_digits(max_km))
        case "eligibility":
            return ngettext("%(number)s takes these people", "%(number)s take these people", number)
        case "language":
            return ngettext("%(number)s speaks their language", "%(number)s speak their language", number)
        case "hours":
            return ngettext(
                "%(number)s is open when they can come", "%(number)s are open when they can come", number
            )
        case "access":
            return ngettext(
                "%(number)s can be entered without steps", "%(number)s can be entered without steps", number
            )
        case "cost":
            return _("%(number)s at a price that they can pay", number=number)
        case "capacity":
            return ngettext("%(number)s has a free place", "%(number)s have a free place", number)
        case _:
            return ngettext(
                "%(number)s helps for the time wanted", "%(number)s help for the time wanted", number
            )


def _because(criterion: str, cases: Iterable[Case]) -> str:
    if criterion == "distance":
        return ""
    return _some(sentence(criterion, case.verdict(criterion)) for case in cases)


def _some(sentences: Iterable[str]) -> str:
    """Return different sentences, the first few."""
    found: dict[str, None] = {}
    for told in sentences:
        found[told.rstrip(".")] = None
        if len(found) == MOST_REASONS:
            break
    return "; ".join(found)


def _services(cases: Iterable[Case]) -> int:
    return len({case.offer.service_id for case in cases})
