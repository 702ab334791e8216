"""Where to open, from a database to the answer: the worked example, and what is not known."""

import json
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, open_engine, transaction
from netmap.directory.distances import straight_km
from netmap.directory.models import Area, EligibilityRule, Service
from netmap.errors import Invalid
from netmap.network.models import Demand
from netmap.network.new_sites.service import where_to_open
from netmap.network.new_sites.shown import Figures
from tests.network import examples
from tests.network.examples import ADDICTION, DEBT, POINTS, TRANSPORT
from tests.terminal import Run, terminal


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """`netmap ARGUMENTS` on a database that holds the worked example."""
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path / "data"))
    call = terminal(monkeypatch, capsys)
    assert call("init", "--json")[0] == 0
    engine = open_engine(Settings(data_dir=tmp_path / "data").database())
    with transaction(engine) as session:
        examples.put_town(session)
    engine.dispose()
    return call


def answer(result: tuple[int, str, str]) -> dict:
    status, out, err = result
    assert status == 0, err
    return json.loads(out)


def test_one_place_for_transport_reaches_30_and_two_reach_45(run):
    one = answer(run("site", "--type", TRANSPORT, "--places", "1", "--json"))
    assert (one["value"], one["status"], one["gap"], one["greedy"]) == (30, "optimal", 0, 30)
    assert {row["area"] for row in one["near"]} == {"A", "B"}  # a tie: each reaches the other
    assert [row["area"] for row in one["unreached"]] == ["C"]
    two = answer(run("site", "--type", TRANSPORT, "--places", "2", "--json"))
    assert (two["value"], two["unreached"]) == (45, [])
    assert {area["area"] for site in two["sites"] for area in site["reaches"]} == {"A", "B", "C"}
    curve = [(row["places"], row["value"], row["gain"], row["greedy"]) for row in two["curve"]]
    assert curve == [(1, 30, 30, 30), (2, 45, 15, 45), (3, 45, 0, 45)]
    assert two["uncovered"] == {
        "clients": 45, "areas": 3, "without_figures": 0, "to_ask": 0, "counted": [20, 10, 15], "uncounted": 0,
    }  # fmt: skip


