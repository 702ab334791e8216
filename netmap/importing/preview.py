"""What an import does, record by record: added, changed field by field, no longer in the source."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.hsds_store import chunks
from netmap.editing.rows import Row, differences
from netmap.importing.journal import watched

EXAMPLES = 20
# What a machine writes of itself, and what only says which row it is.
SILENT = {
    "version", "last_modified", "source_key", "source_id", "imported_at", "area_code", "text_language",
    "removed_in_source",
}  # fmt: skip
# Tables that an import fills by itself, of which a person is told elsewhere.
OWN = {
    "source", "service_type_link", "eligibility_rule", "demand", "travel", "area_shape", "source_rule",
    "source_conflict",
}  # fmt: skip
KINDS = ("added", "changed", "removed")
NAMES = (
    "name",
    "number",
    "address_1",
    "title",
    "document",
    "label",
    "url",
    "identifier",
    "description",
    "code",
)
OWNERS = ("service_id", "location_id", "organization_id", "contact_id")
Changes = Mapping[str, list[dict[str, Any]]]


def changes(session: Session) -> Changes:
    """Return what the watched transaction did: "added", "changed" and "removed" -> records of all tables.

    A record is its table, id, key in the source and name, what it belongs to, and of a changed one each field
    before and after.
    """
    session.flush()
    connection = session.connection()
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    owners: dict[str, set[str]] = {}
    for table in [name for name in watched() if name not in OWN]:
        for row_id, before, after in differences(connection, table):
            kind, fields = _what(before, after)
            if kind:
                row = after or before or {}
                found[kind].append(_entry(table, row_id, row, fields, owners))
    names = _names(connection, owners)
    for entry in (one for some in found.values() for one in some):
        entry["of"] = names.get(entry["of"], "") if entry["of"] else ""
    return {kind: sorted(some, key=lambda one: (one["table"], one["name"])) for kind, some in found.items()}


def _what(before: Row | None, after: Row | None) -> tuple[str, dict[str, dict[str, Any]]]:
    if before is None:
        return "added", {}
    if after is None or (after.get("removed_in_source") and not before.get("removed_in_source")):
        return "removed", {}
    fields = {
        name: {"before": before[name], "after": after[name]}
        for name in after
        if after[name] != before[name] and name not in SILENT
    }
    back = before.get("removed_in_source") and not after.get("removed_in_source")
    return ("added" if back else "changed" if fields else ""), fields


def _entry(
    table: str, row_id: str, row: Row, fields: dict[str, dict[str, Any]], owners: dict[str, set[str]]
) -> dict[str, Any]:
    owner = next(((name, row[name]) for name in OWNERS if row.get(name) and name != f"{table}_id"), None)
    if owner is not None:
        owners.setdefault(owner[0].removesuffix("_id"), set()).add(owner[1])
    name = next((str(row[field]) for field in NAMES if row.get(field)), row_id)
    told = {"table": table, "id": row_id, "source_key": row.get("source_key"), "name": name[:200]}
    return {**told, "of": owner[1] if owner else None, "fields": fields}


def _names(connection: Connection, owners: Mapping[str, set[str]]) -> dict[str, str]:
    """Return the names of what records belong to."""
    found: dict[str, str] = {}
    for table, ids in owners.items():
        columns = Base.metadata.tables[table].c
        for some in chunks(sorted(ids)):
            query = select(columns.id, columns.name).where(columns.id.in_(some))
            found |= {id_: name for id_, name in connection.execute(query) if name}
    return found


def examples(found: Changes) -> dict[str, dict[str, dict[str, Any]]]:
    """Return for each table, those with a name of their own first, how many records there are and some."""
    shown: dict[str, dict[str, dict[str, Any]]] = {}
    for kind in KINDS:
        by_table: dict[str, list[dict[str, Any]]] = {}
        for entry in found[kind]:
            by_table.setdefault(entry["table"], []).append(entry)
        for table, entries in by_table.items():
            shown.setdefault(table, {})[kind] = {"count": len(entries), "some": entries[:EXAMPLES]}
    first = ("organization", "service", "location", "program", "area")
    return {table: shown[table] for table in sorted(shown, key=lambda one: (_place(one, first), one))}


def _place(table: str, first: Sequence[str]) -> int:
    return first.index(table) if table in first else len(first)


def as_text(found: Changes) -> str:
    """Return changes as they are kept beside an upload until it is applied."""
    return json.dumps(found, ensure_ascii=False)
