"""Page: the dossier of a provider, made to be printed and put into a folder."""

from flask import abort, render_template, request
from flask_login import current_user

from netmap.db import now
from netmap.i18n import gettext as _
from netmap.printing.dossier import dossier as gathered
from netmap.web import directory_words as words
from netmap.web.door import blueprint, db, may, permit, settings
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
        inner=inner,
        may_inner=may("edit directory"),
        today=today,
        by=current_user.email,
    )
