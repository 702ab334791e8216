"""No small count of people can be worked out from the sums that stand beside it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmap.network.counts import small, telling, told
from netmap.network.few import bounds, told_groups, told_sum

COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=8)
SMALL = range(1, 5)


@given(counts=COUNTS)
def test_the_sum_lies_where_it_is_told_to_lie(counts: list[int]) -> None:
    """Also where the small parts have gone in as one value, as for all pages."""
    with telling():
        guarded = [told(one) for one in counts]
    low, high = bounds(guarded)
    assert low <= sum(counts) <= high
    assert bounds(counts) == (low, high)


@given(counts=COUNTS, others=st.lists(st.integers(1, 4), min_size=8, max_size=8))
def test_whatever_the_small_parts_are_the_same_is_told(counts: list[int], others: list[int]) -> None:
    changed = [other if small(one) else one for one, other in zip(counts, others, strict=False)]
    assert told_sum(counts) == told_sum(changed)


@given(counts=COUNTS)
def test_each_end_could_be_the_truth(counts: list[int]) -> None:
    """The range is not wider than it has to be."""
    low, high = bounds(counts)
    assert low == sum(min(SMALL) if small(one) else one for one in counts)
    assert high == sum(max(SMALL) if small(one) else one for one in counts)


@given(counts=st.lists(st.integers(1, 9), min_size=1, max_size=5), last=st.integers(1, 4))
def test_two_sums_that_differ_by_one_small_part_do_not_tell_it(counts: list[int], last: int) -> None:
    """Whoever knows both sums as they are told can rule out no value of the part by which they differ."""
    (low, high), (low_with, high_with) = bounds(counts), bounds([*counts, last])
    assert low_with - high <= 1
    assert high_with - low >= 4


@given(counts=st.lists(st.floats(0.1, 60, allow_nan=False), min_size=1, max_size=6))
def test_expected_numbers_miss_by_less_than_one_person_each(counts: list[float]) -> None:
    low, high = bounds(counts)
    few = sum(map(small, counts))
    assert low - few - 1e-9 <= sum(counts) <= high + few + 1e-9


@pytest.mark.parametrize("counts", [[3], [1, 1], [2, 3], [1.5], [0, 4], [4, 4, 4]])
def test_few_people_together_are_no_number_below_five(counts: list[float]) -> None:
    told_as = told_sum(counts)
    assert not re.fullmatch(r"[1-4](\.\d+)?( to .*)?", told_as), told_as


def span_of(told_as: str) -> tuple[int, int]:
    """What a reader knows of a number: a small one is 1 to 4, any other at least 5."""
    if told_as == "<5":
        return 1, 4
    low, _to, high = told_as.partition(" to ")
    return max(5, int(low)), int(high or low)


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=3))
def test_rows_and_groups_side_by_side_tell_no_small_number(table: list[list[int]]) -> None:
    """Each small row and group can be anything from one to four, with the rest as it is told."""
    rows = [sum(row) for row in table if sum(row)]
    sizes = {name: size for name, size in zip("abc", map(sum, zip(*table, strict=True)), strict=True) if size}
    found = told_groups(rows, sizes)
    if not found:
        return
    assert list(found) == list(sizes)
    spans = [span_of(one) for one in found.values()]
    assert all(low <= size <= high for (low, high), size in zip(spans, sizes.values(), strict=True))
    known = [(1, 4) if small(one) else (one, one) for one in rows]
    for mine, theirs in ((known, spans), (spans, known)):
        least, most = sum(low for low, _high in theirs), sum(high for _low, high in theirs)
        for place, span in enumerate(mine):
            if span == (1, 4):
                rest = [one for number, one in enumerate(mine) if number != place]
                for value in SMALL:
                    assert value + sum(low for low, _high in rest) <= most
                    assert value + sum(high for _low, high in rest) >= least


def test_the_groups_of_a_few_people_are_not_told() -> None:
    assert told_groups([6], {"": 3, "lt": 3}) == {}
    assert told_groups([8], {"": 4, "lt": 4}) == {}, "each would be four"
    assert told_groups([7], {"": 5, "uk": 2}) == {}, "at most two could be left for the other"
    assert told_groups([], {}) == {}
