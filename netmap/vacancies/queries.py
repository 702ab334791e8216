"""Which vacancies there are, the ones to send somebody to first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from netmap.directory.models import Area, Contact, Location, Organization, Vacancy
from netmap.directory.plain_search import patterns
from netmap.editing.models import Edit
from netmap.errors import NotFound
from netmap.i18n import gettext as _

OPEN, ASK, CLOSED = "open", "ask", "closed"
SHOWN = (OPEN, ASK, CLOSED)
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for among vacancies.

    ``state`` is "open" (all that still stand), "ask" (of these, the ones to ask about first) or "closed".
    """

    words: str = ""
    area: str = ""
    organization_id: str = ""
    state: str = OPEN


@dataclass(frozen=True, slots=True)
class Listed:
    """A vacancy with its employer and where it is."""

    vacancy: Vacancy
    organization: Organization
    location: Location | None


def listing(
    session: Session, wanted: Wanted, moment: datetime, ask_after: int, *, limit: int, offset: int = 0
) -> tuple[int, Sequence[Listed]]:
    """Return how many vacancies there are, and a page of them, the latest confirmed first.

    Parameters
    ----------
    session : Session
    wanted : Wanted
    moment : datetime
        In the time zone of the office.
    ask_after : int
        Hours after which a vacancy has to be asked about.
    limit, offset : int
    """
    query = select(Vacancy, Organization, Location).join(
        Organization, Organization.id == Vacancy.organization_id
    )
    query = query.outerjoin(Location, Location.id == Vacancy.location_id)
    query = query.where(*_conditions(wanted, moment, ask_after))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Vacancy.attested_at.is_(None), Vacancy.attested_at.desc(), Vacancy.title)
    query = query.options(joinedload(Vacancy.contact).selectinload(Contact.phones))
    rows = session.execute(query.order_by(Vacancy.id).limit(limit).offset(offset))
    return total, [Listed(*row) for row in rows]


def waiting(session: Session, moment: datetime, ask_after: int) -> int:
    """Return how many open vacancies have to be asked about."""
    where = _conditions(Wanted(state=ASK), moment, ask_after)
    return session.scalar(select(func.count()).select_from(Vacancy).where(*where)) or 0


def stands(today: date) -> ColumnElement[bool]:
    """Return the condition that a vacancy is open on a day; see `netmap.vacancies.state.state_of`."""
    return and_(
        Vacancy.withdrawn_at.is_(None),
        Vacancy.removed_in_source.is_(None),
        or_(Vacancy.places.is_(None), Vacancy.places > 0),
        or_(Vacancy.valid_to.is_(None), Vacancy.valid_to >= today),
    )


def edit_of(session: Session, number: int) -> Edit:
    """Return an edit of a vacancy by its number; raises NotFound where there is none."""
    edit = session.get(Edit, number)
    if edit is None or edit.about_table != "vacancy":
        raise NotFound(_("There is no such change in the history."))
    return edit


def _conditions(wanted: Wanted, moment: datetime, ask_after: int) -> list[ColumnElement[bool]]:
    open_ = stands(moment.date())
    late = or_(Vacancy.attested_at.is_(None), Vacancy.attested_at <= moment - timedelta(hours=ask_after))
    found = [{OPEN: open_, ASK: and_(open_, late), CLOSED: ~open_}[wanted.state]]
    if wanted.organization_id:
        found.append(Vacancy.organization_id == wanted.organization_id)
    if wanted.area:
        within = select(Area.code).where(or_(Area.code == wanted.area, Area.parent_code == wanted.area))
        found.append(Vacancy.location_id.in_(select(Location.id).where(Location.area_code.in_(within))))
    texts = (Vacancy.title, Vacancy.description, Vacancy.requirements, Vacancy.hours, Vacancy.pay)
    for word in wanted.words.split()[:MOST_WORDS]:
        employers = select(Organization.id).where(*_any([Organization.name], word))
        found.append(or_(Vacancy.organization_id.in_(employers), *_any(texts, word)))
    return found


def _any(columns: Sequence[InstrumentedAttribute[Any]], word: str) -> list[ColumnElement[bool]]:
    """Return one condition: a column holds the word, with another ending or a capital."""
    return [or_(*(one.like(like, escape="\\") for one in columns for like in patterns(word)))]
