"""The test for ignorance: may the help be there, and only nobody knows it? Asked before a gap is declared.

Four ways to be wrong: nobody looked for this kind of help, nobody knows the services that give it, services
are typed wrongly or not at all, or facts are missing that one call would bring. All of it is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.directory.eligibility import CRITERIA, Offer
from netmap.directory.eligibility_words import criterion_name
from netmap.directory.models import Organization, Service, ServiceTypeLink
from netmap.freshness.models import ServiceUse
from netmap.freshness.uses import KEPT_WEEKS, monday
from netmap.i18n import gettext as _
from netmap.network.cells.engine import LineCells
from netmap.network.cells.ground import Ground, provider_of
from netmap.network.cells.kinds import BIT, Bits
from netmap.network.gaps.one_gap import Found
from netmap.network.gaps.taking import tests
from netmap.network.gaps.taking_models import GapTest
from netmap.network.statistics import shown

MOST = 10  # services of one list


@dataclass(frozen=True, slots=True)
class Named:
    """A service with its provider, the desk that one call reaches, and what is to be asked or looked at."""

    service: str
    name: str
    provider: str
    desk: str
    about: str = ""


@dataclass(frozen=True)
class Ignorance:
    """What may be known too little of.

    ``looked`` is how often services of this kind were shown or opened in ``weeks`` weeks, as it may be told,
    None where nothing of this kind is recorded at all. Of each list the first `MOST` stand here.
    """

    weeks: int
    looked: str | None
    nobody_looked: bool
    unknown_to_staff: Sequence[Named]
    suggested: Sequence[Named]
    untyped: int
    to_ask: Sequence[Named]
    counts: tuple[int, int, int]
    tests: Sequence[GapTest]

    @property
    def open_questions(self) -> bool:
        """Return whether anything is left to look at."""
        return self.nobody_looked or any(self.counts) or self.untyped > 0


def ignorance_of(session: Session, found: Found) -> Ignorance:
    """Return what should be looked at before this gap is told to anybody."""
    kind = found.card.service_type
    rows = _of_kind(session, kind)
    uses = _uses(session, found)
    living = [row for row in rows if row[1].status in ("active", "unknown")]
    confirmed = [row for row in living if row[0] == "confirmed"]
    looked = sum(seen + opened for seen, opened in uses.values())
    unknown = [row for row in confirmed if not uses.get(row[1].id, (0, 0))[1]]
    doubtful = [row for row in living if row[0] == "suggested"]
    asked = to_ask(found)
    return Ignorance(
        weeks=KEPT_WEEKS,
        looked=shown(looked) if rows else None,
        nobody_looked=not looked,
        unknown_to_staff=[_named(*row[1:]) for row in unknown[:MOST]],
        suggested=[_named(*row[1:]) for row in doubtful[:MOST]],
        untyped=found.question.untyped[0],
        to_ask=asked[:MOST],
        counts=(len(unknown), len(doubtful), len(asked)),
        tests=tests(session, found.card.key),
    )


def _of_kind(session: Session, kind: str) -> list[tuple[str, Service, Organization | None]]:
    """Return state of the type, service and organization of all that may be of a kind, by name."""
    query = (
        select(ServiceTypeLink.state, Service, Organization)
        .join(Service, Service.id == ServiceTypeLink.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .where(ServiceTypeLink.code == kind, ServiceTypeLink.state != "rejected")
        .where(Service.removed_in_source.is_(None), Organization.closed_on.is_(None))
        .order_by(Service.name, Service.id)
    )
    return [(state, service, organization) for state, service, organization in session.execute(query)]


def _uses(session: Session, found: Found) -> dict[str, tuple[int, int]]:
    """Return service -> how often it was shown or offered, and opened or chosen, in the weeks kept."""
    since = monday(found.question.day) - timedelta(weeks=KEPT_WEEKS)
    kinds = select(ServiceTypeLink.service_id).where(
        ServiceTypeLink.code == found.card.service_type, ServiceTypeLink.state != "rejected"
    )
    query = (
        select(
            ServiceUse.service_id,
            func.sum(ServiceUse.shown + ServiceUse.matched),
            func.sum(ServiceUse.opened + ServiceUse.chosen),
        )
        .where(ServiceUse.week >= since, ServiceUse.service_id.in_(kinds))
        .group_by(ServiceUse.service_id)
    )
    return {key: (seen or 0, opened or 0) for key, seen, opened in session.execute(query)}


def _named(service: Service, organization: Organization | None) -> Named:
    return Named(
        service.id,
        service.name,
        organization.name if organization else "",
        service.organization_id or service.id,
    )


def to_ask(found: Found) -> list[Named]:
    """Return the services that fail at nothing known in some area of the gap, with what has to be asked."""
    question, card = found.question, found.card
    profile = question.profiles[card.profile]
    told: dict[str, Named] = {}
    for line in card.lines:
        cells = LineCells(question.ground, profile, line)
        for row in perhaps_in(question.ground, cells, card.areas):
            offer = cells.group.offers[row]
            if offer.service_id not in told:
                told[offer.service_id] = _to_ask(found, offer, cells.unknown[row])
    return list(told.values())


def perhaps_in(ground: Ground, cells: LineCells, areas: Sequence[str]) -> list[int]:
    """Return the rows of the offers that fail at nothing known in some of the areas, and pass in none."""
    columns = [column for column, area in enumerate(ground.areas) if area.code in set(areas)]
    perhaps, sure = cells.perhaps[:, columns].any(axis=1), cells.sure[:, columns].any(axis=1)
    rows: list[int] = np.flatnonzero(perhaps & ~sure).tolist()
    return rows


def _to_ask(found: Found, offer: Offer, unknown: Bits) -> Named:
    """Return a service with what is not known of it in some area."""
    names, bits = found.question.names, int(np.bitwise_or.reduce(unknown))
    unsaid = [criterion_name(one) for one in CRITERIA if bits & int(BIT[one])]
    return Named(
        offer.service_id,
        names.get(offer.service_id, offer.service_id),
        names.get(offer.organization_id or "", ""),
        provider_of(offer),
        ", ".join(unsaid),
    )


def looked_at_names() -> dict[str, str]:
    """Return what can be looked at before a gap is declared, in words."""
    return {
        "colleagues": _("Colleagues were asked whether they know somebody"),
        "services": _("The services that nobody opened were looked at"),
        "types": _("Suggested and missing types were checked"),
        "calls": _("What is not known was asked by telephone"),
    }
