"""What a scenario is tried on: the network as it is in the database, and what everything is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.eligibility import Offer
from netmap.directory.offers import area_insides
from netmap.i18n import gettext as _
from netmap.network import queries
from netmap.network.gaps import loading
from netmap.network.gaps.loading import Question
from netmap.network.travel import roads
from netmap.network.whatif.scenario_reading import Known
from netmap.network.whatif.state import Land, Network
from netmap.vocabulary.terms import vocabulary


@dataclass(frozen=True)
class Desk:
    """The network, ready for many scenarios; ``new_names`` are those of what is only planned."""

    question: Question
    known: Known
    network: Network
    new_names: Mapping[str, str]

    def name(self, key: str) -> str:
        """Return what a service or provider is called."""
        if key in self.new_names:
            return self.new_names[key]
        if key.startswith("new-"):
            return _("the new service")
        return self.question.names.get(key, key)

    def with_provider(self, key: str) -> str:
        """Return what a service or provider is called, a service with whose it is."""
        told, owner = self.name(key), self.name(self.known.owners.get(key, key))
        return told if owner == told else f"{told} ({owner})"

    def area_name(self, code: str) -> str:
        """Return what an area is called."""
        return self.question.area_name(code)


def desk(session: Session, settings: Settings) -> Desk:
    """Return the network as it is in the database."""
    question = loading.load(session, settings)
    areas = {one.code: one for one in question.ground.areas}
    owners = queries.owners(session)
    known = Known(
        services={key: question.names[key] for key in owners},
        providers={key: question.names[key] for key in question.organizations},
        owners={key: owner for key, owner in owners.items() if owner},
        areas={code: question.area_name(code) for code in question.areas},
        planned=areas,
        inside=area_insides(session),
    )
    ways = roads(session)
    land = Land(question.ground.areas, settings.circuity, ways.known, ways.homes)
    network = Network(
        land,
        _offers(question),
        question.profiles.values(),
        question.demands,
        linked=question.everything.context.linked,
        capacities=_capacities(question),
        ground=question.ground,
        min_ratio=settings.min_capacity_ratio,
    )
    return Desk(question, known, network, {})


def _offers(question: Question) -> list[Offer]:
    """Return every offer that has a kind, confirmed or suggested, once."""
    found: dict[tuple[str, str | None], Offer] = {}
    for code in vocabulary().service_types:
        for offer in question.ground.of_type(code).offers:
            found[offer.service_id, offer.place_id] = offer
    return list(found.values())


def _capacities(question: Question) -> dict[str, float]:
    """Return how many clients each service can take in a year, where it is known."""
    found: dict[str, float] = {}
    capacity = question.everything.context.capacity
    if capacity is None:
        return found
    for code in vocabulary().service_types:
        services = question.ground.of_type(code).services[0]
        amounts = capacity(services).tolist()
        found.update(pair for pair in zip(services, amounts, strict=True) if not isnan(pair[1]))
    return found
