"""Page of an organization: how to reach it, its units and sites, its services, and who followed whom."""

from datetime import date

from flask import render_template

from netmap.directory import queries, tree
from netmap.directory.models import Organization
from netmap.freshness.phones import doubtful
from netmap.web import directory_words as words
from netmap.web.directory import directory
from netmap.web.directory_hours import office_moment, people_with_hours
from netmap.web.door import db, permit
from netmap.web.editing_answer import saved_edit
from netmap.web.vacancy_cards import card


@directory.get("/organizations/<organization_id>")
@permit("read directory")
def organization(organization_id: str) -> str:
    """Show one organization: what it belongs to, its units and sites, its services, with whom it works."""
    found = queries.organization_page(db(), organization_id)
    family = tree.family_of(db(), organization_id)
    moment = office_moment()
    today = moment.date()
    return render_template(
        "directory/organization.html",
        organization=found,
        saved=saved_edit("organization", organization_id),
        kind=words.kind_name(found.kind) if found.kind else "",
        tree=family.tree,
        line=family.line,
        closed=found.closed_on is not None and found.closed_on <= today,
        alert=standing_notice(found, today),
        people=people_with_hours(found.contacts, moment),
        doubtful=doubtful(db(), found.phones),
        vacancies=[card(row) for row in found.vacancies],
        ties=[
            (other, words.tie_kind(tie), tie, words.tie_days(tie, today))
            for tie, other in queries.partners(db(), organization_id)
        ],
    )


def standing_notice(record: Organization, today: date) -> str:
    """Return the notice of an organization, empty where it has run out."""
    holds = record.alert_until is None or record.alert_until >= today
    return record.alert or "" if holds else ""
