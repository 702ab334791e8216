import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, gamma

from netmap.i18n import set_language
from netmap.network.statistics import (
    beta_shrink,
    demand,
    gamma_poisson,
    region_rate,
    shown,
    still_true,
    together,
    wilson,
)


@pytest.mark.parametrize(
    ("clients", "people", "mean", "low", "high"),
    [(0, 300, 6.3, 2.0, 12.8), (6, 300, 13.8, 6.9, 23.0), (60, 3000, 18.6, 14.3, 23.4)],
)
def test_few_clients_are_drawn_towards_the_rate_of_the_region(clients, people, mean, low, high):
    found = together([demand(clients, people, 0.010)])
    per_thousand = [1000 * value / people for value in (found.mean, found.low, found.high)]
    assert per_thousand == pytest.approx([mean, low, high], abs=0.0501)


def test_the_interval_is_that_of_the_gamma_posterior():
    found = together([demand(6, 300, 0.010)])
    assert found.low == pytest.approx(300 * gamma(5 + 6, scale=1 / 800).ppf(0.025))


def test_a_count_without_a_population_is_left_as_it_is():
    found = demand(40, None, 0.010)
    assert (found.expected, together([found]).mean) == (40, 40)


def test_nobody_counted_still_leaves_room_above_zero():
    found = together([demand(0, None, None)])
    assert found.mean == 0
    assert 2 < found.high < 3


def test_no_demands_at_all_are_zero():
    assert together([]).high == 0


def test_areas_together_are_surer_than_one_alone():
    one = demand(20, 1000, 0.02)
    alone, both = together([one]), together([one, one])
    assert both.mean == pytest.approx(2 * alone.mean)
    assert (both.high - both.low) / both.mean < (alone.high - alone.low) / alone.mean


def test_the_rate_of_the_region_leaves_out_rows_without_people():
    assert region_rate([(10, 1000), (99, None), (20, 2000)]) == 0.01
    assert region_rate([(10, None)]) is None


def test_half_of_all_records_are_true_after_the_half_life():
    assert still_true(540) == 0.5
    assert still_true(-3) == 1.0
    assert round(1 - still_true(400), 4) == 0.4016


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0"), (0.4, "<5"), (4.99, "<5"), (5, "5"), (12.25, "12.2"), (1000, "1,000")]
)
def test_counts_under_five_are_not_told(count, words):
    assert shown(count) == words


def test_counts_are_written_as_the_reader_writes_numbers():
    set_language("ru")
    try:
        assert shown(12.5) == "12,5"
    finally:
        set_language("en")


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_that_of_wilson(pair):
    f, n = pair
    expected = binomtest(f, n).proportion_ci(method="wilson")
    found = wilson(f, n)
    assert (found.mean, found.low, found.high) == pytest.approx((f / n, expected.low, expected.high))
    assert 0 <= found.low <= found.mean <= found.high <= 1


def test_of_none_at_all_nothing_is_known():
    found = wilson(0, 0)
    assert math.isnan(found.mean)
    assert (found.low, found.high) == (0, 1)


@pytest.mark.parametrize(
    ("f", "n", "mean", "low", "high", "above"),
    [(3, 4, 0.357, 0.139, 0.614, 0.65), (30, 40, 0.64, 0.504, 0.766, 1.0), (0, 2, 0.167, 0.023, 0.413, None)],
)
def test_few_failures_are_drawn_towards_the_share_of_all(f, n, mean, low, high, above):
    found = beta_shrink(f, n, 0.2, 10)
    assert (found.mean, found.low, found.high) == pytest.approx((mean, low, high), abs=0.0006)
    if above is not None:
        assert found.above(0.3) == pytest.approx(above, abs=0.006)


def test_where_nobody_ever_failed_the_share_is_none():
    found = beta_shrink(0, 4, 0.0, 10)
    assert (found.mean, found.low, found.high, found.above(0.1)) == (0, 0, 0, 0)
    assert beta_shrink(4, 4, 1.0, 10).low == 1


@pytest.mark.parametrize(
    ("count", "people", "mean", "low", "high"),
    [(0, 300, 6.3, 2.0, 12.8), (6, 300, 13.8, 6.9, 23.0), (60, 3000, 18.6, 14.3, 23.4)],
)
def test_a_rate_is_drawn_as_the_demand_is(count, people, mean, low, high):
    found = gamma_poisson(count, people, 0.010, 500)
    per_thousand = [1000 * value for value in (found.mean, found.low, found.high)]
    assert per_thousand == pytest.approx([mean, low, high], abs=0.0501)
    assert people * found.mean == pytest.approx(demand(count, people, 0.010).expected)


def test_a_rate_of_nothing_is_nothing():
    found = gamma_poisson(0, 100, 0.0, 500)
    assert (found.mean, found.low, found.high) == (0, 0, 0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: wilson(3, 2),
        lambda: wilson(-1, 2),
        lambda: wilson(math.nan, 2),
        lambda: beta_shrink(1, 2, 1.2, 10),
        lambda: beta_shrink(1, 2, 0.2, 0),
        lambda: beta_shrink(3, 2, 0.2, 10),
        lambda: gamma_poisson(-1, 2, 0.2, 10),
        lambda: gamma_poisson(1, 2, 0.2, 0),
        lambda: gamma_poisson(float("inf"), 2, 0.2, 10),
        lambda: gamma_poisson(1, float("inf"), 0.2, 10),
        lambda: gamma_poisson(1, float("nan"), 0.2, 10),
        lambda: gamma_poisson(1, 2, float("inf"), 10),
    ],
)
def test_a_share_or_rate_that_cannot_be_is_refused(call):
    with pytest.raises(ValueError, match=r"is no share|cannot be used"):
        call()
