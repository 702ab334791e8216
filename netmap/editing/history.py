"""The history of the directory: what people wrote, field by field."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from netmap.editing.models import Edit, EditChange

LIMIT = 50
# What says which row it is, not what is true of it.
UNSAID = frozenset({"id", "source_id", "source_key", "version", "last_modified"})
DELETED = ""  # in place of the name of a field: the whole row was deleted by hand


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row, before and after, as the file of the database holds it; None: not known.

    ``row`` is the whole row, after the edit where it is still there.
    """

    table: str
    row_id: str
    field: str
    before: Any
    after: Any
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did, with the fields that it changed."""

    edit: Edit
    changes: tuple[Change, ...]


def of_record(
    session: Session, table: str, row_id: str, *, limit: int = LIMIT, before: int | None = None
) -> list[Entry]:
    """Return what people did to a record and its parts, the newest first.

    Parameters
    ----------
    session : Session
    table, row_id : str
        Of an organization, a service, a location, or any row.
    limit : int, optional
        How many entries.
    before : int, optional
        Number of an entry: only older ones, for the next page.
    """
    touched = select(EditChange.edit_id).where(EditChange.table_name == table, EditChange.row_id == row_id)
    about = and_(Edit.about_table == table, Edit.about_id == row_id)
    query = select(Edit).where(or_(about, Edit.id.in_(touched)))
    return _entries(session, query, limit, before)


def by_person(session: Session, by: str, *, limit: int = LIMIT, before: int | None = None) -> list[Entry]:
    """Return what one person did, the newest first."""
    return _entries(session, select(Edit).where(Edit.by == by), limit, before)


def since(session: Session, moment: datetime, *, limit: int = LIMIT) -> list[Entry]:
    """Return what everybody did since a moment, the newest first."""
    return _entries(session, select(Edit).where(Edit.at >= moment), limit, None)


def _entries(session: Session, query: Select[Any], limit: int, before: int | None) -> list[Entry]:
    if before is not None:
        query = query.where(Edit.id < before)
    query = query.options(selectinload(Edit.changes)).order_by(Edit.id.desc()).limit(limit)
    found: Sequence[Edit] = session.scalars(query).all()
    return [Entry(one, changes_of(one.changes)) for one in found]


def changes_of(rows: Sequence[EditChange]) -> tuple[Change, ...]:
    """Return the fields that rows of the history say were changed, in the order of the rows."""
    found = []
    for row in rows:
        old, new = row.before or {}, row.after or {}
        for name in {**old, **new}:
            if name not in UNSAID and old.get(name) != new.get(name):
                found.append(
                    Change(row.table_name, row.row_id, name, old.get(name), new.get(name), new or old)
                )
    return tuple(found)


def hand_edited(session: Session, source_id: str) -> Mapping[tuple[str, str], Mapping[str, Edit]]:
    """Return what people changed in rows of a source: (table, id) -> field -> the last edit of that field.

    What was taken back does not count. Where a row was deleted by hand, its only field is `DELETED`.
    """
    row = EditChange
    of_source = or_(
        row.before["source_id"].as_string() == source_id, row.after["source_id"].as_string() == source_id
    )
    query = select(row, Edit).join(Edit, Edit.id == row.edit_id).order_by(row.id)
    query = query.where(of_source, row.before.is_not(None), Edit.undone_by_id.is_(None), Edit.kind != "undo")
    found: dict[tuple[str, str], dict[str, Edit]] = defaultdict(dict)
    for change, edit in session.execute(query):
        key = (change.table_name, change.row_id)
        if change.after is None:
            found[key] = {DELETED: edit}
            continue
        found[key].pop(DELETED, None)
        found[key] |= {one.field: edit for one in changes_of([change])}
    return found
