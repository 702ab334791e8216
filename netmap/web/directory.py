"""Pages: one service, one organization."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import render_template

from netmap.db import now
from netmap.directory import hours, queries
from netmap.directory.curation import of_service
from netmap.directory.models import Contact, Schedule, Service, ServiceAtLocation
from netmap.matching.times import comes_weekly, in_words
from netmap.web import directory_words as words
from netmap.web.door import blueprint, count_use, db, permit, settings

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
    count_use("opened", [service_id])
    moment = _moment()
    places = [
        (place, _hours(_levels(found, place), moment), _people(_contacts(found, place), moment))
        for place in found.places
    ]
    return render_template(
        "directory/service.html",
        service=found,
        hours=_everywhere(found, {there for _place, there, _people in places}, moment),
        people=_people(found.contacts, moment),
        places=places,
        capacities=[(row, *words.capacity(row, moment.date())) for row in found.capacities],
        thresholds=words.thresholds(found.attributes),
        remarks=words.remarks(found.attributes),
        curations=of_service(db(), service_id, moment.date()),
        stale_days=settings().stale_days,
        today=moment.date(),
    )


@directory.get("/organizations/<organization_id>")
@permit("read directory")
def organization(organization_id: str) -> str:
    """Show one organization: how to reach it, its services, its vacancies and with whom it works."""
    found = queries.organization_page(db(), organization_id)
    moment = _moment()
    today = moment.date()
    return render_template(
        "directory/organization.html",
        organization=found,
        kind=words.kind_name(found.kind) if found.kind else "",
        people=_people(found.contacts, moment),
        vacancies=[(row, words.vacancy_days(row, today), words.attested(row)) for row in found.vacancies],
        ties=[
            (other, words.tie_kind(tie), tie, words.tie_days(tie, today))
            for tie, other in queries.partners(db(), organization_id)
        ],
    )


def _moment() -> datetime:
    return now().astimezone(settings().zone())


def _levels(service: Service, place: ServiceAtLocation) -> list[Sequence[Schedule]]:
    """Return the hours told for a place, the most specific first: its own, the service's, the location's."""
    return [place.schedules, service.schedules, place.location.schedules]


def _contacts(service: Service, place: ServiceAtLocation) -> Sequence[Contact]:
    """Return the people of a place: its own; those of the location where the service names none either."""
    return place.contacts or ([] if service.contacts else place.location.contacts)


def _people(contacts: Sequence[Contact], moment: datetime) -> list[tuple[Contact, Hours | None]]:
    return [(one, _hours([one.schedules], moment) if one.schedules else None) for one in contacts]


def _everywhere(service: Service, at_places: set[Hours], moment: datetime) -> Hours | None:
    """Return the hours of a service as a whole; None where only its places tell them, each its own."""
    tells = any(not (row.closed or row.contact_id) for row in service.schedules)
    if tells or not at_places:
        return _hours([service.schedules], moment)
    return next(iter(at_places)) if len(at_places) == 1 else None


def _hours(levels: Sequence[Sequence[Schedule]], moment: datetime) -> Hours:
    """Return the hours of the levels in words, with the days on which they are others, and their remarks."""
    told = [[(rule, row) for row in level if (rule := hours.to_rule(row)) is not None] for level in levels]
    rules = hours.most_specific([rule for rule, _row in level] for level in told)
    said = [(row, "") for level in levels for row in level if hours.to_rule(row) is None]  # only words
    closed = [rule for rule in rules if rule.closed]
    weekly = [rule for rule in rules if not rule.closed and comes_weekly(rule)]
    kept = [
        (row, "" if rule.closed or rule in weekly else in_words([rule, *closed], moment))
        for level in told
        for rule, row in level
        if rule in rules
    ]
    return Hours(
        hours.sentence(hours.state(rules, moment), moment),
        in_words([*weekly, *closed], moment),
        words.about_hours([*kept, *said], moment.date()),
    )
