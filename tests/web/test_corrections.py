"""What a provider corrects waits for a coordinator, who takes all, some, or refuses; nothing is lost."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from netmap.app import create_app
from netmap.db import transaction
from netmap.directory.models import Phone, Schedule, Service
from netmap.editing.models import Edit
from netmap.selfservice.models import Correction
from tests.county import StrictClient
from tests.pages import fields, page, words
from tests.web.test_provider import corrections, own_service, path, phone, reading

__all__ = ["path", "phone"]  # fixtures

SignIn = Callable[[str | None], FlaskClient]


def correct(client: FlaskClient, path: str, service_id: str, **typed: str) -> object:
    """Correct a service as a telephone does: open the form, change some fields, send it."""
    action = f"{path}/services/{service_id}/correct"
    form = fields(page(client.get(action)), action)
    for name, value in typed.items():
        form[name.replace("__", ".")] = value
    return client.post(action, data=form)


def decide(client: FlaskClient, correction: Correction, **typed: object) -> object:
    sent = {"csrf_token": client.token("/corrections"), **typed}  # type: ignore[attr-defined]
    return client.post(f"/corrections/{correction.id}", data=sent)


def monday(app: Flask, service_id: str) -> set[tuple[str | None, str | None]]:
    with reading(app) as session:
        rows = session.scalars(select(Schedule).where(Schedule.service_id == service_id)).all()
        return {(row.opens_at, row.closes_at) for row in rows if "MO" in (row.byday or "")}


@pytest.fixture
def service_id(app: Flask) -> str:
    return own_service(app)


@pytest.fixture
def at_once(app: Flask) -> Iterator[Flask]:
    made = create_app(replace(app.extensions["netmap_settings"], corrections="apply"))
    made.test_client_class = StrictClient
    yield made
    made.extensions["netmap_engine"].dispose()


def test_a_correction_waits_and_the_record_stays(
    app: Flask, phone: FlaskClient, path: str, service_id: str, sign_in: SignIn
) -> None:
    with reading(app) as session:
        before = session.get_one(Service, service_id).description
    correct(phone, path, service_id, description="We moved to the yard")
    (row,) = corrections(app)
    assert (row.state, row.wished, row.base) == (
        "waiting", {"description": "We moved to the yard"}, {"description": before},
    )  # fmt: skip
    with reading(app) as session:
        assert session.get_one(Service, service_id).description == before
    assert "your correction waits for a coordinator" in words(page(phone.get(path)))
    staff = sign_in("case_manager")
    assert "nobody has looked at yet" in words(page(staff.get(f"/services/{service_id}")))
    assert "We moved to the yard" in words(page(sign_in("coordinator").get("/corrections")))


def test_hours_and_a_telephone_are_taken_over_with_history_and_taken_back(
    app: Flask, phone: FlaskClient, path: str, service_id: str, sign_in: SignIn
) -> None:
    before = monday(app, service_id)
    typed = {"hours.MO.0.from": "07:15", "hours.MO.0.to": "12:00", "hours.MO.1.from": "13:00",
             "hours.MO.1.to": "20:45", "phones.+1.number": "+370 600 00001"}  # fmt: skip
    correct(phone, path, service_id, **typed)
    (row,) = corrections(app)
    client = sign_in("coordinator")
    assert decide(client, row, do="all").status_code == 303  # type: ignore[attr-defined]
    assert monday(app, service_id) == {("07:15", "12:00"), ("13:00", "20:45")}
    with reading(app) as session:
        assert session.scalars(select(Phone.service_id).where(Phone.number == "+370 600 00001")).all() == [
            service_id
        ]
        (edit,) = session.scalars(select(Edit).where(Edit.about_id == service_id)).all()
        assert (edit.kind, edit.by, edit.note) == (
            "correction", "coordinator@demo.example", "head@provider.example",
        )  # fmt: skip
    assert "Taken over as you wrote it" in words(page(phone.get(path)))
    assert decide(client, row, do="all").status_code == 409  # type: ignore[attr-defined]  # two coordinators at once
    assert decide(client, row, do="back").status_code == 303  # type: ignore[attr-defined]
    assert monday(app, service_id) == before
    assert [one.state for one in corrections(app)] == ["waiting"]


def test_some_is_taken_and_the_rest_is_told(
    app: Flask, phone: FlaskClient, path: str, service_id: str, sign_in: SignIn
) -> None:
    with reading(app) as session:
        name = session.get_one(Service, service_id).name
    correct(phone, path, service_id, name="Best of all", description="True words")
    (row,) = corrections(app)
    answer = decide(
        sign_in("coordinator"),
        row,
        do="some",
        take=["description"],
        answer="The name stays as in the register.",
    )
    assert answer.status_code == 303  # type: ignore[attr-defined]
    with reading(app) as session:
        now = session.get_one(Service, service_id)
        assert (now.name, now.description) == (name, "True words")
    (row,) = corrections(app)
    assert (row.state, row.taken) == ("partly", ["description"])
    seen = words(page(phone.get(path)))
    assert "Taken over in part. The answer: The name stays as in the register." in seen


def test_a_refusal_needs_a_sentence_which_the_provider_reads(
    app: Flask, phone: FlaskClient, path: str, service_id: str, sign_in: SignIn
) -> None:
    correct(phone, path, service_id, name="Best of all")
    (row,) = corrections(app)
    client = sign_in("coordinator")
    assert decide(client, row, do="refuse").status_code == 422  # type: ignore[attr-defined]
    assert decide(client, row, do="some").status_code == 422  # type: ignore[attr-defined]
    assert decide(client, row, do="nonsense").status_code == 422  # type: ignore[attr-defined]
    assert [one.state for one in corrections(app)] == ["waiting"]
    assert decide(client, row, do="refuse", answer="This is advertising.").status_code == 303  # type: ignore[attr-defined]
    assert "Not taken over. The answer: This is advertising." in words(page(phone.get(path)))
    with reading(app) as session:
        assert session.scalars(select(Edit).where(Edit.about_id == service_id)).all() == []


def test_where_somebody_changed_the_same_meanwhile_all_three_are_shown_and_nothing_is_ticked(
    app: Flask, phone: FlaskClient, path: str, service_id: str, sign_in: SignIn
) -> None:
    correct(phone, path, service_id, description="Theirs", application_process="Ring the bell")
    with transaction(app.extensions["netmap_engine"]) as session:
        session.get_one(Service, service_id).description = "Ours meanwhile"
    client = sign_in("coordinator")
    shown = client.get("/corrections")
    seen = words(page(shown))
    assert "changed since the provider looked" in seen
    assert "Ours meanwhile" in seen
    (row,) = corrections(app)
    ticked = fields(page(shown), f"/corrections/{row.id}").getlist("take")
    assert ticked == ["application_process"]
    decide(client, row, do="some", take=ticked)
    with reading(app) as session:
        now = session.get_one(Service, service_id)
        assert (now.description, now.application_process) == ("Ours meanwhile", "Ring the bell")


def test_a_form_that_is_sent_twice_is_kept_once(
    app: Flask, phone: FlaskClient, path: str, service_id: str
) -> None:
    action = f"{path}/services/{service_id}/correct"
    form = fields(page(phone.get(action)), action)
    form["phones.+1.number"] = "+370 600 00001"
    for _number in range(3):
        assert phone.post(action, data=form).status_code == 303
    correct(app.test_client(), path, service_id, **{"phones.+1.number": "+370 600 00001"})
    assert len(corrections(app)) == 1


def test_with_the_other_setting_it_is_taken_at_once_and_replayed_for_nothing(
    app: Flask, at_once: Flask, path: str, service_id: str
) -> None:
    phone, action = at_once.test_client(), f"{path}/services/{service_id}/correct"
    form = fields(page(phone.get(action)), action)
    form["phones.+1.number"] = "+370 600 00001"
    for _number in range(2):
        assert phone.post(action, data=form).status_code == 303
    (row,) = corrections(app)
    assert (row.state, row.decided_by) == ("taken", "head@provider.example")
    with reading(app) as session:
        assert len(session.scalars(select(Phone).where(Phone.number == "+370 600 00001")).all()) == 1
        (edit,) = session.scalars(select(Edit).where(Edit.about_id == service_id)).all()
        assert (edit.kind, edit.by) == ("provider", "head@provider.example")


def test_with_the_other_setting_what_somebody_changed_meanwhile_waits(
    app: Flask, at_once: Flask, path: str, service_id: str
) -> None:
    phone, action = at_once.test_client(), f"{path}/services/{service_id}/correct"
    form = fields(page(phone.get(action)), action)
    form["description"] = "Theirs"
    with transaction(app.extensions["netmap_engine"]) as session:
        session.get_one(Service, service_id).description = "Ours meanwhile"
    phone.post(action, data=form)
    assert [one.state for one in corrections(app)] == ["waiting"]
    with reading(app) as session:
        assert session.get_one(Service, service_id).description == "Ours meanwhile"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"hours.MO.0.from": "09:00", "hours.MO.0.to": ""}, "Monday: say until when it is open from 09:00."),
        ({"hours.MO.0.from": "17:00", "hours.MO.0.to": "09:00"}, "Monday closes at 09:00"),
        ({"hours.MO.0.from": "09:00", "hours.MO.0.to": "13:00", "hours.MO.1.from": "12:00",
          "hours.MO.1.to": "17:00"}, "overlap"),
        ({"hours.valid_to": "2027-02-31"}, "There is no 31 in February 2027"),
        ({"name": ""}, "Fill in: Name of the service"),
        ({"minimum_age": "-3"}, "below zero"),
        ({"email": "nobody"}, "e-mail address looks like"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    app: Flask, phone: FlaskClient, path: str, service_id: str, typed: dict[str, str], sentence: str
) -> None:
    answer = correct(phone, path, service_id, description="Typed with care", **typed)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    shown = page(answer)  # type: ignore[arg-type]
    assert sentence in words(shown)
    assert fields(shown, f"{path}/services/{service_id}/correct")["description"] == "Typed with care"
    assert corrections(app) == []


def test_a_telephone_is_removed_by_emptying_it(
    app: Flask, at_once: Flask, path: str, service_id: str
) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        session.add(Phone(id="ph1", service_id=service_id, number="111", type="voice", description="desk"))
    answer = correct(
        at_once.test_client(), path, service_id, **{"phones.ph1.number": "", "phones.ph1.description": ""}
    )
    assert answer.status_code == 303, words(page(answer))  # type: ignore[attr-defined, arg-type]
    with reading(app) as session:
        assert session.get(Phone, "ph1") is None


def test_what_the_form_does_not_ask_is_not_taken_from_it(
    app: Flask, phone: FlaskClient, path: str, service_id: str
) -> None:
    more = {
        "types.food_bank": "confirmed",
        "status": "defunct",
        "organization_id": "x",
        "text_language": "zz",
    }
    correct(phone, path, service_id, **more)
    assert corrections(app) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"status": "temporarily closed"}, "Say until when it is closed"),
        ({"alert": "Boiler"}, "Say until which day the notice is shown"),
        ({"alert": "Boiler", "alert_until": "2020-01-01"}, "This day has passed"),
        ({"alert": "Boiler", "alert_until": "2035-02-31"}, "There is no 31 in February"),
        ({"status": "haunted"}, "Choose from the list"),
    ],
)
def test_a_closing_or_a_notice_says_until_when(
    app: Flask, phone: FlaskClient, path: str, service_id: str, typed: dict[str, str], sentence: str
) -> None:
    service = f"{path}/services/{service_id}"
    form = fields(page(phone.get(service)), f"{service}/state")
    for name, value in typed.items():
        form[name] = value
    answer = phone.post(f"{service}/state", data=form)
    assert (answer.status_code, sentence in words(page(answer))) == (422, True)
    assert corrections(app) == []


def test_a_service_is_closed_for_good_when_a_coordinator_says_so_too(
    app: Flask, phone: FlaskClient, path: str, service_id: str, sign_in: SignIn
) -> None:
    service = f"{path}/services/{service_id}"
    form = fields(page(phone.get(service)), f"{service}/state")
    form["status"] = "defunct"
    assert phone.post(f"{service}/state", data=form).status_code == 303
    (row,) = corrections(app)
    decide(sign_in("coordinator"), row, do="all")
    with reading(app) as session:
        assert session.get_one(Service, service_id).status == "defunct"


def test_a_correction_of_a_record_that_is_gone_can_only_be_refused(
    app: Flask, phone: FlaskClient, path: str, service_id: str, sign_in: SignIn
) -> None:
    correct(phone, path, service_id, description="Too late")
    with transaction(app.extensions["netmap_engine"]) as session:
        session.delete(session.get_one(Service, service_id))
    client, (row,) = sign_in("coordinator"), corrections(app)
    assert "a record that is gone" in words(page(client.get("/corrections")))
    assert decide(client, row, do="all").status_code == 404  # type: ignore[attr-defined]
    assert decide(client, row, do="refuse", answer="Gone.").status_code == 303  # type: ignore[attr-defined]
