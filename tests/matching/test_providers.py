"""Providers for one line: filters, utility, near misses."""

from dataclasses import astuple, replace
from datetime import date, timedelta

import pytest

from netmap.directory.eligibility import Offer, sentence
from netmap.matching.facts import Client, Override, Rated
from netmap.matching.providers import Served, serve, travel_minutes, utility_parts
from netmap.matching.rules import Weights

TODAY = date(2026, 11, 22)
HERE = (55.5, 25.0)
CLIENT = Client(
    {"fin.consumer_debt": Rated(2)}, languages=frozenset({"ru"}), point=HERE, budget=10, day=TODAY
)
OFFER = Offer(
    "a", place_id="a1", types=frozenset({"debt_advice"}), status="active", latitude=55.5, longitude=25.0,
    languages=frozenset({"ru"}), fee=0.0, assured_date=TODAY,
)  # fmt: skip


def serving(*offers: Offer, client: Client = CLIENT, **values: object) -> Served:
    return serve(offers, client, "debt_advice", today=TODAY, **values)  # type: ignore[arg-type]


def ids(found: Served) -> list[str]:
    return [choice.offer.service_id for choice in found.choices]


def test_the_weights_sum_to_1_and_the_cost_weighs_little() -> None:
    assert sum(astuple(Weights())) == pytest.approx(1)
    assert Weights().cost <= 0.10


def test_the_best_offer_has_the_largest_utility() -> None:
    far = replace(OFFER, service_id="0", latitude=55.6)
    assert ids(serving(far, OFFER)) == ["a", "0"]


def test_equal_offers_are_ordered_by_name_then_id() -> None:
    named = replace(OFFER, service_id="c", name="Advice"), replace(OFFER, name="Zeal")
    assert ids(serving(named[1], named[0])) == ["c", "a"]
    assert ids(serving(replace(OFFER, service_id="b"), OFFER)) == ["a", "b"]


def test_equal_near_misses_are_ordered_by_name() -> None:
    offers = replace(OFFER, name="Zeal", fee=99.0), replace(OFFER, service_id="c", name="Advice", fee=99.0)
    assert [miss.offer.service_id for miss in serving(*offers).near_misses] == ["c", "a"]


def test_the_surer_suggestion_comes_first() -> None:
    sure, less, unsaid = (
        replace(
            OFFER, service_id=key, types=frozenset(), suggested=frozenset({"debt_advice"}), confidence=how
        )
        for key, how in (("z", {"debt_advice": 0.74}), ("a", {"debt_advice": 0.52}), ("b", {}))
    )
    whole = serving(OFFER).choices[0].utility
    found = serving(less, unsaid, sure)
    assert ids(found) == ["z", "a", "b"]
    assert found.choices[0].utility == pytest.approx(whole * 0.87)
    assert found.choices[2].utility == pytest.approx(whole * 0.75)  # not known how sure: half
    assert sentence("type", found.choices[0].verdicts["type"]).endswith("type suggested, 74 % sure")


def test_a_service_meant_for_others_ranks_lower_and_never_fails() -> None:
    meant = replace(OFFER, service_id="0", welcome=frozenset({"released_from_prison"}))
    whole = serving(OFFER).choices[0].utility
    for facts in ({}, {"released_from_prison": "unknown"}, {"released_from_prison": "no"}):
        found = serving(meant, OFFER, client=replace(CLIENT, facts=facts))
        assert ids(found) == ["a", "0"]
        assert found.choices[1].utility == pytest.approx(whole * 0.8)
        assert found.choices[1].meant_for_others


def test_one_group_of_those_welcome_is_enough() -> None:
    both = replace(OFFER, service_id="0", welcome=frozenset({"released_from_prison", "veteran"}))
    found = serving(OFFER, both, client=replace(CLIENT, facts={"veteran": "yes"}))
    assert ids(found) == ["0", "a"]
    assert not found.choices[0].meant_for_others


def test_a_confirmed_type_comes_before_a_suggested_one() -> None:
    sure = replace(OFFER, service_id="z", fee=9.0, latitude=55.6)
    maybe = replace(OFFER, types=frozenset(), suggested=frozenset({"debt_advice"}))
    found = serving(maybe, sure)
    assert ids(found) == ["z", "a"]
    assert found.choices[1].unknown() == ["type"]


def test_a_service_appears_once_at_its_best_place() -> None:
    found = serving(replace(OFFER, place_id="far", latitude=55.6), OFFER)
    assert [choice.offer.place_id for choice in found.choices] == ["a1"]


def test_unknown_passes_with_its_criteria_named() -> None:
    found = serving(replace(OFFER, languages=None, fee=None))
    assert found.choices[0].unknown() == ["language", "cost"]