def test_the_terminal_says_it_in_words(run):
    status, out, _err = run("site", "--type", TRANSPORT, "--places", "2")
    assert status == 0
    assert "Town C -> Town C" in out
    assert "Proved: no other choice of so many places does better." in out
    assert "2: 45; one after another 45" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--type", "transport_hel"), "the nearest is 'transport_help'"),
        ((), "Say which kind of service"),
        (("--type", TRANSPORT, "--places", "4"), "there are only 3 areas"),
        (("--type", TRANSPORT, "--places", "0"), "from 1 to 20"),
        (("--type", TRANSPORT, "--area", "atlantis"), "There is no area with the code 'atlantis'"),
        (("--type", TRANSPORT, "--capacity", "-1"), "a number above 0"),
        (("--type", TRANSPORT, "--capacity", "9", "--objective", "center"), "only for the objective"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(run, arguments, told):
    status, out, err = run("site", *arguments)
    assert (status, out) == (1, "")
    assert told in err
    assert err.count("\n") == 1


def ask(session: Session, settings: Settings, **changes: object) -> dict:
    asked = {"service_type": TRANSPORT, "places": 1, "objective": "cover", **changes}
    return where_to_open(session, settings, **asked)


def test_the_shortest_ways_and_the_shortest_longest_way(town_session, settings):
    median = ask(town_session, settings, objective="median")
    assert [site["area"] for site in median["sites"]] == ["A"]
    # 10 people from B go 12 km, 15 from C go 60
    assert median["value"] == pytest.approx(10 * 12 + 15 * 60, rel=1e-3)
    assert median["mean_km"] == pytest.approx((10 * 12 + 15 * 60) / 45, rel=1e-3)
    center = ask(town_session, settings, objective="center")
    assert [site["area"] for site in center["sites"]] == ["B"]  # from A somebody would go 60 km
    assert center["value"] == pytest.approx(1.3 * straight_km(POINTS["B"], POINTS["C"]))


def test_what_a_place_can_give_limits_whom_it_reaches(town_session, settings):
    found = ask(town_session, settings, capacity=20.0)
    assert (found["value"], found["status"]) == (20, "optimal")
    assert [row["value"] for row in found["curve"]] == pytest.approx([20, 35, 45])


@pytest.mark.parametrize("capacity", [10.0, 12.0])
def test_no_place_helps_more_than_it_can_and_who_is_left_is_told(town_session, settings, capacity):
    """A (20 clients) and B (10) reach each other, C (15) stands alone: any two places can be filled."""
    found = ask(town_session, settings, places=2, capacity=capacity)
    assert [site["clients"] for site in found["sites"]] == [capacity, capacity]
    assert found["value"] == 2 * capacity
    assert sum(row["clients"] for row in found["unreached"]) == 45 - 2 * capacity
    for site in found["sites"]:
        assert site["clients"] == sum(row["clients"] for row in site["reaches"])


def test_a_place_that_only_helps_out_is_named_too(town_session, settings):
    """Of A's 20 clients the place there takes 12 and the one in B what is left beside B's own."""
    found = ask(town_session, settings, places=3, capacity=12.0)
    assert found["value"] == 36
    assert {site["area"]: site["clients"] for site in found["sites"]} == {"A": 12, "B": 12, "C": 12}
    (b,) = [site for site in found["sites"] if site["area"] == "B"]
    assert {row["area"]: row["clients"] for row in b["reaches"]} == {"B": 10, "A": 2}
    assert {row["area"]: (row["clients"], row["km"]) for row in found["unreached"]} == {
        "A": (6, 0.0),
        "C": (3, 0.0),
    }


@pytest.mark.parametrize("asked", [{"capacity": 12.0}, {}, {"objective": "center"}])
def test_what_there_was_no_time_for_is_named(town_session, settings, monkeypatch, asked):
    for name in ("SECONDS", "QUICK_SECONDS", "NEAR_SECONDS"):
        monkeypatch.setattr(f"netmap.network.new_sites.service.{name}", 0.0)
    monkeypatch.setattr("netmap.network.siting.milp._LEAST_SECONDS", 0.0)
    found = ask(town_session, settings, **asked)
    assert found["greedy"] is None
    assert [row["greedy"] for row in found["curve"]] == [None] * 3
    assert len(found["near"]) == 1
    assert len(found["undecided"]) == 2
    assert "There was no time to choose" in Figures(found).compared()


def test_of_packages_too_what_there_was_no_time_for_is_named(town_session, settings, monkeypatch):
    monkeypatch.setattr("netmap.network.new_sites.service.SECONDS", 0.0)
    found = ask(town_session, settings, service_type=TRANSPORT, objective="package")
    assert [row["area"] for row in found["near"]] == [row["area"] for row in found["sites"]]
    assert len(found["undecided"]) == 2


def test_only_those_whom_nobody_is_there_for_are_weighed(town_session, settings):
    found = ask(town_session, settings, service_type=DEBT)
    assert found["uncovered"]["clients"] == 5  # A and B have an adviser
    assert ([site["area"] for site in found["sites"]], found["value"]) == (["C"], 5)


def test_whole_packages_ask_for_every_service_that_is_missing(town_session, settings):
    found = ask(town_session, settings, service_type=None, objective="package", places=2)
    assert [row["value"] for row in found["curve"]] == [50, 80, 80, 95, 95]
    assert sorted(site["type"] for site in found["sites"]) == [ADDICTION, TRANSPORT]
    assert [(row["package"], row["clients"]) for row in found["complete"]] == [("k1", 50), ("k2", 30)]
    only = ask(town_session, settings, service_type=TRANSPORT, objective="package")
    assert only["value"] == 30


def test_without_any_figure_each_area_counts_as_one_and_the_answer_says_so(town_session, settings):
    town_session.execute(delete(Demand))
    found = ask(town_session, settings)
    assert (found["value"], found["demand_known"]) == (2, False)
    assert "There are no demand figures for these areas: each area counts as 1" in found["notes"][0]


def test_an_area_without_a_figure_counts_as_one_client_beside_the_others(town_session, settings):
    town_session.execute(delete(Demand).where(Demand.area_code == "B"))
    found = ask(town_session, settings)
    assert (found["value"], found["uncovered"]["without_figures"]) == (21, 1)
    assert "1 area has no demand figure and counts as 1 client." in found["notes"]


def test_where_somebody_may_be_there_a_call_comes_before_a_new_service(town_session, settings):
    town_session.execute(delete(EligibilityRule))
    service = town_session.get_one(Service, "v2")
    service.status = "unknown"
    town_session.flush()
    found = ask(town_session, settings, service_type=ADDICTION)
    assert (found["uncovered"]["clients"], found["uncovered"]["to_ask"]) == (5, 2)  # C only
    assert any("A telephone call comes before a new service." in note for note in found["notes"])
    every = ask(town_session, settings, service_type=ADDICTION, unsure=True)
    assert every["uncovered"]["clients"] == 55


def test_where_everybody_is_served_nothing_is_proposed(town_session, settings):
    town_session.execute(delete(Demand).where(Demand.area_code == "C"))
    town_session.execute(delete(Area).where(Area.code == "C"))
    found = ask(town_session, settings, service_type=DEBT)
    assert (found["sites"], found["value"], found["curve"]) == ([], 0.0, [])


def test_an_area_narrows_people_and_sites(town_session, settings):
    found = ask(town_session, settings, area="C")
    assert ([site["area"] for site in found["sites"]], found["value"]) == (["C"], 15)


def test_roads_that_were_brought_in_go_before_straight_lines(town_session, settings):
    from netmap.network.models import Travel

    town_session.add(Travel(from_area="A", to_area="B", mode="car", km=44.0, day=now().date()))
    town_session.flush()
    assert ask(town_session, settings)["value"] == 20  # A and B no longer reach each other


def test_an_objective_that_is_not_known_is_told(town_session, settings):
    with pytest.raises(Invalid, match="choose 'cover', 'median', 'center' or 'package'"):
        ask(town_session, settings, objective="best")


def test_more_than_can_be_weighed_is_told_instead_of_taking_all_memory(town_session, settings, monkeypatch):
    monkeypatch.setattr("netmap.network.new_sites.packages.MOST", 10)
    with pytest.raises(Invalid, match="choose an area, or a kind of service"):
        ask(town_session, settings, service_type=None, objective="package")
