"""Groups of questions, and two settings compared question by question; no directory is needed for that."""

from collections.abc import Sequence

import pytest

from netmap.judging.bench import ACROSS, ALL, OTHERS, Row, Weights, cases, misses, rows
from netmap.judging.questions import SavedQuestion

LANGUAGES = {"lt1": "lt", "lt2": "lt", "ru1": "ru", "unsaid": None}
QUESTIONS = [
    SavedQuestion("a", "lt", "skolos", "open"),
    SavedQuestion("b", "ru", "долги", "open"),
    SavedQuestion("c", "ru", "работа", "open"),
    SavedQuestion("d", "en", "nobody can help", "open"),
    SavedQuestion("e", "en", "not judged yet", "open"),
]
GRADES = {
    "a": {"lt1": 3.0, "ru1": 2.0},  # answered in its own language and in another
    "b": {"lt1": 3.0, "ru1": 1.0},  # what helps is Lithuanian only
    "c": {"lt2": 2.0, "unsaid": 3.0},  # one that helps may be in its own language
    "d": {"lt1": 1.0},
}
SHOWN = {
    "skolos": ["lt1", "lt2", "ru1"],
    "долги": ["ru1", "lt2", "lt1"],
    "работа": ["lt1", "lt2", "ru1", "unsaid"],
}


def ask(text: str, weights: Weights) -> Sequence[str]:
    """The second setting turns every list round."""
    return SHOWN[text][::-1] if weights else SHOWN[text]


@pytest.fixture
def table() -> dict[str, Row]:
    found = cases(QUESTIONS, GRADES, ask, {}, {"meaning": 0.0})
    return {row.name: row for row in rows(found, LANGUAGES)}


def test_only_questions_with_a_service_that_helps_are_counted(table: dict[str, Row]) -> None:
    assert {name: row.n for name, row in table.items()} == {ALL: 3, "lt": 1, "ru": 2, ACROSS: 1, OTHERS: 3}


def test_the_figures_of_a_group_are_means_over_its_questions(table: dict[str, Row]) -> None:
    # found at rank 1, rank 3 and rank 2
    assert [table[ALL].figures[f"success_{first}"].value for first in (1, 3, 5)] == [
        pytest.approx(1 / 3),
        1.0,
        1.0,
    ]
    assert table["lt"].figures["success_1"].value == 1.0
    assert table["ru"].figures["success_1"].value == 0.0
    # a: (7 + 3/2) / (7 + 3/1.58496)
    assert table["lt"].figures["ndcg_10"].value == pytest.approx(8.5 / 8.892789, abs=1e-6)


def test_across_languages_is_only_what_is_known_to_be_in_another_language(table: dict[str, Row]) -> None:
    # b: (1/1 + 7/2) / (7 + 1/1.58496)
    assert table[ACROSS].figures["ndcg_10"].value == pytest.approx(4.5 / 7.630930, abs=1e-6)


def test_results_in_the_language_of_the_question_are_taken_away(table: dict[str, Row]) -> None:
    # left are a: ru1 (helps), b: lt2, lt1 (helps, rank 2), c: lt1, lt2 (helps, rank 2); unsaid is not known
    assert table[OTHERS].figures["success_1"].value == pytest.approx(1 / 3)
    assert table[OTHERS].figures["success_3"].value == 1.0
    # a 3/3, b (7/1.58496)/7, c (3/1.58496)/3
    assert table[OTHERS].figures["ndcg_10"].value == pytest.approx((1 + 2 * 0.6309298) / 3, abs=1e-6)


def test_results_without_a_grade_are_told(table: dict[str, Row]) -> None:
    # graded: lt1 ru1 of 3; ru1 lt1 of 3; lt2 unsaid of 4
    assert table[ALL].judged == pytest.approx(6 / 10)
    assert table[OTHERS].judged == pytest.approx(3 / 5)


def test_two_settings_are_compared_question_by_question(table: dict[str, Row]) -> None:
    # turned round: a is found at rank 1 (ru1 helps), b at 1, c at 1 (unsaid)
    assert table[ALL].differences is not None
    assert table[ALL].differences["success_1"].value == pytest.approx(2 / 3)
    assert table["lt"].differences is not None
    assert table["lt"].differences["success_1"].value == 0.0
    # a turned round: (3 + 7/2) / 8.892789
    assert table["lt"].differences["ndcg_10"].value == pytest.approx((6.5 - 8.5) / 8.892789, abs=1e-6)


def test_a_question_that_only_its_own_language_helps_is_in_no_row_of_others() -> None:
    question = SavedQuestion("f", "lt", "skolos", "open")
    found = cases([question], {"f": {"lt1": 2.0, "ru1": 1.0}}, ask, {})
    assert {row.name: row.n for row in rows(found, LANGUAGES)} == {ALL: 1, "lt": 1, ACROSS: 0, OTHERS: 0}


def test_where_a_judge_looked_at_all_services_all_that_is_shown_is_judged() -> None:
    found = cases(QUESTIONS[:1], {"a": {"lt1": 3.0, "ru1": 2.0, "*": 0.0}}, ask, {})
    assert [row.judged for row in rows(found, LANGUAGES) if row.n] == [1.0, 1.0, 1.0]


def test_an_empty_group_has_no_figures() -> None:
    [everything, across, others] = rows([], {})
    assert (everything.n, everything.judged, everything.figures["ndcg_10"].value) == (0, None, None)
    assert (across.n, others.n) == (0, 0)


def test_one_setting_alone_has_no_differences() -> None:
    found = rows(cases(QUESTIONS, GRADES, ask, {}), LANGUAGES)
    assert {row.differences for row in found} == {None}
    assert "difference" not in found[0].as_dict()


def test_misses_are_the_questions_with_nothing_that_helps_among_the_first_three() -> None:
    def nothing(text: str, weights: Weights) -> Sequence[str]:
        return ["lt2", "ru1", "x"] if text == "долги" else SHOWN[text]

    assert [case.question.id for case in misses(cases(QUESTIONS, GRADES, nothing, {}))] == ["b"]
