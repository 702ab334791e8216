"""Pages: the form of a place: where it is, when open, how to get in, and what colleagues should know."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import or_

from netmap.directory.models import Contact, Location, Organization, Schedule, new_id
from netmap.directory.queries import area_choices
from netmap.editing import drafts, record, saving
from netmap.editing.saving import Form
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.web import editing_choices as choices
from netmap.web.door import db, permit
from netmap.web.editing_answer import DRAFT, SAVE, Editor, answer, opened, put_aside
from netmap.web.editing_form import Sheet, changed, sheet_of
from netmap.web.locations import locations


@locations.get("/locations/<location_id>/edit")
@permit("edit directory")
def edit(location_id: str) -> str:
    """Show the form of a place."""
    return _page(opened("location", location_id), _require(location_id))


@locations.post("/locations/<location_id>/edit")
@permit("edit directory")
def save(location_id: str) -> Any:
    """Save the form of a place, or do what a button of it asks."""
    found = _require(location_id)
    return answer(
        Editor(
            "location",
            location_id,
            lambda sheet, **notices: _page(sheet, found, **notices),
            url_for("locations.edit", location_id=location_id),
            url_for("locations.show", location_id=location_id),
        )
    )


@locations.get("/locations/new")
@permit("edit directory")
def new() -> str:
    """Show the empty form of a place of an organization."""
    if draft_id := request.args.get("draft", ""):
        draft = drafts.get(db(), current_user.user_id, draft_id)
        sheet = Sheet("location", drafts.form_of(draft), draft=draft.id)
        return _page(sheet, _not_yet(draft.parent_id or ""), new=True)
    empty = Sheet("location", Form({"location_type": "physical"}, 0), shown=["addresses.+1", "phones.+1"])
    return _page(empty, _not_yet(request.args.get("organization", "")), new=True)


@locations.post("/locations/new")
@permit("edit directory")
def add() -> Any:
    """Add a place, or do what a button of the form asks."""
    sheet, action = sheet_of("location", request.form), request.form.get("do", SAVE)
    row = _not_yet(request.form.get("organization", ""))
    if action == DRAFT:
        return put_aside(sheet, drafts.About("location", None, row.organization_id))
    if action != SAVE:
        return _page(changed(sheet, action), row, new=True, unsaved=True)
    try:
        saving.create(db(), row, sheet.form.fields, by=current_user.email)
    except Invalid as error:
        db().rollback()
        again = _not_yet(request.form.get("organization", ""))
        return _page(replace(sheet, errors=error.fields), again, new=True), 422
    drafts.forget(db(), current_user.user_id, sheet.draft)
    return redirect(url_for("locations.show", location_id=row.id), 303)


def _require(location_id: str) -> Location:
    found: Location = record.require(db(), "location", location_id)
    return found


def _not_yet(organization_id: str) -> Location:
    """Return a place that is not there yet, of an organization that is."""
    if db().get(Organization, organization_id) is None:
        raise NotFound(_("Open the organisation that runs the place, and add it from there."))
    return Location(id=new_id(), organization_id=organization_id)


def _page(sheet: Sheet, place: Location, **notices: Any) -> str:
    owner = db().get(Organization, place.organization_id) if place.organization_id else None
    people = choices.ids_of(Contact, Contact.location_id == place.id)
    hung = or_(Schedule.location_id == place.id, Schedule.contact_id.in_(people))
    known = {"area_code": area_choices(db(), language()), "code": choices.languages(db())}
    return render_template(
        "editing/location.html",
        sheet=replace(sheet, choices=known),
        place=place,
        organization=owner,
        kept=choices.kept_among(db(), hung),
        **notices,
    )
