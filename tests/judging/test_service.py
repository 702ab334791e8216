"""Questions and grades in the database: who may judge, what is kept, what is refused."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netmap.auth.service import add_user, set_active
from netmap.directory.models import Service
from netmap.errors import Forbidden, Invalid, NotFound
from netmap.judging.files import question_of, read_grades
from netmap.judging.models import SearchGrade, SearchQuestion
from netmap.judging.queries import grades_by, own_grades, own_questions, text_languages
from netmap.judging.service import (
    judge_called,
    keep_questions,
    record_grade,
    take_back_grade,
    take_in_grades,
)

ANNA, PASSWORD = "anna@office.example", "a quiet winter evening"


@pytest.fixture
def question(session: Session) -> str:
    session.add_all(
        [
            Service(id="s1", name="Skolos", text_language="lt"),
            Service(id="s2", name="Debts", text_language=None),
        ]
    )
    session.flush()
    return keep_questions(session, [question_of("who helps with debts", "en")], ANNA)[0].id


def test_a_coordinator_who_may_sign_in_can_judge(session: Session) -> None:
    user = add_user(session, ANNA, PASSWORD, "coordinator")
    assert judge_called(session, " Anna@Office.example ") == ANNA
    set_active(session, user.id, False)
    with pytest.raises(Forbidden, match="may not judge"):
        judge_called(session, ANNA)


def test_others_cannot_judge(session: Session) -> None:
    add_user(session, ANNA, PASSWORD, "case_manager")
    with pytest.raises(Forbidden, match="may not judge"):
        judge_called(session, ANNA)
    with pytest.raises(NotFound):
        judge_called(session, "nobody@office.example")


def test_a_question_is_kept_once_however_it_is_spaced(session: Session, question: str) -> None:
    [again] = keep_questions(session, [question_of("Who  helps with DEBTS", "en", "kept")], "bo@x.example")
    assert again.id == question
    assert [one.text for one in own_questions(session)] == ["who helps with debts"]
    assert again.half == own_questions(session)[0].half  # nobody moves it to the other half


def test_two_questions_with_one_id_are_refused(session: Session, question: str) -> None:
    with pytest.raises(Invalid, match="another"):
        keep_questions(session, [question_of("rent", "en", id_=question)], ANNA)


def test_a_grade_is_kept_and_changed(session: Session, question: str) -> None:
    assert record_grade(session, question, "s1", ANNA, 2) is None
    assert record_grade(session, question, "s1", ANNA, 3) == 2
    assert [(one.judge, one.grade) for one in own_grades(session, question)] == [(ANNA, 3)]


def test_a_grade_is_taken_back_to_what_was_before(session: Session, question: str) -> None:
    record_grade(session, question, "s1", ANNA, 2)
    record_grade(session, question, "s1", ANNA, 3)
    take_back_grade(session, question, "s1", ANNA, 2)
    assert [one.grade for one in own_grades(session)] == [2]
    take_back_grade(session, question, "s1", ANNA, None)
    assert own_grades(session) == ()
    with pytest.raises(NotFound):
        take_back_grade(session, question, "s1", ANNA, None)


@pytest.mark.parametrize("grade", [-1, 4])
def test_only_grades_from_0_to_3_are_kept(session: Session, question: str, grade: int) -> None:
    with pytest.raises(Invalid):
        record_grade(session, question, "s1", ANNA, grade)
    day = date(2026, 11, 26)
    session.add(SearchGrade(question_id=question, service_id="s1", judge=ANNA, grade=grade, graded_on=day))
    with pytest.raises(IntegrityError, match="CHECK"):
        session.flush()


def test_a_grade_names_a_question_and_a_service_that_are_there(session: Session, question: str) -> None:
    with pytest.raises(NotFound, match="question"):
        record_grade(session, "else", "s1", ANNA, 2)
    with pytest.raises(NotFound, match="service"):
        record_grade(session, question, "else", ANNA, 2)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("else,s1,2,bo", "line 3: there is no question 'else'"),
        ("{q},else,2,bo", "line 3: there is no service"),
    ],
)
def test_grades_of_a_file_are_taken_in_whole_or_not(
    session: Session, question: str, tmp_path: Path, row: str, sentence: str
) -> None:
    path = tmp_path / "grades.csv"
    path.write_text(f"question,service_id,grade,judge\n{question},s2,1,bo\n" + row.format(q=question) + "\n")
    with pytest.raises(Invalid) as refused:
        take_in_grades(session, read_grades(path), path.name)
    assert sentence in refused.value.message
    assert own_grades(session) == ()


def test_grades_of_a_file_replace_those_of_the_same_judge(
    session: Session, question: str, tmp_path: Path
) -> None:
    record_grade(session, question, "s2", "bo", 3)
    record_grade(session, question, "s2", ANNA, 0)
    path = tmp_path / "grades.csv"
    path.write_text(f"question,service_id,grade,judge\n{question},s2,1,bo\n")
    assert take_in_grades(session, read_grades(path), path.name) == 1
    assert {one.judge: one.grade for one in own_grades(session)} == {"bo": 1, ANNA: 0}


def test_a_judge_may_say_that_all_other_services_are_0(
    session: Session, question: str, tmp_path: Path
) -> None:
    path = tmp_path / "grades.csv"
    path.write_text(f"question,service_id,grade,judge\n{question},s1,3,bo\n{question},*,0,bo\n")
    assert take_in_grades(session, read_grades(path), path.name) == 2
    assert grades_by(session, "bo") == {question: 1}


def test_a_grade_keeps_no_service_in_the_directory(session: Session, question: str) -> None:
    record_grade(session, question, "s1", ANNA, 2)
    session.delete(session.get_one(Service, "s1"))
    session.flush()
    assert len(own_grades(session)) == 1
    assert text_languages(session, ["s1", "s2"]) == {"s2": None}


def test_the_grades_of_a_question_go_with_it(session: Session, question: str) -> None:
    record_grade(session, question, "s1", ANNA, 2)
    session.delete(session.get_one(SearchQuestion, question))
    session.flush()
    assert session.scalar(select(func.count()).select_from(SearchGrade)) == 0
