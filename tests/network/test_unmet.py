"""Unmet needs: codes and a day only, once per case and week, whoever records at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from netmap.db import now, open_session, transaction
from netmap.directory.week_marks import AlreadyRecorded, take_back
from netmap.errors import Invalid, NotFound
from netmap.network import queries
from netmap.network.demand import unmet as rules
from netmap.network.demand.unmet import Unmet, record_unmet_need
from netmap.network.models import UnmetNeed
from netmap.network.service import gaps
from netmap.vocabulary.terms import vocabulary

NEED, TYPE = "fin.consumer_debt", "debt_advice"
DEBT = Unmet(need=NEED, area="A", language="uk")


@pytest.fixture
def record(town_session, settings):
    def keep(unmet=DEBT, *, recorder=1, case=""):
        return record_unmet_need(town_session, settings, unmet, recorder=recorder, case=case)

    return keep


@pytest.fixture
def on_day(monkeypatch):
    def travel(*day):
        monkeypatch.setattr(rules, "now", lambda: datetime(*day, 12, tzinfo=UTC))

    return travel


def number(session):
    return len(session.scalars(select(UnmetNeed)).all())


def test_recorded_unmet_needs_stand_beside_the_gap(town_session, settings, record):
    for client in range(6):
        record(Unmet(service_type="transport_help", area="C"), case=f"F-{client}")
    record(Unmet(need=NEED, language="uk"))
    record(Unmet(service_type="childcare_place", area="A"))
    listed = gaps(town_session, settings)["gaps"]
    found = {g["service_type"]: g["unmet"] for g in listed if g["type"] != "DURATION"}
    assert found["transport_help"] == "6"
    assert found["debt_advice"] is None, "nobody said where: it would stand on the card of every place"
    assert found["childcare_place"] is None, "the gap is in C, the record in A"


def test_it_holds_codes_the_day_and_a_mark_only(town_session, settings, record):
    row = record(replace(DEBT, part_of_day="evening"), case="F-17")
    stored = town_session.get(UnmetNeed, row.id)
    assert (stored.need_code, stored.service_type, stored.part_of_day) == (NEED, None, "evening")
    assert (stored.area_code, stored.language) == ("A", "uk")
    assert stored.recorded_on == now().astimezone(settings.zone()).date()
    assert type(stored.recorded_on) is date
    assert len(stored.mark) == 64


@pytest.mark.parametrize(
    ("asked", "field", "part"),
    [
        ({"need": "fin.consumer_dept"}, "about", NEED),
        ({"need": None, "service_type": "debt_advise"}, "about", TYPE),
        ({"area": "AA"}, "area", "'A'"),
        ({"language": "Ukrainian"}, "language", "code"),
        ({"part_of_day": "evenings"}, "part_of_day", "evening"),
        ({"need": None}, "about", "which"),
        ({"service_type": TYPE}, "about", "one of the two"),
    ],
)
def test_a_wrong_one_is_refused_and_told_how_to_mend_it(town_session, record, asked, field, part):
    with pytest.raises(Invalid) as error:
        record(replace(DEBT, **asked))
    assert set(error.value.fields) == {field}
    assert part in error.value.fields[field]
    assert number(town_session) == 0


def test_a_code_has_an_end(record):
    with pytest.raises(Invalid) as error:
        record(case="x" * 61)
    assert set(error.value.fields) == {"case"}


def test_without_a_code_it_counts_once_a_week_for_the_recorder(town_session, record):
    record()
    with pytest.raises(AlreadyRecorded, match="for another client of this week give a code"):
        record()
    with pytest.raises(AlreadyRecorded):
        record(replace(DEBT, part_of_day="evening"))
    assert number(town_session) == 1
    record(recorder=2)
    record(replace(DEBT, area="B"))
    record(replace(DEBT, language="ru"))
    record(replace(DEBT, need="emp.unemployed"))
    record(case="F-17")
    assert number(town_session) == 6


def test_with_a_code_it_counts_once_a_week_for_the_client_whoever_records(town_session, record):
    record(case="F-17")
    for case in ("F-17", " f-17 ", "F - 17", "Ｆ-17"):
        with pytest.raises(AlreadyRecorded, match="for this client"):
            record(replace(DEBT, area="B", language=None), recorder=2, case=case)
    record(case="F-18")
    record(replace(DEBT, need="emp.unemployed"), case="F-17")
    assert number(town_session) == 3


@pytest.mark.parametrize("first", ["need", "type"])
def test_a_need_and_a_type_that_answers_it_are_one_for_the_gaps(town_session, record, first):
    both = [Unmet(need=NEED), Unmet(service_type=TYPE)]
    assert TYPE in vocabulary().needs[NEED].service_types
    one, other = both if first == "need" else reversed(both)
    record(one, case="F-17")
    with pytest.raises(AlreadyRecorded):
        record(other, case="F-17")
    record(other, case="F-18")
    assert number(town_session) == 2


def test_a_new_week_counts_again_and_forgets_the_marks_of_the_old_one(town_session, record, on_day):
    on_day(2026, 11, 23)  # a Monday
    record(case="F-17")
    on_day(2026, 11, 29)
    with pytest.raises(AlreadyRecorded):
        record(case="F-17")
    first = town_session.scalars(select(UnmetNeed)).one().mark
    on_day(2026, 11, 30)
    record(case="F-17")
    town_session.expire_all()
    rows = town_session.scalars(select(UnmetNeed).order_by(UnmetNeed.recorded_on)).all()
    assert [row.recorded_on.day for row in rows] == [23, 30]
    assert rows[0].mark is None
    assert rows[1].mark not in (None, first)


def test_the_week_is_that_of_the_calendar_also_at_new_year(record, on_day):
    on_day(2026, 12, 31)  # Thursday of week 53, as the Friday after it is
    record()
    on_day(2027, 1, 1)
    with pytest.raises(AlreadyRecorded):
        record()
    on_day(2027, 12, 30)
    record()


def test_a_mark_differs_with_the_key_and_the_need(town_session, settings, record):
    marks = {record(case="F-17").mark, record(Unmet(need="emp.unemployed"), case="F-17").mark}
    other = replace(settings, secret_key="q" * 64)
    marks.add(record_unmet_need(town_session, other, DEBT, recorder=1, case="F-17").mark)
    assert len(marks) == 3


def test_writers_at_the_same_moment_count_once(engine, settings):
    """A double click, or two processes: one is counted, the others are told so."""

    def click(_number):
        try:
            with transaction(engine) as session:
                record_unmet_need(session, settings, Unmet(need=NEED), recorder=1, case="F-17")
        except AlreadyRecorded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(click, range(8))) == [False] * 7 + [True]
    with open_session(engine, reading=True) as session:
        assert number(session) == 1


def test_what_another_wrote_after_the_look_is_found_by_the_database(town_session, record, monkeypatch):
    """On a database that lets two look at once, the second is refused when it writes."""
    record(case="F-17")
    monkeypatch.setattr(town_session, "scalar", lambda _query: None)  # it has looked before the first wrote
    with pytest.raises(AlreadyRecorded):
        record(case="F-17")
    assert number(town_session) == 1


def test_the_database_refuses_the_same_mark_twice(town_session, record):
    mark = record().mark
    with pytest.raises(IntegrityError), town_session.begin_nested():
        town_session.add(UnmetNeed(need_code=NEED, recorded_on=date(2026, 11, 26), mark=mark))


def test_a_mistake_can_be_taken_back_once_and_recorded_again(town_session, record):
    row = record()
    take_back(town_session, UnmetNeed, row.id)
    assert number(town_session) == 0
    with pytest.raises(NotFound):
        take_back(town_session, UnmetNeed, row.id)
    record()


def test_the_list_counts_by_need_or_type_and_area(town_session, record):
    for client in ("1", "2", "3"):
        record(case=client)
    record(replace(DEBT, area=None))
    record(Unmet(service_type="shelter", area="A"))
    found = [
        (row.need, row.service_type, row.area, row.times) for row in queries.unmet_by_place(town_session)
    ]
    assert set(found) == {(NEED, None, "A", 3), (None, "shelter", "A", 1), (NEED, None, None, 1)}
