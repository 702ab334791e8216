"""Links for providers: signed, with an end, revocable, and worth nothing to whoever reads the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.models import Organization
from netmap.errors import Forbidden, Invalid, NotFound
from netmap.selfservice import links
from netmap.selfservice.models import ProviderLink
from tests.statements import counted


@pytest.fixture
def organization(session: Session) -> Organization:
    row = Organization(id="o1", name="House")
    session.add(row)
    session.flush()
    return row


def made(session: Session, settings: Settings, **more: object) -> str:
    path = links.make(session, settings, "o1", addressee="head@house.example", by="ann@office", **more)  # type: ignore[arg-type]
    assert path.startswith("/provider/")
    return path.removeprefix("/provider/")


def test_a_link_opens_what_it_was_made_for(
    session: Session, settings: Settings, organization: Organization
) -> None:
    token = made(session, settings, purpose="vacancy", about_id="v1", days=3, language="uk")
    link = links.find(session, settings, token)
    assert (link.organization_id, link.purpose, link.about_id) == ("o1", "vacancy", "v1")
    assert (link.addressee, link.language, link.made_by) == ("head@house.example", "uk", "ann@office")
    assert link.expires_at - link.made_at == timedelta(days=3)


def test_the_database_does_not_hold_the_token(
    session: Session, settings: Settings, organization: Organization
) -> None:
    token = made(session, settings)
    row = session.scalars(select(ProviderLink)).one()
    values = " ".join(str(getattr(row, column.name)) for column in ProviderLink.__table__.columns)
    assert token not in values
    assert token.partition(".")[0] not in values


def test_no_two_links_are_alike(session: Session, settings: Settings, organization: Organization) -> None:
    tokens = {made(session, settings) for _number in range(20)}
    assert len(tokens) == 20
    assert min(len(token) for token in tokens) > 80  # 256 random bits and a signature of 256


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: "x",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: "A" + token[1:] if token[0] != "A" else "B" + token[1:],
        lambda token: token.partition(".")[0],
        lambda token: token.partition(".")[0] + "." + "A" * 43,
        lambda token: "." + token.partition(".")[2],
        lambda token: token.replace(".", "\0"),
        lambda token: "ж" * 43 + "." + token.partition(".")[2],
        lambda token: token * 100,
    ],
)
def test_what_is_not_signed_here_is_refused_without_asking_the_table(
    session: Session, settings: Settings, organization: Organization, change: object
) -> None:
    token = made(session, settings)
    with counted(session) as statements, pytest.raises(NotFound):
        links.find(session, settings, change(token))  # type: ignore[operator]
    assert list(statements) == []


def test_a_signed_token_that_was_never_given_is_not_known(
    session: Session, settings: Settings, organization: Organization
) -> None:
    token = made(session, settings)
    session.delete(session.scalars(select(ProviderLink)).one())
    session.flush()
    with pytest.raises(NotFound, match="not known"):
        links.find(session, settings, token)


def test_another_installation_does_not_know_the_link(
    session: Session, settings: Settings, organization: Organization
) -> None:
    from dataclasses import replace

    token = made(session, settings)
    with pytest.raises(NotFound):
        links.find(session, replace(settings, secret_key="x" * 64), token)
    older = replace(settings, secret_key="x" * 64, secret_key_fallbacks="k" * 64)
    assert links.find(session, older, token).organization_id == "o1"  # the key was changed, the old one kept


def test_a_link_ends_by_itself(session: Session, settings: Settings, organization: Organization) -> None:
    token = made(session, settings, days=1)
    link = links.find(session, settings, token)
    link.expires_at = now()
    session.flush()
    with pytest.raises(Forbidden, match="has ended"):
        links.find(session, settings, token)
    assert links.state(link, now()) == "expired"


def test_a_link_is_taken_back(session: Session, settings: Settings, organization: Organization) -> None:
    token = made(session, settings)
    link = links.revoke(session, links.find(session, settings, token).id, "bea@office")
    with pytest.raises(Forbidden, match="taken back"):
        links.find(session, settings, token)
    first = link.revoked_at
    links.revoke(session, link.id, "cid@office")
    assert (link.revoked_by, link.revoked_at) == ("bea@office", first)


def test_all_open_links_of_an_organization_are_taken_back_and_no_other(
    session: Session, settings: Settings, organization: Organization
) -> None:
    session.add(Organization(id="o2", name="Other"))
    session.flush()
    mine = [made(session, settings) for _number in range(3)]
    links.revoke(session, links.find(session, settings, mine[0]).id, "bea@office")
    other = links.make(session, settings, "o2", addressee="x", by="ann@office").removeprefix("/provider/")
    assert links.revoke_all(session, "o1", "cid@office") == 2
    session.expire_all()
    for token in mine:
        with pytest.raises(Forbidden):
            links.find(session, settings, token)
    assert links.find(session, settings, other)


@pytest.mark.parametrize(
    ("addressee", "days", "field"),
    [("", 30, "addressee"), ("  ", 30, "addressee"), ("a\nb", 30, "addressee"), ("a" * 300, 30, "addressee"),
     ("a", 0, "days"), ("a", -1, "days"), ("a", 367, "days")],
)  # fmt: skip
def test_what_cannot_be_a_link_is_told(
    session: Session, settings: Settings, organization: Organization, addressee: str, days: int, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        links.make(session, settings, "o1", addressee=addressee, by="ann@office", days=days)
    assert set(refused.value.fields) == {field}
    assert session.scalars(select(ProviderLink)).all() == []


def test_no_link_for_nobody(session: Session, settings: Settings) -> None:
    with pytest.raises(NotFound):
        links.make(session, settings, "nobody", addressee="a", by="b")
