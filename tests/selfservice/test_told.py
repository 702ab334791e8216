"""What a link tells, and what becomes of what came by it."""

import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Address, Location, Organization, Service, ServiceAtLocation
from netmap.editing.restoring import take_back
from netmap.selfservice import corrections, facts, links
from netmap.selfservice.models import WAITING, ProviderLink

ANN = "ann@office.example"


@pytest.fixture
def refuge(session: Session) -> Service:
    """A service at a place that is kept secret."""
    session.add(Organization(id="o1", name="House"))
    session.add(Location(id="l1", name="Refuge", organization_id="o1", confidential=True))
    session.flush()
    session.add(Service(id="s1", name="Refuge", organization_id="o1", status="active"))
    session.add(Address(id="a1", location_id="l1", address_1="9 Hidden Lane", city="Town"))
    session.flush()
    session.add(ServiceAtLocation(id="at1", service_id="s1", location_id="l1"))
    session.flush()
    return session.get_one(Service, "s1")


def test_no_mark_tells_a_secret_address(session: Session, refuge: Service) -> None:
    assert "places" not in facts.marks("service", refuge)
    session.get_one(Location, "l1").confidential = False
    assert "places" in facts.marks("service", refuge)


def test_a_correction_that_the_history_took_back_can_wait_again(
    session: Session, settings: Settings, refuge: Service
) -> None:
    path = links.make(session, settings, "o1", addressee="head@house.example", by=ANN)
    link: ProviderLink = links.find(session, settings, path.removeprefix("/provider/"))
    sent = corrections.send(
        session, link, "service", "s1", base={"name": "Refuge"}, wished={"name": "A bed"}, at_once=False
    )
    assert sent is not None
    taken = corrections.take(session, sent.id, None, by=ANN)
    assert taken.edit_id is not None
    take_back(session, taken.edit_id, by=ANN)
    assert session.get_one(Service, "s1").name == "Refuge"
    assert corrections.take_back(session, sent.id, by=ANN).state == WAITING
    assert corrections.take(session, sent.id, None, by=ANN).edit_id is not None
    assert session.get_one(Service, "s1").name == "A bed"
