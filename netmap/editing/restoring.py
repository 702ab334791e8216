"""Putting rows back as they were, and nothing that somebody wrote since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, UniqueConstraint, delete, insert, select, text, update
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.hsds_store import chunks
from netmap.directory.hsds_tables import SPECS
from netmap.directory.typing_rows import TERM
from netmap.editing.models import Edit, EditChange
from netmap.editing.rows import Row, key_of, plain, rows_now
from netmap.editing.writing import SILENT, edit
from netmap.errors import Conflict, NotFound
from netmap.i18n import gettext as _

Key = tuple[str, str]
"""Table and id of a row."""

# A service keeps its places, but a place that stays does not keep the services given there.
_OF_THE_SERVICE = ("service_at_location", "location_id")
CHANGED, USED, TWICE = "changed", "used", "twice"
SHOWN = 5  # records that a refusal names


@dataclass(frozen=True)
class Kept:
    """A row that cannot be taken back: somebody changed it, uses it, or entered the same again."""

    table: str
    row_id: str
    name: str
    why: str  # "changed", "used" or "twice"
    run: int | None = None  # the later import that changed it; None where a person did


@dataclass
class Plan:
    """What taking something back would do."""

    restore: dict[Key, Row | None] = field(default_factory=dict)  # None: the row goes
    current: dict[Key, Row] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    suggestions: set[Key] = field(
        default_factory=set
    )  # made by the machine since; they go with their service
    staying: set[Key] = field(default_factory=set)  # rows that were added and that stay

    def keep(self, key: Key, why: str, run: int | None = None) -> None:
        """Leave a row as it is and say why."""
        before = self.restore.pop(key)
        if before is None:
            self.staying.add(key)
        shown = self.current.get(key) or before or {}
        name = str(shown.get("name") or shown.get("number") or shown.get("code") or key[1])
        self.kept.append(Kept(*key, name[:200], why, run))


def is_suggestion(table: str, row: Row) -> bool:
    """Return whether the machine made the row by itself, so that it is no loss."""
    if table == "service_type_link":
        return row["state"] == "suggested" and row["decided_at"] is None
    return table == "eligibility_rule" and str(row["evidence"]).startswith(TERM)


def entered_again(connection: Connection, found: Plan) -> Iterator[Key]:
    """Give the removed rows that cannot come back, because a row since then says the same."""
    for (name, row_id), before in found.restore.items():
        if before is None or (name, row_id) in found.current:
            continue
        for rule in Base.metadata.tables[name].constraints:
            if isinstance(rule, UniqueConstraint):
                clause, columns = plain(name), [column.name for column in rule.columns]
                same = select(clause).where(*(clause.c[column] == before[column] for column in columns))
                for row in connection.execute(same).mappings():
                    key = (name, str(row[key_of(name)]))
                    if is_suggestion(name, dict(row)):
                        found.suggestions.add(key)
                    elif found.restore.get(key, row) is not None:
                        yield name, row_id


def keep_what_is_used(connection: Connection, found: Plan) -> None:
    """Leave rows that a row refers to which stays, what they need in turn, and what belongs to them."""
    while True:
        going: dict[str, set[str]] = defaultdict(set)
        for (name, row_id), before in found.restore.items():
            if before is None:
                going[name].add(row_id)
        needed = {*_needed(connection, found, going), *_needed_by_what_returns(found, going)}
        needed |= set(_details(found))
        if not needed:
            return
        for key in sorted(needed):
            found.keep(key, USED)


def _needed(connection: Connection, found: Plan, going: dict[str, set[str]]) -> Iterator[Key]:
    """Give the rows among those that go to which a row refers that stays."""
    for child, column, parent in all_references():
        clause, key = plain(child), key_of(child)
        for some in chunks(sorted(going[parent])):
            for row in connection.execute(select(clause).where(clause.c[column].in_(some))).mappings():
                own = (child, str(row[key]))
                if own in found.suggestions or (own in found.restore and found.restore[own] is None):
                    continue
                if own not in found.restore and own not in found.staying and is_suggestion(child, dict(row)):
                    found.suggestions.add(own)
                elif (found.restore.get(own) or row)[column] in going[parent]:
                    yield parent, row[column]


def _needed_by_what_returns(found: Plan, going: dict[str, set[str]]) -> Iterator[Key]:
    """Give the rows among those that go to which a row refers that comes back."""
    references = all_references()
    for (name, _row_id), before in found.restore.items():
        for child, column, parent in references if before is not None else ():
            if child == name and before is not None and before[column] in going[parent]:
                yield parent, before[column]


def _details(found: Plan) -> Iterator[Key]:
    """Give what belongs to an added row that stays: a service keeps its hours and its telephones."""
    references = all_references()
    for (name, row_id), before in found.restore.items():
        if before is not None or (name in SPECS and SPECS[name].core):
            continue
        row = found.current.get((name, row_id), {})
        owners: list[tuple[Any, Any]] = [
            (parent, row.get(column))
            for child, column, parent in references
            if child == name and parent != "source" and (child, column) != _OF_THE_SERVICE
        ]
        if name == "attribute":
            owners.append((row.get("link_entity"), row.get("link_id")))
        if any(owner in found.staying for owner in owners):
            yield name, row_id


@cache
def all_references() -> tuple[tuple[str, str, str], ...]:
    """Return (table, column, table it refers to) for every reference of a row to another one."""
    return tuple(
        (table.name, key.parent.name, key.column.table.name)
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
    )


def restore(session: Session, found: Plan) -> None:
    """Write the rows back as they were; references are checked when the transaction ends."""
    session.flush()
    connection = session.connection()
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    gone: dict[str, list[str]] = defaultdict(list)
    back: dict[str, list[Row]] = defaultdict(list)
    for name, row_id in found.suggestions:
        gone[name].append(row_id)
    for (name, row_id), before in found.restore.items():
        (gone[name].append(row_id) if before is None else back[name].append(before))
    for name, ids in gone.items():
        _delete(connection, name, ids)
    for name, rows in back.items():
        there = {row[key_of(name)] for row in rows if (name, str(row[key_of(name)])) in found.current}
        _write(connection, name, rows, there)
    session.expire_all()


def _delete(connection: Connection, name: str, ids: Iterable[str]) -> None:
    clause = plain(name)
    for some in chunks(sorted(ids)):
        connection.execute(delete(clause).where(clause.c[key_of(name)].in_(some)))


def _write(connection: Connection, name: str, rows: list[Row], there: set[Any]) -> None:
    clause, key = plain(name), key_of(name)
    new = [row for row in rows if row[key] not in there]
    if new:
        connection.execute(insert(clause), new)
    for row in rows:
        if row[key] in there:
            connection.execute(update(clause).where(clause.c[key] == row[key]).values(row))


def take_back(session: Session, edit_id: int, *, by: str) -> Edit:
    """Put back what an edit changed, field by field, and return the edit that does so.

    An undo is an edit like any other and can be taken back in turn. Nothing is done by halves.

    Raises
    ------
    NotFound
        If there is no such edit.
    Conflict
        If it was taken back already, or something it wrote was changed since or is in use.
    """
    old = session.get(Edit, edit_id)
    if old is None:
        raise NotFound(_("There is no such change in the history."))
    if old.undone_by_id is not None:
        raise Conflict(_("This was taken back already."))
    found = plan_of(session, old.changes)
    if found.kept:
        raise in_the_way(found)
    with edit(session, by=by, kind="undo", about=(old.about_table, old.about_id)) as entry:
        restore(session, found)
    if not entry.nothing:
        old.undone_by_id = entry.id
    undone = select(Edit).where(Edit.undone_by_id == old.id)  # taking back an undo brings back what it undid
    for one in session.scalars(undone):
        one.undone_by_id = None
    session.flush()
    return entry


def in_the_way(found: Plan) -> Conflict:
    """Return the refusal that names what cannot be put back."""
    names = ", ".join(sorted({f"{one.table} {one.name}" for one in found.kept})[:SHOWN])
    return Conflict(
        _("It cannot be taken back: this was changed since or is in use: %(names)s.", names=names)
    )


def plan_of(session: Session, changed: Iterable[EditChange]) -> Plan:
    """Return what taking back these changes would put back, and what it would have to leave."""
    connection, found = session.connection(), Plan()
    by_table: dict[str, list[EditChange]] = defaultdict(list)
    for change in changed:
        by_table[change.table_name].append(change)
    for name, changes in by_table.items():
        current = rows_now(connection, name, [one.row_id for one in changes])
        for one in changes:
            key, row = (name, one.row_id), current.get(one.row_id)
            if row is not None:
                found.current[key] = row
            found.restore[key] = _as_before(one, row)
            if not _as_left(one, row):
                found.keep(key, CHANGED)
    for key in list(entered_again(connection, found)):
        found.keep(key, TWICE)
    keep_what_is_used(connection, found)
    return found


def _as_before(change: EditChange, row: Row | None) -> Row | None:
    """Return the row as it will be: what the edit changed as before, the rest as it is now."""
    if change.before is None:
        return None
    if row is None or change.after is None:
        return change.before
    return {**row, **{name: value for name, value in change.before.items() if change.after[name] != value}}


def _as_left(change: EditChange, row: Row | None) -> bool:
    """Return whether what the edit wrote is still as it left it."""
    if change.after is None or row is None:
        return change.after is None and row is None
    before = change.before
    return all(
        row[name] == value
        for name, value in change.after.items()
        if name not in SILENT and (before is None or before[name] != value)
    )
