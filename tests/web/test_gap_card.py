"""The pages of one gap: what a planner reads, decides, prints; and that no small number stands anywhere."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from netmap.db import open_session, transaction
from netmap.directory.models import Area, EligibilityRule, Service, ServiceArea, ServiceTypeLink
from netmap.network.gaps import kept_question, surveying, taken
from netmap.network.gaps.cards import key_of
from netmap.network.gaps.loading import load
from netmap.network.gaps.taking_models import GapDecision
from netmap.network.models import Demand
from netmap.printing.typeset import FONTS
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]
KEY = key_of("ANY_OF", "addiction_outpatient", "drinking_single_parent_with_debts")
GAP = f"/gaps/{KEY}"
PATHS = (GAP, f"{GAP}/proposal", f"{GAP}/proposal.txt", "/gaps/taken-up", "/gaps/taken-up.csv")


@pytest.fixture
def planner(sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return words(page(answer)) if answer.mimetype == "text/html" else answer.get_data(as_text=True)


def decide(client: FlaskClient, **typed: str) -> int:
    form = fields(page(client.get(f"{GAP}/taking-up")), f"{GAP}/taking-up")
    return client.post(f"{GAP}/taking-up", data={**form, "do": "save", **typed}).status_code


def test_the_card_leads_to_what_does_each_step(sign_in: SignIn) -> None:
    raw = sign_in("coordinator").get(GAP).get_data(as_text=True)
    for link in (
        f"/what-if?gap={KEY}", "/sites?type=addiction_outpatient", "/typing?type=addiction_outpatient",
        "/agreements/new?organization=", "/ringing/", "/edit", f"{GAP}/taking-up", f"{GAP}/proposal",
    ):  # fmt: skip
        assert link in raw, link
    reader = sign_in("case_manager").get(GAP).get_data(as_text=True)
    assert f"{GAP}/taking-up" not in reader  # who may not decide is not led there
    assert "/typing" not in reader


def test_no_number_of_people_below_five_stands_on_any_paper(app: Flask, planner: FlaskClient) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        rows = session.scalars(
            select(Demand).where(Demand.package_code == "drinking_single_parent_with_debts")
        ).all()
        for row in rows:
            row.clients, row.population = (3.25 if row.area_code != "lauvena" else 24.5), None
    decide(planner, decision="proposed", authority="Council")
    for path in PATHS:
        told = text_of(planner, path)
        assert "3.25" not in told, path
        for sum_told in (24.5 + 3.25 * number for number in range(1, 9)):
            exactly = rf"(?<![\d.,]){sum_told:g}(?![\d.,]*\d)"
            assert not re.search(exactly, told), (path, sum_told)  # the parts of the others would follow
        assert "<5" in told or path.startswith("/gaps/taken-up"), path


def test_who_takes_a_gap_up_is_on_the_card_the_list_and_the_paper(planner: FlaskClient) -> None:
    assert "Nobody has taken this gap up yet." in text_of(planner, GAP)
    assert decide(planner, decision="proposed", authority="Council of Lauvena", sent_on="2026-11-02") == 303
    card = text_of(planner, GAP)
    assert "proposed to an authority" in card
    assert "planner@demo.example" in card  # the one who took it up, if nobody else was chosen
    assert "no answer yet" in card
    listed = text_of(planner, "/gaps/taken-up?decision=proposed")
    assert "Council of Lauvena · no answer yet" in listed
    assert "still missing" in listed
    paper = text_of(planner, f"{GAP}/proposal.txt")
    assert "To whom it is sent: Council of Lauvena" in paper
    assert "Council of Lauvena" in planner.get("/gaps/taken-up.csv").get_data(as_text=True)
    assert "decision about a gap" in text_of(planner, f"/history/gap_decision/{KEY}")


def test_what_is_beyond_local_power_has_a_list_of_its_own(planner: FlaskClient) -> None:
    assert decide(planner, beyond="law") == 303
    assert "needs a change of law" in text_of(planner, "/gaps/taken-up?show=beyond")
    assert "1 gap" in text_of(planner, "/gaps/taken-up?show=beyond")
    assert decide(planner, beyond="") == 303
    assert "0 gaps" in text_of(planner, "/gaps/taken-up?show=beyond")


def test_a_day_that_does_not_exist_is_refused_and_nothing_typed_is_lost(planner: FlaskClient) -> None:
    form = fields(page(planner.get(f"{GAP}/taking-up")), f"{GAP}/taking-up")
    typed = {**form, "do": "save", "authority": "Council", "sent_on": "2026-02-31"}
    answer = planner.post(f"{GAP}/taking-up", data=typed)
    told = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "The day “2026-02-31” does not exist." in told
    assert 'value="Council"' in told
    assert "Nobody has taken this gap up yet." in text_of(planner, GAP)


def test_two_people_who_decide_at_once_are_asked(sign_in: SignIn) -> None:
    one, other = sign_in("planner"), sign_in("coordinator")
    assert decide(one, authority="Council") == 303
    early = fields(page(other.get(f"{GAP}/taking-up")), f"{GAP}/taking-up")
    assert decide(one, authority="Ministry") == 303
    answer = other.post(f"{GAP}/taking-up", data={**early, "do": "save", "authority": "Court"})
    assert answer.status_code == 409
    said = words(page(answer))
    assert "Ministry" in said
    assert "Court" in said
    late = {**early, "do": "save", "note": "Money in May"}
    assert other.post(f"{GAP}/taking-up", data=late).status_code == 303
    card = text_of(one, GAP)
    assert "Ministry" in card
    assert "Money in May" in card  # what only one has changed is kept without asking


def test_a_gap_that_nobody_knows_is_not_found(planner: FlaskClient) -> None:
    for path in ("/gaps/000000000000", "/gaps/000000000000/proposal.pdf", "/gaps/000000000000/taking-up"):
        assert planner.get(path).status_code == 404
    token = planner.token(GAP)  # type: ignore[attr-defined]
    answer = planner.post("/gaps/000000000000/taking-up", data={"csrf_token": token, "decision": "solved"})
    assert answer.status_code == 404
    assert planner.get("/gaps/about?need=nonsense").status_code == 404


def test_a_gap_that_has_closed_since_says_so(app: Flask, planner: FlaskClient) -> None:
    decide(planner, decision="asked_provider")
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(delete(Demand))
        session.execute(delete(ServiceTypeLink))  # every type is forgotten: another reason, not closed
        session.commit()
    assert "missing there for another reason now" in text_of(planner, GAP)
    with transaction(app.extensions["netmap_engine"]) as writing:
        row = writing.get(GapDecision, KEY)
        assert row is not None
        row.service_type = "debt_advice_of_another_world"
    assert "This gap is closed now" in text_of(planner, GAP)
    assert "closed now" in text_of(planner, "/gaps/taken-up")
    assert decide(planner, decision="solved") == 303  # what was decided can be finished


def areas_of(app: Flask) -> tuple[set[str], dict[str, str]]:
    """Return the areas of the gap, and for each state another area in which it would be in that state."""
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        there = taken.standing_of(load(session, app.extensions["netmap_settings"]))
        row = session.get_one(GapDecision, KEY)
        session.expunge(row)
        areas, found = set(row.areas), {}
        for area in sorted(there.places - areas):
            row.areas = [area]
            found[taken.state_of(row, there).state] = area
    return areas, found


def test_a_gap_of_other_areas_says_so_and_can_be_taken_up_anew(app: Flask, planner: FlaskClient) -> None:
    decide(planner)
    asked = "Which areas it is about"
    assert asked not in text_of(planner, f"{GAP}/taking-up")
    engine = app.extensions["netmap_engine"]
    areas, others = areas_of(app)
    with transaction(engine) as writing:
        writing.get_one(GapDecision, KEY).areas = [others["changed"]]
    assert "Where it was taken up the same service is missing for another reason now" in text_of(planner, GAP)
    with transaction(engine) as writing:
        writing.get_one(GapDecision, KEY).areas = [others["elsewhere"]]
    for path in (GAP, "/gaps/taken-up"):
        assert "missing only elsewhere now" in text_of(planner, path)
    assert asked in text_of(planner, f"{GAP}/taking-up")
    decide(planner, extent="anew")
    assert "missing only elsewhere now" not in text_of(planner, GAP)
    with open_session(engine, reading=True) as session:
        assert set(session.get_one(GapDecision, KEY).areas) == areas


def test_who_made_sure_stands_on_the_card_and_on_the_paper(planner: FlaskClient) -> None:
    assert "Not tested yet" in text_of(planner, GAP)
    token = planner.token(GAP)  # type: ignore[attr-defined]
    empty = planner.post(f"{GAP}/test", data={"csrf_token": token, "found": "Asked around"})
    assert empty.status_code == 422
    assert "Tick at least one thing" in empty.get_data(as_text=True)
    assert "Asked around" in empty.get_data(as_text=True)
    sent = {"csrf_token": token, "looked_at": ["colleagues", "calls"], "found": "Nobody knows anybody"}
    assert planner.post(f"{GAP}/test", data=sent).status_code == 303
    assert "Somebody made sure that nobody is there after all: planner@demo.example" in text_of(planner, GAP)
    assert "Made sure of on" in text_of(planner, f"{GAP}/proposal.txt")


def test_the_proposal_names_the_chosen_step_and_those_that_need_no_service(planner: FlaskClient) -> None:
    meanwhile = "WHAT NEEDS NO NEW SERVICE, AND CAN BE DONE MEANWHILE"
    assert "WHAT IS PROPOSED: CHANGE A RULE" in text_of(planner, f"{GAP}/proposal.txt")
    chosen = text_of(planner, f"{GAP}/proposal.txt?remedy=new")
    assert "WHAT IS PROPOSED: A NEW SERVICE" in chosen
    assert chosen.index(meanwhile) > chosen.index("WHAT IS PROPOSED")
    assert "Change a rule: Ask " in chosen
    decide(planner, remedy="remote")
    assert "WHAT IS PROPOSED: HELP FROM AFAR" in text_of(planner, f"{GAP}/proposal.txt")
    assert "WHAT IS PROPOSED: CHANGE A RULE" in text_of(planner, f"{GAP}/proposal.txt?remedy=rule")


@pytest.mark.parametrize("lang", ["en", "ru", "uk", "lt"])
def test_the_pdf_is_made_in_the_reader_s_language(planner: FlaskClient, lang: str) -> None:
    if not FONTS.is_dir() or not any(FONTS.glob("*.ttf")):
        pytest.skip("the fonts for print are not there (run `make setup`)")
    planner.post("/language", data={"language": lang, "csrf_token": planner.token("/account"), "next": "/"})  # type: ignore[attr-defined]
    answer = planner.get(f"{GAP}/proposal.pdf")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert f"/Lang({lang})".encode() in answer.data


def test_an_unmet_need_leads_to_its_gap_and_back(planner: FlaskClient) -> None:
    answer = planner.get("/gaps/about?type=addiction_outpatient")
    assert GAP in answer.get_data(as_text=True)
    assert "Nobody has taken this gap up yet." in words(page(answer))
    assert "Only what this kind of service would have met" in text_of(
        planner, "/unmet-needs?type=addiction_outpatient"
    )


def test_a_sheet_that_spreadsheets_open_calculates_nothing(planner: FlaskClient) -> None:
    decide(planner, authority="=1+1", outcome="@SUM(A1)")
    told = planner.get("/gaps/taken-up.csv").get_data(as_text=True)
    assert "'=1+1" in told
    assert "'@SUM(A1)" in told


def test_the_worker_notes_when_a_gap_that_was_taken_up_has_closed(app: Flask, planner: FlaskClient) -> None:
    decide(planner, decision="watching")
    engine, settings = app.extensions["netmap_engine"], app.extensions["netmap_settings"]
    with transaction(engine) as writing:
        for name in (EligibilityRule, ServiceTypeLink):  # whoever gives anything gives this, to everybody
            writing.execute(delete(name))
        for service in writing.scalars(select(Service)):
            service.duration, service.minimum_age, service.maximum_age = "long", None, None
            writing.add(
                ServiceTypeLink(service_id=service.id, code="addiction_outpatient", state="confirmed")
            )
            for code in [row.code for row in writing.scalars(select(Area))]:
                writing.add(ServiceArea(service_id=service.id, area_code=code))
    with open_session(engine, reading=True) as session:
        surveying.make(session, engine, settings)
    with open_session(engine, reading=True) as session:
        row = session.get(GapDecision, KEY)
        assert row is not None
        assert row.closed_on is not None
    assert "This gap is closed since" in text_of(planner, GAP)
    assert "closed since" in text_of(planner, "/gaps/taken-up?show=closed")


def test_what_a_process_keeps_of_a_large_directory_serves_one_request_after_another(
    app: Flask, planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_question, "SMALL", 0)
    for path in (*PATHS, "/network/matrix", "/network/map", "/network", f"/what-if?gap={KEY}", *PATHS):
        assert planner.get(path).status_code == 200, path
