"""Making one record of two, because a person says that they are one; it can be taken back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Service
from netmap.directory.names import Alias
from netmap.duplicates.apart import forget
from netmap.duplicates.sides import Side, Sides, require_choices, side_by_side, with_others
from netmap.duplicates.spelling import letters
from netmap.duplicates.uniting import unite
from netmap.editing.models import Edit
from netmap.editing.rows import plain
from netmap.editing.writing import edit
from netmap.errors import Conflict, Invalid
from netmap.i18n import gettext as _


def merge(
    session: Session,
    table: str,
    first: str,
    second: str,
    *,
    by: str,
    keep: str = "",
    choices: Mapping[str, str] | None = None,
    versions: tuple[int, int] | None = None,
) -> Edit:
    """Make one record of two and return the edit, by which it can be taken back.

    The record that is kept keeps its id; whatever named the other one names it from now on, a page of the
    other one leads to it, and so does the next import of the source that knows the other one. A name that was
    not chosen stays as another name.

    Parameters
    ----------
    session : Session
    table : "organization", "service" or "location"
    first, second : str
        Ids.
    by : str
        E-mail of the person.
    keep : "first", "second" or ""
        Whose id stays; "": the one on which more hangs.
    choices : mapping, optional
        Field -> "first" or "second"; where it is missing, the value of `netmap.duplicates.sides.Field.taken`.
    versions : tuple of int, optional
        Of both records when the person looked at them.

    Raises
    ------
    NotFound, Conflict
        As `side_by_side`; also where one of them was changed since the person looked.
    Invalid
        If a choice is neither of the two.
    """
    sides = side_by_side(session, table, first, second)
    if versions is not None and versions != (sides.first["version"], sides.second["version"]):
        raise Conflict(
            _("Somebody changed one of the two records meanwhile. Nothing was merged: look at both again.")
        )
    if keep not in ("", "first", "second"):
        raise Invalid(_("Choose which of the two records stays."), {"keep": _("Choose one.")})
    kept: Side = sides.kept if not keep else "first" if keep == "first" else "second"
    other: Side = "second" if kept == "first" else "first"
    taken = require_choices(sides, choices or {})
    stays, goes = sides.row(kept), sides.row(other)
    note = f"{goes['name'] or ''} {goes['id']}".strip()
    with edit(session, by=by, kind="merge", about=(table, str(stays["id"])), note=note) as entry:
        unite(session, table, str(stays["id"]), str(goes["id"]), by=by)
        values = _values(sides, taken, kept)
        if values:
            clause = plain(table)
            session.execute(update(clause).where(clause.c.id == stays["id"]).values(values))
        session.expire_all()
        _keep_names(session, table, sides, str(stays["id"]), {**stays, **values})
        forget(session, str(goes["id"]))
    return entry


def _values(sides: Sides, taken: Mapping[str, Side], kept: Side) -> dict[str, Any]:
    """Return what the record that stays takes from the other; it never becomes its own unit."""
    found = {
        name: sides.row(side)[name]
        for leader, side in taken.items()
        if side != kept
        for name in with_others(leader)
        if name in sides.row(side)
    }
    ids = {sides.first["id"], sides.second["id"]}
    for name in ("parent_organization_id", "successor_id"):
        if found.get(name) in ids:
            found[name] = None
    if sides.first.get("confidential") or sides.second.get("confidential"):
        found["confidential"] = 1  # an address that one of them hides is not published by a slip
    return found


def _keep_names(session: Session, table: str, sides: Sides, id_: str, row: Mapping[str, Any]) -> None:
    """Keep a name that was not chosen, so that who looks for it finds the record."""
    known = {letters(str(row[name])) for name in ("name", "alternate_name") if row[name]}
    owner = {"organization": Organization, "service": Service}.get(table)
    if owner is not None:
        column = Alias.organization_id if table == "organization" else Alias.service_id
        known |= {letters(name) for name in session.scalars(select(Alias.name).where(column == id_))}
    for one in (sides.first, sides.second):
        for name in (one["name"], one["alternate_name"]):
            if not name or letters(name) in known:
                continue
            known.add(letters(name))
            if owner is not None:
                session.add(Alias(**{f"{table}_id": id_}, name=name, kind="alias"))
            elif not row["alternate_name"]:
                clause = plain(table)
                session.execute(update(clause).where(clause.c.id == id_).values(alternate_name=name))
                row = {**row, "alternate_name": name}
    session.flush()
