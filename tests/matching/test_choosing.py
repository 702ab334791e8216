"""Choices out of arrays: those of the plain definition, one offer at a time, in the same order."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from netmap.directory.ages import Fact
from netmap.directory.columns import Columns
from netmap.directory.eligibility import Offer
from netmap.matching import choosing, providers
from netmap.matching.choosing import Chooser
from netmap.matching.facts import Client, Rated
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


def plain(found: Served, count: int | None = None) -> Any:
    choices = [
        (one.offer, dict(one.verdicts), one.utility, dict(one.parts), one.meant_for_others)
        for one in found.choices[:count]
    ]
    return choices, list(found.near_misses)


@pytest.mark.parametrize("seed", range(25))
def test_choices_and_near_misses_are_those_of_the_plain_definition(seed: int) -> None:
    chance = random.Random(seed)
    offers = offers_of(chance, chance.choice((0, 8, 90, 250)))
    columns = Columns(offers)
    weights = Weights(way=0.4, wait=0.05)
    for _number in range(4):
        client = client_of(chance)
        chooser = Chooser(columns, client, TYPES, today=DAY, circuity=1.4, weights=weights)
        for code in TYPES:
            how: dict[str, Any] = {
                "duration": chance.choice((None, "once", "long")),
                "urgent": chance.random() < 0.5,
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
    assert len(made) == choosing.SHOWN
