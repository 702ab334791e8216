"""A confirmation by a person: day, person and way, one edit that can be taken back."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Service
from netmap.editing.restoring import take_back
from netmap.errors import Invalid, NotFound
from netmap.freshness.age import human_age
from netmap.freshness.checks import checks_of
from netmap.freshness.models import Confirmation
from netmap.freshness.service import confirm
from tests.freshness.conftest import ANN, TODAY


def test_what_is_confirmed_has_day_person_and_way(office: Session) -> None:
    entry = confirm(office, services=["debts"], organizations=["hand"], by=ANN, how="visit", today=TODAY)
    service, owner = office.get_one(Service, "debts"), office.get_one(Organization, "hand")
    assert (service.assured_date, service.assurer_email) == (TODAY, ANN)
    assert (owner.assured_date, owner.assurer_email) == (TODAY, ANN)
    assert entry is not None
    assert (entry.kind, entry.note) == ("confirm", "visit")
    check = checks_of(office, ["debts"], TODAY, stale_days=365)["debts"]
    assert (check.day, check.by, check.how, check.age.state) == (TODAY, ANN, "visit", "fresh")
    assert office.get_one(Service, "food").assured_date == date(2025, 11, 26)


def test_taking_it_back_brings_the_older_confirmation_back_and_forgets_the_way(office: Session) -> None:
    entry = confirm(office, services=["debts"], by=ANN, how="visit", today=TODAY)
    assert entry is not None
    take_back(office, entry.id, by=ANN)
    service = office.get_one(Service, "debts")
    assert (service.assured_date, service.assurer_email) == (date(2025, 11, 26), "old@office.example")
    check = checks_of(office, ["debts"], TODAY, stale_days=365)["debts"]
    assert (check.by, check.how, check.age.state) == ("old@office.example", "", "due")


def test_a_record_that_is_not_there_confirms_nothing(office: Session) -> None:
    with pytest.raises(NotFound):
        confirm(office, services=["debts", "gone"], by=ANN, how="phone", today=TODAY)
    assert office.get_one(Service, "debts").assured_date != TODAY
    assert office.scalars(select(Confirmation)).all() == []


def test_the_way_must_be_one_of_those_known(office: Session) -> None:
    with pytest.raises(Invalid, match="phone, visit"):
        confirm(office, services=["debts"], by=ANN, how="guess", today=TODAY)


def test_nothing_named_is_nothing_done_and_twice_is_one_edit(office: Session) -> None:
    assert confirm(office, by=ANN, how="phone", today=TODAY) is None
    assert confirm(office, services=["debts"], by=ANN, how="phone", today=TODAY) is not None
    assert confirm(office, services=["debts"], by=ANN, how="phone", today=TODAY) is None


def test_the_own_rhythm_counts_before_that_of_the_organization_and_the_setting(office: Session) -> None:
    service, owner = office.get_one(Service, "beds"), office.get_one(Organization, "house")
    assert human_age(service, TODAY).state == "fresh"
    owner.review_days = 10
    assert human_age(service, TODAY).state == "due"
    service.review_days = 5
    assert human_age(service, TODAY).state == "old"
    assert human_age(service, TODAY, stale_days=1).rhythm == 5
