"""Areas compared with each other: needed lines only, unknown apart, nothing told of very few services."""

from datetime import date

import pytest
from sqlalchemy import update

from netmap.db import now, open_session, transaction
from netmap.directory.models import Location, Organization, Service, ServiceCapacity
from netmap.freshness.models import TruthSnapshot
from netmap.jobs.models import Job
from netmap.network.areas import growth
from netmap.network.areas import kept as areas
from netmap.network.areas.comparing import Compared, Reached, in_order, mean_of, place_of, reached
from netmap.network.gaps.selection import select
from netmap.network.models import AreaSnapshot
from netmap.network.picture.matrix import matrix
from netmap.partners.models import Agreement, PartnerContact

NONE = dict.fromkeys(("perhaps", "single", "complete", "checked", "wait_days"))


def one(area, coverage, gaps=0, **values):
    return Compared(area=area, coverage=coverage, gaps=gaps, **(NONE | values))


def test_the_worked_example_is_counted_by_hand(town):
    """A: of seven needed lines debt, childcare, job twice and assistant are open, each from one provider."""
    found = reached(town.surveyed().cells)
    assert found["A"] == Reached(lines=7, open=5, ask=0, single=5, packages=2, complete=0)
    assert found["C"] == Reached(lines=7, open=2, ask=0, single=2, packages=2, complete=0)


def test_what_has_to_be_asked_about_is_neither_open_nor_a_gap(town):
    asked = [town.offer("v1", "P1", "debt_advice", "A", languages=None, status="unknown"), *town.offers()[1:]]
    before, after = reached(town.surveyed().cells)["A"], reached(town.surveyed(asked).cells)["A"]
    assert (after.open, after.ask) == (before.open - 1, 1)
    row = areas.compared(snapshot(lines=after.lines, open=after.open, ask=after.ask))
    assert row.gaps == 2, "addiction and transport, not the debts"


def test_what_nobody_checked_is_no_gap(town_session, settings):
    """Transport is offered by nobody; with a third of all services untyped any of them may offer it."""
    before = {row.area_code: areas.compared(row) for row in areas.look(town_session, settings, now().date())}
    assert (before["A"].gaps, before["A"].perhaps) == (2, 0)
    for key in ("x1", "x2", "x3", "x4"):
        town_session.add(Service(id=key, organization_id="P1", name=key, status="active"))
    town_session.flush()
    after = {row.area_code: areas.compared(row) for row in areas.look(town_session, settings, now().date())}
    assert (after["A"].gaps, after["A"].perhaps) == (1, 1 / 7)
    asked = select(town_session, settings)
    squares = matrix(asked, by="type").squares.items()
    assert sum(one.counts["gap"] for (_kind, area), one in squares if area == "A") == after["A"].gaps


def snapshot(**values):
    usual = dict.fromkeys(("lines", "open", "ask", "single", "packages", "complete", "services", "within"), 0)
    return AreaSnapshot(
        **{"day": date(2026, 11, 26), "area_code": "A", "waits": 0, "wait_days": None} | usual | values
    )


@pytest.mark.parametrize(("services", "told"), [(0, None), (4, None), (5, 0.6)])
def test_of_few_services_no_share_is_told(services, told):
    assert areas.compared(snapshot(services=services, within=3)).checked == told


@pytest.mark.parametrize(("waits", "told"), [(4, None), (5, 12.5)])
def test_of_few_waiting_times_none_is_told(waits, told):
    assert areas.compared(snapshot(waits=waits, wait_days=12.5)).wait_days == told


def test_an_area_without_lines_is_not_known_and_not_nothing():
    row = areas.compared(snapshot())
    assert (row.coverage, row.single, row.complete) == (None, None, None)


def test_the_mean_leaves_out_what_is_not_known():
    rows = [one("A", 0.5), one("B", 1.0), one("C", None)]
    assert mean_of(rows, "coverage") == 0.75
    assert mean_of(rows, "checked") is None


