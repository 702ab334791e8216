"""Reach of one kind of service from a database that holds the worked example."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from netmap.db import open_engine, transaction
from netmap.directory.models import Area, Location, Service, ServiceArea, ServiceCapacity
from netmap.errors import Invalid
from netmap.migrations.upgrade import upgrade
from netmap.network.models import Demand, Travel
from netmap.network.reach.service import Asked, reach
from tests.network import examples
from tests.network.examples import ADDICTION, ASSISTANT, CHILDCARE, DEBT, JOB, TRANSPORT
from tests.terminal import terminal


def by_area(found, field="ratio", digits=3):
    rows = sorted(found["areas"], key=lambda row: row["code"])
    return [None if row[field] is None else round(row[field], digits) for row in rows]


@pytest.mark.parametrize(
    ("kind", "ratios"),
    [
        (DEBT, [0.6, 0.6, 0]),
        (CHILDCARE, [0.4, 0.4, 0]),
        (JOB, [2.5, 2.5, 1.5]),
        (ASSISTANT, [0.833, 0.833, 0]),
        (TRANSPORT, [0, 0, 0]),
    ],
)
def test_the_ratios_of_the_worked_example(town_session, settings, kind, ratios):
    assert by_area(reach(town_session, settings, Asked(kind))) == ratios


def test_bands_and_what_no_assignment_can_serve(town_session, settings):
    found = reach(town_session, settings, Asked(DEBT))
    assert by_area(found, "banded") == [0.641, 0.436, 0]
    assert found["unmet"] == {"least": 25, "most": 25}
    assert [(one["areas"], one["lacking"], one["empty"]) for one in found["groups"]] == [
        (["Town A", "Town B"], 20, False),
        (["Town C"], 5, True),
    ]


@pytest.fixture
def run(settings, monkeypatch, capsys):
    """The command on the worked example, in a database that was made as an office makes it."""
    settings.data_dir.mkdir(parents=True)
    engine = open_engine(settings.database())
    upgrade(engine)
    with transaction(engine) as session:
        examples.put_town(session)
    engine.dispose()
    monkeypatch.setenv("NETMAP_DATA_DIR", str(settings.data_dir))
    return terminal(monkeypatch, capsys)


def test_the_command_tells_the_same(run):
    status, out, _err = run("reach", "--type", DEBT, "--json")
    assert (status, by_area(json.loads(out))) == (0, [0.6, 0.6, 0])
    _status, text, _err = run("reach", "--type", DEBT)
    assert "Clients a year whom no assignment can serve: 25 at least, 25 at most." in text
    assert "100 % of the ways within reach are straight lines, not roads." in text
    status, _out, err = run("reach", "--type", "debt_advise")
    assert status == 1
    assert "the nearest is 'debt_advice'" in err


def test_the_command_of_territories(run):
    status, out, _err = run("territories", "--json")
    assert (status, json.loads(out)["kinds"]) == (0, 6)
    _status, text, _err = run("territories")
    assert "missing: coordinator, resources, partnerships" in text
    status, text, _err = run("territories", "--area", "A")
    assert status == 0
    assert "unchecked  Debt advice" in text


def test_who_is_let_in_shares_the_places_and_nobody_else(town_session, settings):
    """Addiction treatment in A shuts out parents, and all of the package are parents; C's is one-off."""
    found = reach(town_session, settings, Asked("addiction_outpatient"))
    assert [row["services"] for row in found["areas"]] == [0, 0, 0]
    assert found["unmet"]["least"] == 55


def test_one_package_or_area_is_shown_but_all_share(town_session, settings):
    found = reach(town_session, settings, Asked(JOB, package="k2", area="A"))
    assert [(row["code"], row["clients"], row["ratio"]) for row in found["areas"]] == [("A", 20, 2.5)]


def test_an_unknown_capacity_is_told_and_never_nothing(town_session, settings):
    town_session.execute(delete(ServiceCapacity).where(ServiceCapacity.service_id == "v1"))
    found = reach(town_session, settings, Asked(DEBT))
    assert by_area(found) == [None, None, 0]
    assert [row["unknown"] for row in sorted(found["areas"], key=lambda row: row["code"])] == [1, 1, 0]
    assert found["unmet"] == {"least": 5, "most": 55}
    assert found["unknown_capacity"] == 1


