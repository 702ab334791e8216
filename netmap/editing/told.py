"""What was changed, in words: of every row what it is, and of each field what stood there and stands now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.hours_words import DAYS
from netmap.directory.models import Area, Location
from netmap.directory.secrecy import LEADS_THERE
from netmap.editing import record, words
from netmap.editing.fields import Field
from netmap.editing.further import PRIVATE
from netmap.editing.models import EditChange
from netmap.editing.rows import NOTED_IN_MERGES, key_of
from netmap.editing.told_names import Known, known_of
from netmap.editing.week import day_name
from netmap.i18n import gettext as _
from netmap.i18n.names import language_name
from netmap.i18n.numbers import locale
from netmap.i18n.numbers import number as number_in_words
from netmap.vocabulary.terms import label as term
from netmap.vocabulary.terms import vocabulary

Row = Mapping[str, Any]
# Columns that say where a row hangs or came from; what they mean is told by what the row is.
UNTOLD = frozenset(
    {
        "id", "source_id", "source_key", "version", "last_modified", "confidence", "evidence", "decided_at",
        "decided_by", "updated", "place", "link_id", "link_entity", "link_type", "source_status",
        "attested_at", "withdrawn_at",
    }
)  # fmt: skip
# Where old addresses lead, and calls that went along: the entry says that it is a merge.
BOOKKEEPING = NOTED_IN_MERGES | {"merged_into"}
_NAMING = ("name", "number", "title", "document", "url", "identifier", "source", "address_1", "description")


@dataclass(frozen=True)
class Line:
    """One field that was changed: of what, before and now; ``secret`` where the reader may not be told."""

    what: str
    field: str
    before: str
    after: str
    secret: bool = False


def lines_of(
    session: Session, changes: Iterable[EditChange], *, with_secrets: bool
) -> Mapping[int, Sequence[Line]]:
    """Return id of an edit -> its changes in words, by a few SELECTs for all together.

    Parameters
    ----------
    session : Session
    changes : iterable of EditChange
    with_secrets : bool
        Whether the address may be told of a place that is kept secret.
    """
    rows = [one for one in changes if one.table_name not in PRIVATE]
    known_tables = {table: known_of(table) for table in {one.table_name for one in rows}}
    names = _Names(session, rows, known_tables)
    hidden = set() if with_secrets else _hidden(session, rows)
    found: dict[int, list[Line]] = defaultdict(list)
    for change in rows:
        if change.table_name in BOOKKEEPING:
            continue
        known = known_tables[change.table_name]
        secret = (change.table_name, change.row_id) in hidden
        found[change.edit_id] += _lines(change, known, names, secret)
    return found


def _lines(change: EditChange, known: Known, names: "_Names", secret: bool) -> Iterator[Line]:
    """Give the fields of one row; hours are told as a whole."""
    what = _what(change, known, names, secret)
    if change.table_name == "schedule":
        yield Line(what, "", _hours(change.before), _hours(change.after))
        return
    before, after = change.before or {}, change.after or {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new or name in UNTOLD or (name not in known.fields and _is_owner(name)):
            continue
        leads = secret and (change.table_name == "address" or name in LEADS_THERE)
        said = [
            "" if leads else _words(change.table_name, known.fields.get(name), name, one, names)
            for one in (old, new)
        ]
        if leads or said[0] != said[1]:
            yield Line(what, known.label(name), said[0], said[1], leads)


def _what(change: EditChange, known: Known, names: "_Names", secret: bool) -> str:
    """Return what a row is: its kind and its name, and whether it is new or gone."""
    row = change.after or change.before or {}
    if change.table_name in record.KINDS:
        name = ""
    elif change.table_name in ("service_type_link", "eligibility_rule"):
        name = _code(str(row.get("code")))
    elif change.table_name == "service_at_location":
        name = names.of(Location, row.get("location_id"))
    else:
        name = "" if secret else next((str(row[one]) for one in _NAMING if row.get(one)), "")
    called = f"{known.one} {name[:80]}".strip()
    if change.before is None:
        return _("%(what)s: new", what=called)
    return called if change.after is not None else _("%(what)s: removed", what=called)


def _hours(row: Row | None) -> str:
    """Return one rule of opening hours in words.

    Examples
    --------
    >>> _hours({"byday": "MO,TU", "opens_at": "09:00", "closes_at": "12:00", "valid_to": "2026-12-31"})
    'Monday, Tuesday 09:00–12:00, until 31 December 2026'
    >>> _hours({"closed": 1, "valid_from": "2026-12-24", "description": "Christmas"}), _hours(None)
    ('closed, from 24 December 2026, Christmas', '')
    """
    if not row:
        return ""
    days = [day_name(one) if one in DAYS else one for one in str(row.get("byday") or "").split(",") if one]
    times = "–".join(str(row[one]) for one in ("opens_at", "closes_at") if row.get(one))
    first, last = (row.get(one) and _day(row[one]) for one in ("valid_from", "valid_to"))
    parts = [
        _("closed") if row.get("closed") else " ".join(filter(None, (", ".join(days), times))),
        _("from %(day)s", day=first) if first else "",
        _("until %(day)s", day=last) if last else "",
        *(str(row[one]) for one in ("description", "notes", "unread") if row.get(one)),
    ]
    return ", ".join(filter(None, parts))


def _day(value: Any) -> str:
    return format_date(date.fromisoformat(str(value)[:10]), "long", locale=locale())


def _is_owner(name: str) -> bool:
    return name.endswith("_id")


def _words(table: str, field: Field | None, name: str, value: Any, names: "_Names") -> str:
    if value is None or value == "":
        return ""
    if field is not None and field.choices is not None:
        return field.choices().get(str(value), str(value))
    if field is not None and field.refers is not None:
        return names.of(field.refers, value)
    if field is not None and field.kind == "yes":
        return _("yes") if value else _("no")
    if field is not None and field.kind == "language":
        return language_name(str(value))
    if (field is not None and field.kind == "date") or name in ("assured_date", "removed_in_source"):
        return _day(value)
    if name in ("state", "effect"):
        said = words.type_state_names() if name == "state" else words.effect_names()
        return said.get(str(value), str(value))
    if name == "code" and table in ("service_type_link", "eligibility_rule"):
        return _code(str(value))
    return number_in_words(value) if isinstance(value, float) else str(value)


def _code(code: str) -> str:
    known = code in vocabulary().service_types or code in vocabulary().circumstances
    return term(code) if known else code


class _Names:
    """Names of the rows that others refer to, read by one SELECT for each table."""

    def __init__(self, session: Session, changes: Sequence[EditChange], tables: Mapping[str, Known]) -> None:
        wanted: dict[type[Any], set[str]] = defaultdict(set)
        for change in changes:
            fields = tables[change.table_name].fields
            for row in (change.before or {}, change.after or {}):
                for name, value in row.items():
                    field = fields.get(name)
                    model = field.refers if field else None
                    if value and model is not None:
                        wanted[model].add(str(value))
        self._found = {model: self._read(session, model, ids) for model, ids in wanted.items()}

    @staticmethod
    def _read(session: Session, model: type[Any], ids: set[str]) -> Mapping[str, str]:
        key = model.code if model is Area else model.id
        query = select(key, model.name).where(key.in_(sorted(ids)))
        return {one: name or one for one, name in session.execute(query)}

    def of(self, model: type[Any], key: Any) -> str:
        """Return the name of a row; its id where it is gone."""
        return self._found.get(model, {}).get(str(key), str(key)) if key else ""


def _hidden(session: Session, changes: Sequence[EditChange]) -> set[tuple[str, str]]:
    """Return the rows that tell of a place that is kept secret, was so, or is gone."""
    places: dict[tuple[str, str], set[str]] = {}
    for change in changes:
        states = [row for row in (change.before, change.after) if row]
        if change.table_name == "location":
            places[change.table_name, change.row_id] = {change.row_id}
        elif change.table_name == "address":
            ids = {str(row["location_id"]) for row in states}
            places[change.table_name, change.row_id] = ids
    wanted = sorted(set().union(*places.values())) if places else []
    query = select(Location.id).where(Location.id.in_(wanted), Location.confidential.is_(False))
    told = set(session.scalars(query))
    once = {
        change.row_id
        for change in changes
        if change.table_name == "location"
        and any(row.get("confidential") for row in (change.before, change.after) if row)
    }
    return {key for key, ids in places.items() if ids - told or ids & once}


def title_of(session: Session, table: str, row_id: str) -> str | None:
    """Return the name of a record, None where it is not there any more."""
    return titles_of(session, [(table, row_id)]).get((table, row_id))


def titles_of(session: Session, records: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """Return the names of the records that are there, by one SELECT for each table."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for table, row_id in records:
        wanted[table].add(row_id)
    found: dict[tuple[str, str], str] = {}
    for table, ids in wanted.items():
        columns = Base.metadata.tables[table].c
        called = next((columns[one] for one in ("name", "title") if one in columns), None)
        if called is not None:
            key = columns[key_of(table)]
            query = select(key, called).where(key.in_(sorted(ids)))
            found |= {(table, id_): name or id_ for id_, name in session.execute(query)}
    return found
