"""Who last confirmed a record, when and how: what every card, line and page says of its age."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Service
from netmap.freshness.age import Age, age_of, human_age, rhythm
from netmap.freshness.models import Confirmation
from netmap.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Check:
    """The last confirmation of a record by a person; ``by`` and ``how`` are empty where not known."""

    age: Age
    day: date | None
    by: str
    how: str


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CHECKED = (
    select(
        Service.id,
        Service.assured_date,
        Service.assurer_email,
        Service.review_days,
        Organization.review_days.label("of_organization"),
    )
    .outerjoin(Organization, Service.organization_id == Organization.id)
    .where(Service.id.in_(_IDS))
)
_WAYS = (
    select(Confirmation.service_id, Confirmation.day, Confirmation.by, Confirmation.how)
    .where(Confirmation.service_id.in_(_IDS))
    .order_by(Confirmation.id)
)


def checks_of(session: Session, ids: Collection[str], today: date, *, stale_days: int) -> Mapping[str, Check]:
    """Return the last confirmation of each of these services, in two SELECTs.

    A way counts only for the confirmation that stands in the record: same day, same person.
    """
    asked, ways = {"ids": list(ids)}, _ways(session, ids)
    return {
        row.id: Check(
            age=age_of(row.assured_date, rhythm(row.review_days, row.of_organization, stale_days), today),
            day=row.assured_date,
            by=(row.assurer_email or "") if row.assured_date else "",
            how=ways.get((row.id, row.assured_date, row.assurer_email), ""),
        )
        for row in session.execute(_CHECKED, asked)
    }


def check_of(session: Session, service: Service, today: date, *, stale_days: int) -> Check:
    """Return the last confirmation of a service that is loaded with its organization, in one SELECT."""
    by = (service.assurer_email or "") if service.assured_date else ""
    how = _ways(session, [service.id]).get((service.id, service.assured_date, by), "")
    return Check(human_age(service, today, stale_days=stale_days), service.assured_date, by, how)


def _ways(session: Session, ids: Collection[str]) -> dict[tuple[str | None, date | None, str], str]:
    rows = session.execute(_WAYS, {"ids": list(ids)})
    return {(row.service_id, row.day, row.by): row.how for row in rows}


def way_name(how: str) -> str:
    """Return in which way a record was confirmed, in words."""
    names = {
        "phone": _("by phone"),
        "visit": _("on a visit"),
        "provider": _("by the provider itself"),
        "web": _("on its web page"),
        "letter": _("by letter"),
    }
    return names.get(how, how)
