"""The form of a service: what is typed is kept, saved, met with what others saved, taken back."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from netmap.db import open_session, transaction
from netmap.directory.models import Service, ServiceCapacity
from netmap.editing import record
from netmap.editing.drafts import EditDraft
from netmap.editing.models import Edit
from tests.county import EMAILS
from tests.pages import editor

SignIn = Callable[[str | None], FlaskClient]
SERVICE = "3ea951da-19dc-51d2-8b45-cc3ebf75aa99"  # with a specialist who has hours of their own


@pytest.fixture
def form(app: Flask) -> "MultiDict[str, str]":
    """The form of the service as a browser would send it back unchanged."""
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        fields = record.read(session, "service", SERVICE)
        version = session.get_one(Service, SERVICE).version
    base = json.dumps(fields, ensure_ascii=False)
    return MultiDict({**fields, "version": str(version), "base": base, "whole": "yes", "do": "save"})


def send(
    client: FlaskClient, form: "MultiDict[str, str]", path: str = f"/services/{SERVICE}/edit", **more: str
):
    token = client.token("/drafts")  # type: ignore[attr-defined]
    return client.post(path, data={**form, **more, "csrf_token": token})


def read(app: Flask, service_id: str = SERVICE) -> dict[str, str]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return record.read(session, "service", service_id)


def test_the_form_shows_what_the_record_holds(app: Flask, sign_in: SignIn) -> None:
    page = sign_in("coordinator").get(f"/services/{SERVICE}/edit").get_data(as_text=True)
    for name, text in read(app).items():
        if name.rpartition(".")[2] in ("name", "number", "email", "title"):
            assert f'name="{name}" value="{text}"' in page or text in page
    assert 'aria-label="Monday, open from"' in page


def edits(app: Flask) -> list[int]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(Edit.id).order_by(Edit.id)))


def test_a_form_sent_back_unchanged_changes_nothing(app: Flask, sign_in: SignIn, form) -> None:
    known = edits(app)
    answer = send(sign_in("coordinator"), form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/services/{SERVICE}")
    assert edits(app) == known


def test_the_pages_themselves_sent_back_change_nothing(app: Flask, sign_in: SignIn) -> None:
    """Every field that a page shows, as a browser reads it out of the page, for services of every kind."""
    client, known = sign_in("coordinator"), edits(app)
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        services = session.scalars(select(Service.id).order_by(Service.id)).all()
    for one in {SERVICE, *services[::40]}:
        before = read(app, one)
        page = client.get(f"/services/{one}/edit").get_data(as_text=True)
        answer = client.post(f"/services/{one}/edit", data={**editor(page), "do": "save"})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert read(app, one) == before
    assert edits(app) == known


def test_what_was_typed_is_saved_and_can_be_taken_back(app: Flask, sign_in: SignIn, form) -> None:
    before = read(app)
    client = sign_in("coordinator")
    week = {"hours.MO.from1": "9", "hours.MO.to1": "12", "hours.MO.from2": "13", "hours.MO.to2": "17:30"}
    answer = send(
        client, form, name="Talks", **{"phones.+1.number": "555", "types.+1": "debt_advice"}, **week
    )
    saved = answer.headers["Location"]
    page = client.get(saved).get_data(as_text=True)
    assert "Saved" in page
    now = read(app)
    assert (now["name"], now["hours.MO"]) == ("Talks", "09:00–12:00; 13:00–17:30")
    assert now["types.debt_advice"] == "confirmed"
    action = re.search(r'action="(/edits/\d+/take-back)"', page)
    assert action is not None
    assert client.post(action[1], data={"csrf_token": client.token("/drafts")}).status_code == 303  # type: ignore[attr-defined]
    assert read(app) == before


def test_what_is_wrong_comes_back_with_all_that_was_typed(app: Flask, sign_in: SignIn, form) -> None:
    before = read(app)
    answer = send(
        sign_in("coordinator"), form, name="Talks <b>", minimum_age="-3",
        **{"hours.TU.from1": "22", "hours.TU.to1": "2", "phones.+4.type": "fax", "alert_until": "2027-02-31"},
    )  # fmt: skip
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for part in (
        "cannot be below zero",
        "closes at 02:00, before it opens at 22:00",
        "Fill in: Number",
        "There is no 31",
    ):
        assert page.count(part) == 2, part  # in the summary and at the field
    for link in ('href="#minimum_age"', 'href="#hours.TU.from1"', 'href="#phones.+4.number"'):
        assert link in page
        assert f'id="{link[7:-1]}"' in page
    assert 'value="Talks &lt;b&gt;"' in page
    assert 'name="hours.TU.from1" value="22"' in page
    assert read(app) == before


def test_buttons_that_change_the_form_save_nothing(app: Flask, sign_in: SignIn, form) -> None:
    before, client = read(app), sign_in("coordinator")
    page = send(client, form, name="Typed", do="add.phones").get_data(as_text=True)
    assert 'name="phones.+1.number"' in page
    assert 'value="Typed"' in page
    page = send(client, form, do="add.phones", rows="phones.+1").get_data(as_text=True)
    assert 'name="phones.+2.number"' in page
    monday = {"hours.MO.from1": "8", "hours.MO.to1": "16"}
    page = send(client, form, do="copy.hours", **monday).get_data(as_text=True)
    for day in ("MO", "TU", "WE", "TH", "FR"):
        assert f'name="hours.{day}.from1" value="8"' in page
    assert 'name="hours.SA.from1" value=""' in page
    assert read(app) == before


def test_two_people_who_change_different_fields_both_keep_theirs(app: Flask, sign_in: SignIn, form) -> None:
    client = sign_in("coordinator")
    assert send(client, form, alert="Closed on Friday").status_code == 303
    assert send(client, form, application_process="Ring first").status_code == 303
    now = read(app)
    assert (now["alert"], now["application_process"]) == ("Closed on Friday", "Ring first")


def test_two_people_who_change_one_field_are_asked(app: Flask, sign_in: SignIn, form) -> None:
    client = sign_in("coordinator")
    send(client, form, alert="Closed on Friday", name="Theirs")
    answer = send(
        client, form, alert="Open on Friday", application_process="Ring first", **{"phones.+1.number": "9"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for text in ("Closed on Friday", "Open on Friday", "Keep mine", "Take theirs"):
        assert text in page
    sent = editor(page)
    assert "Choose for" in client.post(f"/services/{SERVICE}/edit", data={**sent, "do": "settle"}).get_data(
        as_text=True
    )
    again = client.post(f"/services/{SERVICE}/edit", data={**sent, "do": "settle-edit", "keep.alert": "mine"})
    assert "Open on Friday" in again.get_data(as_text=True)
    answer = client.post(f"/services/{SERVICE}/edit", data={**sent, "do": "settle", "keep.alert": "mine"})
    assert answer.status_code == 303
    now = read(app)
    assert (now["name"], now["alert"], now["application_process"]) == (
        "Theirs",
        "Open on Friday",
        "Ring first",
    )
    assert "9" in {text for name, text in now.items() if name.startswith("phones.")}


def test_a_third_person_in_between_is_asked_about_again(app: Flask, sign_in: SignIn, form) -> None:
    client = sign_in("coordinator")
    send(client, form, alert="One")
    sent = editor(send(client, form, alert="Mine").get_data(as_text=True))
    newer = editor(client.get(f"/services/{SERVICE}/edit").get_data(as_text=True))
    client.post(f"/services/{SERVICE}/edit", data={**newer, "do": "save", "alert": "Two"})
    answer = client.post(f"/services/{SERVICE}/edit", data={**sent, "do": "settle", "keep.alert": "mine"})
    assert answer.status_code == 409
    assert "saved once more" in answer.get_data(as_text=True)
    assert read(app)["alert"] == "Two"


def test_a_person_whose_telephone_others_removed_is_asked_whole(app: Flask, sign_in: SignIn, form) -> None:
    name = next(name for name in form if re.fullmatch(r"contacts\.[^.]+\.title", name))
    start = name.removesuffix("title")
    client = sign_in("coordinator")
    without = MultiDict({one: text for one, text in form.items() if not one.startswith(start)})
    assert send(client, without).status_code == 303
    answer = send(client, form, **{name: "Nurse"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Person to ask" in page
    sent = editor(page)
    client.post(f"/services/{SERVICE}/edit", data={**sent, "do": "settle", f"keep.{start[:-1]}": "mine"})
    assert "Nurse" in read(app).values()


def test_a_form_that_arrives_cut_off_removes_nothing(app: Flask, sign_in: SignIn, form) -> None:
    before = read(app)
    cut = MultiDict({name: form[name] for name in ("name", "version", "base", "do")})
    assert send(sign_in("coordinator"), cut).status_code == 422
    assert read(app) == before


def test_a_draft_is_mine_alone_and_changes_no_record(app: Flask, sign_in: SignIn, form) -> None:
    before, client = read(app), sign_in("coordinator")
    assert send(client, form, do="draft", name="Half a thought").headers["Location"] == "/drafts"
    assert read(app) == before
    page = client.get("/drafts").get_data(as_text=True)
    assert "Half a thought" in page
    assert 'href="/drafts"' in client.get("/").get_data(as_text=True)  # found again on another day
    href = re.search(r'href="(/services/[^"]+draft=[^"]+)"', page)
    assert href is not None
    shown = client.get(href[1]).get_data(as_text=True)
    assert 'value="Half a thought"' in shown
    with transaction(app.extensions["netmap_engine"]) as writing:  # somebody else's draft
        draft = writing.scalars(select(EditDraft)).one()
        draft.user_id = next(user for user in range(1, 9) if user != draft.user_id)
    assert "Half a thought" not in client.get("/drafts").get_data(as_text=True)
    assert client.get(href[1]).status_code == 404
    assert (
        client.post(
            f"/drafts/{draft.id}/throw-away", data={"csrf_token": client.token("/drafts")}
        ).status_code
        == 404
    )  # type: ignore[attr-defined]


def test_a_draft_goes_when_it_is_saved_and_meets_what_others_saved(app: Flask, sign_in: SignIn, form) -> None:
    client = sign_in("coordinator")
    send(client, form, do="draft", alert="Mine")
    send(client, form, application_process="Theirs")
    href = re.search(r'href="(/services/[^"]+draft=[^"]+)"', client.get("/drafts").get_data(as_text=True))
    assert href is not None
    sent = editor(client.get(href[1]).get_data(as_text=True))
    assert client.post(f"/services/{SERVICE}/edit", data={**sent, "do": "save"}).status_code == 303
    now = read(app)
    assert (now["alert"], now["application_process"]) == ("Mine", "Theirs")
    assert "put nothing aside" in client.get("/drafts").get_data(as_text=True)


def test_a_new_service(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        organization = session.get_one(Service, SERVICE).organization_id
    page = client.get(f"/services/new?organization={organization}").get_data(as_text=True)
    sent = {**editor(page), "do": "save"}
    assert client.post("/services/new", data=sent).status_code == 422
    party = {"parties.+1.role": "pays", "parties.+1.who": "The county"}
    answer = client.post("/services/new", data={**sent, "name": "Soup", "phones.+1.number": "3", **party})
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Soup" in page
    assert "The county" in page
    assert client.get("/services/new?organization=nowhere").status_code == 404


def test_one_place_more_and_one_less(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    with transaction(app.extensions["netmap_engine"]) as writing:
        row = writing.scalars(select(ServiceCapacity).where(ServiceCapacity.service_id == SERVICE)).one()
        row.available, row.maximum = 1, 2
    path, token = f"/services/{SERVICE}/capacity/{row.id}", client.token(f"/services/{SERVICE}")  # type: ignore[attr-defined]
    for step, status in (
        ("more", 303),
        ("more", 409),
        ("less", 303),
        ("less", 303),
        ("less", 409),
        ("sideways", 422),
    ):
        assert client.post(path, data={"step": step, "csrf_token": token}).status_code == status, step
    page = client.get(f"/services/{SERVICE}").get_data(as_text=True)
    assert page.count("2 free") == 1  # in what was free before
    assert EMAILS["case_manager"] in page
    assert sign_in("planner").post(path, data={"step": "more", "csrf_token": token}).status_code in (400, 403)


def test_a_notice_that_has_run_out_is_not_shown(app: Flask, sign_in: SignIn, form) -> None:
    client = sign_in("coordinator")
    send(client, form, alert="Ring twice", alert_until="2020-01-01")
    assert "Ring twice" not in client.get(f"/services/{SERVICE}").get_data(as_text=True)
    newer = editor(client.get(f"/services/{SERVICE}/edit").get_data(as_text=True))
    client.post(f"/services/{SERVICE}/edit", data={**newer, "do": "save", "alert_until": "2090-01-01"})
    assert "Ring twice" in client.get(f"/services/{SERVICE}").get_data(as_text=True)


def test_who_may_not_edit_sees_no_way_to(sign_in: SignIn) -> None:
    page = sign_in("planner").get(f"/services/{SERVICE}").get_data(as_text=True)
    assert f"/services/{SERVICE}/edit" not in page
    assert sign_in("planner").get(f"/services/{SERVICE}/edit").status_code == 403
    assert f"/services/{SERVICE}/edit" in sign_in("coordinator").get(f"/services/{SERVICE}").get_data(
        as_text=True
    )
