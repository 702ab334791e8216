"""Files of questions and grades: what is read, what is refused and where it says so."""

from pathlib import Path

import pytest

from netmap.errors import Invalid
from netmap.judging.files import question_of, read_grades, read_questions, write_out
from netmap.judging.questions import Grade, agreements, half_of, medians


def written(folder: Path, text: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_needs_only_the_questions(tmp_path: Path) -> None:
    read = read_questions(written(tmp_path, "query\nкуди звернутися, якщо немає роботи\n"))
    [(line, question)] = read.questions
    assert (line, question.language, question.half) == (2, "uk", half_of("uk", question.text))
    assert len(question.id) == 36


def test_language_id_note_and_half_can_be_given(tmp_path: Path) -> None:
    text = "id,lang,query,note,half\nlt-1,LT,skolos,typed in a hurry,kept\n"
    [(_line, question)] = read_questions(written(tmp_path, text)).questions
    assert (question.id, question.language, question.note, question.half) == (
        "lt-1",
        "lt",
        "typed in a hurry",
        "kept",
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (",,", "line 2: The question is empty"),
        ("1,en," + "x" * 201, "line 2: The question has 201 characters and may have 200"),
        ("1,de,schulden", "line 2: Say in which language"),
        ("1,,pomoc", "line 2: Say in which language"),
        ("x" * 37 + ",en,debts", "has more than 36 characters"),
    ],
)
def test_a_question_that_cannot_be_used_is_named_by_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    path = written(tmp_path, f"id,lang,query,note\n{row},note\n")
    with pytest.raises(Invalid) as refused:
        read_questions(path)
    assert sentence in refused.value.message


def test_a_half_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="neither 'open' nor 'kept'"):
        question_of("debts", "en", "secret")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("q,s,4,a", "line 2: the grade '4' is not 0, 1, 2 or 3"),
        ("q,s,2.5,a", "the grade '2.5'"),
        ("q,s,,a", "the column grade is empty"),
        ("q,*,2,a", "* means every service that is not listed, and its grade can only be 0"),
        ("q,,2,", "the column service_id, judge is empty"),
    ],
)
def test_a_grade_that_cannot_be_used_is_named_by_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_grades(written(tmp_path, f"question,service_id,grade,judge\n{row}\n"))
    assert sentence in refused.value.message


def test_a_file_without_the_needed_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="lacks the column query"):
        read_questions(written(tmp_path, "question\ndebts\n"))
    with pytest.raises(Invalid, match="lacks the column judge"):
        read_grades(written(tmp_path, "question,service_id,grade\nq,s,1\n"))


def test_what_is_written_out_can_be_read_again(tmp_path: Path) -> None:
    question = question_of('owes "everything", to the bank', "en", "kept", id_="q1", note="a comma, a quote")
    grade = Grade("q1", "s1", "anna@office.example", 3)
    write_out(tmp_path / "out", [question], [grade])
    assert [one for _line, one in read_questions(tmp_path / "out" / "questions.csv").questions] == [question]
    assert [one for _line, one in read_grades(tmp_path / "out" / "grades.csv").grades] == [grade]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is there already"):
        write_out(tmp_path, [], [])


def test_the_median_of_the_judges_counts() -> None:
    said = {"a": 0, "b": 3, "c": 2}
    assert medians(Grade("q", "s", judge, grade) for judge, grade in said.items()) == {"q": {"s": 2.0}}


def test_agreement_is_told_of_every_two_judges_who_graded_the_same() -> None:
    grades = [
        *(Grade("q", service, "b", grade) for service, grade in (("s", 3), ("t", 0), ("u", 1))),
        *(Grade("q", service, "a", grade) for service, grade in (("s", 3), ("t", 0))),
        Grade("other", "s", "c", 2),
    ]
    [one] = agreements(grades)
    assert (one.judges, one.both, one.kappa) == (("a", "b"), 2, 1.0)


def test_a_judge_who_looked_at_all_services_gives_0_to_those_not_listed() -> None:
    grades = [
        Grade("q", "s", "a", 3),
        Grade("q", "*", "a", 0),
        Grade("q", "t", "b", 3),
        Grade("q", "s", "b", 3),
    ]
    assert medians(grades) == {"q": {"s": 3.0, "t": 1.5, "*": 0.0}}


def test_agreement_counts_what_one_of_the_two_has_listed() -> None:
    grades = [
        *(Grade("q", service, "a", grade) for service, grade in (("s", 3), ("*", 0))),
        *(Grade("q", service, "b", grade) for service, grade in (("s", 3), ("t", 2), ("*", 0))),
        Grade("p", "s", "b", 1),
    ]
    [one] = agreements(grades)
    assert one.both == 2  # s, and t of which the first said 0; not * itself, and not the other question
    # observed (0 + 2) / 2; by chance of 3 0 with 3 2: (0 + 1 + 3 + 2) / 4
    assert one.kappa == pytest.approx(1 - 1 / 1.5)


def test_about_half_of_all_questions_is_kept() -> None:
    kept = sum(half_of("en", f"question number {number}") == "kept" for number in range(400))
    assert 160 <= kept <= 240


def test_the_half_of_a_question_is_the_same_everywhere() -> None:
    asked = ("who helps with debts", "rent", "work")
    assert [half_of("en", text) for text in asked] == ["open", "open", "kept"]
