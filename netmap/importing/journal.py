"""The journal of an import: every row of the directory as it was before the import first touched it."""

from functools import cache

from sqlalchemy import Connection, Table, event, insert, select
from sqlalchemy.orm import Session, SessionTransaction

from netmap.db import Base
from netmap.editing import rows
from netmap.editing.rows import differences, row_hash
from netmap.importing.models import ImportChange
from netmap.network.models import Demand, Travel

ROOM = "netmap.directory"
# What people keep beside the records, and the notes for readers: no import writes or takes back these.
OWN = frozenset({"netmap.directory.kept", "netmap.directory.changes"})


@cache
def watched() -> dict[str, Table]:
    """Return the tables that an import may write, by name, parents before children."""
    owned = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if mapper.class_ in (Demand, Travel)
        or (mapper.class_.__module__.startswith(f"{ROOM}.") and mapper.class_.__module__ not in OWN)
    }
    return {one.name: one for one in Base.metadata.sorted_tables if one.name in owned}


def watch_when_it_begins(session: Session) -> None:
    """Note what the transaction of this session does, from its first statement.

    The transaction begins when the file has been read: nobody is locked out meanwhile.
    """

    def begin(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
        if not transaction.nested:
            watch(connection)

    event.listen(session, "after_begin", begin, once=True)


def watch(connection: Connection) -> None:
    """Note from now on each row of the directory before its first change, until `take` or a rollback."""
    rows.watch(connection, watched())


def take(session: Session, run_id: int) -> None:
    """Keep what was noted as the journal of a run, and stop watching; called once before the commit.

    A run may be taken twice, for the directory and for what is learnt from it: then a row keeps its first
    "before", and its new hash only if nobody changed it in between.
    """
    session.flush()
    connection = session.connection()
    known = {
        (table_name, row_id): (id_, after)
        for table_name, row_id, id_, after in session.execute(
            select(
                ImportChange.table_name, ImportChange.row_id, ImportChange.id, ImportChange.after_hash
            ).where(ImportChange.run_id == run_id)
        )
    }
    for name in watched():
        added = []
        for row_id, before, after in differences(connection, name):
            after_hash = row_hash(after) if after is not None else None
            if (name, row_id) in known:
                id_, expected = known[name, row_id]
                if expected == (row_hash(before) if before is not None else None):
                    session.get_one(ImportChange, id_).after_hash = after_hash
                continue
            added.append(
                {
                    "run_id": run_id,
                    "table_name": name,
                    "row_id": row_id,
                    "before": before,
                    "after_hash": after_hash,
                }
            )
        if added:
            session.execute(insert(ImportChange), added)
    session.flush()
    stop(connection)


def stop(connection: Connection) -> None:
    """Stop watching."""
    rows.stop(connection, watched())
