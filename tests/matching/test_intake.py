"""A client sent as JSON: what is refused, and by which field."""

from datetime import date
from typing import Any

import pytest

from netmap.errors import Invalid
from netmap.matching.facts import Client, Override, Rated
from netmap.matching.intake import Places, read_client

INSIDE = {"county": frozenset({"county", "town"}), "town": frozenset({"town"})}
OVERRIDE = {"service_id": "s1", "line": "debts", "criterion": "distance", "reason": "a neighbour drives"}
PLACES = Places({"county": "Green County", "town": "Greentown"}, {"town": (55.5, 25.0)}, INSIDE.__getitem__)
NEEDS = {"fin.consumer_debt": {"severity": 3, "urgency": 2}}


def read(**values: Any) -> Client:
    return read_client({"needs": NEEDS} | values, PLACES, 30, date(2026, 11, 22))


def test_a_whole_client_is_read() -> None:
    client = read(
        facts={"single_parent": "yes", "hou.homeless": "no"}, languages=["ru", "eng"], area="town", max_km=12,
        budget=0, hours=[{"day": "TU", "from": "9:00", "to": "11:30"}], refused=["s1"], long_term=True,
    )  # fmt: skip
    assert client.needs == {"fin.consumer_debt": Rated(3, 2)}
    assert (client.fact("hou.homeless"), client.languages) == ("no", {"ru", "en"})
    assert (client.area, client.point, client.max_km, client.budget) == ("town", (55.5, 25.0), 12, 0)
    assert (client.hours, client.refused, client.long_term) == (((1, 540, 690),), {"s1"}, True)


def test_only_the_needs_are_needed() -> None:
    client = read()
    assert (client.area, client.max_km, client.budget, client.hours) == (None, 30, None, ())


def test_urgency_may_be_left_out_but_severity_is_asked() -> None:
    assert read(needs={"emp.unemployed": {"severity": 1}}).needs["emp.unemployed"] == Rated(1, 0)
    with pytest.raises(Invalid):
        read(needs={"emp.unemployed": {"urgency": 1}})


