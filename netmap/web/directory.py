"""Pages: one service, one organization."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import render_template

from netmap.db import now
from netmap.directory import hours, queries
from netmap.directory.models import Schedule, Service, ServiceAtLocation
from netmap.matching.times import in_words
from netmap.web.door import blueprint, db, permit, settings

directory = blueprint("directory")


class Hours(NamedTuple):
    """Opening hours as the page shows them: the state now, the week, and what stands in words only."""

    now: str
    week: str
    notes: tuple[str, ...]


@directory.get("/services/<service_id>")
@permit("read directory")
def service(service_id: str) -> str:
    """Show one service with its places, hours, conditions and when a person last checked it."""
    found = queries.service_page(db(), service_id)
    moment = now().astimezone(settings().zone())
    living = [place for place in found.places if place.removed_in_source is None]
    return render_template(
        "directory/service.html",
        service=found,
        hours=_hours(_kept(found.schedules), moment),
        places=[(place, _hours(_schedules(found, place), moment)) for place in living],
        stale_days=settings().stale_days,
        today=moment.date(),
    )


@directory.get("/organizations/<organization_id>")
@permit("read directory")
def organization(organization_id: str) -> str:
    """Show one organization and its services."""
    return render_template(
        "directory/organization.html", organization=queries.organization_page(db(), organization_id)
    )


def _schedules(service: Service, place: ServiceAtLocation) -> Sequence[Schedule]:
    """Return the hours that count at a place: its own, else the service's, else the location's."""
    own, general = _kept(place.schedules), _kept(service.schedules)
    return own or general or _kept(place.location.schedules)


def _kept(schedules: Sequence[Schedule]) -> list[Schedule]:
    return [row for row in schedules if row.removed_in_source is None]


def _hours(schedules: Sequence[Schedule], moment: datetime) -> Hours:
    rules = [rule for rule in map(hours.to_rule, schedules) if rule is not None]
    words = (text for row in schedules for text in (row.description, row.notes, row.unread) if text)
    return Hours(
        hours.sentence(hours.state(rules, moment), moment),
        in_words(rules, moment),
        tuple(dict.fromkeys(words)),
    )
