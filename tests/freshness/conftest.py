"""A small office: two providers, one of them with two services, and people who may ring."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.config import Settings
from netmap.directory.models import Organization, Phone, Service
from netmap.freshness.queue import Ranking

ANN, BEA = "ann@office.example", "bea@office.example"
TODAY = date(2026, 11, 26)
MOMENT = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


@pytest.fixture
def office(session: Session) -> Session:
    """The hand (debts, food), confirmed long ago; the house (beds), confirmed lately."""
    for email, role in ((ANN, "case_manager"), (BEA, "coordinator"), ("paul@office.example", "planner")):
        session.add(User(email=email, role=role, password_hash="-"))
    session.add(Organization(id="hand", name="Helping Hand", email="desk@hand.example"))
    session.add(Organization(id="house", name="Open House"))
    session.flush()
    long_ago, lately = date(2025, 11, 26), date(2026, 11, 20)
    for one, owner, day in (
        ("debts", "hand", long_ago),
        ("food", "hand", long_ago),
        ("beds", "house", lately),
    ):
        session.add(
            Service(
                id=one, name=one.title(), organization_id=owner, status="active", assured_date=day,
                assurer_email="old@office.example", text_language="lt",
            )
        )  # fmt: skip
    session.add(Phone(id="ring", organization_id="hand", number="+370 600 11111"))
    session.flush()
    return session


def ranking(session: Session, settings: Settings, moment: datetime = MOMENT) -> Ranking:
    """The queue at a moment."""
    return Ranking(session, settings, moment)
