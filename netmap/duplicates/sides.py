"""Two records side by side: field by field both versions, and which one would be taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.kept import MergedInto
from netmap.duplicates.cards import TABLES
from netmap.duplicates.doubles import UNSAID
from netmap.duplicates.uniting import references
from netmap.editing.rows import Row, key_of, plain, rows_now
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _

Side = Literal["first", "second"]
Part = tuple[str, tuple[Row, ...], tuple[Row, ...]]
"""A table, and its rows that hang on each of the two."""
SIDES: tuple[Side, Side] = ("first", "second")
# What goes with another field, or is worked out, and is not chosen by itself.
_GOES_WITH = {
    "assurer_email": "assured_date",
    "text_language": "description",
    "source_status": "status",
    "longitude": "latitude",
    "area_code": "latitude",
    "external_identifier_type": "external_identifier",
    "alert_until": "alert",
}


@dataclass(frozen=True)
class Field:
    """A field of which the two records say different things, as the file of the database holds them.

    Attributes
    ----------
    name : str
    first, second : object
        None where a record does not say it.
    taken : "first" or "second"
        Whose is taken where nobody chooses: the only one that says something, else the one that a person
        confirmed last.
    """

    name: str
    first: Any
    second: Any
    taken: Side


@dataclass(frozen=True)
class Sides:
    """Two records of one table beside each other.

    Attributes
    ----------
    table : str
    first, second : mapping
        The rows.
    fields : tuple of Field
        Only those that differ.
    kept : "first" or "second"
        The record whose id stays where nobody chooses.
    parts : tuple of (table, rows of the first, rows of the second)
        What hangs on each.
    """

    table: str
    first: Row
    second: Row
    fields: tuple[Field, ...]
    kept: Side
    parts: tuple[Part, ...]

    def row(self, side: Side) -> Row:
        """Return the record of a side."""
        return self.first if side == "first" else self.second


def side_by_side(session: Session, table: str, first: str, second: str) -> Sides:
    """Return two records beside each other.

    Raises
    ------
    NotFound
        If one of them is not there.
    Conflict
        If they are one record, one was merged already, or one is a unit of the other.
    """
    _require_two(session, table, first, second)
    rows = rows_now(session.connection(), table, [first, second])
    for id_ in (first, second):
        if id_ not in rows:
            raise NotFound(_("There is no such record; it may have been removed."))
    one, two = rows[first], rows[second]
    if table == "organization":
        _require_no_unit(session, one, two)
    newer = newer_side(one, two)
    parts = tuple(_parts(session, table, first, second))
    fields = tuple(
        Field(name, one[name], two[name], _taken(one[name], two[name], newer))
        for name in chosen_fields(table)
        if _said(one[name]) != _said(two[name])
    )
    more: Side = (
        "second" if sum(len(row[2]) for row in parts) > sum(len(row[1]) for row in parts) else "first"
    )
    return Sides(table, one, two, fields, more, parts)


def _require_two(session: Session, table: str, first: str, second: str) -> None:
    if table not in TABLES:
        raise NotFound(_("There is nothing of this kind to merge."))
    if first == second:
        raise Conflict(_("This is one record; it cannot be merged with itself."))
    for id_ in (first, second):
        merged = session.get(MergedInto, id_)
        if merged is not None:
            raise Conflict(
                _("One of these records was merged with another one already. Look for duplicates again.")
            )


def _require_no_unit(session: Session, one: Row, two: Row) -> None:
    for above, below in ((one, two), (two, one)):
        seen: set[str] = set()
        parent = below["parent_organization_id"]
        while parent and parent not in seen:
            if parent == above["id"]:
                raise Conflict(
                    _(
                        "%(unit)s is a unit of %(whole)s, so they are two. If that is wrong, take the unit "
                        "out of the organisation first.",
                        unit=below["name"],
                        whole=above["name"],
                    )
                )
            seen.add(parent)
            clause = plain("organization")
            query = select(clause.c.parent_organization_id).where(clause.c.id == parent)
            parent = session.scalar(query)


def chosen_fields(table: str) -> tuple[str, ...]:
    """Return the fields of a table of which a person chooses one, in the order of the table."""
    hidden = UNSAID | _GOES_WITH.keys() | {"confidential"}  # hidden by one is hidden
    return tuple(column.name for column in Base.metadata.tables[table].columns if column.name not in hidden)


def with_others(field: str) -> tuple[str, ...]:
    """Return a field with those that go with it.

    Examples
    --------
    >>> with_others("latitude")
    ('latitude', 'longitude', 'area_code')
    """
    return (field, *(name for name, leader in _GOES_WITH.items() if leader == field))


def newer_side(one: Mapping[str, Any], two: Mapping[str, Any]) -> Side:
    """Return which record a person confirmed last; where nobody did, which one was written last.

    Examples
    --------
    >>> newer_side({"assured_date": None, "last_modified": "2026-05-01"},
    ...            {"assured_date": "2024-01-01", "last_modified": "2024-01-01"})
    'second'
    """
    here, there = (
        (str(row.get("assured_date") or ""), str(row.get("last_modified") or "")) for row in (one, two)
    )
    return "second" if there > here else "first"


def _said(value: Any) -> Any:
    return None if value == "" else value


def _taken(one: Any, two: Any, newer: Side) -> Side:
    if _said(one) is None or one == "unknown":
        return "second"
    return "first" if _said(two) is None or two == "unknown" else newer


def _parts(session: Session, table: str, first: str, second: str) -> list[Part]:
    found: dict[str, tuple[list[Row], list[Row]]] = {}
    for child, column in references(table):
        clause = plain(child)
        query = select(clause).where(clause.c[column].in_((first, second))).order_by(clause.c[key_of(child)])
        for row in session.execute(query).mappings():
            found.setdefault(child, ([], []))[row[column] == second].append(dict(row))
    return [(name, tuple(here), tuple(there)) for name, (here, there) in found.items()]


def require_choices(sides: Sides, choices: Mapping[str, str]) -> Mapping[str, Side]:
    """Return whose value is taken for each field that differs.

    Raises
    ------
    Invalid
        If a choice is neither of the two.
    """
    found: dict[str, Side] = {}
    for field in sides.fields:
        side = choices.get(field.name, field.taken)
        if side not in SIDES:
            raise Invalid(
                _("Choose for each field which of the two it shall be."), {field.name: _("Choose one.")}
            )
        found[field.name] = "first" if side == "first" else "second"
    return found