def test_a_known_road_takes_the_place_of_the_straight_line(town_session, settings):
    for location in town_session.scalars(select(Location)):
        location.area_code = location.id[0]
    assert reach(town_session, settings, Asked(DEBT))["straight_share"] == 1
    town_session.add(Travel(from_area="B", to_area="A", mode="car", km=40, minutes=25))
    town_session.flush()
    found = reach(town_session, settings, Asked(DEBT))
    assert by_area(found) == [0.75, 0, 0]
    assert found["straight_share"] is None  # the one way left is none: A's own
    minutes = reach(town_session, settings, Asked(DEBT, by="car"))
    assert by_area(minutes, "nearest")[1] == 25
    assert minutes["straight_share"] == 0


def test_by_bus_a_way_that_is_not_known_is_told_and_not_worked_out(town_session, settings):
    for location in town_session.scalars(select(Location)):
        location.area_code = location.id[0]
    town_session.add(Travel(from_area="B", to_area="A", mode="public", minutes=25))
    town_session.flush()
    found = reach(town_session, settings, Asked(DEBT, by="public"))
    rows = {row["code"]: (row["services"], row["doubtful"]) for row in found["areas"]}
    assert rows == {"A": (0, 1), "B": (1, 0), "C": (0, 1)}
    with pytest.raises(Invalid, match="No travel times are known for 'foot'"):
        reach(town_session, settings, Asked(DEBT, by="foot"))


def test_help_that_comes_to_people_is_no_way_off_where_it_is_declared(town_session, settings):
    town_session.add(ServiceArea(id="x", service_id="v6", area_code="C", name="C"))
    town_session.flush()
    found = reach(town_session, settings, Asked(ASSISTANT))
    assert by_area(found) == [0, 0, round(25 / 15, 3)]
    assert {row["code"]: row["nearest"] for row in found["areas"]} == {"A": None, "B": None, "C": 0}


def test_a_place_that_is_free_sooner_serves_more_and_the_queue_is_told(town_session, settings):
    found = reach(town_session, settings, Asked(DEBT, stay=73))
    assert by_area(found) == [3, 3, 0]
    (queue,) = found["waiting"]  # C has no service, so it has no queue
    assert (queue["areas"], queue["clients"], queue["places"]) == (["Town A", "Town B"], 50, 30)
    assert queue["steady"]
    assert queue["load"] == pytest.approx(50 * 73 / 365 / 30)
    slow = reach(town_session, settings, Asked(DEBT, stay=365))["waiting"][0]
    assert (slow["steady"], slow["wait_days"]) == (False, None)


def test_a_queue_with_unknown_places_is_not_worked_out(town_session, settings):
    town_session.execute(delete(ServiceCapacity).where(ServiceCapacity.service_id == "v1"))
    (queue,) = reach(town_session, settings, Asked(DEBT, stay=73))["waiting"]
    assert (queue["unknown"], queue["steady"], queue["turned_away"]) == (1, None, None)


def test_the_shortest_recorded_wait_of_those_in_reach(town_session, settings):
    row = town_session.scalars(select(ServiceCapacity).where(ServiceCapacity.service_id == "v1")).one()
    row.wait_days = 21
    town_session.flush()
    found = reach(town_session, settings, Asked(DEBT, sort="wait"))
    assert [row["wait"] and row["wait"]["days"] for row in found["areas"]] == [21, 21, None]


def test_without_figures_of_demand_people_are_counted_and_nothing_is_said_of_clients(town_session, settings):
    town_session.execute(delete(Demand))
    for area, people in (("A", 4000), ("B", 1000)):
        town_session.get(Area, area).population = people
    town_session.flush()
    found = reach(town_session, settings, Asked(DEBT))
    assert (found["basis"], found["unmet"], found["groups"]) == ("people", None, [])
    assert by_area(found) == [6, 6, 0]  # 30 places for 5,000 people


def test_a_place_that_nobody_was_counted_for_is_not_told_as_none(town_session, settings):
    """C has 30 places for job search in reach, and nobody has said how many there would use them."""
    town_session.execute(delete(Demand).where(Demand.area_code == "C"))
    found = reach(town_session, settings, Asked(JOB))
    rows = {row["code"]: row for row in found["areas"]}
    assert (rows["C"]["services"], rows["C"]["ratio"], rows["C"]["banded"], rows["C"]["idle"]) == (
        1,
        None,
        None,
        True,
    )
    assert [rows[code]["idle"] for code in "AB"] == [False, False]
    assert found["areas"][-1]["code"] == "C"  # the worst stand first, what is not known last


