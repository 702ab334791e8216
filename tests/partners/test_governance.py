"""Bodies, meetings, actions, role sheets, and the agenda that follows from what is overdue."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.editing.restoring import take_back
from netmap.errors import Conflict, Invalid, NotFound
from netmap.partners import agenda, agreements, governance, roles, service
from netmap.partners.models import BodyAction, BodyMeeting, CoordinatingBody, PartnerLicence, RoleSheet
from tests.partners.conftest import ANN, BOB, TODAY

MEETING: dict[str, Any] = {
    "held_on": "2026-10-01",
    "subject": "Winter",
    "decisions": (("Nobody is turned away.",),),
    "actions": (("Count beds", "Hospital", "2026-11-01", ""), ("Write to all", "", "", "2026-10-02")),
}


@pytest.fixture
def council(office: Session) -> CoordinatingBody:
    form = {"name": "Council", "members": (("shelter", "chair"), ("Mayor", ""))}
    return governance.save_body(office, None, form, by=ANN)[0]


def held(session: Session, council: CoordinatingBody, key: str | None = None, **more: Any) -> BodyMeeting:
    return governance.save_meeting(session, council.id, key, {**MEETING, **more}, by=ANN, today=TODAY)[0]


def test_members_are_organizations_or_functions(council: CoordinatingBody) -> None:
    assert [(one.name, one.organization_id, one.role) for one in council.members] == [
        ("Shelter", "shelter", "chair"),
        ("Mayor", None, None),
    ]


def test_actions_that_are_not_done_stay_open_until_somebody_says_so_once(
    office: Session, council: CoordinatingBody
) -> None:
    held(office, council)
    (one,) = governance.open_actions(office)
    assert (one.sentence, one.due) == ("Count beds", date(2026, 11, 1))
    governance.finish(office, one.id, by=BOB, today=TODAY)
    assert (governance.open_actions(office), one.done_on) == ([], TODAY)
    with pytest.raises(Conflict, match="noted already"):
        governance.finish(office, one.id, by=ANN, today=TODAY)
    with pytest.raises(NotFound):
        governance.finish(office, "gone", by=ANN, today=TODAY)


def test_a_changed_meeting_keeps_the_rows_that_stay(office: Session, council: CoordinatingBody) -> None:
    row = held(office, council)
    before = [one.id for one in row.actions]
    held(office, council, row.id, actions=(("Count all beds", "Hospital", "2026-11-01", ""),))
    office.expire_all()
    assert [(one.id, one.sentence) for one in row.actions] == [(before[0], "Count all beds")]
    assert office.scalars(select(BodyAction)).all() == row.actions


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"held_on": ""}, "held_on"),
        ({"held_on": "2026-12-24"}, "held_on"),
        ({"actions": (("", "Hospital", "", ""),)}, "actions-0-sentence"),
        ({"actions": (("Count", "", "2026-09-01", ""),)}, "actions-0-due"),
        ({"actions": (("Count", "", "2026-13-01", ""),)}, "actions-0-due"),
        ({"actions": (("Count", "", "", "2026-09-30"),)}, "actions-0-done_on"),
    ],
)
def test_a_meeting_with_impossible_days_is_not_kept(
    office: Session, council: CoordinatingBody, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        held(office, council, **wrong)
    assert field in caught.value.fields
    office.expunge_all()
    assert office.scalars(select(BodyMeeting)).all() == []


def test_a_role_sheet_keeps_what_is_written_and_its_licences(office: Session) -> None:
    form = {"functions": "Beds", "review_on": "2026-12-01", "licences": (("Fire safety", "7", "2026-12-20"),)}
    roles.save(office, "shelter", form, by=ANN)
    second = roles.save(office, "shelter", {**form, "limits": "No children", "licences": ()}, by=BOB)
    sheet = roles.of(office, "shelter")
    assert sheet is not None
    assert (sheet.functions, sheet.limits) == ("Beds", "No children")
    assert office.scalars(select(PartnerLicence)).all() == []
    take_back(office, second.id, by=ANN)
    assert [one.name for one in roles.licences(office, "shelter")] == ["Fire safety"]
    with pytest.raises(Invalid, match="before the day"):
        roles.save(office, "hospital", {"agreed_on": "2026-05-01", "review_on": "2026-04-30"}, by=ANN)
    assert roles.save(office, "choir", {}, by=ANN).nothing
    assert len(office.scalars(select(RoleSheet)).all()) == 1


def test_the_agenda_holds_what_is_overdue_and_what_comes_near(
    office: Session, council: CoordinatingBody
) -> None:
    assert agenda.proposal(office, TODAY) == []
    held(office, council)
    step = {"state": "in_talks", "owner": ANN, "next_step": "Send the draft", "next_on": "2026-11-25"}
    service.change(office, "choir", step, by=ANN)
    service.change(office, "hospital", {**step, "next_on": "2026-11-26"}, by=ANN)
    form = {"title": "Beds", "kind": "contract", "parties": (("Shelter", ""),)}
    days = {"begins": "2026-01-01", "ends": "2026-12-31", "review_on": "2026-11-01"}
    agreements.save(office, None, {**form, **days}, by=ANN)
    licence = (("Fire safety", "", "2026-12-20"), ("Hygiene", "", "2028-01-01"))
    roles.save(office, "shelter", {"review_on": "2026-12-01", "licences": licence}, by=ANN)
    assert [(one.kind, one.title, one.day.isoformat()) for one in agenda.proposal(office, TODAY)] == [
        ("action", "Count beds", "2026-11-01"),
        ("step", "Хор", "2026-11-25"),
        ("ends", "Beds", "2026-12-31"),
        ("review", "Beds", "2026-11-01"),
        ("role", "Shelter", "2026-12-01"),
        ("licence", "Shelter", "2026-12-20"),
    ]
    assert next(one.kind for one in agenda.proposal(office, TODAY, "another body")) == "step"
