"""What a scenario is tried on: the network as it is in the database, and what everything is called.

Of a large directory a process keeps the network with the question that it was made of
(`netmap.network.gaps.kept_question`), and with it all that was worked out for earlier scenarios.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.eligibility import Offer
from netmap.directory.offers import area_insides
from netmap.i18n import gettext as _
from netmap.network import queries
from netmap.network.gaps import kept_question
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


@dataclass(frozen=True)
class _Ready:
    """A network with the question that it was made of, and the provider of each of its services."""

    question: Question
    network: Network
    owners: Mapping[str, str | None]


_making = Lock()
_kept: WeakKeyDictionary[Pool, _Ready] = WeakKeyDictionary()


def desk(session: Session, settings: Settings) -> Desk:
    """Return the network as it is in the database, of a large directory as the gaps were last read."""
    ready = _ready(session, settings)
    question, network = ready.question, ready.network
    known = Known(
        services={key: question.names[key] for key in ready.owners},
        providers={key: question.names[key] for key in question.organizations},
        owners={key: owner for key, owner in ready.owners.items() if owner},
        areas={code: question.area_name(code) for code in question.areas},
        planned={one.code: one for one in question.ground.areas},
        inside=area_insides(session),
    )
    return Desk(question, known, network, {})


def _ready(session: Session, settings: Settings) -> _Ready:
    """Return the network of the question that is kept; of a small directory it is made anew."""
    bind, question = session.get_bind(), kept_question.everything(session, settings)
    if not isinstance(bind, Engine) or not kept_question.is_kept(bind, question):
        return _made(session, settings, question)
    with _making:  # who comes meanwhile waits for the network and does not make a second one
        ready = _kept.get(bind.pool)
        if ready is None or ready.question is not question:
            ready = _kept[bind.pool] = _made(session, settings, question)
        return ready


def _made(session: Session, settings: Settings, question: Question) -> _Ready:
    ways, everything = roads(session), question.everything
    network = Network(
        Land(question.ground.areas, settings.circuity, ways.known, ways.homes),
        _offers(question),
        question.profiles.values(),
        question.demands,
        linked=everything.context.linked,
        capacities=_capacities(question),
        ground=question.ground,
        min_ratio=settings.min_capacity_ratio,
    )
    owners = queries.owners(session)  # of a question that is kept: not those who came later
    return _Ready(question, network, {key: one for key, one in owners.items() if key in question.names})


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
