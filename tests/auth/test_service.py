"""People, passwords, sessions and the throttle."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.auth import service
from netmap.auth.models import User, WebSession
from netmap.auth.permits import PERMITS, allowed
from netmap.config import Settings
from netmap.db import now
from netmap.errors import Invalid

PASSWORD = "a quiet winter evening"


@pytest.fixture
def user(session: Session) -> User:
    return service.add_user(session, "Ona@office.example", PASSWORD, "case_manager")


def test_the_right_password_opens_whatever_the_case_of_the_email(session: Session, user: User) -> None:
    assert service.check_password(session, "ONA@office.example ", PASSWORD) is user


def test_a_wrong_password_opens_nothing(session: Session, user: User) -> None:
    assert service.check_password(session, "ona@office.example", PASSWORD + "!") is None


def test_a_locked_out_person_cannot_sign_in_and_loses_the_running_sessions(
    session: Session, user: User, settings: Settings
) -> None:
    service.start_session(session, user, settings)
    service.set_active(session, user.id, False)
    assert service.check_password(session, "ona@office.example", PASSWORD) is None
    assert session.scalars(select(WebSession)).all() == []


@pytest.mark.parametrize(
    ("email", "password", "role", "field"),
    [
        ("no-at-sign", PASSWORD, "planner", "email"),
        ("ona@office.example", PASSWORD, "planner", "email"),
        ("new@office.example", "short", "planner", "password"),
        ("new@office.example", "x" * 129, "planner", "password"),
        ("new@office.example", "aaaaaaaaaaaaaaaa", "planner", "password"),
        ("new@office.example", PASSWORD, "boss", "role"),
    ],
)
def test_a_person_that_cannot_be_added_is_refused_with_the_field(
    session: Session, user: User, email: str, password: str, role: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        service.add_user(session, email, password, role)
    assert field in caught.value.fields


def test_only_the_hash_of_a_session_token_is_stored(session: Session, user: User, settings: Settings) -> None:
    token = service.start_session(session, user, settings)
    assert token not in {row.id_hash for row in session.scalars(select(WebSession))}


def test_an_ended_session_opens_nothing_any_more(session: Session, user: User, settings: Settings) -> None:
    token = service.start_session(session, user, settings)
    assert service.find_session(session, token, settings) is not None
    service.end_session(session, token)
    assert service.find_session(session, token, settings) is None


@pytest.mark.parametrize("field", ["seen_at", "created_at"])
def test_a_session_ends_when_idle_or_old(
    session: Session, user: User, settings: Settings, field: str
) -> None:
    token = service.start_session(session, user, settings)
    row = session.scalars(select(WebSession)).one()
    setattr(row, field, now() - timedelta(hours=13))
    assert service.find_session(session, token, settings) is None


def test_sessions_past_their_time_are_swept_out_at_the_next_sign_in(
    session: Session, user: User, settings: Settings
) -> None:
    service.start_session(session, user, settings)
    session.scalars(select(WebSession)).one().created_at = now() - timedelta(hours=13)
    session.flush()
    service.start_session(session, user, settings)
    assert len(session.scalars(select(WebSession)).all()) == 1


def test_nobody_signed_in_may_only_what_is_open() -> None:
    assert [name for name in PERMITS if allowed(name, None)] == ["open", "provider link"]


def test_a_public_directory_opens_the_directory_and_nothing_else() -> None:
    assert [name for name in PERMITS if allowed(name, None, public_directory=True)] == [
        "open",
        "read directory",
        "provider link",
        "report mistake",
    ]


def test_an_unknown_permit_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        allowed("fly", "admin")
