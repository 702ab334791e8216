"""Records into the database: what is new is added, what differs is changed, what is gone is marked."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.hsds_identity import LONGEST
from netmap.directory.hsds_names import as_uuid
from netmap.directory.hsds_ours import Nobody, Ours
from netmap.directory.hsds_resolve import Record
from netmap.directory.hsds_tables import LOCK, SPECS
from netmap.directory.hsds_whole import plain_status
from netmap.directory.report import Renamed, Report
from netmap.directory.touched import OWNERS
from netmap.errors import Invalid
from netmap.i18n import gettext as _

CHUNK = 500
NOBODY = Nobody()
MAIN = ("organization", "service", "location")  # a directory has some of these
Stored = Mapping[str, Any]


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Give the items in pieces: databases take only so many values at once."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def store(
    session: Session,
    table: str,
    records: list[Record],
    report: Report,
    changed_rows: Mapping[str, set[str]],
    renamed: Mapping[str, Renamed] = MappingProxyType({}),
    ours: Ours = NOBODY,
) -> None:
    """Write the records of one table; add the ids of those that are new, changed or gone to ``changed_rows``.

    What a changed record hung on before counts as changed too: it has lost something. Only fields that the
    files hold are compared and written. Rows of another source or of a person are left as they are; rows of
    this source that are in no file any more are marked, never deleted. ``renamed`` says which new keys are
    those of stored records, ``ours`` what people wrote over the source.

    Raises
    ------
    Invalid
        If the source has no record any more where it had some: that is an error of its export.
    """
    spec, count, source = SPECS[table], report.table(table), report.source
    columns = spec.table.c
    rows = session.execute(select(spec.table).where(columns.source_id == source)).mappings()
    stored: dict[str, Stored] = {row["id"]: dict(row) for row in rows}
    records = _without_others(session, table, records, stored, report)
    fields = sorted({name for record in records for name in record.values})
    added, changed = [], []
    for record in records:
        values = _filled(table, fields, record)
        before = stored.get(record.id)
        if before is None:
            added.append({"id": record.id, "source_id": source, "source_key": record.key[:LONGEST], **values})
        elif difference := _difference(table, before, values, record, report, ours):
            _note_names(table, before, difference, record, renamed, report)
            if not SPECS[table].core and difference.keys() == {"source_key"}:
                count.unchanged, count.changed = count.unchanged + 1, count.changed - 1
            changed.append({"row_id": record.id, **{name: before[name] for name in fields}, **difference})
            for name in difference.keys() & OWNERS.keys():
                changed_rows[OWNERS[name]].update(filter(None, (before[name],)))
        else:
            count.unchanged += 1
    present = {record.id for record in records}
    before_all = sum(row["removed_in_source"] is None for row in stored.values())
    _require_some(table, records, before_all)
    gone = [id_ for id_, row in stored.items() if id_ not in present and row["removed_in_source"] is None]
    _write(session, table, added, changed, gone)
    report.lost[table] = len(gone) if spec.core else max(0, len(gone) - len(added)), before_all
    count.added += len(added)
    count.changed += len(changed)
    count.removed_in_source += len(gone)
    changed_rows[table].update(row["id"] for row in added)
    changed_rows[table].update([row["row_id"] for row in changed] + gone)


def _without_others(
    session: Session, table: str, records: list[Record], stored: Mapping[str, Stored], report: Report
) -> list[Record]:
    """Leave out records whose id belongs to another source or to a person."""
    columns = SPECS[table].table.c
    new = [record.id for record in records if record.id not in stored]
    others: dict[str, str | None] = {}
    for ids in chunks(new):
        for id_, source in session.execute(select(columns.id, columns.source_id).where(columns.id.in_(ids))):
            others[id_] = source
    for source in sorted(set(others.values()), key=str):
        count = sum(owner == source for owner in others.values())
        if source is None:
            sentence = _(
                "%(count)s records of %(table)s were written here by people and stay as they are.",
                count=count,
                table=table,
            )
        else:
            sentence = _(
                "%(count)s records of %(table)s are here already from the source '%(source)s' and stay as "
                "they are; to change them, import under that name.",
                count=count,
                table=table,
                source=source,
            )
        report.warn(sentence)
    return [record for record in records if record.id not in others]


def _filled(table: str, fields: list[str], record: Record) -> dict[str, Any]:
    """Return a value for every field; a field that must hold something gets its default."""
    columns = SPECS[table].table.c
    values: dict[str, Any] = {}
    for name in fields:
        value = record.values.get(name)
        if value is None and not columns[name].nullable:
            default = columns[name].default
            value = now() if name == "last_modified" else getattr(default, "arg", "")
        values[name] = value
    return values


def _require_some(table: str, records: list[Record], before: int) -> None:
    if not records and before and table in MAIN:
        raise Invalid(
            _(
                "The file for %(table)s holds no record that can be kept, but %(count)s of this source are "
                "here. An empty directory is an error of its export, so nothing was changed.",
                table=table,
                count=before,
            )
        )


def _note_names(
    table: str,
    before: Stored,
    difference: Mapping[str, Any],
    record: Record,
    renamed: Mapping[str, Renamed],
    report: Report,
) -> None:
    """Report a record that its source calls otherwise now."""
    old, new = (before["source_key"] or "", record.key[:LONGEST])
    name = str(before.get("name") or "")
    if record.key in renamed:
        report.renamed.append(renamed[record.key])
    elif "source_key" in difference and not record.keyless:
        report.renamed.append(Renamed(table, record.id, (old, new), (name, name), ("words",), 1.0))
    elif name and difference.get("name"):
        names = (name, str(difference["name"]))
        report.renamed.append(Renamed(table, record.id, (old, old), names, ("key",), 1.0))


def _difference(
    table: str, before: Stored, values: dict[str, Any], record: Record, report: Report, ours: Ours
) -> dict[str, Any]:
    """Return what must be written over a stored row; empty where nothing differs."""
    by_hand = ours.settle(table, before, values)
    if table == "service":
        _keep_decisions(before, values, record, report, by_hand)
    moment = values.pop("last_modified", None) if record.values.get("last_modified") else None
    values.pop("last_modified", None)
    difference = {name: value for name, value in values.items() if before[name] != value}
    if before["removed_in_source"] is not None:
        difference["removed_in_source"] = None
    if moment is not None and moment > before["last_modified"]:
        difference["last_modified"] = moment
    if difference and LOCK in before and "last_modified" in before:  # a taxonomy has a version of its own
        difference.setdefault("last_modified", now())
        difference[LOCK] = before[LOCK] + 1
    key = record.key[:LONGEST]
    if key != before["source_key"] and (as_uuid(key) or key) != as_uuid(before["source_key"] or ""):
        difference["source_key"] = key
    return difference


def _keep_decisions(
    before: Stored, values: dict[str, Any], record: Record, report: Report, by_hand: Collection[str]
) -> None:
    """Keep what a person decided here: a later date of checking, and a status other than the source's."""
    checked, incoming = before["assured_date"], values.get("assured_date")
    here_later = checked is not None and (incoming is None or incoming < checked)
    if "assured_date" in values and here_later:
        values["assured_date"] = checked
    if "status" not in values or "status" in by_hand:
        return
    word, old_word = values["source_status"], before["source_status"]
    by_source = before["status"] in {plain_status(old_word), "unknown"}
    keep = before["status"] != "unknown" if word == old_word else here_later or not by_source
    if keep and values["status"] != before["status"]:
        values["status"] = before["status"]
        if word != old_word:
            sentence = _(
                "%(file)s: the source has a new status; the one that a person gave here was kept",
                file=record.file,
            )
            report.note(sentence, record.number)


