"""One what-if against working everything out before and after: 2,000 areas, 50 packages of 6 lines.

The peer is netmap's own whole pass over all cells (`LineCells` for every line, the reasons of every cell),
once with the offers as they are and once with those of the scenario. Before a time is printed both ways must
name the same gaps closed, opened and renamed. A prepared network is needed once; its time and memory are
printed. With ``--roads NUMBER`` so many roads between areas are known, and the area of every place.
"""

import os
import platform
import random
import resource
import statistics
import sys
from datetime import date
from time import perf_counter, thread_time

import numpy as np

from netmap.directory.eligibility import Offer
from netmap.network.cells.engine import LineCells, profile_of
from netmap.network.cells.ground import Area
from netmap.network.roads import kilometres
from netmap.network.statistics import demand
from netmap.network.whatif.effect import Effect
from netmap.network.whatif.line_sums import LineSums, reason_of
from netmap.network.whatif.scenario import (
    AddService,
    Change,
    ChangeLink,
    ChangeServices,
    CloseProvider,
    RemoveService,
)
from netmap.network.whatif.state import Land, Network
from netmap.network.whatif.trial import what_if
from netmap.packages.document import Document, Line
from netmap.vocabulary.terms import vocabulary

SEED, AREAS, PACKAGES, LINES, SERVICES, TOWNS = 7, 2000, 50, 6, 10_000, 40
TIMES = 25  # of each kind of scenario
DAY = date(2026, 11, 22)
FACTS = ("single_parent", "dis.mobility", "child_under_7", "leaving_prison")
KINDS = ("new service", "service ends", "rule changes", "language comes", "provider ends", "agreement")
Spot = tuple[float, float]


def country(chance: random.Random) -> list[Area]:
    """Return areas that lie around towns."""
    towns = [(chance.uniform(54.0, 56.3), chance.uniform(21.5, 26.5)) for _ in range(TOWNS)]
    spots = [
        (lat + chance.gauss(0, 0.12), lon + chance.gauss(0, 0.2))
        for lat, lon in chance.choices(towns, k=AREAS)
    ]
    return [Area(f"a{n}", spot) for n, spot in enumerate(spots)]


def service(chance: random.Random, key: str, provider: str, kinds: list[str], spot: Spot) -> Offer:
    """Return a service of which most is known."""
    return Offer(
        key,
        provider,
        f"at-{key}",
        f"loc-{key}",
        types=frozenset({chance.choice(kinds)}),
        status="active",
        latitude=spot[0],
        longitude=spot[1],
        languages=frozenset(chance.sample(["lt", "ru", "en", "uk"], chance.randint(1, 3))),
        excluded=frozenset(chance.sample(FACTS, chance.choice([0, 0, 0, 1]))),
        fee=chance.choice([0.0, 0.0, 10.0, None]),
        duration=chance.choice(["long", "long", "once", None]),
        assured_date=DAY,
    )


def package(chance: random.Random, code: str, kinds: list[str]) -> Document:
    """Return a package of six lines that wait for each other."""
    need = next(iter(vocabulary().needs))
    lines = tuple(
        Line(
            f"l{n}",
            need,
            kind,
            {"en": "Goal"},
            {need: 1.0},
            after=(f"l{n - 1}",) if n else (),
            duration=chance.choice(["", "long"]),
        )
        for n, kind in enumerate(chance.sample(kinds, LINES))
    )
    words = {"en": code}
    languages = tuple(chance.sample(["ru", "uk"], chance.choice([0, 1])))
    facts = tuple(chance.sample(FACTS, 1))
    return Document(
        code, words, words, words, {need: 1.0}, lines, required=facts, languages=languages, budget=0.0
    )


