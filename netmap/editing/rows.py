"""Rows as the file of the database holds them, and which of them a transaction changed.

The database itself notes the rows, with triggers that live in one connection and one transaction only. So
nothing is missed, however a row is written, and nothing is read that is not changed.
"""

import json
from collections.abc import Collection, Iterator
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, TableClause, column, select, table

from netmap.db import Base
from netmap.directory.hsds_store import chunks

Row = dict[str, Any]
"""A row as the file of the database holds it: text, numbers and None; what is written back is the same."""

# Rooms whose tables say nothing of the network of help: people and sessions, work, imports, figures, what was
# decided for clients, calls and who makes them, what providers send. Nor are searches that people keep, notes
# for readers, and the history itself.
NOT_NOTED = (
    "netmap.auth.", "netmap.jobs.", "netmap.importing.", "netmap.judging.", "netmap.packages.",
    "netmap.matching.", "netmap.network.", "netmap.editing.", "netmap.feeds.", "netmap.freshness.",
    "netmap.selfservice.", "netmap.directory.changes",
)  # fmt: skip
NOT_NOTED_TABLES = frozenset({"saved_search"})
# These name a record that may be merged with another one, and have to come back when that is undone; what was
# decided about a gap has a history like an agreement.
NOTED_TOO = frozenset({"package_approval", "mistake_report", "provider_link", "correction", "gap_decision"})


@cache
def noted_by_hand() -> dict[str, Table]:
    """Return the tables whose rows the history of edits keeps, by name, parents before children."""
    names = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if not f"{mapper.class_.__module__}.".startswith(NOT_NOTED)
    }
    return {
        one.name: one
        for one in Base.metadata.sorted_tables
        if one.name in (names - NOT_NOTED_TABLES) | NOTED_TOO
    }


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
    names = (one.name for one in Base.metadata.tables[name].columns)
    return table(f"touched_{name}", column("netmap_new"), *(column(one) for one in names))


def row_hash(row: Row) -> str:
    """Return a hash of all values of a row."""
    return sha256(json.dumps(row, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def watch(connection: Connection, names: Collection[str]) -> None:
    """Note from now on each row of these tables before its first change, until `stop` or a rollback."""
    for name in names:
        for statement in _statements(connection, name):
            connection.exec_driver_sql(statement)


def _statements(connection: Connection, name: str) -> Iterator[str]:
    quote = connection.dialect.identifier_preparer.quote
    own, key = quote(name), quote(key_of(name))
    columns = [quote(one.name) for one in Base.metadata.tables[name].columns]
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


def stop(connection: Connection, names: Collection[str]) -> None:
    """Stop watching."""
    for name in names:
        for happens in ("INSERT", "UPDATE", "DELETE"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS temp.watch_{name}_{happens}")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS temp.touched_{name}")


def differences(connection: Connection, name: str) -> Iterator[tuple[str, Row | None, Row | None]]:
    """Give (id, row before, row now) for the rows of a table that really differ; None: it is not there."""
    key, touched = key_of(name), _touched(name)
    noted = [dict(row) for row in connection.execute(select(touched)).mappings()]
    for some in chunks(noted):
        now = rows_now(connection, name, [str(row[key]) for row in some])
        for row in some:
            before = None if row.pop("netmap_new") else row
            after = now.get(str(row[key]))
            if before != after:
                yield str(row[key]), before, after


def rows_now(connection: Connection, name: str, ids: list[str]) -> dict[str, Row]:
    """Return the rows with these ids as they are now."""
    clause, key = plain(name), key_of(name)
    found: dict[str, Row] = {}
    for some in chunks(ids):
        for row in connection.execute(select(clause).where(clause.c[key].in_(some))).mappings():
            found[str(row[key])] = dict(row)
    return found
