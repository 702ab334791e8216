"""What would help, the cheapest first: the ladder of steps for each thing that stands in the way. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netmap.i18n import gettext as _
from netmap.network.cells.kinds import BROKEN_LINK, CAPACITY, EVIDENCE, PACKAGE, SINGLE_PROVIDER, STALE
from netmap.network.gaps.cards import Card

RUNGS = ("data", "agreement", "rule", "remote", "capacity", "new")
TYPES = 0  # types are confirmed before anything else is mended
DATA, AGREEMENT, RULE, REMOTE, PLACES, NEW = range(1, 7)
Steps = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that would help; ``rung`` is a code of `RUNGS`."""

    rung: str
    text: str


def remedies(card: Card) -> list[Remedy]:
    """Return what would open the cells of a card, the cheapest first."""
    if card.ask:
        told = _("Phone the providers, ask what is not known, and record the answer")
        return [Remedy("data", told)]
    found: set[tuple[int, str]] = set(_of_risks().get(card.kind, ()))
    if not found:
        for criterion in card.blockers or ("type",):
            found.update(_of_criteria()[criterion])
    if card.untyped:
        told = _("Confirm the types of the services that have none: one of them may offer it")
        found.add((TYPES, told))
    if card.kind not in (STALE, BROKEN_LINK, EVIDENCE, PACKAGE):
        found.add((NEW, _("Open a service that meets the requirements")))
    return [Remedy(RUNGS[max(0, rung - 1)], text) for rung, text in sorted(found)]


def rung_name(rung: str) -> str:
    """Return what a step of the ladder is called."""
    return {
        "data": _("Mend what is recorded"),
        "agreement": _("Agree"),
        "rule": _("Change a rule"),
        "remote": _("Help from afar, visits, or a way there"),
        "capacity": _("More places"),
        "new": _("A new service"),
    }[rung]


def _of_risks() -> Mapping[str, Steps]:
    """Return the steps for what is open but at risk or too small, by kind."""
    return {
        SINGLE_PROVIDER: (
            (AGREEMENT, _("Agree with a second provider that it steps in when the first one closes")),
            (REMOTE, _("Ask a provider from elsewhere to help by telephone, by video or on certain days")),
        ),
        STALE: ((DATA, _("Ring the providers and confirm what is recorded")),),
        CAPACITY: (
            (DATA, _("Ask how many places there really are and how long people wait, and record it")),
            (AGREEMENT, _("Agree on places for these people")),
            (REMOTE, _("Ask a provider from elsewhere to help by telephone, by video or on certain days")),
            (PLACES, _("Ask the provider for more places")),
        ),
        BROKEN_LINK: (
            (DATA, _("Record the contacts that there are already")),
            (AGREEMENT, _("Agree on how the one hands people over to the other")),
        ),
        PACKAGE: (
            (DATA, _("Look at the gaps of the lines that are missing: one of them may be cheap to close")),
        ),
        EVIDENCE: (
            (DATA, _("Ring the providers, ask why people are turned away, and record the condition")),
            (RULE, _("Ask the provider to change its conditions")),
        ),
    }


def _of_criteria() -> Mapping[str, Steps]:
    """Return the steps for each criterion that stands in the way."""
    nobody = (
        (DATA, _("Ask whether somebody outside the directory offers it, and record it")),
        (REMOTE, _("Ask a provider from elsewhere to help by telephone, by video or on certain days")),
        (PLACES, _("Ask a provider of a similar service to take it on")),
    )
    return {
        "type": nobody,
        "active": nobody,
        "distance": (
            (AGREEMENT, _("Agree with the nearest provider on visits to the place")),
            (RULE, _("Ask the provider to serve the place too")),
            (REMOTE, _("Offer it by telephone or video, or bring people there")),
        ),
        "eligibility": (
            (AGREEMENT, _("Agree on an exception for these people")),
            (RULE, _("Ask the provider to change its conditions")),
        ),
        "language": (
            (AGREEMENT, _("Agree on a shared interpreter")),
            (RULE, _("Ask the provider for a worker who speaks the language")),
        ),
        "hours": ((RULE, _("Ask the provider to open at other hours")),),
        "access": (
            (AGREEMENT, _("Agree on another room or on visits at home")),
            (RULE, _("Ask the provider for a ramp or a lift")),
        ),
        "cost": (
            (AGREEMENT, _("Agree on who pays the fee")),
            (RULE, _("Ask the provider for a lower fee")),
        ),
        "duration": ((RULE, _("Ask the provider to help for the time wanted")),),
        "capacity": (
            (AGREEMENT, _("Agree on places for these people")),
            (PLACES, _("Ask the provider for more places")),
        ),
    }
