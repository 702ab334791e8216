"""How true the directory is: counted against each record's own rhythm, by part, with what calls found."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import (
    Area,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
    Source,
)
from netmap.freshness.calls import Report, record, take_back_call
from netmap.freshness.models import TruthSnapshot
from netmap.freshness.truth import PARTS_DAYS, Truth, keep_snapshot, trend, truths
from tests.freshness.conftest import ANN, MOMENT, TODAY
from tests.statements import counted


def of(session: Session, part: str = "all", code: str = "") -> Truth:
    return next(one for one in truths(session, TODAY, 365) if (one.part, one.code) == (part, code))


def test_within_rhythm_never_and_closed_are_told_apart(office: Session) -> None:
    whole = of(office)  # two are exactly a year old: the last day of their rhythm
    assert (whole.services, whole.within, whole.never, whole.closed) == (3, 3, 0, 0)
    office.get_one(Service, "debts").review_days = 30
    office.get_one(Service, "food").assured_date = None
    office.flush()
    whole = of(office)
    assert (whole.services, whole.within, whole.never) == (3, 1, 1)
    assert [round(end, 2) for end in whole.share.interval] == [0.06, 0.79]
    office.get_one(Service, "beds").status = "defunct"
    office.flush()
    whole = of(office)
    assert (whole.services, whole.within, whole.closed) == (2, 0, 1)


def test_what_the_source_no_longer_has_does_not_count(office: Session) -> None:
    office.get_one(Service, "beds").removed_in_source = MOMENT
    office.flush()
    assert of(office).services == 2


def test_each_part_has_its_rows_and_what_has_none_is_told(office: Session) -> None:
    office.add_all([Area(code="north", name="North"), Source(id="file", name="A file")])
    office.flush()
    office.add(Location(id="hall", area_code="north"))
    office.get_one(Service, "beds").source_id = "file"
    office.flush()
    office.add(ServiceAtLocation(service_id="beds", location_id="hall"))
    office.add(ServiceTypeLink(service_id="beds", code="shelter", state="confirmed"))
    office.add(ServiceTypeLink(service_id="debts", code="debt_advice", state="rejected"))
    office.flush()
    assert (of(office, "area", "north").services, of(office, "area").services) == (1, 2)
    assert (of(office, "type", "shelter").services, of(office, "type").services) == (1, 2)
    assert (of(office, "source", "file").services, of(office, "source").services) == (1, 2)


def test_measured_truth_is_what_calls_found_lately_and_not_what_was_taken_back(office: Session) -> None:
    both = ("debts", "food")
    record(office, "hand", Report("changed", both, ("food",)), by=ANN, moment=MOMENT)
    long_ago = MOMENT - timedelta(days=91)
    record(office, "house", Report("changed", ("beds",), ("beds",)), by=ANN, moment=long_ago)
    record(office, "house", Report("no_answer"), by=ANN, moment=MOMENT)  # nothing was put to the test
    whole = of(office)
    assert (whole.called, whole.as_recorded) == (2, 1)
    made = record(office, "hand", Report("confirmed", both), by=ANN, moment=MOMENT + timedelta(hours=1))
    assert (of(office).called, of(office).as_recorded) == (4, 3)
    take_back_call(office, made.id, by=ANN)
    assert (of(office).called, of(office).as_recorded) == (2, 1)


def test_a_doubtful_number_of_the_organization_makes_its_services_doubtful(office: Session) -> None:
    record(office, "hand", Report("wrong_number", phone_id="ring"), by=ANN, moment=MOMENT)
    assert of(office).doubtful == 2


def test_snapshots_are_kept_once_a_day_and_the_trend_has_the_last_of_each_month(office: Session) -> None:
    for day in (date(2026, 10, 3), date(2026, 10, 30), TODAY, TODAY):
        keep_snapshot(office, truths(office, TODAY, 365), day)
    assert [row.day for row in trend(office)] == [TODAY, date(2026, 10, 30)]
    assert len(office.scalars(select(TruthSnapshot).where(TruthSnapshot.part == "all")).all()) == 3
    keep_snapshot(office, truths(office, TODAY, 365), TODAY + timedelta(days=PARTS_DAYS + 1))
    left = office.scalars(select(TruthSnapshot.day).where(TruthSnapshot.part == "type").distinct()).all()
    assert left == [TODAY + timedelta(days=PARTS_DAYS + 1)]
    assert len(trend(office)) == 3  # the whole is kept for good


def test_statements_do_not_grow_with_the_directory(office: Session) -> None:
    with counted(office) as few:
        truths(office, TODAY, 365)
    for number in range(30):
        office.add(Organization(id=f"o{number}", name="Office"))
        office.add(Service(id=f"s{number}", name="Help", organization_id=f"o{number}"))
    office.flush()
    with counted(office) as many:
        truths(office, TODAY, 365)
    assert len(many) == len(few) <= 6
