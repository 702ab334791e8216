import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmap.network.statistics import erlang_b, erlang_c


def loss_written_out(a, c):
    return (a**c / math.factorial(c)) / sum(a**k / math.factorial(k) for k in range(c + 1))


@given(st.floats(0, 40), st.integers(0, 30))
def test_the_recursion_is_the_formula_written_out(a, c):
    assert erlang_b(a, c).blocked == pytest.approx(loss_written_out(a, c))


@given(st.floats(0.01, 29), st.integers(1, 30))
def test_waiting_is_the_formula_written_out(a, c):
    found = erlang_c(a, c)
    if a >= c:
        assert (found.steady, found.waits) == (False, 1)
        return
    last = a**c / math.factorial(c) * c / (c - a)
    waits = last / (sum(a**k / math.factorial(k) for k in range(c)) + last)
    assert found.waits == pytest.approx(waits)
    assert found.wait == pytest.approx(found.queue / a)  # Little


def test_one_server_waits_as_the_simplest_queue_does():
    found = erlang_c(0.8, 1)
    assert (found.waits, found.load) == (pytest.approx(0.8), 0.8)
    assert found.queue == pytest.approx(0.8**2 / 0.2)


@pytest.mark.parametrize(("a", "c"), [(3, 3), (4, 3), (1, 0)])
def test_where_more_come_than_can_be_served_there_is_no_steady_state(a, c):
    found = erlang_c(a, c)
    assert (found.steady, found.waits, found.queue, found.wait) == (False, 1, math.inf, math.inf)


def test_nobody_comes_and_nobody_waits():
    assert (erlang_c(0, 2).waits, erlang_c(0, 2).wait, erlang_b(0, 2).blocked) == (0, 0, 0)


def test_without_places_everybody_is_turned_away():
    assert erlang_b(2, 0).blocked == 1
    assert math.isnan(erlang_b(2, 0).busy)


def test_many_places_do_not_overflow():
    assert 0 < erlang_b(10_000, 10_000).blocked < 0.01


def test_a_thousand_million_places_take_no_time():
    begin = time.process_time()
    assert erlang_b(500, 10**9).blocked == 0
    assert erlang_c(500, 10**9).wait == 0
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    ("a", "c"),
    [(-1, 2), (math.nan, 2), (math.inf, 2), (1, -1), (1, 1.5), (1, math.inf), (1, math.nan), (1, None)],
)
def test_what_cannot_be_is_refused_in_a_sentence(a, c):
    for model in (erlang_b, erlang_c):
        with pytest.raises(ValueError, match="cannot be"):
            model(a, c)
