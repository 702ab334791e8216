"""Telephone numbers are the same however they are written, and few other digits are taken for one."""

import pytest

from netmap.vocabulary.numbers import phone_terms
from netmap.vocabulary.question import understand


@pytest.mark.parametrize(
    "written",
    [
        "+370 600 12 345",
        "8 600 12345",
        "60012345",
        "(8 600) 12-345",
        "8-600-12345",
        "+37060012345",
        "0 600 12345",
    ],
)
def test_one_number_has_one_term(written: str) -> None:
    assert phone_terms(written) == ("60012345",)


def test_several_numbers_are_kept_apart() -> None:
    assert phone_terms("+1 202-555-0123, 067 123 45 67; 112") == ("25550123", "71234567", "112")


@pytest.mark.parametrize("written", ["", "18:00", "2026-11-26", "26.11.2026", "12", "1" * 40])
def test_hours_dates_and_nonsense_are_no_numbers(written: str) -> None:
    assert phone_terms(written) == ()


@pytest.mark.parametrize(
    ("query", "digits"),
    [
        ("8 600 12345", "60012345"),
        ("чей номер +370 600 12 345", "60012345"),
        ("кому належить 067 123 45 67", "71234567"),
        ("kieno numeris 8-600-12345", "60012345"),
        ("112", "112"),
        ("116 123", "116123"),
    ],
)
def test_a_question_for_a_number_is_understood(query: str, digits: str) -> None:
    assert [part.code for part in understand(query).parts if part.kind == "phone"] == [digits]


@pytest.mark.parametrize(
    "query", ["mother of 3 aged 35", "debt of 5000 euros", "долг 18 000", "born in 2009", "24/7"]
)
def test_an_age_or_a_sum_is_no_number_to_call(query: str) -> None:
    assert "phone" not in {part.kind for part in understand(query).parts}
