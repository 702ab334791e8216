"""Decisions keep the codes they were made from, and never a person."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Conflict, Invalid
from netmap.matching.decisions import all_decided, record_decision
from netmap.matching.models import Decision
from netmap.matching.service import Matcher, match
from netmap.packages import service as packages
from tests.matching.test_service import CLIENT, DEBTOR, county

__all__ = ["county"]

ANNA = "anna@office.example"


def test_a_decision_keeps_codes_an_area_and_a_day_only(county: Session, settings: Settings) -> None:
    record_decision(county, settings, CLIENT, DEBTOR, outcome="corrected", reason="fits", by=ANNA)
    decision = county.scalars(select(Decision)).one()
    first = match(county, settings, CLIENT)["packages"][0]
    assert (decision.score, decision.best_code, decision.best_score) == (
        first["score"],
        first["package"],
        first["score"],
    )
    assert (decision.package_version, decision.area_code) == (1, "town")
    assert decision.client["needs"]["add.alcohol"] == {"severity": 2, "urgency": 2}
    assert decision.client["facts"] == {"child_under_7": "yes", "single_parent": "yes"}
    assert decision.providers["debts"] == "s"
    assert "men.suicide" in decision.added
    kept = {column.name for column in Decision.__table__.columns}
    assert kept == {
        "id", "package_code", "package_version", "outcome", "reason", "score", "best_code", "best_score",
        "client", "added", "dropped", "providers", "overrides", "area_code", "decided_on",
    }  # fmt: skip


def test_what_is_kept_of_a_client_can_be_matched_again(county: Session, settings: Settings) -> None:
    values = {**CLIENT, "hours": [{"day": "MO", "from": "09:00", "to": "12:00"}], "refused": ["s"]}
    record_decision(county, settings, values, DEBTOR, outcome="rejected", reason="other_needs", by=ANNA)
    kept = county.scalars(select(Decision)).one().client
    again = Matcher(county, settings).read(kept)
    before = Matcher(county, settings).read(values)
    assert (again.needs, again.facts, again.languages) == (before.needs, before.facts, before.languages)
    assert not {"hours", "area", "refused", "wanted", "chosen", "overrides"} & kept.keys()


def test_the_best_package_is_kept_beside_the_one_that_was_taken(county: Session, settings: Settings) -> None:
    others = [package["package"] for package in match(county, settings, CLIENT)["packages"]]
    record_decision(county, settings, CLIENT, others[1], outcome="taken", reason="fits", by=ANNA)
    (decided,) = all_decided(county)
    assert (decided.package, decided.best, decided.otherwise) == (others[1], others[0], True)


def test_a_decision_needs_a_known_outcome_and_reason(county: Session, settings: Settings) -> None:
    with pytest.raises(Invalid) as caught:
        record_decision(county, settings, CLIENT, DEBTOR, outcome="maybe", reason="mood", by=ANNA)
    assert set(caught.value.fields) == {"outcome", "reason"}


def test_who_takes_a_service_in_spite_of_a_criterion_is_named(county: Session, settings: Settings) -> None:
    why = {"service_id": "s", "line": "debts", "criterion": "distance", "reason": "a neighbour drives"}
    kept = record_decision(
        county, settings, CLIENT | {"overrides": [why]}, DEBTOR, outcome="taken", reason="fits", by=ANNA
    )
    assert kept.overrides == [why | {"by": ANNA}]


def test_a_version_that_the_person_did_not_see_is_not_decided_about(
    county: Session, settings: Settings
) -> None:
    seen = match(county, settings, CLIENT)["packages"][0]["version"]
    before = packages.get(county, DEBTOR)
    changed = replace(before.document, name={"en": "Another name"})
    packages.save_version(county, DEBTOR, changed, by=ANNA, note="", expected=seen)
    values = {"outcome": "taken", "reason": "fits", "by": ANNA}
    with pytest.raises(Conflict) as caught:
        record_decision(county, settings, CLIENT, DEBTOR, seen=seen, **values)
    assert "version 2" in caught.value.message
    assert county.scalars(select(Decision)).all() == []
    assert record_decision(county, settings, CLIENT, DEBTOR, seen=2, **values).package_version == 2


def test_a_page_that_is_sent_twice_is_kept_once(county: Session, settings: Settings) -> None:
    said: dict[str, str] = {"outcome": "taken", "reason": "fits", "by": "case@demo.example"}
    keys = (
        "0b7b6a52-5d5e-4a56-9f3b-3d1f6c1b2a11",
        "0b7b6a52-5d5e-4a56-9f3b-3d1f6c1b2a12",
        "no key",
        "no key",
    )
    for key in (keys[0], *keys):
        record_decision(county, settings, CLIENT, DEBTOR, key=key, **said)
    assert len(list(all_decided(county))) == len(keys)
