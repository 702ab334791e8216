"""Whom to call in a settlement, and the settlements in which nobody is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from netmap.colleagues.models import SettlementContact
from netmap.directory.models import Area, Organization
from netmap.editing.writing import edit
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.partners.typed import Form, Reading, text

FIELDS = ("area_code", "name", "role", "phone", "helps_with", "organization_id", "agreed_on", "checked_on")
KIND = "partner"


@dataclass(frozen=True, slots=True)
class Settlement:
    """One area in which no other lies, with whom to call there."""

    area: Area
    contacts: Sequence[SettlementContact]


def settlements(session: Session) -> list[Settlement]:
    """Return all settlements with whom to call there; the ones without anybody come first.

    A settlement is an area in which no other area lies; a larger area appears where somebody is named for it.
    """
    parents = set(session.scalars(select(Area.parent_code).where(Area.parent_code.is_not(None))))
    query = select(SettlementContact).options(joinedload(SettlementContact.organization))
    by_area: dict[str, list[SettlementContact]] = {}
    for row in session.scalars(query.order_by(SettlementContact.name, SettlementContact.id)):
        by_area.setdefault(row.area_code, []).append(row)
    found = [
        Settlement(area, by_area.get(area.code, []))
        for area in session.scalars(select(Area).order_by(Area.name, Area.code))
        if area.code not in parents or area.code in by_area
    ]
    return sorted(found, key=lambda one: bool(one.contacts))


def without(session: Session) -> int:
    """Return in how many settlements nobody is known."""
    parents = select(Area.parent_code).where(Area.parent_code.is_not(None))
    called = select(SettlementContact.area_code)
    query = select(func.count()).where(Area.code.not_in(parents), Area.code.not_in(called))
    return session.scalar(query) or 0


def get(session: Session, contact_id: str) -> SettlementContact:
    """Return one contact; raises NotFound where there is none."""
    row = session.get(SettlementContact, contact_id)
    if row is None:
        raise NotFound(_("There is no such contact; it may have been removed."))
    return row


def as_form(row: SettlementContact) -> dict[str, str]:
    """Return a contact as its form shows it."""
    return {name: text(getattr(row, name)) for name in FIELDS}


def keep(session: Session, contact_id: str | None, form: Form, *, by: str, today: date) -> SettlementContact:
    """Keep a contact, a new one where ``contact_id`` is None.

    Raises
    ------
    NotFound
        If there is no such contact.
    Invalid
        With a sentence for each wrong field.
    """
    row = get(session, contact_id) if contact_id else SettlementContact(owner=by)
    read = Reading(form)
    values = {
        "area_code": str(form.get("area_code") or ""),
        "name": read.line("name", _("Say who it is: the name, or the function where that is enough.")),
        "role": read.line("role"),
        "phone": read.line("phone", _("Give the telephone number: that is what one looks for here.")),
        "helps_with": read.line("helps_with"),
        "organization_id": str(form.get("organization_id") or "") or None,
        "agreed_on": read.day("agreed_on", _("Give the day on which the person agreed to be named here.")),
        "checked_on": read.day("checked_on"),
    }
    if session.get(Area, values["area_code"]) is None:
        read.errors["area_code"] = _("Choose the settlement from the list.")
    if values["organization_id"] and session.get(Organization, values["organization_id"]) is None:
        read.errors["organization_id"] = _("There is no such organisation; it may have been removed.")
    for name in ("agreed_on", "checked_on"):
        day = values[name]
        if isinstance(day, date) and day > today:
            read.errors[name] = _("That day has not come yet.")
    read.raise_errors(_("Nothing was saved."))
    with edit(session, by=by, kind=KIND, about=("area", str(values["area_code"]))):
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    return row


def remove(session: Session, contact_id: str, *, by: str) -> int:
    """Remove a contact and return the number of the edit, by which it can be taken back."""
    row = get(session, contact_id)
    with edit(session, by=by, kind=KIND, about=("area", row.area_code)) as entry:
        session.delete(row)
    return entry.id
