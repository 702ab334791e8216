"""Services and organisations of the directory to choose from, by the words that somebody typed."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from netmap.directory.find import Question, found_ids
from netmap.directory.models import Organization, Service
from netmap.web.door import db, settings

MOST = 8


@dataclass(frozen=True, slots=True)
class Picked:
    """A service with its organisation, as a choice."""

    id: str
    name: str
    language: str | None
    organization_id: str | None
    organization: str


def services_found(words: str) -> list[Picked]:
    """Return the services that answer some words, the best first; none for no words.

    Raises
    ------
    Invalid
        If the words cannot be a question.
    """
    if not words.strip():
        return []
    question = Question(text=words.strip(), limit=MOST, facets=False)
    _total, ids = found_ids(db(), current_app.extensions["netmap_backend"], settings(), question)
    return services_named(ids)


def services_named(ids: tuple[str, ...]) -> list[Picked]:
    """Return services by id, in this order; those that are not there any more are left out."""
    query = (
        select(Service.id, Service.name, Service.text_language, Organization.id, Organization.name)
        .outerjoin(Organization, Service.organization_id == Organization.id)
        .where(Service.id.in_(ids))
    )
    found = {row[0]: Picked(row[0], row[1], row[2], row[3], row[4] or "") for row in db().execute(query)}
    return [found[one] for one in ids if one in found]
