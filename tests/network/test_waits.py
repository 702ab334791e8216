"""Help that is there and makes people wait too long: by the last records, where everybody there is known."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from netmap.db import now
from netmap.directory.models import ServiceCapacity
from netmap.network.card.gap_sheet import sheet_of
from netmap.network.cells.engine import Context, LineCells, survey
from netmap.network.gaps.cards import key_of
from netmap.network.gaps.one_gap import find
from netmap.network.gaps.partial import Thresholds, apart_cards
from netmap.network.service import gaps
from tests.network import examples
from tests.network.examples import ASSISTANT, DEBT, JOB, store

KEY = key_of("CAPACITY", JOB, "k1")


@pytest.fixture
def wait(town_session):
    def record(service, days, *, ago=0, target=None, maximum=None):
        row = ServiceCapacity(service_id=service, wait_days=days, target=target, maximum=maximum)
        row.updated = now() - timedelta(days=ago)
        town_session.add(row)
        town_session.flush()

    return record


def slow(session, settings):
    """Return the CAPACITY cards as (service type, package, areas, impact, wait)."""
    found = [card for card in gaps(session, settings)["apart"] if card["type"] == "CAPACITY"]
    return {
        (c["service_type"], c["profile"]): (
            "".join(sorted(a["code"] for a in c["areas"])), c["impact"], c["wait_days"]
        )
        for c in found
    }  # fmt: skip


def test_where_everybody_makes_people_wait_too_long_there_is_too_little(town_session, settings, wait):
    """Job search in A and B is v4 alone, in C v5: 45 days in A and B leave 1 - 30/45 of 50 and 30 clients."""
    assert (JOB, "k1") not in slow(town_session, settings)
    wait("v4", 45)
    found = slow(town_session, settings)
    assert found[JOB, "k1"] == ("AB", pytest.approx(50 / 3, abs=0.01), 45)
    assert found[JOB, "k2"] == ("AB", 10, 45)
    card = next(c for c in gaps(town_session, settings)["apart"] if c["key"] == KEY)
    assert card["sentence"].startswith(
        "Job search support for “People of k1” is there in Town A, Town B, but people wait 45 days "
        "or longer; the target is 30."
    )
    sheet = sheet_of(town_session, find(town_session, settings, KEY))
    assert "not known: people wait" in dict(sheet.requirements)["For how many"]


@pytest.mark.parametrize(
    "record",
    [{"days": 30}, {"days": 45, "ago": 181}, {"days": 45, "target": "single_parent"}, {"days": None}],
)
def test_a_wait_within_the_target_an_old_one_and_one_of_some_people_decide_nothing(
    town_session, settings, wait, record
):
    wait("v4", **record)
    assert (JOB, "k1") not in slow(town_session, settings)


def test_the_office_says_what_is_long_and_what_is_old(town_session, settings, wait):
    wait("v4", 45, ago=181)
    assert (JOB, "k1") in slow(town_session, replace(settings, wait_old_days=200))
    assert (JOB, "k1") not in slow(town_session, replace(settings, wait_old_days=200, wait_target_days=45))


def test_one_service_with_a_short_or_an_unknown_wait_is_enough_to_say_nothing(
    town_session, settings, wait, town
):
    wait("v4", 45)
    store(town_session, town.offer("w1", "P6", JOB, "A"))
    assert (JOB, "k1") not in slow(town_session, settings)
    wait("w1", 10)
    assert (JOB, "k1") not in slow(town_session, settings)
    wait("w1", 60)
    assert slow(town_session, settings)[JOB, "k1"][2] == 45, "the shortest"


def test_both_reasons_are_told_each_with_its_areas_and_the_worse_counts(town_session, settings, wait):
    """Debt: 30 places for 50 leave 2/5 of them; 90 days of waiting leave 1 - 30/90 = 2/3: 33.3 of 50."""
    wait("v1", 90, maximum=30)
    assert slow(town_session, settings)[DEBT, "k1"] == ("AB", pytest.approx(100 / 3, abs=0.01), 90)
    card = next(
        c for c in gaps(town_session, settings)["apart"] if c["key"] == key_of("CAPACITY", DEBT, "k1")
    )
    assert "with places for only about 60 of 100 clients" in card["sentence"]
    assert "people wait 90 days or longer; the target is 30" in card["sentence"]
    sheet = sheet_of(town_session, find(town_session, settings, card["key"]))
    assert dict(sheet.requirements)["For how many"] == "20 clients a year, or more"


def test_the_examples_have_no_waits_and_no_gap_by_them(town_session, settings):
    assert {pair: rest[1] for pair, rest in slow(town_session, settings).items()} == {
        ("childcare_place", "k1"): 30, (DEBT, "k1"): 20
    }  # fmt: skip


def test_without_a_ratio_the_wait_alone_decides(town):
    context = Context(waits=lambda services: np.array([40.0 if key == "v6" else np.nan for key in services]))
    profiles = [town.profile(document) for document in (town.k1(), town.k2())]
    cells = survey(town.on(town.offers()), profiles, town.today, context=context).cells
    found = [card for card in apart_cards(cells, town.demands()) if card.kind == "CAPACITY"]
    assert [(card.service_type, card.share) for card in found] == [(ASSISTANT, pytest.approx(0.25))]
    assert [card.kind for card in apart_cards(cells, {}, thresholds=Thresholds(wait=40))].count(
        "CAPACITY"
    ) == 0


@hypothesis_settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(examples.offers()).map(lambda o: o.service_id), st.integers(0, 90)))
def test_the_wait_of_a_cell_is_the_plain_shortest_of_those_who_are_there(known):
    context = Context(
        waits=lambda services: np.array([known.get(key, np.nan) for key in services], dtype=float)
    )
    ground, profiles = examples.on(examples.offers()), [examples.profile(examples.k1())]
    cells = survey(ground, profiles, examples.TODAY, context=context).cells
    for profile in profiles:
        for line in profile.lines:
            masks = LineCells(ground, profile, line)
            for cell in (cell for cell in cells if cell.line.key == line.key):
                column = [area.code for area in ground.areas].index(cell.area)
                there = {
                    offer.service_id
                    for offer, sure in zip(masks.group.offers, masks.sure[:, column], strict=True)
                    if sure
                }
                plain = min(known[key] for key in there) if there and there <= known.keys() else None
                assert cell.wait == plain
