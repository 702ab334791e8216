"""What pages load, in an order of its own and in a constant number of SELECTs."""

import pytest
from sqlalchemy.orm import Session

from netmap.directory.models import Area, Location, Organization, Phone, Schedule, Service, ServiceAtLocation
from netmap.directory.queries import (
    area_chains,
    area_choices,
    organization_page,
    service_page,
)
from netmap.errors import NotFound
from tests.statements import counted


def areas(session: Session, *rows: tuple[str, str, str | None]) -> None:
    for code, name, parent in rows:
        session.add(Area(code=code, name=name, names={"ru": f"я{name}"}, parent_code=parent))
        session.flush()


def test_areas_to_choose_from_stand_below_what_they_lie_in(session: Session) -> None:
    areas(session, ("x", "Xland", None), ("b", "B town", "x"), ("a", "A town", "x"), ("c", "Corner", "b"))
    assert area_choices(session, "lt") == [("x", "Xland"), ("a", "A town"), ("b", "B town"), ("c", "Corner")]
    assert area_choices(session, "ru")[0] == ("x", "яXland")


def test_a_chain_leads_outwards(session: Session) -> None:
    areas(session, ("x", "Xland", None), ("b", "B town", "x"), ("c", "Corner", "b"))
    assert area_chains(session)["c"] == ("c", "b", "x")


def test_a_circle_of_areas_ends(session: Session) -> None:
    areas(session, ("x", "Xland", None), ("b", "B town", "x"))
    session.get_one(Area, "x").parent_code = "b"
    session.flush()
    assert area_chains(session)["x"] == ("x", "b")


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="no such service"):
        service_page(session, "never")
    with pytest.raises(NotFound, match="no such organisation"):
        organization_page(session, "9" * 30)


def test_a_page_loads_everything_in_the_same_number_of_selects(session: Session) -> None:
    numbers = []
    for key, places in (("one", 1), ("many", 9)):
        session.add(Organization(id=f"o{key}", name="Firm"))
        session.add(Service(id=key, name=key, organization_id=f"o{key}"))
        session.flush()
        for number in range(places):
            at = f"{key}{number}"
            session.add(Location(id=at))
            session.flush()
            session.add(ServiceAtLocation(id=at, service_id=key, location_id=at))
            session.add(Phone(location_id=at, number="+44 1632 960001"))
            session.flush()
            session.add(Schedule(service_at_location_id=at, byday="MO"))
        session.flush()
        session.expire_all()
        with counted(session) as statements:
            page = service_page(session, key)
            assert page.organization is not None
            assert len(page.organization.phones) + len(page.types) + len(page.eligibility) == 0
            assert [len(place.location.phones) + len(place.schedules) for place in page.places] == [
                2
            ] * places
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def test_an_organization_comes_with_its_services_by_name(session: Session) -> None:
    session.add(Organization(id="1", name="B"))
    session.flush()
    for name in ("z", "a"):
        session.add(Service(name=name, organization_id="1"))
    session.flush()
    assert [one.name for one in organization_page(session, "1").services] == ["a", "z"]
