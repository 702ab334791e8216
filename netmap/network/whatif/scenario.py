"""A scenario: what shall be changed in the network, and the offers that come of it. Pure.

Services that are only planned have ids that no directory knows. What a plan does not say of a new service is
taken to fit: it is free, always open, has an interpreter and no steps, lasts, and takes everybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from netmap.directory.eligibility import Offer
from netmap.directory.hours import DAY_MINUTES, Rule
from netmap.network.cells.ground import Area, provider_of
from netmap.network.roads import Point

Pair = frozenset[str]
ALWAYS_OPEN = (Rule(byday=tuple((0, day) for day in range(7)), opens=0, closes=DAY_MINUTES),)


@dataclass(frozen=True, slots=True)
class AddService:
    """A new service; ``area`` is where its place lies, None for help from afar or at a point of its own."""

    offer: Offer
    area: str | None = None
    capacity: float | None = None


@dataclass(frozen=True, slots=True)
class RemoveService:
    """The end of one service, at all its places."""

    service: str


@dataclass(frozen=True, slots=True)
class CloseProvider:
    """The end of everything that one provider offers."""

    provider: str


@dataclass(frozen=True, slots=True)
class ChangeServices:
    """Other facts of one service, or of all of a provider, of a kind, or of a kind at a provider.

    ``facts`` are fields of an offer. ``accept`` are circumstances that no longer shut anybody out,
    ``stop_requiring`` those that need no longer hold, ``exclude`` and ``require`` new conditions.
    ``also_in`` are areas to which it comes as well, with their points. A ``capacity`` above that of before
    frees places where all were taken.
    """

    service: str | None = None
    provider: str | None = None
    service_type: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    accept: frozenset[str] = frozenset()
    stop_requiring: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    require: frozenset[str] = frozenset()
    also_in: tuple[Area, ...] = ()
    capacity: float | None = None


@dataclass(frozen=True, slots=True)
class ChangeLink:
    """Two providers that hand clients over to each other from now on, or no longer do."""

    between: Pair
    linked: bool = True


Change = AddService | RemoveService | CloseProvider | ChangeServices | ChangeLink


@dataclass(frozen=True)
class Edit:
    """What a scenario makes of the offers: those that go, those that come, and what is new beside them.

    A service that changes stands in both. ``homes`` are the areas of places that the directory does not
    have; ``unmatched`` are the places in the list of changes that found no service any more.
    """

    gone: tuple[Offer, ...] = ()
    come: tuple[Offer, ...] = ()
    homes: Mapping[str, str] = field(default_factory=dict)
    capacities: Mapping[str, float] = field(default_factory=dict)
    linked: frozenset[Pair] = frozenset()
    unlinked: frozenset[Pair] = frozenset()
    unmatched: tuple[int, ...] = ()


class Catalogue:
    """Offers by service, by provider and by kind, ready to be changed many times."""

    def __init__(self, offers: Iterable[Offer], capacities: Mapping[str, float] | None = None) -> None:
        self.capacities = capacities or {}
        self.by_service: dict[str, tuple[Offer, ...]] = {}
        gathered: dict[str, list[Offer]] = defaultdict(list)
        providers: dict[str, dict[str, None]] = defaultdict(dict)
        kinds: dict[str, dict[str, None]] = defaultdict(dict)
        for offer in offers:
            gathered[offer.service_id].append(offer)
            providers[provider_of(offer)][offer.service_id] = None
            for code in offer.types | offer.suggested:
                kinds[code][offer.service_id] = None
        self.by_service = {key: tuple(found) for key, found in gathered.items()}
        self.by_provider = {key: tuple(found) for key, found in providers.items()}
        self.by_type = {key: tuple(found) for key, found in kinds.items()}

    def edit(self, changes: Sequence[Change]) -> Edit:
        """Return what the changes make of the offers, one after another."""
        draft = _Draft(self)
        unmatched = tuple(number for number, change in enumerate(changes) if not draft.apply(change))
        return draft.edit(unmatched)


class _Draft:
    """The offers that were touched, as they are after the changes so far."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._base = catalogue
        self._now: dict[str, tuple[Offer, ...]] = {}
        self._homes: dict[str, str] = {}
        self._capacities: dict[str, float] = {}
        self._links: dict[Pair, bool] = {}

    def apply(self, change: Change) -> bool:
        """Make one change; return whether there was anything to be changed."""
        match change:
            case AddService():
                self._add(change)
                return True
            case ChangeLink():
                self._links[change.between] = change.linked
                return True
            case RemoveService():
                keys = [change.service] if self._of(change.service) else []
            case CloseProvider():
                keys = list(self._keys(None, change.provider, None))
            case ChangeServices():
                keys = list(self._keys(change.service, change.provider, change.service_type))
        for key in keys:
            if isinstance(change, ChangeServices):
                self._now[key] = self._changed(self._freed(key, change.capacity), change)
                if change.capacity is not None:
                    self._capacities[key] = change.capacity
            else:
                self._now[key] = ()
        return bool(keys)

    def edit(self, unmatched: tuple[int, ...]) -> Edit:
        """Return the sum of all changes; what came out as it was before is left out."""
        gone: list[Offer] = []
        come: list[Offer] = []
        for key, offers in self._now.items():
            before = self._base.by_service.get(key, ())
            gone.extend(offer for offer in before if offer not in offers)
            come.extend(offer for offer in offers if offer not in before)
        return Edit(
            gone=tuple(gone),
            come=tuple(come),
            homes=self._homes,
            capacities={key: value for key, value in self._capacities.items() if self._of(key)},
            linked=frozenset(pair for pair, holds in self._links.items() if holds),
            unlinked=frozenset(pair for pair, holds in self._links.items() if not holds),
            unmatched=unmatched,
        )

    def _add(self, change: AddService) -> None:
        offer = change.offer
        self._now[offer.service_id] = (*self._of(offer.service_id), offer)
        if change.area is not None and offer.location_id is not None:
            self._homes[offer.location_id] = change.area
        if change.capacity is not None:
            self._capacities[offer.service_id] = change.capacity

    def _freed(self, key: str, capacity: float | None) -> tuple[Offer, ...]:
        """Return the offers of a service; where none of its places is free, what comes on top is."""
        before = self._capacities.get(key, self._base.capacities.get(key, 0.0))
        offers = self._of(key)
        if capacity is None or capacity <= before:
            return offers
        return tuple(
            replace(one, places=ceil(capacity - before), wait_days=None) if one.places == 0 else one
            for one in offers
        )

    def _of(self, key: str) -> tuple[Offer, ...]:
        return self._now[key] if key in self._now else self._base.by_service.get(key, ())

    def _keys(self, service: str | None, provider: str | None, service_type: str | None) -> Iterator[str]:
        """Give the services that are meant and still there, those of the scenario as well."""
        if service is not None:
            known: Iterable[str] = (service,)
        elif provider is not None:
            known = self._base.by_provider.get(provider, ())
        else:
            known = self._base.by_type.get(service_type or "", ())
        for key in dict.fromkeys((*known, *(() if service is not None else self._now))):
            if any(_meant(offer, provider, service_type) for offer in self._of(key)):
                yield key

    def _changed(self, offers: tuple[Offer, ...], change: ChangeServices) -> tuple[Offer, ...]:
        """Return the offers with their new facts, and those at further places."""
        found = [_with_facts(offer, change) for offer in offers]
        for area in change.also_in:
            first, place = found[0], f"{offers[0].service_id}+{area.code}"
            self._homes[place] = area.code
            serves = None if first.serves is None else first.serves | {area.code}
            visit = replace(first, place_id=place, location_id=place, remote=False, serves=serves)
            found.append(at(visit, area.point))
        return tuple(found)


def at(offer: Offer, point: Point) -> Offer:
    """Return the offer at a point."""
    latitude, longitude = point or (None, None)
    return replace(offer, latitude=latitude, longitude=longitude)


def _meant(offer: Offer, provider: str | None, service_type: str | None) -> bool:
    return (provider is None or provider_of(offer) == provider) and (
        service_type is None or service_type in offer.types | offer.suggested
    )


def _with_facts(offer: Offer, change: ChangeServices) -> Offer:
    return replace(
        offer,
        **change.facts,  # type: ignore[arg-type]  # checked where they are read
        excluded=(offer.excluded - change.accept) | change.exclude,
        required=(offer.required - change.stop_requiring) | change.require,
    )
