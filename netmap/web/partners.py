"""Pages: how organizations stand to the network, and what comes next with each."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.db import now
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.partners import agreement_queries, agreements, called, matrix, pipeline, roles, service, words
from netmap.partners.models import STATES, Partnership
from netmap.web import edit_forms as forms
from netmap.web.door import blueprint, db, may, page_number, permit, settings
from netmap.web.edit_forms import Field

partners = blueprint("partners")

PAGE = 50
called.tell()


def today() -> date:
    """Return the day in the time zone of the office."""
    return now().astimezone(settings().zone()).date()


@partners.app_context_processor
def relations() -> dict[str, Callable[..., Any]]:
    """Give the pages of the directory what they show of an organization's relation to the network."""

    def relation_of(organization_id: str | None) -> Partnership | None:
        readable = organization_id and may("read partners")
        return service.of(db(), organization_id) if readable and organization_id else None

    return {
        "relation_of": relation_of,
        "relation_states": words.states,
        "relation_warning": words.warning,
        "contact_ways": words.ways,
    }


@partners.get("/partners")
@permit("read partners")
def listing() -> str:
    """Show all relations that somebody looks after, overdue next steps first."""
    asked, day = request.args, today()
    wish = pipeline.Wish(
        state=asked.get("state", "") if asked.get("state") in STATES else "",
        owner=asked.get("owner", "")[:254],
        when=pipeline.OVERDUE if asked.get("when") == pipeline.OVERDUE else "",
        name=asked.get("name", "").strip()[:100],
    )
    sort = asked.get("sort", "") if asked.get("sort") in pipeline.SORTS else pipeline.SORTS[0]
    page = page_number(asked)
    total, rows = pipeline.listing(db(), day, wish, sort=sort, limit=PAGE, offset=(page - 1) * PAGE)
    counts, overdue = pipeline.counts(db(), day)
    chosen = {name: value for name, value in wish._asdict().items() if value}
    return render_template(
        "partners/listing.html",
        rows=rows,
        total=total,
        counts=counts,
        overdue=overdue,
        owners=[(one, one) for one in pipeline.owners(db())],
        wish=wish,
        sort=sort,
        sorts=_sorts(),
        today=day,
        page=page,
        pages=-(-total // PAGE),
        address=lambda **more: url_for("partners.listing", **{**chosen, "sort": sort, **more}),
    )


def _sorts() -> Mapping[str, str]:
    return {
        "step": _("next step"),
        "name": _("name"),
        "state": _("state"),
        "owner": _("owner"),
        "contact": _("longest without contact"),
    }


@partners.get("/organizations/<organization_id>/relation")
@permit("read partners")
def show(organization_id: str) -> str:
    """Show how one organization stands to the network: state, contacts, agreements, services asked for."""
    return _show(organization_id, {"day": today().isoformat(), "how": "", "sentence": ""}, {})


def _show(organization_id: str, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    organization = service.require_organization(db(), organization_id)
    found = service.of(db(), organization_id)
    day = today()
    asked = matrix.of_organization(db(), organization, found.state if found else "known")
    return render_template(
        "partners/show.html",
        organization=organization,
        relation=found,
        state=found.state if found else "known",
        contacts=service.contacts(db(), organization_id),
        agreements=[
            (one, agreements.state(one, day))
            for one in agreement_queries.of_organization(db(), organization_id)
        ],
        kinds=words.kinds(),
        agreement_states=words.agreement_states(),
        answers=_answers(asked, organization_id),
        sheet=roles.of(db(), organization_id),
        licences=roles.licences(db(), organization_id),
        fields=_contact_fields(),
        typed=typed,
        errors=errors,
        today=day,
    )


def _answers(asked: matrix.Matrix, organization_id: str) -> list[tuple[str, list[str]]]:
    """Return the answers in words, each with its service types; what only the directory tells comes last."""
    named = words.answers()
    found = [
        (named[answer], [code for code in asked.types if asked.answer(organization_id, code) == answer])
        for answer in ("now", "could", "no")
    ]
    untold = [
        code
        for code in asked.types
        if (organization_id, code) in asked.listed and not asked.answer(organization_id, code)
    ]
    found.append((_("in the directory, not asked"), untold))
    return [(answer, types) for answer, types in found if types]


def state_fields(before: str = "") -> list[Field]:
    """Return the fields of the form of a relation; ``before`` is the owner that it has."""
    staff = dict.fromkeys([*([before] if before else []), *service.staff(db())])
    return [
        Field(
            "state", _("How does it stand to the network?"), "choice", options=list(words.states().items())
        ),
        Field(
            "owner",
            _("Who looks after it"),
            "choice",
            options=[("", _("nobody yet")), *((one, one) for one in staff)],
        ),
        Field("next_step", _("Next step"), hint=_("For example: send the draft of the agreement.")),
        Field("next_on", _("On which day"), "day"),
        Field("note", _("Note"), "area", hint=_("No client's data.")),
    ]


@partners.get("/organizations/<organization_id>/relation/edit")
@permit("write partners")
def edit(organization_id: str) -> str:
    """Show the form of a relation."""
    service.require_organization(db(), organization_id)
    kept = service.as_form(service.of(db(), organization_id))
    return _form(organization_id, kept, kept, {})


@partners.post("/organizations/<organization_id>/relation/edit")
@permit("write partners")
def change(organization_id: str) -> Any:
    """Keep a relation; where two people changed it, ask."""
    service.require_organization(db(), organization_id)
    kept = service.as_form(service.of(db(), organization_id))
    fields = state_fields(kept["owner"])
    back = url_for("partners.show", organization_id=organization_id)
    title = _("Somebody else has changed this relation too")
    typed, asks = forms.settle_form(title, fields, kept, forms.typed_of(fields), back)
    if typed is None:
        return asks, 409
    try:
        service.change(db(), organization_id, typed, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _form(organization_id, typed, kept, error.fields), 422
    return redirect(back, 303)


def _form(
    organization_id: str, typed: Mapping[str, Any], kept: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    return forms.show(
        "partners/form.html",
        state_fields(str(kept["owner"])),
        typed,
        kept,
        errors,
        title=_("Relation to the network"),
        about=service.require_organization(db(), organization_id).name,
        action=url_for("partners.change", organization_id=organization_id),
        back=url_for("partners.show", organization_id=organization_id),
    )


def _contact_fields() -> list[Field]:
    ways = [("", _("choose")), *words.ways().items()]
    return [
        Field("day", _("On which day"), "day"),
        Field("how", _("How"), "choice", options=ways),
        Field("sentence", _("What came of it"), hint=_("One sentence. No client's data.")),
    ]


@partners.post("/organizations/<organization_id>/contacts")
@permit("note contact")
def note_contact(organization_id: str) -> Any:
    """Note that somebody spoke with an organization."""
    typed = forms.typed_of(_contact_fields())
    try:
        service.note_contact(db(), organization_id, typed, by=current_user.email, today=today())
    except Invalid as error:
        db().rollback()
        return _show(organization_id, typed, error.fields), 422
    return redirect(url_for("partners.show", organization_id=organization_id) + "#contacts", 303)
