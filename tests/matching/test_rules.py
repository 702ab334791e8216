"""Weights and thresholds: what is refused, versions, and that answers follow them."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from netmap.db import open_session
from netmap.errors import Conflict, Invalid, NotFound
from netmap.matching.result import advice
from netmap.matching.rules import Rules, Thresholds, Weights
from netmap.matching.rules_check import flat, nested, read_rules, to_values
from netmap.matching.rules_service import (
    current_rules,
    restore_rules,
    rules_history,
    rules_version,
    save_rules,
)
from netmap.matching.rules_words import rules_difference, threshold_words, weight_words
from netmap.matching.service import Matcher
from tests.county import settings_for

BY = "coordinator@office.example"
NEAR = Rules(Weights(way=0.35, wait=0.10))


def wrong(**changed: Any) -> set[str]:
    """The fields that are refused where these differ from our first values."""
    values: dict[str, Any] = flat(Rules())
    with pytest.raises(Invalid) as caught:
        read_rules(nested(values | changed))
    return set(caught.value.fields)


def test_our_first_values_are_allowed_and_read_back() -> None:
    assert read_rules({}) == Rules()
    assert read_rules(to_values(NEAR), 4) == replace(NEAR, version=4)
    assert read_rules(nested(flat(NEAR))) == NEAR


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"weights.way": 0.2}, {"weights"}),
        ({"weights.way": 0.20, "weights.cost": 0.15}, {"weights.cost"}),
        ({"weights.way": -0.1, "weights.wait": "much"}, {"weights.way", "weights.wait"}),
        ({"weights.way": None}, {"weights.way"}),
        ({"weights.kindness": 0.1}, {"weights.kindness"}),
        ({"thresholds.many_needs": 2.5, "per_site": 2}, {"thresholds.many_needs", "per_site"}),
        ({"thresholds.many_domains": 0}, {"thresholds.many_domains"}),
        ({"thresholds.low_score": 101, "thresholds.large_delta": -1},
         {"thresholds.low_score", "thresholds.large_delta"}),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named(changed: dict[str, Any], fields: set[str]) -> None:
    assert wrong(**changed) == fields


def test_every_setting_has_a_name_and_says_what_it_does() -> None:
    words = {**weight_words(), **threshold_words()}
    assert words.keys() == flat(Rules()).keys()
    assert len({name for name, _does in words.values()}) == len(words)


def test_a_change_makes_a_version_and_an_older_one_can_come_back(session: Session) -> None:
    assert current_rules(session) == Rules()
    assert save_rules(session, NEAR, by=BY, note="Buses are rare here", expected=0) == 1
    assert current_rules(session) == replace(NEAR, version=1)
    assert save_rules(session, NEAR, by=BY, note="", expected=1) == 1  # nothing changed, nothing to say
    assert restore_rules(session, 0, by=BY, expected=1) == 2
    assert current_rules(session) == Rules(version=2)
    told = [(one.rules.version, one.note, one.made_by) for one in rules_history(session)]
    assert told == [(2, "Version 0 is back.", BY), (1, "Buses are rare here", BY), (0, "", "")]
    assert rules_difference(Rules(), rules_version(session, 1).rules) == [
        "Short way: 0.25 became 0.35.", "Short wait: 0.2 became 0.1.",
    ]  # fmt: skip


def test_who_comes_late_meets_a_conflict_and_nobody_changes_without_a_reason(session: Session) -> None:
    with pytest.raises(Invalid, match="why"):
        save_rules(session, NEAR, by=BY, note="  ", expected=0)
    save_rules(session, NEAR, by=BY, note="Buses", expected=0)
    with pytest.raises(Conflict, match="version 1"):
        save_rules(session, Rules(), by=BY, note="Back", expected=0)
    with pytest.raises(Conflict):
        save_rules(session, Rules(per_site=0.2), by=BY, note="Places", expected=7)
    with pytest.raises(NotFound):
        restore_rules(session, 9, by=BY, expected=1)
    with pytest.raises(Invalid):
        save_rules(session, Rules(Weights(cost=0.2, way=0.15)), by=BY, note="Cheap", expected=1)
    assert current_rules(session).version == 1


def test_answers_follow_the_rules_in_use(app: Flask) -> None:
    settings = settings_for(app.extensions["netmap_settings"].data_dir)
    needs = {"fin.consumer_debt": {"severity": 2}, "emp.unemployed": {"severity": 2}}
    client = {"needs": needs, "area": "lauvena", "languages": ["lt"]}
    with open_session(app.extensions["netmap_engine"]) as session:
        first = Matcher(session, settings).match(client, limit=1)
        strict = Rules(Weights(way=0, wait=0.45), Thresholds(many_domains=1), per_site=0.4)
        save_rules(session, strict, by=BY, note="Trial", expected=0)
        session.commit()
        then = Matcher(session, settings).match(client, limit=1)
    assert [one["code"] for one in first["triage"]].count("many_domains") == 0
    assert [one["code"] for one in then["triage"]].count("many_domains") == 1
    assert then["packages"][0]["joint"]["objective"] != first["packages"][0]["joint"]["objective"]


def test_advice_must_be_told_its_limits() -> None:
    """No page may fall back on our first thresholds by leaving them out."""
    with pytest.raises(TypeError):
        advice(None, None, None, [], {}, {})  # type: ignore[arg-type, call-arg]
