"""Saying that records are right today: the one way in which a confirmation by a person comes about."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.models import Organization, Service
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import Invalid, NotFound
from netmap.freshness.models import WAYS, Confirmation
from netmap.i18n import gettext as _

Record = TypeVar("Record", Service, Organization)


def confirm(
    session: Session,
    *,
    services: Collection[str] = (),
    organizations: Collection[str] = (),
    by: str,
    how: str,
    today: date | None = None,
) -> Edit | None:
    """Note that a person says that these records are right today; never called by a machine.

    Parameters
    ----------
    session : Session
    services, organizations : collection of str
        Ids.
    by : str
        E-mail of the person.
    how : str
        "phone", "visit", "provider" (by the provider itself), "web" (read on its pages) or "letter".
    today : date, optional
        The day of the office; where it is not given, that of the setting NETMAP_TIMEZONE.

    Returns
    -------
    Edit or None
        None where no record was named, or all were confirmed today by the same person already.

    Raises
    ------
    Invalid
        For another way than those.
    NotFound
        If one of the records is not there; then nothing is confirmed.
    """
    if how not in WAYS:
        raise Invalid(_("Say how it was confirmed: %(ways)s.", ways=", ".join(WAYS)))
    rows: list[Service | Organization] = [
        *_found(session, Service, services),
        *_found(session, Organization, organizations),
    ]
    if not rows:
        return None
    day = today or now().astimezone(Settings.from_environment().zone()).date()
    root = ("service", rows[0].id) if isinstance(rows[0], Service) else ("organization", rows[0].id)
    with edit(session, by=by, kind="confirm", about=root, note=how) as entry:
        mark(rows, by=by, day=day)
    note_how(session, rows, by=by, how=how, day=day, edit_id=entry.id)
    session.flush()
    return None if entry.nothing else entry


def mark(rows: Sequence[Service | Organization], *, by: str, day: date) -> None:
    """Write day and person into records, inside an edit of the caller."""
    for row in rows:
        row.assured_date, row.assurer_email = day, by


def note_how(
    session: Session,
    rows: Sequence[Service | Organization],
    *,
    by: str,
    how: str,
    day: date,
    edit_id: int | None,
) -> None:
    """Keep the way in which records were confirmed."""
    for row in rows:
        owner = {"service_id" if isinstance(row, Service) else "organization_id": row.id}
        session.add(Confirmation(edit_id=edit_id, day=day, by=by, how=how, **owner))


def _found(session: Session, model: type[Record], ids: Collection[str]) -> list[Record]:
    wanted = sorted(set(ids))
    rows = list(session.scalars(select(model).where(model.id.in_(wanted)).order_by(model.id)))
    if len(rows) < len(wanted):
        raise NotFound(_("One of these records is no longer there. Open the page again."))
    return rows
