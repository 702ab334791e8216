"""The record as it is read out on the telephone: what is offered, where, when, for whom, what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.limits import Limits, limits_of
from netmap.directory.models import Service
from netmap.directory.places import Openings, places_of
from netmap.i18n import gettext as _
from netmap.matching.times import in_words


@dataclass(frozen=True, slots=True)
class Record:
    """One service in short, in the words of the record where it has some."""

    service_id: str
    name: str
    language: str | None
    status: str
    description: str
    alert: str
    how_to_get_in: str
    waiting: str
    places: tuple[tuple[str, str], ...]  # where, and when in words
    limits: Limits
    checked: date | None


def records_of(session: Session, ids: Sequence[str], moment: datetime) -> list[Record]:
    """Return services as they are read out, in the order of ``ids``, in a constant number of SELECTs."""
    if not ids:
        return []
    rows = {row.id: row for row in session.scalars(select(Service).where(Service.id.in_(ids)))}
    places = places_of(session, rows)
    openings = Openings(session, [one for found in places.values() for one in found])
    limits, unknown = limits_of(session, list(rows), moment.date()), _("place not known")
    return [
        Record(
            service_id=row.id,
            name=row.name,
            language=row.text_language,
            status=row.status,
            description=row.description or "",
            alert=row.alert or "",
            how_to_get_in=row.application_process or "",
            waiting=row.wait_time or "",
            places=tuple(
                (
                    _("by phone or online") if one.virtual else one.address or one.name or unknown,
                    in_words(openings.rules(one), moment) or _("Hours not known"),
                )
                for one in places[row.id]
            ),
            limits=limits.get(row.id, Limits()),
            checked=row.assured_date,
        )
        for row in (rows[one] for one in ids if one in rows)
    ]
