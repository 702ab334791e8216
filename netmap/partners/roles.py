"""Role sheets: what a partner is there for, what it brings and needs, its licences, the next review."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from netmap.directory.models import Organization
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.i18n import gettext as _
from netmap.partners.models import PartnerLicence, RoleSheet
from netmap.partners.parties import put_rows
from netmap.partners.service import require_organization
from netmap.partners.typed import Form, Reading, text

AREAS = (
    "functions", "limits", "interests", "contribution", "strengths", "funding", "staff", "premises",
    "our_view", "their_view",
)  # fmt: skip
DAYS = ("agreed_on", "review_on")


def of(session: Session, organization_id: str) -> RoleSheet | None:
    """Return the role sheet of an organization, None where nobody has written one."""
    query = select(RoleSheet).where(RoleSheet.organization_id == organization_id)
    return session.scalars(query).one_or_none()


def licences(session: Session, organization_id: str) -> Sequence[PartnerLicence]:
    """Return the licences and marks of quality of an organization, in their order."""
    query = select(PartnerLicence).where(PartnerLicence.organization_id == organization_id)
    return session.scalars(query.order_by(PartnerLicence.place, PartnerLicence.id)).all()


def as_form(session: Session, organization_id: str) -> dict[str, Any]:
    """Return the role sheet of an organization as its form shows it; an empty form where there is none."""
    row = of(session, organization_id)
    return {name: text(getattr(row, name)) if row else "" for name in (*AREAS, *DAYS)} | {
        "licences": tuple(
            (one.name, one.number or "", text(one.valid_to)) for one in licences(session, organization_id)
        )
    }


def save(session: Session, organization_id: str, form: Form, *, by: str) -> Edit:
    """Keep the role sheet of an organization and return the edit.

    Raises
    ------
    NotFound
        If there is no such organization.
    Invalid
        With a sentence for each wrong field.
    """
    require_organization(session, organization_id)
    read = Reading(form)
    values: dict[str, Any] = {name: read.area(name) for name in AREAS}
    values |= {name: read.day(name) for name in DAYS}
    if values["agreed_on"] and values["review_on"] and values["review_on"] < values["agreed_on"]:
        read.errors["review_on"] = _("The review would be before the day on which the sheet was agreed.")
    wanted = _licences(read)
    read.raise_errors(_("The role sheet was not saved."))
    with edit(session, by=by, kind="partner", about=("organization", organization_id)) as entry:
        row = of(session, organization_id)
        if row is None and any(values.values()):
            row = RoleSheet(organization_id=organization_id)
            session.add(row)
        for name, value in values.items() if row else ():
            setattr(row, name, value)
        kept = list(licences(session, organization_id))
        gone = kept[len(wanted) :]
        put_rows(kept, PartnerLicence, wanted)
        for one in gone:
            session.delete(one)
        for one in kept:
            one.organization_id = organization_id
            session.add(one)
        session.flush()
    return entry


def _licences(read: Reading) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for number, (name, sign, until) in enumerate(read.rows("licences")):
        key = f"licences-{number}"
        found.append(
            {
                "name": read.line_of(f"{key}-name", name, _("Say what kind of licence or mark it is.")),
                "number": read.line_of(f"{key}-number", sign),
                "valid_to": read.day_of(f"{key}-valid_to", until),
            }
        )
    return found


def to_review(session: Session, until: date, limit: int = 50) -> Sequence[RoleSheet]:
    """Return the role sheets that are to be reviewed by a day, the longest overdue first."""
    query = select(RoleSheet).join(RoleSheet.organization).where(RoleSheet.review_on <= until)
    query = query.options(contains_eager(RoleSheet.organization))
    return session.scalars(query.order_by(RoleSheet.review_on, Organization.name).limit(limit)).all()


def running_out(session: Session, until: date, limit: int = 50) -> Sequence[tuple[PartnerLicence, str]]:
    """Return the licences that hold no longer than until a day, with the names of their organizations."""
    query = select(PartnerLicence, Organization.name)
    query = query.join(Organization, Organization.id == PartnerLicence.organization_id)
    query = query.where(PartnerLicence.valid_to <= until)
    query = query.order_by(PartnerLicence.valid_to, Organization.name, PartnerLicence.id)
    return [(row[0], row[1]) for row in session.execute(query.limit(limit))]
