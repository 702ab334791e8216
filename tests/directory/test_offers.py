"""From rows to offers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.eligibility import Asker, judge, sentence
from netmap.directory.models import (
    Accessibility,
    Area,
    Contact,
    CostOption,
    EligibilityRule,
    Language,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
)
from netmap.directory.offer_words import has_interpreter, is_free, language_code
from netmap.directory.offers import load_offers


@pytest.fixture
def service(session: Session) -> Service:
    """A service at one place, of a confirmed type."""
    session.add(Organization(id="o", name="Office"))
    session.flush()
    service = Service(id="s", organization_id="o", name="Debts", status="active")
    session.add(service)
    session.add(Location(id="l", latitude=55.5, longitude=25.0))
    session.flush()
    session.add(ServiceAtLocation(id="p", service_id="s", location_id="l"))
    session.add(ServiceTypeLink(service_id="s", code="debt_advice", state="confirmed"))
    session.flush()
    return service


def add(session: Session, *rows: object) -> None:
    session.add_all(rows)
    session.flush()


def test_a_service_at_a_place_is_one_offer(session: Session, settings: Settings, service: Service) -> None:
    (offer,) = load_offers(session, settings)
    assert (offer.service_id, offer.place_id, offer.location_id) == ("s", "p", "l")
    assert (offer.latitude, offer.types, offer.remote) == (55.5, {"debt_advice"}, False)


def test_what_nobody_recorded_is_not_known(session: Session, settings: Settings, service: Service) -> None:
    (offer,) = load_offers(session, settings)
    assert (offer.languages, offer.fee, offer.serves, offer.interpreter) == (None, None, None, None)
    assert (offer.rules, offer.duration, offer.eligibility_known) == ((), None, True)


def test_a_service_without_a_place_is_an_offer_too(session: Session, settings: Settings) -> None:
    add(session, Service(id="s", name="Line", status="active"))
    (offer,) = load_offers(session, settings)
    assert (offer.place_id, offer.latitude) == (None, None)


def test_a_virtual_location_is_remote(session: Session, settings: Settings, service: Service) -> None:
    add(session, Location(id="v", location_type="virtual"))
    add(session, ServiceAtLocation(id="q", service_id="s", location_id="v"))
    assert [offer.remote for offer in load_offers(session, settings)] == [False, True]


def test_hours_of_a_specialist_are_not_those_of_the_service(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, Contact(id="c", service_id="s", title="Lawyer"))
    add(session, Schedule(service_id="s", contact_id="c", byday="WE", freq="WEEKLY"))
    add(session, Schedule(service_id="s", byday="MO", freq="WEEKLY"))
    (offer,) = load_offers(session, settings)
    assert [rule.byday for rule in offer.rules] == [((0, 0),)]


def test_the_newest_capacity_says_how_long_one_waits(
    session: Session, settings: Settings, service: Service
) -> None:
    service.wait_time = "2 weeks"
    session.flush()
    assert load_offers(session, settings)[0].wait_days == 14
    for id_, days, age in (("1", 9, 3), ("2", 30, 1), ("3", 5, None)):
        moment = now() - timedelta(days=age) if age else None
        add(session, ServiceCapacity(id=id_, service_id="s", wait_days=days, updated=moment))
    assert load_offers(session, settings)[0].wait_days == 30


def test_the_newest_figure_says_how_many_places_are_free_and_old_ones_say_nothing(
    session: Session, settings: Settings, service: Service
) -> None:
    assert load_offers(session, settings)[0].places is None
    old = now() - timedelta(days=settings.stale_days + 1)
    add(session, ServiceCapacity(id="1", service_id="s", available=4, updated=old))
    add(session, ServiceCapacity(id="2", service_id="s", available=5))
    assert load_offers(session, settings)[0].places is None
    for id_, free, age in (("3", 3, 9), ("4", 0, 1)):
        moment = now() - timedelta(days=age)
        add(session, ServiceCapacity(id=id_, service_id="s", available=free, updated=moment))
    assert load_offers(session, settings)[0].places == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Step-free door", None), True), (("Entrance", "семь ступеней"), False),
        (("Quiet room", None), None), ((None, None), None),
    ],
)  # fmt: skip
def test_what_is_written_of_a_place_says_whether_a_wheelchair_gets_in(
    session: Session,
    settings: Settings,
    service: Service,
    words: tuple[str | None, str | None],
    expected: bool | None,
) -> None:
    add(session, Accessibility(location_id="l", description=words[0], details=words[1]))
    assert [offer.step_free for offer in load_offers(session, settings)] == [expected]
    assert [one.step_free for one in load_offers(session, settings, services=["s"])] == [expected]
    assert load_offers(session, settings, services=["other"]) == []


def test_a_rejected_type_is_no_type(session: Session, settings: Settings, service: Service) -> None:
    add(session, ServiceTypeLink(service_id="s", code="shelter", state="rejected"))
    (offer,) = load_offers(session, settings)
    assert offer.types | offer.suggested == {"debt_advice"}


def test_confirmed_only_leaves_out_suggestions(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, Service(id="t", name="Maybe", status="active"))
    add(
        session,
        ServiceTypeLink(service_id="s", code="shelter", state="suggested"),
        ServiceTypeLink(service_id="t", code="shelter", state="suggested"),
    )
    assert [offer.service_id for offer in load_offers(session, settings)] == ["s", "t"]
    (offer,) = load_offers(session, settings, confirmed_only=True)
    assert (offer.service_id, offer.suggested) == ("s", frozenset())


def test_only_the_wanted_types_are_loaded_and_they_are_the_same(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, Service(id="t", name="Bed", status="active"), Language(service_id="s", code="lt"))
    add(session, ServiceTypeLink(service_id="t", code="shelter", state="suggested"))
    add(session, Schedule(location_id="l", byday="MO", opens_at="09:00", closes_at="10:00"))
    whole = load_offers(session, settings)
    assert load_offers(session, settings, services={whole[0].service_id}) == [whole[0]]
    assert load_offers(session, settings, services={whole[1].service_id}) == [whole[1]]


def test_what_is_gone_in_its_source_is_left_out(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, Language(service_id="s", code="lt", removed_in_source=now()))
    assert load_offers(session, settings)[0].languages is None
    service.removed_in_source = now()
    session.flush()
    assert load_offers(session, settings) == []


def test_languages_come_as_codes_from_codes_and_names(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, Language(service_id="s", code="eng"), Language(service_id="s", name="украинский"))
    assert load_offers(session, settings)[0].languages == {"en", "uk"}


def test_a_price_without_condition_counts_before_others(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, CostOption(service_id="s", option="insured", amount=0))
    add(session, CostOption(service_id="s", amount=40))
    assert load_offers(session, settings)[0].fee == 40


def test_an_expired_price_does_not_count(session: Session, settings: Settings, service: Service) -> None:
    past = date(2020, 1, 1)
    add(session, CostOption(service_id="s", amount=5, valid_to=past), CostOption(service_id="s", amount=9))
    assert load_offers(session, settings)[0].fee == 9


def test_free_in_words_is_a_fee_of_0(session: Session, settings: Settings, service: Service) -> None:
    service.fees_description = "Nemokamai."
    session.flush()
    assert load_offers(session, settings)[0].fee == 0


def test_free_for_some_is_not_free() -> None:
    assert not is_free("Free for members, 20 for others")


def test_the_hours_of_the_place_win_over_those_of_the_service(
    session: Session, settings: Settings, service: Service
) -> None:
    hours = {"byday": "MO", "closes_at": "17:00"}
    add(session, Schedule(location_id="l", opens_at="07:00", **hours))
    assert load_offers(session, settings)[0].rules[0].opens == 7 * 60
    add(session, Schedule(service_id="s", opens_at="08:00", **hours))
    assert load_offers(session, settings)[0].rules[0].opens == 8 * 60
    add(session, Schedule(service_at_location_id="p", opens_at="09:00", **hours))
    assert [rule.opens for rule in load_offers(session, settings)[0].rules] == [9 * 60]


def test_a_declared_area_holds_everything_inside_it(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, Area(code="county", name="County"))
    add(session, Area(code="town", name="Town", parent_code="county"), Area(code="other", name="Other"))
    add(session, ServiceArea(service_id="s", area_code="county"))
    assert load_offers(session, settings)[0].serves == {"county", "town"}


def test_an_area_that_is_none_of_ours_makes_the_area_unknown(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, Area(code="town", name="Town"))
    add(session, ServiceArea(service_id="s", area_code="town"), ServiceArea(service_id="s", name="The hills"))
    assert load_offers(session, settings)[0].serves is None


def test_conditions_that_nobody_turned_into_rules_are_not_known(
    session: Session, settings: Settings, service: Service
) -> None:
    service.eligibility_description = "Only veterans."
    session.flush()
    assert not load_offers(session, settings)[0].eligibility_known
    add(session, EligibilityRule(service_id="s", code="veteran", effect="required"))
    (offer,) = load_offers(session, settings)
    assert (offer.eligibility_known, offer.required) == (True, {"veteran"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", None), ("No", False), ("Vertėjo neturime.", False), ("By phone on request", True), ("Нет", False)],
)
def test_words_about_an_interpreter_are_read(text: str, expected: bool | None) -> None:
    assert has_interpreter(text) is expected


def test_a_language_that_is_in_no_list_keeps_its_name() -> None:
    assert language_code(None, "Hill Signs") == "hill signs"


def test_the_number_of_selects_does_not_grow(session: Session, settings: Settings, service: Service) -> None:
    seen: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *parts: seen.append(parts[2]))
    load_offers(session, settings)
    few = len(seen)
    for key in (f"x{number}" for number in range(20)):
        add(session, Service(id=key, name="More", status="active"))
        add(session, CostOption(service_id=key, amount=1), Language(service_id=key, code="lt"))
    seen.clear()
    assert len(load_offers(session, settings)) == 21
    assert len(seen) == few > 5


def test_prices_hold_on_the_day_of_the_office(session: Session, settings: Settings, service: Service) -> None:
    today = now().astimezone(settings.zone()).date()
    add(session, CostOption(service_id="s", amount=3, valid_from=today, valid_to=today))
    add(session, CostOption(service_id="s", amount=1, valid_from=today + timedelta(days=1)))
    assert load_offers(session, settings)[0].fee == 3


def test_an_age_in_the_words_has_to_be_read(session: Session, settings: Settings, service: Service) -> None:
    service.description = "Boxing and talks for boys, ages 11-17."
    session.flush()
    (offer,) = load_offers(session, settings)
    verdict = judge(offer, Asker(age_range=(30, 55)))["eligibility"]
    assert (verdict.outcome, sentence("eligibility", verdict)) == (
        "unknown", "Read the conditions: ages 11-17",
    )  # fmt: skip
    service.minimum_age = 11
    session.flush()
    assert load_offers(session, settings)[0].eligibility_known


def test_an_age_in_the_words_counts_beside_rules_and_conditions(
    session: Session, settings: Settings, service: Service
) -> None:
    service.name, service.eligibility_description = "Club 60 and older", "Only residents."
    session.flush()
    assert load_offers(session, settings)[0].conditions == "60 and older; Only residents."
    add(session, EligibilityRule(service_id="s", code="veteran", effect="required"))
    (offer,) = load_offers(session, settings)
    assert (offer.eligibility_known, offer.conditions) == (False, "60 and older; Only residents.")


def test_groups_that_are_welcome_come_with_the_offer_and_are_no_condition(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, EligibilityRule(service_id="s", code="veteran", effect="welcome"))
    (offer,) = load_offers(session, settings)
    assert (offer.welcome, offer.required, offer.excluded) == ({"veteran"}, frozenset(), frozenset())
    verdict = judge(offer, Asker(circumstances={"veteran": "no"}))["eligibility"]
    assert verdict.outcome == "pass"
    service.eligibility_description = "Ask."
    session.flush()
    assert not load_offers(session, settings)[0].eligibility_known


def test_how_sure_a_suggestion_is_comes_with_the_offer(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, ServiceTypeLink(service_id="s", code="shelter", state="suggested", confidence=0.74))
    (offer,) = load_offers(session, settings)
    assert (offer.name, offer.confidence) == ("Debts", {"shelter": 0.74})


@pytest.mark.parametrize(
    ("code", "confidence", "offered"),
    [
        ("safe_shelter", 0.52, False), ("safe_shelter", 0.6, True), ("safe_shelter", None, True),
        ("food_aid", 0.52, True),
    ],
)  # fmt: skip
def test_a_weak_guess_sends_nobody_in_danger_anywhere(
    session: Session, settings: Settings, service: Service, code: str, confidence: float | None, offered: bool
) -> None:
    add(session, ServiceTypeLink(service_id="s", code=code, state="suggested", confidence=confidence))
    (offer,) = load_offers(session, settings)
    assert (code in offer.suggested) is offered
    assert (code in offer.confidence) is (offered and confidence is not None)
    session.scalars(select(ServiceTypeLink).where(ServiceTypeLink.code == code)).one().state = "confirmed"
    session.flush()
    assert code in load_offers(session, settings)[0].types


def test_a_point_far_from_its_own_city_is_not_known(
    session: Session, settings: Settings, service: Service
) -> None:
    add(session, Area(code="city", name="City", latitude=55.5, longitude=25.1))
    add(session, Area(code="part", name="Part", parent_code="city"))
    place = session.get_one(Location, "l")
    for code in ("city", "part"):  # a part without a point has that of what it lies in
        place.area_code, place.longitude = code, 25.0
        session.flush()
        assert load_offers(session, settings)[0].latitude == 55.5
        place.longitude = 61.0
        session.flush()
        (offer,) = load_offers(session, settings)
        assert (offer.latitude, offer.longitude) == (None, None)
        assert judge(offer, Asker(point=(55.5, 25.0)))["distance"].reason == "distance_not_known"
    assert place.longitude == 61.0
