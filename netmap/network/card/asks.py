"""What exactly one provider would be asked, and what that would open: the concrete side of the ladder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from netmap.directory.eligibility import Duration, Offer, Verdict, judge
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.names import language_name
from netmap.i18n.numbers import number
from netmap.matching.times import week_in_words
from netmap.network.card.openings import Opening, openings
from netmap.network.cells.kinds import BROKEN_LINK, EVIDENCE, PACKAGE, STALE
from netmap.network.few import told_sum
from netmap.network.gaps.one_gap import Found
from netmap.network.gaps.words import names_of
from netmap.network.whatif.scenario_words import duration_name
from netmap.packages.hours import Window
from netmap.vocabulary.terms import label

RUNG_OF = {
    "distance": "remote",
    "eligibility": "rule",
    "language": "rule",
    "hours": "rule",
    "access": "rule",
    "cost": "rule",
    "duration": "rule",
    "capacity": "capacity",
}
MOST = 5  # asks that a step of the ladder names


@dataclass(frozen=True, slots=True)
class Ask:
    """What one provider would be asked, and what would be open then.

    ``weight`` is the number of clients by which asks are put in order; it is not for telling.
    """

    rung: str
    criterion: str
    provider: str
    provider_name: str
    service: str
    service_name: str
    text: str
    opens: str
    areas: tuple[str, ...]
    where: str
    weight: float


@dataclass(frozen=True)
class Asks:
    """What could be asked, what opens most first, and how much for each step of the ladder."""

    best: tuple[Ask, ...]
    counts: Mapping[str, int]


def asks_of(found: Found) -> Asks:
    """Return what could be asked of whom, what opens most for most people first."""
    question, card = found.question, found.card
    if card.kind in (PACKAGE, BROKEN_LINK, STALE, EVIDENCE):
        return Asks((), {})  # no single thing that one provider could change is in the way
    heads = [sum(found.clients((area,))) for area in card.areas] if card.clients is not None else None
    opened = openings(question.ground, question.profiles[card.profile], card, heads)
    counts: dict[str, int] = {}
    for criterion, many in opened.counts.items():
        counts[RUNG_OF[criterion]] = counts.get(RUNG_OF[criterion], 0) + many
    best = [_ask(found, one) for one in opened.best]  # of equal ones the nearest stand first already
    return Asks(tuple(sorted(best, key=lambda one: (-one.weight, -len(one.areas)))), counts)


def _ask(found: Found, opening: Opening) -> Ask:
    question = found.question
    offer, verdict = _example(found, opening)
    provider = question.names.get(opening.provider, opening.provider)
    areas = opening.everywhere
    return Ask(
        rung=RUNG_OF[opening.criterion],
        criterion=opening.criterion,
        provider=opening.provider,
        provider_name=provider,
        service=offer.service_id,
        service_name=question.names.get(offer.service_id, offer.service_id),
        text=sentence(found, opening, provider, offer, verdict),
        opens=opens(found, areas, sure=not opening.perhaps),
        areas=areas,
        where=names_of([question.area_name(code) for code in areas]),
        weight=found.weight(areas),
    )


def _example(found: Found, opening: Opening) -> tuple[Offer, Verdict]:
    """Return the nearest of the services that would do it, and how the criterion came out there."""
    question, card = found.question, found.card
    line = next(cell.line for cell in card.cells if cell.area == opening.everywhere[0])
    group = question.ground.of_type(card.service_type)
    ways = question.ground.kilometres(card.service_type, opening.everywhere[0])[:, 0].tolist()
    wish = cast(Duration, line.duration) if line.duration else None
    typical = question.profiles[card.profile].typical
    asker = replace(typical, area=opening.everywhere[0], duration=wish)
    rows = [
        (np.isnan(km), km, row)
        for row, (offer, km) in enumerate(zip(group.offers, ways, strict=True))
        if offer.service_id in opening.services
    ]
    told = []
    for unknown, km, row in sorted(rows):
        offer = group.offers[row]
        verdicts = judge(offer, asker, card.service_type, km=None if unknown else km)
        told.append((offer, verdicts[opening.criterion]))
    return next(((offer, one) for offer, one in told if one.outcome == "fail"), told[0])


def opens(found: Found, areas: Sequence[str], *, sure: bool) -> str:
    """Return how many areas and clients something would open, in words."""
    places = ngettext("%(number)s area", "%(number)s areas", len(areas))
    clients = found.clients(tuple(areas))
    values = {"areas": places, "names": names_of([found.question.area_name(code) for code in areas])}
    if not clients:
        told = f"{values['areas']} ({values['names']})"
    else:
        told = _("%(areas)s (%(names)s), clients a year: %(clients)s", clients=told_sum(clients), **values)
    if not found.open:
        return _("would help in %(what)s", what=told) if sure else _("may help in %(what)s", what=told)
    return _("would open %(what)s", what=told) if sure else _("may open %(what)s", what=told)


def sentence(found: Found, opening: Opening, provider: str, offer: Offer, verdict: Verdict) -> str:
    """Return what a provider would be asked, in words."""
    asker, values = found.question.profiles[found.card.profile].typical, verdict.values
    codes = cast(Sequence[str], values.get("codes") or ())
    match opening.criterion:
        case "eligibility" if verdict.reason == "excluded":
            return _("Ask %(who)s to accept: %(people)s", who=provider, people=_labels(codes))
        case "eligibility" if verdict.reason == "required":
            return _("Ask %(who)s to take not only: %(people)s", who=provider, people=_labels(codes))
        case "eligibility":
            return _("Ask %(who)s to take people of other ages too", who=provider)
        case "language":
            spoken = ", ".join(language_name(code) for code in sorted(asker.languages))
            return _(
                "Ask %(who)s for a worker or an interpreter who speaks: %(langs)s", who=provider, langs=spoken
            )
        case "hours":
            return _("Ask %(who)s to be open: %(hours)s", who=provider, hours=hours_in_words(asker.hours))
        case "access":
            return _("Ask %(who)s for a way in without steps, or for visits", who=provider)
        case "cost":
            fee, budget = number(offer.fee or 0, 2), number(asker.budget or 0, 2)
            return _(
                "Ask %(who)s for a fee of at most %(budget)s (now %(fee)s)",
                who=provider,
                budget=budget,
                fee=fee,
            )
        case "duration":
            wish = next(line.duration for line in found.card.lines if line.duration)
            return _("Ask %(who)s for: %(help)s", who=provider, help=duration_name(wish))
        case "capacity":
            return _("Ask %(who)s for places for these people", who=provider)
        case _:
            return _("Ask %(who)s to come on certain days, or to help by telephone or video", who=provider)


def hours_in_words(hours: Sequence[Window]) -> str:
    """Return when people can come, "" for any time."""
    days = [[(first, last) for day, first, last in hours if day == one] for one in range(7)]
    return week_in_words(days)


def _labels(codes: Sequence[str]) -> str:
    return ", ".join(label(code) for code in codes)
