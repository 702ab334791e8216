"""Which record is which when a source comes again: by its key, by what the row is called now, by its words.

A record keeps the id that it has here, whatever its source calls it later: its history, its confirmations and
what people decided about it hang on that id.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.hsds_names import record_id
from netmap.directory.hsds_tables import SPECS
from netmap.directory.merged import merged_keys

if TYPE_CHECKING:
    from netmap.directory.hsds_resolve import Record

LONGEST = 200  # signs of a key that are kept


class Identity:
    """The ids of one table of a source.

    Parameters
    ----------
    session : Session
    source, table : str
    renamed : mapping
        New key -> id of the stored record that it is.
    apart : collection of str
        Ids of stored records that are not what the source calls by their key now.
    """

    def __init__(
        self,
        session: Session,
        source: str,
        table: str,
        renamed: Mapping[str, str] | None = None,
        apart: Collection[str] = (),
    ) -> None:
        columns = SPECS[table].table.c
        query = select(columns.id, columns.source_key).where(columns.source_id == source)
        # Of two rows with one key the one that the source still has is meant. A record that was merged with
        # another one still goes by its key: it is neither new nor renamed.
        merged = {id_: key for key, id_ in merged_keys(session, source, table).items()}
        rows = list(session.execute(query.order_by(columns.removed_in_source.is_(None))))
        self.key_of: dict[str, str] = {**merged, **{id_: key or "" for id_, key in rows}}
        self.source, self.table, self.renamed = source, table, renamed or {}
        self.by_key: dict[str, str] = {key: id_ for id_, key in rows if key and id_ not in apart}
        self._moved = {id_ for id_, key in self.key_of.items() if self._has_moved(id_, key)}
        self._moved |= {*self.renamed.values(), *apart}

    def _has_moved(self, id_: str, key: str) -> bool:
        """Return whether a record goes by another key than the one that its id was made of."""
        return bool(key) and len(key) < LONGEST and record_id(self.source, self.table, key) != id_

    def id_for(self, key: str) -> str:
        """Return the id of the record of a core table that the source calls ``key``."""
        if key in self.renamed:
            return self.renamed[key]
        own = record_id(self.source, self.table, key)
        if own not in self.key_of or own not in self._moved:
            return self._by_present_key(key) or own
        found, turn = self._by_present_key(key), 1
        while found is None:  # its id belongs to a record that is called otherwise by now
            other = record_id(self.source, self.table, f"{key}/again {turn}")
            if other not in self.key_of:
                found = other
            turn += 1
        return found

    def _by_present_key(self, key: str) -> str | None:
        found = self.by_key.get(key[:LONGEST])
        return found if found is not None and found not in self.renamed.values() else None


def keep_ids(session: Session, table: str, records: list["Record"], known: Any, source: str) -> None:
    """Give rows of details the ids that they have here, where only their keys are others.

    A telephone under another number of the source, or under a service that has another key now, is the same
    telephone if it says the same word for word, or goes by a key that it was given before.
    """
    if SPECS[table].core:
        return
    target = SPECS[table].table
    query = select(target).where(target.c.source_id == source, target.c.removed_in_source.is_(None))
    stored = {row["id"]: row for row in session.execute(query).mappings()}
    taken = {record.id for record in records}
    left = {id_: row for id_, row in stored.items() if id_ not in taken}
    new = [record for record in records if record.id not in stored]
    if not left or not new:
        return
    fields = sorted({name for record in new for name in record.values})
    for keyed in (True, False):
        places = _places(table, left.values(), fields, keyed)
        for record in [one for one in new if one.id not in stored]:
            same = places.get(_place(record.key[:LONGEST], record.values, fields, keyed, table))
            if same:
                id_ = same.pop()
                if known.ids[table].get(record.key) == record.id:
                    known.ids[table][record.key] = id_
                record.id = id_
                left.pop(id_)


def _places(
    table: str, rows: Iterable[Any], fields: list[str], keyed: bool
) -> dict[tuple[object, ...], list[str]]:
    found: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for row in rows:
        found[_place(row["source_key"] or "", row, fields, keyed, table)].append(row["id"])
    if keyed:  # a key that several rows share tells none of them apart
        return {place: ids for place, ids in found.items() if len(ids) == 1}
    return {place: sorted(ids, reverse=True) for place, ids in found.items()}


def _place(
    key: str, values: Mapping[str, Any], fields: list[str], keyed: bool, table: str
) -> tuple[object, ...]:
    """Return what two rows must have in common: their key, or every word."""
    if keyed:
        return (key,)
    columns = SPECS[table].table.c
    return tuple(_stored(values.get(name), columns[name]) for name in fields)


def _stored(value: Any, column: Any) -> object:
    """Return a value as it is stored: a field that must hold something has its default."""
    if value is None and not column.nullable:
        return getattr(column.default, "arg", "") if column.name != "last_modified" else ""
    return "" if column.name == "last_modified" else value
