"""What is open and yet not enough: what is not known is not counted as missing, and figures are of people."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from netmap.config import Settings
from netmap.db import now
from netmap.network.areas.comparing import reached
from netmap.network.card.gap_sheet import sheet_of
from netmap.network.demand.evidence import Evidence
from netmap.network.gaps.cards import gap_cards, key_of
from netmap.network.gaps.closures import closures
from netmap.network.gaps.one_gap import find
from netmap.network.gaps.partial import Thresholds, apart_cards
from netmap.network.gaps.risk_words import Told, risk_sentence
from netmap.network.gaps.too_few import too_few
from netmap.network.gaps.whole import complete_packages
from netmap.network.models import Demand, UnmetNeed
from netmap.network.picture.matrix import state_of
from netmap.network.service import gaps
from netmap.network.statistics import demand
from netmap.packages.service import save_version
from tests.network import examples
from tests.network.examples import CHILDCARE, DEBT, JOB, store

WORDS = Told("k1", ["A"], ["P1"], [], [], "50", 0, "", "", 540)


def of_kind(found, kind):
    return [card for card in found if card.kind == kind]


@pytest.fixture
def debts(town):
    """One line, debt advice, for 40 in A, 10 in B and 5 in C; v1 alone is there, in A and B."""
    document = town.document("k1", town.line("debt", DEBT))

    def survey(*more):
        return town.surveyed([town.offers()[0], *more], (document,)).cells

    return survey


# a second provider of whom something is not known


def test_a_second_provider_of_unknown_status_is_not_counted_as_none(town, debts):
    second = town.offer("w1", "P9", DEBT, "B", status="unknown")
    (card,) = of_kind(apart_cards(debts(second), town.demands()), "SINGLE_PROVIDER")
    assert (card.ask, set(card.areas), card.key) == (
        True, {"A", "B"}, key_of("SINGLE_PROVIDER", DEBT, "k1", True)
    )  # fmt: skip


def test_where_another_may_be_there_only_in_one_town_there_are_two_cards(town, debts):
    second = town.offer("w1", "P9", DEBT, "B", status="unknown", serves=frozenset("B"))
    found = of_kind(apart_cards(debts(second), town.demands()), "SINGLE_PROVIDER")
    assert {(card.ask, card.areas) for card in found} == {(False, ("A",)), (True, ("B",))}


def test_another_service_of_the_same_provider_is_no_second_provider(town, debts):
    second = town.offer("w1", "P1", DEBT, "B", status="unknown")
    (card,) = of_kind(apart_cards(debts(second), town.demands()), "SINGLE_PROVIDER")
    assert not card.ask


def test_the_end_of_a_provider_is_told_for_sure_and_at_most(town, debts):
    second = town.offer("w1", "P9", DEBT, "B", status="unknown", serves=frozenset("B"))
    (end,) = closures(debts(second), town.demands())
    assert (end.provider, end.cells, end.clients) == ("P1", 1, 40)
    assert (end.most_cells, end.most_clients) == (2, 50)
    (end,) = closures(debts(replace(second, serves=None)), town.demands())
    assert (end.cells, end.clients, end.most_cells, end.most_clients) == (0, 0, 2, 50)
    (end,) = closures(debts(second), {})
    assert (end.clients, end.most_clients) == (None, None)


def test_the_answer_says_what_is_known_and_at_most(town_session, settings, town):
    store(town_session, town.offer("w1", "P6", DEBT, "B", status="unknown"))
    found = gaps(town_session, settings)
    card = next(c for c in found["apart"] if (c["type"], c["service_type"]) == ("SINGLE_PROVIDER", DEBT))
    assert "hangs on one provider" in card["sentence"]
    assert "others may be there too" in card["sentence"]
    assert (card["label"], card["type_name"]) == ("CHECK DATA", "To ask: whether others are there too")
    (end,) = [row for row in found["closures"] if row["provider"] == "P1"]
    assert (end["cells"], end["clients"], end["cells_at_most"], end["clients_at_most"]) == (0, 0, 2, 50)
    sheet = sheet_of(town_session, find(town_session, settings, card["key"]))
    assert [rung.code for rung in sheet.rungs] == ["data"]
    assert [one.service for one in sheet.ignorance.to_ask] == ["w1"]


# packages


def test_a_package_whose_line_is_closed_by_known_facts_is_not_to_be_asked(town):
    """Nobody of the typical parents gets in, though the stated client may: a gap, and no question."""
    document = replace(town.document("k1", town.line("debt", DEBT)), optional=("single_parent",))
    closed = town.offer("v1", "P1", DEBT, "A", excluded=frozenset({"single_parent"}))
    cells = town.surveyed([closed], (document,)).cells
    (gap, *_far) = gap_cards(cells, town.demands())
    assert (gap.kind, gap.ask, gap.firm) == ("ELIGIBILITY", False, False)
    (package,) = of_kind(apart_cards(cells, town.demands()), "PACKAGE")
    assert (package.ask, package.firm) == (False, False)
    assert complete_packages(cells, town.demands(), perhaps=True) == (0, 3)


def test_a_package_is_to_be_asked_where_every_missing_line_is(town):
    document = town.document("k1", town.line("debt", DEBT), town.line("job", JOB))
    unknown = [
        town.offer("v1", "P1", DEBT, "A", status="unknown"),
        town.offer("v4", "P4", JOB, "A", status="unknown", serves=frozenset("A")),
    ]
    cells = town.surveyed(unknown, (document,)).cells
    found = of_kind(apart_cards(cells, town.demands()), "PACKAGE")
    assert {(card.ask, card.areas) for card in found} == {(True, ("A",)), (False, ("B", "C"))}
    assert complete_packages(cells, town.demands(), perhaps=True) == (1, 3)


def test_with_types_that_nobody_confirmed_no_package_is_firm(town_session, settings):
    from netmap.directory.models import Service

    for number in range(2):
        town_session.add(Service(id=f"u{number}", organization_id="P1", name="Untyped", status="active"))
    town_session.flush()
    found = gaps(town_session, settings)
    assert {card["label"] for card in found["gaps"]} == {"CHECK DATA"}
    packages = [card for card in found["apart"] if card["type"] == "PACKAGE"]
    assert {card["label"] for card in packages} == {"CHECK DATA"}
    assert all("may not get all help" in card["sentence"] for card in packages)
    assert found["packages"] == {"complete": 0, "at_most": 6, "of": 6}


# another number of providers is too few


def three(settings: Settings) -> Settings:
    return replace(settings, fewest_providers=3)


def test_two_providers_are_told_by_their_number_where_three_are_wanted(town_session, settings, town):
    store(town_session, town.offer("w1", "P6", DEBT, "A"))
    found = gaps(town_session, three(settings))["apart"]
    (card,) = [c for c in found if (c["type"], c["service_type"]) == ("SINGLE_PROVIDER", DEBT)]
    assert "has 2 providers or fewer in Town A, Town B." in card["sentence"]
    assert card["type_name"] == "Few providers only"
    job = next(c for c in found if (c["type"], c["service_type"]) == ("SINGLE_PROVIDER", JOB))
    assert "hangs on one provider" in job["sentence"]


def test_all_pages_take_the_same_number_for_too_few(town, debts):
    cells = debts(town.offer("w1", "P9", DEBT, "A"))
    two = next(cell for cell in cells if cell.area == "A")
    assert (state_of(two, 0), state_of(two, 0, 3)) == ("open", "single")
    assert [reached(cells, fewest=few)["A"].single for few in (2, 3)] == [0, 1]
    assert [
        len(of_kind(apart_cards(cells, {}, thresholds=Thresholds(k_min=few)), "SINGLE_PROVIDER"))
        for few in (2, 3)
    ] == [0, 1]


# what experience says against the directory


def contradicted(town, debts, tried):
    return of_kind(apart_cards(debts(), town.demands(), experience=tried), "EVIDENCE")


def test_four_failures_contradict_nothing_however_often_help_fails_elsewhere(town, debts):
    elsewhere = {(JOB, "B"): Evidence(60, 0, None)}
    for failed, found in ((4, []), (5, [("A",)])):
        tried = {(DEBT, "A"): Evidence(failed, 0, None), **elsewhere}
        assert [card.areas for card in contradicted(town, debts, tried)] == found


def test_what_failed_in_the_same_town_does_not_say_how_often_it_fails_elsewhere(town, debts):
    """Five of nine are P(rate > .3) = .86 where the usual rate is the limit, as it is here."""
    tried = {(DEBT, "A"): Evidence(5, 4, None)}
    assert contradicted(town, debts, tried) == []
    assert contradicted(town, debts, tried | {(JOB, "A"): Evidence(60, 0, None)}) == []
    (card,) = contradicted(town, debts, tried | {(JOB, "B"): Evidence(60, 0, None)})
    assert card.areas == ("A",)
    # (60 + .3 x 10) / (60 + 10) = .9 elsewhere; (5 + 9) / (9 + 10)
    assert card.share == pytest.approx(14 / 19)


def test_a_record_that_several_kinds_of_service_answer_counts_once_elsewhere(town, debts):
    """Twenty records of a need that five kinds answer, in B: twenty failures, not a hundred."""
    kinds = (JOB, "legal_aid", "home_care", "shelter", "transport_help")
    tried = {(kind, "B"): Evidence(20, 0, None, repeated=16.0) for kind in kinds}
    (card,) = contradicted(town, debts, {(DEBT, "A"): Evidence(6, 0, None), **tried})
    usual = (20 + 3) / (20 + 10)
    assert card.share == pytest.approx((6 + 10 * usual) / 16)


def test_one_record_of_a_need_with_five_kinds_of_service_contradicts_nothing(town_session, settings):
    from netmap.directory.models import ServiceTypeLink
    from netmap.vocabulary.terms import vocabulary

    kinds = vocabulary().needs["vio.elder"].service_types
    assert len(kinds) == 5
    for kind in kinds:  # v1 offers all of them to the people of k1
        town_session.add(ServiceTypeLink(service_id="v1", code=kind, state="confirmed"))
    lines = tuple(replace(examples.line(kind, DEBT), service_type=kind) for kind in kinds)
    save_version(town_session, "k1", examples.document("k1", *lines), by=None, note="", expected=1)

    def told():
        town_session.flush()
        return {c["service_type"] for c in gaps(town_session, settings)["apart"] if c["type"] == "EVIDENCE"}

    def record(number):
        for mark in range(number):
            row = UnmetNeed(need_code="vio.elder", area_code="A", recorded_on=now().date())
            row.mark = f"{mark} of {number}"
            town_session.add(row)

    record(1)
    assert told() == set()
    record(4)
    assert told() == set(kinds), "five of five"


# figures of people


def test_the_share_without_a_place_is_one_of_people_not_of_areas(town, debts):
    """Of 50 with a place for each tenth, and 5 of whom 70 in 100 find one, 46.5 of 55 go without."""
    shares = {"A": 0.1, "B": 0.7}
    cells = [replace(cell, ratio=shares[cell.area]) for cell in debts() if cell.area in shares]
    demands = {("A", "k1"): demand(50, None, None), ("B", "k1"): demand(5, None, None)}
    (card,) = of_kind(apart_cards(cells, demands), "CAPACITY")
    assert card.impact == pytest.approx(46.5)
    assert card.share == pytest.approx(46.5 / 55)
    assert too_few(card.cells, demands, 0.8, 30).places == 15


def test_one_area_that_nobody_ever_checked_leaves_the_share_open(town, debts):
    far = town.offer("w1", "P9", DEBT, "C", assured_date=None)
    old = replace(town.offers()[0], assured_date=town.today - timedelta(days=400))
    document = town.document("k1", town.line("debt", DEBT))
    cells = town.surveyed([old, far], (document,)).cells
    (card,) = of_kind(apart_cards(cells, town.demands()), "STALE")
    assert (set(card.areas), card.share) == ({"A", "B", "C"}, None)
    assert card.impact == pytest.approx(50 * 0.4016 + 5, abs=0.01)
    assert "nobody ever checked some records" in risk_sentence(card, WORDS)
    (known,) = of_kind(apart_cards(town.surveyed([old], (document,)).cells, town.demands()), "STALE")
    assert "40 per cent" in risk_sentence(known, WORDS)


def test_cards_by_rate_are_ranked_by_those_who_are_not_helped(town):
    """Of 50 of 1,000 in A 10.5 go without a debt adviser, of 20 of 1,000 in B 19.8 without work."""
    lines = {"A": town.document("k", town.line("debt", DEBT)), "B": town.document("m", town.line("job", JOB))}
    offers = [town.offer("s", "P", DEBT, "A"), town.offer("t", "P", JOB, "B")]
    demands = {("A", "k"): demand(50, 1000, 0.05), ("B", "m"): demand(20, 1000, 0.02)}
    places = {("A", "k"): 0.79, ("B", "m"): 0.01}
    cells = [
        replace(cell, ratio=places[cell.area, cell.profile])
        for cell in town.surveyed(offers, tuple(lines.values())).cells
        if (cell.area, cell.profile) in places
    ]
    found = of_kind(apart_cards(cells, demands, "rate"), "CAPACITY")
    assert [(card.service_type, round(card.lost_rate, 2)) for card in found] == [(JOB, 19.8), (DEBT, 10.5)]
    assert [round(card.rate, 2) for card in found] == [20, 50]


def test_so_many_places_are_wanted_as_are_missing(town_session, settings):
    """Thirty of fifty find no place in childcare: thirty are wanted, not fifty."""
    sheet = sheet_of(town_session, find(town_session, settings, key_of("CAPACITY", CHILDCARE, "k1")))
    assert dict(sheet.requirements)["For how many"] == "30 clients a year, or more"


def test_the_places_that_are_missing_do_not_tell_a_small_group(town_session, settings):
    query = select(Demand).where(Demand.area_code == "B", Demand.package_code == "k1")
    town_session.scalars(query).one().clients = 3
    town_session.flush()
    sheet = sheet_of(town_session, find(town_session, settings, key_of("CAPACITY", CHILDCARE, "k1")))
    # 20 places for 43: 40 x 23/43 = 21.4 of A, and some of the few of B
    assert dict(sheet.requirements)["For how many"] == "23 to 26 clients a year, or more"


# hand-overs


def test_a_client_with_two_hand_overs_is_counted_once(town_session, settings, town):
    lines = (town.line("debt", DEBT), town.line("job", JOB), town.line("again", DEBT))
    save_version(town_session, "k1", town.document("k1", *lines), by=None, note="", expected=1)
    town_session.flush()
    found = gaps(town_session, settings)["handoffs"]
    rows = [(row["clients"], row["linked"]) for row in found["rows"] if row["profile"] == "k1"]
    assert rows == [(50, 50), (50, 50)]
    assert (found["clients"], found["linked"]) == (80, 50)  # 50 parents, and 30 carers whom nobody hands over
