"""Pages: whom to call in a settlement, and the settlements in which nobody is known."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from netmap.colleagues import settlements
from netmap.colleagues.models import SettlementContact
from netmap.directory.models import Organization
from netmap.directory.queries import area_choices
from netmap.editing.models import Edit
from netmap.editing.restoring import take_back
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.web import edit_forms as forms
from netmap.web.colleagues import today
from netmap.web.door import blueprint, db, permit
from netmap.web.edit_forms import Field

settlement_contacts = blueprint("settlement_contacts")


@settlement_contacts.get("/settlements")
@permit("read partners")
def listing() -> str:
    """Show every settlement with whom to call there, those without anybody first."""
    number = request.args.get("done", "")
    return render_template(
        "colleagues/settlements.html",
        settlements=settlements.settlements(db()),
        names=dict(area_choices(db(), language())),
        removed=number if number.isdecimal() and len(number) < 12 else "",
    )


@settlement_contacts.get("/settlements/new")
@permit("note contact")
def new() -> str:
    """Show the empty form."""
    typed = forms.prefilled(_fields(), area_code=request.args.get("area", ""))
    return _form(None, typed, None, {})


@settlement_contacts.post("/settlements/new")
@permit("note contact")
def add() -> Any:
    """Keep a new contact."""
    return _keep(None, forms.typed_of(_fields()), None)


@settlement_contacts.get("/settlements/<settlement_contact_id>")
@permit("note contact")
def form(settlement_contact_id: str) -> str:
    """Show the form of a contact."""
    kept = settlements.as_form(settlements.get(db(), settlement_contact_id))
    return _form(settlement_contact_id, kept, kept, {})


@settlement_contacts.post("/settlements/<settlement_contact_id>")
@permit("note contact")
def save(settlement_contact_id: str) -> Any:
    """Keep a changed contact; where two people changed it, ask."""
    kept = settlements.as_form(settlements.get(db(), settlement_contact_id))
    title = _("Somebody else has changed this contact too")
    back = url_for("settlement_contacts.listing")
    typed, asks = forms.settle_form(title, _fields(), kept, forms.typed_of(_fields()), back)
    if typed is None:
        return asks, 409
    return _keep(settlement_contact_id, typed, kept)


@settlement_contacts.post("/settlements/<settlement_contact_id>/remove")
@permit("note contact")
def remove(settlement_contact_id: str) -> Any:
    """Remove a contact; it can be taken back."""
    number = settlements.remove(db(), settlement_contact_id, by=current_user.email)
    return redirect(url_for("settlement_contacts.listing", done=number), 303)


@settlement_contacts.post("/settlements")
@permit("note contact")
def undo() -> Any:
    """Bring back a contact that this person has just removed; what others did stands in the history."""
    number = request.form.get("edit", "")
    found = db().get(Edit, int(number)) if number.isdecimal() and len(number) < 12 else None
    if found is None or found.about_table != "area" or found.by != current_user.email:
        raise NotFound(_("There is no such change in the history."))
    take_back(db(), found.id, by=current_user.email)
    return redirect(url_for("settlement_contacts.listing"), 303)


def _keep(contact_id: str | None, typed: Mapping[str, Any], kept: Mapping[str, Any] | None) -> Any:
    try:
        settlements.keep(db(), contact_id, typed, by=current_user.email, today=today())
    except Invalid as error:
        db().rollback()
        return _form(contact_id, typed, kept, error.fields), 422
    return redirect(url_for("settlement_contacts.listing"), 303)


def _fields() -> list[Field]:
    known = select(SettlementContact.organization_id)
    mayors = Organization.kind.in_(("municipality", "parish", "school", "ngo", "self_help_group"))
    query = select(Organization.id, Organization.name).where(mayors | Organization.id.in_(known))
    bodies = [(id_, name) for id_, name in db().execute(query.order_by(Organization.name).limit(300))]
    areas = [("", _("choose")), *area_choices(db(), language())]
    return [
        Field("area_code", _("Settlement"), "choice", options=areas),
        Field("name", _("Who"), hint=_("A name or a function. Never a client.")),
        Field("role", _("Function"), hint=_("For example: elder, librarian, nurse, shopkeeper.")),
        Field("phone", _("Telephone")),
        Field("helps_with", _("What one can ask"), hint=_("For example: knows who has a car; keeps a key.")),
        Field("organization_id", _("Belongs to"), "choice", options=[("", _("nobody")), *bodies]),
        Field("agreed_on", _("Agreed to be named here on"), "day"),
        Field("checked_on", _("Last spoken with on"), "day"),
    ]


def _form(
    contact_id: str | None,
    typed: Mapping[str, Any],
    kept: Mapping[str, Any] | None,
    errors: Mapping[str, str],
) -> str:
    return forms.show(
        "partners/form.html",
        _fields(),
        typed,
        kept,
        errors,
        title=_("Whom to call in a settlement"),
        told=_("Only people who have agreed to be named here, with a number they gave for this."),
        action=url_for("settlement_contacts.save", settlement_contact_id=contact_id)
        if contact_id
        else url_for("settlement_contacts.add"),
        back=url_for("settlement_contacts.listing"),
    )
