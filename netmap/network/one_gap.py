"""One gap with everything that is needed to tell of it: the question that it came from and its card."""

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


def open_keys(session: Session, settings: Settings) -> frozenset[str]:
    """Return the keys of all gaps that there are now, what is at risk among them."""
    question = loading.load(session, settings)
    return frozenset(card.key for card in (*question.cards(), *_apart(question)))


def _apart(question: Question) -> list[Card]:
    return question.apart()
