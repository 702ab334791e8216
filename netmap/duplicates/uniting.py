"""One row in the place of two: whatever names the one that goes is led to the one that stays.

The references are read from the tables themselves, so a table that is added later is not forgotten.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Index, UniqueConstraint, delete, insert, select, update
from sqlalchemy.orm import Session

from netmap.db import Base, now
from netmap.directory.hsds_tables import LINKED
from netmap.directory.kept import MergedInto
from netmap.duplicates.doubles import are_doubles, filled
from netmap.editing.rows import Row, key_of, plain

_MERGED = "merged_into"
_DESK = "desk"  # whom a call went to: an organization, or a service that has none
# Columns that name a record by its id with no foreign key: of what waits for somebody who decides about that
# record, and of what was said about it by telephone.
_NAMED_BY_ID: tuple[tuple[str, str, str], ...] = (
    ("correction", "table_name", "row_id"),
    ("mistake_report", "", "service_id"),
    ("confirmation", "", "service_id"),
    ("confirmation", "", "organization_id"),
    ("call", "", "organization_id"),
    ("call", "", _DESK),
    ("called_record", "", "service_id"),
)


def unite(session: Session, table: str, kept: str, gone: str, *, by: str) -> None:
    """Lead all that names a row to another one, make one of doubles among it, and delete the row.

    To be called inside `netmap.editing.writing.edit`, which keeps every row as it was.

    Parameters
    ----------
    session : Session
    table : str
    kept, gone : str
        Ids of the row that stays and of the one that goes.
    by : str
        E-mail of the person who decided it.
    """
    for child, column in references(table):
        _lead(session, child, column, {column: kept}, {column: gone}, by)
    for child, (of_table, of_id) in LINKED.items():
        _lead(session, child, of_id, {of_table: table, of_id: kept}, {of_table: table, of_id: gone}, by)
    for child, of_table, of_id in _NAMED_BY_ID:
        clause = plain(child)
        if of_table or of_id in (f"{table}_id", _DESK):
            query = update(clause).where(clause.c[of_id] == gone).values({of_id: kept})
            session.execute(query.where(clause.c[of_table] == table) if of_table else query)
    _remember(session, table, kept, gone, by)
    session.execute(delete(plain(table)).where(plain(table).c[key_of(table)] == gone))


@cache
def references(table: str) -> tuple[tuple[str, str], ...]:
    """Return (table, column) of every foreign key that leads to a table, parents before children."""
    return tuple(
        (one.name, key.parent.name)
        for one in Base.metadata.sorted_tables
        for key in sorted(one.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == table
    )


@cache
def _own_references(table: str) -> frozenset[str]:
    """Return the columns of a table that name other rows of the directory."""
    named = {key.parent.name for key in Base.metadata.tables[table].foreign_keys}
    return frozenset(named | set(LINKED.get(table, ())))


@cache
def _unique(table: str) -> tuple[tuple[frozenset[str], bool], ...]:
    """Return the sets of columns that only one row of a table may have, and whether only those in force."""
    found = Base.metadata.tables[table]
    rules = [
        (frozenset(one.columns.keys()), False)
        for one in found.constraints
        if isinstance(one, UniqueConstraint)
    ]
    rules += [(frozenset([one.name]), False) for one in found.columns if one.unique]
    for one in found.indexes:
        if isinstance(one, Index) and one.unique:
            in_force = one.dialect_options["sqlite"]["where"] is not None
            rules.append((frozenset(one.columns.keys()), in_force))
    return tuple(rules)


def _lead(
    session: Session, child: str, column: str, kept: Mapping[str, Any], gone: Mapping[str, Any], by: str
) -> None:
    """Lead the rows of one table that name the row that goes; rows that would name themselves go."""
    if child == _MERGED:
        return
    mine = list(_rows(session, child, kept))
    for row in list(_rows(session, child, gone)):
        moved = {**row, **kept}
        if _names_itself(child, column, moved):
            _without(session, child, column, row)
            continue
        double = next((one for one in mine if _is_one(child, one, moved)), None)
        if double is None:
            _write(session, child, row, kept)
            mine.append(moved)
        else:
            take = filled(child, double, moved)
            unite(session, child, str(double[key_of(child)]), str(row[key_of(child)]), by=by)
            if take:
                _write(session, child, double, take)
                double.update(take)


def _rows(session: Session, table: str, wanted: Mapping[str, Any]) -> Iterator[Row]:
    clause = plain(table)
    query = select(clause).where(*(clause.c[name] == value for name, value in wanted.items()))
    for row in session.execute(query.order_by(clause.c[key_of(table)])).mappings():
        yield dict(row)


def _is_one(table: str, one: Row, other: Row) -> bool:
    for columns, in_force in _unique(table):
        if in_force and (one.get("ended_at") or other.get("ended_at")):
            continue
        if all(one[name] == other[name] and one[name] is not None for name in columns):
            return True
    return are_doubles(table, one, other, _own_references(table))


def _names_itself(table: str, column: str, row: Row) -> bool:
    """Return whether a row would tie the record to itself: a unit of itself, a tie with itself."""
    if row.get(key_of(table)) == row[column]:
        return True
    return table == "tie" and row["organization_id"] == row["other_organization_id"]


def _without(session: Session, table: str, column: str, row: Row) -> None:
    if table == "tie":
        session.execute(delete(plain(table)).where(plain(table).c.id == row["id"]))
    else:
        _write(session, table, row, {column: None})


def _write(session: Session, table: str, row: Row, values: Mapping[str, Any]) -> None:
    clause, key = plain(table), key_of(table)
    session.execute(update(clause).where(clause.c[key] == row[key]).values(dict(values)))


def _remember(session: Session, table: str, kept: str, gone: str, by: str) -> None:
    """Remember where a row went that a source may name again, and lead further what led to it."""
    session.execute(update(MergedInto).where(MergedInto.survivor_id == gone).values(survivor_id=kept))
    row = next(_rows(session, table, {key_of(table): gone}))
    if "source_key" in row:
        values = {"id": gone, "table_name": table, "survivor_id": kept, "merged_at": now(), "merged_by": by}
        values |= {"source_id": row["source_id"], "source_key": row["source_key"]}
        session.execute(insert(MergedInto), [values])
