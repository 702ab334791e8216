"""A client sent as JSON: what is refused, and by which field."""

from datetime import date
from typing import Any

import pytest

from netmap.errors import Invalid
from netmap.matching.facts import Client, Rated
from netmap.matching.intake import Places, read_client

INSIDE = {"county": frozenset({"county", "town"}), "town": frozenset({"town"})}
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
