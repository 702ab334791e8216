"""Pages: the form of a service, a new service, its free places, and taking a change back."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.db import now
from netmap.directory.models import Organization, Service, new_id
from netmap.editing import capacity, drafts, record, saving
from netmap.editing.restoring import take_back
from netmap.editing.saving import Form
from netmap.editing.told import title_of
from netmap.errors import Invalid, NotFound
from netmap.freshness.service import confirm as confirmed
from netmap.i18n import gettext as _
from netmap.web import editing_choices as choices
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.editing_answer import DRAFT, SAVE, Editor, answer, opened, put_aside
from netmap.web.editing_form import Sheet, changed, sheet_of
from netmap.web.history import PAGES

editing = blueprint("editing")


@editing.get("/services/<service_id>/edit")
@permit("edit directory")
def service(service_id: str) -> str:
    """Show the form of a service."""
    return _page(opened("service", service_id), _service(service_id))


@editing.post("/services/<service_id>/edit")
@permit("edit directory")
def save_service(service_id: str) -> Any:
    """Save the form of a service, or do what a button of it asks."""
    found = _service(service_id)
    return answer(
        Editor(
            "service",
            service_id,
            lambda sheet, **notices: _page(sheet, found, **notices),
            url_for("editing.service", service_id=service_id),
            url_for("directory.service", service_id=service_id),
        )
    )


@editing.get("/services/new")
@permit("edit directory")
def new() -> str:
    """Show the empty form of a service of an organization."""
    if draft_id := request.args.get("draft", ""):
        draft = drafts.get(db(), current_user.user_id, draft_id)
        sheet = Sheet("service", drafts.form_of(draft), draft=draft.id)
        return _page(sheet, _not_yet(draft.parent_id or ""), new=True)
    empty = Form({"status": "active"}, 0)
    return _page(Sheet("service", empty), _not_yet(request.args.get("organization", "")), new=True)


@editing.post("/services/new")
@permit("edit directory")
def add() -> Any:
    """Add a service, or do what a button of the form asks."""
    sheet, action = sheet_of("service", request.form), request.form.get("do", SAVE)
    row = _not_yet(request.form.get("organization", ""))
    if action == DRAFT:
        return put_aside(sheet, drafts.About("service", None, row.organization_id))
    if action != SAVE:
        return _page(changed(sheet, action), row, new=True, unsaved=True)
    try:
        entry = saving.create(db(), row, sheet.form.fields, by=current_user.email)
    except Invalid as error:
        db().rollback()
        again = _not_yet(request.form.get("organization", ""))
        return _page(replace(sheet, errors=error.fields), again, new=True), 422
    drafts.forget(db(), current_user.user_id, sheet.draft)
    return redirect(url_for("directory.service", service_id=row.id, saved=entry.id), 303)


@editing.post("/services/<service_id>/capacity/<capacity_id>")
@permit("change capacity")
def free(service_id: str, capacity_id: str) -> Any:
    """Make one place more or less free."""
    step = {"more": 1, "less": -1}.get(request.form.get("step", ""))
    if step is None:
        raise Invalid(_("Say whether one place more or one less is free."))
    capacity.step(db(), service_id, capacity_id, step, by=current_user.email)
    return redirect(url_for("directory.service", service_id=service_id, _anchor=f"free-{capacity_id}"), 303)


@editing.post("/services/<service_id>/confirm")
@permit("edit directory")
def confirm(service_id: str) -> Any:
    """Note that a person has checked a service and nothing has changed."""
    record.require(db(), "service", service_id)
    today = now().astimezone(settings().zone()).date()
    how = request.form.get("how", "")
    entry = confirmed(db(), services=[service_id], by=current_user.email, how=how, today=today)
    href = url_for("directory.service", service_id=service_id)
    return redirect(href if entry is None else f"{href}?saved={entry.id}", 303)


@editing.post("/edits/<int:edit_id>/take-back")
@permit("edit directory")
def undo(edit_id: int) -> Any:
    """Take a change back and show the record it was about."""
    entry = take_back(db(), edit_id, by=current_user.email)
    href = record_href(entry.about_table, entry.about_id)
    return redirect(href if entry.nothing else f"{href}?saved={entry.id}", 303)


def record_href(table: str, record_id: str) -> str:
    """Return the page of a record; the start page where it has none (any more)."""
    if table == "partner_service":
        return url_for("partners.services")
    if table not in PAGES or title_of(db(), table, record_id) is None:
        return url_for("home.show")
    endpoint, name = PAGES[table]
    values: dict[str, Any] = {name: record_id}
    return url_for(endpoint, **values)


def _service(service_id: str) -> Service:
    found: Service = record.require(db(), "service", service_id)
    return found


def _not_yet(organization_id: str) -> Service:
    """Return a service that is not there yet, of an organization that is."""
    if db().get(Organization, organization_id) is None:
        raise NotFound(_("Open the organisation that gives the service, and add it from there."))
    return Service(id=new_id(), organization_id=organization_id)


def _page(sheet: Sheet, service: Service, **notices: Any) -> str:
    organization = db().get(Organization, service.organization_id) if service.organization_id else None
    return render_template(
        "editing/service.html",
        sheet=replace(sheet, choices=choices.of_service(db(), service)),
        service=service,
        organization=organization,
        types=choices.types_to_add(sheet),
        circumstances=choices.circumstances_to_add(sheet),
        effects=choices.effects(),
        kept=choices.kept_hours(db(), service),
        access=choices.access(db(), service),
        thresholds=choices.thresholds(),
        today=now().astimezone(settings().zone()).date(),
        **notices,
    )
