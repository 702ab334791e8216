"""The scenarios of the worked example, from the database through the command line."""

import json

import pytest
from click.testing import CliRunner

from netmap.cli.office import Office, netmap
from netmap.db import transaction
from netmap.errors import Invalid
from netmap.network.whatif.service import try_out
from tests.network.examples import put_town


def change(verb, **values):
    """Return one change of a document."""
    return {"do": verb, **values}


DEBTS_IN_C = change("add_service", service_type="debt_advice", area="C", provider="P1", capacity=30)
PARENTS = change("change_service", service="v2", accept=["single_parent"])
TRANSPORT = change(
    "add_service", service_type="transport_help", area="A", new_provider="Bus club", capacity=100
)


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Ask the command line of a database that holds the example; return what it printed."""
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path / "data"))
    office = Office()
    with transaction(office.engine(make=True)) as writing:
        put_town(writing)
    office.close()

    def command(*changes, json_wanted=True, name="Trial"):
        path = tmp_path / "scenario.json"
        path.write_text(json.dumps({"name": name, "changes": list(changes)}), encoding="utf-8")
        done = CliRunner().invoke(netmap, ["whatif", str(path), *(["--json"] if json_wanted else [])])
        if done.exception is not None:
            raise done.exception
        return json.loads(done.output) if json_wanted else done.output

    return command


def numbers(found):
    """Return the figures of an answer."""
    return {
        "closed": (found["closed"]["number"], found["closed"]["clients"]),
        "opened": (found["opened"]["number"], found["opened"]["clients"]),
        "packages": found["packages"]["completed"]["number"],
        "links": (found["links"]["opened"]["number"], found["links"]["opened"]["clients"]),
        "reached": [(one["eligible"], one["clients"]) for one in found["reached"]],
    }


@pytest.mark.parametrize(
    ("changes", "figures"),
    [
        (
            [DEBTS_IN_C],
            {"closed": (1, 5), "opened": (0, None), "packages": 0, "links": (0, None), "reached": [(5, 5)]},
        ),
        (
            [PARENTS],
            {"closed": (2, 50), "opened": (0, None), "packages": 2, "links": (2, 50), "reached": [(50, 40)]},
        ),
        (
            [TRANSPORT],
            {
                "closed": (2, 30),
                "opened": (0, None),
                "packages": 2,
                "links": (0, None),
                "reached": [(30, 30)],
            },
        ),
        (
            [change("close_provider", provider="P4")],
            {"closed": (0, None), "opened": (6, 100), "packages": 0, "links": (0, None), "reached": []},
        ),
    ],
)
def test_each_what_if_of_the_example_comes_out_of_the_database(ask, changes, figures):
    assert numbers(ask(*changes)) == figures


def test_the_rule_change_names_the_hand_offs_that_it_asks_for(ask):
    found = ask(PARENTS)
    rows = [
        (row["area"], row["giving"][0]["id"], row["taking"][0]["id"])
        for row in found["links"]["opened"]["rows"]
    ]
    assert rows == [("A", "P2", "P4"), ("B", "P2", "P4")]
    assert [(row["before"]["type"], row["after"]["type"]) for row in found["renamed"]["rows"]] == [
        ("DURATION", "ANY_OF")
    ]


def test_without_json_it_is_told_in_words(ask):
    told = ask(PARENTS, json_wanted=False)
    assert "Service v2 (Provider P2): no longer shuts out: Single parent." in told
    assert "1 gap closes (areas: 2), for 50 clients a year." in told
    assert "50 clients come into question, the capacity is enough for 40." in told
    assert "1 package becomes whole (areas: 2), for 50 clients a year." in told
    assert (
        "1 new hand-off has to be agreed on (areas: 2), for 50 clients a year. Provider P2 → Provider P4."
        in told
    )


@pytest.mark.parametrize(
    ("changes", "field", "part"),
    [
        ([change("remove_service", service="v99")], "changes.0.service", "the nearest is 'v"),
        (
            [change("add_service", service_type="debt_advise", area="A")],
            "changes.0.service_type",
            "'debt_advice'",
        ),
        ([change("add_service", service_type="debt_advice", area="AA")], "changes.0.area", "'A'"),
        ([change("add_service", service_type="debt_advice")], "changes.0.area", "say in which area"),
        ([change("change_service", service="v1", languages=["Ukrainian"])], "changes.0.languages", "'uk'"),
        ([change("change_service", service="v1", fee=-3)], "changes.0.fee", "from 0 to"),
        ([change("change_service", service="v1", fee=None)], "changes.0.fee", "0 where it is free"),
        (
            [change("change_service", service="v1", hours=["always"])],
            "changes.0.hours",
            "'MO-FR 17:00-20:00'",
        ),
        (
            [change("change_service", service="v1", accept=["single_parents"])],
            "changes.0.accept",
            "single_parent",
        ),
        ([change("change_service", service="v1", remote=True)], "changes.0.serves", "which areas"),
        ([change("change_service", service="v1")], "changes.0.do", "what is to be different"),
        (
            [
                change("add_service", service_type="debt_advice", area="A", new_provider=" "),
                change("link", between=["", "P4"]),
            ],
            "changes.0.new_provider",
            "name the provider",
        ),
        ([change("link", between=["", "P4"])], "changes.0.between", "two different"),
        (
            [
                change("add_service", service_type="debt_advice", area="A", new_provider=""),
                change("link", between=["", "P4"]),
            ],
            "changes.1.between",
            "two different",
        ),
        (
            [change("remove_service", service="v1"), change("change_service", service="v1", fee=0)],
            "changes.1.service",
            "taken away by change 1",
        ),
        (
            [change("close_provider", provider="P1"), change("change_service", service="v1", fee=0)],
            "changes.1.service",
            "taken away by change 1",
        ),
        (
            [change("close_provider", provider="P1"), change("link", between=["P1", "P2"])],
            "changes.1.between",
            "closed by change 1",
        ),
        ([change("link", between=["P1", "P1"])], "changes.0.between", "two different"),
        ([change("link", between=["P1", "P22"])], "changes.0.between", "'P2'"),
        ([change("fly")], "changes.0.do", "not known"),
        ([change("change_service", service="v1", colour="red")], "changes.0.colour", "not known"),
        (["v1"], "changes.0.do", "say under 'do'"),
        ([], "changes", "at least one change"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_is_nearest(
    town_session, settings, changes, field, part
):
    with pytest.raises(Invalid) as told:
        try_out(town_session, settings, {"changes": changes})
    assert part in told.value.fields[field]
    assert told.value.fields[field].startswith("Change ") or field == "changes"


def test_the_command_tells_a_wrong_document_in_one_line(ask):
    with pytest.raises(Invalid) as told:
        ask(change("remove_service", service="v9"))
    assert str(told.value).startswith("The scenario cannot be tried as it is. Change 1: 'v9' is not known")


def test_a_new_provider_can_be_linked_by_its_name(ask):
    found = ask(
        change(
            "add_service",
            service_type="addiction_outpatient",
            area="A",
            new_provider="New start",
            capacity=60,
        ),
        change("link", between=["New start", "P4"]),
    )
    assert (found["closed"]["number"], found["packages"]["completed"]["number"]) == (2, 2)
    assert found["links"]["opened"]["number"] == 0


def test_a_change_of_a_service_without_a_kind_is_told(town_session, settings):
    from netmap.directory.models import Service

    town_session.add(Service(id="plain", organization_id="P1", name="Nobody knows what"))
    town_session.flush()
    found = try_out(town_session, settings, {"changes": [change("remove_service", service="plain")]})
    assert found["problems"] == ["Change 1 changes nothing: no service of the directory fits it."]
