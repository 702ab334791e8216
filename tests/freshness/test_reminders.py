"""What is due: own calls, tries again, what was heard, and days that end about now."""

from datetime import timedelta

from sqlalchemy.orm import Session

from netmap.directory.models import Schedule, Service
from netmap.freshness.calls import Report, record
from netmap.freshness.claims import claim
from netmap.freshness.letters import letter, script
from netmap.freshness.reminders import reminders
from netmap.freshness.service import confirm
from tests.freshness.conftest import ANN, BEA, MOMENT, TODAY


def due(session: Session, person: str = ANN, **more: bool) -> list[tuple[str, str, int]]:
    session.flush()
    rows = reminders(session, TODAY, person, **more)
    return [(one.kind, one.service_id or one.desk, (one.day - TODAY).days) for one in rows]


def test_own_calls_are_due_until_they_are_made(office: Session) -> None:
    claim(office, "hand", person=ANN, day=TODAY)
    claim(office, "house", person=BEA, day=TODAY)
    assert (due(office), due(office, BEA)) == ([("call", "hand", 0)], [("call", "house", 0)])
    record(office, "hand", Report("confirmed", ("debts",)), by=ANN, moment=MOMENT)
    assert due(office) == []


def test_who_did_not_answer_is_tried_again_by_the_same_person(office: Session) -> None:
    record(office, "hand", Report("no_answer", hours=24), by=ANN, moment=MOMENT)
    assert (due(office), due(office, BEA)) == ([("again", "hand", 1)], [])


def test_what_was_heard_waits_for_who_writes_until_it_is_confirmed(office: Session) -> None:
    report = Report("changed", ("debts",), ("debts",), note="Mondays too")
    made = record(office, "hand", report, by=ANN, moment=MOMENT)
    assert due(office) == [("changed", "debts", 0)]
    assert (due(office, BEA), due(office, BEA, writes=True)) == ([], [("changed", "debts", 0)])
    (one,) = reminders(office, TODAY, BEA, writes=True)
    assert (one.about, one.call_id) == ("Mondays too", made.id)
    confirm(office, services=["debts"], by=BEA, how="phone", today=TODAY)
    assert due(office, BEA, writes=True) == []


def test_notices_closures_and_hours_that_end_about_now(office: Session) -> None:
    debts, food, beds = (office.get_one(Service, one) for one in ("debts", "food", "beds"))
    debts.alert, debts.alert_until = "Away", TODAY + timedelta(days=7)
    food.status, food.alert_until = "temporarily closed", TODAY - timedelta(days=1)
    beds.alert, beds.alert_until = "Long", TODAY + timedelta(days=8)
    office.add(Schedule(id="a", service_id="beds", closed=False, valid_to=TODAY + timedelta(days=2)))
    assert due(office) == [("closure", "food", -1), ("hours", "beds", 2), ("notice", "debts", 7)]
    office.add(Schedule(id="b", service_id="beds", closed=False))  # these go on
    assert ("hours", "beds", 2) not in due(office)


def test_the_letter_and_the_script_speak_the_language_of_the_provider() -> None:
    address = letter("en", "desk@hand.example", "Helping Hand", ["Debts & food"])
    assert address.startswith("mailto:desk@hand.example?subject=")
    assert "Debts%20%26%20food" in address
    assert "\n" not in address
    said = script("en", "Helping Hand", ["Debts", "Food"])
    assert any("Helping Hand" in one for one in said)
    assert said.index("1. Debts") + 1 == said.index("2. Food")
