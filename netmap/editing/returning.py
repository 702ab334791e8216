"""One row that was deleted comes back with what hung on it; what else was written with its deletion stays."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from netmap.editing.models import Edit, EditChange
from netmap.editing.restoring import Key, all_references, in_the_way, plan_of, restore


def bring_back(session: Session, edit_id: int, key: Key) -> None:
    """Put back one row that an edit deleted, and what it deleted of it; the rest of the edit stays.

    To be called inside `netmap.editing.writing.edit`.

    Raises
    ------
    Conflict
        If the row cannot come back, because another one says the same by now.
    """
    found = plan_of(session, _whole_rows(session.get_one(Edit, edit_id).changes, key))
    if found.kept:
        raise in_the_way(found)
    restore(session, found)


def _whole_rows(changes: Iterable[EditChange], key: Key) -> list[EditChange]:
    """Return the changes by which a row was deleted and with it what hung on it."""
    deleted = [one for one in changes if one.after is None]
    wanted = {key}
    while True:
        more = {
            (one.table_name, one.row_id) for one in deleted if wanted.intersection(_owners_of(one))
        } - wanted
        if not more:
            return [one for one in deleted if (one.table_name, one.row_id) in wanted]
        wanted |= more


def _owners_of(change: EditChange) -> set[Key]:
    """Return the rows to which a deleted row referred."""
    row = change.before or {}
    found = {
        (parent, str(row[column])) for child, column, parent in all_references() if child == change.table_name
    }
    return found | ({(row["link_entity"], row["link_id"])} if change.table_name == "attribute" else set())
