"""What became of gaps that were taken up: asked by pages, noted by the worker with each survey.

A gap is followed in the areas in which it was taken up. That the same is missing in another place now does
not undo what was reached in these, and that nobody asks about them any more does not close it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.network.gaps.loading import Question
from netmap.network.gaps.taking_models import GapDecision

OPEN, AGAIN, CHANGED, ELSEWHERE = "open", "again", "changed", "elsewhere"
CLOSED, UNASKED = "closed", "unasked"
Pair = tuple[str, str]  # kind of service, package


@dataclass(frozen=True)
class Standing:
    """Which gaps there are: the areas of each by its key, and for each pair the keys of what is missing.

    ``places`` and ``packages`` are those that were looked at.
    """

    areas: Mapping[str, frozenset[str]]
    missing: Mapping[Pair, tuple[str, ...]]
    places: frozenset[str]
    packages: frozenset[str]

    def successor(self, pair: Pair, areas: Collection[str]) -> str | None:
        """Return the gap that took the place of one in some areas, None where nothing is missing there.

        The same service may be missing for another reason now, and is then another gap.
        """
        shared = [(len(self.areas[key] & set(areas)), key) for key in self.missing.get(pair, ())]
        most, key = max(shared, default=(0, ""))
        return key if most else None


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a gap that was taken up.

    ``state`` is "open"; "again" where it had been closed; "changed" where the same is missing there for
    another reason; "elsewhere" where it has closed and is a gap of other areas only; "closed"; "unasked"
    where its package or all its areas are looked at no more, so that nobody knows. ``key`` is the gap that
    it is now. ``left`` are the areas that are not closed, ``of`` is how many are looked at of those in which
    it was taken up.
    """

    state: str
    key: str
    left: tuple[str, ...]
    of: int

    @property
    def closed(self) -> bool:
        """Return whether it has closed wherever it was taken up."""
        return self.state in (CLOSED, ELSEWHERE)

    @property
    def partly(self) -> bool:
        """Return whether it has closed in some of its areas and not in all."""
        return 0 < len(self.left) < self.of


def standing_of(question: Question) -> Standing:
    """Return which gaps there are in a question over everything."""
    cards = question.cards()
    missing: dict[Pair, list[str]] = defaultdict(list)
    for card in cards:
        missing[card.service_type, card.profile].append(card.key)
    return Standing(
        areas={card.key: frozenset(card.areas) for card in (*cards, *question.apart())},
        missing={pair: tuple(found) for pair, found in missing.items()},
        places=frozenset(area.code for area in question.ground.areas),
        packages=frozenset(question.profiles),
    )


def state_of(row: GapDecision, there: Standing) -> Followed:
    """Return what became of a gap that was taken up, in the areas in which it was taken up."""
    taken_up = [code for code in row.areas if code in there.places]
    if row.package_code not in there.packages or not taken_up:
        return Followed(UNASKED, row.id, (), 0)
    pair = row.service_type, row.package_code
    same = there.areas.get(row.id, frozenset())
    still = same.union(*(there.areas[key] for key in there.missing.get(pair, ())))
    left, of = tuple(code for code in taken_up if code in still), len(taken_up)
    if same & set(left):
        return Followed(AGAIN if row.closed_on else OPEN, row.id, left, of)
    successor = there.successor(pair, left)
    if successor is not None:
        return Followed(CHANGED, successor, left, of)
    return Followed(ELSEWHERE if same else CLOSED, row.id, (), of)


def note_standing(session: Session, there: Standing, today: date) -> int:
    """Note which gaps that were taken up have closed or are open again; return how many changed."""
    changed = 0
    for row in session.scalars(select(GapDecision).order_by(GapDecision.id)):
        found = state_of(row, there)
        if found.state == UNASKED:
            continue
        closed = (row.closed_on or today) if found.closed else None
        if closed != row.closed_on:
            row.closed_on, changed = closed, changed + 1
    session.flush()
    return changed
