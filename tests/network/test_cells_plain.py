"""The fast sums against the plain definition, on made-up offers of every sort."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.directory.eligibility import CRITERIA, Asker, Offer, judge
from netmap.directory.hours import Rule
from netmap.network.cells import facts
from netmap.network.cells.engine import LineCells, profile_of, survey
from netmap.network.cells.explain import cases_of
from netmap.network.cells.ground import Area, Ground
from netmap.network.cells.table import packed
from netmap.packages.document import Document, Line
from tests.network.plain_cells import plain_cell

DAY = date(2026, 11, 22)
DEBT, HOME = "debt_advice", "home_care"
# B is just at 30 km on the road from A, C far away, of D nobody knows where it is
AREAS = {"A": (55.0, 25.0), "B": (55.2075, 25.0), "C": (56.0, 25.0), "D": None}
TOWNS = [Area(code, point) for code, point in AREAS.items()]
LINES = (
    Line("debt", "fin.consumer_debt", DEBT, {"en": "x"}, {"fin.consumer_debt": 1.0}, duration="long"),
    Line("care", "fam.care_relative", HOME, {"en": "x"}, {"fam.care_relative": 1.0}),
    Line("again", "fin.consumer_debt", DEBT, {"en": "x"}, {"fin.consumer_debt": 1.0}, duration="once"),
)
DOCUMENTS = (
    Document("k", {}, {}, {}, {}, LINES, required=("single_parent",), languages=("uk",), budget=5.0),
    Document(
        "m", {}, {}, {}, {}, LINES[:2], optional=("dis.mobility",), max_km=80.0, hours=("MO-FR 17:00-20:00",)
    ),
)
PROFILES = [profile_of(one, max_km=30.0, circuity=1.3, day=DAY) for one in DOCUMENTS]
ROADS = {("A", "B"): 31.0, ("C", "A"): 12.0}
HOMES = {"in A": "A", "in C": "C"}
EVENING = Rule(byday=((0, 0),), opens=16 * 60, closes=20 * 60)
MORNING = Rule(byday=((0, 0),), opens=8 * 60, closes=12 * 60)

offers = st.lists(
    st.builds(
        Offer,
        service_id=st.sampled_from([f"s{n}" for n in range(4)]),
        organization_id=st.sampled_from(["P", "Q"]),
        place_id=st.sampled_from(["here", "there", None]),
        location_id=st.sampled_from(["in A", "in C", "elsewhere", None]),
        types=st.sampled_from([frozenset({DEBT}), frozenset({HOME, DEBT}), frozenset()]),
        suggested=st.sampled_from([frozenset({DEBT}), frozenset({"shelter"}), frozenset({HOME})]),
        status=st.sampled_from(["active", "active", "unknown", "defunct"]),
        latitude=st.sampled_from([55.0, 55.2, 55.9, None]),
        longitude=st.just(25.0),
        remote=st.booleans(),
        serves=st.sampled_from([None, None, frozenset("AD"), frozenset("C"), frozenset({"B", "elsewhere"})]),
        languages=st.sampled_from([None, frozenset({"uk"}), frozenset({"lt"})]),
        interpreter=st.sampled_from([None, True]),
        excluded=st.sampled_from([frozenset(), frozenset({"single_parent"}), frozenset({"widowed"})]),
        required=st.sampled_from([frozenset(), frozenset(), frozenset({"dis.mobility"})]),
        minimum_age=st.sampled_from([None, None, 16.0, 60.0]),
        eligibility_known=st.sampled_from([True, True, False]),
        fee=st.sampled_from([0.0, 9.0, None]),
        rules=st.sampled_from([(), (EVENING,), (MORNING,)]),
        duration=st.sampled_from(["once", "short", "long", None]),
        step_free=st.sampled_from([None, True, False]),
        places=st.sampled_from([None, None, 0, 3]),
        wait_days=st.sampled_from([None, 20]),
        assured_date=st.sampled_from([None, DAY, DAY - timedelta(days=400), DAY - timedelta(days=900)]),
    ),
    max_size=7,
    unique_by=lambda offer: (offer.service_id, offer.place_id),
)  # fmt: skip


def of_one_owner(some):
    """A service has one provider and one date, whatever its places."""
    first = {}
    kept = [first.setdefault(one.service_id, one) for one in some]
    return [
        replace(one, organization_id=same.organization_id, assured_date=same.assured_date)
        for one, same in zip(some, kept, strict=True)
    ]


@pytest.mark.parametrize("roads", [None, ROADS, ROADS | {("A", "A"): 44.0}])
@settings(max_examples=150, deadline=None)
@given(offers=offers)
def test_every_cell_is_what_the_plain_definition_says(offers, roads):
    some = of_one_owner(offers)
    found = survey(Ground(TOWNS, some, travel=roads, place_areas=HOMES), PROFILES, DAY).cells
    wanted = [(one, line, code) for one in PROFILES for line in one.lines for code in AREAS]
    for cell, (profile, line, code) in zip(found, wanted, strict=True):
        plain = plain_cell(AREAS.items(), some, profile, line, code, DAY, roads=roads, homes=HOMES)
        told = {name: getattr(cell, name) for name in plain}
        none, expected = told.pop("p_none"), plain.pop("p_none")
        assert none is expected is None or none == pytest.approx(expected, rel=1e-5), (cell, plain)
        assert (cell.area, cell.profile, cell.line, told) == (code, profile.code, line, plain)


@settings(max_examples=60, deadline=None)
@given(offers=offers)
def test_the_tables_of_one_line_say_the_same_as_its_cells(offers):
    ground = Ground(TOWNS, of_one_owner(offers))
    for profile in PROFILES:
        for line in profile.lines:
            cells = LineCells(ground, profile, line)
            told = list(cells.cells(DAY, 365))
            assert [cell.n_lo for cell in told] == cells.sure.sum(axis=0).tolist()
            maybe = cells.perhaps.any(axis=0) & ~cells.sure.any(axis=0)
            assert [cell.ask for cell in told] == maybe.tolist()
            links = {link.provider: (link.sure, link.perhaps) for link in cells.links()}
            used = dict(zip(cells.group.providers[0], cells.used().tolist(), strict=True))
            assert used == {name: sure + perhaps > 0 for name, (sure, perhaps) in links.items()}


class Watched:
    """An object that remembers which of its fields were read."""

    def __init__(self, real):
        self.real, self.read = real, set()

    def __getattr__(self, name):
        self.read.add(name)
        return getattr(self.real, name)


@settings(max_examples=200, deadline=None)
@given(offers=offers.filter(bool))
def test_no_test_looks_at_more_than_its_facts_say(offers):
    """Offers that are alike in these facts share one verdict, so the list must be whole."""
    for profile in PROFILES:
        for criterion, test in facts.TESTS.items():
            offer, asker = Watched(offers[0]), Watched(replace(profile.typical, duration="long"))
            test(offer, asker, DEBT)
            words = {"conditions", "confidence"}  # only told, never decided by
            assert offer.read - words <= {*facts.LOOKS_AT[criterion], *_types(criterion)}
            assert asker.read <= {*facts.ASKS.get(criterion, ())}


def _types(criterion):
    return ("types", "suggested") if criterion == "eligibility" else ()


def test_every_criterion_but_the_distance_has_its_facts():
    assert {*facts.LOOKS_AT, "distance"} == set(CRITERIA)
    assert facts.LOOKS_AT.keys() == facts.TESTS.keys()
    verdicts = judge(Offer("s"), Asker(), DEBT)
    assert all(facts.TESTS[name](Offer("s"), Asker(), DEBT) == verdicts[name] for name in facts.TESTS)


@settings(max_examples=60, deadline=None)
@given(offers=offers)
def test_cells_that_came_as_objects_are_the_same_in_a_table_of_their_own(offers):
    found = survey(Ground(TOWNS, of_one_owner(offers)), PROFILES, DAY).cells
    assert list(packed(list(found)[::-1])) == list(found)[::-1]


@settings(max_examples=100, deadline=None)
@given(offers=offers.filter(bool))
def test_one_service_more_closes_no_cell_and_one_less_opens_none(offers):
    some = of_one_owner(offers)
    gone = some[0].service_id
    more = survey(Ground(TOWNS, some), PROFILES, DAY).cells
    less = survey(Ground(TOWNS, [one for one in some if one.service_id != gone]), PROFILES, DAY).cells
    for with_it, without in zip(more, less, strict=True):
        assert with_it.n_lo >= without.n_lo
        assert with_it.n_hi >= without.n_hi
        assert without.kind is not None or with_it.kind is None
        assert without.kind is not None or not without.ask


@pytest.mark.parametrize(("roads", "km"), [({}, None), ({("B", "C"): 9.0}, None), ({("A", "A"): 44.0}, 44.0)])
def test_a_place_far_off_in_its_own_area_is_as_far_for_cells_as_for_cards(roads, km):
    far = Offer("v1", "P", "here", "in A", latitude=55.3, longitude=25.0, types=frozenset({DEBT}),
                status="active", languages=frozenset({"uk"}), fee=0.0, duration="long")  # fmt: skip
    ground = Ground(TOWNS[:1], [far], travel=roads, place_areas=HOMES)
    (profile, line) = PROFILES[0], LINES[0]
    (cell,) = LineCells(ground, profile, line).cells(DAY, 365)
    (case,) = cases_of(ground, profile, cell)
    assert (cell.n_lo, cell.kind, case.with_outcome("fail")) == (0, "DISTANCE", ("distance",))
    assert case.km == pytest.approx(km or 43.4, abs=0.1)
