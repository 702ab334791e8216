"""Page: the dossier of a provider, made to be printed and put into a folder."""

from datetime import date
from typing import Any

from flask import abort, render_template, request
from flask_login import current_user

from netmap.db import now
from netmap.i18n import gettext as _
from netmap.partners import agreement_queries, agreements, roles, service
from netmap.partners import words as partner_words
from netmap.printing.dossier import dossier as gathered
from netmap.web import directory_words as words
from netmap.web.door import blueprint, db, may, permit, settings
from netmap.web.partners_roles import role_fields
from netmap.web.vacancy_cards import card

dossier = blueprint("dossier")


@dossier.get("/organizations/<organization_id>/dossier")
@permit("read partners")
def show(organization_id: str) -> str:
    """Show all that the office knows of a provider, confidential addresses where somebody asks for them."""
    inner = bool(request.args.get("inner"))
    if inner and not may("edit directory"):
        abort(403, _("Only who edits the directory may print confidential addresses."))
    moment = now().astimezone(settings().zone())
    found = gathered(db(), organization_id, moment, settings().stale_days, inner=inner)
    today = moment.date()
    organization = found.organization
    return render_template(
        "printing/dossier.html",
        dossier=found,
        organization=organization,
        kind=words.kind_name(organization.kind) if organization.kind else "",
        ties=[(other, words.tie_kind(tie), tie, words.tie_days(tie, today)) for tie, other in found.ties],
        vacancies=[card(row) for row in organization.vacancies],
        **_relation(organization_id, today),
        inner=inner,
        may_inner=may("edit directory"),
        today=today,
        by=current_user.email,
    )


def _relation(organization_id: str, today: date) -> dict[str, Any]:
    """Return how the provider stands to the network: state, contacts, agreements, the role sheet."""
    found = service.of(db(), organization_id)
    sheet = roles.of(db(), organization_id)
    ways, kinds, states = partner_words.ways(), partner_words.kinds(), partner_words.agreement_states()
    told = [(one.label, getattr(sheet, one.name, None)) for one in role_fields()] if sheet else []
    return {
        "relation": found,
        "relation_state": partner_words.states()[found.state if found else "known"],
        "contacts": [(one, ways.get(one.how, one.how)) for one in service.contacts(db(), organization_id)],
        "agreements": [
            (one, kinds.get(one.kind, one.kind), states[agreements.state(one, today)])
            for one in agreement_queries.of_organization(db(), organization_id)
        ],
        "role_sheet": sheet,
        "role_lines": [(name, text) for name, text in told if text],
        "licences": roles.licences(db(), organization_id),
    }
