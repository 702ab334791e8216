"""The verbs of judging: keep a question, grade an answer, take a grade back, take in a file."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.auth.permits import allowed
from netmap.auth.service import person_called
from netmap.db import now
from netmap.errors import Forbidden, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.judging.files import ReadGrades
from netmap.judging.measures import GRADES
from netmap.judging.models import SearchGrade, SearchQuestion
from netmap.judging.queries import own_question, saved, text_languages
from netmap.judging.questions import REST, SavedQuestion, plain

PERMIT = "judge search"


def judge_called(session: Session, email: str) -> str:
    """Return the e-mail address of a member of staff who may judge the search, as it is kept.

    Raises
    ------
    NotFound
        If nobody has this address.
    Forbidden
        If the person may not judge, or not sign in.
    """
    user = person_called(session, email)
    if not user.active or not allowed(PERMIT, user.role):
        raise Forbidden(
            _(
                "%(email)s may not judge the search: that is for coordinators who may sign in.",
                email=user.email,
            )
        )
    return user.email


def keep_questions(session: Session, questions: Iterable[SavedQuestion], by: str) -> list[SavedQuestion]:
    """Keep questions and return them all as they are kept; what is there already stays as it is."""
    kept: list[SavedQuestion] = []
    rows = {(row.language, row.plain): row for row in session.scalars(select(SearchQuestion))}
    ids = {row.id for row in rows.values()}
    for one in questions:
        row = rows.get((one.language, plain(one.text)))
        if row is None:
            if one.id in ids:
                raise Invalid(
                    _("Another question has the id '%(id)s' already: give this one another.", id=one.id)
                )
            row = SearchQuestion(
                id=one.id,
                language=one.language,
                text=one.text,
                plain=plain(one.text),
                note=one.note,
                half=one.half,
                added_by=by,
                added_on=now().date(),
            )
            session.add(row)
            rows[one.language, row.plain] = row
            ids.add(one.id)
        kept.append(saved(row))
    session.flush()
    return kept


def record_grade(session: Session, question_id: str, service_id: str, judge: str, grade: int) -> int | None:
    """Keep what a judge says and return what the same judge said before, None where nothing.

    Raises
    ------
    Invalid
        If the grade is not 0, 1, 2 or 3.
    NotFound
        If there is no such question or service.
    """
    if grade not in GRADES:
        raise Invalid(_("The grade '%(grade)s' is not 0, 1, 2 or 3.", grade=grade))
    own_question(session, question_id)
    if service_id not in text_languages(session, (service_id,)):
        raise NotFound(_("There is no such service."))
    return _write(session, question_id, service_id, judge, grade, now().date())


def record_grades(session: Session, question_id: str, judge: str, grades: Mapping[str, int | None]) -> None:
    """Keep what a judge says of several services; None takes an earlier grade back.

    Raises
    ------
    Invalid, NotFound
        As `record_grade` does.
    """
    for service_id, grade in grades.items():
        if grade is not None:
            record_grade(session, question_id, service_id, judge, grade)
        elif _given(session, question_id, service_id, judge) is not None:
            take_back_grade(session, question_id, service_id, judge, None)


def _write(
    session: Session, question_id: str, service_id: str, judge: str, grade: int, today: date
) -> int | None:
    row = _given(session, question_id, service_id, judge)
    before = row.grade if row is not None else None
    if row is None:
        row = SearchGrade(question_id=question_id, service_id=service_id, judge=judge)
        session.add(row)
    row.grade, row.graded_on = grade, today
    session.flush()
    return before


def _given(session: Session, question_id: str, service_id: str, judge: str) -> SearchGrade | None:
    return session.scalar(
        select(SearchGrade).where(
            SearchGrade.question_id == question_id,
            SearchGrade.service_id == service_id,
            SearchGrade.judge == judge,
        )
    )


def take_back_grade(
    session: Session, question_id: str, service_id: str, judge: str, before: int | None
) -> None:
    """Put back what a judge had said before, or nothing."""
    row = _given(session, question_id, service_id, judge)
    if row is None:
        raise NotFound(_("There is no such grade."))
    if before is None:
        session.delete(row)
    else:
        row.grade = before
    session.flush()


def take_in_grades(session: Session, read: ReadGrades, name: str) -> int:
    """Keep the grades of a file, all or none, and return how many there are; later ones replace earlier.

    Raises
    ------
    Invalid
        If a row names a question or a service that is not here; says which line.
    """
    _check(session, read, name)
    today = now().date()
    for _line, one in read.grades:
        _write(session, one.question, one.service_id, one.judge, one.grade, today)
    return len(read.grades)


def _check(session: Session, read: ReadGrades, name: str) -> None:
    known = set(session.scalars(select(SearchQuestion.id)))
    services = text_languages(session, {one.service_id for _line, one in read.grades})
    for line, one in read.grades:
        where = _("%(file)s, line %(line)s:", file=name, line=line)
        if one.question not in known:
            why = _(
                "there is no question '%(id)s' here. Take the questions in first, with --file or --shipped.",
                id=one.question[:60],
            )
            raise Invalid(f"{where} {why}")
        if one.service_id not in services and one.service_id != REST:
            why = _("there is no service '%(id)s' in this directory.", id=one.service_id[:60])
            raise Invalid(f"{where} {why}")