def _write(
    session: Session, table: str, added: list[dict[str, Any]], changed: list[dict[str, Any]], gone: list[str]
) -> None:
    target = SPECS[table].table
    connection = session.connection()
    if added:
        connection.execute(insert(target), _parents_first(table, added))
    same: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in changed:
        same.setdefault(tuple(sorted(row)), []).append(row)
    for rows in same.values():
        connection.execute(update(target).where(target.c.id == bindparam("row_id")), rows)
    for ids in chunks(gone):
        connection.execute(update(target).where(target.c.id.in_(ids)).values(removed_in_source=now()))


def _parents_first(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put rows that others of the same table refer to before those; a circle is cut where it closes."""
    fields = [name for name in SPECS[table].references() if _points_to_own_table(table, name)]
    if not fields:
        return rows
    waiting, ordered = {row["id"]: row for row in rows}, []
    while waiting:
        row = next(iter(waiting.values()))
        path = {row["id"]}
        while onward := next((name for name in fields if _waits(row, name, waiting)), None):
            if row[onward] in path:
                row[onward] = None
                continue
            row = waiting[row[onward]]
            path.add(row["id"])
        ordered.append(waiting.pop(row["id"]))
    return ordered


def _waits(row: Mapping[str, Any], name: str, waiting: Collection[str]) -> bool:
    """Return whether a row refers to another one that is not written yet."""
    return row.get(name) in waiting and row[name] != row["id"]


def _points_to_own_table(table: str, name: str) -> bool:
    return any(key.column.table.name == table for key in SPECS[table].table.c[name].foreign_keys)
