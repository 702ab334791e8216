"""State, owner, next step and contacts of an organization; no word about it means "known"."""

from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.directory.models import Organization
from netmap.editing.restoring import take_back
from netmap.errors import Invalid, NotFound
from netmap.partners import pipeline, service
from netmap.partners.models import PartnerContact, Partnership
from tests.partners.conftest import ANN, BOB, TODAY

FORM = {"state": "potential", "owner": BOB, "next_step": "Call", "next_on": "2026-11-20", "note": ""}


def test_an_organization_of_which_nothing_is_written_is_known(office: Session) -> None:
    assert service.state_of(office, ["hospital", "choir"]) == {"hospital": "known", "choir": "known"}
    service.change(office, "choir", FORM, by=ANN)
    assert service.state_of(office, ["hospital", "choir"]) == {"hospital": "known", "choir": "potential"}
    assert service.not_firm(office) == {"choir": "potential"}


def test_what_is_written_is_an_edit_that_can_be_taken_back(office: Session) -> None:
    first = service.change(office, "choir", FORM, by=ANN)
    second = service.change(office, "choir", {**FORM, "state": "partner"}, by=BOB)
    assert (first.by, second.by, second.kind) == (ANN, BOB, "partner")
    take_back(office, second.id, by=ANN)
    row = service.of(office, "choir")
    assert row is not None
    assert (row.state, row.owner, row.next_on) == ("potential", BOB, date(2026, 11, 20))
    assert service.change(office, "choir", FORM, by=ANN).nothing


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"state": "friend"}, "state", "how the organisation stands"),
        ({"owner": "stranger@office.example"}, "owner", "Nobody with the e-mail"),
        ({"next_on": "2026-02-31"}, "next_on", "does not exist"),
        ({"next_on": "tomorrow"}, "next_on", "year-month-day"),
        ({"next_step": "", "next_on": "2026-12-01"}, "next_step", "what shall be done"),
        ({"next_step": "x" * 400}, "next_step", "longer than 300"),
        ({"note": "bell \x07"}, "note", "cannot be printed"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    office: Session, wrong: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(Invalid) as caught:
        service.change(office, "choir", {**FORM, **wrong}, by=ANN)
    assert said in caught.value.fields[field]
    assert office.scalars(select(Partnership)).all() == []


def test_an_owner_who_has_left_may_stay_but_is_not_chosen_anew(office: Session) -> None:
    service.change(office, "choir", FORM, by=ANN)
    office.scalars(select(User).where(User.email == BOB)).one().active = False
    service.change(office, "choir", {**FORM, "note": "New hall"}, by=ANN)
    with pytest.raises(Invalid, match="Nobody with the e-mail"):
        service.change(office, "hospital", FORM, by=ANN)


def test_the_last_contact_is_the_latest_day_and_two_people_add_both(office: Session) -> None:
    service.change(office, "choir", FORM, by=ANN)
    for day, by in (("2026-11-20", ANN), ("2026-11-25", BOB), ("2026-10-01", ANN)):
        contact = {"day": day, "how": "phone", "sentence": f"Said on {day}"}
        service.note_contact(office, "choir", contact, by=by, today=TODAY)
    row = service.of(office, "choir")
    assert row is not None
    assert row.last_contact == date(2026, 11, 25)
    assert [one.noted_by for one in service.contacts(office, "choir")] == [BOB, ANN, ANN]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"day": "2026-11-27"}, "day"), ({"how": ""}, "how"), ({"sentence": " "}, "sentence")],
)
def test_a_contact_to_come_or_without_a_sentence_is_none(
    office: Session, wrong: dict[str, str], field: str
) -> None:
    contact = {"day": "2026-11-26", "how": "visit", "sentence": "Met", **wrong}
    with pytest.raises(Invalid) as caught:
        service.note_contact(office, "choir", contact, by=ANN, today=TODAY)
    assert field in caught.value.fields
    assert office.scalars(select(PartnerContact)).all() == []


def test_nobody_can_be_a_partner_who_is_not_there(office: Session) -> None:
    with pytest.raises(NotFound):
        service.change(office, "gone", FORM, by=ANN)
    office.delete(office.get_one(Organization, "choir"))
    office.flush()
    assert service.state_of(office, ["choir"]) == {"choir": "known"}


def test_the_list_puts_overdue_steps_first_and_finds_names_in_any_case(office: Session) -> None:
    service.change(office, "hospital", {**FORM, "state": "partner", "next_on": "2026-12-20"}, by=ANN)
    service.change(office, "shelter", {**FORM, "next_step": "", "next_on": "", "owner": ""}, by=ANN)
    service.change(office, "choir", {**FORM, "state": "in_talks"}, by=ANN)

    def names(**wish: str) -> list[str]:
        wanted = pipeline.Wish(**wish)
        return [one.organization_id for one in pipeline.listing(office, TODAY, wanted, limit=9)[1]]

    assert names() == ["choir", "hospital", "shelter"]
    assert names(when="overdue") == ["choir"]
    assert (names(state="potential"), names(owner="-"), names(owner=BOB)) == (
        ["shelter"],
        ["shelter"],
        ["choir", "hospital"],
    )
    assert (names(name="ХОР"), names(name="ligonine"), names(name="%")) == (["choir"], ["hospital"], [])
    assert pipeline.counts(office, TODAY) == ({"in_talks": 1, "partner": 1, "potential": 1}, 1)


def test_the_list_asks_as_often_for_a_thousand_partners_as_for_one(office: Session) -> None:
    asked: list[str] = []
    connection = office.connection()
    event.listen(connection, "before_cursor_execute", lambda _c, _cur, said, *_rest: asked.append(said))

    def statements() -> int:
        office.expunge_all()
        asked.clear()
        total, rows = pipeline.listing(office, TODAY, pipeline.Wish(name="o"), limit=50)
        assert [one.organization.name for one in rows]
        assert total
        return len(asked)

    service.change(office, "choir", FORM, by=ANN)
    office.add(Organization(id="one", name="One"))
    office.add(Partnership(organization_id="one"))
    office.flush()
    few = statements()
    for number in range(1000):
        office.add(Organization(id=f"o{number}", name=f"Organisation {number}"))
        office.add(Partnership(organization_id=f"o{number}", state="partner", owner=ANN))
    office.flush()
    assert statements() == few <= 3
