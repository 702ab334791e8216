"""How the network has grown month by month: what was kept at the time, and agreements and contacts by day."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.freshness.truth import trend
from netmap.network.models import AreaSnapshot
from netmap.partners.models import Agreement, PartnerContact

MONTHS = 24
CONTACT_DAYS = 365


@dataclass(frozen=True, slots=True)
class Month:
    """The network on the last day of a month on which it was looked at; None where that was not kept.

    ``agreements`` are those that were in force on the day by what is recorded now; one without a first day is
    left out. ``contacted`` are the organizations with a contact within a year before.
    """

    day: date
    services: int | None
    agreements: int
    contacted: int
    coverage: float | None
    complete: float | None


def months(session: Session) -> list[Month]:
    """Return the months of which anything was kept, the newest first."""
    services = {(row.day.year, row.day.month): row for row in trend(session, MONTHS)}
    covered, agreements, contacts = _covered(session), _agreements(session), _contacts(session)
    found = []
    for key in sorted({*services, *covered}, reverse=True)[:MONTHS]:
        there, lines = services.get(key), covered.get(key)
        day = max(day for day in (there.day if there else None, lines[0] if lines else None) if day)
        since = day - timedelta(days=CONTACT_DAYS)
        found.append(
            Month(
                day=day,
                services=there.services if there else None,
                agreements=sum(first <= day <= last for first, last in agreements),
                contacted=len({one for one, on in contacts if since <= on <= day}),
                coverage=lines[1] if lines else None,
                complete=lines[2] if lines else None,
            )
        )
    return found


def _covered(session: Session) -> dict[tuple[int, int], tuple[date, float | None, float | None]]:
    """Return month -> its day, the share of needed lines that are there, and of packages that are whole."""
    names = ("lines", "open", "packages", "complete")
    sums = (func.sum(getattr(AreaSnapshot, name)) for name in names)
    query = select(AreaSnapshot.day, *sums).group_by(AreaSnapshot.day).order_by(AreaSnapshot.day)
    return {
        (day.year, day.month): (day, there / lines if lines else None, whole / packages if packages else None)
        for day, lines, there, packages, whole in session.execute(query)
    }


def _agreements(session: Session) -> list[tuple[date, date]]:
    """Return the first and the last day of each agreement that has a first one."""
    query = select(Agreement.begins, Agreement.ends, Agreement.ended_on)
    return [
        (begins, min(end for end in (ends, ended, date.max) if end))
        for begins, ends, ended in session.execute(query.where(Agreement.begins.is_not(None)))
        if begins
    ]


def _contacts(session: Session) -> list[tuple[str, date]]:
    """Return with which organization there was a contact on which day."""
    query = select(PartnerContact.organization_id, PartnerContact.day).distinct()
    return [(organization, day) for organization, day in session.execute(query)]
