"""What a new version of a package or other weights would change, tried on past cases and exercises.

Scores are worked out for all cases. Providers, places and the way of working need the directory; they are
asked for the exercises and the newest cases only, and the answer says for how many.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Invalid
from netmap.matching.batch import NOBODY, best_of, clients_of
from netmap.matching.effects import (
    Answer,
    AnswerEffect,
    Effect,
    Move,
    compare_answers,
    package_effect,
    parts_of,
)
from netmap.matching.effects_words import why
from netmap.matching.facts import Library
from netmap.matching.loading import library_of
from netmap.matching.past import Case, Cases, past_cases
from netmap.matching.rules import Rules
from netmap.matching.score import WITH_CORRECTION
from netmap.matching.service import Matcher
from netmap.packages.document import Document

MOST_ANSWERED = 150  # cases for which providers are looked for
MOST_SECONDS = 4.0  # that may be spent on looking for them
MOST_TOLD = 40  # moves that are told one by one


@dataclass(frozen=True)
class Answered:
    """What changes in the answers, for how many of the cases that it concerns."""

    effect: AnswerEffect
    asked: int
    concerned: int
    levels: Mapping[int, tuple[str, str]]  # case -> way of working before and after, where it differs


@dataclass(frozen=True)
class Tried:
    """What a package would change; ``why`` says for the moves that are told what made the score another."""

    cases: Cases
    effect: Effect
    told: tuple[Move, ...]
    why: Mapping[int, Sequence[str]]
    answered: Answered


@dataclass(frozen=True)
class TriedRules:
    """What other weights and thresholds would change."""

    cases: Cases
    answered: Answered


def try_package(session: Session, settings: Settings, document: Document) -> Tried:
    """Return what this version of a package would change if it were saved. Nothing is stored.

    Parameters
    ----------
    session : Session
        Is only read from.
    settings : Settings
    document : Document
        Checked; its code may be new.
    """
    now = Matcher(session, settings)
    library = now.library
    rest = [one for one in library.packages if one[0] != document.code]
    same = [one for one in library.packages if one[0] == document.code]
    new = (document.code, same[0][1] + 1 if same else 1, document)
    before, after = (library_of(one) if one else None for one in (same, [new]))
    cases = past_cases(session, now.places)
    clients = clients_of(library, [case.client for case in cases.cases])
    effect = package_effect(library_of(rest), before, after, clients)
    told = _first(cases, effect.moves)
    then = Matcher(session, settings, library=library_of([*rest, new]))
    best = {move.case: (move.old, move.new) for move in effect.moves}
    pairs = [(place, *best.get(place, (document.code, document.code))) for place in effect.touched]
    return Tried(
        cases=cases,
        effect=effect,
        told=told,
        why={move.case: _why(before, after, cases, move) for move in told},
        answered=_answers(now, then, cases, pairs),
    )


def try_rules(session: Session, settings: Settings, rules: Rules) -> TriedRules:
    """Return what these weights and thresholds would change if they were saved. Nothing is stored."""
    now, then = Matcher(session, settings), Matcher(session, settings, rules)
    cases = past_cases(session, now.places)
    library = now.library
    best = best_of(library, clients_of(library, [case.client for case in cases.cases]))
    pairs = []
    for place in range(len(cases.cases)):
        fits = best.place[place] != NOBODY and round(float(best.score[place]), 1) >= WITH_CORRECTION
        code = library.packages[best.place[place]][0] if fits else ""
        pairs.append((place, code, code))
    return TriedRules(cases, _answers(now, then, cases, pairs))


def _why(before: Library | None, after: Library | None, cases: Cases, move: Move) -> list[str]:
    client = cases.cases[move.case].client
    return why(parts_of(before, client), parts_of(after, client))


def _first(cases: Cases, moves: Sequence[Move]) -> tuple[Move, ...]:
    """Return the moves that are told: exercises first, then other packages, then other bands, the newest."""
    ordered = sorted(
        moves,
        key=lambda move: (cases.cases[move.case].source != "exercise", not move.other_package, move.case),
    )
    return tuple(ordered[:MOST_TOLD])


class _Desk:
    """Answers of one state of the office: weights and packages as they are, or as they would be."""

    def __init__(self, matcher: Matcher) -> None:
        self._whole = matcher
        self._alone: dict[str, Matcher] = {}

    def answer(self, case: Case, code: str) -> Answer:
        """Return what netmap answers: for one package, or without a package where none fits."""
        return _answer(self._matcher(code), case, code)

    def _matcher(self, code: str) -> Matcher:
        """Return a matcher over the one package that is asked about; scores of others would be in vain."""
        if not code:
            return self._whole
        if code not in self._alone:
            whole = self._whole
            place = [package[0] for package in whole.library.packages].index(code)
            one = whole.library.only(place)
            self._alone[code] = Matcher(whole.session, whole.settings, whole.rules, one)
        return self._alone[code]


def _answers(now: Matcher, then: Matcher, cases: Cases, pairs: Sequence[tuple[int, str, str]]) -> Answered:
    """Return what changes in the answers for (case, package before, package after).

    Equal cases are looked up once. It ends with the last case, after `MOST_ANSWERED` of them, or when it has
    taken `MOST_SECONDS`.
    """
    asked: dict[tuple[str, str, str], tuple[Answer, Answer]] = {}
    before, after, levels = [], [], {}
    old_desk, new_desk = _Desk(now), _Desk(then)
    start = monotonic()
    for place, old, new in pairs:
        case = cases.cases[place]
        key = (json.dumps(case.values, sort_keys=True), old, new)
        if key not in asked:
            if len(asked) == MOST_ANSWERED or monotonic() - start > MOST_SECONDS:
                break
            try:
                asked[key] = old_desk.answer(case, old), new_desk.answer(case, new)
            except Invalid:  # an area or a code that the office no longer has
                continue
        one, other = asked[key]
        before.append(one)
        after.append(other)
        if one.level != other.level:
            levels[place] = (one.level, other.level)
    return Answered(compare_answers(before, after), len(before), len(pairs), levels)


def _answer(matcher: Matcher, case: Case, code: str) -> Answer:
    """Return what netmap answers: for one package, or without a package where none fits."""
    found = matcher.match(case.values, limit=1, only=code or None)
    level = found["triage"][0]["level"] if found["triage"] else ""
    if not code:
        return Answer("", level, {}, {})
    package = found["packages"][0]
    lines = [line for line in package["lines"] if not line["dropped"]]
    return Answer(
        package=code,
        level=level,
        providers={line["key"]: line["service_id"] or "" for line in lines},
        types={line["key"]: line["type"] for line in lines},
        places=frozenset(one["location_id"] or "" for one in package["joint"]["places"]),
    )
