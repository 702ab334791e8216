"""How a line stands: ready asks more than an open cell, missing is what the gaps count, else one asks."""

import random
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from netmap.directory.eligibility import Offer
from netmap.directory.hours import Rule
from netmap.network.cells.engine import LineCells, needed
from netmap.network.cells.standing import Standing, standings
from netmap.packages.lines import Line

TUESDAY = (Rule(byday=((0, 1),), opens=9 * 60, closes=12 * 60),)


def stand(town: SimpleNamespace, offers: list[Offer], **of_package: Any) -> dict[str, Standing]:
    """How debt advice stands in each town with these offers."""
    document = replace(town.document("k", town.line("debt", "debt_advice")), **of_package)
    profile = town.profile(document)
    cells = LineCells(town.on(offers), profile, profile.lines[0])
    return {one.cell.area: one for one in standings(cells, profile, town.today, 365)}


def advice(town: SimpleNamespace, key: str = "v1", place: str = "A", **facts: Any) -> Offer:
    """An offer that is ready, but for ``facts``."""
    found: Offer = town.offer(key, f"P-{key}", "debt_advice", place, rules=TUESDAY)
    return replace(found, **facts)


def test_an_offer_that_is_checked_open_and_near_makes_a_line_ready(town: SimpleNamespace) -> None:
    found = stand(town, [advice(town)])
    assert {area: one.state for area, one in found.items()} == {"A": "ready", "B": "ready", "C": "not"}
    assert (found["A"].providers, found["A"].offering) == (1, 1)
    assert found["A"].offer is not None
    assert found["A"].offer.service_id == "v1"


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"assured_date": "old"}, "ask"),
        ({"assured_date": None}, "ask"),
        ({"rules": ()}, "ask"),
        ({"rules": (Rule(byday=((0, 1),), opens=540, closes=720, closed=True),)}, "ask"),
        ({"types": frozenset(), "suggested": frozenset({"debt_advice"})}, "ask"),
        ({"status": "unknown"}, "ask"),
        ({"status": "inactive"}, "not"),
        ({"eligibility_known": False, "conditions": "families"}, "ask"),
        ({"maximum_age": 15.0}, "not"),
    ],
)
def test_what_is_not_known_is_asked_and_what_is_known_to_fail_is_missing(
    town: SimpleNamespace, facts: dict[str, Any], state: str
) -> None:
    if facts.get("assured_date") == "old":
        facts = {"assured_date": town.today - timedelta(days=366)}
    assert stand(town, [advice(town, **facts)])["A"].state == state


def test_hours_must_meet_those_of_the_package_where_it_names_some(town: SimpleNamespace) -> None:
    assert stand(town, [advice(town)], hours=("TU 10:00-11:00",))["A"].state == "ready"
    assert stand(town, [advice(town)], hours=("WE 10:00-11:00",))["A"].state == "not", "a gap of hours"


def test_one_ready_offer_is_enough_and_is_the_one_that_is_named(town: SimpleNamespace) -> None:
    old = advice(town, "v0", assured_date=town.today - timedelta(days=800))
    closed = advice(town, "v9", status="inactive")
    found = stand(town, [old, closed, advice(town, "v5", assured_date=town.today - timedelta(days=30))])["A"]
    assert (found.state, found.providers, found.offering) == ("ready", 1, 2)
    assert found.offer is not None
    assert found.offer.service_id == "v5"


def test_nobody_offers_it(town: SimpleNamespace) -> None:
    for offers in ([], [advice(town, status="inactive")]):
        found = stand(town, offers)["A"]
        assert (found.state, found.offer, found.providers, found.offering) == ("not", None, 0, 0)


def test_missing_is_what_the_gaps_count_and_ready_is_open_there(town: SimpleNamespace) -> None:
    chance = random.Random(5)
    for _round in range(40):
        offers = [
            advice(
                town,
                f"v{number}",
                chance.choice("ABC"),
                rules=chance.choice([(), TUESDAY]),
                status=chance.choice(["active", "unknown", "inactive"]),
                languages=chance.choice([None, frozenset({"ru"}), frozenset({"lt"})]),
                excluded=chance.choice([frozenset(), frozenset({"single_parent"})]),
                assured_date=chance.choice([None, town.today, town.today - timedelta(days=500)]),
            )
            for number in range(chance.randrange(5))
        ]
        for one in stand(town, offers, languages=("ru",), required=("single_parent",)).values():
            assert (one.state == "not") == (one.cell.kind is not None and not one.cell.ask)
            assert one.state != "ready" or (one.cell.n_lo > 0 and not one.cell.stale)


def test_an_add_on_is_needed_only_with_its_main_line(town: SimpleNamespace) -> None:
    main: Line = town.line("course", "job_search_support")
    beside = replace(town.line("childcare", "childcare_place"), beside="course")
    assert needed(beside, (main, beside))
    assert not needed(beside, (replace(main, required=False), beside))
    assert not needed(replace(beside, required=False), (main, beside))
