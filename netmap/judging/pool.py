"""What a judge is shown: the first results of a question, without scores, in an order that says nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.find import Question, Result, find
from netmap.errors import Unavailable
from netmap.i18n import gettext as _
from netmap.judging.bench import Weights
from netmap.judging.measures import DEPTH
from netmap.judging.queries import own_grades
from netmap.judging.questions import SavedQuestion
from netmap.search.backend import SearchBackend


@dataclass(frozen=True, slots=True)
class ToJudge:
    """One result of a question, and what this judge has said of it so far (None: nothing yet)."""

    question: SavedQuestion
    result: Result
    given: int | None


def found(
    session: Session, backend: SearchBackend, settings: Settings, text: str, weights: Weights, most: int
) -> tuple[Result, ...]:
    """Return the first results of a question with these weights.

    Raises
    ------
    Unavailable
        If the index does not answer: the simpler search that then stands in is not what is to be judged.
    """
    asked = Question(text=text, limit=most, facets=False, weights=weights or None)
    answer = find(session, backend, settings, asked)
    if answer.degraded:
        raise Unavailable(
            _("The search index does not answer, so nothing can be judged. Run `netmap search rebuild`.")
        )
    return answer.results


def to_judge(
    session: Session,
    backend: SearchBackend,
    settings: Settings,
    question: SavedQuestion,
    judge: str,
    others: Iterable[Weights] = (),
) -> list[ToJudge]:
    """Return what to judge of a question: its first ten results, and those of other settings.

    The order is the same each time for one judge and another for the next, and has nothing to do with rank:
    what stands first would be graded too well. With the results of both settings that are to be compared,
    neither has more results without a grade than the other.
    """
    pool: dict[str, Result] = {}
    for weights in ({}, *others):
        for result in found(session, backend, settings, question.text, weights, DEPTH):
            pool.setdefault(result.service_id, result)
    given = {
        grade.service_id: grade.grade for grade in own_grades(session, question.id) if grade.judge == judge
    }
    return [
        ToJudge(question, pool[service], given.get(service))
        for service in sorted(pool, key=lambda service: _place(question.id, judge, service))
    ]


def _place(question: str, judge: str, service: str) -> bytes:
    return sha256(f"{question}:{judge}:{service}".encode()).digest()
