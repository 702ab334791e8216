"""What coordinators decide about the order of answers: a service put first or left out, with the reason.

It holds for one need or one service type, until its last day or until somebody ends it. Nothing of it is
silent: the reason stands beside the service, and those left out are counted on the page of results.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from netmap.db import now
from netmap.directory.answers import LeftOut
from netmap.directory.kept import Curation
from netmap.directory.models import Organization, Service
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.vocabulary.terms import label, vocabulary

FIRST, OUT = "first", "out"
NEED, TYPE = "need", "type"
LONGEST_REASON = 300
FARTHEST_YEARS = 5


@dataclass(frozen=True, slots=True)
class Curated:
    """What coordinators decided for one question: service id -> reason."""

    first: Mapping[str, str] = field(default_factory=dict)  # the latest decision comes first
    out: Mapping[str, str] = field(default_factory=dict)


def curated(session: Session, needs: Collection[str], types: Collection[str], today: date) -> Curated:
    """Return what coordinators decided for a question about these needs and types, by one SELECT.

    What is said about a need wins over what is said about a type, because the need is what was asked. Where
    a question names several codes of one kind, a service that is put first for one of them is not left out
    for another: there is a question here that it answers.

    Parameters
    ----------
    session : Session
    needs, types : collection of str
        Codes of what the question is about. Types that are only likely do not belong here: what is decided
        for them would be done to questions about something else.
    today : date
        In the time zone of the office.
    """
    asked = []
    if needs:
        asked.append(and_(Curation.field == NEED, Curation.code.in_(needs)))
    if types:
        asked.append(and_(Curation.field == TYPE, Curation.code.in_(types)))
    if not asked:
        return Curated()
    columns = (Curation.service_id, Curation.field, Curation.effect, Curation.reason)
    query = select(*columns).where(or_(*asked), holds(today))
    rows = session.execute(query.order_by(Curation.decided_at.desc(), Curation.id)).all()
    best: dict[str, tuple[str, str, str]] = {}
    for service_id, kind, effect, reason in rows:
        known = best.get(service_id)
        if known is None or _rank(kind, effect) < _rank(*known[:2]):
            best[service_id] = kind, effect, reason
    said = {effect: {one: row[2] for one, row in best.items() if row[1] == effect} for effect in (FIRST, OUT)}
    return Curated(said[FIRST], said[OUT])


def _rank(kind: str, effect: str) -> tuple[bool, bool]:
    return kind != NEED, effect != FIRST


def holds(today: date) -> ColumnElement[bool]:
    """Return the condition that a decision is in force on a day."""
    return and_(Curation.ended_at.is_(None), or_(Curation.until.is_(None), Curation.until >= today))


def left_out(session: Session, out: Mapping[str, str]) -> tuple[LeftOut, ...]:
    """Return the names and reasons of services that are left out, by name."""
    query = select(Service.id, Service.name, Service.text_language, Organization.name.label("organisation"))
    query = query.outerjoin(Organization, Service.organization_id == Organization.id)
    query = query.where(Service.id.in_(out)).order_by(Service.name, Service.id)
    return tuple(
        LeftOut(row.id, row.name, row.text_language, row.organisation or "", out[row.id])
        for row in session.execute(query)
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What a coordinator wants to decide, as it was typed.

    Parameters
    ----------
    kind : "need" or "type"
    code : str
        Of the need or the service type.
    effect : "first" or "out"
    reason : str
        Read by everybody who sees the answer.
    until : str
        The last day as YYYY-MM-DD; empty: until somebody ends it.
    """

    kind: str
    code: str
    effect: str
    reason: str
    until: str = ""


