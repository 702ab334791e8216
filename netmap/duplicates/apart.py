"""Pairs that a person said are two things: remembered, and forgotten when one of the two changes."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.hsds_store import chunks
from netmap.directory.models import Address, Location, Phone, ServiceAtLocation
from netmap.duplicates.models import NotSame
from netmap.duplicates.sides import side_by_side
from netmap.editing.rows import rows_now

# What tells a record from another one; a description that is written anew makes no other record.
_SAID = ("name", "alternate_name", "email", "website", "url", "organization_id", "parent_organization_id")


def two_things(session: Session, table: str, first: str, second: str, *, by: str) -> NotSame:
    """Remember that two records are two things; they come back as a pair only when one of them changes.

    Raises
    ------
    NotFound, Conflict
        As `netmap.duplicates.sides.side_by_side`.
    """
    first, second = sorted((first, second))
    side_by_side(session, table, first, second)
    said = prints(session, table, (first, second))
    known = select(NotSame).where(NotSame.first_id == first, NotSame.second_id == second)
    row = session.scalars(known).one_or_none()
    if row is None:
        row = NotSame(table_name=table, first_id=first, second_id=second)
        session.add(row)
    row.first_print, row.second_print, row.decided_by, row.decided_at = said[first], said[second], by, now()
    session.flush()
    return row


def known_apart(session: Session, table: str) -> frozenset[tuple[str, str]]:
    """Return the pairs of a table that are two things, as long as both say what they said then."""
    rows = session.scalars(select(NotSame).where(NotSame.table_name == table)).all()
    said = prints(session, table, {id_ for row in rows for id_ in (row.first_id, row.second_id)})
    return frozenset(
        (row.first_id, row.second_id)
        for row in rows
        if (said.get(row.first_id), said.get(row.second_id)) == (row.first_print, row.second_print)
    )


def forget(session: Session, gone: str) -> None:
    """Forget what was said about a record that is no more."""
    session.execute(delete(NotSame).where(or_(NotSame.first_id == gone, NotSame.second_id == gone)))


def prints(session: Session, table: str, ids: Collection[str]) -> Mapping[str, str]:
    """Return a hash of what tells each of these records from others; ids that are not there are missing."""
    found: dict[str, list[Any]] = {}
    wanted = sorted(ids)
    for id_, row in rows_now(session.connection(), table, wanted).items():
        found[id_] = [[row.get(name) for name in _SAID]]
    parts: defaultdict[str, list[list[Any]]] = defaultdict(list)
    for some in chunks(wanted):
        owner = getattr(Phone, f"{table}_id")
        for id_, number in session.execute(select(owner, Phone.number).where(owner.in_(some))):
            parts[id_].append(["phone", number])
        for id_, *words in session.execute(_addresses(table, some)):
            parts[id_].append(["address", *words])
    return {
        id_: sha256(json.dumps([said, sorted(parts[id_], key=str)]).encode()).hexdigest()
        for id_, said in found.items()
    }


def _addresses(table: str, ids: Collection[str]) -> Any:
    words = (Address.address_1, Address.city)
    if table == "location":
        return select(Address.location_id, *words).where(Address.location_id.in_(ids))
    if table == "organization":
        query = select(Location.organization_id, *words).join(Location, Address.location_id == Location.id)
        return query.where(Location.organization_id.in_(ids))
    at = ServiceAtLocation
    query = select(at.service_id, *words).join(at, Address.location_id == at.location_id)
    return query.where(at.service_id.in_(ids))
