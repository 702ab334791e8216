"""The list of relations: by state and owner, what is overdue first. All SELECTs of the pipeline page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, contains_eager

from netmap.directory.models import Organization
from netmap.partners.models import Partnership
from netmap.vocabulary.words import fold

SORTS = ("step", "name", "state", "owner", "contact")
NOBODY = "-"  # the owner of what nobody looks after
OVERDUE, SOON_DAYS = "overdue", 7


class Wish(NamedTuple):
    """What of the list is wanted: a state, an owner (`NOBODY`: none), what is overdue, part of a name."""

    state: str = ""
    owner: str = ""
    when: str = ""
    name: str = ""


def listing(
    session: Session, today: date, wish: Wish, *, sort: str = "step", limit: int, offset: int = 0
) -> tuple[int, Sequence[Partnership]]:
    """Return how many relations are wanted, and a part of them with their organizations."""
    wanted = _conditions(session, wish, today)
    count = select(func.count(Partnership.id)).join(Partnership.organization).where(*wanted)
    query = select(Partnership).join(Partnership.organization).where(*wanted)
    query = query.options(contains_eager(Partnership.organization))
    order = {
        "step": (Partnership.next_on.is_(None), Partnership.next_on),
        "name": (),
        "state": (_state_order(),),
        "owner": (Partnership.owner.is_(None), Partnership.owner),
        "contact": (Partnership.last_contact.is_not(None), Partnership.last_contact),
    }
    chosen = order.get(sort, order["step"])
    query = query.order_by(*chosen, Organization.name, Partnership.id)
    return session.scalar(count) or 0, session.scalars(query.limit(limit).offset(offset)).all()


def counts(session: Session, today: date) -> tuple[Mapping[str, int], int]:
    """Return state -> number of relations, and how many next steps are overdue."""
    query = select(Partnership.state, func.count()).group_by(Partnership.state)
    late = select(func.count()).select_from(Partnership).where(Partnership.next_on < today)
    return {row[0]: row[1] for row in session.execute(query)}, session.scalar(late) or 0


def owners(session: Session) -> Sequence[str]:
    """Return the e-mails of all who look after a relation."""
    query = select(Partnership.owner).where(Partnership.owner.is_not(None)).distinct()
    return sorted(one for one in session.scalars(query) if one)


def overdue(session: Session, today: date, limit: int = 50) -> Sequence[Partnership]:
    """Return relations whose next step should have been done, the oldest first."""
    return listing(session, today, Wish(when=OVERDUE), limit=limit)[1]


def _conditions(session: Session, wish: Wish, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.state:
        found.append(Partnership.state == wish.state)
    if wish.owner == NOBODY:
        found.append(Partnership.owner.is_(None))
    elif wish.owner:
        found.append(Partnership.owner == wish.owner)
    if wish.when == OVERDUE:
        found.append(Partnership.next_on < today)
    if wish.name:
        found.append(Organization.id.in_(_called(session, wish.name)))
    return found


def _called(session: Session, part: str) -> list[str]:
    """Return the organizations whose name holds these letters, in any case, with or without marks."""
    query = select(Organization.id, Organization.name, Organization.alternate_name)
    rows = session.execute(query.join(Partnership, Partnership.organization_id == Organization.id))
    wanted = fold(part)
    return [id_ for id_, *names in rows if any(wanted in fold(name) for name in names if name)]


def _state_order() -> Any:
    order = ("in_talks", "potential", "partner", "known", "former")
    return case({state: place for place, state in enumerate(order)}, value=Partnership.state)
