"""The journal of an import: every row of the directory as it was before the import first touched it.

The database itself notes the rows, with triggers that live in this connection and this transaction only. So
nothing is missed, however a row is written, and nothing is read that is not changed.
"""

import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, TableClause, column, event, insert, select, table
from sqlalchemy.orm import Session, SessionTransaction

from netmap.db import Base
from netmap.directory.hsds_store import chunks
from netmap.importing.models import ImportChange
from netmap.network.models import Demand

Row = dict[str, Any]
"""A row as the file of the database holds it: text, numbers and None; what is written back is the same."""

ROOM = "netmap.directory"
# What people keep beside the records, and the notes for readers: no import writes or takes back these.
OWN = frozenset({"netmap.directory.kept", "netmap.directory.changes"})


@cache
def watched() -> dict[str, Table]:
    """Return the tables that an import may write, by name, parents before children."""
    owned = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if mapper.class_ is Demand
        or (mapper.class_.__module__.startswith(f"{ROOM}.") and mapper.class_.__module__ not in OWN)
    }
    return {one.name: one for one in Base.metadata.sorted_tables if one.name in owned}


def key_of(name: str) -> str:
    """Return the name of the column that identifies a row of a table."""
    (key,) = Base.metadata.tables[name].primary_key.columns
    return key.name


@cache
def plain(name: str) -> TableClause:
    """Return a table whose values pass as they lie in the file, with no types in between."""
    return table(name, *(column(one.name) for one in Base.metadata.tables[name].columns))


@cache
def _touched(name: str) -> TableClause:
    names = (one.name for one in watched()[name].columns)
    return table(f"touched_{name}", column("netmap_new"), *(column(one) for one in names))


def row_hash(row: Row) -> str:
    """Return a hash of all values of a row."""
    return sha256(json.dumps(row, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


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
    for name in watched():
        for statement in _statements(connection, name):
            connection.exec_driver_sql(statement)


def _statements(connection: Connection, name: str) -> Iterator[str]:
    quote = connection.dialect.identifier_preparer.quote
    own, key = quote(name), quote(key_of(name))
    columns = [quote(one.name) for one in watched()[name].columns]
    old = ", ".join(f"OLD.{one}" for one in columns)
    new = ", ".join(f"NEW.{one}" if one == key else "NULL" for one in columns)
    # The names come from the models, no word of them from a person.
    yield f"CREATE TEMP TABLE touched_{name} AS SELECT 0 AS netmap_new, * FROM {own} WHERE 0"  # noqa: S608
    yield f"CREATE UNIQUE INDEX temp.ix_touched_{name} ON touched_{name} ({key})"
    for happens, side, flag, values in (
        ("INSERT", "NEW", 1, new),
        ("UPDATE", "OLD", 0, old),
        ("DELETE", "OLD", 0, old),
    ):
        noted = f"SELECT 1 FROM touched_{name} WHERE {key} = {side}.{key}"  # noqa: S608
        note = f"INSERT INTO touched_{name} VALUES ({flag}, {values})"  # noqa: S608
        yield (
            f"CREATE TEMP TRIGGER watch_{name}_{happens} BEFORE {happens} ON main.{own} "
            f"WHEN NOT EXISTS ({noted}) BEGIN {note}; END"
        )


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
    for name in watched():
        for happens in ("INSERT", "UPDATE", "DELETE"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS temp.watch_{name}_{happens}")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS temp.touched_{name}")


def differences(connection: Connection, name: str) -> Iterator[tuple[str, Row | None, Row | None]]:
    """Give (id, row before, row now) for the rows of a table that really differ; None: it is not there."""
    key, touched = key_of(name), _touched(name)
    noted = [dict(row) for row in connection.execute(select(touched)).mappings()]
    for some in chunks(noted):
        now = rows_now(connection, name, [row[key] for row in some])
        for row in some:
            before = None if row.pop("netmap_new") else row
            after = now.get(row[key])
            if before != after:
                yield str(row[key]), before, after


def rows_now(connection: Connection, name: str, ids: list[str]) -> dict[str, Row]:
    """Return the rows with these ids as they are now."""
    clause, key = plain(name), key_of(name)
    found: dict[str, Row] = {}
    for some in chunks(ids):
        for row in connection.execute(select(clause).where(clause.c[key].in_(some))).mappings():
            found[row[key]] = dict(row)
    return found
