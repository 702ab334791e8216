"""What is done with vacancies: written down, attested, counted down, withdrawn. Each is one edit."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Contact, Location, Organization, Vacancy, new_id
from netmap.editing.record import add, check_and_write
from netmap.editing.writing import edit
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _

KIND = "vacancy"
LONGEST_NAME = 200


def get(session: Session, vacancy_id: str) -> Vacancy:
    """Return a vacancy; raises NotFound where there is none."""
    row = session.get(Vacancy, vacancy_id)
    if row is None:
        raise NotFound(_("There is no such vacancy; it may have been removed."))
    return row


def offer(
    session: Session, organization_id: str, fields: Mapping[str, str], *, by: str, who: str, moment: datetime
) -> Vacancy:
    """Write down a new vacancy, attested now by the one who answers for it at the employer.

    Parameters
    ----------
    session : Session
    organization_id : str
        The employer.
    fields : mapping
        As `netmap.editing.record` reads them for the kind "vacancy".
    by : str
        E-mail of who writes it down.
    who : str
        Who at the employer answers for it; empty: nobody does, and readers are told to ask first.
    moment : datetime
        When it was said.

    Raises
    ------
    NotFound
        If there is no such organization.
    Invalid
        With a sentence for each field; then nothing is written.
    """
    if session.get(Organization, organization_id) is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    _require_own(session, organization_id, fields)
    row = Vacancy(id=new_id(), organization_id=organization_id)
    with edit(session, by=by, kind=KIND, about=("vacancy", row.id)):
        add(session, row, fields, by=by)
        if who:
            row.attested_by, row.attested_at = named(who), moment
    return row


def change(session: Session, vacancy_id: str, fields: Mapping[str, str], *, by: str) -> bool:
    """Write the fields of a form, and return whether anything is other than before.

    Raises
    ------
    NotFound, Invalid
    """
    _require_own(session, get(session, vacancy_id).organization_id, fields)
    with edit(session, by=by, kind=KIND, about=("vacancy", vacancy_id)) as entry:
        check_and_write(session, KIND, vacancy_id, fields, by=by)
    return not entry.nothing


def attest(session: Session, vacancy_id: str, *, by: str, who: str, moment: datetime) -> Vacancy:
    """Keep that somebody at the employer said now: it still stands, as it is written here.

    Raises
    ------
    NotFound
    Conflict
        If it was withdrawn or no place is left: that is mended in the form first.
    """
    row = get(session, vacancy_id)
    if row.withdrawn_at is not None:
        raise Conflict(_("This vacancy was withdrawn. Offer it again, as a new one."))
    if row.places == 0:
        raise Conflict(_("No place is left here. Write how many there are again, then confirm it."))
    with edit(session, by=by, kind=KIND, about=("vacancy", vacancy_id), note="attested"):
        row.attested_by, row.attested_at = named(who), moment
    return row


def withdraw(session: Session, vacancy_id: str, *, by: str, moment: datetime) -> int | None:
    """Close a vacancy, because it is filled or no longer offered; return the number of the edit.

    Closing it twice does nothing the second time; then the number is None.

    Raises
    ------
    NotFound
    """
    row = get(session, vacancy_id)
    with edit(session, by=by, kind=KIND, about=("vacancy", vacancy_id), note="withdrawn") as entry:
        if row.withdrawn_at is None:
            row.withdrawn_at = moment
    return None if entry.nothing else entry.id


def count(session: Session, vacancy_id: str, step: int, *, by: str) -> Vacancy:
    """Note that a place was taken (-1) or is free again (+1); at none the vacancy closes by itself.

    Raises
    ------
    NotFound
    Invalid
        If nobody knows how many places there are, or there would be less than none.
    """
    row = get(session, vacancy_id)
    if row.places is None:
        raise Invalid(_("Nobody has written how many places there are: put the number into the form first."))
    if row.places + step < 0:
        raise Invalid(_("No place is left: there cannot be less than none."))
    with edit(session, by=by, kind=KIND, about=("vacancy", vacancy_id)):
        row.places += step
    return row


def named(who: str) -> str:
    """Return the name of who answers for a vacancy, on one line.

    Raises
    ------
    Invalid
        If it is empty, too long or cannot be shown.
    """
    name = " ".join(who.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            _("Write who at the employer says so, for example: foreman, telephone."),
            {"who": _("Write who at the employer says so, for example: foreman, telephone.")},
        )
    return name


def _require_own(session: Session, organization_id: str, fields: Mapping[str, str]) -> None:
    """Refuse a place or a person of another organization."""
    wrong = {}
    owners = {
        "location_id": select(Location.organization_id).where(Location.id == fields.get("location_id")),
        "contact_id": select(Contact.organization_id).where(Contact.id == fields.get("contact_id")),
    }
    for name, query in owners.items():
        if fields.get(name) and session.scalar(query) not in (None, organization_id):
            wrong[name] = _("Choose one of this organisation, or none.")
    if wrong:
        raise Invalid(_("Nothing was saved. %(why)s", why=" ".join(dict.fromkeys(wrong.values()))), wrong)