def test_the_place_counts_the_best_first_and_equals_share_it():
    rows = [one("A", 0.5, 4), one("B", 0.9, 2), one("C", 0.5, 2), one("D", None, 9)]
    assert [place_of(rows, area, "coverage") for area in "ABCD"] == [(2, 3), (1, 3), (2, 3), None]
    assert [place_of(rows, area, "gaps") for area in "ABCD"] == [(3, 4), (1, 4), (1, 4), (4, 4)]


def test_what_needs_help_most_stands_first_and_the_unknown_last():
    rows = [one("A", 0.5, 4), one("B", 0.9, 2), one("C", None, 9)]
    assert [row.area for row in in_order(rows, "coverage", {})] == ["A", "B", "C"]
    assert [row.area for row in in_order(rows, "gaps", {})] == ["C", "A", "B"]
    assert [row.area for row in in_order(rows, "area", {"A": "z", "B": "y", "C": "x"})] == ["C", "B", "A"]


def test_a_look_reads_lines_freshness_and_waiting(town_session, settings):
    town_session.execute(update(Location).values(area_code="A"))
    for number, service in enumerate(("v1", "v2", "v3")):
        town_session.add(ServiceCapacity(service_id=service, wait_days=10 * number))
    town_session.flush()
    rows = {row.area_code: row for row in areas.look(town_session, settings, now().date())}
    assert (rows["A"].lines, rows["A"].open) == (7, 5)
    assert (rows["A"].services, rows["A"].within) == (8, 7)  # one was checked 400 days ago
    assert (rows["A"].waits, rows["A"].wait_days) == (3, 10)
    assert (rows["B"].services, rows["B"].waits, rows["B"].wait_days) == (0, 0, None)


def test_of_each_month_the_last_day_stays(session):
    for day in (date(2026, 10, 3), date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 26)):
        areas.keep(session, [snapshot(day=day, lines=10, open=day.day % 10, packages=2, complete=1)], day)
    found = [(one.day, one.coverage, one.complete) for one in growth.months(session)]
    assert found == [(date(2026, 11, 26), 0.6, 0.5), (date(2026, 10, 30), 0, 0.5)]
    day, rows = areas.newest(session)
    assert (day, [row.coverage for row in rows]) == (date(2026, 11, 26), [0.6])


def test_before_the_first_look_there_is_nothing(session):
    assert areas.newest(session) == (None, [])


def test_the_job_keeps_today_and_comes_again_tomorrow(engine, settings):
    areas.begin(engine)
    areas.begin(engine)
    with transaction(engine) as session:
        assert session.query(Job).filter_by(kind=areas.KIND).count() == 1
        session.query(Job).delete()
    with open_session(engine, reading=True) as session:
        areas.keep_today(session, engine, settings, [{}])
    with transaction(engine) as session:
        (job,) = session.query(Job).filter_by(kind=areas.KIND)
        assert job.due_at > now()


def test_a_month_knows_what_was_kept_and_what_was_in_force(session):
    session.add(Organization(id="P1", name="P1"))
    session.flush()
    truth = {"part": "all", "code": "", "within": 1, "never": 0, "doubtful": 0, "closed": 0, "called": 0}
    session.add(TruthSnapshot(day=date(2026, 9, 30), services=40, as_recorded=0, **truth))
    session.add(Agreement(title="old", kind="contract", begins=date(2026, 1, 1), ends=date(2026, 10, 15)))
    session.add(Agreement(title="ended", kind="contract", begins=date(2026, 1, 1), ended_on=date(2026, 9, 1)))
    session.add(Agreement(title="later", kind="contract", begins=date(2026, 10, 1)))
    session.add(Agreement(title="without a day", kind="contract"))
    for day in (date(2025, 9, 1), date(2026, 9, 2), date(2026, 9, 3)):
        contact = {"how": "phone", "sentence": "beds", "noted_by": "ann@office.example"}
        session.add(PartnerContact(organization_id="P1", day=day, **contact))
    areas.keep(session, [snapshot(day=date(2026, 11, 5), lines=4, open=1)], date(2026, 11, 5))
    november, september = growth.months(session)
    assert (november.day, november.services, november.coverage) == (date(2026, 11, 5), None, 0.25)
    assert (november.agreements, november.contacted) == (1, 1)
    assert (september.services, september.coverage, september.agreements) == (40, None, 1)
