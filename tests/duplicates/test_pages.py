"""The pages of duplicates: list, side by side, merged, taken back; old addresses lead to the survivor."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from netmap.app import drain
from netmap.db import open_session, transaction
from netmap.directory.models import Organization, Service
from netmap.duplicates.finding import keep, search
from netmap.duplicates.models import NotSame
from netmap.upkeep.doctor import examine

SignIn = Callable[..., Any]
FIRST, SECOND = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"


@pytest.fixture
def county(app: Flask) -> Flask:
    """The demo county with one body typed twice."""
    with transaction(app.extensions["netmap_engine"]) as session:
        same = {"website": "https://spring.example.org", "description": "Warm clothes."}
        session.add(Organization(id=FIRST, name="Warm Spring Society", **same))
        session.add(Organization(id=SECOND, name="Warm Spring Society, Inc.", **same))
        session.add(Service(id=f"{SECOND[:-1]}9", organization_id=SECOND, name="Coats", status="active"))
        session.flush()
        keep(session, search(session))
    return app


def sent(page: str) -> dict[str, str]:
    """What the form of a page would send as it is."""
    hidden = re.findall(r'type="hidden" name="(version[^"]+)" value="([^"]*)"', page)
    radios = re.findall(r'type="radio" id="[^"]+" name="([^"]+)" value="([^"]+)" checked', page)
    return dict([*hidden, *radios])


def test_a_coordinator_merges_and_the_old_address_leads_to_the_survivor(
    county: Flask, sign_in: SignIn
) -> None:
    ann = sign_in("coordinator")
    listing = ann.get("/duplicates?table=organization").get_data(as_text=True)
    assert "Warm Spring Society, Inc." in listing
    assert "nearly the same name" in listing or "the same name" in listing
    page = ann.get(f"/duplicates/organization/{FIRST}/{SECOND}").get_data(as_text=True)
    form = {**sent(page), "keep": "first", "what": "merge", "csrf_token": ann.token()}
    answer = ann.post(f"/duplicates/organization/{FIRST}/{SECOND}", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    done = ann.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Merged into one" in done
    old = ann.get(f"/organizations/{SECOND}")
    assert (old.status_code, old.headers["Location"]) == (302, f"/organizations/{FIRST}")
    assert "Coats" in ann.get(f"/organizations/{FIRST}").get_data(as_text=True)
    assert "Warm Spring" not in ann.get("/duplicates?table=organization").get_data(as_text=True)
    engine, settings = county.extensions["netmap_engine"], county.extensions["netmap_settings"]
    drain(engine, settings)
    assert [one.sentence for one in examine(engine, settings) if one.check == "index"] == []
    undo = re.search(r'action="(/edits/\d+/take-back)"', done)
    assert undo
    assert ann.post(undo[1], data={"csrf_token": ann.token()}).status_code == 303
    assert ann.get(f"/organizations/{SECOND}").status_code == 200
    assert "Taken back" in ann.get(answer.headers["Location"]).get_data(as_text=True)


def test_two_things_leave_the_list(county: Flask, sign_in: SignIn) -> None:
    ann = sign_in("coordinator")
    form = {"what": "apart", "csrf_token": ann.token()}
    assert ann.post(f"/duplicates/organization/{FIRST}/{SECOND}", data=form).status_code == 303
    assert "Warm Spring" not in ann.get("/duplicates?table=organization").get_data(as_text=True)
    with open_session(county.extensions["netmap_engine"], reading=True) as session:
        assert session.scalars(select(NotSame.first_id)).all() == [FIRST]


def test_what_was_changed_meanwhile_is_not_merged(county: Flask, sign_in: SignIn) -> None:
    ann = sign_in("coordinator")
    form = {"what": "merge", "version.first": "0", "version.second": "1", "csrf_token": ann.token()}
    answer = ann.post(f"/duplicates/organization/{FIRST}/{SECOND}", data=form)
    assert answer.status_code == 409
    assert "meanwhile" in answer.get_data(as_text=True)


def test_a_form_without_what_was_seen_merges_nothing(county: Flask, sign_in: SignIn) -> None:
    ann = sign_in("coordinator")
    answer = ann.post(
        f"/duplicates/organization/{FIRST}/{SECOND}", data={"what": "merge", "csrf_token": ann.token()}
    )
    assert answer.status_code == 422


def test_searching_again_is_work_for_the_worker(county: Flask, sign_in: SignIn) -> None:
    ann = sign_in("coordinator")
    assert ann.post("/duplicates", data={"csrf_token": ann.token(), "table": "service"}).status_code == 303
    assert "waiting for the worker" in ann.get("/duplicates?table=service").get_data(as_text=True)
    drain(county.extensions["netmap_engine"], county.extensions["netmap_settings"])
    assert "Searched" in ann.get("/duplicates?table=service").get_data(as_text=True)
