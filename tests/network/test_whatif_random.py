"""What if on made-up networks: the quick way and working everything out again come to the same."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.directory.eligibility import Offer
from netmap.network.cells.engine import Context, LineCells, profile_of, survey
from netmap.network.cells.ground import Area, provider_of
from netmap.network.statistics import demand
from netmap.network.whatif.scenario import (
    AddService,
    ChangeLink,
    ChangeServices,
    CloseProvider,
    RemoveService,
)
from netmap.network.whatif.state import Land, Network
from netmap.network.whatif.trial import what_if
from netmap.packages.document import Document, Line

TODAY = date(2026, 11, 22)
TYPES = ("debt_advice", "job_search_support", "personal_assistant")
NEED = "fin.consumer_debt"
AREAS = tuple(Area(f"a{n}", (55.0 + n / 10, 25.0) if n < 4 else None) for n in range(5))
FACTS = ("single_parent", "dis.mobility")
PROVIDERS = ("P1", "P2", "P3", None)

few_facts = st.frozensets(st.sampled_from(FACTS), max_size=1)
some_areas = st.none() | st.frozensets(st.sampled_from([area.code for area in AREAS]), max_size=3)


@st.composite
def offers(draw, key):
    """Return one service at up to two places, or without a place."""
    kinds = draw(st.frozensets(st.sampled_from(TYPES), min_size=1, max_size=2))
    common = {
        "organization_id": draw(st.sampled_from(PROVIDERS)),
        "types": kinds,
        "suggested": draw(st.sampled_from([frozenset(), frozenset(TYPES[:1]) - kinds])),
        "status": draw(st.sampled_from(["active", "active", "active", "unknown", "closed"])),
        "languages": draw(st.sampled_from([None, frozenset({"en"}), frozenset({"uk"})])),
        "excluded": draw(few_facts),
        "required": draw(few_facts),
        "fee": draw(st.sampled_from([None, 0.0, 15.0])),
        "duration": draw(st.sampled_from([None, "long", "once"])),
    }
    spots = draw(st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=0, max_size=2, unique=True))
    found = []
    for n, spot in enumerate(spots):
        point = (None, None) if spot is None else AREAS[spot].point
        place = {"place_id": f"at-{key}-{n}", "location_id": f"loc-{key}-{n}", "serves": draw(some_areas)}
        found.append(Offer(key, latitude=point[0], longitude=point[1], **place, **common))
    return found or [Offer(key, serves=draw(some_areas), **common)]


@st.composite
def packages(draw, code):
    """Return a package of one to three lines."""
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3))
    lines = tuple(
        Line(
            f"l{n}", NEED, kind, {"en": "Goal"}, {NEED: 1.0},
            after=(f"l{n - 1}",) if n and draw(st.booleans()) else (),
            required=draw(st.booleans()), duration=draw(st.sampled_from(["", "long", "once"])),
        )
        for n, kind in enumerate(kinds)
    )  # fmt: skip
    words = {"en": "People"}
    return Document(
        code, words, words, words, {NEED: 1.0}, lines,
        required=tuple(draw(few_facts)), budget=draw(st.sampled_from([None, 0.0, 20.0])),
        languages=draw(st.sampled_from([(), ("uk",)])),
    )  # fmt: skip


changes_of_services = st.fixed_dictionaries(
    {},
    optional={
        "accept": few_facts, "stop_requiring": few_facts, "exclude": few_facts, "require": few_facts,
        "also_in": st.sampled_from([(AREAS[0],), (AREAS[3],), (AREAS[4],)]),
        "facts": st.sampled_from(
            [{"fee": 0.0}, {"languages": frozenset({"uk"})}, {"duration": "long"}, {"fee": 15.0},
             {"serves": frozenset({"a0"})}, {"interpreter": True}, {"status": "active"}]
        ),
    },
)  # fmt: skip


@st.composite
def cases(draw, only=None):
    """Return a network, its parts, and a scenario."""
    services = [offer for n in range(draw(st.integers(0, 6))) for offer in draw(offers(f"s{n}"))]
    documents = [draw(packages(code)) for code in ("k1", "k2")[: draw(st.integers(1, 2))]]
    profiles = [profile_of(one, max_km=30.0, circuity=1.3, day=TODAY) for one in documents]
    homes = {o.location_id: AREAS[n % 5].code for n, o in enumerate(services) if o.location_id}
    roads = draw(st.dictionaries(
        st.tuples(*[st.sampled_from([a.code for a in AREAS])] * 2), st.sampled_from([5.0, 45.0]), max_size=4
    ))  # fmt: skip
    land = Land(AREAS, travel=roads, homes=homes)
    pairs = draw(st.frozensets(st.sampled_from(
        [frozenset({"P1", "P2"}), frozenset({"P2", "P3"}), frozenset({"P1", "N"})]
    )))  # fmt: skip
    counted = draw(st.booleans())
    demands = {
        (area.code, profile.code): demand(float(n * 7 % 5), None, None)
        for n, area in enumerate(AREAS)
        for profile in profiles
        if counted and n != 2
    }
    network = Network(land, services, profiles, demands, linked=pairs)
    kinds = draw(st.lists(st.sampled_from(only or ("add", "remove", "close", "change", "link")), max_size=3))
    changes = [draw(change(kind, number)) for number, kind in enumerate(kinds)]
    return network, changes, pairs


@st.composite
def change(draw, kind, number):
    """Return one change of a kind."""
    if kind == "add":
        new = draw(offers(f"new{number}"))[0]
        return AddService(new, area="a1" if new.location_id else None)
    if kind == "remove":
        return RemoveService(draw(st.sampled_from(["s0", "s1", "s2"])))
    if kind == "close":
        return CloseProvider(draw(st.sampled_from(["P1", "P2", "s0"])))
    if kind == "link":
        pair = draw(st.sampled_from([{"P1", "P2"}, {"P1", "P3"}, {"P2", "P3"}]))
        return ChangeLink(frozenset(pair), draw(st.booleans()))
    who = draw(st.sampled_from([{"service": "s0"}, {"service": "s1"}, {"provider": "P1"},
                                {"service_type": TYPES[0]}]))  # fmt: skip
    return ChangeServices(**who, **draw(changes_of_services))


def after(network, changes):
    """Return all offers and the ground when the changes have been made, worked out from nothing."""
    edit = network.catalogue.edit(changes)
    left = [offer for offer in network.offers if offer not in edit.gone]
    everything = [*left, *edit.come]
    return everything, network.land.ground(everything, edit.homes)


def cells_of(network, ground):
    """Return every cell by area, profile and line."""
    found = survey(ground, network.profiles.values(), TODAY).cells
    return {(one.area, one.profile, one.line.key): one for one in found}


def reason(cell):
    """Return why a cell is closed as the quick way tells it."""
    return None if cell.kind is None else (cell.kind, cell.ask)


def told(changes):
    """Return changes of cells by area, profile and line."""
    return {
        (one.area, one.profile, one.line.key): (
            one.before and (one.before.kind, one.before.ask),
            one.after and (one.after.kind, one.after.ask),
            one.providers,
        )
        for one in changes
    }


def broken_links(network, ground, linked):
    """Return every broken hand-off, by looking at each provider with each other."""
    found = set()
    for code, profile in network.profiles.items():
        lines = {line.key: line for line in profile.lines}
        at = {}
        for key, line in lines.items():
            masks = LineCells(ground, profile, line)
            for row, offer in enumerate(masks.group.offers):
                for column in masks.sure[row].nonzero()[0].tolist():
                    at.setdefault((key, column), set()).add(provider_of(offer))
        for hand_off in (one for one, _places in network.hand_offs if one.profile == code):
            for column, area in enumerate(AREAS):
                givers = at.get((hand_off.first.key, column), set())
                takers = at.get((hand_off.then.key, column), set())
                meets = any(a == b or frozenset({a, b}) in linked for a in givers for b in takers)
                if givers and takers and not meets:
                    found.add((area.code, code, hand_off.first.key, hand_off.then.key))
    return found


def link_keys(changes):
    """Return hand-offs by area, profile and lines."""
    return {(o.area, o.hand_off.profile, o.hand_off.first.key, o.hand_off.then.key) for o in changes}


@settings(max_examples=120, deadline=None)
@given(cases())
def test_the_quick_way_equals_working_everything_out_again(case):
    network, changes, _linked = case
    found = what_if(network, changes)
    _offers, ground = after(network, changes)
    old, new = cells_of(network, network.ground), cells_of(network, ground)
    differing = {
        key: (reason(old[key]), reason(new[key]), new[key].providers)
        for key in old
        if reason(old[key]) != reason(new[key])
    }
    assert told((*found.closed, *found.opened, *found.renamed)) == differing
    open_both = [key for key in old if old[key].providers and new[key].providers]
    assert set(told(found.weakened)) == {k for k in open_both if old[k].providers > 1 == new[k].providers}
    assert set(told(found.secured)) == {k for k in open_both if old[k].providers == 1 < new[k].providers}
    for one in (*found.closed, *found.opened, *found.renamed):
        for side, cell in ((one.before, old), (one.after, new)):
            if side is not None and side.kind != "MIXED":
                assert side.blockers == cell[one.area, one.profile, one.line.key].blockers


@settings(max_examples=120, deadline=None)
@given(cases())
def test_hand_offs_are_broken_and_mended_as_if_each_pair_was_looked_at(case):
    network, changes, linked = case
    found = what_if(network, changes)
    _offers, ground = after(network, changes)
    edit = network.catalogue.edit(changes)
    before = broken_links(network, network.ground, linked)
    now = broken_links(network, ground, (linked | edit.linked) - edit.unlinked)
    assert link_keys(found.links_opened) == now - before
    assert link_keys(found.links_closed) == before - now
    for one in found.links_opened:
        assert one.giving
        assert one.taking


@settings(max_examples=80, deadline=None)
@given(cases())
def test_packages_become_whole_as_if_counted_again(case):
    network, changes, _linked = case
    found = what_if(network, changes)
    _offers, ground = after(network, changes)

    def whole(cells):
        state = {}
        for (area, profile, _key), cell in cells.items():
            if cell.required:
                state[area, profile] = state.get((area, profile), True) and cell.n_lo > 0
        nobody = {pair for pair, one in network.demands.items() if one.clients == 0}
        return {pair for pair, is_whole in state.items() if is_whole and pair not in nobody}

    old, new = whole(cells_of(network, network.ground)), whole(cells_of(network, ground))
    assert {(one.area, one.profile) for one in found.completed} == new - old
    assert {(one.area, one.profile) for one in found.lost} == old - new


@settings(max_examples=80, deadline=None)
@given(cases(only=("add",)))
def test_a_new_service_never_opens_a_gap(case):
    network, changes, _linked = case
    found = what_if(network, changes)
    assert (found.opened, found.weakened, found.lost) == ((), (), ())


@settings(max_examples=80, deadline=None)
@given(cases(only=("remove", "close")))
def test_what_goes_never_closes_a_gap(case):
    network, changes, _linked = case
    found = what_if(network, changes)
    assert (found.closed, found.secured, found.completed) == ((), (), ())


@settings(max_examples=80, deadline=None)
@given(cases(), st.dictionaries(st.sampled_from(["s0", "s1", "new0", "new1"]), st.integers(0, 9)))
def test_nobody_takes_more_than_capacity_or_more_than_there_are(case, capacities):
    network, changes, _linked = case
    network.capacities = capacities
    for one in what_if(network, changes).reached:
        assert 0 <= one.clients <= one.eligible
        if not one.unknown:
            assert one.clients <= sum(capacities.values())


@settings(max_examples=80, deadline=None)
@given(cases(), st.dictionaries(st.sampled_from(["s0", "s1", "s2", "new0", "new1"]), st.integers(0, 9)))
def test_too_few_places_are_as_if_worked_out_again(case, capacities):
    network, changes, _linked = case
    network.capacities = capacities
    found = what_if(network, changes)
    _offers, ground = after(network, changes)
    able = capacities | network.catalogue.edit(changes).capacities

    def short(these, on):
        known = Context(network.demands, lambda keys: np.array([these.get(key, np.nan) for key in keys]))
        cells = survey(on, network.profiles.values(), TODAY, context=known).cells
        return {
            (one.area, one.profile, one.line.key): one.n_lo > 0 and one.ratio is not None and one.ratio < 0.8
            for one in cells
        }, {(one.area, one.profile, one.line.key): (one.n_lo, one.ratio) for one in cells}

    before, _cells = short(capacities, network.ground)
    now, cells = short(able, ground)
    keys = {(one.area, one.profile, one.line.key) for one in found.strained}
    assert keys == {key for key in now if now[key] and not before[key]}
    keys = {(one.area, one.profile, one.line.key) for one in found.relieved}
    known = {key for key, (n_lo, ratio) in cells.items() if n_lo and ratio is not None and ratio >= 0.8}
    assert keys == {key for key in known if before[key]}


@pytest.mark.parametrize("prepared", [False, True])
def test_a_network_that_is_prepared_answers_the_same(town, prepared):
    offers = town.offers()
    homes = {one.location_id: one.location_id[0] for one in offers if one.location_id}
    roads = {("A", "B"): 12.0, ("A", "C"): 60.0, ("B", "C"): 55.0}
    land = Land(tuple(Area(code, None) for code in "ABC"), travel=roads, homes=homes)
    network = Network(land, offers, [town.profile(town.k1()), town.profile(town.k2())], town.demands())
    if prepared:
        network.prepare()
    found = what_if(network, [CloseProvider("P4")])
    assert (len(found.opened), len(network.demands)) == (6, 6)
