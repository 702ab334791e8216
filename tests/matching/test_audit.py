"""How often people decide otherwise, for which packages and groups."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from netmap.matching.audit import FEWEST, Decided, Share, audit

NEEDS = {"fin.consumer_debt": {"severity": 2, "urgency": 0}, "add.alcohol": {"severity": 1, "urgency": 0}}
TAKEN = Decided("a", "a", "taken", "fits", date(2026, 11, 2), {"needs": NEEDS})
GROUPS = ("displaced", "single_parent")


def of(**client: Any) -> Decided:
    """A decision that takes the suggestion, about somebody with more codes."""
    return replace(TAKEN, client={"needs": NEEDS, **client})


def test_taking_the_first_suggestion_as_it_is_is_the_only_way_not_to_decide_otherwise() -> None:
    others = (
        replace(TAKEN, outcome="corrected"),
        replace(TAKEN, outcome="rejected"),
        replace(TAKEN, package="b"),
        replace(TAKEN, best=None),
    )
    assert not TAKEN.otherwise
    assert all(one.otherwise for one in others)


@pytest.mark.parametrize(
    ("count", "otherwise", "state"),
    [
        (FEWEST - 1, 0, "few"),
        (100, 1, "rarely"),  # 0.6 per cent were changed in Poland
        (100, 30, "usual"),
        (100, 70, "often"),
        (12, 0, "usual"),  # nought of twelve may be chance
    ],
)
def test_the_state_says_whether_people_still_judge(count: int, otherwise: int, state: str) -> None:
    rows = [replace(TAKEN, outcome="rejected")] * otherwise + [TAKEN] * (count - otherwise)
    assert audit(rows, GROUPS).state == state


def test_a_group_needs_ten_decisions_to_be_shown() -> None:
    rows = [of(facts={"displaced": "yes"})] * FEWEST + [of(facts={"single_parent": "yes"})] * (FEWEST - 1)
    found = audit([*rows, *[TAKEN] * 20], GROUPS)
    assert [row.code for row in found.groups] == ["displaced"]
    assert found.too_few == 1


def test_no_and_not_asked_belong_to_no_group() -> None:
    found = audit([of(facts={"displaced": "no"})] * 20, GROUPS)
    assert (found.groups, found.too_few) == ((), 0)


def test_a_group_that_fares_worse_is_apart_from_all() -> None:
    open_ = replace(of(facts={"displaced": "yes"}), added=("add.alcohol",), reason="no_provider")
    found = audit([open_] * 30 + [TAKEN] * 300, GROUPS)
    group = found.groups[0]
    assert (group.uncovered, group.lacking) == (Share(30, 60), Share(30, 30))
    assert group.uncovered.apart_from(found.all.uncovered)
    assert not found.all.uncovered.apart_from(found.all.uncovered)


def test_needs_without_severity_are_not_counted_as_needs() -> None:
    client = {"needs": {**NEEDS, "fin.food": {"severity": 0, "urgency": 0}}}
    assert replace(TAKEN, client=client).needs == len(NEEDS)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("criteria", lambda code: replace(TAKEN, overrides=({"criterion": code},))),
        ("contested", lambda code: of(contested=[code])),
        ("refused", lambda code: of(refused_types=[code])),
    ],
)
def test_what_people_decide_against_is_counted(name: str, make: Callable[[str], Decided]) -> None:
    found = audit([make("y"), make("x"), make("y"), TAKEN], GROUPS)
    assert getattr(found, name) == (("y", 2), ("x", 1))


def test_reasons_of_suggestions_that_were_taken_are_not_reasons_against() -> None:
    assert audit([TAKEN, replace(TAKEN, outcome="rejected", reason="too_far")], GROUPS).reasons == (
        ("too_far", 1),
    )


def test_needs_left_open_are_those_of_packages_that_were_taken_and_of_needs_that_the_person_sees() -> None:
    left = replace(TAKEN, added=("add.alcohol",))
    rejected = replace(left, outcome="rejected")
    contesting = replace(of(contested=["fin.consumer_debt"]), added=("add.alcohol",))
    assert audit([left, rejected, TAKEN], GROUPS).all.uncovered == Share(1, 4)
    assert audit([contesting], GROUPS).all.uncovered == Share(1, 1)
