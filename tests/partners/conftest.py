"""A small office: three organizations, two of its staff, and a day."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.directory.models import Organization, Service, ServiceTypeLink, Source

ANN, BOB = "ann@office.example", "bob@office.example"
TODAY = date(2026, 11, 26)


@pytest.fixture
def office(session: Session) -> Session:
    """A session with a hospital, a shelter and a choir; the shelter is known to give beds."""
    session.add(Source(id="list", name="A list"))
    for email in (ANN, BOB):
        session.add(User(email=email, role="coordinator", password_hash="x"))
    for key, name in (("hospital", "Ligoninė"), ("shelter", "Shelter"), ("choir", "Хор")):
        session.add(Organization(id=key, name=name))
    session.add(Service(id="beds", organization_id="shelter", name="Beds", status="active"))
    session.add(ServiceTypeLink(service_id="beds", code="shelter", state="confirmed"))
    session.flush()
    return session