def curate(session: Session, service_id: str, wish: Wish, *, by: str, today: date) -> Curation:
    """Put a service first, or leave it out, and return the decision of ``by`` (an e-mail).

    Raises
    ------
    NotFound
        If there is no such service.
    Invalid
        With a sentence for each field; also where something is decided for the same need or type already.
    """
    require_service(session, service_id)
    reason = " ".join(wish.reason.split())
    last, late = last_day(wish.until, today)
    problems = {
        "about": _about_problem(session, service_id, wish, today),
        "effect": ""
        if wish.effect in (FIRST, OUT)
        else _("Choose whether to put the service first or to leave it out."),
        "reason": reason_problem(reason),
        "until": late,
    }
    errors = {name: sentence for name, sentence in problems.items() if sentence}
    if errors:
        raise Invalid(_("Nothing was decided. %(why)s", why=" ".join(errors.values())), errors)
    row = Curation(service_id=service_id, field=wish.kind, code=wish.code, effect=wish.effect)
    row.reason, row.decided_by, row.until = reason, by, last
    session.add(row)
    session.flush()
    return row


def require_service(session: Session, service_id: str) -> Service:
    """Return a service; raises NotFound where there is none."""
    service = session.get(Service, service_id)
    if service is None:
        raise NotFound(_("There is no such service; it may have been removed."))
    return service


def _about_problem(session: Session, service_id: str, wish: Wish, today: date) -> str:
    known = {NEED: vocabulary().needs, TYPE: vocabulary().service_types}.get(wish.kind, {})
    if wish.code not in known:
        return _("Choose the need or the service type for which it shall hold.")
    return _make_room(session, service_id, wish, today)


def reason_problem(reason: str) -> str:
    """Return what is wrong with a reason, "" where it is right."""
    if not reason or not reason.isprintable():
        return _("Say why in a few words: everybody reads it beside the service.")
    if len(reason) > LONGEST_REASON:
        return _("The reason is longer than %(most)s characters: shorten it.", most=LONGEST_REASON)
    return ""


def last_day(typed: str, today: date) -> tuple[date | None, str]:
    """Return the last day and what is wrong with it."""
    if not typed.strip():
        return None, ""
    try:
        found = date.fromisoformat(typed.strip())
    except ValueError:
        return None, _("Give the last day as year-month-day, for example 2027-03-31, or leave it empty.")
    if not today <= found <= today.replace(day=1, year=today.year + FARTHEST_YEARS):
        return None, _(
            "The last day must be today or later, and within %(years)s years.", years=FARTHEST_YEARS
        )
    return found, ""


def _make_room(session: Session, service_id: str, wish: Wish, today: date) -> str:
    """End what has run out for the same need or type; return a sentence where something is in force."""
    same = (Curation.service_id == service_id, Curation.field == wish.kind, Curation.code == wish.code)
    row = session.scalars(select(Curation).where(*same, Curation.ended_at.is_(None))).one_or_none()
    if row is None:
        return ""
    if row.until is not None and row.until < today:
        row.ended_at = now()
        session.flush()
        return ""
    said = {"what": label(row.code), "who": row.decided_by, "why": row.reason}
    if row.effect == FIRST:
        return _("It is put first for “%(what)s” already (%(who)s: %(why)s). End that first.", **said)
    return _("It is left out for “%(what)s” already (%(who)s: %(why)s). End that first.", **said)


def end(session: Session, curation_id: str, *, by: str) -> Curation:
    """End a decision now and return it; one that has ended stays as it is.

    Raises
    ------
    NotFound
        If there is no such decision.
    """
    row = session.get(Curation, curation_id)
    if row is None:
        raise NotFound(_("There is no such decision; its service may have been removed."))
    if row.ended_at is None:
        row.ended_at, row.ended_by = now(), by
        session.flush()
    return row


def of_service(session: Session, service_id: str, today: date) -> Sequence[Curation]:
    """Return what is in force for a service, the latest decision first."""
    query = _latest().where(Curation.service_id == service_id, holds(today))
    return session.scalars(query).all()


def listing(
    session: Session, today: date, *, ended: bool, limit: int, offset: int
) -> tuple[int, Sequence[Curation]]:
    """Return how many decisions are in force (or have ended), and a part of them, the latest first."""
    wanted = ~holds(today) if ended else holds(today)
    total = session.scalar(select(func.count()).select_from(Curation).where(wanted)) or 0
    query = _latest().where(wanted).options(joinedload(Curation.service).joinedload(Service.organization))
    return total, session.scalars(query.limit(limit).offset(offset)).all()


def _latest() -> Select[Curation]:
    return select(Curation).order_by(Curation.decided_at.desc(), Curation.id)
