from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.directory.eligibility import Offer, judge
from netmap.directory.hours import Rule
from netmap.network.cells.engine import Profile, survey
from netmap.network.cells.ground import Area, Ground
from netmap.packages.document import Document, Line

DEBT = "debt_advice"
TOWNS = [Area("A", (55.0, 25.0)), Area("B", (55.1, 25.0)), Area("C", (56.0, 25.0)), Area("D", None)]


def cell_of(town, offers, document=None, area="A"):
    found = town.surveyed(offers, (document or town.document("k", town.line("debt", DEBT)),))
    return next(cell for cell in found.cells if cell.area == area)


def test_an_open_cell_is_no_gap(town):
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A")])
    assert (cell.kind, cell.n_lo, cell.n_hi, cell.only) == (None, 1, 1, "P")


def test_nobody_at_all_is_no_provider(town):
    cell = cell_of(town, [])
    assert (cell.kind, cell.n_lo, cell.n_hi, cell.blockers) == ("NO_PROVIDER", 0, 0, ())


def test_a_closed_service_is_no_provider(town):
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", status="temporarily closed")])
    assert (cell.kind, cell.ask) == ("NO_PROVIDER", False)


def test_an_unknown_status_is_not_a_no(town):
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", status="unknown")])
    assert (cell.kind, cell.ask, cell.n_lo, cell.n_hi) == ("NO_PROVIDER", True, 0, 1)


def test_a_suggested_type_counts_as_unknown(town):
    offer = replace(town.offer("s", "P", DEBT, "A"), types=frozenset(), suggested=frozenset({DEBT}))
    cell = cell_of(town, [offer])
    assert (cell.ask, cell.n_lo, cell.n_hi, cell.blockers) == (True, 0, 1, ("type",))


def test_a_fact_that_the_profile_does_not_name_is_unknown(town):
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", required=frozenset({"homeless"}))])
    assert (cell.kind, cell.ask, cell.n_hi) == ("ELIGIBILITY", True, 1)


def test_a_required_fact_of_the_profile_opens_what_requires_it(town):
    document = town.document("k", town.line("debt", DEBT), required=("single_parent",))
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", required=frozenset({"single_parent"}))], document)
    assert cell.kind is None


def test_an_excluded_fact_of_the_profile_is_a_no(town):
    document = replace(town.document("k", town.line("debt", DEBT)), excluded=("widowed",))
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", required=frozenset({"widowed"}))], document)
    assert (cell.kind, cell.ask, cell.n_hi) == ("ELIGIBILITY", False, 0)


def test_what_shuts_out_the_typical_client_is_a_gap_that_is_not_firm(town):
    document = replace(town.document("k", town.line("debt", DEBT)), optional=("child_under_7",))
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", excluded=frozenset({"child_under_7"}))], document)
    assert (cell.kind, cell.ask, cell.n_lo, cell.n_hi) == ("ELIGIBILITY", False, 0, 1)


def test_hours_of_the_package_close_what_is_open_only_while_people_work(town):
    document = replace(town.document("k", town.line("debt", DEBT)), hours=("MO-FR 17:00-20:00",))
    weekdays = tuple((0, day) for day in range(5))
    at_work = town.offer("s", "P", DEBT, "A", rules=(Rule(byday=weekdays, opens=540, closes=1020),))
    late = replace(at_work, rules=(Rule(byday=((0, 3),), opens=540, closes=1080),))
    assert cell_of(town, [late], document).kind is None
    cell = cell_of(town, [at_work], document)
    # typical, not defining: somebody may get a free hour
    assert (cell.kind, cell.blockers, cell.ask, cell.n_lo, cell.n_hi) == ("HOURS", ("hours",), False, 0, 1)


def test_hours_that_nobody_recorded_have_to_be_asked(town):
    document = replace(town.document("k", town.line("debt", DEBT)), hours=("MO-FR 17:00-20:00",))
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A")], document)
    assert (cell.kind, cell.ask) == ("HOURS", True)


