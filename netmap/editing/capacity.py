"""How many places of a service are free: one more, one less, and how many there were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.models import ServiceCapacity
from netmap.editing.models import Edit, EditChange
from netmap.editing.writing import edit
from netmap.errors import Conflict, NotFound
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number

SHOWN = 8


def step(session: Session, service_id: str, capacity_id: str, by_how_many: int, *, by: str) -> Edit:
    """Make places of a service free (above zero) or taken (below zero), and return the edit.

    Raises
    ------
    NotFound
        If the service has no such figure.
    Conflict
        If there would be less than none free or more than there are, or nobody knows how many are free.
    """
    row = session.get(ServiceCapacity, capacity_id)
    if row is None or row.service_id != service_id or row.removed_in_source is not None:
        raise NotFound(_("This service has no such figure of free places; it may have been removed."))
    if row.available is None:
        raise Conflict(_("It is not known how many are free: type the number in the form of the service."))
    free = row.available + by_how_many
    if free < 0:
        raise Conflict(_("None is free any more, so there cannot be one less."))
    if row.maximum is not None and free > row.maximum:
        total = number(row.maximum)
        raise Conflict(_("All %(total)s are free already, so there cannot be one more.", total=total))
    with edit(session, by=by, kind="capacity", about=("service", service_id)) as entry:
        row.available, row.updated = free, now()
    return entry


@dataclass(frozen=True)
class Free:
    """How many were free from a moment on, and who wrote it."""

    at: datetime
    available: float | None
    by: str


def past(session: Session, capacity_ids: Sequence[str], limit: int = SHOWN) -> dict[str, list[Free]]:
    """Return figure -> how many were free, the newest first, by one SELECT."""
    if not capacity_ids:
        return {}
    query = (
        select(EditChange.row_id, EditChange.before, EditChange.after, Edit.at, Edit.by)
        .join(Edit, Edit.id == EditChange.edit_id)
        .where(EditChange.table_name == "service_capacity", EditChange.row_id.in_(capacity_ids))
        .order_by(EditChange.id.desc())
        .limit(limit * 4 * len(capacity_ids))
    )
    found: dict[str, list[Free]] = {}
    for row_id, before, after, at, by in session.execute(query):
        free = (after or {}).get("available")
        if after is not None and (before is None or before.get("available") != free):
            found.setdefault(row_id, []).append(Free(at, free, by))
    return {row_id: some[:limit] for row_id, some in found.items()}
