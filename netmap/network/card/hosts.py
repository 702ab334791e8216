"""Who could run the service that is missing: existing providers, each with the reasons that speak for it.

A provider that is closed, or that answered that it will not offer this, is never named. Reasons are facts of
the directory and of the partners' answers; whether somebody wants to is for people to ask.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.distances import straight_km
from netmap.directory.eligibility_words import criterion_name
from netmap.directory.models import Location, Organization, Service, ServiceAtLocation, ServiceCapacity
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.card.asks import Ask, Asks
from netmap.network.card.openings import there
from netmap.network.cells.kinds import SINGLE_PROVIDER
from netmap.network.gaps.one_gap import Found
from netmap.network.gaps.words import names_of
from netmap.partners.agreement_queries import holds
from netmap.partners.models import Agreement, AgreementParty, PartnerService, Partnership
from netmap.vocabulary.terms import label

MOST = 5
NEAR_KM = 5.0  # a house so near to the middle of an area is as good as in it
WORTH: Mapping[str, int] = {"blocked": 4, "could": 4, "clients": 2, "premises": 2, "spare": 1, "partner": 1}
FEWEST = 2  # points; a free place alone, or being a partner alone, makes nobody a host


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a provider; ``code`` is one of `WORTH`."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Host:
    """A provider that could run the service, and why."""

    provider: str
    name: str
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """Return the worth of all reasons together."""
        return sum(WORTH[one.code] for one in self.reasons)


def hosts_of(session: Session, found: Found, asks: Asks) -> list[Host]:
    """Return the providers for which most speaks, with the reasons, the best first."""
    if not found.card.service_type:
        return []
    reasons: dict[str, dict[str, str]] = defaultdict(dict)
    weight: dict[str, float] = defaultdict(float)
    for ask in asks.best:
        if "blocked" not in reasons[ask.provider]:
            reasons[ask.provider]["blocked"] = _blocked(ask)
        weight[ask.provider] = max(weight[ask.provider], ask.weight)
    for one in (_could(session, found), _clients(found), _premises(session, found), _spare(session)):
        for provider, (code, text) in one.items():
            reasons[provider][code] = text
    for provider in _partners(session, found):
        reasons[provider]["partner"] = _("is a partner of the network")
    living, present = _living(session, found), _there_already(found, asks)
    hosts = [
        Host(key, living[key], tuple(Reason(code, told[code]) for code in WORTH if code in told))
        for key, told in reasons.items()
        if key in living and key not in present
    ]
    kept = [host for host in hosts if host.points >= FEWEST]
    return sorted(kept, key=lambda one: (-one.points, -weight[one.provider], one.name, one.provider))[:MOST]


def _there_already(found: Found, asks: Asks) -> set[str]:
    """Return who cannot be the next provider: who is there where too few are, and nowhere one step away."""
    question, card = found.question, found.card
    if card.kind != SINGLE_PROVIDER:
        return set()
    profile = question.profiles[card.profile]
    here = {key for line in card.lines for key in there(question.ground, profile, card, line)}
    return here - {ask.provider for ask in asks.best}


def _living(session: Session, found: Found) -> dict[str, str]:
    """Return id -> name of the organizations that are not closed and did not say no."""
    kind, day = found.card.service_type, found.question.day
    refused = select(PartnerService.organization_id).where(
        PartnerService.service_type == kind, PartnerService.answer == "no"
    )
    query = select(Organization.id, Organization.name).where(
        Organization.removed_in_source.is_(None),
        (Organization.closed_on.is_(None)) | (Organization.closed_on > day),
        Organization.id.not_in(refused),
    )
    return dict(session.execute(query).all())


def _blocked(ask: Ask) -> str:
    what = criterion_name(ask.criterion)
    return _("offers it, and one thing stands in the way in %(areas)s: %(what)s", areas=ask.where, what=what)


def _could(session: Session, found: Found) -> dict[str, tuple[str, str]]:
    query = select(PartnerService.organization_id).where(
        PartnerService.service_type == found.card.service_type, PartnerService.answer == "could"
    )
    told = _("answered that it could offer it")
    return dict.fromkeys(session.scalars(query), ("could", told))


def _clients(found: Found) -> dict[str, tuple[str, str]]:
    """Return who is there for other lines of the same package, in an area of the gap."""
    question, card = found.question, found.card
    profile = question.profiles[card.profile]
    kinds: dict[str, dict[str, None]] = defaultdict(dict)
    for line in profile.lines:
        if line.service_type != card.service_type:
            for provider in there(question.ground, profile, card, line):
                kinds[provider][label(line.service_type)] = None
    return {
        key: ("clients", _("is there for the same people with: %(services)s", services=names_of(list(some))))
        for key, some in kinds.items()
    }


def _premises(session: Session, found: Found) -> dict[str, tuple[str, str]]:
    """Return who has a place in an area of the gap, or very near to the middle of it; no secret places."""
    question, card = found.question, found.card
    middle = {area.code: area.point for area in question.ground.areas if area.code in card.areas}
    query = (
        select(Service.organization_id, Location.area_code, Location.latitude, Location.longitude)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(Service.organization_id.is_not(None), Location.confidential.is_(False))
        .where(Location.removed_in_source.is_(None), Service.removed_in_source.is_(None))
        .where(Service.status.in_(("active", "unknown")))
        .distinct()
    )
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for provider, area, latitude, longitude in session.execute(query):
        if provider is None:
            continue
        if area in middle:
            places[provider][area] = None
        elif area is None and latitude is not None and longitude is not None:
            for code, point in middle.items():
                if point is not None and straight_km(point, (latitude, longitude)) <= NEAR_KM:
                    places[provider][code] = None
    return {
        key: (
            "premises",
            _("has a place in %(areas)s", areas=names_of([question.area_name(a) for a in some])),
        )
        for key, some in places.items()
    }


def _spare(session: Session) -> dict[str, tuple[str, str]]:
    query = (
        select(Service.organization_id, ServiceCapacity.available)
        .join(ServiceCapacity, ServiceCapacity.service_id == Service.id)
        .where(Service.organization_id.is_not(None), ServiceCapacity.available > 0)
        .where(Service.status == "active", Service.removed_in_source.is_(None))
    )
    most: dict[str, float] = defaultdict(float)
    for provider, free in session.execute(query):
        if provider is not None and free is not None:
            most[provider] = max(most[provider], free)
    return {
        key: ("spare", _("has free places: %(number)s", number=number(free))) for key, free in most.items()
    }


def _partners(session: Session, found: Found) -> set[str]:
    """Return the organizations that are partners, or party of an agreement in force."""
    partners = select(Partnership.organization_id).where(Partnership.state == "partner")
    agreed = (
        select(AgreementParty.organization_id)
        .join(Agreement, Agreement.id == AgreementParty.agreement_id)
        .where(AgreementParty.organization_id.is_not(None), holds("in_force", found.question.day))
    )
    return {key for query in (partners, agreed) for key in session.scalars(query) if key}