def test_where_people_are_counted_a_second_kind_of_client_has_them_all_too(town_session, settings):
    """v2 with 40 places takes clients of k2, who are no parents; 5,000 people live in A and B."""
    second = examples.k2()
    lines = (*second.lines, examples.line("addiction", ADDICTION, "long"))
    examples.save_version(town_session, "k2", replace(second, lines=lines), by=None, note="", expected=1)
    town_session.execute(delete(Demand))
    for area, people in (("A", 4000), ("B", 1000), ("C", 500)):
        town_session.get(Area, area).population = people
    town_session.flush()
    only = reach(town_session, settings, Asked(ADDICTION, package="k2"))
    assert (only["basis"], by_area(only)) == ("people", [8, 8, 0])
    assert by_area(reach(town_session, settings, Asked(ADDICTION, package="k1"))) == [0, 0, 0]


def test_more_people_than_a_flow_can_count_are_no_reason_to_fail(town_session, settings):
    town_session.get(Area, "A").population = 3_000_000_000
    town_session.execute(delete(Demand))
    town_session.flush()
    assert reach(town_session, settings, Asked(DEBT))["unmet"] is None
    town_session.add(Demand(area_code="A", package_code="k1", clients=3_000_000_000))
    town_session.flush()
    with pytest.raises(Invalid, match="more than can be counted"):
        reach(town_session, settings, Asked(DEBT))


def test_none_within_reach_is_told_apart_from_none_that_takes_them(town_session, settings):
    """Addiction treatment stands in A (v2), and takes no parents; all clients of k1 are parents."""
    found = reach(town_session, settings, Asked(ADDICTION))
    assert [(row["code"], row["services"], row["near"]) for row in found["areas"]] == [
        ("A", 0, 1),
        ("B", 0, 1),
        ("C", 0, 1),
    ]
    assert found["none"]["within"] == []
    (taken,) = found["none"]["taken"]
    assert (len(taken["packages"]), taken["areas"]) == (1, ["Town A", "Town B", "Town C"])
    debt = reach(town_session, settings, Asked(DEBT))
    assert debt["none"] == {"within": ["Town C"], "taken": []}


def test_an_area_without_a_figure_is_named(town_session, settings):
    town_session.execute(delete(Demand).where(Demand.area_code == "B"))
    found = reach(town_session, settings, Asked(DEBT))
    assert found["without_figures"] == ["Town B"]
    assert by_area(found, "clients") == [40, None, 5]


def test_where_few_clients_share_a_service_its_ratio_is_marked(town_session, settings):
    town_session.execute(update(Demand).where(Demand.package_code == "k1").values(clients=2))
    found = reach(town_session, settings, Asked(DEBT))
    assert by_area(found, "few", 0) == [True, True, False]  # 4 clients share v1; nobody reaches it from C
    assert not any(row["few"] for row in reach(town_session, settings, Asked(JOB))["areas"])


def test_closed_services_are_in_nobodys_reach(town_session, settings):
    town_session.get(Service, "v1").status = "defunct"
    town_session.flush()
    assert by_area(reach(town_session, settings, Asked(DEBT)), "services") == [0, 0, 0]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked("debt_advise"), "the nearest is 'debt_advice'"),
        (Asked(DEBT, package="k2"), "does not need this kind of service"),
        (Asked(DEBT, area="D"), "There is no area with the code 'D'"),
        (Asked(DEBT, stay=0), "from 1 to 3650"),
        (Asked(DEBT, within=-1), "above 0"),
        (Asked(DEBT, within=float("nan")), "above 0"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(town_session, settings, asked, words):
    with pytest.raises(Invalid, match=words):
        reach(town_session, settings, asked)


@pytest.mark.parametrize(
    ("sort", "order"),
    [("ratio", "CAB"), ("area", "ABC"), ("clients", "ABC"), ("services", "CAB"), ("nearest", "BAC")],
)
def test_rows_stand_with_the_worst_first(town_session, settings, sort, order):
    found = reach(town_session, settings, Asked(DEBT, sort=sort))
    assert "".join(row["code"] for row in found["areas"]) == order


def test_without_areas_there_is_nothing_to_tell(session, settings):
    examples.save_version(session, "k1", examples.k1(), by=None, note="", expected=0)
    session.flush()
    found = reach(session, settings, Asked(DEBT, stay=30))
    assert (found["areas"], found["services"], found["straight_share"]) == ([], [], None)


def test_without_packages_there_is_nothing_to_ask_for(session, settings):
    with pytest.raises(Invalid, match="There is no package in use that needs any help"):
        reach(session, settings, Asked())
