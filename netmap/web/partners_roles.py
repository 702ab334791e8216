"""Pages: the role sheet of a partner, and the briefing sheet for one that is new."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language, speaking
from netmap.packages import service as packages
from netmap.packages.briefing import serving
from netmap.packages.document import text
from netmap.partners import agreement_queries, agreements, matrix, roles, service
from netmap.web import edit_forms as forms
from netmap.web.door import PAGE_LANGUAGES, db, permit
from netmap.web.edit_forms import Field
from netmap.web.partners import partners, today


def role_fields() -> list[Field]:
    """Return the fields of a role sheet."""
    return [
        Field("functions", _("Functions"), "area", hint=_("What the partner is there for.")),
        Field(
            "limits", _("Limits"), "area", hint=_("What it does not do, and from where on others take over.")
        ),
        Field("interests", _("Interests"), "area", hint=_("What it wants to get out of it.")),
        Field(
            "contribution",
            _("Contribution"),
            "area",
            hint=_("What it brings: time, rooms, money, knowledge."),
        ),
        Field("strengths", _("Strengths"), "area"),
        Field(
            "funding",
            _("Funding of the coordination"),
            "area",
            hint=_("Who pays for meetings, travel, the liaison."),
        ),
        Field("staff", _("Staff and qualifications"), "area", heading=_("What it can carry")),
        Field("premises", _("Premises, equipment, internet"), "area"),
        Field(
            "licences",
            _("Licences and marks of quality"),
            "rows",
            columns=(
                Field("name", _("Name")),
                Field("number", _("Number")),
                Field("valid_to", _("Valid until"), "day"),
            ),
        ),
        Field(
            "our_view",
            _("How we see the work together"),
            "area",
            heading=_("Both sides"),
            hint=_("Facts, no marks."),
        ),
        Field("their_view", _("How the partner sees it"), "area"),
        Field("agreed_on", _("Agreed with the partner on"), "day"),
        Field("review_on", _("To be reviewed on"), "day"),
    ]


@partners.get("/organizations/<organization_id>/role")
@permit("read partners")
def role(organization_id: str) -> str:
    """Show the role sheet of an organization, on the page and for print."""
    organization = service.require_organization(db(), organization_id)
    return render_template(
        "partners/role.html",
        organization=organization,
        sheet=roles.of(db(), organization_id),
        licences=roles.licences(db(), organization_id),
        fields=role_fields(),
        today=today(),
    )


@partners.get("/organizations/<organization_id>/role/edit")
@permit("write partners")
def edit_role(organization_id: str) -> str:
    """Show the form of a role sheet."""
    service.require_organization(db(), organization_id)
    kept = roles.as_form(db(), organization_id)
    return _form(organization_id, kept, kept, {})


@partners.post("/organizations/<organization_id>/role/edit")
@permit("write partners")
def change_role(organization_id: str) -> Any:
    """Keep a role sheet; where two people changed it, ask."""
    service.require_organization(db(), organization_id)
    kept, fields = roles.as_form(db(), organization_id), role_fields()
    back = url_for("partners.role", organization_id=organization_id)
    title = _("Somebody else has changed this role sheet too")
    typed, asks = forms.settle_form(title, fields, kept, forms.typed_of(fields), back)
    if typed is None:
        return asks, 409
    try:
        roles.save(db(), organization_id, typed, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _form(organization_id, typed, kept, error.fields), 422
    return redirect(back, 303)


def _form(
    organization_id: str, typed: Mapping[str, Any], kept: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    return forms.show(
        "partners/form.html",
        role_fields(),
        typed,
        kept,
        errors,
        title=_("Role sheet"),
        about=service.require_organization(db(), organization_id).name,
        told=_("Nothing in it is required. What is empty shows as not written yet."),
        action=url_for("partners.change_role", organization_id=organization_id),
        back=url_for("partners.role", organization_id=organization_id),
    )


@partners.get("/organizations/<organization_id>/briefing")
@permit("read partners")
def briefing(organization_id: str) -> str:
    """Show what a new partner has to know, in the language that the address names, on one sheet."""
    wish = request.args.get("language", "")
    paper = wish if wish in PAGE_LANGUAGES else language()
    organization = service.require_organization(db(), organization_id)
    relation = service.of(db(), organization_id)
    state = relation.state if relation else "known"
    asked = matrix.of_organization(db(), organization, state)
    types = [code for code in asked.types if _would_serve(asked, organization_id, code)]
    documents = [document for _code, _number, document in packages.published(db())]
    day = today()
    living = [
        one
        for one in agreement_queries.of_organization(db(), organization_id)
        if agreements.state(one, day) in ("in_force", "coming")
    ]
    with speaking(paper):
        return render_template(
            "partners/briefing.html",
            organization=organization,
            types=types,
            packages=serving(documents, types),
            words=lambda texts: text(texts, language()),
            sheet=roles.of(db(), organization_id),
            agreements=living,
            owners=_liaisons(relation.owner if relation else None, [one.owner for one in living]),
            glossary=glossary(),
            paper=paper,
            page_languages=PAGE_LANGUAGES,
            today=day,
        )


def _would_serve(asked: matrix.Matrix, organization_id: str, code: str) -> bool:
    answer = asked.answer(organization_id, code)
    return answer in ("now", "could") or (not answer and (organization_id, code) in asked.listed)


def _liaisons(*emails: Any) -> list[str]:
    first, others = emails
    return [one for one in dict.fromkeys([first, *others]) if one]


def glossary() -> list[tuple[str, str]]:
    """Return the words that a new partner will hear, each with what is meant by it."""
    return [
        (
            _("Case manager"),
            _("The person who agrees on a plan of help with somebody and stays responsible for the whole."),
        ),
        (
            _("Package"),
            _("Services of several providers that belong together for people in a certain situation."),
        ),
        (_("Line"), _("One service of a package: what it is for, who gives it, when and where.")),
        (_("Need"), _("A problem that somebody names and wants help with; never a word for the person.")),
        (
            _("Referral"),
            _("Somebody is sent to a provider, knows why and agrees, and the provider knows that they come."),
        ),
        (
            _("Low threshold"),
            _("Help that begins without an appointment, papers, a queue or a name."),
        ),
        (
            _("Liaison"),
            _("The person at the coordinating office to whom a provider turns with everything."),
        ),
        (_("Directory"), _("The record of who offers what, where, for whom and when, which all of us use.")),
        (
            _("Confirmed"),
            _("A person has asked the provider whether the record is right, on the day that stands there."),
        ),
    ]
