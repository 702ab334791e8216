"""One cell offer by offer: what each fails at, which misses least, how the number shrinks. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from netmap.directory.eligibility import CRITERIA, Duration, Offer, Verdict, judge, sentence
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network.cells import Cell, Profile
from netmap.network.ground import Ground

MOST_REASONS = 3


@dataclass(frozen=True)
class Case:
    """An offer as it stands to the typical client of a profile in one area."""

    offer: Offer
    verdicts: dict[str, Verdict]
    km: float

    def with_outcome(self, outcome: str) -> tuple[str, ...]:
        """Return the criteria that came out so, in their order."""
        return tuple(criterion for criterion in CRITERIA if self.verdicts[criterion].outcome == outcome)

    @property
    def alive(self) -> bool:
        """Return whether it may be of the wanted kind and offered at present."""
        return not {"type", "active"} & set(self.with_outcome("fail"))

    def reasons(self, *outcomes: str) -> str:
        """Return the sentences of all criteria with these outcomes."""
        told = [sentence(c, self.verdicts[c]) for c in CRITERIA if self.verdicts[c].outcome in outcomes]
        return "; ".join(told)


def cases_of(ground: Ground, profile: Profile, cell: Cell) -> list[Case]:
    """Return every offer of the cell's kind of service, those that miss least first."""
    group = ground.of_type(cell.line.service_type)
    ways = ground.kilometres(cell.line.service_type, cell.area)[:, 0]
    wish = cast(Duration, cell.line.duration) if cell.line.duration else None
    asker = replace(profile.typical, area=cell.area, duration=wish)
    cases = []
    for offer, km in zip(group.offers, ways.tolist(), strict=True):
        verdicts = judge(offer, asker, cell.line.service_type, km=None if np.isnan(km) else km)
        cases.append(Case(offer, verdicts, np.inf if np.isnan(km) else km))
    return sorted(cases, key=_miss)


def _miss(case: Case) -> tuple[bool, int, int, float, str, str]:
    failed, unknown = case.with_outcome("fail"), case.with_outcome("unknown")
    return (
        not case.alive,
        len(failed),
        len(unknown),
        case.km,
        case.offer.service_id,
        case.offer.place_id or "",
    )


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
        kept = [case for case in left if case.verdicts[criterion].outcome != "fail"]
        number = _services(kept)
        why = "" if kept or not left else _because(criterion, left)
        if left and (criterion == "distance" or number != _services(left)):
            found.append(Step(criterion, number, _step(criterion, number, max_km), why))
        left = kept
    return found


def questions(cases: Sequence[Case]) -> str:
    """Return what is not known of the services that fail at nothing, the first few questions."""
    open_ones = [case for case in cases if case.alive and not case.with_outcome("fail")]
    return _some(sentence(c, case.verdicts[c]) for case in open_ones for c in case.with_outcome("unknown"))


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
    if any(case.verdicts["type"].outcome == "pass" for case in cases):
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
            return ngettext("%(number)s lasts as long as needed", "%(number)s last as long as needed", number)


def _because(criterion: str, cases: Iterable[Case]) -> str:
    if criterion == "distance":
        return ""
    return _some(sentence(criterion, case.verdicts[criterion]) for case in cases)


def _some(sentences: Iterable[str]) -> str:
    """Return different sentences, the first few."""
    return "; ".join(list(dict.fromkeys(told.rstrip(".") for told in sentences))[:MOST_REASONS])


def _services(cases: Iterable[Case]) -> int:
    return len({case.offer.service_id for case in cases})
