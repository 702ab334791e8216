"""Pages: a new organization, and a new service of one that is there, in five fields."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.directory.models import Organization
from netmap.directory.queries import area_choices
from netmap.editing import light as rules
from netmap.editing.light import Light
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.web.door import blueprint, db, permit

light = blueprint("light")

ANYWAY = "anyway"  # the button of somebody who has looked at the ones of the same name


@light.get("/organizations/new")
@permit("edit directory")
def organization() -> str:
    """Show the five fields of a new organization, or of a unit of one that the address names."""
    parent = _parent(request.args.get("parent", ""))
    return _page(Light(name=request.args.get("name", "")[:200]), parent, of_parent=False)


@light.post("/organizations/new")
@permit("edit directory")
def add_organization() -> Any:
    """Add an organization; where one of the same name is there, ask first."""
    typed, parent = _typed(), _parent(request.form.get("parent", ""))
    try:
        rules.check(db(), typed.tidied())  # before it asks: who says yes must not meet an error then
        same = rules.namesakes(db(), typed.name)
        if same and request.form.get("do") != ANYWAY:
            return _page(typed, parent, of_parent=False, same=[(one.name, _href(one)) for one in same])
        made = rules.add_organization(
            db(), typed, by=current_user.email, parent=parent.id if parent else None
        )
    except Invalid as error:
        db().rollback()
        parent = _parent(request.form.get("parent", ""))
        return _page(typed, parent, of_parent=False, errors=error.fields), 422
    return redirect(url_for("directory.organization", organization_id=made.id), 303)


@light.get("/organizations/<organization_id>/services/new")
@permit("edit directory")
def service(organization_id: str) -> str:
    """Show the five fields of a new service of an organization."""
    return _page(Light(), _require(organization_id), of_parent=True)


@light.post("/organizations/<organization_id>/services/new")
@permit("edit directory")
def add_service(organization_id: str) -> Any:
    """Add a service; where the organization has one of the same name, ask first."""
    typed, owner = _typed(), _require(organization_id)
    try:
        rules.check(db(), typed.tidied())
        same = rules.services_called(db(), organization_id, typed.name)
        if same and request.form.get("do") != ANYWAY:
            hrefs = [(one.name, url_for("directory.service", service_id=one.id)) for one in same]
            return _page(typed, owner, of_parent=True, same=hrefs)
        made = rules.add_service(db(), organization_id, typed, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _page(typed, _require(organization_id), of_parent=True, errors=error.fields), 422
    return redirect(url_for("directory.service", service_id=made.id), 303)


def _typed() -> Light:
    return Light(*(request.form.get(one.name, "") for one in fields(Light)))


def _parent(organization_id: str) -> Organization | None:
    return _require(organization_id) if organization_id else None


def _require(organization_id: str) -> Organization:
    found = db().get(Organization, organization_id)
    if found is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    return found


def _href(organization: Organization) -> str:
    return url_for("directory.organization", organization_id=organization.id)


def _page(
    typed: Light,
    parent: Organization | None,
    *,
    of_parent: bool,
    errors: Mapping[str, str] | None = None,
    same: Sequence[tuple[str, str]] = (),
) -> str:
    """Show the form; ``of_parent`` says that it is a service of that organization, not a unit of it."""
    return render_template(
        "editing/light.html",
        typed=typed,
        parent=parent,
        service=of_parent,
        areas=[("", ""), *area_choices(db(), language())],
        same=same,
        errors=errors or {},
    )
