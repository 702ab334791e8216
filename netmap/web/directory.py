"""Page of one service."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import render_template
from flask_login import current_user

from netmap.directory import queries
from netmap.directory.curation import of_service
from netmap.directory.models import Contact, Phone, Service, ServiceAtLocation
from netmap.editing import capacity
from netmap.freshness import reports
from netmap.freshness.checks import check_of
from netmap.freshness.phones import doubtful
from netmap.selfservice import attesting, corrections, facts
from netmap.web import directory_words as words
from netmap.web.directory_hours import Hours, hours_in_words, levels_of, office_moment, people_with_hours
from netmap.web.door import blueprint, count_use, db, permit, settings
from netmap.web.editing_answer import saved_edit

directory = blueprint("directory")


@directory.get("/services/<service_id>")
@permit("read directory")
def service(service_id: str) -> str:
    """Show one service with its places, hours, conditions and when a person last checked it."""
    found = queries.service_page(db(), service_id)
    count_use("opened", [service_id])
    moment = office_moment()
    places = [
        (
            place,
            hours_in_words(levels_of(found, place), moment),
            people_with_hours(_contacts(found, place), moment),
        )
        for place in found.places
    ]
    staff = current_user.is_authenticated
    return render_template(
        "directory/service.html",
        service=found,
        hours=_everywhere(found, {there for _place, there, _people in places}, moment),
        people=people_with_hours(found.contacts, moment),
        places=places,
        capacities=[(row, *words.capacity(row, moment)) for row in found.capacities],
        thresholds=words.thresholds(found.attributes),
        remarks=words.remarks(found.attributes),
        curations=of_service(db(), service_id, moment.date()),
        doubtful=doubtful(db(), phones_on_page(found)),
        check=check_of(db(), found, moment.date(), stale_days=settings().stale_days),
        today=moment.date(),
        past=capacity.past(db(), [row.id for row in found.capacities]) if staff else {},
        saved=saved_edit("service", service_id),
        attested=attested_words(found),
        waiting=len(corrections.waiting_of(db(), "service", service_id)) if staff else 0,
        reported=[reports.reason_name(row.reason) for row in reports.of_service(db(), service_id)]
        if staff
        else [],
    )


def phones_on_page(found: Service) -> list[Phone]:
    """Return the telephone numbers that the page of a service may show beside those of its people."""
    owners = [found, found.organization, *found.places, *(place.location for place in found.places)]
    return [phone for owner in owners if owner is not None for phone in owner.phones]


def attested_words(found: Service) -> list[tuple[str, date, str]]:
    """Return what the provider answers for as (what, when, who), the latest first."""
    told = attesting.of_record(db(), "service", found)
    zone = settings().zone()
    return [
        (", ".join(facts.group_name(group) for group in one.groups), one.at.astimezone(zone).date(), one.by)
        for one in told
    ]


def _contacts(service: Service, place: ServiceAtLocation) -> Sequence[Contact]:
    """Return the people of a place: its own; those of the location where the service names none either."""
    return place.contacts or ([] if service.contacts else place.location.contacts)


def _everywhere(service: Service, at_places: set[Hours], moment: datetime) -> Hours | None:
    """Return the hours of a service as a whole; None where only its places tell them, each its own."""
    tells = any(not (row.closed or row.contact_id) for row in service.schedules)
    if tells or not at_places:
        return hours_in_words([service.schedules], moment)
    return next(iter(at_places)) if len(at_places) == 1 else None
