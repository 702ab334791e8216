"""What people wrote over the records of a source: an import keeps it, and lists what the source says since.

Three values are compared, as for two people who change one record: what the source said before (the base),
what people wrote here, what the source says now. Only where both have changed a field is there anything to
decide; a rule decides, or a person.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Column, Dialect, or_, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from netmap.directory.conflicting import ANY, WHOLE, SourceConflict, SourceRule
from netmap.directory.hsds_store import chunks
from netmap.directory.hsds_tables import SPECS
from netmap.editing.models import Edit, EditChange
from netmap.editing.rows import Row

# The day of a check is the later one of both (`hsds_store`); the rest only counts the writing.
NOT_WORDS = frozenset({"assured_date", "assurer_email", "last_modified", "version", "source_status"})
Written = list[tuple[Row, Row | None, str]]
"""Of one row: what each edit found, what it left, and its kind, in their order."""


class HandWritten:
    """What people wrote over the records of one source, and what becomes of it in one import."""

    def __init__(self) -> None:
        self.kept = 0  # fields that stay as people wrote them, because the source says what it said before
        self.found: list[dict[str, Any]] = []

    def begin(self, session: Session, source: str) -> None:
        """Look at what people wrote; called once, when the transaction has begun."""
        self._session, self._source = session, source
        self._dialect: Dialect = session.get_bind().dialect or sqlite.dialect()
        self._written = _written(session, source)
        rules = select(SourceRule).where(SourceRule.source_id == source)
        self._rules = {(one.table_name, one.field): one.rule for one in session.scalars(rules)}
        known = select(SourceConflict).where(SourceConflict.source_id == source)
        self._known = {(one.table_name, one.row_id, one.field): one for one in session.scalars(known)}

    def deleted(self, table: str) -> Collection[str]:
        """Return the ids of rows that people deleted and that shall stay deleted."""
        gone = {id_ for (name, id_), edits in self._written.items() if name == table and edits[-1][1] is None}
        gone -= {id_ for id_ in gone if self._is_theirs(table, id_)}
        columns = SPECS[table].table.c
        for some in chunks(sorted(gone)):
            gone -= set(self._session.scalars(select(columns.id).where(columns.id.in_(some))))
        return gone

    def _is_theirs(self, table: str, row_id: str) -> bool:
        known = self._known.get((table, row_id, WHOLE))
        return known.state == "theirs" if known else self._rule(table, WHOLE) == "theirs"

    def still_there(self, table: str, row_id: str, name: str) -> None:
        """Take note that a row which people deleted is still in the source."""
        if (table, row_id, WHOLE) in self._known:
            self.kept += 1
            return
        self._note(table, row_id, WHOLE, (None, None, name), name)

    def settle(self, table: str, before: Mapping[str, Any], values: dict[str, Any]) -> Collection[str]:
        """Put into ``values`` what shall stand there of a stored row; return the fields that people wrote."""
        edits = self._written.get((table, before["id"]))
        if not edits:
            return ()
        columns, by_hand = SPECS[table].table.c, set()
        for field in [name for name in values if name not in NOT_WORDS]:
            ours, theirs = (self._raw(columns[field], one[field]) for one in (before, values))
            base = _base(edits, field, ours)
            if base is None:
                continue
            by_hand.add(field)
            if not self._takes_theirs(table, before, field, (base[0], ours, theirs)):
                values[field] = before[field]
        return by_hand

    def _takes_theirs(
        self, table: str, before: Mapping[str, Any], field: str, said: tuple[Any, Any, Any]
    ) -> bool:
        """Return whether the word of the source shall stand; note what there is to decide."""
        base, ours, theirs = said
        known = self._known.get((table, before["id"], field))
        if ours == theirs:  # they agree by now
            if known is not None:
                self._session.delete(known)
            return True
        last = known.theirs if known is not None and known.state != "theirs" else base
        if theirs == last:  # nothing new from there
            self.kept += 1
            return False
        name = str(before.get("name") or before.get("number") or before["id"])
        return self._note(table, before["id"], field, (last, ours, theirs), name) == "theirs"

    def _note(self, table: str, row_id: str, field: str, said: tuple[Any, Any, Any], name: str) -> str:
        """Keep a conflict as its rule decides it, or open; return its state."""
        rule = self._rule(table, field)
        known = self._known.get((table, row_id, field))
        if known is None:
            known = SourceConflict(
                source_id=self._source, table_name=table, row_id=row_id, field=field, base=said[0]
            )
            self._session.add(known)
            self._known[table, row_id, field] = known
        elif known.state != "open":
            known.base = said[0]
        known.ours, known.theirs = said[1:]
        known.state, known.by_rule = ("open", False) if rule == "ask" else (rule, True)
        told = {"table": table, "id": row_id, "name": name[:200], "field": field, "state": known.state}
        self.found.append({**told, "base": known.base, "ours": known.ours, "theirs": known.theirs})
        return known.state

    def _rule(self, table: str, field: str) -> str:
        asked = ((table, field), (table, ANY), (ANY, ANY))
        return next((self._rules[one] for one in asked if one in self._rules), "ask")

    def _raw(self, column: Column[Any], value: Any) -> Any:
        """Return a value as it lies in the file of the database."""
        process = column.type.dialect_impl(self._dialect).bind_processor(self._dialect)
        return process(value) if process is not None and value is not None else value


def _written(session: Session, source: str) -> dict[tuple[str, str], Written]:
    """Return (table, id) -> what people did to the row, of all rows of a source; not what was taken back."""
    row = EditChange
    of_source = or_(
        row.before["source_id"].as_string() == source, row.after["source_id"].as_string() == source
    )
    query = select(row.table_name, row.row_id, row.before, row.after, Edit.kind)
    query = query.join(Edit, Edit.id == row.edit_id).order_by(row.id)
    query = query.where(of_source, row.before.is_not(None), Edit.undone_by_id.is_(None), Edit.kind != "undo")
    found: dict[tuple[str, str], Written] = defaultdict(list)
    for table, row_id, before, after, kind in session.execute(query):
        if table in SPECS:
            found[table, row_id].append((before, after, kind))
    return found


def _base(edits: Written, field: str, now: Any) -> tuple[Any] | None:
    """Return what stood in a field before people wrote what stands there now; None: they did not write it.

    Examples
    --------
    >>> edits = [({"name": "A"}, {"name": "B"}, "edit"), ({"name": "B"}, {"name": "C"}, "edit")]
    >>> _base(edits, "name", "C"), _base(edits, "name", "D")
    (('A',), None)
    """
    base = None
    for before, after, kind in reversed(edits):
        if after is None or before.get(field) == after.get(field):
            continue
        if after.get(field) != (now if base is None else base[0]) or kind == "conflict":
            break
        base = (before.get(field),)
    return base
