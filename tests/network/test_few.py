"""No small count of people can be worked out from the sums that stand beside it."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmap.network.counts import small
from netmap.network.few import bounds, told_part, told_sum

COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=8)


@given(counts=COUNTS)
def test_the_sum_lies_where_it_is_told_to_lie(counts: list[int]) -> None:
    low, high = bounds(counts)
    assert low <= sum(counts) <= high


def possible(counts: list[int]) -> list[set[int]]:
    """Return for each small part what it could be for somebody who knows the parts and the sum as told."""
    told, places = told_sum(counts), [place for place, one in enumerate(counts) if small(one)]
    found: list[set[int]] = [set() for _place in places]
    for values in itertools.product(range(1, 5), repeat=len(places)):
        other = list(counts)
        for place, value in zip(places, values, strict=True):
            other[place] = value
        if told_sum(other) == told:
            for one, value in zip(found, values, strict=True):
                one.add(value)
    return found


@given(counts=st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_each_small_part_could_be_any_small_number(counts: list[int]) -> None:
    assert all(one == {1, 2, 3, 4} for one in possible(counts))


@pytest.mark.parametrize("beside", range(5, 10))
def test_three_small_parts_beside_any_larger_one_could_be_any_small_number(beside: int) -> None:
    for parts in itertools.product(range(1, 5), repeat=3):
        assert all(one == {1, 2, 3, 4} for one in possible([beside, *parts])), (beside, parts)


@given(counts=st.lists(st.integers(1, 9), min_size=1, max_size=5), last=st.integers(1, 4))
def test_two_sums_that_differ_by_one_small_part_do_not_tell_it(counts: list[int], last: int) -> None:
    """Whoever knows both sums as they are told can rule out no value of the part by which they differ."""
    (low, high), (low_with, high_with) = bounds(counts), bounds([*counts, last])
    assert low_with - high <= 1
    assert high_with - low >= 4


@given(counts=st.lists(st.floats(0.1, 60, allow_nan=False), min_size=1, max_size=6))
def test_counts_that_are_no_whole_numbers_lie_where_they_are_told_to(counts: list[float]) -> None:
    low, high = bounds(counts)
    assert low - 1e-9 <= sum(counts) <= high + 1e-9
    assert high - low >= 5 - 1e-9 or not any(map(small, counts)) or all(one.is_integer() for one in counts)


@pytest.mark.parametrize("counts", [[3], [1, 1], [2, 3], [1.5], [0, 4], [4, 4, 4]])
def test_few_people_together_are_no_number_below_five(counts: list[float]) -> None:
    told = told_sum(counts)
    assert not re.fullmatch(r"[1-4](\.\d+)?( to .*)?", told), told


def test_a_whole_that_would_give_the_rest_away_is_not_told() -> None:
    assert told_part(37, 40)[1] == ""
    assert told_part(40, 40) == ("40", "40")
