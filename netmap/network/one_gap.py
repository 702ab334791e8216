"""One gap with everything that is needed to tell of it: the question that it came from and its card."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.network import loading
from netmap.network.cards import Card
from netmap.network.loading import Question
from netmap.vocabulary.terms import label


@dataclass(frozen=True)
class Found:
    """A gap, the question that it came from, and the other packages that miss the same service.

    ``open`` is False where nobody is missing, but what is there is at risk.
    """

    question: Question
    card: Card
    also: tuple[str, ...]
    open: bool

    @property
    def name(self) -> str:
        """Return the kind of service and the package, in the reader's language."""
        return title(self.question, self.card)

    def clients(self, areas: tuple[str, ...]) -> list[float]:
        """Return the clients counted in some of the areas, one number for each that has figures."""
        pairs = ((area, self.card.profile) for area in dict.fromkeys(areas))
        return [self.question.demands[pair].clients for pair in pairs if pair in self.question.demands]

    def weight(self, areas: tuple[str, ...]) -> float:
        """Return by how many clients areas are put in order; the areas themselves where nobody counted."""
        known = self.clients(areas)
        return sum(known) if known else float(len(areas))


def title(question: Question, card: Card) -> str:
    """Return what a gap is called: the kind of service and the package."""
    if not card.service_type:
        return question.profile_name(card.profile)
    return f"{label(card.service_type)}: {question.profile_name(card.profile)}"


def find(session: Session, settings: Settings, key: str) -> Found:
    """Return a gap over all areas.

    Raises
    ------
    NotFound
        If there is no such gap (any more).
    """
    question = loading.load(session, settings)
    missing = question.cards()
    for cards, is_open in ((missing, True), (_apart(question), False)):
        for card in cards:
            if card.key == key:
                others = [one.profile for one in missing if one.service_type == card.service_type]
                also = tuple(code for code in dict.fromkeys(others) if code != card.profile)
                return Found(question, card, also, is_open)
    raise NotFound(_("There is no such gap; it may have been closed. Go back to the list of gaps."))


def about(
    session: Session, settings: Settings, *, need: str = "", service_type: str = "", area: str | None = None
) -> list[Found]:
    """Return the gaps that a record of an unmet need speaks for, those with the most clients first.

    Raises
    ------
    Invalid
        If there is no such area.
    """
    question = loading.load(session, settings, area=area)
    return [
        Found(question, card, (), True)
        for card in question.cards()
        if card.service_type == service_type or any(cell.line.need == need for cell in card.cells)
    ]


@dataclass(frozen=True)
class Standing:
    """Which gaps there are now: the keys of all, and (kind of service, package) -> key and areas of each."""

    keys: frozenset[str]
    missing: Mapping[tuple[str, str], tuple[tuple[str, frozenset[str]], ...]]

    def successor(self, service_type: str, package: str, areas: Collection[str]) -> str | None:
        """Return the gap that took the place of one that is not there any more, None where it has closed.

        The same service may be missing for another reason now, and is then another gap.
        """
        others = self.missing.get((service_type, package), ())
        shared = [(len(there & set(areas)), key) for key, there in others if there & set(areas)]
        return max(shared)[1] if shared else None


def standing(session: Session, settings: Settings) -> Standing:
    """Return which gaps there are now, what is at risk among them."""
    question = loading.load(session, settings)
    cards = question.cards()
    missing: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for card in cards:
        missing[card.service_type, card.profile].append((card.key, frozenset(card.areas)))
    keys = frozenset(card.key for card in (*cards, *_apart(question)))
    return Standing(keys, {pair: tuple(found) for pair, found in missing.items()})


def _apart(question: Question) -> list[Card]:
    return question.apart()
