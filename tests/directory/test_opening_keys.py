"""Keys of opening hours say exactly what the rules say, at every moment of the year."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from netmap.directory import hours
from netmap.directory.hours import Rule
from netmap.directory.opening_keys import UNKNOWN, key_of, open_keys, rules_of

ZONE = ZoneInfo("Europe/Vilnius")
YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def rules(chance: random.Random, *, plain: bool) -> list[Rule]:
    found = []
    for _number in range(chance.randint(1, 3)):
        opens = chance.choice((None, 0, 480, 540, 1200, 1380)) if not plain else chance.choice((0, 480, 1380))
        length = chance.choice((60, 210, 240, 480, 1440))
        days = tuple(sorted({(0, chance.randrange(7)) for _day in range(chance.randint(1, 5))}))
        odd = {} if plain else chance.choice(ODD)
        found.append(
            Rule(**{"freq": "WEEKLY", "byday": days, "opens": opens, **odd,
                    "closes": None if opens is None else opens + length})
        )  # fmt: skip
    return found


ODD = (
    {},
    {"valid_from": date(2026, 3, 1), "valid_to": date(2026, 3, 31)},
    {"valid_from": date(2026, 10, 20), "valid_to": date(2026, 11, 2), "closed": True},
    {"freq": "MONTHLY", "byday": ((1, 5),)},
    {"freq": "WEEKLY", "interval": 2, "dtstart": date(2026, 1, 5)},
    {"freq": "DAILY", "byday": ()},
    {"person": "somebody"},
    {"offset": 0},
    {"byday": ()},
    {"until": date(2026, 6, 1)},
)


@pytest.mark.parametrize("plain", [True, False])
def test_a_key_is_open_exactly_where_its_rules_are(plain: bool) -> None:
    chance = random.Random(5)
    for _turn in range(120):
        told = rules(chance, plain=plain)
        key = key_of(told)
        clock_changes = (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC))
        moments = [YEAR + timedelta(minutes=chance.randrange(525_600)) for _one in range(12)]
        moments += [
            day + timedelta(minutes=chance.randrange(300)) for day in clock_changes for _one in range(4)
        ]
        for moment in (one.astimezone(ZONE) for one in moments):
            opened, unknown = open_keys([key], moment)
            kind = "open" if opened else "unknown" if unknown else "closed"
            assert kind == hours.kind_at(told, moment) == hours.state(told, moment).kind, (told, moment)


def test_the_order_of_rules_and_the_names_of_people_make_no_other_key() -> None:
    one, other = Rule(byday=((0, 0),), opens=540, closes=720, person="x"), Rule(byday=((0, 1),), opens=540)
    renamed = Rule(byday=((0, 0),), opens=540, closes=720, person="y")
    assert key_of([one, other]) == key_of([other, renamed])
    assert {rule.opens for rule in rules_of(key_of([one, other]))} == {540}


def test_no_rules_are_a_key_that_nobody_knows() -> None:
    assert open_keys([key_of([])], datetime(2026, 1, 5, 12, tzinfo=UTC)) == (frozenset(), {UNKNOWN})
