"""Shares of goals reached, drawn towards the wider share."""

from math import comb

import pytest

from netmap.matching.outcomes import need_share, provider_share


def test_example_5_ranks_many_cases_above_three_of_three() -> None:
    theta = need_share(60, 100, 0.5)
    few, many = provider_share(3, 3, theta), provider_share(45, 60, theta)
    assert (round(theta, 4), round(few.share, 3), round(many.share, 3)) == (0.5833, 0.679, 0.726)


def test_under_five_cases_nothing_is_shown() -> None:
    assert [provider_share(2, cases, 0.5).shown for cases in (4, 5)] == [False, True]
    assert provider_share(3, 4, 0.5).interval is None


def test_the_interval_holds_the_share_and_narrows_with_cases() -> None:
    few, many = provider_share(6, 8, 0.6), provider_share(60, 80, 0.6)
    assert few.interval is not None
    assert many.interval is not None
    assert few.interval[0] < few.share < few.interval[1]
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


def test_the_interval_is_that_of_the_beta_distribution() -> None:
    interval = provider_share(0, 5, 0.5).interval  # Beta(5, 10), whose sums are those of 14 throws

    def below(share: float) -> float:
        return sum(comb(14, k) * share**k * (1 - share) ** (14 - k) for k in range(5, 15))

    assert interval is not None
    assert [round(below(share), 6) for share in interval] == [0.1, 0.9]


def test_more_reached_than_cases_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot have reached"):
        provider_share(4, 3, 0.5)
