"""Both counties that were solved by hand, from the database that holds them, through the command line."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import open_engine, transaction
from netmap.migrations.upgrade import upgrade
from netmap.network.demand.evidence import Evidence
from netmap.network.gaps import loading, views
from tests.network import examples, second_example
from tests.terminal import terminal

Ask = Callable[..., dict]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    """Return a function that puts a county in a new data folder, and then asks `netmap gaps`."""
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path))
    call = terminal(monkeypatch, capsys)

    def answer(put: Callable[[Session], None] | None, *arguments: str) -> dict:
        if put is not None:
            import_all_models()
            engine = open_engine(Settings(data_dir=tmp_path).database())
            upgrade(engine)
            with transaction(engine) as session:
                put(session)
            engine.dispose()
        status, out, err = call("gaps", *arguments, "--json")
        assert status == 0, err
        return json.loads(out)

    return answer


def told(cards: list[dict]) -> list[tuple]:
    """Return kind, service type, package, areas and clients of each card."""
    names = ("type", "service_type", "profile")
    areas = ["".join(sorted(area["code"] for area in card["areas"])) for card in cards]
    return [
        (*(c[name] for name in names), where, c["clients"]) for c, where in zip(cards, areas, strict=True)
    ]


def apart(found: dict, kind: str) -> list[tuple]:
    """Return service type, package, areas, clients and impact of the cards of one kind that are apart."""
    cards = [card for card in found["apart"] if card["type"] == kind]
    return [(*row[1:], card["impact"]) for row, card in zip(told(cards), cards, strict=True)]


def test_the_first_county_comes_out_whole(ask: Ask) -> None:
    found = ask(examples.put_town)
    assert told(found["gaps"]) == [
        ("ELIGIBILITY", "addiction_outpatient", "k1", "AB", 50),
        ("NO_PROVIDER", "transport_help", "k2", "ABC", 45),
        ("DISTANCE", "personal_assistant", "k2", "C", 15),
        ("DURATION", "addiction_outpatient", "k1", "C", 5),
        ("DISTANCE", "childcare_place", "k1", "C", 5),
        ("DISTANCE", "debt_advice", "k1", "C", 5),
    ]
    assert sum(card["impact"] for card in found["gaps"]) == 125
    assert {card["label"] for card in found["gaps"]} == {"FIRM"}
    assert apart(found, "CAPACITY") == [
        ("childcare_place", "k1", "AB", 50, 30), ("debt_advice", "k1", "AB", 50, 20)
    ]  # fmt: skip
    assert apart(found, "BROKEN_LINK") == [("job_search_support", "k2", "AB", 30, 9)]
    (broken,) = (card for card in found["apart"] if card["type"] == "BROKEN_LINK")
    assert (broken["before"], broken["share"]) == ("personal_assistant", 0.3)
    assert ([one["id"] for one in broken["giving"]], [one["id"] for one in broken["taking"]]) == (
        ["P5"],
        ["P4"],
    )
    assert apart(found, "PACKAGE") == [("", "k1", "ABC", 55, 55), ("", "k2", "ABC", 45, 45)]
    (stale,) = (card for card in found["apart"] if card["type"] == "STALE")
    assert (stale["service_type"], stale["share"], stale["clients"]) == ("personal_assistant", 0.4016, 30)
    assert apart(found, "SINGLE_PROVIDER") == [
        ("job_search_support", "k1", "ABC", 55, 5.5), ("childcare_place", "k1", "AB", 50, 5.0),
        ("debt_advice", "k1", "AB", 50, 5.0), ("job_search_support", "k2", "ABC", 45, 4.5),
        ("personal_assistant", "k2", "AB", 30, 3.0),
    ]  # fmt: skip
    assert apart(found, "EVIDENCE") == []
    assert found["packages"] == {"complete": 0, "at_most": 0, "of": 6}
    closures = {row["provider"]: row["clients"] for row in found["closures"]}
    assert closures == {"P4": 100, "P1": 50, "P3": 50, "P5": 30}
    assert next(row["cells"] for row in found["closures"] if row["provider"] == "P4") == 6
    assert [row["id"] for row in found["unused"]] == ["P2", "P6", "P7"]
    assert (found["handoffs"]["clients"], found["handoffs"]["linked"]) == (30, 0)


def test_a_part_of_the_first_county_has_the_queues_of_the_whole(ask: Ask) -> None:
    found = ask(examples.put_town, "--area", "B", "--profile", "k1")
    assert told(found["gaps"]) == [("ELIGIBILITY", "addiction_outpatient", "k1", "B", 10)]
    # alone the ten of B would find thirty places for debt advice
    assert apart(found, "CAPACITY") == [
        ("childcare_place", "k1", "B", 10, 6), ("debt_advice", "k1", "B", 10, 4)
    ]  # fmt: skip
    assert found == ask(None, "--area", "B", "--package", "k1")


def test_the_second_county_comes_out_as_by_hand(ask: Ask) -> None:
    found = ask(second_example.put)
    assert told(found["gaps"]) == [
        ("LANGUAGE", "legal_aid", "m1", "NS", 42),
        ("ACCESSIBILITY", "rehabilitation", "m2", "NS", 14),
        ("DISTANCE", "language_course", "m1", "S", 12),
        ("HOURS", "rehabilitation", "m2", "W", 8),
        ("COST", "legal_aid", "m1", "W", 6),
        ("LANGUAGE", "language_course", "m1", "NW", 36),
        ("DISTANCE", "psych_counselling", "m2", "NSW", 22),
        ("ACCESSIBILITY", "debt_advice", "m2", "W", 8),
    ]
    labels = [card["label"] for card in found["gaps"]]
    assert labels == ["FIRM", "FIRM", "FIRM", "LIKELY", "FIRM", "CHECK DATA", "CHECK DATA", "CHECK DATA"]
    assert apart(found, "PACKAGE") == [
        ("", "m1", "NSW", 48, 48),
        ("", "m2", "NSW", 22, 22),
    ]
    assert found["packages"] == {"complete": 0, "at_most": 0, "of": 6}
    assert apart(found, "CAPACITY") == [("debt_advice", "m2", "NS", 14, 7)]
    assert apart(found, "SINGLE_PROVIDER") == [("debt_advice", "m2", "NS", 14, 1.4)]
    assert apart(found, "EVIDENCE") == [("debt_advice", "m2", "N", 10, 6.32)]
    assert apart(found, "BROKEN_LINK") == apart(found, "STALE") == []
    assert [(row["provider"], row["cells"], row["clients"]) for row in found["closures"]] == [("A", 2, 14)]
    assert [row["id"] for row in found["unused"]] == ["B", "D"]
    assert (found["handoffs"]["clients"], found["handoffs"]["linked"]) == (0, 0)


def test_by_rate_a_smaller_crowd_comes_first(ask: Ask) -> None:
    from netmap.network.models import Demand

    def put(session: Session) -> None:
        second_example.put(session)
        for row in session.query(Demand):
            row.population = {"N": 30_000, "S": 9_000, "W": 600}[row.area_code]

    first = [card["type"] for card in ask(put, "--order", "rate")["gaps"][:2]]
    assert first == ["HOURS", "COST"]  # both in W, where 8 and 6 of 600 are concerned
    assert ask(None)["gaps"][0]["type"] == "LANGUAGE"


def test_the_survey_for_the_pages_says_when_and_how_many(ask: Ask) -> None:
    made = ask(second_example.put, "--survey")
    assert made["gaps"] == 8
    assert made["made_at"].endswith("+00:00")


def test_how_often_help_was_tried_does_not_tell_how_few_got_it(session: Session, settings: Settings) -> None:
    second_example.put(session)
    question = loading.load(session, settings)
    card = next(card for card in question.apart() if card.kind == "EVIDENCE")
    for asked in (10, 13):
        tried = {(card.service_type, area): Evidence(9, asked - 9, None) for area in card.areas}
        sentence = views.risk_view(replace(question, experience=tried), card)["sentence"]
        assert "9 of 10 to 13 recorded tries failed" in sentence
