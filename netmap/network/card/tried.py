"""What speaks for a gap beside the directory: unmet needs, failed tries and calls, with counts and days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.directory.models import ServiceTypeLink
from netmap.directory.offers import area_insides
from netmap.freshness.models import REACHED, Call, CalledRecord, stands
from netmap.i18n import gettext as _
from netmap.network import queries
from netmap.network.demand.evidence import DAYS, evidence
from netmap.network.few import told_sum
from netmap.network.gaps.one_gap import Found
from netmap.network.statistics import shown

UNMET, FAILED, CALLS = "unmet", "failed", "calls"
Here = Callable[[str | None], bool]  # whether a record of this area counts


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the evidence: what was counted, how often as it may be told, and when last.

    ``code`` says where its list stands.
    """

    code: str
    what: str
    number: str
    last: date | None


def tried_of(session: Session, found: Found) -> list[Said]:
    """Return what was recorded about the need in the areas of a gap; empty where nothing was.

    What was recorded without a place has lines of its own.
    """
    inside = area_insides(session)
    areas = set(found.card.areas)

    def here(code: str | None) -> bool:
        return code is not None and bool(areas & inside(code))

    def nowhere(code: str | None) -> bool:
        return code is None

    told = (
        _unmet(session, found, here, _("staff recorded that nobody was found")),
        _unmet(session, found, nowhere, _("staff recorded that nobody was found, and not where")),
        _failed(session, found, here, _("tries to get this help that failed, within a year")),
        _failed(session, found, nowhere, _("tries that failed within a year, not recorded where")),
        _calls(session, found),
    )
    return [one for one in told if one is not None]


def _unmet(session: Session, found: Found, here: Here, what: str) -> Said | None:
    needs = {line.need for line in found.card.lines}
    rows = [
        row
        for row in queries.unmet_by_place(session)
        if (row.service_type == found.card.service_type or (row.service_type is None and row.need in needs))
        and here(row.area)
    ]
    if not rows:
        return None
    return Said(UNMET, what, told_sum(row.times for row in rows), max(row.last for row in rows))


def _failed(session: Session, found: Found, here: Here, what: str) -> Said | None:
    rows = [
        row
        for (kind, area), row in evidence(session, found.question.day).items()
        if kind == found.card.service_type and here(area)
    ]
    if not any(row.failed for row in rows):
        return None
    number = _(
        "%(failed)s of %(asked)s",
        failed=told_sum(row.failed for row in rows),
        asked=told_sum(number for row in rows for number in (row.failed, row.worked)),
    )
    return Said(FAILED, what, number, max((row.last for row in rows if row.last), default=None))


def _calls(session: Session, found: Found) -> Said | None:
    """Return how often somebody rang providers of this kind of service and reached them, within a year."""
    zone = found.question.settings.zone()
    since = datetime.combine(found.question.day - timedelta(days=DAYS), time(), zone)
    kinds = select(ServiceTypeLink.service_id).where(
        ServiceTypeLink.code == found.card.service_type, ServiceTypeLink.state != "rejected"
    )
    query = (
        select(func.count(Call.id.distinct()), func.max(Call.at))
        .join(CalledRecord, CalledRecord.call_id == Call.id)
        .where(stands(), Call.at >= since, Call.outcome.in_(REACHED))
        .where(CalledRecord.service_id.in_(kinds))
    )
    number, last = session.execute(query).one()
    if not number:
        return None
    what = _("calls to providers of this kind of service, within a year")
    return Said(CALLS, what, shown(number), last.astimezone(zone).date() if last else None)
