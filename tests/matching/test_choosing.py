"""Choices out of arrays: those of the plain definition, one offer at a time, in the same order."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from netmap.directory.ages import Fact
from netmap.directory.columns import Columns
from netmap.directory.eligibility import Offer, sentence
from netmap.matching import choices, providers
from netmap.matching.choosing import Chooser
from netmap.matching.facts import Client, Override, Rated
from netmap.matching.providers import Served, serve
from netmap.matching.rules import Weights
from tests.directory.test_columns import AREAS, DAY, FACTS, TYPES, offers_of

NEEDS = ("fin.consumer_debt", "homeless")


def client_of(chance: random.Random) -> Client:
    """Return any client at all."""
    answers: tuple[Fact, ...] = ("yes", "no", "unknown")
    return Client(
        {code: Rated(chance.randint(0, 3), chance.randint(0, 2)) for code in NEEDS},
        {code: chance.choice(answers) for code in chance.sample(FACTS, 3)},
        languages=chance.choice((frozenset(), frozenset({"ru"}), frozenset({"en", "lt"}))),
        area=chance.choice((*AREAS, None)),
        point=chance.choice(((55.5, 25.0), (55.51, 25.0), None)),
        areas_within=chance.choice((frozenset(), frozenset({"village", "far"}))),
        max_km=chance.choice((5.0, 30.0, 300.0)),
        budget=chance.choice((None, 0.0, 5.0, 10.0)),
        hours=chance.choice(((), ((0, 600, 660),))),
        refused=frozenset(f"s{chance.randint(0, 40)}" for _one in range(chance.choice((0, 0, 4)))),
        wanted=frozenset(f"s{chance.randint(0, 40)}" for _one in range(chance.choice((0, 0, 4)))),
        day=DAY,
    )


def overrides_of(chance: random.Random) -> tuple[Override, ...]:
    """Return what a worker may want in spite of a criterion."""
    count = chance.choice((0, 0, 3, 20))
    criteria = ("distance", "cost", "language", "active", "eligibility")
    return tuple(
        Override(f"s{chance.randint(0, 40)}", "a line", chance.choice(criteria), "she has a car")
        for _one in range(count)
    )


def plain(found: Served, count: int | None = None) -> Any:
    choices = [
        (one.offer, dict(one.verdicts), one.utility, dict(one.parts), one.meant_for_others)
        for one in found.choices[:count]
    ]
    return choices, list(found.near_misses)


@pytest.mark.parametrize("seed", range(25))
def test_choices_and_near_misses_are_those_of_the_plain_definition(seed: int) -> None:
    chance = random.Random(seed)
    offers = [
        replace(one, relation=chance.choice(("", "", "potential")))
        for one in offers_of(chance, chance.choice((0, 8, 90, 250)))
    ]
    columns = Columns(offers)
    weights = Weights(way=0.4, wait=0.05)
    for _number in range(4):
        client = client_of(chance)
        chooser = Chooser(columns, client, TYPES, today=DAY, circuity=1.4, weights=weights)
        for code in TYPES:
            how: dict[str, Any] = {
                "duration": chance.choice((None, "once", "long")),
                "urgent": chance.random() < 0.5,
                "overrides": overrides_of(chance),
            }
            mine = [offer for offer in offers if code in offer.types | offer.suggested]
            asked = serve(mine, client, code, today=DAY, circuity=1.4, weights=weights, **how)
            found = chooser.serve(code, **how)
            assert plain(found, 4) == plain(asked, 4)
            assert len(found.choices) == len(asked.choices)
            assert bool(found.choices) == bool(asked.choices)
            assert plain(found) == plain(asked)


def test_equal_offers_come_by_name_however_many_they_are() -> None:
    one = Offer("", types=frozenset({"shelter"}), status="active", assured_date=DAY)
    offers = [replace(one, service_id=f"s{number}", name=f"Night {number % 97:02}") for number in range(500)]
    random.Random(1).shuffle(offers)
    client = Client({"homeless": Rated(2)})
    found = Chooser(Columns(offers), client, ["shelter"], today=DAY).serve("shelter")
    assert plain(found, 9) == plain(serve(offers, client, "shelter", today=DAY), 9)


def test_only_what_is_shown_is_made_into_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    choice_of = providers.choice_of

    def counted(offer: Offer, *args: Any, **values: Any) -> Any:
        made.append(offer.service_id)
        return choice_of(offer, *args, **values)

    monkeypatch.setattr(providers, "choice_of", counted)
    one = Offer("", types=frozenset({"shelter"}), status="active")
    columns = Columns(replace(one, service_id=f"s{number}") for number in range(1000))
    found = Chooser(columns, Client({"homeless": Rated(2)}), ["shelter"], today=date(2026, 1, 1)).serve(
        "shelter"
    )
    assert (len(found.choices[:4]), len(found.choices)) == (4, 1000)
    assert len(made) == choices.FEWEST
    assert (len(found.choices[: choices.SHOWN]), len(set(made))) == (choices.SHOWN, len(made))
    assert len(made) < 1000 / 10


FAR = Offer("far", types=frozenset({"shelter"}), status="active", place_id="p", latitude=54.0, longitude=23.0)
NEAR = replace(FAR, service_id="near", latitude=55.5, longitude=25.0)
HOMELESS = Client({"homeless": Rated(2)}, point=(55.5, 25.0), day=DAY)
BY_CAR = Override("far", "bed", "distance", "her brother drives her")


def test_a_worker_takes_a_service_in_spite_of_a_criterion_and_the_reason_is_said() -> None:
    chooser = Chooser(Columns([FAR, NEAR]), HOMELESS, ["shelter"], today=DAY)
    without, found = chooser.serve("shelter"), chooser.serve("shelter", overrides=[BY_CAR])
    assert [miss.offer for miss in without.near_misses] == [FAR]
    assert ([one.offer for one in found.choices], found.near_misses) == ([NEAR, FAR], ())
    told = sentence("distance", found.choices[1].verdicts["distance"])
    assert told == "Taken in spite of: 274 km away, the limit is 30 km (her brother drives her)"


def test_no_override_opens_a_service_that_is_gone_or_one_that_the_person_refused() -> None:
    gone = replace(FAR, status="defunct", latitude=55.5, longitude=25.0)
    why = [replace(BY_CAR, criterion="active")]
    assert (
        not Chooser(Columns([gone]), HOMELESS, ["shelter"], today=DAY).serve("shelter", overrides=why).choices
    )
    refusing = replace(HOMELESS, refused=frozenset({"far"}))
    chooser = Chooser(Columns([FAR]), refusing, ["shelter"], today=DAY)
    assert not chooser.serve("shelter", overrides=[BY_CAR]).choices


def test_a_refused_service_that_is_renamed_meanwhile_is_not_offered() -> None:
    columns = Columns([NEAR])
    chooser = Chooser(columns, replace(HOMELESS, refused=frozenset({"near"})), ["shelter"], today=DAY)
    columns.replace(["near"], [replace(NEAR, name="Another name")])
    assert not chooser.serve("shelter").choices
