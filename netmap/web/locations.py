"""Page of a place: all that is offered there, and everybody who is there, of whichever organization."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from flask import render_template
from flask_login import current_user

from netmap.directory import sites
from netmap.directory.closing import status_of
from netmap.directory.models import Contact, Organization, Schedule, ServiceAtLocation
from netmap.directory.sites import Site
from netmap.web.directory_hours import Hours, hours_in_words, levels_of, office_moment, people_with_hours
from netmap.web.door import blueprint, db, may, permit
from netmap.web.editing_answer import saved_edit

locations = blueprint("locations")


class Offered(NamedTuple):
    """A service as the page of a place shows it: its hours here, and the notice that stands today."""

    at: ServiceAtLocation
    status: str
    hours: Hours
    alert: str


class Here(NamedTuple):
    """A person at the place, the own hours, and for which service (none: for the whole place)."""

    person: Contact
    hours: Hours | None
    at: ServiceAtLocation | None


@locations.get("/locations/<location_id>")
@permit("read directory")
def show(location_id: str) -> str:
    """Show a place: where it is, when open, how to get in, all that is offered there, and who is there."""
    site = sites.location_page(db(), location_id, with_secrets=may("edit directory"))
    place, moment = site.location, office_moment()
    own: list[Sequence[Schedule]] = [place.schedules]
    return render_template(
        "directory/location.html",
        site=site,
        place=place,
        saved=saved_edit("location", location_id),
        hours=hours_in_words(own, moment) if place.schedules else None,
        offered=_by_organization(site, moment),
        people=_people(site, moment),
        staff=current_user.is_authenticated,
        today=moment.date(),
    )


def _by_organization(site: Site, moment: datetime) -> list[tuple[Organization | None, list[Offered]]]:
    """Return the services by the organization that gives them, in the order in which they were read."""
    return [
        (rows[0].service.organization, [_offered(at, moment) for at in rows])
        for rows in (
            list(found) for _id, found in groupby(site.offered, lambda at: at.service.organization_id)
        )
    ]


def _offered(at: ServiceAtLocation, moment: datetime) -> Offered:
    service, today = at.service, moment.date()
    closed_on = service.organization.closed_on if service.organization else None
    return Offered(
        at,
        status_of(service.status, closed_on, today),
        hours_in_words(levels_of(service, at), moment),
        _alert(service.alert, service.alert_until, today),
    )


def _alert(words: str | None, until: date | None, today: date) -> str:
    return words if words and (until is None or until >= today) else ""


def _people(site: Site, moment: datetime) -> list[Here]:
    """Return everybody who is there, each once: who belongs to the whole place first."""
    told = [(one, hours, None) for one, hours in people_with_hours(site.location.contacts, moment)]
    found = {one.id: Here(one, hours, at) for one, hours, at in told}
    for at in site.offered:
        for one, hours in people_with_hours(at.contacts, moment):
            found.setdefault(one.id, Here(one, hours, at))
    return list(found.values())
