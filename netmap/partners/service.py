"""How an organization stands to the network: read, changed, and contacts noted. Flushes, never commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.directory.models import Organization
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.partners.models import HOW, NOT_FIRM, STATES, PartnerContact, Partnership
from netmap.partners.typed import Form, Reading, text

CHUNK = 500
LONGEST_SENTENCE = 300


def state_of(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """Return organization id -> state for all the ids; one of which nothing is written is "known"."""
    found = dict.fromkeys(ids, "known")
    wanted = sorted(found)
    for start in range(0, len(wanted), CHUNK):
        some = Partnership.organization_id.in_(wanted[start : start + CHUNK])
        query = select(Partnership.organization_id, Partnership.state).where(some)
        found.update({row[0]: row[1] for row in session.execute(query)})
    return found


def not_firm(session: Session) -> Mapping[str | None, str]:
    """Return organization id -> "potential" or "former" for all with whom nothing is agreed."""
    query = select(Partnership.organization_id, Partnership.state).where(Partnership.state.in_(NOT_FIRM))
    return {row[0]: row[1] for row in session.execute(query)}


def require_organization(session: Session, organization_id: str) -> Organization:
    """Return an organization; raises NotFound where there is none."""
    found = session.get(Organization, organization_id)
    if found is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    return found


def of(session: Session, organization_id: str) -> Partnership | None:
    """Return what is written of an organization, None where nothing is."""
    query = select(Partnership).where(Partnership.organization_id == organization_id)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def as_form(row: Partnership | None) -> dict[str, str]:
    """Return a partnership as its form shows it."""
    if row is None:
        return {"state": "known", **dict.fromkeys(("owner", "next_step", "next_on", "note"), "")}
    return {name: text(getattr(row, name)) for name in ("state", "owner", "next_step", "next_on", "note")}


def staff(session: Session) -> Sequence[str]:
    """Return the e-mails of those who can own a relation: everybody who may sign in, by name."""
    return session.scalars(select(User.email).where(User.active.is_(True)).order_by(User.email)).all()


def owner_of(read: Reading, form: Form, session: Session, before: str | None) -> str | None:
    """Return the typed owner; somebody who has left may stay until another is chosen."""
    owner = read.line("owner")
    if owner and owner != before and owner not in staff(session):
        read.errors["owner"] = _(
            "Nobody with the e-mail “%(owner)s” may sign in. Choose somebody from the list.",
            owner=owner[:80],
        )
    return owner


def change(session: Session, organization_id: str, form: Form, *, by: str) -> Edit:
    """Keep state, owner, next step and note of an organization, and return the edit.

    Raises
    ------
    NotFound
        If there is no such organization.
    Invalid
        With a sentence for each wrong field.
    """
    require_organization(session, organization_id)
    row = of(session, organization_id)
    read = Reading(form)
    values = {
        "state": read.choice("state", STATES, _("Choose how the organisation stands to the network.")),
        "owner": owner_of(read, form, session, row.owner if row else None),
        "next_step": read.line("next_step"),
        "next_on": read.day("next_on"),
        "note": read.area("note"),
    }
    if values["next_on"] and not values["next_step"] and "next_step" not in read.errors:
        read.errors["next_step"] = _("Say what shall be done on that day, or leave the day empty.")
    read.raise_errors(_("Nothing was saved."))
    with edit(session, by=by, kind="partner", about=("organization", organization_id)) as entry:
        if row is None:
            row = Partnership(organization_id=organization_id)
            session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
    return entry


def note_contact(session: Session, organization_id: str, form: Form, *, by: str, today: date) -> Edit:
    """Note that somebody spoke with an organization, and return the edit.

    Raises
    ------
    NotFound
        If there is no such organization.
    Invalid
        With a sentence for each wrong field.
    """
    require_organization(session, organization_id)
    read = Reading(form)
    day = read.day("day", _("Say on which day it was."))
    if day and day > today:
        read.errors["day"] = _("That day has not come yet. A contact to come is a next step.")
    how = read.choice("how", HOW, _("Choose how you were in contact."))
    sentence = read.line("sentence", _("Say in one sentence what came of it. No client's data."))
    read.raise_errors(_("Nothing was noted."))
    with edit(session, by=by, kind="partner", about=("organization", organization_id)) as entry:
        session.add(
            PartnerContact(organization_id=organization_id, day=day, how=how, sentence=sentence, noted_by=by)
        )
        session.flush()
    return entry


def contacts(session: Session, organization_id: str, limit: int = 20) -> Sequence[PartnerContact]:
    """Return the latest contacts with an organization, the newest first."""
    query = select(PartnerContact).where(PartnerContact.organization_id == organization_id)
    query = query.order_by(PartnerContact.day.desc(), PartnerContact.id)
    return session.scalars(query.limit(limit)).all()
