"""Pages of a large directory are told from what the process keeps: the same, and honest about changes."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from netmap.db import open_session, transaction
from netmap.directory import changes
from netmap.directory.models import Area, Service
from netmap.network.gaps import kept_question, loading, surveying
from netmap.network.gaps.cards import key_of

SignIn = Callable[[str | None], FlaskClient]

PACKAGE = "drinking_single_parent_with_debts"
KEY = key_of("ANY_OF", "addiction_outpatient", PACKAGE)
SELECTIONS = ("", "area={area}&package={package}")
PAGES = (
    "/network",
    "/network/walk",
    "/network/measures",
    "/network/bridges",
    "/network/matrix",
    "/network/map",
    "/sites?type=debt_advice&places=2&objective=cover",
    "/sites?type=debt_advice&places=1&objective=median",
    "/gaps/about?type=addiction_outpatient",
)
WHAT_IF = (f"/what-if?gap={KEY}", "/what-if/change?do=change_service", "/what-if/change?do=add_service")
SINCE = "something has changed since"


@pytest.fixture
def planner(sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def addresses(app: Flask) -> list[str]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        area = session.scalars(select(Area.code).where(Area.parent_code.is_not(None))).first()
    found = list(WHAT_IF)
    for path in PAGES:
        for chosen in SELECTIONS:
            asked = chosen.format(area=area, package=PACKAGE)
            found.append(f"{path}{'&' if '?' in path else '?'}{asked}" if asked else path)
    return found


def shown(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.get_data(as_text=True)
    return re.sub(r'name="csrf_token"[^>]*|\d+ seconds?', "", text)


def keep(app: Flask) -> None:
    engine, settings = app.extensions["netmap_engine"], app.extensions["netmap_settings"]
    with open_session(engine, reading=True) as session:
        surveying.make(session, engine, settings)


def test_pages_show_the_same_from_what_is_kept_and_read_nothing_again(
    app: Flask, planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = addresses(app)
    before = {address: shown(planner, address) for address in asked}
    keep(app)
    monkeypatch.setattr(kept_question, "SMALL", 0)
    shown(planner, "/network")
    for module in (kept_question, loading):
        monkeypatch.setattr(module, "load", lambda *_given: pytest.fail("it was read again"))
    for address in asked:
        assert shown(planner, address) == before[address], address


def test_what_has_changed_since_stands_on_every_page(
    app: Flask, planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(app)
    monkeypatch.setattr(kept_question, "SMALL", 0)
    pages = [*PAGES, *WHAT_IF, f"/gaps/{KEY}", "/gaps/taken-up"]
    assert not [address for address in pages if SINCE in shown(planner, address)]
    with transaction(app.extensions["netmap_engine"]) as session:
        changes.note(session, [session.scalars(select(Service.id)).first() or ""])
    without = [address for address in pages if SINCE not in shown(planner, address)]
    assert without == ["/network/walk"]  # no package is chosen: it shows organizations as they are
    keep(app)
    assert not [address for address in pages if SINCE in shown(planner, address)]
