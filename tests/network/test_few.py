"""No small count of people can be worked out from the sums that stand beside it."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmap.network.few import bounds, rounded, small, told_part, told_sum

COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=8)


@given(counts=COUNTS)
def test_the_sum_lies_where_it_is_told_to_lie(counts: list[int]) -> None:
    low, high = bounds(counts)
    assert low <= sum(counts) <= high
    near = rounded(counts)
    assert near is None or abs(near - sum(counts)) <= 2.5


@given(counts=st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_each_small_part_could_be_any_small_number(counts: list[int]) -> None:
    """Whoever knows the parts and the sum as they are told can rule out no value of a small part."""
    told, places = told_sum(counts), [place for place, one in enumerate(counts) if small(one)]
    possible: list[set[int]] = [set() for _place in places]
    for values in itertools.product(range(1, 5), repeat=len(places)):
        other = list(counts)
        for place, value in zip(places, values, strict=True):
            other[place] = value
        if told_sum(other) == told:
            for found, value in zip(possible, values, strict=True):
                found.add(value)
    assert all(found == {1, 2, 3, 4} for found in possible)


@given(counts=st.lists(st.integers(1, 9), min_size=2, max_size=6))
def test_two_sums_that_differ_by_one_small_part_do_not_tell_it(counts: list[int]) -> None:
    without, last = counts[:-1], counts[-1]
    if not small(last) or rounded(counts) is None or rounded(without) is None:
        return
    apart = (rounded(counts) or 0) - (rounded(without) or 0)
    assert apart in (0, 5)  # 1 to 4 are all possible then


@pytest.mark.parametrize("counts", [[3], [1, 1], [2, 3], [1.5], [0, 4], [4, 4, 4]])
def test_few_people_together_are_no_number_below_five(counts: list[float]) -> None:
    told = told_sum(counts)
    assert not re.fullmatch(r"[1-4](\.\d+)?( to .*)?", told), told


def test_a_whole_that_would_give_the_rest_away_is_not_told() -> None:
    assert told_part(37, 40)[1] == ""
    assert told_part(40, 40) == ("40", "40")