def test_an_area_may_be_given_by_its_name() -> None:
    assert read(area="green county").areas_within == {"town"}


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"needs": {"fin.consumer_dept": {"severity": 1}}}, "needs.fin.consumer_dept", "fin.consumer_debt"),
        ({"needs": {"fin.food": {"severity": 4}}}, "needs.fin.food.severity", "0 to 3"),
        ({"needs": {"fin.food": {"severity": True}}}, "needs.fin.food.severity", "0 to 3"),
        ({"needs": {"fin.food": {"severity": 1.5}}}, "needs.fin.food.severity", "0 to 3"),
        ({"needs": {"fin.food": {"severity": 1, "urgency": 3}}}, "needs.fin.food.urgency", "0 to 2"),
        ({"needs": {"fin.food": 2}}, "needs.fin.food", "severity"),
        ({"needs": []}, "needs", "table"),
        ({"facts": {"single_parent": "maybe"}}, "facts.single_parent", "yes, no or unknown"),
        ({"facts": {"single_parents": "yes"}}, "facts.single_parents", "single_parent"),
        ({"max_km": -1}, "max_km", "0 to"),
        ({"max_km": float("nan")}, "max_km", "number"),
        ({"budget": "10"}, "budget", "number"),
        ({"area": "Greentwon"}, "area", "'town'"),
        ({"languages": ["Russian!"]}, "languages", "code"),
        ({"languages": "ru"}, "languages", "list"),
        ({"hours": [{"day": "XX", "from": "09:00", "to": "10:00"}]}, "hours.0.day", "not known"),
        ({"hours": [{"day": "MO", "from": "late", "to": "10:00"}]}, "hours.0.from", "09:00"),
        ({"hours": [{"day": "MO", "from": "11:00", "to": "10:00"}]}, "hours.0.to", "later"),
        ({"refused": [1]}, "refused", "ids"),
        ({"long_term": "yes"}, "long_term", "Yes or no"),
        ({"name": "Somebody"}, "name", "not known"),
        ({"budget": -1}, "budget", "0 to"),
        ({"track": "jobsearch"}, "track", "'job_search'"),
        ({"strengths": ["own_cart"]}, "strengths", "'own_car'"),
        ({"strengths": "own_car"}, "strengths", "list"),
        ({"refused_types": ["debt_advise"]}, "refused_types", "'debt_advice'"),
        ({"contested": ["add.alcool"]}, "contested", "'add.alcohol'"),
        ({"most_places": 0}, "most_places", "from 1 to"),
        ({"most_places": 2.5}, "most_places", "whole number"),
        ({"chosen": ["s1"]}, "chosen", "table"),
        ({"chosen": {"debts": 3}}, "chosen.debts", "text"),
        ({"overrides": [{"service_id": "s", "line": "l"}]}, "overrides.0.criterion", "which criterion"),
        ({"overrides": [{**OVERRIDE, "reason": ""}]}, "overrides.0.reason", "Say why"),
        ({"overrides": [{**OVERRIDE, "criterion": "distence"}]}, "overrides.0.criterion", "'distance'"),
        ({"overrides": [{**OVERRIDE, "criterion": "type"}]}, "overrides.0.criterion", "not known"),
        ({"overrides": [{**OVERRIDE, "reason": "call 8 612 34567"}]}, "overrides.0.reason", "long number"),
        ({"overrides": ["s1"]}, "overrides.0.service_id", "which service"),
        ({"facts": {"age_18_29": "yes", "age_65_plus": "yes"}}, "facts.age_65_plus", "one age"),
        ({"facts": {"lives_alone": "yes", "child_under_7": "yes"}}, "facts.child_under_7", "household"),
        ({"facts": {"fin.consumer_debt": "no"}}, "facts.fin.consumer_debt", "severity 3"),
        ({"refused": ["s1", "s2"], "wanted": ["s2"]}, "wanted", "'s2' is both"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_field(values: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(**values)
    assert words in caught.value.fields[field]


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        read(max_km=-1, area="nowhere", facts={"widowed": 1})
    assert set(caught.value.fields) == {"max_km", "area", "facts.widowed"}


def test_without_areas_the_sentence_says_so() -> None:
    with pytest.raises(Invalid, match="no areas yet"):
        read_client({"needs": NEEDS, "area": "x"}, Places({}, {}, INSIDE.__getitem__), 30, date(2026, 1, 1))


def test_what_the_person_wants_and_what_was_set_by_hand_is_read() -> None:
    client = read(
        track="barriers", strengths=["own_car"], refused_types=["debt_advice"], contested=["add.alcohol"],
        overrides=[OVERRIDE], chosen={"debts": "s1", "job": ""}, most_places=2,
    )  # fmt: skip
    assert (client.track, client.strengths, client.refused_types) == (
        "barriers",
        {"own_car"},
        {"debt_advice"},
    )
    assert (client.contested, client.chosen, client.most_places) == (
        {"add.alcohol"},
        {"debts": "s1", "job": ""},
        2,
    )
    assert client.overrides == (Override("s1", "debts", "distance", "a neighbour drives"),)


@pytest.mark.parametrize(
    "facts",
    [
        {"single_parent": "yes", "lives_alone": "yes"},  # the children may live elsewhere half of the time
        {"age_18_29": "yes", "widowed": "yes"},
        {"child_under_7": "yes", "lives_alone": "unknown"},
        {"age_18_29": "no", "age_55_64": "no", "age_65_plus": "no", "age_under_18": "no"},
        {"fin.consumer_debt": "yes"},
    ],
)
def test_what_is_only_unusual_is_no_contradiction(facts: dict[str, str]) -> None:
    assert read(facts=facts).facts == facts


def test_a_need_that_the_person_does_not_see_counts_as_unknown() -> None:
    client = read(needs={**NEEDS, "hou.homeless": {"severity": 2}}, contested=["hou.homeless"])
    assert (client.fact("hou.homeless"), client.fact("fin.consumer_debt")) == ("unknown", "yes")
    assert (client.has(), client.named()) == (["fin.consumer_debt"], ["fin.consumer_debt", "hou.homeless"])


def test_a_client_without_needs_can_be_read() -> None:
    assert read(needs={}).has() == []
