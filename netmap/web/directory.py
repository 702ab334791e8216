"""Pages: one service, one organization."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import render_template

from netmap.db import now
from netmap.directory import hours, queries
from netmap.directory.models import Contact, Schedule, Service, ServiceAtLocation
from netmap.matching.times import in_words
from netmap.web import directory_words as words
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
    moment = _moment()
    return render_template(
        "directory/service.html",
        service=found,
        hours=_hours(_general(found.schedules), moment),
        people=_people(found.contacts, moment),
        places=[
            (place, _hours(_schedules(found, place), moment), _people(_contacts(found, place), moment))
            for place in found.places
        ],
        capacities=[(row, *words.capacity(row, moment.date())) for row in found.capacities],
        thresholds=words.thresholds(found.attributes),
        remarks=words.remarks(found.attributes),
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


def _schedules(service: Service, place: ServiceAtLocation) -> Sequence[Schedule]:
    """Return the hours that count at a place: its own, else the service's, else the location's."""
    levels = (place.schedules, service.schedules, place.location.schedules)
    return next(filter(None, map(_general, levels)), [])


def _contacts(service: Service, place: ServiceAtLocation) -> Sequence[Contact]:
    """Return the people of a place: its own; those of the location where the service names none either."""
    return place.contacts or ([] if service.contacts else place.location.contacts)


def _general(schedules: Sequence[Schedule]) -> list[Schedule]:
    """Leave out the hours of single specialists: they stand beside their names."""
    return [row for row in schedules if row.contact_id is None]


def _people(contacts: Sequence[Contact], moment: datetime) -> list[tuple[Contact, Hours | None]]:
    return [(one, _hours(one.schedules, moment) if one.schedules else None) for one in contacts]


def _hours(schedules: Sequence[Schedule], moment: datetime) -> Hours:
    rules = [rule for rule in map(hours.to_rule, schedules) if rule is not None]
    notes = (text for row in schedules for text in (row.description, row.notes, row.unread) if text)
    return Hours(
        hours.sentence(hours.state(rules, moment), moment),
        in_words(rules, moment),
        tuple(dict.fromkeys(notes)),
    )
