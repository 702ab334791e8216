"""Vacancies as pages show them: for everybody, and behind the link of an employer."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from netmap.db import now
from netmap.directory.models import Location, Organization, Vacancy
from netmap.selfservice import scope
from netmap.selfservice.models import ProviderLink
from netmap.vacancies.state import State, state_of
from netmap.web import vacancy_words as words
from netmap.web.door import db, settings


class Card(NamedTuple):
    """A vacancy as pages show it."""

    row: Vacancy
    organization: Organization | None
    location: Location | None
    state: State
    standing: str
    look: str
    attested: str
    last_day: str


def moment() -> datetime:
    """Return this moment in the time zone of the office."""
    return now().astimezone(settings().zone())


def card(row: Vacancy, organization: Organization | None = None, location: Location | None = None) -> Card:
    """Return a vacancy with its state in words."""
    state = state_of(row, moment(), settings().vacancy_hours)
    said, look = words.standing(row, state)
    return Card(row, organization, location, state, said, look, words.attested(row), words.last_day(row))


def of_link(link: ProviderLink) -> list[Card]:
    """Return the vacancies that a link reaches: the one it is about, or all of its organization."""
    found = [card(row) for row in reached(link)]
    return sorted(found, key=lambda one: (not one.state.open, one.row.title))


def reached(link: ProviderLink) -> Sequence[Vacancy]:
    """Return the rows of vacancies that a link reaches."""
    units = scope.units_of(db(), link.organization_id)
    query = select(Vacancy).where(Vacancy.organization_id.in_(units), Vacancy.removed_in_source.is_(None))
    if link.purpose == "vacancy":
        query = query.where(Vacancy.id == link.about_id)
    return db().scalars(query.order_by(Vacancy.id)).all()