def test_a_defining_problem_holds_for_everybody_and_an_occasional_one_is_unknown(town):
    offer = town.offer("s", "P", DEBT, "A", excluded=frozenset({"add.alcohol"}))
    plain = town.document("k", town.line("debt", DEBT))
    defining, occasional = (replace(plain, profile={"add.alcohol": weight}) for weight in (1.0, 0.25))
    assert cell_of(town, [offer], defining).n_hi == 0
    assert cell_of(town, [offer], occasional).ask


def test_the_typical_client_is_grown_up(town):
    assert cell_of(town, [town.offer("s", "P", DEBT, "A", minimum_age=18)]).kind is None
    assert cell_of(town, [town.offer("s", "P", DEBT, "A", maximum_age=17)]).n_hi == 1


def test_the_typical_client_of_a_package_with_an_age_has_that_age(town):
    document = town.document("k", town.line("debt", DEBT), required=("age_55_64",))
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", maximum_age=29)], document)
    assert (cell.kind, cell.n_hi) == ("ELIGIBILITY", 0)


def test_the_languages_of_the_package_can_close_a_cell(town):
    document = replace(town.document("k", town.line("debt", DEBT)), languages=("uk", "ru"))
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", languages=frozenset({"lt"}))], document)
    assert cell.kind == "LANGUAGE"
    both = town.offer("s", "P", DEBT, "A", languages=frozenset({"lt", "ru"}))
    assert cell_of(town, [both], document).kind is None


def test_the_budget_of_the_package_can_close_a_cell(town):
    document = town.document("k", town.line("debt", DEBT), budget=10)
    assert cell_of(town, [town.offer("s", "P", DEBT, "A", fee=15.0)], document).kind == "COST"


def test_the_hours_at_which_people_can_come_can_close_a_cell(town):
    from netmap.directory.hours import Rule

    tuesday = Rule(byday=((0, 1),), opens=510, closes=690)
    ground = town.on([town.offer("s", "P", DEBT, "A", rules=(tuesday,))])
    profile = town.profile(town.document("k", town.line("debt", DEBT)))
    evening = ((1, 1080, 1200),)
    asked = replace(
        profile,
        stated=replace(profile.stated, hours=evening),
        typical=replace(profile.typical, hours=evening),
    )
    found = survey(ground, [asked], town.today).cells[0]
    assert (found.kind, found.n_hi) == ("HOURS", 0)


def test_the_reach_of_the_package_wins_over_the_setting(town):
    document = replace(town.document("k", town.line("debt", DEBT)), max_km=70.0)
    assert cell_of(town, [town.offer("s", "P", DEBT, "A")], document, "C").kind is None


def test_several_sole_blockers_are_any_of(town):
    offers = [town.offer("near", "P", DEBT, "A", fee=9.0), town.offer("far", "Q", DEBT, "C")]
    cell = cell_of(town, offers, town.document("k", town.line("debt", DEBT), budget=0.0))
    assert (cell.kind, cell.blockers) == ("ANY_OF", ("distance", "cost"))


def test_the_sole_blocker_names_the_gap_whatever_else_misses_more(town):
    offers = [town.offer("near", "P", DEBT, "A", fee=9.0), town.offer("far", "Q", DEBT, "C", fee=9.0)]
    cell = cell_of(town, offers, town.document("k", town.line("debt", DEBT), budget=0.0))
    assert (cell.kind, cell.blockers) == ("COST", ("cost",))


def test_two_things_at_once_are_mixed_and_name_the_nearest_miss(town):
    offers = [
        town.offer("far", "P", DEBT, "C", fee=9.0),
        town.offer("worse", "Q", DEBT, "C", fee=9.0, languages=frozenset({"lt"})),
    ]
    document = replace(town.document("k", town.line("debt", DEBT), budget=0.0), languages=("uk",))
    offers[0] = replace(offers[0], languages=frozenset({"uk"}))
    cell = cell_of(town, offers, document)
    assert (cell.kind, cell.blockers) == ("MIXED", ("distance", "cost"))


