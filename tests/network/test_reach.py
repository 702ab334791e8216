import numpy as np
import pytest

from netmap.directory.distances import straight_km
from netmap.network.roads import kilometres, known_roads, on_the_road


def test_kilometres_are_those_of_the_directory():
    places, areas = [(55.5, 25.0), (54.7, 25.3)], [(55.8, 25.6), (56.0, 24.6), (55.5, 25.0)]
    expected = [[1.3 * straight_km(place, area) for area in areas] for place in places]
    assert kilometres(places, areas) == pytest.approx(np.array(expected))


def test_an_unknown_point_gives_an_unknown_distance():
    assert np.isnan(kilometres([None, (55.0, 25.0)], [(55.0, 25.0), None])).tolist() == [
        [True, True], [False, True]
    ]  # fmt: skip


def test_nothing_gives_an_empty_table():
    assert kilometres([], [(55.0, 25.0)]).shape == (0, 1)


def test_a_known_road_wins_over_the_straight_line_in_both_directions():
    straight = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = on_the_road(straight, ["A", None], ["A", "B"], {("B", "A"): 12.0})
    assert found.tolist() == [[1.0, 12.0], [3.0, 4.0]]
    assert straight[0, 1] == 2.0


def test_within_an_area_without_a_point_it_is_no_way_at_all():
    assert on_the_road(np.array([[np.nan, np.nan]]), ["A"], ["A", "B"], {}).tolist()[0][0] == 0.0


def test_the_way_out_and_the_way_back_may_differ():
    found = known_roads(["B"], ["A"], {("A", "B"): 12.0, ("B", "A"): 15.0})
    assert found.tolist() == [[12.0]]
    assert known_roads(["A"], ["A"], {("A", "A"): 2.0}).tolist() == [[2.0]]
    assert known_roads([], ["A"], {("A", "B"): 12.0}).shape == (0, 1)
