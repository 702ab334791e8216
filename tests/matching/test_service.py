"""From a client in codes to packages and providers, over the tables."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.models import (
    Accessibility,
    Address,
    Area,
    CostOption,
    EligibilityRule,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.errors import Invalid, NotFound
from netmap.i18n import set_language
from netmap.matching import table
from netmap.matching.loading import related_needs
from netmap.matching.service import Matcher, match
from netmap.packages.service import load_seeds
from netmap.paths import shipped

DEBTOR = "drinking_single_parent_with_debts"
CLIENT: dict[str, Any] = {
    "needs": {
        "add.alcohol": {"severity": 2, "urgency": 2},
        "fin.consumer_debt": {"severity": 3, "urgency": 1},
        "fam.childcare": {"severity": 1},
        "men.suicide": {"severity": 1},
    },
    "facts": {"single_parent": "yes", "child_under_7": "yes"},
    "languages": ["ru"],
    "area": "town",
}


def advice(session: Session, key: str, name: str, **values: Any) -> None:
    """Add a debt advice service of the one office."""
    session.add(Service(id=key, organization_id="o", name=name, status="active", **values))
    session.flush()
    session.add(ServiceAtLocation(id=f"{key}-at", service_id=key, location_id="l"))
    session.add(ServiceTypeLink(service_id=key, code="debt_advice", state="confirmed"))
    session.flush()


@pytest.fixture
def county(session: Session) -> Session:
    """The shipped packages, a town, and an office with one complete debt advice service."""
    load_seeds(session)
    session.add(Area(code="town", name="Greentown", latitude=55.5, longitude=25.0))
    session.add(Organization(id="o", name="Debt office"))
    session.add(Location(id="l", latitude=55.5, longitude=25.0))
    session.flush()
    session.add(Address(location_id="l", address_1="Bridge street 1", city="Greentown"))
    advice(session, "s", "Debt advice", assured_date=now().date(), duration="long")
    session.add_all(
        [
            Language(service_id="s", code="ru"),
            CostOption(service_id="s", amount=0),
            Schedule(service_id="s", byday="MO,TU", opens_at="09:00", closes_at="12:00", freq="WEEKLY"),
            Phone(service_id="s", number="+44 1632 960001"),
        ]
    )
    session.flush()
    return session


def line_of(found: dict[str, Any], service_type: str) -> dict[str, Any]:
    return next(line for line in found["packages"][0]["lines"] if line["type"] == service_type)


def test_the_package_that_was_made_for_these_needs_comes_first(county: Session, settings: Settings) -> None:
    found = match(county, settings, CLIENT)
    assert (found["packages"][0]["package"], found["packages"][0]["band"]) == (DEBTOR, "ready")


def test_the_result_is_plain_json_with_every_key(county: Session, settings: Settings) -> None:
    found = json.loads(json.dumps(match(county, settings, CLIENT)))
    assert set(found) >= {"packages", "triage", "safety"}
    package = found["packages"][0]
    assert set(package) >= {
        "package", "version", "name", "paper_name", "score", "coverage", "fit", "band", "state", "reasons",
        "correction", "lines",
    }  # fmt: skip
    assert set(package["correction"]) >= {"delta", "size", "add", "adjust", "drop"}
    assert set(package["lines"][0]) >= {
        "key", "need", "goal", "type", "provider", "service", "service_id", "time", "place", "why", "badges",
        "complete", "alternatives", "near_misses",
    }  # fmt: skip


def test_a_line_names_who_when_and_where(county: Session, settings: Settings) -> None:
    line = line_of(match(county, settings, CLIENT), "debt_advice")
    assert (line["provider"], line["service"], line["service_id"]) == ("Debt office", "Debt advice", "s")
    assert (line["time"], line["place"]) == ("Mon–Tue 09:00–12:00", "Bridge street 1, Greentown")
    assert (line["phone"], line["complete"], line["badges"]) == ("+44 1632 960001", True, [])
    assert {"Speaks: Russian", "Free"} <= set(line["why"])


def test_a_line_without_a_provider_is_not_complete(county: Session, settings: Settings) -> None:
    line = line_of(match(county, settings, CLIENT), "addiction_outpatient")
    assert (line["provider"], line["service_id"], line["complete"]) == ("", None, False)


@pytest.mark.parametrize(("urgency", "named"), [(2, True), (1, False)])
def test_safety_that_cannot_wait_and_finds_nobody_is_said_also_where_the_line_is_optional(
    county: Session, settings: Settings, urgency: int, named: bool
) -> None:
    needs = {
        "vio.domestic": {"severity": 3, "urgency": urgency},
        "hou.unstable": {"severity": 2, "urgency": urgency},
    }
    found = match(county, settings, {"needs": needs, "area": "town"})
    assert found["packages"][0]["package"] == "survivor_of_violence"
    assert not line_of(found, "safe_shelter")["required"]
    (nobody,) = [one["sentence"] for one in found["triage"] if one["code"] == "no_provider"]
    assert ("Safe shelter" in nobody) is named


def test_unknown_passes_with_badges(county: Session, settings: Settings) -> None:
    advice(county, "0", "Other advice")
    line = line_of(match(county, settings, CLIENT), "debt_advice")
    (other,) = line["alternatives"]
    assert other["service"] == "Other advice"
    assert "Languages are not recorded, ask" in other["badges"]
    assert "Hours not known, call first" in other["badges"]
    assert "Nobody has checked this record, call first" in other["badges"]


def test_an_old_check_is_a_badge(county: Session, settings: Settings) -> None:
    old = now().date() - timedelta(days=settings.stale_days + 1)
    county.get_one(Service, "s").assured_date = old
    county.flush()
    line = line_of(match(county, settings, CLIENT), "debt_advice")
    assert line["service_id"] == "s"
    assert [badge for badge in line["badges"] if badge.startswith("Last checked on")]


def test_a_near_miss_says_why_in_one_sentence(county: Session, settings: Settings) -> None:
    county.add(EligibilityRule(service_id="s", code="single_parent", effect="excluded"))
    county.flush()
    line = line_of(match(county, settings, CLIENT), "debt_advice")
    assert (line["service"], line["near_misses"][0]["sentence"]) == ("", "Does not accept: Single parent")
    assert line["near_misses"][0]["provider"] == "Debt office"


def test_each_line_stands_with_its_provider_of_the_joint_choice(county: Session, settings: Settings) -> None:
    package = match(county, settings, CLIENT)["packages"][0]
    joint = package["joint"]
    kept = {line["key"]: line["service_id"] for line in package["lines"] if not line["dropped"]}
    assert joint["lines"] == kept
    assert joint["uncovered"] == [key for key, service in kept.items() if service is None]
    assert {"places", "journeys", "objective", "solver", "alternative"} <= set(joint)
    assert sorted(key for place in joint["places"] for key in place["lines"]) == [
        key for key, service in sorted(kept.items()) if service
    ]


def test_a_line_can_be_left_to_nobody_by_hand(county: Session, settings: Settings) -> None:
    key = line_of(match(county, settings, CLIENT), "debt_advice")["key"]
    line = line_of(match(county, settings, CLIENT | {"chosen": {key: ""}}), "debt_advice")
    assert (line["service_id"], line["complete"]) == (None, False)
    assert [other["service_id"] for other in line["alternatives"]] == ["s"]


def test_a_service_taken_in_spite_of_a_criterion_serves_its_line(county: Session, settings: Settings) -> None:
    county.add(EligibilityRule(service_id="s", code="single_parent", effect="excluded"))
    county.flush()
    key = line_of(match(county, settings, CLIENT), "debt_advice")["key"]
    why = {"service_id": "s", "line": key, "criterion": "eligibility", "reason": "They agreed by phone"}
    client = CLIENT | {"overrides": [why], "chosen": {key: "s"}}
    line = line_of(match(county, settings, client), "debt_advice")
    assert (line["service_id"], line["near_misses"]) == ("s", [])
    assert any("They agreed by phone" in badge for badge in line["badges"])


def test_an_uncovered_need_gets_a_line_of_its_own(county: Session, settings: Settings) -> None:
    found = match(county, settings, CLIENT)
    assert {"need": "men.suicide", "type": "crisis_line"} in found["packages"][0]["correction"]["add"]
    assert line_of(found, "crisis_line")["added"]


def test_a_line_that_is_not_needed_is_proposed_to_be_left_out(county: Session, settings: Settings) -> None:
    package = match(county, settings, CLIENT)["packages"][0]
    dropped = [line["key"] for line in package["lines"] if line["dropped"]]
    assert dropped == [one["line"] for one in package["correction"]["drop"]]
    assert "family_life" in dropped
    assert len(table.rows(package)) == len(package["lines"]) - len(dropped)


def test_safety_outranks_every_score(county: Session, settings: Settings) -> None:
    assert match(county, settings, CLIENT)["safety"] == ["men.suicide"]


def test_a_client_without_needs_has_no_ranking(county: Session, settings: Settings) -> None:
    found = match(county, settings, {"needs": {}})
    assert (found["packages"], found["triage"], found["safety"]) == ([], [], [])


def test_a_package_closed_by_a_circumstance_is_named_with_its_reason(
    county: Session, settings: Settings
) -> None:
    client = {
        "needs": {"emp.unemployed": {"severity": 2}, "leg.release": {"severity": 0}},
        "facts": {"released_from_prison": "no"},
    }
    everything = match(county, settings, client, limit=50)
    assert "released_from_prison" not in [package["package"] for package in everything["packages"]]
    (alone,) = Matcher(county, settings).match(client, only="released_from_prison")["packages"]
    assert (alone["state"], alone["score"]) == ("not suitable", 0)
    assert [reason for reason in alone["reasons"] if reason.startswith("Not suitable")]


def test_one_package_is_the_same_alone_as_in_the_list(county: Session, settings: Settings) -> None:
    matcher = Matcher(county, settings)
    listed = matcher.match(CLIENT)["packages"][0]
    assert matcher.match(CLIENT, only=DEBTOR)["packages"] == [listed]


def test_an_unknown_package_is_not_found(county: Session, settings: Settings) -> None:
    with pytest.raises(NotFound):
        Matcher(county, settings).match(CLIENT, only="nothing")


def test_many_questions_to_one_matcher_answer_as_one_each(county: Session, settings: Settings) -> None:
    other = {"needs": {"emp.unemployed": {"severity": 2}, "trn.no_transport": {"severity": 2}}}
    matcher = Matcher(county, settings)
    together = [matcher.match(client) for client in (CLIENT, other, CLIENT)]
    assert together == [match(county, settings, client) for client in (CLIENT, other, CLIENT)]


def test_a_second_question_reads_nothing(county: Session, settings: Settings) -> None:
    seen: list[str] = []
    event.listen(county.connection(), "before_cursor_execute", lambda *parts: seen.append(parts[2]))
    matcher = Matcher(county, settings)
    matcher.match(CLIENT)
    assert 0 < len(seen) < 30
    seen.clear()
    matcher.match(CLIENT)
    assert seen == []


def test_the_answer_is_in_the_readers_language(county: Session, settings: Settings) -> None:
    set_language("lt")
    try:
        package = match(county, settings, CLIENT)["packages"][0]
    finally:
        set_language("en")
    assert package["name"] != match(county, settings, CLIENT)["packages"][0]["name"]


def test_an_unknown_need_names_the_nearest(county: Session, settings: Settings) -> None:
    with pytest.raises(Invalid, match=r"nearest is .fin.consumer_debt"):
        match(county, settings, {"needs": {"fin.consumer_dept": {"severity": 1}}})


def test_matching_stores_nothing(county: Session, settings: Settings) -> None:
    match(county, settings, CLIENT)
    assert not county.new
    assert not county.dirty


def test_the_shipped_related_needs_can_be_read() -> None:
    related = related_needs(shipped("seeds") / "vocabulary" / "related.csv")
    assert len(related) >= 30
    assert not {(other, one) for one, other in related} & set(related)


@pytest.mark.parametrize(
    "row", ["fin.food,fin.food,0.5", "fin.food,fin.goods,1", "fin.food,xx,0.5", "fin.food,fin.goods,"]
)
def test_a_wrong_row_of_related_needs_is_named(row: str, tmp_path: Path) -> None:
    path = tmp_path / "related.csv"
    path.write_text(f"need_a,need_b,strength\n{row}\n", encoding="utf-8")
    with pytest.raises(Invalid, match="row 2"):
        related_needs(path)


def test_the_office_is_rung_where_the_service_has_no_number(county: Session, settings: Settings) -> None:
    county.get_one(Phone, county.scalars(select(Phone.id)).one()).service_id = None
    county.add(Service(id="other", organization_id="o", name="Beds"))
    county.flush()
    county.add(Phone(service_id="other", organization_id="o", number="+44 1632 960002"))
    county.flush()
    assert line_of(match(county, settings, CLIENT), "debt_advice")["phone"] == "+44 1632 960002"


def test_a_suggested_type_says_how_sure_it_is(county: Session, settings: Settings) -> None:
    link = county.scalars(select(ServiceTypeLink).where(ServiceTypeLink.service_id == "s")).one()
    link.state, link.confidence = "suggested", 0.74
    county.flush()
    line = line_of(match(county, settings, CLIENT), "debt_advice")
    assert "Seems to offer “Debt advice”, not confirmed yet: type suggested, 74 % sure" in line["badges"]


def test_a_line_says_for_whom_a_service_is_meant(county: Session, settings: Settings) -> None:
    county.add(EligibilityRule(service_id="s", code="veteran", effect="welcome"))
    county.flush()
    words = "meant for: Veteran or service member's family"
    line = line_of(match(county, settings, CLIENT), "debt_advice")
    assert (words in line["badges"], words in line["why"]) == (True, False)
    told = {**CLIENT, "facts": {**CLIENT["facts"], "veteran": "yes"}}
    line = line_of(match(county, settings, told), "debt_advice")
    assert (words in line["badges"], words in line["why"]) == (False, True)


def test_a_person_from_prison_without_a_bed_gets_a_bed_tonight(county: Session, settings: Settings) -> None:
    needs = {"leg.release": {"severity": 2}, "hou.homeless": {"severity": 3, "urgency": 2}}
    found = Matcher(county, settings).match({"needs": needs}, only="released_from_prison")["packages"][0]
    assert found["correction"]["add"] == []
    (bed,) = (line for line in found["lines"] if line["type"] == "shelter")
    assert (bed["need"], bed["added"], bed["start_day"]) == ("hou.homeless", False, 0)


def test_a_line_that_is_added_brings_what_the_package_does_not_hold_yet(
    county: Session, settings: Settings
) -> None:
    needs = {"fin.mortgage_debt": {"severity": 2}, "fin.food": {"severity": 3}}
    code = "mortgage_debtor_eviction_threat"
    found = Matcher(county, settings).match({"needs": needs}, only=code)["packages"][0]
    assert found["correction"]["add"] == [{"need": "fin.food", "type": "food_aid"}]
    assert [line["type"] for line in found["lines"] if line["added"]] == ["food_aid"]


def test_a_kind_of_service_that_the_person_refused_is_served_by_nobody(
    county: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Matcher.read
    monkeypatch.setattr(
        Matcher,
        "read",
        lambda self, values: replace(read(self, values), refused_types=frozenset({"debt_advice"})),
    )
    line = line_of(match(county, settings, CLIENT), "debt_advice")
    assert (line["refused"], line["service_id"], line["near_misses"]) == (True, None, [])
    needs = {"needs": {"fin.consumer_debt": {"severity": 2}, "men.suicide": {"severity": 1}}}
    added = match(county, settings, needs)["packages"][0]["correction"]["add"]
    assert "debt_advice" not in [one["type"] for one in added]


def test_steps_at_the_door_are_a_near_miss_for_who_cannot_climb_them(
    county: Session, settings: Settings
) -> None:
    county.add(Accessibility(location_id="l", description="Three steps, no ramp"))
    county.flush()
    assert line_of(match(county, settings, CLIENT), "debt_advice")["service_id"] == "s"
    told = {**CLIENT, "needs": {**CLIENT["needs"], "dis.mobility": {"severity": 1}}}
    line = line_of(match(county, settings, told), "debt_advice")
    assert line["service_id"] is None
    assert [(miss["service_id"], miss["criterion"]) for miss in line["near_misses"]] == [("s", "access")]
    assert "A wheelchair does not get in" in line["near_misses"][0]["sentence"]


def test_what_the_person_refuses_is_not_told_as_help_that_nobody_gives(
    county: Session, settings: Settings
) -> None:
    def told(**more: Any) -> str:
        advice = match(county, settings, CLIENT | more)["triage"]
        return next(one["sentence"] for one in advice if one["code"] == "no_provider")

    assert "Outpatient" in told()
    refusing = told(refused_types=["debt_advice", "addiction_outpatient"])
    assert "Debt advice" not in refusing
    assert "Outpatient" not in refusing
