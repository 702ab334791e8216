from datetime import date, timedelta

import pytest

from netmap.db import now
from netmap.directory.models import (
    Area,
    Location,
    Organization,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
    Tie,
)
from netmap.network.ties import relations
from netmap.network.ties.sectors import bridges, sector_of
from netmap.network.ties.views import bridge_views, sector_views, tie_views

TODAY = date.today()  # noqa: DTZ011  (the tables are read as of today)
RECENT, OLD = TODAY - timedelta(days=20), TODAY - timedelta(days=700)


def test_the_kind_says_the_sector_and_services_where_it_says_nothing():
    assert sector_of("employment_service", ["mind", "mind"]) == ("employment", "kind")
    assert sector_of("other", ["mind", "health", "work"]) == ("health", "services")
    assert sector_of("other", []) == ("unknown", "")
    assert sector_of(None, ["housing", "law"]) == ("housing", "services")  # as many of each: the first sector


SECTORS = {"a": "employment", "b": "employment", "c": "health", "d": "housing", "e": "unknown"}


def test_a_bridge_is_missing_where_both_sectors_are_there_and_nobody_works_together():
    found = {(one.one, one.other): one for one in bridges(SECTORS, [("c", "a"), ("e", "d")])}
    assert set(found) == {("employment", "health"), ("employment", "housing"), ("health", "housing")}
    assert found["employment", "health"].links == (("a", "c"),)
    assert [pair for pair, one in found.items() if one.missing] == [
        ("employment", "housing"), ("health", "housing")
    ]  # fmt: skip


def test_a_sector_that_is_not_in_the_area_misses_no_bridge():
    assert [(one.one, one.other, one.missing) for one in bridges(SECTORS, [("a", "c")], {"b", "c"})] == [
        ("employment", "health", True)
    ]


@pytest.fixture
def county(session):
    session.add(Area(code="land", name="Land"))
    session.add(Area(code="x", name="X", parent_code="land", latitude=55.0, longitude=25.0))
    session.add(Area(code="y", name="Y", parent_code="land", latitude=55.1, longitude=25.0))
    kinds = {"work": "employment_service", "clinic": "clinic", "home": "housing_agency", "shut": "clinic"}
    for key, kind in kinds.items():
        session.add(Organization(id=key, name=key.title(), kind=kind))
    session.get(Organization, "shut").closed_on = OLD
    session.flush()
    for key, area in (("work", "x"), ("clinic", "x"), ("work", "y"), ("clinic", "y"), ("home", "land")):
        session.add(Location(organization_id=key, area_code=area, latitude=55.0, longitude=25.0))
    session.flush()
    return session


def tie(session, one, other, kind, **facts):
    session.add(Tie(organization_id=one, other_organization_id=other, kind=kind, **facts))
    session.flush()


def test_dead_agreements_and_strong_ties_without_one_are_told_apart(county, settings):
    tie(county, "work", "clinic", "agreement", begun=OLD, last_contact=OLD, matter="Referral")
    tie(county, "work", "home", "agreement", begun=OLD)
    tie(county, "clinic", "home", "contact", last_contact=RECENT)
    tie(county, "work", "clinic", "contact", last_contact=RECENT)
    found = {
        (row["one"]["id"], row["other"]["id"], row["kind"]): row
        for row in tie_views(relations.load(county, settings))
    }
    states = {key: (row["state"], row["dead"], row["strong"]) for key, row in found.items()}
    assert states == {
        ("clinic", "work", "agreement"): ("dead", True, False),
        ("home", "work", "agreement"): ("silent", True, False),
        ("clinic", "home", "contact"): ("living", False, True),
        ("clinic", "work", "contact"): ("living", False, False),  # they have an agreement
    }
    assert found["clinic", "work", "agreement"]["matter"] == "Referral"


def test_a_closed_organization_is_no_part_of_the_network(county, settings):
    tie(county, "work", "shut", "agreement", begun=OLD, last_contact=RECENT)
    network = relations.load(county, settings)
    assert set(network.graph()) == {"work", "clinic", "home"}
    assert tie_views(network) == []


def test_missing_bridges_are_listed_with_the_areas_that_miss_them(county, settings):
    tie(county, "work", "clinic", "joint_service")
    wanted = {("employment", "housing"): [38.0, 2.0]}
    rows = bridge_views(relations.load(county, settings), wanted, ["x", "y"])
    assert next(row["clients_shown"] for row in rows if row["clients"]) == "39 to 42"
    assert [(row["one"], row["other"], row["missing"], row["missing_in"]) for row in rows] == [
        ("employment", "housing", True, ["x", "y"]),  # wanted by most clients
        ("health", "housing", True, ["x", "y"]),
        ("employment", "health", False, []),
    ]
    assert (rows[0]["clients"], rows[2]["by"]) == (40.0, [["Clinic", "Work"]])


def test_the_selection_of_an_area_holds_whoever_is_there_or_serves_it(county, settings):
    county.add(Organization(id="far", name="Far", kind="ngo"))
    county.flush()
    assert relations.load(county, settings, area="x").chosen == {"work", "clinic", "home"}
    assert relations.load(county, settings, sector="community").chosen == {"far"}


def test_an_area_may_be_served_from_a_place_of_a_service(county, settings):
    county.add(Organization(id="far", name="Far", kind="ngo"))
    county.flush()
    county.add(Service(id="t", organization_id="far", name="Visits", status="active"))
    county.add(Location(id="l", latitude=56.0, longitude=25.0))
    county.flush()
    county.add(ServiceAtLocation(id="at", service_id="t", location_id="l"))
    county.flush()
    county.add(ServiceArea(service_at_location_id="at", area_code="x", name="X"))
    county.flush()
    assert relations.load(county, settings).places["far"] == {"x"}
    tie(county, "work", "clinic", "joint_service")
    rows = bridge_views(relations.load(county, settings), {}, ["x", "y"])
    missing = {(row["one"], row["other"]): row["missing_in"] for row in rows}
    assert missing["health", "community"] == ["x"]
    county.get(ServiceAtLocation, "at").removed_in_source = now()
    county.flush()
    assert "far" not in relations.load(county, settings).places


def test_sectors_say_what_they_were_told_from(county, settings):
    county.add(Organization(id="odd", name="Odd", kind="other"))
    county.add(Service(id="s", organization_id="odd", name="Help", status="active"))
    county.flush()
    county.add(ServiceTypeLink(service_id="s", code="debt_advice", state="confirmed"))
    county.flush()
    told = {row["code"]: row["by"] for row in sector_views(relations.load(county, settings))}
    assert told == {
        "employment": {"kind": 1}, "health": {"kind": 1}, "housing": {"kind": 1}, "debt": {"services": 1}
    }  # fmt: skip
