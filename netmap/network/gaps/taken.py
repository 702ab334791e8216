"""Whether gaps that were taken up are still there: asked by pages, noted by the worker with each survey."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.network.gaps.loading import Question
from netmap.network.gaps.taking_models import GapDecision

OPEN, AGAIN, CHANGED, CLOSED = "open", "again", "changed", "closed"
Pair = tuple[str, str]  # kind of service, package


@dataclass(frozen=True)
class Standing:
    """Which gaps there are: the keys of all, and for each pair the key and the areas of what is missing."""

    keys: frozenset[str]
    missing: Mapping[Pair, tuple[tuple[str, frozenset[str]], ...]]

    def successor(self, pair: Pair, areas: Collection[str]) -> str | None:
        """Return the gap that took the place of one that is not there any more, None where it has closed.

        The same service may be missing for another reason now, and is then another gap.
        """
        shared = [
            (len(there & set(areas)), key) for key, there in self.missing.get(pair, ()) if there & set(areas)
        ]
        return max(shared)[1] if shared else None


def standing_of(question: Question) -> Standing:
    """Return which gaps there are in a question over everything."""
    cards = question.cards()
    missing: dict[Pair, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for card in cards:
        missing[card.service_type, card.profile].append((card.key, frozenset(card.areas)))
    keys = frozenset(card.key for card in (*cards, *question.apart()))
    return Standing(keys, {pair: tuple(found) for pair, found in missing.items()})


def state_of(row: GapDecision, there: Standing) -> tuple[str, str]:
    """Return whether a gap that was taken up is still there, and the key of the gap that it is now.

    "open"; "again" where it had been closed; "changed" where the same is missing there for another reason;
    "closed".
    """
    if row.id in there.keys:
        return (AGAIN if row.closed_on else OPEN), row.id
    successor = there.successor((row.service_type, row.package_code), row.areas)
    return (CHANGED, successor) if successor else (CLOSED, row.id)


def note_standing(session: Session, there: Standing, today: date) -> int:
    """Note which gaps that were taken up have closed or are open again; return how many changed."""
    changed = 0
    for row in session.scalars(select(GapDecision).order_by(GapDecision.id)):
        closed = (row.closed_on or today) if state_of(row, there)[0] == CLOSED else None
        if closed != row.closed_on:
            row.closed_on, changed = closed, changed + 1
    session.flush()
    return changed
