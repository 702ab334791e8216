"""Saving a form that a person had open for a while: what others saved meanwhile is met, never overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.editing import record
from netmap.editing.meeting import fields_of, together
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import Conflict, NotFound
from netmap.i18n import gettext as _
from netmap.merging import Merge


@dataclass(frozen=True)
class Form:
    """A record as a person wants to keep it.

    Parameters
    ----------
    fields : mapping
        As typed; see `netmap.editing.record`.
    version : int
        Of the record when the form was opened.
    base : mapping, optional
        The fields of the record then; None where that is not known.
    choices : mapping
        Field -> "mine" or "theirs", where others have changed it differently.
    seen : int
        The version about which these choices were made; those about an older one count for nothing.
    """

    fields: Mapping[str, str]
    version: int
    base: Mapping[str, str] | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    seen: int = 0


class Met(Conflict):
    """Somebody else has changed the same fields differently.

    Attributes
    ----------
    merge : Merge
    version : int
        Of the record as it is kept now.
    """

    def __init__(self, message: str, merge: Merge, version: int) -> None:
        super().__init__(message)
        self.merge, self.version = merge, version


def save(
    session: Session, kind: str, record_id: str, form: Form, *, by: str, action: str = "edit", note: str = ""
) -> Edit:
    """Write what a form changes and return the edit; what only others have changed since stays theirs.

    Raises
    ------
    Met
        If somebody else has changed the same fields, and no choice was made. Nothing is written.
    Invalid
        With a sentence for each field that cannot be kept. The caller rolls back.
    NotFound
        If there is no such record.
    """
    fields, _version = settled(session, kind, record_id, form)
    with edit(session, by=by, kind=action, about=(kind, record_id), note=note) as entry:
        record.check_and_write(session, kind, record_id, fields, by=by)
    return entry


def settled(session: Session, kind: str, record_id: str, form: Form) -> tuple[dict[str, str], int]:
    """Return the fields of a form together with what others saved since, and the version that is kept now.

    Raises
    ------
    Met, NotFound
        As for :func:`save`.
    """
    version, mine = version_of(session, kind, record_id), record.tidied(kind, form.fields)
    base = None if form.base is None else record.tidied(kind, form.base)
    stands = record.read(session, kind, record_id)
    # An import that changes a telephone of a service does not count up the version of the service.
    if version == form.version and base in (None, record.tidied(kind, stands)):
        return mine, version
    merge = together(base, stands, mine)
    choices = form.choices if form.seen == version else {}
    if merge.open(choices):
        raise Met(_("Somebody else has changed the same fields. Nothing is saved yet."), merge, version)
    return fields_of(merge.settled(choices)), version


def version_of(session: Session, kind: str, record_id: str) -> int:
    """Return the version of a record as it lies in the database now."""
    model = record.KINDS[kind][0]
    found = session.scalar(select(model.version).where(model.id == record_id))
    if found is None:
        raise NotFound(_("There is no such record; it may have been removed."))
    return int(found)


def create(session: Session, row: Any, fields: Mapping[str, str], *, by: str) -> Edit:
    """Add a new record with what its form says and return the edit.

    Raises
    ------
    Invalid
        With a sentence for each field. The caller rolls back.
    """
    with edit(session, by=by, kind="new", about=(row.__tablename__, row.id)) as entry:
        record.add(session, row, fields, by=by)
    return entry
