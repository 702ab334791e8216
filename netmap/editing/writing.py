"""Writing into the directory by hand: what changes inside one block becomes one entry of the history."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import column, insert, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from netmap.db import Base, now
from netmap.directory.models import Contact, Phone, ServiceAtLocation
from netmap.directory.touched import ABOVE, OWNERS, index_later, services_touched
from netmap.editing import rows
from netmap.editing.models import KINDS, Edit, EditChange
from netmap.editing.rows import Row

ROOTS = (
    "organization",
    "service",
    "location",
)  # what people edit, with a version
# What counts the writing itself; it says nothing of the record, so it is neither kept nor put back.
SILENT = frozenset({"version", "last_modified"})
_WATCHING = "netmap.editing.watching"


@contextmanager
def edit(session: Session, *, by: str, kind: str, about: tuple[str, str], note: str = "") -> Iterator[Edit]:
    """Give the entry of the history that will hold whatever rows change inside the block.

    At the end the services touched are read again by the search and by readers in memory, and the version of
    every organization, service and location whose parts changed goes up. Where nothing changed, no entry is
    kept (`Edit.nothing`). An exception inside passes; the caller's transaction has to be rolled back then.

    Parameters
    ----------
    session : Session
    by : str
        E-mail of the person, or the one to whom a provider's link was given.
    kind : str
        One of `netmap.editing.models.KINDS`.
    about : tuple of str
        Table and id of the record that the person had in mind.
    note : str, optional
        Why, or in which way: one sentence for the history.

    Raises
    ------
    RuntimeError
        If an edit is going on in this session already.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no kind of edit '{kind}'")
    if session.info.get(_WATCHING):
        raise RuntimeError("an edit is going on already")
    entry = Edit(by=by, kind=kind, about_table=about[0], about_id=about[1], note=note)
    session.flush()
    tables = (*rows.noted_by_hand(), *(sorted(rows.NOTED_IN_MERGES) if kind == "merge" else ()))
    rows.watch(session.connection(), tables)
    session.info[_WATCHING] = True
    try:
        yield entry
        session.flush()
        _keep(session, entry, tables)
    except BaseException:
        with suppress(SQLAlchemyError):  # where the transaction is lost, what was noted is gone with it
            rows.stop(session.connection())
        raise
    finally:
        session.info.pop(_WATCHING, None)


def _keep(session: Session, entry: Edit, tables: Collection[str]) -> None:
    """Keep what changed as the rows of an entry, and tell those who have to read it again."""
    connection = session.connection()
    found = [
        (name, row_id, before, after)
        for name in rows.touched(connection, tables)
        for row_id, before, after in rows.differences(connection, name)
    ]
    rows.stop(connection)
    bumped = {(name, row_id) for name, row_id, before, after in found if _counted(before, after)}
    changes = [(name, row_id, *_spoken(before, after)) for name, row_id, before, after in found]
    changes = [change for change in changes if change[2] != change[3]]
    if not changes:
        return
    session.add(entry)
    session.flush()
    session.execute(
        insert(EditChange),
        [
            {"edit_id": entry.id, "table_name": name, "row_id": row_id, "before": before, "after": after}
            for name, row_id, before, after in changes
        ],
    )
    _count(session, _owners(session, changes) - bumped)
    index_later(session, services_touched(session, _reached(changes)))


def _counted(before: Row | None, after: Row | None) -> bool:
    """Return whether the version of a row went up already."""
    return before is not None and after is not None and before.get("version") != after.get("version")


def _spoken(before: Row | None, after: Row | None) -> tuple[Row | None, Row | None]:
    """Return both rows, without what only counts the writing where there are both."""
    if before is None or after is None:
        return before, after
    return tuple(  # type: ignore[return-value]
        {name: value for name, value in row.items() if name not in SILENT} for row in (before, after)
    )


Change = tuple[str, str, Row | None, Row | None]


def _owners(session: Session, changes: list[Change]) -> set[tuple[str, str]]:
    """Return the records whose parts changed, and those that changed themselves."""
    found: set[tuple[str, str]] = set()
    for name, row_id, before, after in changes:
        if name in ROOTS:
            found.add((name, row_id))
            continue
        for row in (before, after):
            found |= _roots_of(session, row) if row else set()
    return found


_BETWEEN: Mapping[str, type[Any]] = {
    "contact_id": Contact,
    "service_at_location_id": ServiceAtLocation,
    "phone_id": Phone,
}  # the telephone of a person who works at a place of a service is a part of that service


def _roots_of(session: Session, row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return the records of which a row is a part, also through other rows."""
    found = {(one, row[f"{one}_id"]) for one in ROOTS if row.get(f"{one}_id")}
    if row.get("link_entity") in ROOTS:
        found.add((row["link_entity"], row["link_id"]))
    for name, model in _BETWEEN.items():
        parent = session.get(model, row[name]) if row.get(name) else None
        if parent is not None:
            found |= _roots_of(session, {one.key: getattr(parent, one.key) for one in model.__table__.c})
    return found


def _count(session: Session, records: set[tuple[str, str]]) -> None:
    """Raise the version of records, so that whoever opened one earlier is asked before overwriting it."""
    by_table: dict[str, list[str]] = defaultdict(list)
    for name, row_id in records:
        by_table[name].append(row_id)
    for name, ids in by_table.items():
        table: Any = Base.metadata.tables[name]
        session.execute(
            update(table)
            .where(table.c.id.in_(ids))
            .values(version=column("version") + 1, last_modified=now())
        )
    session.expire_all()


def _reached(changes: list[Change]) -> Mapping[str, set[str]]:
    """Return what `services_touched` asks for: rows that changed, and owners that rows have left."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, row_id, before, after in changes:
        found[name].add(row_id)
        if name in ABOVE:
            found["organization"] |= {row["organization_id"] for row in (before, after) if row}
        if before is None:
            continue
        for own, owner in OWNERS.items():
            if name in ROOTS and own != "successor_id":
                continue  # the record that a root has left shows nothing of it
            if before.get(own) and (after is None or after.get(own) != before[own]):
                found[owner].add(before[own])
        if name == "attribute" and after is None:
            found[str(before["link_entity"])].add(str(before["link_id"]))
    return found
