"""The bench on the directory at hand: the shipped questions about the made-up county, or the office's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Invalid, Unavailable
from netmap.i18n import gettext as _
from netmap.judging.bench import LOOKED_AT, Ask, Case, Row, Weights, cases, misses, rows
from netmap.judging.files import shipped_grades, shipped_questions
from netmap.judging.measures import answerable
from netmap.judging.pool import found
from netmap.judging.queries import own_grades, own_questions, text_languages
from netmap.judging.questions import REST, Agreement, Grade, SavedQuestion, agreements, medians
from netmap.search.backend import SearchBackend

Set = Literal["open", "kept", "own", "own-kept"]
SETS: tuple[Set, ...] = get_args(Set)
KEPT: tuple[Set, ...] = ("kept", "own-kept")


@dataclass(frozen=True, slots=True)
class BenchReport:
    """What the bench found.

    ``asked`` are the questions of the set; of these ``ungraded`` have no grade at all and ``helpless`` none
    of 2 or more, so they are in no row. ``gone`` are graded services that the directory does not hold (any
    more): they are left out of everything. ``missed`` is None for a kept half, whose single questions stay
    unseen.
    """

    set: Set
    weights: Weights
    other: Weights | None
    asked: int
    ungraded: int
    helpless: int
    gone: int
    rows: tuple[Row, ...]
    agreements: tuple[Agreement, ...]
    missed: tuple[Case, ...] | None

    def as_dict(self) -> dict[str, Any]:
        """Return what programs get."""
        found: dict[str, Any] = {
            "set": self.set,
            "questions": self.asked,
            "ungraded": self.ungraded,
            "without_help": self.helpless,
            "services_gone": self.gone,
            "weights": dict(self.weights),
            "rows": [row.as_dict() for row in self.rows],
            "agreement": [
                {
                    "judges": list(one.judges),
                    "both": one.both,
                    "kappa": None if one.kappa is None else round(one.kappa, 4),
                }
                for one in self.agreements
            ],
        }
        if self.other is not None:
            found["compared_with"] = dict(self.other)
        if self.missed is not None:
            found["misses"] = [
                {"id": case.question.id, "lang": case.question.language, "query": case.question.text}
                for case in self.missed
            ]
        return found


def asking(session: Session, backend: SearchBackend, settings: Settings, most: int = LOOKED_AT) -> Ask:
    """Return a function that gives the ids of what is found for a question, the best first."""

    def ask(text: str, weights: Weights) -> Sequence[str]:
        return [one.service_id for one in found(session, backend, settings, text, weights, most)]

    return ask


def run_bench(
    session: Session, ask: Ask, which: Set, weights: Weights, other: Weights | None = None
) -> BenchReport:
    """Return how good the answers to a set of judged questions are.

    Parameters
    ----------
    weights, other : mapping
        Signals of the ranking with another weight than usual; with ``other`` a second setting is compared.

    Raises
    ------
    Invalid
        If a kept half is to be measured with other weights than those in use.
    Unavailable
        If there are no questions, no grades, or not the directory that the grades are about.
    """
    if which in KEPT and (weights or other is not None):
        raise Invalid(
            _(
                "A kept half is only for the figures of the search as it is: whoever compares weights on it "
                "tunes on it. Use --set open or --set own."
            )
        )
    questions, grades = _judged(session, which)
    named = _services(grades)
    languages = text_languages(session, named)
    here = [grade for grade in grades if grade.service_id in {*languages, REST}]
    _require(which, questions, grades, here)
    middle = medians(here)
    asked = cases(questions, middle, ask, weights, other)
    seen = {service for case in asked for service in (*case.shown, *(case.other or ()))}
    graded = [question for question in questions if middle.get(question.id)]
    return BenchReport(
        set=which,
        weights=weights,
        other=other,
        asked=len(questions),
        ungraded=len(questions) - len(graded),
        helpless=sum(not answerable(middle[question.id]) for question in graded),
        gone=len(named - languages.keys()),
        rows=tuple(rows(asked, languages | text_languages(session, seen - languages.keys()))),
        agreements=tuple(agreements(grades)),
        missed=None if which in KEPT else tuple(misses(asked)),
    )


def _judged(session: Session, which: Set) -> tuple[list[SavedQuestion], list[Grade]]:
    """Return the questions of a set and their grades."""
    if which == "open" or which == "kept":
        return list(shipped_questions(which)), list(shipped_grades(which))
    half = "kept" if which == "own-kept" else "open"
    questions = [question for question in own_questions(session) if question.half == half]
    ids = {question.id for question in questions}
    return questions, [grade for grade in own_grades(session) if grade.question in ids]


def _require(
    which: Set, questions: Sequence[SavedQuestion], grades: Sequence[Grade], here: Iterable[Grade]
) -> None:
    """Raise Unavailable where nothing could be measured, with what to do about it."""
    if which in ("open", "kept"):
        if 2 * len(_services(here)) < len(_services(grades)):
            raise Unavailable(
                _(
                    "The grades that ship with netmap are about its made-up county, which is not in this "
                    "directory. Run `netmap demo --prepare` with NETMAP_DATA_DIR set to an empty folder, and "
                    "the bench there; or judge questions of your own and use --set own."
                )
            )
    elif not questions:
        raise Unavailable(
            _("There are no questions of your own in this half yet. Begin with `netmap search judge`.")
        )
    elif not _services(here):
        raise Unavailable(_("None of your questions is judged yet. Run `netmap search judge`."))


def _services(grades: Iterable[Grade]) -> set[str]:
    return {grade.service_id for grade in grades} - {REST}
