"""Which areas count as planning areas, and what the answer says of those that do not."""

import pytest

from netmap.directory.models import Area, Location
from netmap.network.models import Demand
from netmap.network.planning import planning_areas
from netmap.network.service import gaps


def area(code, latitude=55.0, longitude=25.0, *, derived=True, parent=None):
    return Area(
        code=code, name=code, latitude=latitude, longitude=longitude, derived=derived, parent_code=parent
    )


def test_an_area_made_from_the_address_of_one_or_two_buildings_is_left_out():
    found = planning_areas([area("a"), area("b"), area("c")], {"a": 3, "b": 2})
    assert (set(found.points), found.left_out) == ({"a"}, {"b", "c"})


def test_an_area_made_from_addresses_far_from_the_others_is_left_out():
    rows = [area("a"), area("b", 55.1), area("c", 55.2), area("iowa", 41.67, -93.56)]
    found = planning_areas(rows, dict.fromkeys(("a", "b", "c", "iowa"), 9))
    assert (set(found.points), found.left_out) == ({"a", "b", "c"}, {"iowa"})


@pytest.mark.parametrize(("latitude", "counts"), [(55.89, True), (55.91, False)])  # 99 and 101 km
def test_far_off_is_more_than_100_km(latitude, counts):
    rows = [area("a"), area("b"), area("c"), area("d", latitude)]
    found = planning_areas(rows, dict.fromkeys("abcd", 3))
    assert ("d" in found.points) is counts


def test_an_area_that_an_office_gave_always_counts():
    rows = [area("a"), area("given", 41.67, -93.56, derived=False)]
    assert set(planning_areas(rows, {"a": 3}).points) == {"a", "given"}


def test_an_area_given_by_an_office_does_not_move_the_middle():
    rows = [area("a"), *(area(f"given{n}", 10.0, derived=False) for n in range(5))]
    assert "a" in planning_areas(rows, {"a": 3}).points


def test_what_holds_other_areas_or_has_no_point_is_not_said_to_be_left_out():
    rows = [area("city"), area("part", parent="city"), area("nowhere", None, None)]
    found = planning_areas(rows, {"city": 9, "part": 3, "nowhere": 3})
    assert (set(found.points), found.left_out) == ({"part"}, frozenset())
    assert found.without_point == {"nowhere"}


@pytest.fixture
def derived_session(town_session):
    """The worked example with areas made from addresses: A with three places, B and C with one or two."""
    for row in town_session.query(Area):
        row.derived = True
    for place in town_session.query(Location):
        place.area_code = place.id[0]
    for row in town_session.query(Location).filter(Location.area_code != "A"):
        row.latitude = row.longitude = None
    town_session.query(Demand).delete()
    town_session.flush()
    return town_session


def test_the_answer_has_no_left_out_area_and_says_how_many_there_are(derived_session, settings):
    found = gaps(derived_session, settings)
    assert {area["code"] for g in found["gaps"] for area in g["areas"]} == {"A"}
    assert "2 areas made from addresses are left out" in " ".join(found["warnings"])


def test_a_left_out_area_that_is_asked_for_is_said_to_be_left_out(derived_session, settings):
    found = gaps(derived_session, settings, area="C")
    assert found["gaps"] == []
    assert [text for text in found["warnings"] if "made from addresses" not in text] == []
    assert "1 area made from addresses is left out" in found["warnings"][0]


def test_demand_of_a_left_out_area_is_not_silently_lost(derived_session, settings):
    derived_session.add(Demand(area_code="C", package_code="k1", clients=9))
    assert any("Town C" in text for text in gaps(derived_session, settings)["warnings"])


def test_a_place_that_is_gone_in_its_source_makes_no_area(derived_session, settings):
    from netmap.db import now

    derived_session.query(Location).filter(Location.area_code == "A").first().removed_in_source = now()
    gone = derived_session.query(Location).filter(
        Location.area_code == "A", Location.removed_in_source.is_(None)
    )
    assert gone.count() == 4
    for row in gone.limit(2):
        row.removed_in_source = now()
    assert gaps(derived_session, settings)["gaps"] == []


def test_a_town_without_coordinates_is_named_and_not_silently_lost(town_session, settings):
    town_session.add(Area(code="D", name="Town D"))
    town_session.add(Area(code="E", name="District E", latitude=55.0, longitude=25.0))
    town_session.flush()
    town_session.add(Area(code="E1", name="Village E1", parent_code="E"))
    town_session.flush()
    (warning,) = gaps(town_session, settings)["warnings"]
    assert warning.startswith("2 areas have no coordinates: nothing is said about them")
    assert "Town D" in warning
    assert "Village E1" in warning
    assert gaps(town_session, settings, area="A")["warnings"] == []
    assert "1 area has no coordinates" in gaps(town_session, settings, area="E")["warnings"][0]


def test_many_areas_without_coordinates_are_counted_and_the_first_named(town_session, settings):
    town_session.add_all(Area(code=f"x{number}", name=f"Place {number}") for number in range(9))
    town_session.flush()
    (warning,) = gaps(town_session, settings)["warnings"]
    assert "9 areas have no coordinates" in warning
    assert "Place 0, Place 1, Place 2 and 6 more" in warning
