"""The three towns, to the printed digit: first as sums, then from the database to the answer."""

import pytest

from netmap.network.cells.explain import cases_of
from netmap.network.gaps import cards
from netmap.network.gaps.closures import closures
from netmap.network.gaps.one_gap import find
from netmap.network.gaps.partial import apart_cards
from netmap.network.gaps.whole import complete_packages
from netmap.network.service import gaps, picture

EXPECTED = [
    ("ELIGIBILITY", "addiction_outpatient", "k1", {"A", "B"}, 50),
    ("NO_PROVIDER", "transport_help", "k2", {"A", "B", "C"}, 45),
    ("DISTANCE", "personal_assistant", "k2", {"C"}, 15),
    ("DURATION", "addiction_outpatient", "k1", {"C"}, 5),
    ("DISTANCE", "childcare_place", "k1", {"C"}, 5),
    ("DISTANCE", "debt_advice", "k1", {"C"}, 5),
]


def test_the_gaps_have_the_types_areas_clients_and_order_of_the_example(town):
    found = cards.gap_cards(town.surveyed().cells, town.demands())
    assert [(c.kind, c.service_type, c.profile, set(c.areas), c.clients) for c in found] == EXPECTED


def test_the_gaps_miss_125_client_steps_together(town):
    assert sum(card.impact for card in cards.gap_cards(town.surveyed().cells, town.demands())) == 125


def test_every_gap_of_the_example_is_firm(town):
    assert all(card.firm and not card.ask for card in cards.gap_cards(town.surveyed().cells, town.demands()))


def test_no_package_is_complete_in_any_town(town):
    assert complete_packages(town.surveyed().cells, town.demands()) == (0, 6)


def test_the_assistant_is_open_but_stale(town):
    found = [c for c in apart_cards(town.surveyed().cells, town.demands()) if c.kind == "STALE"]
    assert [(c.service_type, set(c.areas), round(c.share, 4)) for c in found] == [
        ("personal_assistant", {"A", "B"}, 0.4016)
    ]


def test_debt_childcare_job_and_assistant_hang_on_one_provider_each(town):
    apart = apart_cards(town.surveyed().cells, town.demands())
    found = [c for c in apart if c.kind == "SINGLE_PROVIDER"]
    assert {(c.service_type, c.profile, "".join(sorted(c.areas))) for c in found} == {
        ("debt_advice", "k1", "AB"),
        ("childcare_place", "k1", "AB"),
        ("job_search_support", "k1", "ABC"),
        ("job_search_support", "k2", "ABC"),
        ("personal_assistant", "k2", "AB"),
    }


def test_the_end_of_a_provider_closes_what_the_example_says(town):
    found = closures(town.surveyed().cells, town.demands())
    assert [(one.provider, one.cells, one.clients) for one in found] == [
        ("P4", 6, 100), ("P1", 2, 50), ("P3", 2, 50), ("P5", 2, 30)
    ]  # fmt: skip
    assert all((one.most_cells, one.most_clients) == (one.cells, one.clients) for one in found)


@pytest.mark.parametrize("order", ["count", "rate"])
def test_the_database_gives_the_same_gaps(town_session, settings, order):
    found = gaps(town_session, settings, order=order)
    rows = [
        (g["type"], g["service_type"], g["profile"], {a["code"] for a in g["areas"]}, g["clients"])
        for g in found["gaps"]
    ]
    assert rows == EXPECTED
    assert found["packages"] == {"complete": 0, "at_most": 0, "of": 6}
    assert found["demand_known"] is True


def test_p2_p6_and_p7_are_there_for_no_package(town_session, settings):
    assert [row["id"] for row in gaps(town_session, settings)["unused"]] == ["P2", "P6", "P7"]


def test_a_rule_change_of_p2_closes_the_gap_of_50_clients(town_session, settings):
    from netmap.directory.models import EligibilityRule

    town_session.query(EligibilityRule).delete()
    found = gaps(town_session, settings)
    assert [(g["type"], g["clients"]) for g in found["gaps"]] == [
        ("NO_PROVIDER", 45), ("DISTANCE", 15), ("ANY_OF", 5), ("DISTANCE", 5), ("DISTANCE", 5)
    ]  # fmt: skip
    # in C two things now stand alone: the way to P2, and the one-off help of P7
    assert found["gaps"][2]["blockers"] == ["DISTANCE", "DURATION"]
    assert found["packages"] == {"complete": 2, "at_most": 2, "of": 6}


def test_the_card_of_the_addiction_gap_says_it_in_plain_words(town_session, settings):
    found = gaps(town_session, settings)["gaps"][0]
    assert found["sentence"] == (
        "Outpatient addiction treatment for “People of k1” is missing in Town A, Town B. For example Town A: "
        "2 services offer it, 1 within 30 km and serving the place, 0 take these people "
        "(Does not accept: Single parent). Clients a year: 50."
    )
    assert found["nearest"] == "Service v2 (Provider P2): Does not accept: Single parent"
    assert found["remedies"] == [
        "Agree on an exception for these people",
        "Ask the provider to change its conditions",
        "Open a service that meets the requirements",
    ]
    assert (found["label"], found["certain"], found["blockers"]) == ("FIRM", True, ["ELIGIBILITY"])
    assert found["requirements"]["must_accept"] == [{"code": "single_parent", "label": "Single parent"}]


def test_a_gap_page_tells_its_cells(town_session, settings):
    found = find(town_session, settings, gaps(town_session, settings)["gaps"][0]["key"])
    assert [(cell.area, cell.n_lo, cell.n_hi) for cell in found.card.cells] == [("A", 0, 0), ("B", 0, 0)]
    question, cell = found.question, found.card.cells[0]
    cases = cases_of(question.ground, question.profiles[cell.profile], cell)
    told = [f"{question.offer_name(case.offer)}: {case.reasons('fail', 'unknown')}" for case in cases]
    assert told == [
        "Service v2 (Provider P2): Does not accept: Single parent",
        "Service v8 (Provider P7): 60 km away, the limit is 30 km; One-off help only; lasting help is wanted",
    ]


def test_the_picture_of_each_package_shows_the_gaps_of_the_table(town_session, settings):
    for package in ("k1", "k2", None):
        for area in ("A", "C", None):
            table = gaps(town_session, settings, package=package, area=area)["gaps"]
            nodes = [n for n in picture(town_session, settings, package, area).nodes if n.kind == "needed"]
            assert {(n.key, n.clients) for n in nodes} == {(g["key"], g["clients"]) for g in table}
            assert len(nodes) == len(table) > 0
