"""Offers as arrays: the verdicts are those of `judge`, whatever the offers and whoever asks."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from netmap.directory import shelves
from netmap.directory.ages import age_range_of
from netmap.directory.columns import Columns
from netmap.directory.eligibility import CRITERIA, Asker, Offer, judge
from netmap.directory.hours import Rule
from netmap.directory.shelves import order_of
from netmap.directory.verdicts import FAILS

DAY = date(2026, 11, 23)
TYPES = ("debt_advice", "home_care", "childcare_place", "shelter")
FACTS = ("single_parent", "dis.mobility", "child_under_7", "homeless", "age_65_plus", "age_18_29", "veteran")
AREAS = ("town", "village", "county", "far")
RULES: tuple[tuple[Rule, ...], ...] = (
    (),
    (Rule(byday=((0, 0),), opens=540, closes=720),),
    (Rule(byday=((0, 1), (0, 3)), opens=600, closes=1500),),
    (Rule(byday=((0, 1),)),),
    (Rule(freq="DAILY", opens=0, closes=1440),),
    (Rule(byday=((0, 2),), opens=540, closes=720, valid_to=date(2026, 1, 1)),),
)


def offer_of(chance: random.Random, number: int) -> Offer:
    """Return any offer at all; half of what may be unknown is unknown."""

    def perhaps(*values: Any) -> Any:
        return chance.choice(values) if chance.random() < 0.6 else None

    codes = chance.sample(TYPES, chance.randint(1, 3))
    sure = frozenset(codes[: chance.randint(0, len(codes))])
    facts = chance.sample(FACTS, 3)
    rules = chance.choice(RULES)
    point = perhaps((55.5, 25.0), (55.52, 25.1), (55.7, 25.4), (54.0, 23.0)) or (None, None)
    low, high = perhaps(0, 7, 18, 60), perhaps(7, 17, 18, 29, 65)
    return Offer(
        service_id=f"s{number // 2}",
        place_id=perhaps(f"p{number}"),
        name=chance.choice(("Advice", "advice", "Zeal", "")),
        types=sure,
        suggested=frozenset(codes) - sure,
        confidence={code: 0.6 for code in codes if chance.random() < 0.5},
        status=chance.choice(("active", "active", "active", "unknown", "defunct", "temporarily closed")),
        latitude=point[0],
        longitude=point[1],
        remote=chance.random() < 0.2,
        serves=perhaps(*(frozenset(chance.sample(AREAS, size)) for size in (1, 2, 3))),
        languages=perhaps(frozenset({"lt"}), frozenset({"ru", "lt"}), frozenset({"en"})),
        interpreter=perhaps(True, False),
        required=frozenset(facts[:1]) if chance.random() < 0.3 else frozenset(),
        excluded=frozenset(facts[1:2]) if chance.random() < 0.3 else frozenset(),
        welcome=frozenset(facts[2:]) if chance.random() < 0.3 else frozenset(),
        eligibility_known=chance.random() < 0.8,
        minimum_age=low,
        maximum_age=high,
        fee=perhaps(0.0, 5.0, 20.0),
        rules=rules,
        duration=perhaps("once", "short", "long"),
        assured_date=perhaps(DAY, date(2026, 1, 1), date(2025, 1, 1)),
        wait_days=perhaps(0.0, 7.0, 60.0),
        places=perhaps(0.0, 0.0, 3.0),
        step_free=perhaps(True, False),
    )


def asker_of(chance: random.Random) -> Asker:
    """Return anybody who may ask."""
    facts = {code: chance.choice(("yes", "no", "unknown")) for code in chance.sample(FACTS, 4)}
    point = chance.choice(((55.5, 25.0), (55.51, 25.0), None))
    return Asker(
        circumstances=facts,  # type: ignore[arg-type]
        languages=chance.choice((frozenset(), frozenset({"ru"}), frozenset({"en", "lt"}))),
        age_range=age_range_of(facts),  # type: ignore[arg-type]
        area=chance.choice((*AREAS, None)),
        point=point,
        max_km=chance.choice((0.0, 5.0, 30.0, 300.0)),
        budget=chance.choice((None, 0.0, 5.0, 10.0)),
        hours=chance.choice(((), ((0, 600, 660),), ((1, 0, 1440), (4, 540, 600)))),
        duration=chance.choice((None, "once", "short", "long")),
        day=DAY,
        areas_within=chance.choice((frozenset(), frozenset({"village", "far"}))),
    )


def offers_of(chance: random.Random, count: int) -> list[Offer]:
    return [offer_of(chance, number) for number in range(count)]


def check(columns: Columns, asker: Asker) -> int:
    """Compare every verdict with that of `judge`; return how many there were."""
    count = 0
    for code in TYPES:
        failed, unknown = columns.verdicts(asker, code)
        for offer, fails, open_ in zip(columns.shelf(code).offers, failed, unknown, strict=True):
            verdicts = judge(offer, asker, code)
            for criterion in CRITERIA:
                bit = FAILS[criterion]
                outcome = "fail" if fails & bit else "unknown" if open_ & bit else "pass"
                assert outcome == verdicts[criterion].outcome, (criterion, offer, asker, code)
                count += 1
    return count


@pytest.mark.parametrize("seed", range(20))
def test_every_verdict_is_that_of_judge(seed: int) -> None:
    chance = random.Random(seed)
    columns = Columns(offers_of(chance, 60))
    for _number in range(12):
        assert check(columns, asker_of(chance)) > 500


def test_the_offers_and_askers_of_the_comparison_meet_every_reason() -> None:
    from netmap.directory.eligibility_words import _SENTENCES

    chance, met = random.Random(1), set()
    for number in range(3000):
        verdicts = judge(offer_of(chance, number), asker_of(chance), chance.choice(TYPES))
        met |= {(criterion, verdict.reason) for criterion, verdict in verdicts.items()}
    assert set(_SENTENCES) - met == {("type", "not_asked")} | OF_OVERRIDES


OF_OVERRIDES: set[tuple[str, str]] = set()


def test_a_case_that_another_offer_is_judged_by_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = dict(shelves.CASES)
    looks["language"] = lambda offer, _code: offer.languages  # an interpreter makes a difference
    monkeypatch.setattr(shelves, "CASES", looks)
    chance = random.Random(0)
    columns, askers = Columns(offers_of(chance, 400)), [asker_of(chance) for _number in range(9)]
    with pytest.raises(AssertionError, match=r"^\('language'"):
        assert [check(columns, asker) for asker in askers]


def rows(columns: Columns) -> dict[str, list[Offer]]:
    return {code: list(columns.shelf(code).offers) for code in TYPES}


def services(offers: Iterable[Offer]) -> set[str]:
    return {offer.service_id for offer in offers}


@pytest.mark.parametrize("seed", range(8))
def test_shelves_that_were_changed_are_those_made_anew(seed: int) -> None:
    chance = random.Random(seed)
    before = offers_of(chance, 80)
    columns = Columns(before)
    gone = set(chance.sample(sorted(services(before)), 6))
    new = [
        replace(offer_of(chance, 900 + number), service_id=key) for number, key in enumerate(sorted(gone)[:4])
    ]
    new.append(offer_of(chance, 2000))
    columns.replace(gone, new)
    anew = Columns([offer for offer in before if offer.service_id not in gone] + new)
    assert rows(columns) == rows(anew)
    assert columns.by_service == anew.by_service
    for _number in range(5):
        check(columns, asker_of(chance))


def test_offers_stand_by_name_service_and_place() -> None:
    for offers in rows(Columns(offers_of(random.Random(3), 50))).values():
        assert offers == sorted(offers, key=order_of)


def test_who_reads_shelves_keeps_them_as_they_were() -> None:
    offers = offers_of(random.Random(4), 30)
    columns = Columns(offers)
    view, before = columns.view(Asker(), ["shelter"]), columns.shelf("shelter")
    columns.replace(services(offers), ())
    assert view.shelves[0] is before
    assert len(view.masks()) == len(before)
    assert (len(before) > 0, len(columns.shelf("shelter"))) == (True, 0)


def test_a_kind_of_service_that_nobody_offers_has_an_empty_shelf() -> None:
    failed, unknown = Columns().verdicts(Asker(), "shelter")
    assert (failed.shape, unknown.dtype) == ((0,), np.dtype(np.uint16))
