"""Field by field: who answers for what stands in a record, and since when.

An attestation holds for the value that was there. When the value is changed it is not shown any more; it
stays in its table.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.errors import Conflict, Invalid
from netmap.freshness import service as freshness
from netmap.i18n import gettext as _
from netmap.selfservice import facts
from netmap.selfservice.models import Attestation


@dataclass(frozen=True, slots=True)
class Attested:
    """What one person answers for since a moment: the groups of fields whose values are still those."""

    by: str
    at: datetime
    groups: tuple[str, ...]


def attest(
    session: Session,
    kind: str,
    row: Any,
    groups: Collection[str],
    *,
    seen: Mapping[str, str],
    by: str,
    today: date,
    how: str = "provider",
) -> bool:
    """Note that somebody answers for groups of fields; return whether the whole record is confirmed by that.

    Parameters
    ----------
    session : Session
    kind : "service", "organization" or "location"
    row : Service, Organization or Location
    groups : collection of str
        Those that are right.
    seen : mapping
        Group -> mark of what the person saw, see `netmap.selfservice.facts.marks`.
    by, how : str
        Who says so, and in which way.
    today : date
        In the time zone of the office.

    Raises
    ------
    Invalid
        If no group was named.
    Conflict
        If one of them says something else than the person saw; then nothing is noted.
    """
    marks = facts.marks(kind, row)
    chosen = [group for group in marks if group in set(groups)]
    if not chosen:
        raise Invalid(_("Tick at least one line that is right."))
    if any(seen.get(group) != marks[group] for group in chosen):
        raise Conflict(
            _(
                "Something here was changed after you had opened it. Look at it again, then say whether it "
                "is right."
            )
        )
    for group in chosen:
        session.add(
            Attestation(table_name=kind, row_id=row.id, field=group, value_hash=marks[group], by=by, how=how)
        )
    session.flush()
    whole = len(chosen) == len(marks)
    if whole and kind == "service":
        freshness.confirm(session, services=[row.id], by=by, how=how, today=today)
    elif whole and kind == "organization":
        freshness.confirm(session, organizations=[row.id], by=by, how=how, today=today)
    return whole


def of_record(session: Session, kind: str, row: Any) -> list[Attested]:
    """Return what is attested of a record as it stands now, the latest first; one SELECT."""
    latest = (
        select(func.max(Attestation.id))
        .where(Attestation.table_name == kind, Attestation.row_id == row.id)
        .group_by(Attestation.field)
    )
    rows = session.scalars(
        select(Attestation).where(Attestation.id.in_(latest)).order_by(Attestation.id.desc())
    )
    marks = facts.marks(kind, row)
    found: dict[tuple[str, str], tuple[datetime, list[str]]] = {}
    for one in rows:
        if marks.get(one.field) == one.value_hash:
            key = (one.by, one.at.date().isoformat())
            found.setdefault(key, (one.at, []))[1].append(one.field)
    order = list(facts.KINDS[kind])
    return [
        Attested(by, at, tuple(sorted(groups, key=order.index))) for (by, _day), (at, groups) in found.items()
    ]
