"""The provider graph of the worked example, from a database that holds it, through the command."""

import json

import pytest

from netmap.db import open_engine, transaction
from netmap.migrations.upgrade import upgrade
from netmap.network.picture.partners import network
from netmap.network.service import hand_rows, picture
from tests.network import examples
from tests.terminal import terminal


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


@pytest.fixture
def answer(town_session, settings):
    return network(town_session, settings)


def value(answer, key):
    return next(row["value"] for row in answer["measures"] if row["key"] == key)


def test_the_command_gives_the_provider_graph_of_the_example(run):
    status, out, _err = run("network", "--json")
    assert status == 0
    answer = json.loads(out)
    assert (value(answer, "nodes"), value(answer, "links")) == (7, 1)
    assert value(answer, "density") == pytest.approx(1 / 21, abs=5e-5)
    assert answer["hand_off_coverage"] == {
        "clients": 30, "clients_between": [30, 30], "clients_covered": 0, "covered_between": [0, 0],
        "places": 2, "places_covered": 0,
    }  # fmt: skip
    assert [row["id"] for row in answer["unused"]] == ["P2", "P6", "P7"]
    assert [(row["id"], row["cells"], row["clients"]) for row in answer["closures"]] == [
        ("P4", 6, 100), ("P1", 2, 50), ("P3", 2, 50), ("P5", 2, 30)
    ]  # fmt: skip
    (tie,) = answer["ties"]
    assert (tie["one"]["id"], tie["other"]["id"], tie["kind"], tie["state"]) == (
        "P1", "P4", "agreement", "new"
    )  # fmt: skip
    _status, text, _err = run("network")
    assert "Hand-offs that work: 0 of 30 clients a year." in text
    assert "A higher density is not a better network" in text


def test_an_agreement_of_the_two_covers_the_hand_off(town_session, settings):
    examples.agree(town_session, "P4", "P5")
    found = network(town_session, settings)
    assert found["hand_off_coverage"]["clients_covered"] == 30
    (first, second) = found["hand_offs"]
    assert (first["profile"], first["possible"]) == (
        "k1",
        0,
    )  # nobody treats parents, so nothing can be handed
    assert (second["profile"], second["covered"], second["missing_in"]) == ("k2", 2, [])


def test_a_provider_that_gives_both_steps_hands_over_to_itself(town_session, settings):
    town_session.get(examples.Service, "v4").organization_id = "P5"
    town_session.flush()
    assert network(town_session, settings)["hand_off_coverage"]["clients_covered"] == 30


def test_who_could_replace_whom_is_counted_by_type_and_place(answer):
    rows = {row["id"]: (row["covers"], row["alone"], row["others"]) for row in answer["replaceable"]}
    assert rows == {"P1": (2, 2, []), "P3": (2, 2, []), "P4": (3, 3, []), "P5": (2, 2, [])}


def test_a_selection_that_does_not_exist_is_refused(run):
    status, _out, err = run("network", "--area", "nowhere")
    assert status != 0
    assert "There is no area with the code 'nowhere'" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("agreed", [False, True])
def test_the_picture_draws_a_hand_off_where_it_works_and_where_not(town_session, settings, agreed):
    if agreed:
        examples.agree(town_session, "P4", "P5")
    drawn = picture(town_session, settings, "k2")
    found = [(edge.source, edge.target, edge.state) for edge in drawn.edges]
    works = ("provider:P5", "provider:P4", "hands")
    missing = ("type:personal_assistant", "type:job_search_support", "broken")
    assert (works in found, missing in found) == (agreed, not agreed)
    (row,) = hand_rows(drawn)
    assert row["note"] == ("they work together" if agreed else "no link in 2 areas where both are there")
