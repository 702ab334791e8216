"""Which services must be read again after a change: by the search, and by whoever keeps them in memory.

Whoever changes a row of the directory calls `index_later` with what `services_touched` gives, in the same
transaction. What a document is made of stands in `netmap.directory.document_rows`.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory import changes
from netmap.directory.models import (
    Accessibility,
    Address,
    Alias,
    Attribute,
    Contact,
    CostOption,
    EligibilityRule,
    Language,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
    TaxonomyTerm,
    Tie,
)
from netmap.jobs.queue import later

KIND = "index-services"
CHUNK = 500
OWNERS = {
    "service_id": "service",
    "service_at_location_id": "service_at_location",
    "location_id": "location",
    "organization_id": "organization",
    "other_organization_id": "organization",
    "contact_id": "contact",
    "link_id": "service",
    "successor_id": "organization",
}  # column of a row -> the table of the row that it hangs on
# Tables of rooms further up that a document or an offer tells of; their rows hang on an organization.
ABOVE = frozenset({"partnership"})
# What hangs on others, those first that may hang on a person who hangs on others again.
_HANGING: tuple[type[Any], ...] = (
    Phone, Schedule, Contact, Address, Accessibility, Language, ServiceArea, CostOption, ServiceCapacity,
    EligibilityRule, ServiceTypeLink, Tie, Alias, ServiceAtLocation,
)  # fmt: skip


def services_touched(session: Session, changed: Mapping[str, Collection[str]]) -> set[str]:
    """Return the services whose documents may be others now.

    Parameters
    ----------
    session : Session
    changed : mapping
        Table -> ids of rows that are new, changed or gone. Where a row hangs on another one than before, its
        old owner's id must stand there too, under the table of that.
    """
    reached = {table: set(ids) for table, ids in changed.items()}

    def reach(wanted: Any, where: Any, ids: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for some in _chunks(ids):
            found |= {id_ for id_ in session.scalars(select(wanted).where(where.in_(some))) if id_}
        return found

    for model in _HANGING:
        ids = reached.get(model.__tablename__, ())
        for column, owner in OWNERS.items() if ids else ():
            if column in model.__table__.c:
                reached.setdefault(owner, set()).update(reach(getattr(model, column), model.id, ids))
    terms = reach(TaxonomyTerm.id, TaxonomyTerm.taxonomy_id, reached.get("taxonomy", ()))
    terms |= reached.get("taxonomy_term", set())
    described = reached.get("attribute", set()) | reach(Attribute.id, Attribute.taxonomy_term_id, terms)
    firms = reached.get("organization", set())
    firms |= reach(
        Organization.successor_id, Organization.id, firms
    )  # found under the name of who was before
    services = reached.get("service", set())
    services |= reach(Attribute.link_id, Attribute.id, described)
    services |= reach(Service.id, Service.organization_id, firms)
    services |= reach(Service.id, Service.program_id, reached.get("program", ()))
    at = ServiceAtLocation
    services |= reach(at.service_id, at.location_id, reached.get("location", ()))
    services |= reach(at.service_id, at.id, reached.get("service_at_location", ()))
    return services


def services_of_days(session: Session, after: date, today: date, stale_days: int) -> set[str]:
    """Return the services whose documents changed by days going by: prices, old figures, ties, closures.

    Parameters
    ----------
    session : Session
    after, today : date
        The day for which the index was right, and the day for which it shall be.
    stale_days : int
        From how many days on figures of places count as old.
    """

    def between(column: Any, first: date, last: date) -> Any:
        return column.is_not(None) & (column >= first) & (column < last)

    day = timedelta(days=1)
    begun = between(CostOption.valid_from, after + day, today + day)
    over = between(CostOption.valid_to, after, today)
    found = set(session.scalars(select(CostOption.service_id).where(begun | over)))
    back = timedelta(days=stale_days)
    first, last = (datetime.combine(one - back, time(), UTC) for one in (after, today))
    old = between(ServiceCapacity.updated, first, last)
    found |= set(session.scalars(select(ServiceCapacity.service_id).where(old)))
    closing = between(Organization.closed_on, after + day, today + day)
    closed = select(Service.id).join(Organization, Service.organization_id == Organization.id)
    found |= set(session.scalars(closed.where(closing)))
    ended = session.scalars(select(Tie.id).where(between(Tie.ends, after, today)))
    return found | services_touched(session, {"tie": set(ended)})


def index_later(session: Session, ids: Iterable[str]) -> None:
    """Ask for services to be read again, in the transaction that changed them."""
    touched = set(ids)
    for some in _chunks(touched):
        later(session, KIND, ids=some)
    session.flush()
    changes.note(session, touched)


def index_all_later(session: Session) -> None:
    """Ask for everything to be read again, in the transaction that changed what all services share."""
    later(session, KIND, all=True)
    session.flush()
    changes.note_all(session)


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
