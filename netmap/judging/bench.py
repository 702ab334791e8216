"""Pure: the bench asks every judged question and says how good the answers are, in groups, with intervals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netmap.judging.measures import DEPTH, MEASURES, Interval, answerable, interval, measured
from netmap.judging.questions import REST, SavedQuestion

ALL, ACROSS, OTHERS = "all", "across", "others"
LOOKED_AT = 200  # results of a question among which those in other languages are looked for

Weights = Mapping[str, float]
"""Signal of the ranking -> weight, of those only whose weight is another than usual."""

Ask = Callable[[str, Weights], Sequence[str]]
"""Gives the ids of the services found for a question with these weights, the best first."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its judged answers, and what each setting showed."""

    question: SavedQuestion
    grades: Mapping[str, float]
    shown: tuple[str, ...]
    other: tuple[str, ...] | None  # shown by the second setting, where there is one


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one group of questions.

    ``judged`` is the share of the shown results that a judge has looked at; the others count as 0.
    ``differences`` are those of the second setting to the first, question by question.
    """

    name: str
    n: int
    figures: Mapping[str, Interval]
    judged: float | None
    differences: Mapping[str, Interval] | None

    def as_dict(self) -> dict[str, Any]:
        """Return what programs get."""
        found: dict[str, Any] = {"row": self.name, "n": self.n}
        found["judged"] = None if self.judged is None else round(self.judged, 4)
        found |= {name: figure.as_dict() for name, figure in self.figures.items()}
        if self.differences is not None:
            found["difference"] = {name: figure.as_dict() for name, figure in self.differences.items()}
        return found


def cases(
    questions: Iterable[SavedQuestion],
    grades: Mapping[str, Mapping[str, float]],
    ask: Ask,
    weights: Weights,
    other: Weights | None = None,
) -> list[Case]:
    """Return every question that has a service that helps, with what the search shows for it.

    A question without one says nothing of the order of results and is left out.
    """
    return [
        Case(
            question,
            grades[question.id],
            tuple(ask(question.text, weights)),
            None if other is None else tuple(ask(question.text, other)),
        )
        for question in questions
        if answerable(grades.get(question.id, {}))
    ]


def rows(found: Sequence[Case], languages: Mapping[str, str | None]) -> list[Row]:
    """Return the figures over all questions, per language, and in two ways across languages.

    ``across``: the questions that no service which helps is known to answer in their own language, or may.
    ``others``: all questions, with only the results left that are described in another language.

    Parameters
    ----------
    languages : mapping
        Service -> language of its text, None where not known.
    """
    groups = [(ALL, list(found))]
    for language in sorted({case.question.language for case in found}):
        groups.append((language, [case for case in found if case.question.language == language]))
    groups.append((ACROSS, [case for case in found if _is_across(case, languages)]))
    groups.append((OTHERS, [one for case in found if (one := _elsewhere(case, languages))]))
    return [_row(name, group) for name, group in groups]


def _is_across(case: Case, languages: Mapping[str, str | None]) -> bool:
    helping = [service for service, grade in case.grades.items() if answerable({service: grade})]
    return all(_is_other(languages.get(service), case.question.language) for service in helping)


def _is_other(described: str | None, asked: str) -> bool:
    return described is not None and described != asked


def _elsewhere(case: Case, languages: Mapping[str, str | None]) -> Case | None:
    """Return the question with what is described in another language only; None where none of that helps."""

    def left(shown: Iterable[str]) -> tuple[str, ...]:
        return tuple(one for one in shown if _is_other(languages.get(one), case.question.language))

    grades = {service: case.grades[service] for service in left(case.grades)}
    if not answerable(grades):
        return None
    if REST in case.grades:
        grades[REST] = case.grades[REST]
    return Case(case.question, grades, left(case.shown), None if case.other is None else left(case.other))


def _row(name: str, group: Sequence[Case]) -> Row:
    mine = [measured(case.shown, case.grades) for case in group]
    theirs = [measured(case.other, case.grades) for case in group if case.other is not None]
    shown = [(case, one) for case in group for one in case.shown[:DEPTH]]
    return Row(
        name=name,
        n=len(group),
        figures={measure: interval([one[measure] for one in mine]) for measure in MEASURES},
        judged=sum(one in case.grades or REST in case.grades for case, one in shown) / len(shown)
        if shown
        else None,
        differences={
            measure: interval([b[measure] - a[measure] for a, b in zip(mine, theirs, strict=True)])
            for measure in MEASURES
        }
        if theirs
        else None,
    )


def misses(found: Sequence[Case], first: int = 3) -> list[Case]:
    """Return the questions with nothing that helps among the first results, worst of all first."""
    figures = [(measured(case.shown, case.grades), case) for case in found]
    missed = [(one["ndcg_10"], case) for one, case in figures if not one[f"success_{first}"]]
    return [case for _ndcg, case in sorted(missed, key=lambda pair: (pair[0], pair[1].question.id))]
