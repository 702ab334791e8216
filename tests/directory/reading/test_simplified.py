"""Borders with fewer points: no chink between neighbours, no area lost, nothing moved further than said."""

import math
from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.directory.reading.simplified import METRES, Ring, simplify

DEGREE_KM = 111.195


def wavy(count: int, height: float = 0.02) -> Ring:
    """A border from west to east with many small bends."""
    return [
        (25 + place / count, 55 + height * math.sin(place) * math.cos(place / 7))
        for place in range(count + 1)
    ]


def neighbours(count: int) -> list[Ring]:
    """Two squares, north and south of a border with many bends."""
    border = wavy(count)
    return [[*border, (26.0, 56.0), (25.0, 56.0)], [*border[::-1], (25.0, 54.0), (26.0, 54.0)]]


def sides(ring: Ring) -> Counter[frozenset]:
    return Counter(frozenset(pair) for pair in pairwise([*ring, ring[0]]))


def test_a_shared_border_is_the_same_from_both_sides_whatever_the_tolerance():
    for most in (12, 60, 200, 1000):
        north, south = simplify(neighbours(1000), [0, 1], most)
        assert len(north) + len(south) <= most
        shared = [pair for pair, times in (sides(north) + sides(south)).items() if times == 2]
        assert len(shared) == len(north) - 3  # all but the three sides of the square
        assert len(north) == len(south)


def test_of_two_bends_alike_both_sides_keep_the_same():
    border = [(25.0, 55.0), (25.25, 55.0625), (25.75, 55.0625), (26.0, 55.0)]
    rings = [[*border, (26.0, 56.0), (25.0, 56.0)], [*border[::-1], (25.0, 54.0), (26.0, 54.0)]]
    north, south = simplify(rings, [0, 1], 10)
    assert (len(north), len(set(north) & set(south))) == (5, 3)


def test_a_town_fills_the_hole_of_its_district_wherever_its_ring_begins():
    town = [(25.5 + 0.1 * math.cos(turn / 50), 55.5 + 0.1 * math.sin(turn / 50)) for turn in range(314)]
    hole = [*town[100:], *town[:100]][::-1]
    square = [(25.0, 55.0), (26.0, 55.0), (26.0, 56.0), (25.0, 56.0)]
    around, inside, filled = simplify([square, hole, town], [0, 2], 60)
    assert around == square
    assert set(inside) == set(filled)
    assert 3 < len(inside) < 40


def test_what_is_too_small_goes_but_for_the_parts_that_are_needed():
    speck = [(30.0, 50.0), (30.00001, 50.0), (30.00001, 50.00001)]
    assert simplify([speck, speck], [1], 100) == [[], speck]


def test_borders_that_part_at_every_point_are_thinned_all_the_same():
    """Two files put together: each border has points that the other has not."""
    border = wavy(2000)
    other = [point for place, point in enumerate(border) if place % 2 == 0]
    rings = [[*border, (26.0, 56.0), (25.0, 56.0)], [*other[::-1], (25.0, 54.0), (26.0, 54.0)]]
    found = simplify(rings, [0, 1], 100)
    assert 50 < sum(map(len, found)) <= 100
    assert all(len(ring) > 2 for ring in found)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=4, max_size=40, unique=True))
def test_no_point_lies_farther_from_the_new_border_than_ten_metres(points):
    """Where all may stay, only what is less than the least distance off goes."""
    ring = [(25 + x / 10_000, 55 + y / 10_000) for x, y in points]
    (found,) = simplify([ring], [0], 1000)
    assert set(found) <= set(ring)
    narrow = math.cos(math.radians(55))
    lines = [*pairwise([*found, found[0]])]
    for x, y in ring:
        nearest = min(_metres((x, y), here, there, narrow) for here, there in lines)
        assert nearest <= METRES * 1.02


def _metres(point, here, there, narrow):
    (px, py), (ax, ay), (bx, by) = (
        (x * DEGREE_KM * 1000 * narrow, y * DEGREE_KM * 1000) for x, y in (point, here, there)
    )
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0.0, min(1.0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) if length else 0.0
    return math.dist((px, py), (ax + along * (bx - ax), ay + along * (by - ay)))
