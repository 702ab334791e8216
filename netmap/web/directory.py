"""Pages: one service, one organization."""

from flask import render_template

from netmap.db import now
from netmap.directory import queries
from netmap.directory.hours import sentence, state
from netmap.directory.offers import rules_of
from netmap.web.door import blueprint, db, permit, settings

directory = blueprint("directory")


@directory.get("/services/<service_id>")
@permit("read directory")
def service(service_id: str) -> str:
    """Show one service with its places, hours, conditions and when a person last checked it."""
    found = queries.service(db(), service_id)
    moment = now().astimezone(settings().zone())
    places = [(place, sentence(state(rules_of(found, place), moment), moment)) for place in found.places]
    return render_template(
        "directory/service.html",
        service=found,
        places=places,
        open_now=sentence(state(rules_of(found, None), moment), moment),
        terms=queries.terms_of(db(), found),
        stale_days=settings().stale_days,
        today=moment.date(),
    )


@directory.get("/organizations/<organization_id>")
@permit("read directory")
def organization(organization_id: str) -> str:
    """Show one organization and its services."""
    return render_template(
        "directory/organization.html", organization=queries.organization(db(), organization_id)
    )
