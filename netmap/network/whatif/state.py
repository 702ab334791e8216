"""The network as it is, prepared so that what a few changes do to it is quickly said. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import Offer
from netmap.network.cells.engine import LineCells, Profile, needed
from netmap.network.cells.ground import Area, Flags, Ground
from netmap.network.cells.handoffs import handoffs_of
from netmap.network.gaps.cards import Demands
from netmap.network.whatif.effect import HandOff
from netmap.network.whatif.line_sums import Counts, LineSums
from netmap.network.whatif.links import Links, broken, linked_pairs
from netmap.network.whatif.scenario import Catalogue, Pair
from netmap.network.whatif.supply import Queue, queues

MIN_RATIO = 0.8
Place = tuple[str, str]  # profile and key of a line


@dataclass(frozen=True)
class Land:
    """Where people live and how they get about; offers make a `Ground` of it."""

    areas: tuple[Area, ...]
    circuity: float = 1.3
    travel: Mapping[tuple[str, str], float] = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)

    def ground(self, offers: Iterable[Offer], homes: Mapping[str, str] | None = None) -> Ground:
        """Return the ground with these offers; ``homes`` are the areas of places that are only planned."""
        known = {**self.homes, **(homes or {})}
        return Ground(self.areas, tuple(offers), self.circuity, travel=self.travel, place_areas=known)


class Network:
    """The network as it is, ready to be asked "what if" many times.

    Parameters
    ----------
    land : Land
    offers : iterable of Offer
    profiles : iterable of Profile
    demands : mapping of (area, profile) to Demand
    linked : iterable of pairs of providers that hand over to each other
    capacities : mapping of service id to the clients that it can take in a year
    ground : Ground, optional
        That of these offers, where it is there already.
    min_ratio : float
        Places for each client below which help counts as too little.
    """

    def __init__(
        self,
        land: Land,
        offers: Iterable[Offer],
        profiles: Iterable[Profile],
        demands: Demands,
        *,
        linked: Iterable[Pair] = (),
        capacities: Mapping[str, float] | None = None,
        ground: Ground | None = None,
        min_ratio: float = MIN_RATIO,
    ) -> None:
        self.land = land
        self.offers = tuple(offers)
        self.profiles = {profile.code: profile for profile in profiles}
        self.demands = demands
        self.links = Links(linked)
        self.capacities = capacities or {}
        self.ground = ground or land.ground(self.offers)
        self.min_ratio = min_ratio
        self._queues: dict[str, dict[Place, Queue]] = {}
        self._sums: dict[Place, LineSums] = {}
        self._lacking: dict[str, Counts] = {}
        self._pairs: dict[tuple[Place, Place], Counts] = {}
        self._broken: dict[tuple[Place, Place], Flags] = {}
        self._heads: dict[str, NDArray[np.float64]] = {}
        self._clients: dict[str, NDArray[np.float64]] = {}

    @cached_property
    def catalogue(self) -> Catalogue:
        """The offers, ready to be changed."""
        return Catalogue(self.offers, self.capacities)

    @cached_property
    def places_by_type(self) -> Mapping[str, tuple[Place, ...]]:
        """The lines of each kind of service."""
        found: dict[str, list[Place]] = defaultdict(list)
        for profile in self.profiles.values():
            for line in profile.lines:
                found[line.service_type].append((profile.code, line.key))
        return {code: tuple(places) for code, places in found.items()}

    @cached_property
    def hand_offs(self) -> Sequence[tuple[HandOff, tuple[Place, Place]]]:
        """The hand-offs of all packages, each with its two lines."""
        found = [HandOff(*one) for profile in self.profiles.values() for one in handoffs_of(profile)]
        return [(hand_off, ends_of(hand_off)) for hand_off in found]

    @cached_property
    def _hand_offs_at(self) -> Mapping[Place, Sequence[int]]:
        found: dict[Place, list[int]] = defaultdict(list)
        for number, (_hand_off, places) in enumerate(self.hand_offs):
            for place in places:
                found[place].append(number)
        return found

    def hand_offs_of(self, places: Iterable[Place]) -> list[tuple[HandOff, tuple[Place, Place]]]:
        """Return the hand-offs that begin or end with one of some lines."""
        found = {number for place in places for number in self._hand_offs_at.get(place, ())}
        return [self.hand_offs[number] for number in sorted(found)]

    def prepare(self) -> None:
        """Work out everything now, not when it is first asked for."""
        for code, profile in self.profiles.items():
            self.lacking(code)
            self.clients(code)
            for line in profile.lines:
                self.sums((code, line.key))
        for hand_off, _places in self.hand_offs:
            self.broken(hand_off)
        for kind in self.places_by_type:
            self.queues(kind)
        _ = self.catalogue.by_service, self.places_by_type

    def sums(self, place: Place) -> LineSums:
        """Return the sums of one line."""
        if place not in self._sums:
            profile = self.profiles[place[0]]
            line = next(line for line in profile.lines if line.key == place[1])
            masks = LineCells(self.ground, profile, line)
            self._sums[place] = LineSums(masks, profile, line, len(self.land.areas))
        return self._sums[place]

    def named(self, service_type: str) -> tuple[str, ...]:
        """Return the services of one kind."""
        return self.ground.of_type(service_type).services[0]

    def queues(self, service_type: str) -> Mapping[Place, Queue]:
        """Return how much the services of one kind give each client of each line that wants it."""
        if service_type not in self._queues:
            lines = {place: self.sums(place) for place in self.places_by_type[service_type]}
            heads = {profile: self.heads(profile) for profile, _key in lines}
            self._queues[service_type] = queues(lines, heads, self.capacities)
        return self._queues[service_type]

    def heads(self, profile: str) -> NDArray[np.float64]:
        """Return the clients to be expected in each area, 0 where nobody knows of any."""
        if profile not in self._heads:
            found = [self.demands.get((area.code, profile)) for area in self.land.areas]
            self._heads[profile] = np.array([one.expected if one else 0.0 for one in found])
        return self._heads[profile]

    def lacking(self, profile: str) -> Counts:
        """Return for each area how many lines that a package needs are closed there."""
        if profile not in self._lacking:
            lines = self.profiles[profile].lines
            closed = [self.sums((profile, line.key)).codes > 0 for line in lines if needed(line, lines)]
            self._lacking[profile] = np.sum(closed, axis=0, dtype=np.int32) + self._nothing
        return self._lacking[profile]

    def pairs(self, hand_off: HandOff) -> Counts:
        """Return for each area how many pairs of providers can hand over."""
        first, then = ends_of(hand_off)
        if (first, then) not in self._pairs:
            self._pairs[first, then] = linked_pairs(self.sums(first), self.sums(then), self.links)
        return self._pairs[first, then]

    def broken(self, hand_off: HandOff) -> Flags:
        """Return the areas in which a hand-off is broken."""
        first, then = ends_of(hand_off)
        if (first, then) not in self._broken:
            giving, taking = self.sums(first).providers, self.sums(then).providers
            self._broken[first, then] = broken(self.pairs(hand_off), giving, taking)
        return self._broken[first, then]

    def clients(self, profile: str) -> NDArray[np.float64]:
        """Return the clients of a profile in each area, NaN where nobody counted."""
        if profile not in self._clients:
            found = [self.demands.get((area.code, profile)) for area in self.land.areas]
            self._clients[profile] = np.array([np.nan if one is None else one.clients for one in found])
        return self._clients[profile]

    @cached_property
    def _nothing(self) -> Counts:
        return np.zeros(len(self.land.areas), dtype=np.int32)


def ends_of(hand_off: HandOff) -> tuple[Place, Place]:
    """Return the two lines of a hand-off."""
    return (hand_off.profile, hand_off.first.key), (hand_off.profile, hand_off.then.key)
