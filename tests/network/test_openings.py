"""Who is one step away: what is promised is what the gaps show once that step is taken."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.network.card.openings import openings, there
from netmap.network.gaps.cards import gap_cards


def card_of(town, kind, service_type, offers=None):
    cells = town.surveyed(offers).cells
    return next(
        card for card in gap_cards(cells, town.demands())
        if (card.kind, card.service_type) == (kind, service_type)
    )  # fmt: skip


def test_p2_would_open_both_towns_by_taking_parents(town):
    card = card_of(town, "ELIGIBILITY", "addiction_outpatient")
    found = openings(town.on(town.offers()), town.profile(town.k1()), card).best
    assert [(one.provider, one.criterion, one.services, one.areas) for one in found] == [
        ("P2", "eligibility", ("v2",), ("A", "B"))
    ]


def test_nobody_offers_transport_so_nobody_is_one_step_away(town):
    card = card_of(town, "NO_PROVIDER", "transport_help")
    assert openings(town.on(town.offers()), town.profile(town.k2()), card).best == ()


def test_a_service_that_is_closed_is_never_one_step_away(town):
    offers = [replace(one, status="defunct") if one.service_id == "v2" else one for one in town.offers()]
    for card in gap_cards(town.surveyed(offers).cells, town.demands()):
        profile = town.profile(town.k1() if card.profile == "k1" else town.k2())
        assert "P2" not in {one.provider for one in openings(town.on(offers), profile, card).best}


def test_who_is_there_for_the_other_lines(town):
    card = card_of(town, "ELIGIBILITY", "addiction_outpatient")
    job = town.k1().line("job")
    assert there(town.on(town.offers()), town.profile(town.k1()), card, job) == ("P4",)


LIFTED = {
    "eligibility": {"excluded": frozenset(), "required": frozenset(), "eligibility_known": True},
    "cost": {"fee": 0.0},
    "duration": {"duration": "long"},
}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_promised_comes_true(data):
    """Lift the one thing that keeps a provider's services from being there: the areas are open then."""
    from tests.network import conftest as town

    offers = [
        replace(
            one,
            fee=data.draw(st.sampled_from([0.0, 15.0, None])),
            duration=data.draw(st.sampled_from(["long", "once", None])),
            excluded=data.draw(st.sampled_from([frozenset(), frozenset({"single_parent"})])),
            status=data.draw(st.sampled_from(["active", "unknown", "defunct"])),
        )
        for one in town.offers()
    ]
    profiles = {"k1": town.profile(town.k1()), "k2": town.profile(town.k2())}
    for card in gap_cards(town.surveyed(offers).cells, town.demands()):
        for one in openings(town.on(offers), profiles[card.profile], card).best:
            if one.criterion not in LIFTED:
                continue
            lifted = [
                replace(each, **LIFTED[one.criterion]) if each.service_id in one.services else each
                for each in offers
            ]
            after = {
                (cell.area, cell.line.key): cell for cell in town.surveyed(lifted).cells
                if cell.profile == card.profile
            }  # fmt: skip
            for cell in card.cells:
                if cell.area in one.areas:
                    assert after[cell.area, cell.line.key].n_lo > 0
                elif cell.area in one.perhaps:
                    assert after[cell.area, cell.line.key].kind is None or after[cell.area, cell.line.key].ask


@pytest.mark.parametrize("criterion", ["type", "active"])
def test_what_no_provider_can_change_is_no_step(town, criterion):
    for card in gap_cards(town.surveyed().cells, town.demands()):
        profile = town.profile(town.k1() if card.profile == "k1" else town.k2())
        found = openings(town.on(town.offers()), profile, card).best
        assert criterion not in {one.criterion for one in found}


def test_of_many_far_providers_the_nearest_are_named_and_the_others_counted(town):
    far = [town.offer(f"f{number:02}", f"F{number:02}", "transport_help", "C") for number in range(30)]
    card = card_of(town, "DISTANCE", "transport_help", [*town.offers(), *far])
    found = openings(town.on([*town.offers(), *far]), town.profile(town.k2()), card, most=4)
    assert len(found.best) == 4
    assert found.counts["distance"] == 30
