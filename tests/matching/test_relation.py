"""Potential and former partners are found and marked, but never chosen where somebody firm can serve."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import open_session, transaction
from netmap.directory.models import Service
from netmap.editing.restoring import take_back
from netmap.matching.service import Matcher
from netmap.partners import service
from netmap.partners.models import Partnership

CLIENT = {"needs": {"fin.consumer_debt": {"severity": 3}, "add.alcohol": {"severity": 2}}, "area": "lauvena"}
BY = "coordinator@demo.example"
POTENTIAL = "Potential partner. Nothing is agreed with this provider yet: ask before you send anybody."
FORMER = "Former partner. We no longer work together: ask before you send anybody."


@pytest.fixture
def county(app: Flask) -> Iterator[Session]:
    """The demo county without its relations, for reading."""
    with transaction(app.extensions["netmap_engine"]) as session:
        for row in session.scalars(select(Partnership)).all():
            session.delete(row)
    return app.extensions["netmap_engine"]


def settings(app: Flask) -> Settings:
    return app.extensions["netmap_settings"]  # type: ignore[no-any-return]


def answer(app: Flask) -> list[dict[str, Any]]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        found = Matcher(session, settings(app)).match(CLIENT, limit=1)
    return found["packages"][0]["lines"]  # type: ignore[no-any-return]


def line(app: Flask, key: str) -> dict[str, Any]:
    return next(one for one in answer(app) if one["key"] == key)


def owner(app: Flask, service_id: str) -> str:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        found = session.get_one(Service, service_id).organization_id
    assert found is not None
    return found


def say(app: Flask, organization: str, state: str) -> int:
    with transaction(app.extensions["netmap_engine"]) as session:
        return service.change(session, organization, {"state": state}, by=BY).id


def of_several(app: Flask) -> dict[str, Any]:
    """A line that another firm provider could serve too."""
    for one in answer(app):
        owners = {owner(app, other["service_id"]) for other in one["alternatives"]}
        if one["service_id"] and owners - {owner(app, one["service_id"])} and not one["dropped"]:
            return one
    raise AssertionError("no line has two providers")


@pytest.mark.parametrize(("state", "said"), [("potential", POTENTIAL), ("former", FORMER)])
def test_who_is_no_firm_partner_is_not_chosen_but_still_shown_and_marked(
    app: Flask, county: object, state: str, said: str
) -> None:
    before = of_several(app)
    first = before["service_id"]
    edit = say(app, owner(app, first), state)
    after = line(app, before["key"])
    assert after["service_id"] not in (None, first)
    assert after["relation"] == ""
    shown = [one for one in after["alternatives"] if one["service_id"] == first]
    assert all((one["relation"], said in one["badges"]) == (state, True) for one in shown)
    with transaction(app.extensions["netmap_engine"]) as session:
        take_back(session, edit, by=BY)
    assert line(app, before["key"])["service_id"] == first, "taken back: as it was"


def test_where_there_is_nobody_else_it_is_offered_with_the_sentence(app: Flask, county: object) -> None:
    before = of_several(app)
    for one in (before, *before["alternatives"]):
        say(app, owner(app, one["service_id"]), "potential")
    seen = set()
    while (found := line(app, before["key"]))["service_id"] and not found["relation"]:
        assert found["service_id"] not in seen
        seen.add(found["service_id"])
        say(app, owner(app, found["service_id"]), "potential")
    assert found["service_id"], "a potential partner is better than nobody"
    assert POTENTIAL in found["badges"]


@pytest.mark.parametrize("state", ["known", "in_talks", "partner"])
def test_other_states_change_nothing_and_no_agreement_is_needed(
    app: Flask, county: object, state: str
) -> None:
    before = of_several(app)
    say(app, owner(app, before["service_id"]), state)
    assert line(app, before["key"]) == before
