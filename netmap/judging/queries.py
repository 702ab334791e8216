"""What the database holds of judging: the office's own questions and grades."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.directory.hsds_store import chunks
from netmap.directory.models import Service
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.judging.models import SearchGrade, SearchQuestion
from netmap.judging.questions import REST, Grade, Half, SavedQuestion


def own_questions(session: Session) -> tuple[SavedQuestion, ...]:
    """Return the questions of this office, in the order of their languages and words."""
    query = select(SearchQuestion).order_by(SearchQuestion.language, SearchQuestion.plain, SearchQuestion.id)
    return tuple(saved(row) for row in session.scalars(query))


def saved(row: SearchQuestion) -> SavedQuestion:
    """Return a question of the table as everything else reads it."""
    half: Half = "kept" if row.half == "kept" else "open"
    return SavedQuestion(row.id, row.language, row.text, half, row.note)


def own_question(session: Session, question_id: str) -> SavedQuestion:
    """Return one question of this office; raises NotFound where there is none."""
    row = session.get(SearchQuestion, question_id)
    if row is None:
        raise NotFound(_("There is no such question."))
    return saved(row)


def grades_by(session: Session, judge: str) -> dict[str, int]:
    """Return question -> how many services this judge has graded for it."""
    query = select(SearchGrade.question_id, func.count()).where(
        SearchGrade.judge == judge, SearchGrade.service_id != REST
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(SearchGrade.question_id))}


def own_grades(session: Session, question_id: str | None = None) -> tuple[Grade, ...]:
    """Return what the judges of this office said, of one question or of all."""
    query = select(SearchGrade).order_by(SearchGrade.question_id, SearchGrade.service_id, SearchGrade.judge)
    if question_id is not None:
        query = query.where(SearchGrade.question_id == question_id)
    return tuple(
        Grade(row.question_id, row.service_id, row.judge, row.grade) for row in session.scalars(query)
    )


def text_languages(session: Session, service_ids: Collection[str]) -> dict[str, str | None]:
    """Return in which language each service is described (None: not known); services that are gone lack."""
    found: dict[str, str | None] = {}
    for some in chunks(sorted(service_ids)):
        query = select(Service.id, Service.text_language).where(Service.id.in_(some))
        found.update((row.id, row.text_language) for row in session.execute(query))
    return found
