"""The duty clock: who must report a change within some days, and is overdue."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Service, Vacancy
from netmap.freshness.calls import Report, record
from netmap.freshness.duty import by_organization, overdue
from tests.freshness.conftest import ANN, MOMENT, TODAY


def found(session: Session) -> list[tuple[str, str, int]]:
    session.flush()
    return [(one.organization_id, one.what, one.late) for one in overdue(session, TODAY, 365)]


def test_without_a_duty_nobody_is_overdue(office: Session) -> None:
    office.get_one(Service, "debts").assured_date = date(2020, 1, 1)
    assert found(office) == []


def test_a_change_that_a_call_found_was_told_late(office: Session) -> None:
    office.get_one(Organization, "house").duty_days = 3
    for since, late in ((TODAY - timedelta(days=3), []), (TODAY - timedelta(days=5), [("house", "late", 2)])):
        moment = MOMENT - timedelta(minutes=10)
        report = Report("changed", ("beds",), ("beds",), since=since)
        record(office, "house", report, by=ANN, moment=moment)
        assert found(office) == late


def test_what_ended_and_was_not_confirmed_since_is_overdue_after_the_duty(
    office: Session,
) -> None:
    office.get_one(Organization, "house").duty_days = 3
    service = office.get_one(Service, "beds")
    service.alert, service.alert_until = "Away", TODAY - timedelta(days=4)
    service.assured_date = TODAY - timedelta(days=10)
    assert found(office) == [("house", "ended", 1)]
    service.alert_until = TODAY - timedelta(days=3)  # the last day of the duty is today
    assert found(office) == []
    service.alert_until, service.assured_date = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
    assert found(office) == []  # somebody confirmed it since


def test_a_vacancy_that_ran_out_and_a_rhythm_that_passed(office: Session) -> None:
    owner = office.get_one(Organization, "house")
    owner.duty_days, owner.review_days = 2, 3
    office.add(Vacancy(organization_id="house", title="Cook", valid_to=TODAY - timedelta(days=5)))
    assert found(office) == [("house", "vacancy", 3), ("house", "unconfirmed", 1)]
    (together,) = by_organization(overdue(office, TODAY, 365))
    assert [one.about for one in together] == ["Cook", "Beds"]
    owner.closed_on = TODAY
    assert found(office) == []
