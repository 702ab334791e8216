"""What could be tried about a gap: the changes that would open it, the cheapest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, isnan, nan
from typing import Any

from netmap.directory.eligibility import Offer
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.network.cells.explain import Case, cases_of
from netmap.network.cells.kinds import BROKEN_LINK, CAPACITY
from netmap.network.few import bounds
from netmap.network.gaps.cards import Card
from netmap.network.gaps.loading import Question
from netmap.network.gaps.views import clients_of, requirements
from netmap.network.whatif.scenario_words import duration_name
from netmap.vocabulary.terms import label

NEAREST = 3  # offers that miss one thing


@dataclass(frozen=True, slots=True)
class Idea:
    """One change in words, and as the fields of the form that makes it."""

    text: str
    fields: dict[str, str]


def card_of(question: Question, key: str) -> Card:
    """Return a card, closed or at risk.

    Raises
    ------
    NotFound
        If there is no such gap (any more).
    """
    found = next((card for card in (*question.cards(), *question.apart()) if card.key == key), None)
    if found is None:
        raise NotFound(_("There is no such gap; it may have been closed. Go back to the list of gaps."))
    return found


def ideas(question: Question, card: Card) -> list[Idea]:
    """Return what could be tried about a card: agreements, other rules of the nearest, a new service."""
    if card.kind == BROKEN_LINK:
        return list(_links(question, card))
    found: dict[str, Idea] = {}
    if card.lines:
        cell = card.cells[0]
        cases = cases_of(question.ground, question.profiles[card.profile], cell)
        if card.kind == CAPACITY:
            found.update((idea.text, idea) for idea in _places(question, card, cases))
        near = [case for case in cases if case.alive and len(case.with_outcome("fail")) == 1]
        for case in near[:NEAREST]:
            for idea in _of_case(question, card, case):
                found.setdefault(idea.text, idea)
        new = _new_service(question, card)
        found[new.text] = new
    return list(found.values())


def _places(question: Question, card: Card, cases: Sequence[Case]) -> Iterator[Idea]:
    """Give more places at the services that are there."""
    there = [case for case in cases if not case.with_outcome("fail") and not case.with_outcome("unknown")]
    for service in list(dict.fromkeys(case.offer.service_id for case in there))[:NEAREST]:
        offer = next(case.offer for case in there if case.offer.service_id == service)
        yield _more_places(question, card, offer)


def _more_places(question: Question, card: Card, offer: Offer) -> Idea:
    """Return room at a service for those who miss it, on top of what it has."""
    capacity = question.everything.context.capacity
    known = float(capacity([offer.service_id])[0]) if capacity else nan
    wanted = _clients(question, card) + (0 if isnan(known) else known)
    fields = {"do": "change_service", "service": offer.service_id, "capacity": f"{wanted:.0f}"}
    return Idea(_("More places at %(service)s", service=question.offer_name(offer)), fields)


def _clients(question: Question, card: Card) -> int:
    """Return for how many clients a year there has to be room: the most that is told of them, at least 1."""
    return max(1, ceil(bounds(clients_of(question, card))[1]))


def _links(question: Question, card: Card) -> Iterator[Idea]:
    for one in card.giving:
        for other in card.taking:
            names = {"one": question.names.get(one, one), "other": question.names.get(other, other)}
            yield Idea(
                _("Agree: %(one)s hands clients over to %(other)s", **names),
                {"do": "link", "one": one, "other": other},
            )


def _of_case(question: Question, card: Card, case: Case) -> Iterator[Idea]:
    """Give the changes of one service that misses one thing."""
    asker, (blocker,) = question.profiles[card.profile].typical, case.with_outcome("fail")
    start = {"do": "change_service", "service": case.offer.service_id}
    service = question.offer_name(case.offer)
    verdict = case.verdict(blocker)
    values = verdict.values
    match blocker:
        case "eligibility" if "codes" in values:
            codes = [str(code) for code in _list(values["codes"])]
            key = "accept" if verdict.reason == "excluded" else "stop_requiring"
            names = ", ".join(label(code) for code in codes)
            told = _("Another rule: %(service)s takes these people too (%(who)s)", service=service, who=names)
            yield Idea(told, start | {key: ",".join(codes)})
        case "language":
            yield Idea(_("An interpreter at %(service)s", service=service), start | {"interpreter": "yes"})
        case "hours":
            hours = "; ".join(question.documents[card.profile].hours)
            yield Idea(_("Other hours of %(service)s", service=service), start | {"hours": hours})
        case "cost":
            fee = f"{asker.budget or 0:g}"
            yield Idea(_("A lower fee of %(service)s", service=service), start | {"fee": fee})
        case "duration":
            wish = card.cells[0].line.duration
            told = _("%(service)s gives %(help)s", service=service, help=duration_name(wish))
            yield Idea(told, start | {"duration": wish})
        case "access":
            told = _("A way in without steps at %(service)s", service=service)
            yield Idea(told, start | {"step_free": "yes"})
        case "capacity":
            yield _more_places(question, card, case.offer)
        case "distance":
            area = card.areas[0]
            told = _("%(service)s comes to %(area)s too", service=service, area=question.area_name(area))
            yield Idea(told, start | {"also_in": area})


def _new_service(question: Question, card: Card) -> Idea:
    """Return a new service that meets the requirements, in the place with the most clients."""
    needed = requirements(question, card)
    area = card.areas[0]
    fields: dict[str, Any] = {
        "do": "add_service",
        "service_type": card.service_type,
        "area": area,
        "languages": ", ".join(needed["languages"]),
        "hours": "; ".join(question.documents[card.profile].hours),
        "duration": needed["duration"] or "long",
        "fee": f"{needed['max_fee'] or 0:g}",
        "capacity": str(_clients(question, card)) if clients_of(question, card) else "",
    }
    told = _("A new service that meets the requirements, in %(area)s", area=question.area_name(area))
    return Idea(told, {name: value for name, value in fields.items() if value})


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []
