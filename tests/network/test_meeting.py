"""To sit in one body: a tie that links nobody, and what is told of who meets where."""

from datetime import date, timedelta

import pytest

from netmap.db import now
from netmap.directory.models import Organization
from netmap.network.picture.partners import network
from netmap.network.ties import bonds
from netmap.network.ties.bonds import state_of
from netmap.network.ties.links import all_bonds, linked
from netmap.network.ties.meeting import MOST_MEMBERS
from netmap.network.ties.relations import load
from netmap.partners.models import BodyMeeting, BodyMember, CoordinatingBody

DAY = date(2026, 11, 22)
SINCE = bonds.months_before(DAY, 12)


def sit(session, name, *members, met=(), ended=None):
    """Keep a body; a member that is no organization of the directory is a function such as "mayor"."""
    session.add(row := CoordinatingBody(name=name, ended_on=ended))
    session.flush()
    for place, key in enumerate(members):
        known = session.get(Organization, key) is not None
        session.add(BodyMember(body_id=row.id, organization_id=key if known else None, place=place, name=key))
    session.add_all(BodyMeeting(body_id=row.id, held_on=day) for day in met)
    session.flush()
    return row.id


@pytest.fixture
def many(session):
    session.add_all(Organization(id=key, name=f"Organization {key}") for key in "abc")
    session.add_all(Organization(id=f"x{n}", name=f"Organization {n}") for n in range(MOST_MEMBERS + 1))
    session.flush()
    return session


def test_each_two_that_sit_in_a_body_have_a_tie_whose_matter_is_the_body(many):
    key = sit(many, "Council", "c", "a", "the mayor", "a", "b", met=(DAY - timedelta(days=9), DAY))
    found = all_bonds(many)
    assert {one.pair for one in found} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert len(found) == 3
    assert {(one.kind, one.matter, one.source, one.key, one.noted, one.last) for one in found} == {
        (bonds.JOINT_BODY, "Council", "body", key, None, DAY)
    }


def test_to_sit_in_one_body_links_nobody_however_often_it_meets(many):
    sit(many, "Council", "a", "b", met=(DAY,))
    assert linked(many, DAY, 12) == frozenset()
    (found,) = all_bonds(many)
    assert not found.links(DAY, SINCE)


@pytest.mark.parametrize(
    ("met", "ended", "state"),
    [
        ((DAY,), None, "living"),
        ((), None, "silent"),
        ((date(2024, 1, 1),), None, "dead"),
        ((DAY,), DAY - timedelta(days=1), "ended"),
    ],
)
def test_the_tie_lives_while_the_body_meets(many, met, ended, state):
    sit(many, "Council", "a", "b", met=met, ended=ended)
    (found,) = all_bonds(many)
    assert state_of(found, DAY, SINCE) == state


def test_a_large_assembly_makes_no_ties_but_stands_in_the_table(many, settings):
    all_of_them = [f"x{n}" for n in range(MOST_MEMBERS + 1)]
    sit(many, "Assembly", *all_of_them)
    assert all_bonds(many) == []
    sit(many, "Council", *all_of_them[1:])
    assert len(all_bonds(many)) == MOST_MEMBERS * (MOST_MEMBERS - 1) / 2
    bodies = network(many, settings)["meeting"]["bodies"]
    assert [(row["name"], row["count"], row["large"]) for row in bodies] == [
        ("Assembly", MOST_MEMBERS + 1, True), ("Council", MOST_MEMBERS, False)
    ]  # fmt: skip


def test_the_answer_tells_ties_and_who_meets_where_and_keeps_its_other_figures(town_session, settings):
    before = network(town_session, settings)
    today = now().date()
    sit(town_session, "Council", "P1", "P4", "P5", met=(today,))
    sit(town_session, "Board", "P5", "P6", "the mayor")
    sit(town_session, "Old council", "P1", "P7", ended=today - timedelta(days=40))
    found = network(town_session, settings)
    same = ("measures", "brokers", "alone", "hand_offs", "hand_off_coverage", "bridges", "closures")
    assert {key: found[key] for key in same} == {key: before[key] for key in same}
    joint = [row for row in found["ties"] if row["kind"] == "joint_body"]
    assert sorted((row["one"]["id"], row["other"]["id"], row["matter"], row["state"]) for row in joint) == [
        ("P1", "P4", "Council", "living"), ("P1", "P5", "Council", "living"),
        ("P1", "P7", "Old council", "ended"), ("P4", "P5", "Council", "living"),
        ("P5", "P6", "Board", "silent"),
    ]  # fmt: skip
    assert {(row["kind_name"], row["links"], row["dead"], row["strong"]) for row in joint} == {
        ("Sit in one body", False, False, False)
    }
    rows = {row["id"]: (row["count"], row["share"]) for row in found["meeting"]["organizations"]}
    assert rows == {"P5": (2, 1.0), "P1": (1, 0.5), "P4": (1, 0.5), "P6": (1, 0.5)}
    assert [(row["name"], row["count"], row["share"]) for row in found["meeting"]["bodies"]] == [
        ("Council", 3, 0.75), ("Board", 2, 0.5)
    ]  # fmt: skip


def test_only_organizations_of_the_selection_and_that_still_work_count(town_session, settings):
    sit(town_session, "Council", "P1", "P4", "P5")
    town_session.get(Organization, "P4").closed_on = now().date() - timedelta(days=9)
    town_session.flush()
    seen = load(town_session, settings)
    assert seen.met_in(seen.chosen) == [("P1", "P5")]
    assert [row["count"] for row in network(town_session, settings)["meeting"]["bodies"]] == [2]
