"""Pages: the form of an organization: names, how to reach it, people with their hours, where it stands."""

from dataclasses import replace
from typing import Any

from flask import render_template, url_for

from netmap.directory.models import Contact, Organization, Schedule
from netmap.editing import record
from netmap.web import editing_choices as choices
from netmap.web.door import blueprint, db, permit
from netmap.web.editing_answer import Editor, answer, opened
from netmap.web.editing_form import Sheet

organizations = blueprint("organizations")


@organizations.get("/organizations/<organization_id>/edit")
@permit("edit directory")
def edit(organization_id: str) -> str:
    """Show the form of an organization."""
    return _page(opened("organization", organization_id), _require(organization_id))


@organizations.post("/organizations/<organization_id>/edit")
@permit("edit directory")
def save(organization_id: str) -> Any:
    """Save the form of an organization, or do what a button of it asks."""
    found = _require(organization_id)
    return answer(
        Editor(
            "organization",
            organization_id,
            lambda sheet, **notices: _page(sheet, found, **notices),
            url_for("organizations.edit", organization_id=organization_id),
            url_for("directory.organization", organization_id=organization_id),
        )
    )


def _require(organization_id: str) -> Organization:
    found: Organization = record.require(db(), "organization", organization_id)
    return found


def _page(sheet: Sheet, organization: Organization, **notices: Any) -> str:
    people = Contact.organization_id == organization.id
    hung = Schedule.contact_id.in_(choices.ids_of(Contact, people))
    return render_template(
        "editing/organization.html",
        sheet=replace(sheet, choices={}),
        organization=organization,
        kept=choices.kept_among(db(), hung),
        **notices,
    )
