"""The figures against values worked out by hand, and what an interval promises."""

import numpy as np
import pytest

from netmap.judging.measures import (
    Interval,
    answerable,
    discounted,
    interval,
    measured,
    ndcg,
    success,
    weighted_kappa,
)

# The graded services of the worked example: two right doors, one that helps, one related, one that does not.
GRADES = {"door": 3.0, "gate": 3.0, "helps": 2.0, "near": 1.0, "not": 0.0}
# Best order: 7/1 + 7/1.5849625 + 3/2 + 1/2.3219281
BEST = 7 + 4.416508 + 1.5 + 0.430677


def test_the_gain_grows_with_the_grade_and_falls_with_the_rank() -> None:
    # 0/1 + 7/log2(3) + 1/log2(4) + 3/log2(5)
    assert discounted([0, 3, 1, 2]) == pytest.approx(4.416508 + 0.5 + 1.292030, abs=1e-5)


def test_a_list_is_compared_with_the_best_of_all_graded_services() -> None:
    shown = ["not", "door", "near", "helps"]  # the second right door was not found: it still is in the best
    assert ndcg(shown, GRADES) == pytest.approx((4.416508 + 0.5 + 1.292030) / BEST, abs=1e-6)


def test_the_best_order_is_worth_one_and_nothing_found_is_worth_nothing() -> None:
    assert ndcg(["gate", "door", "helps", "near", "not"], GRADES) == 1.0
    assert ndcg([], GRADES) == 0.0
    assert ndcg(["door"], {"door": 0.0}) == 0.0


def test_only_the_first_ten_count_in_the_list_and_in_the_best_order() -> None:
    twelve = {f"s{number:02}": 3.0 for number in range(12)}
    assert ndcg(sorted(twelve)[:10], twelve) == pytest.approx(1.0)
    assert ndcg(["x"] * 10 + ["door"], {"door": 3.0}) == 0.0


def test_a_result_without_a_grade_counts_as_nothing() -> None:
    assert ndcg(["unknown", "door"], {"door": 3.0}) == pytest.approx(1 / 1.5849625)


@pytest.mark.parametrize(("first", "expected"), [(1, 0.0), (3, 0.0), (5, 1.0)])
def test_success_needs_something_that_helps_among_the_first(first: int, expected: float) -> None:
    assert success(["not", "near", "not", "helps", "door"], GRADES, first) == expected


def test_a_grade_between_one_and_two_does_not_help() -> None:
    assert success(["s"], {"s": 1.5}, 1) == 0.0
    assert success(["s"], {"s": 2.0}, 1) == 1.0
    assert not answerable({"s": 1.5})
    assert not answerable({})


def test_every_figure_of_a_question_has_its_name() -> None:
    found = measured(["near", "door"], {"near": 1.0, "door": 3.0})
    # (1 + 7/log2(3)) / (7 + 1/log2(3))
    assert found.pop("ndcg_10") == pytest.approx(5.416508 / 7.630930, abs=1e-6)
    assert found == {"success_1": 0.0, "success_3": 1.0, "success_5": 1.0}


def test_an_interval_is_the_same_each_time_and_holds_the_mean() -> None:
    values = [1.0, 0.0, 0.5, 1.0, 1.0, 0.0, 0.25, 1.0]
    found = interval(values)
    assert found == interval(values)
    assert found.value == pytest.approx(4.75 / 8)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


def test_an_interval_has_about_the_width_that_the_binomial_distribution_gives() -> None:
    # 100 questions, 80 of them right: standard error sqrt(.8 * .2 / 100) = .04, so .80 +- .078
    found = interval([1.0] * 80 + [0.0] * 20)
    assert (found.low, found.high) == (pytest.approx(0.722, abs=0.012), pytest.approx(0.878, abs=0.012))


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    draws = np.random.default_rng(7).random((300, 80)) < 0.7
    held = 0
    for draw in draws:
        found = interval([float(one) for one in draw])
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.7 <= found.high
    assert 0.90 <= held / 300 <= 0.98


def test_of_one_question_or_none_no_interval_is_given() -> None:
    assert interval([1.0]) == Interval(1.0, None, None)
    assert interval([]) == Interval(None, None, None)


def test_judges_who_agree_wholly_have_kappa_one_and_opposite_ones_minus_one() -> None:
    assert weighted_kappa([(0, 0), (3, 3)]) == 1.0
    assert weighted_kappa([(0, 3), (3, 0)]) == -1.0


def test_kappa_by_hand() -> None:
    # Judge A: 0 x2, 2 x2. Judge B: 0, 1, 2, 3. Observed differences 0 1 0 1, mean .5.
    # By chance: of A's 0 the differences are 0 1 2 3, of A's 2 they are 2 1 0 1; mean (6 + 4) / 8 = 1.25.
    assert weighted_kappa([(0, 0), (0, 1), (2, 2), (2, 3)]) == pytest.approx(1 - 0.5 / 1.25)


def test_two_grades_apart_weigh_twice_as_much_as_one() -> None:
    near, far = weighted_kappa([(0, 0), (3, 3), (0, 1)]), weighted_kappa([(0, 0), (3, 3), (0, 2)])
    assert near is not None
    assert far is not None
    # Observed 1/3 and 2/3. By chance A 0 3 0 with B 0 3 1: (4 + 5 + 4) / 9, with B 0 3 2: (5 + 4 + 5) / 9.
    assert near == pytest.approx(1 - (1 / 3) / (13 / 9))
    assert far == pytest.approx(1 - (2 / 3) / (14 / 9))


def test_where_chance_would_agree_as_well_kappa_is_not_known() -> None:
    assert weighted_kappa([(2, 2), (2, 2)]) is None
    assert weighted_kappa([]) is None
