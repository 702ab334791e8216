"""Outcomes of calls: each is kept, changes the records in one step, and can be taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Organization, Phone, Service
from netmap.editing.history import of_record
from netmap.editing.restoring import take_back
from netmap.errors import Conflict, Invalid, NotFound
from netmap.freshness.calls import Report, of_desk, record, take_back_call, trust_again
from netmap.freshness.models import Call, CalledRecord, Claim, Confirmation, DoubtfulPhone
from netmap.freshness.phones import doubtful
from tests.freshness.conftest import ANN, BEA, MOMENT, TODAY, ranking

BOTH = ("debts", "food")


def day_of(session: Session, service: str) -> date | None:
    return session.get_one(Service, service).assured_date


def test_confirmed_is_for_the_ticked_services_and_the_organization(office: Session) -> None:
    made = record(office, "hand", Report("confirmed", services=("debts",)), by=ANN, moment=MOMENT)
    assert (day_of(office, "debts"), day_of(office, "food")) == (TODAY, date(2025, 11, 26))
    assert office.get_one(Organization, "hand").assured_date == TODAY
    assert [(one.service_id, one.found) for one in made.records] == [("debts", "right")]
    (entry,) = of_record(office, "service", "debts")
    assert (entry.edit.kind, entry.edit.note, entry.edit.by) == ("confirm", "phone", ANN)


def test_changed_confirms_the_rest_and_leaves_what_changed_open(office: Session) -> None:
    report = Report("changed", services=BOTH, otherwise=("food",), since=date(2026, 11, 1))
    made = record(office, "hand", report, by=ANN, moment=MOMENT)
    assert (day_of(office, "debts"), day_of(office, "food")) == (TODAY, date(2025, 11, 26))
    assert {one.service_id: one.found for one in made.records} == {"debts": "right", "food": "changed"}
    assert made.changed_on == date(2026, 11, 1)
    assert office.get_one(Organization, "hand").assured_date is None


def test_closing_all_services_closes_the_organization_and_names_who_carries_on(office: Session) -> None:
    report = Report("closed", BOTH, BOTH, since=date(2026, 10, 31), successor=" Open House ")
    record(office, "hand", report, by=ANN, moment=MOMENT)
    owner = office.get_one(Organization, "hand")
    assert {office.get_one(Service, one).status for one in BOTH} == {"defunct"}
    assert (owner.closed_on, owner.successor_id) == (date(2026, 10, 31), "house")
    with pytest.raises(NotFound):  # there is nobody left to ring
        record(office, "hand", Report("confirmed", BOTH), by=ANN, moment=MOMENT)


def test_closing_one_of_two_services_leaves_the_organization_open(office: Session) -> None:
    record(office, "hand", Report("closed", BOTH, ("food",)), by=ANN, moment=MOMENT)
    assert office.get_one(Service, "food").status == "defunct"
    assert (office.get_one(Service, "debts").status, day_of(office, "debts")) == ("active", TODAY)
    assert office.get_one(Organization, "hand").closed_on is None


def test_a_wrong_number_is_marked_and_not_deleted(office: Session, settings: Settings) -> None:
    made = record(office, "hand", Report("wrong_number", phone_id="ring"), by=ANN, moment=MOMENT)
    assert office.get_one(Phone, "ring").number == made.number == "+370 600 11111"
    desk = ranking(office, settings).one("hand")
    assert (desk.phone, desk.phones[0].doubtful, desk.services[0].signs) == ("", True, ("wrong_number",))
    trust_again(office, "ring")
    assert ranking(office, settings).one("hand").phone == "+370 600 11111"


def test_a_number_that_was_mended_is_doubtful_no_more(office: Session, settings: Settings) -> None:
    record(office, "hand", Report("wrong_number", phone_id="ring"), by=ANN, moment=MOMENT)
    phone = office.get_one(Phone, "ring")
    assert doubtful(office, [phone]) == {"ring"}
    phone.number = "+370 600 22222"
    office.flush()
    assert ranking(office, settings).one("hand").phone == "+370 600 22222"
    assert doubtful(office, [phone]) == frozenset()


@pytest.mark.parametrize(
    ("hours", "expected"), [(None, "26 14:00"), (2, "26 12:00"), (24, "27 10:00"), (30, "27 16:00")]
)
def test_no_answer_is_tried_again_later(office: Session, hours: int | None, expected: str) -> None:
    made = record(office, "hand", Report("no_answer", hours=hours), by=ANN, moment=MOMENT)
    assert made.again_at is not None
    assert f"{made.again_at:%d %H:%M}" == expected


@pytest.mark.parametrize("outcome", ["confirmed", "changed", "closed", "no_answer", "wrong_number"])
def test_every_outcome_is_kept_and_taken_back(office: Session, settings: Settings, outcome: str) -> None:
    def state() -> object:
        services = office.scalars(select(Service).order_by(Service.id)).all()
        return (
            [(one.status, one.assured_date, one.assurer_email) for one in services],
            [(one.closed_on, one.assured_date) for one in office.scalars(select(Organization))],
            office.scalars(select(DoubtfulPhone.phone_id)).all(),
            office.scalars(select(Confirmation.id)).all(),
            [(one.desk, one.harm, one.due) for one in ranking(office, settings).page(9).desks],
        )

    before = state()
    made = record(office, "hand", Report(outcome, BOTH, BOTH, phone_id="ring"), by=ANN, moment=MOMENT)
    if outcome != "changed":
        assert state() != before
    take_back_call(office, made.id, by=ANN)
    assert state() == before
    (kept,) = of_desk(office, "hand")
    assert (kept.outcome, kept.undone_by) == (outcome, ANN)
    with pytest.raises(Conflict, match="already"):
        take_back_call(office, made.id, by=ANN)


def test_a_record_that_was_changed_since_is_not_taken_back_by_halves(office: Session) -> None:
    made = record(office, "hand", Report("closed", BOTH, ("food",)), by=ANN, moment=MOMENT)
    office.get_one(Service, "food").status = "active"
    office.flush()
    with pytest.raises(Conflict, match="changed since"):
        take_back_call(office, made.id, by=ANN)
    assert made.undone_at is None
    assert day_of(office, "debts") == TODAY


def test_a_call_whose_edit_was_taken_back_in_the_history_counts_no_more(
    office: Session, settings: Settings
) -> None:
    made = record(office, "hand", Report("confirmed", BOTH), by=ANN, moment=MOMENT)
    assert ranking(office, settings).one("hand").told.reached == 1
    assert made.edit_id is not None
    take_back(office, made.edit_id, by=BEA)
    assert ranking(office, settings).one("hand").told.reached == 0


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (Report("maybe", BOTH), "outcome"),
        (Report("confirmed"), "services"),
        (Report("confirmed", ("beds",)), "services"),  # of another provider
        (Report("changed", BOTH), "otherwise"),
        (Report("changed", ("debts",), ("food",)), "services"),
        (Report("closed", BOTH, ("beds",)), "otherwise"),
        (Report("wrong_number"), "phone"),
        (Report("closed", BOTH, BOTH, since=TODAY + timedelta(days=1)), "since"),
        (Report("closed", BOTH, BOTH, successor="Nobody"), "successor"),
        (Report("closed", BOTH, BOTH, successor="Helping Hand"), "successor"),  # itself
        (Report("no_answer", hours=0), "hours"),
        (Report("no_answer", hours=9999), "hours"),
        (Report("confirmed", BOTH, errors={"since": "no day"}), "since"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_keeps_nothing(
    office: Session, report: Report, field: str
) -> None:
    with pytest.raises(Invalid) as told:
        record(office, "hand", report, by=ANN, moment=MOMENT)
    assert set(told.value.fields) == {field}
    assert [office.scalars(select(table)).all() for table in (Call, CalledRecord, Claim)] == [[], [], []]
    assert day_of(office, "debts") == date(2025, 11, 26)


def test_a_number_of_another_provider_cannot_be_marked(office: Session) -> None:
    office.add(Phone(id="other", organization_id="house", number="222"))
    office.flush()
    with pytest.raises(Invalid):
        record(office, "hand", Report("wrong_number", phone_id="other"), by=ANN, moment=MOMENT)


def test_two_people_never_report_one_call(office: Session) -> None:
    record(office, "hand", Report("no_answer"), by=ANN, moment=MOMENT)
    with pytest.raises(Conflict, match=ANN):
        record(office, "hand", Report("no_answer"), by=BEA, moment=MOMENT)
    record(office, "hand", Report("no_answer"), by=BEA, moment=MOMENT + timedelta(days=1))  # another day