def known_roads(chance: random.Random, areas: list[Area], number: int) -> dict[tuple[str, str], float]:
    """Return so many roads, from each area to those next to it; each a bit longer than the straight line."""
    codes, points = [area.code for area in areas], [area.point for area in areas]
    km = kilometres(points, points)
    each = -(-number // len(areas))
    pairs = [
        (codes[row], codes[column])
        for row, nearest in enumerate(np.argsort(km, axis=1)[:, 1 : each + 1].tolist())
        for column in nearest
    ]
    at = {code: place for place, code in enumerate(codes)}
    return {pair: float(km[at[pair[0]], at[pair[1]]]) * chance.uniform(0.9, 1.3) for pair in pairs[:number]}


def build(chance: random.Random, roads: int = 0) -> tuple[Network, list[str]]:
    """Return the made-up network, not yet prepared, and its kinds of service."""
    areas = country(chance)
    kinds = sorted(vocabulary().service_types)
    at = [chance.choice(areas) for _ in range(SERVICES)]
    offers = [
        service(chance, f"s{n}", f"p{chance.randrange(SERVICES // 3)}", kinds, area.point or (0, 0))
        for n, area in enumerate(at)
    ]
    homes = {offer.location_id or "": area.code for offer, area in zip(offers, at, strict=True)}
    land = Land(
        tuple(areas), travel=known_roads(chance, areas, roads) if roads else {}, homes=homes if roads else {}
    )
    documents = [package(chance, f"k{n}", kinds) for n in range(PACKAGES)]
    profiles = [profile_of(one, max_km=30.0, circuity=1.3, day=DAY) for one in documents]
    demands = {
        (area.code, profile.code): demand(chance.randrange(20), None, None)
        for area in areas
        for profile in profiles
    }
    pairs = {frozenset(f"p{chance.randrange(SERVICES // 3)}" for _ in range(2)) for _ in range(10_000)}
    capacities = {offer.service_id: float(chance.randrange(10, 200)) for offer in offers}
    network = Network(land, offers, profiles, demands, linked=pairs, capacities=capacities)
    return network, kinds


def scenario(
    chance: random.Random, network: Network, kinds: list[str], kind: str, number: int
) -> list[Change]:
    """Return one change of a kind."""
    some = chance.choice(network.offers)
    if kind == "new service":
        area = chance.choice(network.land.areas)
        wanted = sorted(network.places_by_type)
        return [
            AddService(service(chance, f"new{number}", "new", wanted, area.point or (0, 0)), area=area.code)
        ]
    if kind == "service ends":
        return [RemoveService(some.service_id)]
    if kind == "rule changes":
        strict = chance.choice([offer for offer in network.offers if offer.excluded])
        return [ChangeServices(service=strict.service_id, accept=frozenset(FACTS))]
    if kind == "language comes":
        return [ChangeServices(service=some.service_id, facts={"interpreter": True})]
    if kind == "provider ends":
        return [CloseProvider(some.organization_id or "")]
    return [
        ChangeLink(
            frozenset({some.organization_id or "", chance.choice(network.offers).organization_id or ""})
        )
    ]


def whole_pass(network: Network, changes: list[Change]) -> dict[tuple[str, str], np.ndarray]:
    """Return why each cell is closed with the changes made, everything worked out from nothing."""
    edit = network.catalogue.edit(changes)
    gone = set(edit.gone)
    offers = [offer for offer in network.offers if offer not in gone] + list(edit.come)
    ground = network.land.ground(offers, edit.homes)
    return {
        (code, line.key): LineSums(LineCells(ground, profile, line), profile, line, AREAS).codes
        for code, profile in network.profiles.items()
        for line in profile.lines
    }


def differing(
    before: dict[tuple[str, str], np.ndarray], after: dict[tuple[str, str], np.ndarray]
) -> set[object]:
    """Return the cells whose reason differs."""

    def told(code: int) -> object:
        reason = reason_of(code)
        return reason and (reason.kind, reason.ask)

    return {
        (profile, key, column)
        for (profile, key), old in before.items()
        for column in np.flatnonzero(old != after[profile, key]).tolist()
        if told(int(old[column])) != told(int(after[profile, key][column]))
    }


def named(network: Network, effect: Effect) -> set[object]:
    """Return the cells that a what-if names."""
    at = {area.code: column for column, area in enumerate(network.land.areas)}
    return {
        (one.profile, one.line.key, at[one.area]) for one in (*effect.closed, *effect.opened, *effect.renamed)
    }


def main() -> None:
    """Measure and print."""
    chance = random.Random(SEED)
    roads = int(sys.argv[sys.argv.index("--roads") + 1]) if "--roads" in sys.argv else 0
    network, kinds = build(chance, roads)
    print(
        f"{AREAS} areas, {PACKAGES} packages of {LINES} lines, {SERVICES} services of {len(kinds)} kinds, "
        f"{roads} known roads, {TIMES} scenarios of each kind; Python {platform.python_version()}, "
        f"numpy {np.__version__}, "
        f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}"
    )
    start = perf_counter()
    network.prepare()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"prepared in {perf_counter() - start:.1f} s, peak memory {peak:.0f} MB")
    passes = 2 if "--quick" in sys.argv else len(KINDS)
    start = perf_counter()
    before = whole_pass(network, [])
    peers = [perf_counter() - start]
    print("kind              median / 95 % ms of work   changed cells (median)   the whole pass again, s")
    for row, kind in enumerate(KINDS):
        times, cells = [], []
        tried = [scenario(chance, network, kinds, kind, number) for number in range(TIMES)]
        what_if(network, tried[0])
        for changes in tried:
            start = thread_time()
            found = what_if(network, changes)
            times.append(1000 * (thread_time() - start))
            cells.append(len(found.closed) + len(found.opened) + len(found.renamed))
        again = ""
        if row < passes:
            start = perf_counter()
            after = whole_pass(network, tried[-1])
            peers.append(perf_counter() - start)
            assert differing(before, after) == named(network, found), kind
            again = f"{peers[-1]:.1f}"
        late = sorted(times)[int(0.95 * len(times))]
        print(
            f"{kind:<16} {statistics.median(times):8.2f} / {late:<8.2f} "
            f"{statistics.median(cells):14.0f} {again:>24}"
        )
    print(
        f"the whole pass, median of {len(peers)}: {statistics.median(peers):.1f} s; "
        "before and after it is twice that"
    )


if __name__ == "__main__":
    main()