def test_one_failing_criterion_is_a_near_miss() -> None:
    found = serving(replace(OFFER, fee=11.0))
    assert (ids(found), [miss.criterion for miss in found.near_misses]) == ([], ["cost"])


def test_two_failing_criteria_are_no_near_miss() -> None:
    assert serving(replace(OFFER, fee=11.0, languages=frozenset({"lt"}))).near_misses == ()


def test_a_service_that_is_gone_is_no_near_miss() -> None:
    assert serving(replace(OFFER, status="defunct")).near_misses == ()
    assert len(serving(replace(OFFER, status="temporarily closed")).near_misses) == 1


def test_at_most_three_near_misses_are_shown() -> None:
    offers = [replace(OFFER, service_id=str(number), fee=99.0) for number in range(9)]
    assert [miss.offer.service_id for miss in serving(*offers).near_misses] == ["0", "1", "2"]


def test_a_service_that_fits_at_one_place_is_no_near_miss_at_another() -> None:
    assert serving(OFFER, replace(OFFER, place_id="far", latitude=57.0)).near_misses == ()


def test_a_refused_service_is_not_offered_again() -> None:
    found = serving(OFFER, client=replace(CLIENT, refused=frozenset({"a"})))
    assert (found.choices, found.near_misses) == ((), ())


def test_a_wanted_service_is_preferred() -> None:
    other = replace(OFFER, service_id="b")
    assert ids(serving(OFFER, other, client=replace(CLIENT, wanted=frozenset({"b"})))) == ["b", "a"]


def test_waiting_weighs_more_where_the_need_is_urgent() -> None:
    waiting = replace(OFFER, wait_days=7)
    calm, urgent = (serving(waiting, urgent=urgent).choices[0].parts["wait"] for urgent in (False, True))
    assert (round(calm, 4), round(urgent, 4)) == (0.6065, 0.0970)


def test_an_old_check_lowers_freshness_and_fails_nothing() -> None:
    old = serving(replace(OFFER, assured_date=TODAY - timedelta(days=900)))
    assert ids(old) == ["a"]
    assert old.choices[0].parts["freshness"] == pytest.approx(2**-10)


def test_what_nobody_knows_counts_half() -> None:
    unknown = replace(OFFER, languages=None, fee=None, latitude=None)
    parts = serving(unknown).choices[0].parts
    assert {parts[name] for name in ("way", "wait", "outcome", "language", "cost")} == {0.5}


def test_an_interpreter_counts_less_than_the_own_language() -> None:
    found = serving(replace(OFFER, languages=frozenset({"lt"}), interpreter=True))
    assert found.choices[0].parts["language"] == 0.6


def test_twenty_kilometres_on_the_road_take_half_an_hour() -> None:
    found = serving(replace(OFFER, latitude=55.5 + 20 / 111.195), circuity=1.0)
    assert travel_minutes(found.choices[0].verdicts["distance"]) == pytest.approx(30, abs=0.01)


def test_a_budget_of_nothing_does_not_divide_by_zero() -> None:
    client = replace(CLIENT, budget=0)
    assert ids(serving(OFFER, client=client)) == ["a"]
    assert utility_parts(OFFER, client, serving(OFFER).choices[0].verdicts, TODAY)["cost"] == 1


def test_what_a_worker_overrides_is_taken_and_counts_for_what_it_is() -> None:
    far = replace(OFFER, service_id="far", latitude=57.5)
    other_area = replace(far, service_id="other area", serves=frozenset({"elsewhere"}))
    foreign = replace(OFFER, service_id="foreign", languages=frozenset({"lt"}), interpreter=False)
    dear = replace(OFFER, service_id="dear", fee=90.0)
    client = replace(CLIENT, area="here")
    failed = {"far": "distance", "other area": "distance", "foreign": "language", "dear": "cost"}
    why = [Override(service, "a line", criterion, "why") for service, criterion in failed.items()]
    found = serving(far, other_area, foreign, dear, client=client, overrides=why)
    parts = {choice.offer.service_id: choice.parts for choice in found.choices}
    assert parts.keys() == failed.keys()
    assert parts["far"]["way"] == parts["other area"]["way"] < 0.001
    assert (parts["foreign"]["language"], parts["dear"]["cost"]) == (0, 0)
    poor = serving(dear, client=replace(client, budget=0), overrides=why)
    assert poor.choices[0].parts["cost"] == 0


def test_no_override_makes_another_kind_of_service_of_it() -> None:
    why = [Override("a", "a line", "type", "why")]
    assert not serve([OFFER], CLIENT, "shelter", today=TODAY, overrides=why).choices
