"""What a change would do, in the words of a page: needs of past cases, area and month of common ones."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from netmap.directory.queries import area_choices
from netmap.i18n import gettext as _
from netmap.i18n import language, ngettext
from netmap.i18n.numbers import number
from netmap.matching.effects import LineEffect, Move
from netmap.matching.exercises import exercises
from netmap.matching.past import MOST, Case, Cases
from netmap.matching.triage_words import level_name
from netmap.matching.trying import Answered, Tried
from netmap.matching.unfit_groups import FEW
from netmap.packages.document import text
from netmap.packages.service import choices
from netmap.vocabulary.terms import label
from netmap.web.door import db
from netmap.web.show import month

FITTED_SHOWN = 20
LINES_SHOWN = 30


@dataclass(frozen=True)
class CaseWords:
    """One case as it is shown; ``link`` leads to an exercise."""

    title: str
    needs: str
    link: str = ""


@dataclass(frozen=True)
class MoveWords:
    """One case that changes: from which package to which, with which scores, and why."""

    case: CaseWords
    old: str
    new: str
    old_score: str
    new_score: str
    why: Sequence[str]
    model: str = ""  # for an exercise: whether the new package stands in the model answer
    model_met: bool = True


@dataclass(frozen=True)
class EffectWords:
    """Everything that the panel shows."""

    tried: Sequence[str]
    counts: Sequence[str]
    moves: Sequence[MoveWords] = ()
    more: int = 0
    lines: Sequence[str] = ()
    levels: Sequence[str] = ()
    level_cases: Sequence[tuple[CaseWords, str]] = ()
    fitted: Sequence[tuple[CaseWords, str]] = ()
    fitted_all: int | None = None  # None: nobody asked about one package


def package_words(tried: Tried, named: Mapping[str, str]) -> EffectWords:
    """Return the panel of a package; ``named`` gives the name of the package as it is typed."""
    names = {**dict(choices(db(), language())), **named}
    words = case_words(tried.cases)
    moves, cases = tried.effect.moves, tried.cases.cases
    moved = sum(move.other_package for move in moves)
    real = [one for one in tried.effect.fitted if cases[one.case].source != "exercise"]
    return EffectWords(
        tried=_tried(tried.cases, tried.answered),
        counts=_counts(
            (moved, _other_package), (len(moves) - moved, _other_band), *_answer_counts(tried.answered)
        ),
        moves=[_move(move, cases[move.case], words, names, tried.why) for move in tried.told],
        more=len(moves) - len(tried.told),
        lines=_lines(tried.answered.effect.lines, names),
        levels=_levels(tried.answered),
        level_cases=_level_cases(tried.cases, tried.answered),
        fitted=[(words(cases[one.case]), number(one.score)) for one in real[:FITTED_SHOWN]],
        fitted_all=len(real),
    )


def rules_words(cases: Cases, answered: Answered) -> EffectWords:
    """Return the panel of weights and thresholds."""
    return EffectWords(
        tried=_tried(cases, answered),
        counts=_counts(*_answer_counts(answered)),
        lines=_lines(answered.effect.lines, dict(choices(db(), language()))),
        levels=_levels(answered),
        level_cases=_level_cases(cases, answered),
    )


def _counts(*counted: tuple[int, Callable[[int], str]]) -> list[str]:
    """Return a sentence for each count above 0, and one where there is none."""
    found = [sentence(count) for count, sentence in counted if count]
    return found or [_("Nothing changes for these cases.")]


def _answer_counts(answered: Answered) -> list[tuple[int, Callable[[int], str]]]:
    return [(len(answered.levels), _other_level), (answered.effect.places, _other_places)]


def _other_package(count: int) -> str:
    return ngettext(
        "%(number)s case would get another package.", "%(number)s cases would get another package.", count
    )


def _other_band(count: int) -> str:
    return ngettext(
        "%(number)s case would keep its package in another band.",
        "%(number)s cases would keep their package in another band.",
        count,
    )


def _other_level(count: int) -> str:
    return ngettext(
        "%(number)s case would get another way of working.",
        "%(number)s cases would get another way of working.",
        count,
    )


def _other_places(count: int) -> str:
    return ngettext(
        "In %(number)s case the places to go to would be others.",
        "In %(number)s cases the places to go to would be others.",
        count,
    )


def _level_cases(cases: Cases, answered: Answered) -> list[tuple[CaseWords, str]]:
    """Return the first cases that get another way of working, exercises first."""
    words = case_words(cases)
    return [
        (words(cases.cases[place]), f"{level_name(old)} → {level_name(new)}")
        for place, (old, new) in list(answered.levels.items())[:FITTED_SHOWN]
    ]


def _tried(cases: Cases, answered: Answered) -> list[str]:
    sentences = [
        _(
            "Tried on %(decisions)s past decisions, %(unfit)s cases that nothing fitted and %(exercises)s "
            "exercise cases.",
            decisions=number(cases.count("decision"), 0),
            unfit=number(cases.count("unfit"), 0),
            exercises=number(cases.count("exercise"), 0),
        )
    ]
    if cases.older:
        sentences.append(
            _(
                "Only the newest %(most)s decisions count; %(older)s older ones are left out.",
                most=number(MOST, 0),
                older=number(cases.older, 0),
            )
        )
    if answered.asked < answered.concerned:
        sentences.append(
            _(
                "Providers, places and the way of working were looked up for %(asked)s of the %(all)s cases "
                "that this concerns, the newest.",
                asked=number(answered.asked, 0),
                all=number(answered.concerned, 0),
            )
        )
    return sentences


def case_words(cases: Cases) -> Callable[[Case], CaseWords]:
    """Return a function that puts a case in words: area and month only where `FEW` or more are alike."""
    alike = Counter(_alike(case) for case in cases.cases)
    areas = dict(area_choices(db(), language()))

    def words(case: Case) -> CaseWords:
        needs = ", ".join(label(code) for code in case.client.has())
        if case.source == "exercise":
            name = text(exercises()[case.exercise].name, language())
            link = url_for("exercises.show", code=case.exercise)
            return CaseWords(_("Exercise: %(name)s", name=name), needs, link)
        kind = _("Decision") if case.source == "decision" else _("Nothing fitted")
        if alike[_alike(case)] < FEW:
            return CaseWords(kind, needs)
        area = areas.get(case.client.area or "", _("area not said"))
        when = month(case.day) if case.day else ""
        return CaseWords(", ".join(part for part in (kind, area, when) if part), needs)

    return words


def _alike(case: Case) -> Hashable:
    """Return what cases have in common that nobody can tell apart on the page."""
    day = (case.day.year, case.day.month) if case.day else None
    return case.source, frozenset(case.client.has()), case.client.area, day


def _move(
    move: Move,
    case: Case,
    words: Callable[[Case], CaseWords],
    names: Mapping[str, str],
    why: Mapping[int, Sequence[str]],
) -> MoveWords:
    met, model = True, ""
    if case.source == "exercise":
        right = exercises()[case.exercise].packages
        met = move.new in right if right else not move.new
        model = _("as in the model answer") if met else _("not as in the model answer")
    return MoveWords(
        case=words(case),
        old=_name(move.old, names),
        new=_name(move.new, names),
        old_score=number(move.old_score),
        new_score=number(move.new_score),
        why=why.get(move.case, ()),
        model=model,
        model_met=met,
    )


def _name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, code) if code else _("no package fits")


def _lines(lines: Iterable[LineEffect], names: Mapping[str, str]) -> list[str]:
    found = []
    for line in lines:
        for count, sentence in ((line.lost, _lost), (line.gained, _gained), (line.other, _other)):
            if count:
                name = f"{names.get(line.package, line.package)}, {label(line.service_type)}"
                found.append(f"{name}: {sentence(count)}")
    return found[:LINES_SHOWN]


def _lost(count: int) -> str:
    return ngettext("loses its provider in %(number)s case", "loses its provider in %(number)s cases", count)


def _gained(count: int) -> str:
    return ngettext("gains a provider in %(number)s case", "gains a provider in %(number)s cases", count)


def _other(count: int) -> str:
    return ngettext(
        "gets another provider in %(number)s case", "gets another provider in %(number)s cases", count
    )


def _levels(answered: Answered) -> list[str]:
    return [
        _(
            "%(old)s becomes %(new)s: %(count)s",
            old=level_name(old),
            new=level_name(new),
            count=ngettext("%(number)s case", "%(number)s cases", count),
        )
        for old, new, count in answered.effect.levels
    ]
