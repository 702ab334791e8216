"""The queue: who would do most harm comes first, with every reason; what waits stands behind."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Organization, Schedule, Service
from netmap.errors import NotFound
from netmap.freshness.calls import Report, record
from netmap.freshness.reports import MENDED, decide, report
from netmap.freshness.uses import write
from netmap.freshness.words import desk_reasons, service_reasons
from tests.freshness.conftest import ANN, MOMENT, TODAY, ranking
from tests.statements import counted


def order(session: Session, settings: Settings) -> list[str]:
    return [one.desk for one in ranking(session, settings).page(10).desks]


def test_age_decides_where_use_and_risk_are_equal(office: Session, settings: Settings) -> None:
    assert order(office, settings) == ["hand", "house"]
    desk = ranking(office, settings).one("hand")
    assert [row.service_id for row in desk.services] == ["debts", "food"]
    assert (desk.services[0].days, desk.services[0].rhythm, round(desk.services[0].true, 2)) == (
        365,
        365,
        0.5,
    )
    assert (desk.phone, desk.assigned_to, desk.due) == ("+370 600 11111", "", None)


def test_a_short_rhythm_makes_a_fresh_record_old(office: Session, settings: Settings) -> None:
    office.get_one(Organization, "house").review_days = 1
    office.flush()
    first = ranking(office, settings).page(1).desks[0]
    assert (first.desk, first.services[0].rhythm) == ("hand", 365)  # two services outweigh one
    office.get_one(Service, "food").status = "defunct"
    office.flush()
    assert order(office, settings) == ["house", "hand"]


def test_use_moves_a_desk_up_and_old_use_fades(office: Session, settings: Settings) -> None:
    write(office, {("beds", "chosen"): 40}, TODAY)
    assert order(office, settings)[0] == "house"
    later = MOMENT + timedelta(weeks=20)
    assert ranking(office, settings, later).one("house").services[0].use == 0


@pytest.mark.parametrize(
    ("sign", "change"),
    [
        ("notice_over", {"alert": "Away", "alert_until": date(2026, 11, 25)}),
        ("closure_over", {"status": "temporarily closed", "alert_until": date(2026, 11, 25)}),
    ],
)
def test_days_that_passed_are_signs(
    office: Session, settings: Settings, sign: str, change: dict[str, object]
) -> None:
    before = ranking(office, settings).one("house").harm
    for name, value in change.items():
        setattr(office.get_one(Service, "beds"), name, value)
    office.flush()
    desk = ranking(office, settings).one("house")
    assert desk.services[0].signs == (sign,)
    assert desk.harm > before
    for name in ("alert_until",):
        setattr(office.get_one(Service, "beds"), name, TODAY)  # its last day is today: not over
    office.flush()
    assert ranking(office, settings).one("house").services[0].signs == ()


def test_hours_that_are_over_or_unread_are_signs(office: Session, settings: Settings) -> None:
    office.add(Schedule(id="a", service_id="beds", freq="WEEKLY", byday="MO", valid_to=date(2026, 11, 1)))
    office.add(Schedule(id="b", service_id="debts", unread="by the moon"))
    office.add(Schedule(id="c", service_id="food", freq="WEEKLY", byday="MO", valid_to=date(2026, 11, 1)))
    office.add(Schedule(id="d", service_id="food", freq="WEEKLY", byday="TU"))  # these go on
    office.flush()
    found = ranking(office, settings)
    signs = {row.service_id: row.signs for one in found.page(9).desks for row in one.services}
    assert signs == {"beds": ("hours_over",), "debts": ("hours_unread",), "food": ()}


def test_an_open_report_of_a_mistake_is_a_sign_until_it_is_decided(
    office: Session, settings: Settings
) -> None:
    made = report(office, "beds", "phone", "", by=ANN)
    assert ranking(office, settings).one("house").services[0].signs == ("reported",)
    decide(office, made.id, MENDED, by=ANN)
    assert ranking(office, settings).one("house").services[0].signs == ()


def test_a_service_without_an_organization_is_a_desk_of_its_own(office: Session, settings: Settings) -> None:
    office.add(Service(id="lone", name="Lone help"))
    office.flush()
    desk = ranking(office, settings).one("lone")
    assert (desk.name, desk.organization_id, desk.services[0].days) == ("Lone help", None, None)
    assert "no person has ever confirmed it" in service_reasons(desk.services[0])
    assert desk_reasons(desk)[0] == "1 record that no person has ever confirmed"


def test_a_wrong_number_of_today_comes_back_after_all_others(office: Session, settings: Settings) -> None:
    assert ranking(office, settings).next(ANN) == "hand"
    record(office, "hand", Report("wrong_number", phone_id="ring"), by=ANN, moment=MOMENT)
    assert ranking(office, settings).next(ANN) == "house"  # one nobody has, before one's own without a number
    record(office, "house", Report("confirmed", services=("beds",)), by=ANN, moment=MOMENT)
    assert ranking(office, settings).next(ANN) == "hand"


def test_what_was_confirmed_leaves_the_queue_and_what_nobody_answered_stands_behind(
    office: Session, settings: Settings
) -> None:
    record(office, "house", Report("confirmed", services=("beds",)), by=ANN, moment=MOMENT)
    assert order(office, settings) == ["hand"]
    record(office, "hand", Report("no_answer"), by=ANN, moment=MOMENT)
    desk = ranking(office, settings).one("hand")
    assert desk.due is not None
    assert f"{desk.due:%H:%M}" == "14:00"
    assert desk.services[0].signs == ("no_answer",)
    assert ranking(office, settings).next(ANN) is None
    assert ranking(office, settings, MOMENT + timedelta(hours=5)).next(ANN) == "hand"


def test_a_history_of_changes_moves_a_provider_up(office: Session, settings: Settings) -> None:
    before = ranking(office, settings).one("house").services[0].true
    for days in (30, 20, 10):
        record(
            office,
            "house",
            Report("changed", services=("beds",), otherwise=("beds",)),
            by=ANN,
            moment=MOMENT - timedelta(days=days),
        )
    office.get_one(Service, "beds").assured_date = date(2026, 11, 20)
    office.flush()
    desk = ranking(office, settings).one("house")
    assert (desk.told.reached, desk.told.changed) == (3, 3)
    assert desk.services[0].true < before
    assert "3 of 3 calls found a change" in desk_reasons(desk)


def test_nobody_to_ring_is_said(office: Session, settings: Settings) -> None:
    with pytest.raises(NotFound, match="nobody to ring"):
        ranking(office, settings).one("gone")


def test_an_empty_directory_has_an_empty_queue(session: Session, settings: Settings) -> None:
    assert ranking(session, settings).page(10).total == 0


def test_statements_do_not_grow_with_the_page(office: Session, settings: Settings) -> None:
    with counted(office) as few:
        ranking(office, settings).page(1)
    for number in range(40):
        office.add(Organization(id=f"o{number}", name=f"Office {number}"))
        office.flush()
        office.add(Service(id=f"s{number}", name=f"Help {number}", organization_id=f"o{number}"))
    office.flush()
    with counted(office) as many:
        ranking(office, settings).page(40)
    assert len(many) == len(few) <= 15


def test_nobody_rings_an_organization_that_has_closed(office: Session, settings: Settings) -> None:
    office.get_one(Organization, "hand").closed_on = TODAY + timedelta(days=1)
    office.flush()
    assert order(office, settings) == ["hand", "house"]
    office.get_one(Organization, "hand").closed_on = TODAY
    office.flush()
    assert order(office, settings) == ["house"]
