"""The answer while the index is missing or damaged: candidates from the database, ranked in memory."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from netmap.directory.documents import index_documents
from netmap.directory.models import Organization, Service, ServiceTypeLink
from netmap.search.backend import TYPE, Page, Query
from netmap.search.memory_backend import MemoryBackend

MOST = 1000  # candidates looked at
MOST_WORDS = 8
SHORTEST = 4  # letters of a word that its endings never take away


def plain_search(session: Session, query: Query, words: Iterable[str]) -> Page:
    """Return a page for the query without the index: at most a thousand services are looked at.

    Parameters
    ----------
    session : Session
    query : Query
    words : iterable of str
        The words as typed; their terms are in the query.
    """
    candidates = select(Service.id).outerjoin(Organization, Service.organization_id == Organization.id)
    columns = (Service.name, Service.alternate_name, Service.description, Organization.name)
    patterns = sorted({pattern for word in list(words)[:MOST_WORDS] for pattern in _patterns(word)})
    reasons = [column.like(pattern, escape="\\") for pattern in patterns for column in columns]
    types = query.types.keys() | {code for one in query.only if one.field == TYPE for code in one.codes}
    if types:
        link = ServiceTypeLink
        typed = select(link.service_id).where(link.code.in_(sorted(types)), link.state != "rejected")
        reasons.append(Service.id.in_(typed))
    if reasons:
        candidates = candidates.where(or_(*reasons))
    ids = session.scalars(candidates.order_by(Service.id).limit(MOST)).all()
    backend = MemoryBackend()
    backend.put(index_documents(session, ids))
    return backend.search(query)


def _patterns(word: str) -> set[str]:
    """Return patterns for LIKE that meet other endings and a capital, which SQLite minds outside ASCII."""
    small = word.casefold()
    stem = small[: max(SHORTEST, len(small) - 2)]
    safe = "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in stem)
    return {f"%{safe}%", f"%{safe[:1].upper()}{safe[1:]}%"}