def test_two_services_of_one_provider_are_one_provider(town):
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A"), town.offer("t", "P", DEBT, "A")])
    assert (cell.n_lo, cell.providers, cell.only) == (2, 1, "P")


def test_two_providers_hang_on_nobody(town):
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A"), town.offer("t", "Q", DEBT, "A")])
    assert (cell.providers, cell.only) == (2, None)


def test_a_fresh_record_keeps_a_cell_from_being_stale(town):
    old = town.offer("s", "P", DEBT, "A", assured_date=town.today.replace(year=2020))
    assert cell_of(town, [old]).stale
    assert not cell_of(town, [old, town.offer("t", "Q", DEBT, "A")]).stale


def test_a_record_that_nobody_ever_checked_has_no_probability(town):
    cell = cell_of(town, [town.offer("s", "P", DEBT, "A", assured_date=None)])
    assert (cell.stale, cell.p_none) == (True, None)


def test_stale_is_never_a_gap(town):
    old = town.offer("s", "P", DEBT, "A", assured_date=town.today.replace(year=2020))
    assert cell_of(town, [old]).kind is None


def test_two_places_of_an_old_service_are_one_record(town):
    old = town.today.replace(year=2025)
    here = town.offer("s", "P", DEBT, "A", assured_date=old)
    there = replace(here, place_id="other", location_id="B-s")
    assert cell_of(town, [here, there]).p_none == cell_of(town, [here]).p_none


LINE = Line("debt", "fin.consumer_debt", DEBT, {"en": "x"}, {"fin.consumer_debt": 1.0}, duration="long")
DOCUMENT = Document("k", {}, {}, {}, {}, (LINE,), required=("single_parent",), languages=("uk",), budget=5.0)

offers = st.lists(
    st.builds(
        Offer,
        service_id=st.uuids().map(str),
        organization_id=st.sampled_from(["P", "Q", None]),
        place_id=st.sampled_from(["here", None]),
        types=st.sampled_from([frozenset({DEBT}), frozenset()]),
        suggested=st.sampled_from([frozenset({DEBT}), frozenset({"shelter"})]),
        status=st.sampled_from(["active", "unknown", "defunct"]),
        latitude=st.sampled_from([55.0, 55.5, None]),
        longitude=st.just(25.0),
        remote=st.booleans(),
        serves=st.sampled_from([None, frozenset({"A", "D"}), frozenset({"C"})]),
        languages=st.sampled_from([None, frozenset({"uk"}), frozenset({"lt"})]),
        excluded=st.sampled_from([frozenset(), frozenset({"single_parent"}), frozenset({"widowed"})]),
        fee=st.sampled_from([0.0, 9.0, None]),
        duration=st.sampled_from(["once", "long", None]),
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(offers=offers)
def test_the_cells_agree_with_the_one_test_asked_for_every_pair(town_profile, offers):
    """Bit masks and shared distances must give what `judge` gives one by one."""
    profile = town_profile
    found = survey(Ground(TOWNS, offers), [profile], profile.typical.day).cells
    for area, cell in zip(TOWNS, found, strict=True):
        outcomes = {"stated": [], "typical": []}
        for offer, name in product(offers, outcomes):
            asker = replace(getattr(profile, name), area=area.code, point=area.point, duration="long")
            outcomes[name].append({v.outcome for v in judge(offer, asker, DEBT).values()})
        assert cell.n_lo == sum(found == {"pass"} for found in outcomes["typical"])
        assert cell.n_hi == sum("fail" not in found for found in outcomes["stated"])
        assert cell.n_lo <= cell.n_hi
        assert cell.ask == (cell.n_lo == 0 and any("fail" not in found for found in outcomes["typical"]))
        assert (cell.kind is None) == (cell.n_lo > 0)


@pytest.fixture(scope="module")
def town_profile() -> Profile:
    from datetime import date

    from netmap.network.cells.engine import profile_of

    return profile_of(DOCUMENT, max_km=30.0, circuity=1.3, day=date(2026, 11, 22))
