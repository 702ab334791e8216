"""What a change would do, tried on stored decisions and exercises over the demo county."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import open_session
from netmap.matching import past, trying
from netmap.matching.decisions import record_decision
from netmap.matching.exercises import exercises
from netmap.matching.kept import UnfitCase
from netmap.matching.models import Decision
from netmap.matching.past import client_of_codes, past_cases
from netmap.matching.rules import Rules, Thresholds, Weights
from netmap.matching.service import Matcher
from netmap.matching.trying import try_package, try_rules
from netmap.packages.document import Document
from netmap.packages.service import get
from tests.county import settings_for

RELEASED = "released_from_prison"
MAN = {
    "needs": {
        "leg.release": {"severity": 2, "urgency": 1},
        "emp.unemployed": {"severity": 2},
        "leg.identity": {"severity": 2},
    },
    "facts": {"released_from_prison": "yes"},
    "languages": ["lt"],
    "area": "lauvena",
}


@pytest.fixture
def settings(app: Flask) -> Settings:
    return settings_for(Path(app.extensions["netmap_settings"].data_dir))


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with open_session(app.extensions["netmap_engine"]) as session:
        yield session
        session.rollback()


def decided(session: Session, settings: Settings) -> Decision:
    return record_decision(
        session, settings, MAN, RELEASED, outcome="taken", reason="fits", by="anna@office.example"
    )


def shorter(document: Document) -> Document:
    """The package without the lines that make it what it is."""
    return replace(document, lines=tuple(replace(line, after=()) for line in document.lines[4:]))


def test_a_stored_decision_and_an_exercise_move_and_nothing_is_stored(
    session: Session, settings: Settings
) -> None:
    decided(session, settings)
    session.flush()
    tried = try_package(session, settings, shorter(get(session, RELEASED).document))
    assert not session.new
    assert not session.dirty
    assert tried.cases.count("decision") == 1
    assert tried.cases.count("exercise") == len(exercises())
    moved = {tried.cases.cases[move.case].source: move for move in tried.effect.moves}
    assert moved["decision"].old == moved["exercise"].old == RELEASED
    assert moved["decision"].new_score < moved["decision"].old_score
    assert tried.told[0] is moved["exercise"]  # told before the decisions
    assert any("covers" in reason for reason in tried.why[moved["decision"].case])


def test_the_same_version_changes_nothing(session: Session, settings: Settings) -> None:
    decided(session, settings)
    tried = try_package(session, settings, get(session, RELEASED).document)
    assert tried.effect.moves == ()
    assert {tried.cases.cases[place].source for place in tried.effect.touched} == {"decision", "exercise"}
    told = tried.answered.effect
    assert (told.lines, told.levels, told.places) == ((), (), 0)
    assert tried.answered.asked == tried.answered.concerned == 2


def test_a_line_with_another_kind_of_service_loses_its_provider(session: Session, settings: Settings) -> None:
    decided(session, settings)
    document = get(session, RELEASED).document
    lines = [
        replace(line, service_type="sexual_violence_centre") if line.service_type == "id_documents" else line
        for line in document.lines
    ]
    told = try_package(session, settings, replace(document, lines=tuple(lines))).answered.effect
    assert [(one.service_type, one.lost, one.gained) for one in told.lines if one.lost] == [
        ("sexual_violence_centre", 2, 0)
    ]


def test_a_new_package_shows_whom_it_would_have_fitted(session: Session, settings: Settings) -> None:
    decided(session, settings)
    new = replace(get(session, RELEASED).document, code="out_again")
    tried = try_package(session, settings, new)
    fitted = [tried.cases.cases[one.case].source for one in tried.effect.fitted]
    assert sorted(fitted) == ["decision", "exercise"]
    assert {move.new for move in tried.effect.moves} == {"out_again"}  # the code comes first


def test_cases_that_nothing_fitted_count_too(session: Session, settings: Settings) -> None:
    day = date(2026, 5, 2)
    kept = {"needs": MAN["needs"], "facts": {}, "area_code": "lauvena", "best_score": 12.0}
    session.add(UnfitCase(**kept, recorded_on=day))
    session.flush()
    tried = try_package(session, settings, get(session, RELEASED).document)
    (case,) = (case for case in tried.cases.cases if case.source == "unfit")
    assert (case.day, case.client.area, case.values["area"]) == (day, "lauvena", "lauvena")
    fitted = {tried.cases.cases[one.case].source for one in tried.effect.fitted}
    assert fitted == {"unfit", "exercise"}


def test_other_thresholds_change_the_way_of_working(session: Session, settings: Settings) -> None:
    tried = try_rules(session, settings, Rules(thresholds=Thresholds(many_domains=1)))
    assert ("case management", "coordination team") in {
        (old, new) for old, new, _number in tried.answered.effect.levels
    }
    assert tried.answered.effect.lines == ()
    assert try_rules(session, settings, Rules()).answered.levels == {}


def test_other_weights_change_providers_only(session: Session, settings: Settings) -> None:
    told = try_rules(session, settings, Rules(Weights(way=0.0, wait=0.45))).answered.effect
    assert sum(one.other for one in told.lines) > 0
    assert sum(one.lost + one.gained for one in told.lines) == 0


def test_no_more_cases_than_the_cap_are_looked_up(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "MOST_ANSWERED", 5)
    monkeypatch.setattr(past, "MOST", 1)
    for _time in range(2):
        decided(session, settings)
    tried = try_rules(session, settings, Rules())
    assert tried.cases.older == 1
    assert tried.answered.asked == 5 < tried.answered.concerned


def test_what_was_kept_of_a_client_is_read_back(session: Session, settings: Settings) -> None:
    matcher = Matcher(session, settings)
    decided(session, settings)
    case = past_cases(session, matcher.places).cases[-1]
    whole = matcher.read(MAN)
    assert (case.client.needs, case.client.facts, case.client.area) == (whole.needs, whole.facts, "lauvena")
    assert matcher.read(case.values).needs == whole.needs


def test_codes_that_no_longer_exist_are_left_out_and_missing_facts_are_unknown(
    session: Session, settings: Settings
) -> None:
    places = Matcher(session, settings).places
    kept = {"needs": {"gone.code": {"severity": 3}, "fin.food": {"severity": 1}}, "area": "atlantis"}
    client = client_of_codes(kept, None, places)
    assert client.has() == ["fin.food"]
    assert client.fact("single_parent") == "unknown"
    assert client.point is None
