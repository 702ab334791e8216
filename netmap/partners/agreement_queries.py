"""Lists of agreements: by state, what is due, the register, and which ties they stand behind."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from netmap.directory.models import Organization
from netmap.directory.ties import Tie
from netmap.partners.agreements import SOON, TIE_KIND, last_day
from netmap.partners.models import Agreement, AgreementParty, AgreementTie

MOST_DUE = 200  # agreements of which all is shown; more is a sign to work, not to read
STATES = ("in_force", "coming", "draft", "ended")
SORTS = ("ends", "title", "review_on", "kind")


@dataclass(frozen=True, slots=True)
class Due:
    """An agreement of which a day comes near or has passed: ``what`` is "ends" or "review"."""

    agreement: Agreement
    what: str
    day: date


def holds(state: str, today: date) -> ColumnElement[bool]:
    """Return the condition of a state, as `netmap.partners.agreements.state` says it."""
    over = or_(Agreement.ends < today, Agreement.ended_on < today)
    living = and_(Agreement.begins.is_not(None), func.coalesce(over, False).is_(False))
    return {
        "draft": Agreement.begins.is_(None),
        "ended": and_(Agreement.begins.is_not(None), over),
        "coming": and_(living, Agreement.begins > today),
        "in_force": and_(living, Agreement.begins <= today),
    }[state]


def listing(
    session: Session, today: date, *, state: str = "", sort: str = "ends", limit: int, offset: int = 0
) -> tuple[int, Sequence[Agreement]]:
    """Return how many agreements there are (of a state), and a part of them with their parties."""
    query = _with_parties(select(Agreement))
    count = select(func.count()).select_from(Agreement)
    if state:
        query, count = query.where(holds(state, today)), count.where(holds(state, today))
    column = getattr(Agreement, sort if sort in SORTS else SORTS[0])
    query = query.order_by(column.is_(None), column, Agreement.title, Agreement.id)
    return session.scalar(count) or 0, session.scalars(query.limit(limit).offset(offset)).all()


def register(session: Session) -> Sequence[Agreement]:
    """Return all agreements with their parties, those that end first before the others."""
    order = (Agreement.ends.is_(None), Agreement.ends, Agreement.title, Agreement.id)
    query = select(Agreement).options(joinedload(Agreement.parties))  # one statement, however many there are
    return session.scalars(query.order_by(*order)).unique().all()


def of_organization(session: Session, organization_id: str) -> Sequence[Agreement]:
    """Return the agreements of which an organization is a party, those that began last first."""
    mine = select(AgreementParty.agreement_id).where(AgreementParty.organization_id == organization_id)
    query = _with_parties(select(Agreement).where(Agreement.id.in_(mine)))
    return session.scalars(query.order_by(Agreement.begins.desc(), Agreement.title, Agreement.id)).all()


def due(session: Session, today: date, within: int = SOON, limit: int = MOST_DUE) -> list[Due]:
    """Return what ends or has to be reviewed within some days, the earliest first; late reviews among it.

    No more than ``limit`` agreements are read; `count_due` says how many there are.
    """
    last = today + timedelta(days=within)
    first = case((Agreement.review_on < Agreement.ends, Agreement.review_on), else_=Agreement.ends)
    query = select(Agreement).where(*_is_due(today, last))
    query = query.order_by(func.coalesce(first, Agreement.review_on), Agreement.id).limit(limit)
    found = []
    for row in session.scalars(_with_parties(query)):
        ends = last_day(row)
        if ends and ends <= last and row.begins:
            found.append(Due(row, "ends", ends))
        if row.review_on and row.review_on <= last:
            found.append(Due(row, "review", row.review_on))
    return sorted(found, key=lambda one: (one.day, one.agreement.title, one.agreement.id, one.what))


def count_due(session: Session, today: date, within: int = SOON) -> int:
    """Return how many agreements end or have to be reviewed within some days."""
    last = today + timedelta(days=within)
    query = select(func.count()).select_from(Agreement).where(*_is_due(today, last))
    return session.scalar(query) or 0


def _is_due(today: date, last: date) -> tuple[ColumnElement[bool], ...]:
    near = and_(or_(Agreement.ends <= last, Agreement.ended_on <= last), Agreement.begins.is_not(None))
    ended = func.coalesce(or_(Agreement.ends < today, Agreement.ended_on < today), False)
    return ended.is_(False), or_(near, Agreement.review_on <= last)


def of_ties(session: Session, ties: Collection[str]) -> Mapping[str, str]:
    """Return tie id -> the agreement that it follows from; ties of none are left out."""
    query = select(AgreementTie.tie_id, AgreementTie.agreement_id).where(AgreementTie.tie_id.in_(ties))
    return {row[0]: row[1] for row in session.execute(query)}


def only_ties(session: Session, limit: int, offset: int = 0) -> tuple[int, Sequence[tuple[Tie, str, str]]]:
    """Return how many ties tell of an agreement that is not written here, and some with both names."""
    one, other = aliased(Organization), aliased(Organization)
    query = select(Tie, one.name, other.name).join(one, one.id == Tie.organization_id)
    query = query.join(other, other.id == Tie.other_organization_id)
    untold = (
        Tie.kind == TIE_KIND,
        Tie.removed_in_source.is_(None),
        Tie.id.not_in(select(AgreementTie.tie_id)),
    )
    total = session.scalar(select(func.count()).select_from(Tie).where(*untold)) or 0
    query = query.where(*untold).order_by(Tie.ends.is_(None), Tie.ends, one.name, Tie.id)
    return total, [(row[0], row[1], row[2]) for row in session.execute(query.limit(limit).offset(offset))]


def _with_parties(query: Select[Agreement]) -> Select[Agreement]:
    return query.options(selectinload(Agreement.parties))
