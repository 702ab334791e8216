"""What an import would do, in words for the person who decides: which records are new, changed, gone."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from netmap.editing.rows import Row, differences

TABLES = ("organization", "service", "area")
EXAMPLES = 20
SILENT = {"version", "last_modified", "source_key", "source_id", "imported_at", "area_code", "text_language"}
MANY_GONE = 0.2


def preview(session: Session) -> dict[str, Any]:
    """Return for each main table some of the records that are new, changed (with the fields) and gone."""
    session.flush()
    connection = session.connection()
    return {name: found for name in TABLES if (found := _of_table(connection, name))}


def _of_table(connection: Connection, name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {"added": [], "changed": [], "gone": []}
    for row_id, before, after in differences(connection, name):
        what, fields = _what(before, after)
        if what:
            shown = after or before or {}
            found[what].append({"name": str(shown.get("name") or row_id)[:200], "fields": fields})
    return {
        what: {"count": len(all_), "some": sorted(all_, key=lambda one: str(one["name"]))[:EXAMPLES]}
        for what, all_ in found.items()
        if all_
    }


def _what(before: Row | None, after: Row | None) -> tuple[str, list[str]]:
    if before is None:
        return "added", []
    if after is None or (after.get("removed_in_source") and not before.get("removed_in_source")):
        return "gone", []
    fields = [name for name in after if after[name] != before[name] and name not in SILENT]
    return ("changed" if fields else ""), fields


def share_gone(report: dict[str, Any]) -> float:
    """Return which share of the records of the source would be marked as gone.

    Examples
    --------
    >>> share_gone({"removed_in_source": 1, "changed": 1, "unchanged": 2})
    0.25
    """
    before = report["removed_in_source"] + report["changed"] + report["unchanged"]
    return report["removed_in_source"] / before if before else 0.0
