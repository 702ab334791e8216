"""One gap with everything that is needed to tell of it: the question that it came from and its card."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.network.gaps.cards import Card
from netmap.network.gaps.kept_question import everything, question
from netmap.network.gaps.loading import Question
from netmap.vocabulary.terms import label


@dataclass(frozen=True)
class Found:
    """A gap, the question that it came from, and the other packages that miss the same service.

    ``open`` is False where nobody is missing, but what is there is at risk. ``parts`` are the gaps because of
    which a whole package cannot be given.
    """

    question: Question
    card: Card
    also: tuple[str, ...]
    open: bool
    parts: tuple[Card, ...] = ()

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
    package = question.profile_name(card.profile)
    if not card.service_type:
        return _("All help together: %(package)s", package=package)
    if card.before:
        return f"{label(card.before)} → {label(card.service_type)}: {package}"
    return f"{label(card.service_type)}: {package}"


def find(session: Session, settings: Settings, key: str) -> Found:
    """Return a gap over all areas.

    Raises
    ------
    NotFound
        If there is no such gap (any more).
    """
    found = _in(everything(session, settings), key)
    if found is None:
        raise NotFound(_("There is no such gap; it may have been closed. Go back to the list of gaps."))
    return found


def _in(question: Question, key: str) -> Found | None:
    missing = question.cards()
    for cards, is_open in ((missing, True), (question.apart(), False)):
        for card in cards:
            if card.key == key:
                others = [one.profile for one in missing if one.service_type == card.service_type]
                also = tuple(code for code in dict.fromkeys(others) if code != card.profile)
                return Found(question, card, also, is_open, _parts(card, missing))
    return None


def _parts(card: Card, missing: list[Card]) -> tuple[Card, ...]:
    """Return the gaps of the lines because of which a package is not whole."""
    if card.service_type:
        return ()
    kinds, areas = {line.service_type for line in card.lines}, set(card.areas)
    mine = (one for one in missing if one.profile == card.profile and one.service_type in kinds)
    return tuple(one for one in mine if areas & set(one.areas))


def about(
    session: Session, settings: Settings, *, need: str = "", service_type: str = "", area: str | None = None
) -> list[Found]:
    """Return the gaps that a record of an unmet need speaks for, those with the most clients first.

    Raises
    ------
    Invalid
        If there is no such area.
    """
    asked = question(session, settings, None, area)
    return [
        Found(asked, card, (), True)
        for card in asked.cards()
        if card.service_type == service_type or need in {line.need for line in card.lines}
    ]
