"""Packages that coordinators always show or leave out: for whom, how long, and never in silence."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.models import Area
from netmap.directory.offers import area_insides
from netmap.errors import Invalid, NotFound
from netmap.matching import curation
from netmap.matching.curation import Wish, curate
from netmap.matching.facts import Client, Rated
from netmap.matching.service import match
from netmap.packages.document import Document
from netmap.packages.service import save_version

SETTINGS = Settings()
TODAY = date(2026, 11, 26)
COORDINATOR = "anna@city.example"
CLIENT: dict[str, Any] = {
    "needs": {
        "emp.unemployed": {"severity": 2},
        "fin.consumer_debt": {"severity": 3},
        "add.alcohol": {"severity": 2},
    },
    "facts": {"single_parent": "yes", "age_65_plus": "no"},
}


@pytest.fixture
def two(session: Session, package_a: Document, package_b: Document) -> Session:
    """Two packages, and a town in a county."""
    for one in (package_a, package_b):
        named = replace(one, reason={"en": "It begins with these people."})
        save_version(session, one.code, named, by=None, note="", expected=0)
    session.add(Area(code="county", name="County"))
    session.flush()
    session.add(Area(code="town", name="Town", parent_code="county"))
    session.flush()
    return session


def decide(session: Session, code: str, effect: str, need: str = "", area: str = "", until: str = "") -> Any:
    wish = Wish(effect, need, area, f"{effect} because of {need or area or 'all'}", until)
    return curate(session, code, wish, by=COORDINATOR, today=TODAY)


def applied(
    session: Session, area: str | None = None, day: date = TODAY
) -> tuple[dict[str, str], dict[str, str]]:
    client = Client(needs={"emp.unemployed": Rated(2, 0), "fin.budgeting": Rated(0, 0)}, area=area)
    found = curation.InForce(session, day).of(client, area_insides(session))
    return dict(found.include), dict(found.exclude)


def test_what_holds_for_all_a_need_or_an_area(two: Session) -> None:
    decide(two, "a", "exclude", need="emp.unemployed")
    decide(two, "b", "include", area="county")
    assert applied(two) == ({}, {"a": "exclude because of emp.unemployed"}), "no area, no decision about one"
    assert applied(two, "town") == (
        {"b": "include because of county"},
        {"a": "exclude because of emp.unemployed"},
    )


def test_a_need_that_is_not_there_does_not_count(two: Session) -> None:
    decide(two, "a", "exclude", need="fin.budgeting")
    assert applied(two) == ({}, {})


def test_the_narrower_decision_wins_and_to_show_before_to_leave_out(two: Session) -> None:
    decide(two, "a", "include")
    decide(two, "a", "exclude", need="emp.unemployed")
    assert applied(two)[1] == {"a": "exclude because of emp.unemployed"}
    decide(two, "a", "include", area="town")
    assert applied(two, "town")[0] == {"a": "include because of town"}
    decide(two, "a", "exclude", need="emp.unemployed", area="town")
    assert set(applied(two, "town")[1]) == {"a"}


def test_a_decision_ends_with_its_last_day_or_by_hand(two: Session) -> None:
    decide(two, "a", "exclude", until="2026-11-30")
    assert applied(two, day=date(2026, 11, 30))[1] != {}
    assert applied(two, day=date(2026, 12, 1)) == ({}, {})
    row = decide(two, "b", "exclude")
    curation.end(two, row.id, by=COORDINATOR)
    curation.end(two, row.id, by="other@city.example")
    assert (row.ended_by, applied(two)[1].keys()) == (COORDINATOR, {"a"})
    assert curation.listing(two, TODAY, ended=True, limit=9, offset=0)[1] == [row]
    with pytest.raises(NotFound):
        curation.end(two, "nothing", by=COORDINATOR)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"effect": "first"}, "effect"),
        ({"need": "fin.nothing"}, "need"),
        ({"area": "moon"}, "area"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"until": "soon"}, "until"),
        ({"until": "2026-11-25"}, "until"),
    ],
)
def test_a_wish_that_cannot_be_is_told_at_its_field(two: Session, change: dict[str, str], field: str) -> None:
    wish = {"effect": "exclude", "need": "", "area": "", "reason": "Full", "until": ""} | change
    with pytest.raises(Invalid) as refused:
        curate(two, "a", Wish(**wish), by=COORDINATOR, today=TODAY)
    assert set(refused.value.fields) == {field}
    assert applied(two) == ({}, {})


def test_the_same_is_not_decided_twice(two: Session) -> None:
    decide(two, "a", "exclude")
    with pytest.raises(Invalid, match=r"anna@city\.example.*End that first"):
        decide(two, "a", "include")
    decide(two, "a", "include", need="emp.unemployed")
    with pytest.raises(NotFound):
        decide(two, "nothing", "exclude")


def test_what_is_left_out_is_told_with_its_score_and_neither_ranked_nor_paired(two: Session) -> None:
    before = match(two, SETTINGS, CLIENT)
    scores = {one["package"]: one["score"] for one in before["packages"]}
    assert list(scores) == ["a", "b"]
    assert (before["left_out"], [one["included"] for one in before["packages"]]) == ([], [None, None])
    curate(two, "a", Wish("exclude", "", "", "No places"), by=COORDINATOR, today=now().date())
    after = match(two, SETTINGS, CLIENT)
    assert {one["package"]: one["score"] for one in after["packages"]} == {"b": scores["b"]}
    assert after["left_out"] == [
        {"package": "a", "name": "A", "score": scores["a"], "reason": "No places", "by": "coordinator"}
    ]
    assert after["not_suitable"] == []
    assert after["pair"] is None
    assert COORDINATOR not in str(after)


def test_what_is_always_shown_has_its_own_score_and_the_reason(two: Session) -> None:
    before = match(two, SETTINGS, CLIENT)
    until = (now().date() + timedelta(days=1)).isoformat()
    curate(two, "b", Wish("include", "", "", "Try it out", until), by=COORDINATOR, today=now().date())
    after = match(two, SETTINGS, CLIENT, limit=1)
    assert [one["package"] for one in after["packages"]] == ["a", "b"]
    assert after["packages"][1]["included"] == {"reason": "Try it out", "by": "coordinator"}
    assert after["packages"][1]["score"] == before["packages"][1]["score"]
    assert after["triage"] == before["triage"]


def test_a_package_that_a_circumstance_closes_is_shown_all_the_same_and_says_so(two: Session) -> None:
    closed = CLIENT | {"facts": {"single_parent": "no"}}
    curate(two, "a", Wish("include", "", "", "Try it out"), by=COORDINATOR, today=now().date())
    shown = match(two, SETTINGS, closed)["packages"]
    assert [(one["package"], one["state"]) for one in shown][-1] == ("a", "not suitable")
