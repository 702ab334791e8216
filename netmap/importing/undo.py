"""Taking a whole import back: exactly what it changed, and nothing that somebody wrote since."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.editing.restoring import (
    CHANGED,
    TWICE,
    Key,
    Plan,
    entered_again,
    is_suggestion,
    keep_what_is_used,
)
from netmap.editing.rows import row_hash, rows_now
from netmap.importing.models import ImportChange, ImportRun


def plan(session: Session, run: ImportRun) -> Plan:
    """Return what taking this import back would restore, and what it would have to leave."""
    connection, found = session.connection(), Plan()
    after: dict[Key, str | None] = {}
    journal = select(ImportChange).where(ImportChange.run_id == run.id).order_by(ImportChange.id)
    by_table: dict[str, list[str]] = defaultdict(list)
    for change in session.scalars(journal):
        key = (change.table_name, change.row_id)
        found.restore[key], after[key] = change.before, change.after_hash
        by_table[change.table_name].append(change.row_id)
    for name, ids in by_table.items():
        found.current |= {(name, id_): row for id_, row in rows_now(connection, name, ids).items()}
    later = _changed_later(session, run)
    for key in list(found.restore):
        row = found.current.get(key)
        if (row_hash(row) if row else None) != after[key] and not (row and is_suggestion(key[0], row)):
            found.keep(key, CHANGED, later.get(key))
    for key in list(entered_again(connection, found)):
        found.keep(key, TWICE)
    keep_what_is_used(connection, found)
    return found


def _changed_later(session: Session, run: ImportRun) -> dict[Key, int]:
    """Return the rows that imports after this one wrote, with the number of the import."""
    query = (
        select(ImportChange.table_name, ImportChange.row_id, ImportChange.run_id)
        .join(ImportRun, ImportRun.id == ImportChange.run_id)
        .where(ImportRun.in_force, ImportRun.applied_at > run.applied_at)
    )
    return {(table, row_id): number for table, row_id, number in session.execute(query)}
