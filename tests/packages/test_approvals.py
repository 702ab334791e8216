"""Partners approve a version or object to it; what they said about an older one is shown as such."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from netmap.directory.models import Organization
from netmap.errors import Invalid, NotFound
from netmap.packages.approvals import Opinion, opinions, record_opinion
from netmap.packages.document import read
from netmap.packages.service import get, restore, save_version

ME = "coordinator@demo.example"
Say = Callable[..., Opinion]


@pytest.fixture
def code(session: Session, raw: dict[str, Any]) -> str:
    document = read(raw)
    save_version(session, document.code, document, by=ME, note="", expected=0)
    return document.code


@pytest.fixture
def say(session: Session, code: str) -> Say:
    def record(**values: Any) -> Opinion:
        typed = {"partner": "Debt House", "person": "Jonas", "state": "approved", "note": "", "number": 1}
        return record_opinion(session, code, **(typed | values), by=ME)

    return record


def change(session: Session, code: str, **values: Any) -> int:
    found = get(session, code)
    document = replace(found.document, **values)
    return save_version(session, code, document, by=ME, note="", expected=found.current)


def test_an_approval_of_the_version_in_use_says_no_more(session: Session, code: str, say: Say) -> None:
    say()
    assert [one.sentence for one in opinions(session, code)] == ["approved version 1"]


def test_an_approval_of_an_older_version_says_what_came_since(session: Session, code: str, say: Say) -> None:
    say()
    change(session, code, cost=10.0)
    assert opinions(session, code)[0].sentence == "approved version 1; 1 change since"
    change(session, code, cost=20.0)
    assert opinions(session, code)[0].sentence == "approved version 1; 2 changes since"


def test_a_later_record_takes_the_place_of_the_former(session: Session, code: str, say: Say) -> None:
    say()
    say(partner="DEBT  house", state="objected", note="Our waiting list is longer")
    now = opinions(session, code)
    assert [(one.state, len(one.earlier)) for one in now] == [("objected", 1)]
    assert now[0].earlier[0].sentence == "approved version 1"


def test_those_who_object_stand_first(session: Session, code: str, say: Say) -> None:
    say(partner="Aid")
    say(partner="Zoo", state="objected", note="No")
    assert [one.partner for one in opinions(session, code)] == ["Zoo", "Aid"]


def test_a_version_without_closure_cannot_be_approved_but_objected_to(
    session: Session, code: str, say: Say
) -> None:
    number = change(session, code, standard={})
    with pytest.raises(Invalid) as caught:
        say(number=number)
    assert "“Closure” is empty" in caught.value.fields["state"]
    assert say(number=number, state="objected", note="No end").state == "objected"
    assert say(number=1).state == "approved", "the older version has one"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"partner": " "}, "partner"),
        ({"person": ""}, "person"),
        ({"state": "perhaps"}, "state"),
        ({"state": "objected"}, "note"),
        ({"partner": "x" * 201}, "partner"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    session: Session, code: str, say: Say, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        say(**values)
    assert list(caught.value.fields) == [field]
    assert opinions(session, code) == []


def test_a_version_that_is_not_there_is_not_found(say: Say) -> None:
    with pytest.raises(NotFound):
        say(number=7)


def test_a_body_of_the_directory_is_tied_to_its_record_whatever_the_capitals(
    session: Session, code: str, say: Say
) -> None:
    session.add(Organization(id="debt-house", name="Debt House"))
    session.flush()
    assert say(partner="debt house").organization_id == "debt-house"
    assert say(partner="Somebody else").organization_id is None


def test_two_bodies_of_one_name_are_not_guessed(session: Session, code: str, say: Say) -> None:
    session.add_all([Organization(id="a", name="Debt House"), Organization(id="b", name="Debt House")])
    session.flush()
    assert say().organization_id is None


def test_an_old_version_comes_back_as_a_new_one(session: Session, code: str) -> None:
    change(session, code, cost=10.0)
    assert restore(session, code, 1, by=ME, expected=2) == 3
    found = get(session, code)
    assert (found.document.cost, found.note) == (None, "Version 1 restored")
