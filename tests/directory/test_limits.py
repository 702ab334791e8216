"""What a person meets at the door: price, languages, papers, for whom; unknown is never said to be none."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from netmap.directory.limits import Limits, limits_of
from netmap.directory.models import (
    CostOption,
    EligibilityRule,
    Language,
    Location,
    RequiredDocument,
    Service,
    ServiceAtLocation,
)
from netmap.i18n import set_language
from tests.statements import counted

GONE = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = date(2026, 11, 26)


@pytest.fixture
def service(session: Session) -> Service:
    service = Service(id="one", name="One")
    session.add_all([service, Service(id="bare", name="Bare")])
    session.flush()
    return service


def limits(session: Session) -> Limits:
    session.flush()
    return limits_of(session, ["one", "bare"], TODAY)["one"]


def test_what_nobody_wrote_down_is_empty(session: Session, service: Service) -> None:
    assert limits(session) == Limits()
    assert limits_of(session, ["nobody"], TODAY) == {}


@pytest.mark.parametrize(
    ("rows", "price"),
    [
        ([{"amount": 0.0}], "free"),
        ([{"amount_description": "Free of charge"}], "free"),
        ([{"amount": 15.0, "currency": "EUR"}], "15 EUR"),
        ([{"amount": 15.5, "currency": "EUR", "option": "adults"}], "15.5 EUR (adults)"),
        ([{"option": "pensioners", "amount": 0.0}, {"amount": 8.0, "currency": "EUR"}], "8 EUR"),
        ([{"amount_description": "by income"}], "by income"),
        ([{"amount": 0.0, "removed_in_source": GONE}], ""),
        ([{"option": "adults"}], ""),
        ([{"amount": 3.0, "valid_to": date(2026, 11, 25)}], ""),
        ([{"amount": 3.0, "valid_from": date(2026, 11, 27)}], ""),
    ],
)
def test_the_price_for_everybody_comes_before_one_with_a_condition(
    session: Session, service: Service, rows: list[dict[str, object]], price: str
) -> None:
    session.add_all(CostOption(service_id="one", **row) for row in rows)
    assert limits(session).price == price


def test_a_service_free_for_some_is_not_told_to_be_free_for_all(session: Session, service: Service) -> None:
    session.add(CostOption(service_id="one", option="pensioners", amount=0.0))
    assert limits(session).price == "free (pensioners)"


def test_the_languages_of_the_service_come_before_those_of_its_place(
    session: Session, service: Service
) -> None:
    place = Location(id="hall", location_type="physical")
    session.add_all([place, Language(location_id="hall", code="ru")])
    session.flush()
    session.add_all(ServiceAtLocation(service_id=one, location_id="hall") for one in ("one", "bare"))
    session.add_all(
        [Language(id="a", service_id="one", code="lit"), Language(id="b", service_id="one", name="Ukrainian")]
    )
    session.flush()
    found = limits_of(session, ["one", "bare"], TODAY)
    assert found["one"].languages == ("lt", "uk")
    assert found["bare"].languages == ("ru",)


@pytest.mark.parametrize(
    ("words", "there"), [("By appointment", True), ("No interpreter", False), (None, False)]
)
def test_an_interpreter_is_told_only_where_there_is_one(
    session: Session, service: Service, words: str | None, there: bool
) -> None:
    service.interpretation_services = words
    assert limits(session).interpreter is there


def test_papers_ages_and_whom_it_is_for(session: Session, service: Service) -> None:
    service.minimum_age, service.maximum_age = 18, 65
    session.add_all(
        [
            RequiredDocument(service_id="one", document="Passport"),
            RequiredDocument(service_id="one", document="Old", removed_in_source=GONE),
            EligibilityRule(service_id="one", code="veteran", effect="required"),
            EligibilityRule(service_id="one", code="pregnant_or_infant", effect="welcome"),
        ]
    )
    found = limits(session)
    assert found.papers == ("Passport",)
    assert found.who[0].startswith("only: ")
    assert found.who[1:] == ("from age 18", "up to age 65")


def test_it_is_told_in_the_language_of_the_reader(session: Session, service: Service) -> None:
    session.add(CostOption(service_id="one", amount=0.5, currency="EUR"))
    set_language("ru")
    assert limits(session).price == "0,5 EUR"


def test_the_number_of_statements_does_not_grow_with_the_services(session: Session, service: Service) -> None:
    session.flush()
    with counted(session) as one:
        limits_of(session, ["one"], TODAY)
    session.add_all(Service(id=f"s{number}", name="S") for number in range(50))
    session.flush()
    with counted(session) as many:
        limits_of(session, ["one", *(f"s{number}" for number in range(50))], TODAY)
    assert len(one) == len(many) > 0
