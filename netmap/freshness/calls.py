"""What came of a call: every outcome is kept, changes the records in one step, and can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.models import Organization, Phone, Service
from netmap.editing.restoring import take_back
from netmap.editing.writing import edit
from netmap.errors import Conflict, Invalid, NotFound
from netmap.freshness.claims import claim
from netmap.freshness.models import (
    OUTCOMES,
    Call,
    CalledRecord,
    Confirmation,
    DoubtfulPhone,
    stands,
)
from netmap.freshness.phones import Number, phones_of
from netmap.freshness.service import mark, note_how
from netmap.freshness.tries import MOST_HOURS, next_try
from netmap.i18n import gettext as _

LONGEST_NOTE = 500
FOUND = {"confirmed": "right", "changed": "changed", "closed": "closed"}


@dataclass(frozen=True, slots=True)
class Report:
    """What a person tells of a call.

    Parameters
    ----------
    outcome : str
        One of `netmap.freshness.models.OUTCOMES`.
    services : tuple of str
        Services that were spoken about.
    otherwise : tuple of str
        Those of them that the outcome "changed" or "closed" is about; the rest is right as it stands.
    phone_id : str
        The number that was rung; "wrong number" marks it.
    hours : int or None
        After how many hours to try again; None leaves it to `netmap.freshness.tries.next_try`.
    since : date or None
        Since when it is otherwise, or the day of closing; None where the provider did not say.
    successor : str
        The name of the organization that carries on, "" where there is none.
    note : str
        What was heard, for whoever writes it into the record.
    """

    outcome: str
    services: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    phone_id: str = ""
    hours: int | None = None
    since: date | None = None
    successor: str = ""
    note: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)  # what could not be read of the form


def record(session: Session, desk: str, report: Report, *, by: str, moment: datetime) -> Call:
    """Return the call with its outcome, and do what follows from it.

    Confirmed and unchanged services get the day and the person; closed ones are closed for good, and with
    all of them the organization; a wrong number is marked, never deleted. The desk is the person's for today.

    Parameters
    ----------
    session : Session
    desk : str
        An organization, or a service that has none.
    report : Report
    by : str
        E-mail of the person who rang.
    moment : datetime
        Now, in the time zone of the office.

    Raises
    ------
    Conflict
        If another person rings this desk today.
    Invalid
        With a sentence at every field that cannot be used; then nothing is kept.
    """
    organization = session.get(Organization, desk)
    services = _services(session, desk)
    phones = phones_of(session, [desk], list(services)).get(desk, ())
    phone = next((one for one in phones if one.phone_id == report.phone_id), None)
    successor = _successor(session, report, desk)
    _check(report, services, phone, successor, moment.date())
    claim(session, desk, person=by, day=moment.date())
    call = Call(
        by=by,
        desk=desk,
        at=moment,
        organization_id=organization.id if organization else None,
        outcome=report.outcome,
        number=phone.number if phone else None,
        changed_on=report.since,
        note=report.note.strip(),
        again_at=next_try(moment, report.hours) if report.outcome == "no_answer" else None,
    )
    session.add(call)
    if report.outcome in FOUND:
        spoken = [services[one] for one in report.services if one in services]
        _put_to_the_test(session, call, report, spoken, organization, successor)
    if report.outcome == "wrong_number" and phone is not None:
        session.flush()
        session.merge(DoubtfulPhone(phone_id=phone.phone_id, call_id=call.id, since=moment.date(), by=by))
    session.flush()
    return call


def _put_to_the_test(
    session: Session,
    call: Call,
    report: Report,
    spoken: Sequence[Service],
    organization: Organization | None,
    successor: Organization | None,
) -> None:
    """Write what a call found into the records, as one edit that can be taken back."""
    day = call.at.date()
    otherwise = {one for one in report.otherwise if report.outcome != "confirmed"}
    right = [one for one in spoken if one.id not in otherwise]
    gone = [one for one in spoken if one.id in otherwise] if report.outcome == "closed" else []
    confirmed: list[Service | Organization] = list(right)
    if organization is not None and report.outcome == "confirmed":
        confirmed.append(organization)
    about = ("organization", organization.id) if organization else ("service", call.desk)
    with edit(session, by=call.by, kind="close" if gone else "confirm", about=about, note="phone") as entry:
        mark(confirmed, by=call.by, day=day)
        for service in gone:
            service.status, service.assured_date, service.assurer_email = "defunct", day, call.by
        if gone and organization is not None and _all_gone(session, organization, gone):
            organization.closed_on = report.since or day
            organization.successor_id = successor.id if successor else None
    call.edit_id = entry.id
    note_how(session, [*confirmed, *gone], by=call.by, how="phone", day=day, edit_id=entry.id)
    for service in spoken:
        found = FOUND[report.outcome] if service.id in otherwise else "right"
        call.records.append(CalledRecord(service_id=service.id, found=found))


def _all_gone(session: Session, organization: Organization, gone: Sequence[Service]) -> bool:
    query = select(Service.id).where(
        Service.organization_id == organization.id,
        Service.status != "defunct",
        Service.removed_in_source.is_(None),
        Service.id.not_in([one.id for one in gone]),
    )
    return session.scalar(query.limit(1)) is None


def take_back_call(session: Session, call_id: int, *, by: str) -> Call:
    """Take back what came of a call: records, marked numbers and the outcome itself.

    Raises
    ------
    Conflict
        If it was taken back already, or if a record was changed since; then nothing is done.
    NotFound
        If there is no such call.
    """
    call = session.get(Call, call_id)
    if call is None:
        raise NotFound(_("There is no such call."))
    if call.undone_at is not None:
        raise Conflict(_("This call was taken back already."))
    if call.edit_id is not None:
        take_back(session, call.edit_id, by=by)
        session.execute(delete(Confirmation).where(Confirmation.edit_id == call.edit_id))
    session.execute(delete(DoubtfulPhone).where(DoubtfulPhone.call_id == call.id))
    call.undone_at, call.undone_by = now(), by
    session.flush()
    return call


def require_number(session: Session, phone_id: str) -> Phone:
    """Return a telephone number; raises NotFound where there is none."""
    found = session.get(Phone, phone_id)
    if found is None:
        raise NotFound(_("There is no such telephone number; it may have been removed."))
    return found


def trust_again(session: Session, phone_id: str) -> None:
    """Say that a doubtful number is right after all; one that is not doubtful stays as it is."""
    session.execute(delete(DoubtfulPhone).where(DoubtfulPhone.phone_id == phone_id))


def of_desk(session: Session, desk: str, limit: int = 5) -> Sequence[Call]:
    """Return the last calls to a desk, the newest first, those taken back too."""
    query = select(Call).where(Call.desk == desk).order_by(Call.at.desc(), Call.id)
    return session.scalars(query.limit(limit)).all()


def of_day(session: Session, since: datetime, by: str = "") -> Sequence[Call]:
    """Return the calls that stand since a moment, the newest first; those of one person if named."""
    query = select(Call).where(Call.at >= since, stands())
    if by:
        query = query.where(Call.by == by)
    return session.scalars(query.order_by(Call.at.desc(), Call.id)).all()


def _services(session: Session, desk: str) -> dict[str, Service]:
    """Return the services of a desk that are still listed."""
    of_desk = (Service.organization_id == desk) | ((Service.id == desk) & Service.organization_id.is_(None))
    query = select(Service).where(of_desk, Service.removed_in_source.is_(None), Service.status != "defunct")
    found = {row.id: row for row in session.scalars(query.order_by(Service.id))}
    if not found:
        raise NotFound(_("There is nobody to ring under this address; the record may have been closed."))
    return found


def _successor(session: Session, report: Report, desk: str) -> Organization | None:
    name = report.successor.strip()
    if not name or report.outcome != "closed":
        return None
    query = select(Organization).where(Organization.name == name, Organization.id != desk)
    return session.scalars(query.order_by(Organization.id).limit(1)).one_or_none()


def _check(
    report: Report,
    services: Mapping[str, Service],
    phone: Number | None,
    successor: Organization | None,
    today: date,
) -> None:
    errors = dict(report.errors)
    about = [one for one in report.otherwise if one in services]
    if report.outcome not in OUTCOMES:
        errors["outcome"] = _("Choose what came of the call.")
    if report.outcome in FOUND and not any(one in services for one in report.services):
        errors["services"] = _("Tick at least one service that you spoke about.")
    if report.outcome in ("changed", "closed") and not about:
        errors["otherwise"] = _("Say of which service that is so.")
    if not set(about) <= set(report.services):
        errors["services"] = _("Tick the services that you spoke about, those that changed or closed too.")
    if report.outcome == "wrong_number" and phone is None:
        errors["phone"] = _("Choose the number under which somebody else answered.")
    if report.since is not None and report.since > today:
        errors["since"] = _(
            "This day is still to come. Put a notice with its last day into the record instead, "
            "and record the call as changed."
        )
    if report.hours is not None and not 1 <= report.hours <= MOST_HOURS:
        errors["hours"] = _("Give whole hours from 1 to %(most)s.", most=MOST_HOURS)
    if len(report.note) > LONGEST_NOTE:
        errors["note"] = _("Shorten this to %(most)s characters.", most=LONGEST_NOTE)
    if report.outcome == "closed" and report.successor.strip() and successor is None:
        errors["successor"] = _(
            "No organisation of the directory has this name. Write it as it stands there, or leave it empty."
        )
    if errors:
        raise Invalid(_("The call cannot be kept yet."), errors)
