"""Places and telephone numbers in lists."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.indexing import index_documents
from netmap.directory.models import (
    Area,
    Contact,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from netmap.directory.places import Openings, Phones, Place, places_of

PLACE = Place("s", "p", "l")


@pytest.fixture
def office(session: Session) -> Session:
    """An organization with two services at one place."""
    session.add_all([Organization(id="o", name="Office"), Location(id="l", latitude=55.5, longitude=25.0)])
    session.flush()
    session.add_all([Service(id="s", organization_id="o", name="Debts"), Service(id="t", name="Beds")])
    session.flush()
    session.add(ServiceAtLocation(id="p", service_id="s", location_id="l"))
    session.flush()
    return session


def numbers(session: Session, place: Place = PLACE, organization: str | None = "o") -> tuple[str, ...]:
    return Phones(session, [place], [organization] if organization else []).of(place, organization)


def test_the_nearest_number_counts(office: Session) -> None:
    owners = (
        ("organization_id", "o"),
        ("location_id", "l"),
        ("service_id", "s"),
        ("service_at_location_id", "p"),
    )
    for owner, key in owners:
        office.add(Phone(number=owner, **{owner: key}))
        office.flush()
        assert numbers(office) == (owner,)


def test_a_number_that_names_several_counts_for_all_of_them(office: Session) -> None:
    office.add(Phone(number="1", service_id="t", location_id="l", organization_id="o"))
    office.flush()
    assert numbers(office) == ("1",)
    assert numbers(office, Place("s")) == ("1",)
    assert numbers(office, Place("t"), None) == ("1",)
    assert numbers(office, Place("s"), None) == ()


def test_a_number_of_its_own_comes_before_one_that_is_shared(office: Session) -> None:
    office.add(Phone(id="1", number="of another service", service_id="t", organization_id="o"))
    office.add(Phone(id="2", number="of the office", organization_id="o"))
    office.flush()
    assert numbers(office) == ("of the office", "of another service")


@pytest.mark.parametrize("kind", ["fax", "Fax"])
def test_a_fax_is_no_telephone(office: Session, kind: str) -> None:
    office.add(Phone(number="1", service_id="s", type=kind))
    office.flush()
    assert numbers(office) == ()


def test_hours_of_a_specialist_are_not_those_of_the_place(office: Session) -> None:
    monday = datetime(2026, 11, 23, 10, tzinfo=UTC)
    office.add(Contact(id="c", service_id="s", title="Lawyer"))
    office.flush()
    office.add(Schedule(service_id="s", byday="MO", freq="WEEKLY", opens_at="15:00", closes_at="16:00"))
    lawyer = {"byday": "MO", "freq": "WEEKLY", "opens_at": "09:00", "closes_at": "12:00"}
    office.add(Schedule(service_id="s", contact_id="c", **lawyer))
    office.flush()
    assert Openings(office, [PLACE]).at(PLACE, monday).kind == "closed"


def test_a_point_far_from_its_own_city_is_no_distance_in_a_search(office: Session) -> None:
    office.add(Area(code="city", name="City", latitude=55.5, longitude=25.1))
    place = office.get_one(Location, "l")
    place.area_code = "city"
    office.flush()
    assert places_of(office, ["s"])["s"][0].point == (55.5, 25.0)
    assert index_documents(office, ["s"], Settings(secret_key="k" * 64))[0].points == ((55.5, 25.0),)
    place.latitude = 5.5
    office.flush()
    assert places_of(office, ["s"])["s"][0].point is None
    assert index_documents(office, ["s"], Settings(secret_key="k" * 64))[0].points == ()
