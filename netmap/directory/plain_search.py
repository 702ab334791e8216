"""The answer while the index is missing or damaged: candidates from the database, searched in memory."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.asked import Asked
from netmap.directory.documents import index_documents
from netmap.directory.models import (
    Alias,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.search.memory_backend import MemoryBackend

MOST = 1000  # candidates looked at
MOST_WORDS = 8
SHORTEST = 4  # letters of a word that its endings never take away


def candidates(session: Session, settings: Settings, asked: Asked) -> MemoryBackend:
    """Return an engine over the services that may answer a question, at most a thousand of them.

    What it is asked then is the very query that the index would be asked.
    """
    query = select(Service.id).outerjoin(Organization, Service.organization_id == Organization.id)
    columns = (Service.name, Service.alternate_name, Service.description, Organization.name)
    typed = list(dict.fromkeys(asked.words.values()))[:MOST_WORDS]
    wanted = sorted({pattern for word in typed for pattern in patterns(word)})
    reasons: list[ColumnElement[bool]] = [
        column.like(pattern, escape="\\") for pattern in wanted for column in columns
    ]
    reasons += [_once_called(wanted)] if wanted else []
    types = asked.types.keys() | set(asked.question.only.get("type", ()))
    if types:
        link = ServiceTypeLink
        linked = select(link.service_id).where(link.code.in_(sorted(types)), link.state != "rejected")
        reasons.append(Service.id.in_(linked))
    reasons += [_reached_by(digits) for digits in asked.codes("phone")]
    if reasons:
        query = query.where(or_(*reasons))
    ids = session.scalars(query.order_by(Service.id).limit(MOST)).all()
    backend = MemoryBackend()
    backend.put(index_documents(session, ids, settings))
    return backend


def _once_called(wanted: list[str]) -> ColumnElement[bool]:
    """Return the condition that a further name meets one of the patterns, or that of who was there before."""
    named = or_(*(Alias.name.like(one, escape="\\") for one in wanted)), Alias.removed_in_source.is_(None)
    before = select(Organization.successor_id).where(
        or_(*(Organization.name.like(one, escape="\\") for one in wanted))
    )
    return or_(
        Service.id.in_(select(Alias.service_id).where(*named)),
        Service.organization_id.in_(select(Alias.organization_id).where(*named)),
        Service.organization_id.in_(before),
    )


def _reached_by(digits: str) -> ColumnElement[bool]:
    """Return the condition that a telephone number with these digits is a service's own or its provider's."""
    there = Phone.number.like("%" + "%".join(digits) + "%"), Phone.removed_in_source.is_(None)
    at = select(ServiceAtLocation.service_id).join(
        Phone,
        or_(
            Phone.service_at_location_id == ServiceAtLocation.id,
            Phone.location_id == ServiceAtLocation.location_id,
        ),
    )
    return or_(
        Service.id.in_(select(Phone.service_id).where(*there)),
        Service.organization_id.in_(select(Phone.organization_id).where(*there)),
        Service.id.in_(at.where(*there)),
    )


def patterns(word: str) -> set[str]:
    """Return patterns for LIKE that meet other endings and a capital, which SQLite minds outside ASCII."""
    small = word.casefold()
    stem = small[: max(SHORTEST, len(small) - 2)]
    safe = "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in stem)
    return {f"%{safe}%", f"%{safe[:1].upper()}{safe[1:]}%"}
