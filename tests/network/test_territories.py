"""What a territory has and lacks: the rules, and the worked example's towns from the database."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from netmap.colleagues.models import SettlementContact, Skill
from netmap.config import Settings
from netmap.directory.models import Location, Organization, Service, ServiceArea, ServiceAtLocation
from netmap.errors import Invalid
from netmap.network.models import UnmetNeed
from netmap.network.territories.checklist import Kind, Territory, kind_of, model_for, to_copy
from netmap.network.territories.service import territories, territory
from netmap.partners.models import Agreement, AgreementParty, Partnership
from tests.network.examples import ASSISTANT, DEBT, JOB, NEEDS, TRANSPORT

BARE = Territory("x", 1000, (), (), {}, frozenset(), frozenset(), frozenset())
ONE = ("s", "Service")


def kinds(**states: str) -> dict[str, Kind]:
    return {code: Kind(code, state) for code, state in states.items()}


def test_nothing_at_all_misses_all_three():
    assert BARE.missing == ("coordinator", "resources", "partnerships")


@pytest.mark.parametrize(
    ("has", "element"),
    [
        ({"contacts": (("Ona", None, "1"),)}, "coordinator"),
        ({"staff": ("a@b",)}, "coordinator"),
        ({"kinds": kinds(debt="here")}, "resources"),
        ({"kinds": kinds(debt="served")}, "resources"),
        ({"partners": frozenset({"P"})}, "partnerships"),
        ({"bound": frozenset({"P"})}, "partnerships"),
    ],
)
def test_each_element_is_there_once_one_thing_of_it_is(has, element):
    assert element not in replace(BARE, **has).missing


@pytest.mark.parametrize("state", ["ask", "none", "unchecked"])
def test_what_has_to_be_asked_or_is_not_there_is_no_resource(state):
    assert "resources" in replace(BARE, kinds=kinds(debt=state)).missing


def test_none_here_is_told_apart_from_not_checked():
    assert kind_of("debt", [], [], [], (), None).state == "unchecked"
    assert kind_of("debt", [], [], [], (1,), date(2026, 11, 1)).state == "none"


def test_what_is_there_wins_over_a_search_that_found_nobody():
    assert kind_of("debt", [ONE], [], [], (3,), date(2026, 11, 1)).state == "here"
    assert kind_of("debt", [], [ONE], [ONE], (), None).state == "served"
    assert kind_of("debt", [], [], [ONE], (), None).state == "ask"


def test_the_model_is_the_best_equipped_of_about_this_size():
    small = replace(BARE, code="small", population=600, kinds=kinds(debt="here"))
    better = replace(BARE, code="better", population=1900, kinds=kinds(debt="here", job="here"))
    city = replace(better, code="city", population=90_000, staff=("a@b",))
    found = model_for(BARE, [BARE, small, better, city])
    assert found is better
    assert to_copy(BARE, better) == (("resources",), ("debt", "job"))
    assert model_for(BARE, [BARE, city]) is city  # where none is of this size
    assert model_for(replace(BARE, population=None), [small, city]) is city


def test_nobody_is_a_model_who_has_nothing_more():
    assert model_for(replace(BARE, kinds=kinds(debt="here")), [replace(BARE, code="y")]) is None
    assert model_for(BARE, []) is None


@pytest.fixture
def housed(town_session: Session) -> Session:
    """The three towns, with their places in them."""
    for location in town_session.query(Location):
        location.area_code = location.id[0]
    town_session.flush()
    return town_session


def row(session: Session, settings: Settings, code: str) -> dict:
    return next(one for one in territories(session, settings)["territories"] if one["code"] == code)


def state(session: Session, settings: Settings, code: str, kind: str) -> str:
    return next(one["state"] for one in territory(session, settings, code)["kinds"] if one["code"] == kind)


def test_the_towns_of_the_example(housed, settings):
    found = territories(housed, settings)
    assert found["kinds"] == 6
    assert found["without_contact"] == 3
    assert {one["code"]: one["here"] for one in found["territories"]} == {"A": 5, "B": 1, "C": 2}
    assert row(housed, settings, "A")["missing"] == ["coordinator"]  # P1 and P4 have an agreement
    assert row(housed, settings, "B")["missing"] == ["coordinator", "partnerships"]
    assert [one["code"] for one in found["territories"]] == ["B", "C", "A"]


def test_a_contact_or_a_colleague_who_knows_it_is_a_coordinator(housed, settings):
    housed.add(
        SettlementContact(area_code="B", name="Ona", phone="1", agreed_on=date(2026, 1, 1), owner="a@b")
    )
    housed.add(Skill(owner="a@b", kind="area", code="C"))
    housed.flush()
    assert "coordinator" not in row(housed, settings, "B")["missing"]
    assert "coordinator" not in row(housed, settings, "C")["missing"]
    assert territories(housed, settings)["without_contact"] == 2


def test_a_partner_with_a_place_there_is_a_partnership(housed, settings):
    housed.add(Partnership(organization_id="P6", state="partner"))
    housed.flush()
    assert row(housed, settings, "B")["partners"] == 1


def test_a_partner_who_has_closed_is_no_partnership(housed, settings):
    housed.add(Partnership(organization_id="P6", state="partner"))
    housed.get(Organization, "P6").closed_on = date(2026, 1, 31)
    housed.flush()
    assert "partnerships" in row(housed, settings, "B")["missing"]
    assert territory(housed, settings, "B")["partners_named"] == []
    assert territory(housed, settings, "B")["organizations"] == 0
    housed.get(Organization, "P6").closed_on = date(2199, 1, 31)
    housed.flush()
    assert "partnerships" not in row(housed, settings, "B")["missing"]


def test_an_agreement_with_nobody_but_who_has_closed_is_no_partnership(housed, settings):
    assert "partnerships" not in row(housed, settings, "A")["missing"]  # P1 and P4 have an agreement
    housed.get(Organization, "P4").closed_on = date(2026, 1, 31)
    housed.flush()
    assert "partnerships" in row(housed, settings, "A")["missing"]
    (agreement,) = housed.query(Agreement)
    agreement.parties.append(AgreementParty(place=2, name="The office"))
    housed.flush()
    assert [one["id"] for one in territory(housed, settings, "A")["partners_named"]] == ["P1"]


def test_a_place_that_the_source_gives_a_service_no_more_makes_nobody_be_there(housed, settings):
    housed.add(Partnership(organization_id="P6", state="partner"))
    housed.query(ServiceAtLocation).filter_by(service_id="v7").one().removed_in_source = datetime(
        2026, 11, 1, tzinfo=UTC
    )
    housed.flush()
    assert row(housed, settings, "B")["organizations"] == 0
    assert "partnerships" in row(housed, settings, "B")["missing"]


def test_a_declared_area_serves_all_that_lies_in_it(housed, settings):
    assert state(housed, settings, "B", DEBT) == "unchecked"
    housed.add(ServiceArea(id="x", service_id="v1", area_code="B", name="B"))
    housed.flush()
    assert state(housed, settings, "B", DEBT) == "served"


def test_a_recorded_search_that_found_nobody_says_none_here(housed, settings):
    housed.add(UnmetNeed(service_type=TRANSPORT, area_code="C", recorded_on=date(2026, 11, 1)))
    housed.add(UnmetNeed(need_code="emp.unemployed", area_code="B", recorded_on=date(2026, 11, 2)))
    housed.flush()
    assert state(housed, settings, "C", TRANSPORT) == "none"
    assert state(housed, settings, "A", TRANSPORT) == "unchecked"
    assert row(housed, settings, "C")["none"] == 1


def test_how_often_nobody_was_found_does_not_tell_how_few_of_one_need(housed, settings):
    """The list of unmet needs tells 7 of the type and "<5" of the need: 9 would tell that these are two."""
    for _number in range(7):
        housed.add(UnmetNeed(service_type=DEBT, area_code="C", recorded_on=date(2026, 11, 1)))
    for _number in range(2):
        housed.add(UnmetNeed(need_code=NEEDS[DEBT], area_code="C", recorded_on=date(2026, 11, 1)))
    housed.flush()
    kind = next(one for one in territory(housed, settings, "C")["kinds"] if one["code"] == DEBT)
    assert (kind["times"], kind["times_told"]) == (9, "8 to 11")


def test_a_service_that_may_be_closed_has_to_be_asked(housed, settings):
    housed.get(Service, "v7").status = "unknown"
    housed.flush()
    assert state(housed, settings, "B", ASSISTANT) == "ask"
    housed.get(Service, "v7").status = "defunct"
    housed.flush()
    assert state(housed, settings, "B", ASSISTANT) == "unchecked"


def test_the_model_tells_who_gives_what_is_missing(housed, settings):
    model = territory(housed, settings, "B")["model"]
    assert model["code"] == "A"
    assert model["elements"] == ["partnerships"]
    assert {one["code"]: one["services"][0]["id"] for one in model["kinds"]}[JOB] == "v4"


def test_what_is_no_planning_area_is_refused_in_a_sentence(housed, settings):
    with pytest.raises(Invalid, match="There is no planning area with the code 'D'"):
        territory(housed, settings, "D")


@pytest.mark.parametrize(
    ("sort", "order"), [("area", "ABC"), ("kinds", "BCA"), ("partners", "BCA"), ("missing", "BCA")]
)
def test_rows_stand_with_the_worst_first(housed, settings, sort, order):
    found = territories(housed, settings, sort)
    assert "".join(one["code"] for one in found["territories"]) == order
