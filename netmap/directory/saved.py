"""Saved searches: an address under a name, and what is new or changed there since the person last looked.

What a person looked at is kept as one short mark for each service found then (`marks`). Dates alone cannot
say what is new: no table knows when a service began to be an answer (its type was confirmed, its area was
corrected). That a service which was there has changed since is told by ``last_modified`` and
``assured_date``; what a source dates back is missed by this.

Only the first `SHOWN` answers are looked through, in the order of the page. `KEPT` are remembered, so that a
service that only moved up a little is not taken for a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.kept import SavedSearch
from netmap.directory.models import Service
from netmap.directory.saved_address import canonical, personal_problem
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _

MOST = 50  # searches of one person
LONGEST_NAME = 80
SHOWN, KEPT = 200, 1000
MARK = 4  # bytes of a mark: that a new service among 1,000 looks old happens once in four million


@dataclass(frozen=True, slots=True)
class Found:
    """How many services a search finds, and the ids of the first `KEPT`, the best first."""

    total: int
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class News:
    """What a search finds now, and what of it the person has not seen.

    ``partly`` says that there are more than `SHOWN` answers, and only the first were looked through.
    """

    total: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    since: datetime
    partly: bool


def marks(ids: Sequence[str]) -> bytes:
    """Return the marks of service ids, one behind the other.

    Examples
    --------
    >>> len(marks(["a", "b"])), marks(["a", "b"]) == marks(["a"]) + marks(["b"])
    (8, True)
    """
    return b"".join(blake2b(one.encode(), digest_size=MARK).digest() for one in ids[:KEPT])


def news(session: Session, search: SavedSearch, found: Found) -> News:
    """Return what is new or changed since the person looked, by one SELECT."""
    seen = {search.looked_ids[at : at + MARK] for at in range(0, len(search.looked_ids), MARK)}
    first = list(found.ids[:SHOWN])
    new = tuple(one for one in first if marks([one]) not in seen)
    since = search.looked_at
    later = or_(Service.last_modified > since, Service.assured_date > since.date())
    old = set(first) - set(new)
    touched = set(session.scalars(select(Service.id).where(Service.id.in_(old), later)))
    changed = tuple(one for one in first if one in touched)
    return News(found.total, new, changed, since, found.total > SHOWN)


def searches_of(session: Session, user_id: int) -> Sequence[SavedSearch]:
    """Return the saved searches of a person by name."""
    query = select(SavedSearch).where(SavedSearch.user_id == user_id)
    return session.scalars(query.order_by(func.lower(SavedSearch.name), SavedSearch.id)).all()


def search_of(session: Session, user_id: int, search_id: str) -> SavedSearch:
    """Return one saved search of a person; raises NotFound where this person has none with this id."""
    row = session.get(SavedSearch, search_id)
    if row is None or row.user_id != user_id:
        raise NotFound(_("There is no such saved search; it may have been deleted."))
    return row


def search_at(session: Session, user_id: int, address: str) -> SavedSearch | None:
    """Return the person's saved search with this canonical address, or None."""
    query = select(SavedSearch).where(SavedSearch.user_id == user_id, SavedSearch.address == address)
    return session.scalars(query).one_or_none()


def save(session: Session, user_id: int, name: str, address: str, found: Found) -> SavedSearch:
    """Keep a search under a name, as looked at now, and return it.

    Who sends the same form twice gets the same row.

    Raises
    ------
    Invalid
        For a name or words that cannot be kept, one that is kept already, or one too many; nothing is kept.
    """
    kept = canonical(address)
    name = _checked_name(name)
    same = search_at(session, user_id, kept)
    if same is not None and same.name == name:
        return same
    if same is not None:
        raise _wrong(_("You have saved this search already, as “%(name)s”.", name=same.name))
    _require_free(session, user_id, name)
    if len(searches_of(session, user_id)) >= MOST:
        raise _wrong(
            _(
                "You have %(most)s saved searches, more are not kept. Delete one that you need no more.",
                most=MOST,
            )
        )
    row = SavedSearch(user_id=user_id, name=name, address=kept)
    _look(row, found)
    session.add(row)
    session.flush()
    return row


def look(session: Session, search: SavedSearch, found: Found) -> None:
    """Note that the person has seen what a search finds now."""
    _look(search, found)
    session.flush()


def _look(search: SavedSearch, found: Found) -> None:
    search.looked_at, search.looked_ids = now(), marks(found.ids)


def rename(session: Session, search: SavedSearch, name: str) -> None:
    """Give a saved search another name.

    Raises
    ------
    Invalid
        If the name cannot be kept, or another search of this person has it.
    """
    name = _checked_name(name)
    if name != search.name:
        _require_free(session, search.user_id, name)
    search.name = name
    session.flush()


def delete(session: Session, search: SavedSearch) -> None:
    """Forget a saved search."""
    session.delete(search)
    session.flush()


def _checked_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or not name.isprintable():
        raise _wrong(_("Give the search a name, such as “Shelters in the north”."))
    if len(name) > LONGEST_NAME:
        raise _wrong(_("The name is longer than %(most)s characters: shorten it.", most=LONGEST_NAME))
    if problem := personal_problem(name):
        raise _wrong(problem)
    return name


def _require_free(session: Session, user_id: int, name: str) -> None:
    query = select(SavedSearch.id).where(SavedSearch.user_id == user_id, SavedSearch.name == name)
    if session.scalar(query):
        raise _wrong(_("Another of your searches is called “%(name)s”: choose another name.", name=name))


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, {"name": sentence})
