"""Pages: one service, one organization."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from flask import render_template

from netmap.db import now
from netmap.directory import hours, queries
from netmap.directory.models import Contact, Schedule, Service, ServiceAtLocation
from netmap.i18n import gettext as _
from netmap.matching.times import in_words
from netmap.web import directory_words as words
from netmap.web.door import blueprint, db, permit, settings

directory = blueprint("directory")
NEVER = datetime.max.replace(tzinfo=UTC)


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
        hours=_overall(found, moment),
        people=_people(found.contacts, moment),
        places=[
            (place, _hours(_levels(found, place), moment), _people(_contacts(found, place), moment))
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


def _overall(service: Service, moment: datetime) -> Hours:
    """Return the hours of a service; where only its places have some, the place that is open soonest."""
    if not any(hours.to_rule(row) for row in service.schedules):
        told = [
            hours.most_specific(_rules(level) for level in _levels(service, one)) for one in service.places
        ]
        states = [hours.state(rules, moment) for rules in told if any(not rule.closed for rule in rules)]
        if states:
            soonest = min(states, key=lambda state: (state.kind != "open", state.opens or NEVER))
            where = _("at one of the places below") if len(service.places) > 1 else _("at the place below")
            return Hours(hours.sentence(soonest, moment), "", (where,))
    return _hours([service.schedules], moment)


def _levels(service: Service, place: ServiceAtLocation) -> list[Sequence[Schedule]]:
    """Return the hours told for a place, the most specific first: its own, the service's, the location's."""
    return [place.schedules, service.schedules, place.location.schedules]


def _contacts(service: Service, place: ServiceAtLocation) -> Sequence[Contact]:
    """Return the people of a place: its own; those of the location where the service names none either."""
    return place.contacts or ([] if service.contacts else place.location.contacts)


def _people(contacts: Sequence[Contact], moment: datetime) -> list[tuple[Contact, Hours | None]]:
    return [(one, _hours([one.schedules], moment) if one.schedules else None) for one in contacts]


def _hours(levels: Sequence[Sequence[Schedule]], moment: datetime) -> Hours:
    """Return the hours of the levels in words, with the days on which they are others, and their remarks."""
    rules = hours.most_specific(map(_rules, levels))
    kept = [row for level in levels for row in level if hours.to_rule(row) in rules]
    said = [row for level in levels for row in level if hours.to_rule(row) is None]  # only words
    return Hours(
        hours.sentence(hours.state(rules, moment), moment),
        in_words(rules, moment),
        words.about_hours([*kept, *said], moment.date()),
    )


def _rules(schedules: Sequence[Schedule]) -> list[hours.Rule]:
    return [rule for rule in map(hours.to_rule, schedules) if rule is not None]
