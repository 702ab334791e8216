"""Whether case management begins: suggestions, what follows, and what is kept."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Area, Organization, Service
from netmap.errors import Conflict, Invalid, NotFound
from netmap.matching.entry import CriteriaSet, Criterion, Entered, hints, outcome, three_tests
from netmap.matching.entry_decisions import Answered, counts, keep_entry
from netmap.matching.entry_models import EntryDecision
from netmap.matching.entry_sets import criteria_set, criteria_sets, for_client, history, save_criteria
from netmap.matching.facts import Client, Rated

FOUR = {code: Rated(2) for code in ("fin.food", "fin.poverty", "emp.unemployed", "men.isolation")}
BY = "coordinator@office.example"
NORTH: dict[str, Any] = {
    "name": "North",
    "rule": "all",
    "area": "",
    "criteria": [{"text": "Work is possible within a year.", "measure": ""}, {"text": "", "measure": ""}],
}


def hinted(client: Client, **values: Any) -> dict[str, str]:
    return {key: one.answer for key, one in hints(three_tests(), Entered(client, **values)).items()}


def test_the_three_tests_are_suggested_from_what_was_entered() -> None:
    assert hinted(Client(FOUR)) == {
        "many_needs": "unknown", "extra_resources": "unknown", "not_alone": "unknown",
    }  # fmt: skip
    assert hinted(Client(FOUR, long_term=True))["many_needs"] == "yes"
    assert hinted(Client(FOUR), lasting=True)["many_needs"] == "yes"
    assert hinted(Client(FOUR, needs_company=True))["not_alone"] == "yes"
    assert hinted(Client(FOUR), without_provider=["Detox"])["extra_resources"] == "yes"


def test_three_requests_and_no_more_are_too_few_and_contested_ones_do_not_count() -> None:
    three = dict(list(FOUR.items())[:3])
    assert hinted(Client(three, long_term=True))["many_needs"] == "no"
    watched = Client({**three, "men.isolation": Rated(1)}, long_term=True)
    assert hinted(watched)["many_needs"] == "no"
    assert hinted(Client(FOUR, long_term=True, contested=frozenset({"fin.food"})))["many_needs"] == "no"


def test_every_suggestion_says_why() -> None:
    found = hints(three_tests(), Entered(Client({**FOUR, "trn.no_transport": Rated(1)}), ["Detox"]))
    assert "4 needs to act on" in found["many_needs"].reason
    assert "Detox" in found["extra_resources"].reason
    assert "No transport" in found["not_alone"].reason


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        ("any", ["", ""], ""),
        ("any", ["no", ""], ""),
        ("any", ["no", "no"], "short_help"),
        ("any", ["", "yes"], "case_management"),
        ("all", ["yes", ""], ""),
        ("all", ["yes", "yes"], "case_management"),
        ("all", ["", "no"], "short_help"),
    ],
)
def test_what_follows_from_the_answers(rule: str, answers: list[str], expected: str) -> None:
    criteria = CriteriaSet("x", 1, "X", (Criterion("a", "A"), Criterion("b", "B")), rule)
    assert outcome(criteria, dict(zip("ab", answers, strict=True))) == expected


@pytest.fixture
def service(session: Session) -> Service:
    organization = Organization(id="o1", name="House by the river")
    found = Service(id="s1", name="Advice about pensions", organization=organization, status="active")
    session.add_all([organization, found])
    session.flush()
    return found


def keep(session: Session, settings: Settings, **values: Any) -> EntryDecision:
    answered = Answered(**({"answers": {}, "result": "short_help", "reasons": ["criteria"]} | values))
    return keep_entry(session, settings, Client(FOUR), three_tests(), answered, by=BY)


def test_a_decision_is_kept_without_a_person(session: Session, settings: Settings) -> None:
    row = keep(
        session, settings, answers={"many_needs": "yes", "not_alone": "perhaps", "x": "yes"},
        result="case_management", sentence="Help was late before",
    )  # fmt: skip
    assert (row.answers, row.followed, row.author) == ({"many_needs": "yes"}, "case_management", BY)
    assert (row.criteria_code, row.criteria_number, row.reasons) == ("three_tests", 1, ["criteria"])
    assert counts(session) == {"three_tests": {"case_management": 1}}


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"result": ""}, "result", "Choose the result"),
        ({"result": "short_hel"}, "result", "short_help"),
        ({"reasons": []}, "reasons", "at least one reason"),
        ({"reasons": ["critera"]}, "reasons", "criteria"),
        ({"sentence": "call +370 612 34567"}, "sentence", "long number"),
        ({"sentence": "anna@mail.example"}, "sentence", "e-mail"),
        ({"sentence": "x" * 201}, "sentence", "200"),
        ({"result": "not_ours"}, "receiver", "somebody who receives"),
        ({"result": "not_ours", "receiver": "service:gone"}, "receiver", "not in the directory"),
        ({"result": "not_ours", "receiver": "user:1"}, "receiver", "not in the directory"),
    ],
)
def test_what_cannot_be_kept_is_named_and_nothing_is_kept(
    session: Session, settings: Settings, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as caught:
        keep(session, settings, **values)
    assert words in caught.value.fields[field]
    assert session.scalars(select(EntryDecision)).all() == []


@pytest.mark.parametrize(("receiver", "name"), [("service:s1", "pensions"), ("organization:o1", "river")])
def test_not_ours_names_who_receives(
    session: Session, settings: Settings, service: Service, receiver: str, name: str
) -> None:
    row = keep(session, settings, result="not_ours", receiver=receiver)
    assert (row.receiver_kind, row.receiver_id) == tuple(receiver.split(":"))
    assert name in row.receiver_name


def test_a_receiver_of_another_result_is_not_kept(
    session: Session, settings: Settings, service: Service
) -> None:
    assert keep(session, settings, receiver="service:s1").receiver_id == ""


def test_one_page_is_kept_once_and_never_over_that_of_somebody_else(
    session: Session, settings: Settings
) -> None:
    key = "0123abcd-0123-0123-0123-0123456789ab"
    first = keep(session, settings, key=key)
    assert keep(session, settings, key=key, result="case_management").id == first.id
    assert first.result == "short_help"
    assert keep(session, settings, key="1").id not in ("1", first.id)
    answered = Answered({}, "short_help", ["criteria"], key=key)
    with pytest.raises(Conflict):
        keep_entry(session, settings, Client(FOUR), three_tests(), answered, by="other@office.example")


def test_a_region_writes_its_own_set_and_every_version_stays(session: Session) -> None:
    save_criteria(session, "north", NORTH, by=BY, expected=0)
    again = save_criteria(session, "north", {**NORTH, "rule": "any"}, by="b@office.example", expected=1)
    assert (again.number, criteria_set(session, "north").rule) == (2, "any")
    assert [one.rule for one, _row in history(session, "north")] == ["any", "all"]
    assert [one.code for one in criteria_sets(session)] == ["three_tests", "north"]
    assert len(again.criteria) == 1


def test_the_three_tests_can_be_changed_and_their_first_version_stays(session: Session) -> None:
    found = save_criteria(session, "three_tests", NORTH, by=BY, expected=1)
    assert (found.number, criteria_sets(session)[0].name) == (2, "North")
    assert [one.number for one, _row in history(session, "three_tests")] == [2, 1]


@pytest.mark.parametrize("expected", [0, 2, -1])
def test_a_version_over_a_newer_one_is_a_conflict(session: Session, expected: int) -> None:
    save_criteria(session, "north", NORTH, by=BY, expected=0)
    with pytest.raises(Conflict):
        save_criteria(session, "north", NORTH, by=BY, expected=expected)


@pytest.mark.parametrize(
    ("code", "change", "field"),
    [
        ("North!", {}, "code"),
        ("north", {"name": ""}, "name"),
        ("north", {"name": "anna@mail.example"}, "name"),
        ("north", {"rule": "some"}, "rule"),
        ("north", {"area": "nowhere"}, "area"),
        ("north", {"criteria": []}, "criteria"),
        ("north", {"criteria": [{"text": " "}]}, "criteria"),
        ("north", {"criteria": [{"text": f"Rule {n}"} for n in range(13)]}, "criteria"),
        ("north", {"criteria": [{"text": "Call 8 612 34567"}]}, "criteria.0"),
        ("north", {"criteria": [{"text": "One", "measure": "many_need"}]}, "criteria.0.measure"),
    ],
)
def test_criteria_that_cannot_be_used_are_refused(
    session: Session, code: str, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        save_criteria(session, code, NORTH | change, by=BY, expected=0)
    assert field in caught.value.fields


def test_the_set_of_the_nearest_area_is_used(session: Session) -> None:
    session.add(Area(code="county", name="County"))
    session.flush()
    session.add(Area(code="town", name="Town", parent_code="county"))
    session.flush()
    save_criteria(session, "wide", NORTH | {"area": "county"}, by=BY, expected=0)
    save_criteria(session, "near", NORTH | {"area": "town"}, by=BY, expected=0)
    used = {area: for_client(session, Client(FOUR, area=area)).code for area in ("town", "county", None)}
    assert used == {"town": "near", "county": "wide", None: "three_tests"}


def test_an_unknown_set_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        criteria_set(session, "south")
