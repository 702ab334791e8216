"""Reports of mistakes: a reason and a sentence without a client, open until somebody has looked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from netmap.app import create_app
from netmap.db import open_session
from netmap.directory import queries
from netmap.directory.models import Service
from netmap.freshness import reports
from netmap.freshness.reports import MistakeReport
from netmap.selfservice import attesting, facts
from tests.county import EMAILS, StrictClient
from tests.pages import page, words
from tests.trust.doors import everything
from tests.web.test_provider import own_service

SignIn = Callable[[str | None], FlaskClient]


def kept(app: Flask) -> list[MistakeReport]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(MistakeReport).order_by(MistakeReport.at)))


def report(client: FlaskClient, service_id: str, reason: str, sentence: str = "") -> int:
    address = f"/services/{service_id}/mistake"
    sent = {"reason": reason, "sentence": sentence, "csrf_token": client.token(address)}  # type: ignore[attr-defined]
    return client.post(address, data=sent).status_code


@pytest.fixture
def public(app: Flask) -> FlaskClient:
    """A browser of somebody who is not signed in, where the directory is public."""
    open_to_all = create_app(replace(app.extensions["netmap_settings"], public_directory=True))
    open_to_all.test_client_class = StrictClient
    yield open_to_all.test_client()
    open_to_all.extensions["netmap_engine"].dispose()


def test_staff_report_and_a_coordinator_mends(app: Flask, sign_in: SignIn) -> None:
    id_ = own_service(app)
    case_manager, coordinator = sign_in("case_manager"), sign_in("coordinator")
    assert report(case_manager, id_, "hours", "Nobody there at nine") == 303
    (row,) = kept(app)
    assert (row.reason, row.sentence, row.by, row.state) == (
        "hours", "Nobody there at nine", EMAILS["case_manager"], "open",
    )  # fmt: skip
    assert "The opening hours are wrong" in words(page(case_manager.get(f"/services/{id_}")))
    assert "Nobody there at nine" in words(page(coordinator.get("/mistakes")))
    token = coordinator.token("/mistakes")  # type: ignore[attr-defined]
    for state in ("mended", "open", "no_mistake"):
        sent = {"state": state, "csrf_token": token}
        assert coordinator.post(f"/mistakes/{row.id}", data=sent).status_code == 303
        assert [one.state for one in kept(app)] == [state]
    assert (
        coordinator.post(f"/mistakes/{row.id}", data={"state": "x", "csrf_token": token}).status_code == 422
    )
    assert "was no mistake" in words(page(coordinator.get("/mistakes?state=decided")))
    assert "Reported, not looked at yet" not in words(page(case_manager.get(f"/services/{id_}")))


def test_where_the_directory_is_public_everybody_reports_and_nothing_of_them_is_kept(
    app: Flask, public: FlaskClient
) -> None:
    id_ = own_service(app)
    assert f"/services/{id_}/mistake" in public.get(f"/services/{id_}").get_data(as_text=True)
    assert report(public, id_, "moved", "It is in the yard") == 303
    (row,) = kept(app)
    assert (row.by, row.reason) == (None, "moved")
    shown = words(page(public.get(f"/services/{id_}")))
    assert "Reported, not looked at yet" not in shown  # one reader's word is not told to others
    assert report(public, id_, "turned_full") == 422  # what happened to a client is told by staff


def test_where_it_is_not_public_nobody_else_reports(app: Flask) -> None:
    id_, client = own_service(app), app.test_client()
    assert "/sign-in" in client.get(f"/services/{id_}/mistake").headers["Location"]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "It is wrong"),
        ("haunted", ""),
        ("hours", "Ring ona@mail.example"),
        ("hours", "She has 370 612 34567"),
        ("hours", "born 1987-03-12"),
        ("hours", "x" * 301),
        ("hours", "a\x07b"),
    ],
)
def test_what_could_tell_who_a_client_is_is_refused(
    app: Flask, sign_in: SignIn, reason: str, sentence: str
) -> None:
    client, id_ = sign_in("case_manager"), own_service(app)
    assert report(client, id_, reason, sentence) == 422
    assert kept(app) == []


def test_a_referral_that_went_wrong_is_told_in_codes_each_time(app: Flask, sign_in: SignIn) -> None:
    client, id_ = sign_in("case_manager"), own_service(app)
    assert [report(client, id_, "turned_unequal") for _number in range(2)] == [303, 303]
    assert [report(client, id_, "phone") for _number in range(2)] == [303, 303]
    assert sorted(row.reason for row in kept(app)) == ["phone", "turned_unequal", "turned_unequal"]
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert reports.open_count(session) == 3
        assert reports.open_by_service(session) == {id_: 3}


def test_the_eleventh_report_waits(app: Flask, public: FlaskClient) -> None:
    id_ = own_service(app)
    codes = [report(public, id_, "other", f"Thing {number}") for number in range(12)]
    assert codes == [303] * 10 + [429] * 2
    assert len(kept(app)) == 10
    told = repr(everything(app)["mistake_report"]) + repr(everything(app)["sign_in_try"])
    assert "127.0.0.1" not in told


def test_every_reason_has_words_in_each_language(app: Flask) -> None:
    codes = (*reports.MISTAKES, *reports.TURNED_AWAY)
    assert len({reports.reason_name(code) for code in codes}) == len(codes)
    assert all(reports.reason_name(code) != code for code in codes)


def test_a_report_waits_for_nobody_once_its_service_is_gone(app: Flask, sign_in: SignIn) -> None:
    client, id_ = sign_in("case_manager"), own_service(app)
    report(client, id_, "closed")
    with open_session(app.extensions["netmap_engine"]) as session:
        session.delete(session.get_one(Service, id_))
        session.commit()
        assert reports.open_count(session) == 0
    assert "No report is open" in words(page(sign_in("coordinator").get("/mistakes")))
    assert client.get(f"/services/{id_}/mistake").status_code == 404


def test_who_answers_for_a_record_is_told_to_staff_and_never_to_the_public(
    app: Flask, public: FlaskClient, sign_in: SignIn
) -> None:
    id_, today = own_service(app), date(2026, 11, 1)
    with open_session(app.extensions["netmap_engine"]) as session:
        service = session.get_one(Service, id_)
        name, owner = service.name, service.organization_id
        marks = facts.marks("service", queries.service_page(session, id_))
        who = "head@provider.example"
        attesting.attest(session, "service", service, list(marks), seen=marks, by=who, today=today)
        session.commit()
    staff = sign_in("coordinator").get(f"/services/{id_}").get_data(as_text=True)
    assert "head@provider.example" in staff
    for path in (f"/services/{id_}", f"/organizations/{owner}", f"/search?q={name}"):
        shown = public.get(path)
        assert shown.status_code == 200
        assert "head@provider.example" not in shown.get_data(as_text=True), path
    assert "Said to be right by the provider" in words(page(public.get(f"/services/{id_}")))
