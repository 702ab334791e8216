"""The page of a package, any two versions side by side, an old one restored, and what partners say."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from netmap.db import open_session, transaction
from netmap.packages.approvals import opinions
from netmap.packages.models import PackageVersion
from netmap.packages.service import get
from tests.pages import fields, page, words

CODE = "carer_of_a_relative"
SHOW = f"/packages/{CODE}"
EDIT = f"{SHOW}/edit"
SAID = {"number": "1", "partner": "Health House", "person": "Rasa", "state": "approved", "note": ""}
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    return sign_in("coordinator")


def save(client: FlaskClient, **changes: str) -> None:
    form = fields(page(client.get(EDIT)), EDIT)
    for name, value in {**changes, "do": "save"}.items():
        form[name] = value
    assert client.post(EDIT, data=form).status_code == 303


def token(client: FlaskClient) -> str:
    return fields(page(client.get(SHOW)), f"{SHOW}/opinions")["csrf_token"]


def test_the_crisis_line_stands_above_everything_else(coordinator: FlaskClient) -> None:
    shown = words(page(coordinator.get(SHOW)))
    crisis, lines, profile = (
        shown.index(heading)
        for heading in ("In a crisis, at once", "What helps, in this order", "Who it is for")
    )
    assert crisis < lines < profile
    assert shown.index("If the carer falls ill") < lines


def test_a_line_shows_dose_cause_what_may_stand_in_and_its_addon(coordinator: FlaskClient) -> None:
    shown = words(page(coordinator.get(SHOW)))
    assert "at once · 3 times a week · over a longer time" in shown
    assert "One person does day and night" in shown
    assert "Or Vocational training (if the person does not want the first; takes over half of it)" in shown
    assert (
        shown.index("What was learnt by caring")
        < shown.index("With it, line 7")
        < shown.index("A job with hours")
    )


def test_the_model_shows_its_nine_marks_and_its_caseload(coordinator: FlaskClient) -> None:
    shown = words(page(coordinator.get(SHOW)))
    assert "15 cases for one worker" in shown
    assert all(name in shown for name in ("Who leads", "Who answers for the result", "Cases for one worker"))


def test_what_nobody_wrote_is_said_to_be_missing(app: Flask, coordinator: FlaskClient) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        row = session.query(PackageVersion).filter_by(package_code=CODE).one()
        row.document = {**row.document, "standard": {}, "model": "", "crisis": None}
    shown = words(page(coordinator.get(SHOW)))
    assert shown.count("not written yet") == 8
    assert "not chosen" in shown
    assert "There is no crisis line." in shown


def test_any_two_versions_can_be_compared(coordinator: FlaskClient) -> None:
    save(coordinator, **{"cost": "40"})
    save(coordinator, **{"owner": "rasa@city.example"})
    far = words(page(coordinator.get(f"{SHOW}/difference?from=1&to=3")))
    assert "Cost of a case: “nothing” became “40”." in far
    assert "Owner: “nothing” became “rasa@city.example”." in far
    back = words(page(coordinator.get(f"{SHOW}/difference?from=3&to=2")))
    assert "Owner: “rasa@city.example” became “nothing”." in back
    assert "Cost" not in back
    assert "same version" in coordinator.get(f"{SHOW}/difference?from=2&to=2").text


@pytest.mark.parametrize("query", ["", "from=9&to=x", "from=99999999999999999999&to=-1", "to=1"])
def test_unknown_versions_compare_the_last_two(coordinator: FlaskClient, query: str) -> None:
    save(coordinator, **{"cost": "40"})
    answer = coordinator.get(f"{SHOW}/difference?{query}")
    assert answer.status_code == 200
    assert "From version 1 to version" in answer.text


def test_an_old_version_is_restored_as_a_new_one(app: Flask, coordinator: FlaskClient) -> None:
    save(coordinator, **{"cost": "40"})
    tree = page(coordinator.get(f"{SHOW}/versions/1"))
    action = f"{SHOW}/versions/1/restore"
    answer = coordinator.post(action, data=fields(tree, action))
    assert answer.status_code == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        found = get(session, CODE)
    assert (found.number, found.document.cost, found.note) == (3, None, "Version 1 restored")


def test_restoring_meets_somebody_elses_newer_version(app: Flask, coordinator: FlaskClient) -> None:
    save(coordinator, **{"cost": "40"})
    action = f"{SHOW}/versions/1/restore"
    form = fields(page(coordinator.get(f"{SHOW}/versions/1")), action)
    save(coordinator, **{"cost": "50"})
    answer = coordinator.post(action, data=form)
    assert answer.status_code == 409
    assert "Somebody else has saved version 3" in answer.text


def test_an_old_version_that_fits_no_more_opens_in_the_form(app: Flask, coordinator: FlaskClient) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        row = session.query(PackageVersion).filter_by(package_code=CODE).one()
        row.document = {**row.document, "profile": {"fam.care_relative": 1.0, "fin.gone": 1.0}}
    form = fields(page(coordinator.get(EDIT)), EDIT)
    form.setlist("profile.code", ["fam.care_relative"])
    form.setlist("profile.weight", ["1"])
    form["do"] = "save"
    assert coordinator.post(EDIT, data=form).status_code == 303
    action = f"{SHOW}/versions/1/restore"
    answer = coordinator.post(action, data=fields(page(coordinator.get(f"{SHOW}/versions/1")), action))
    assert answer.status_code == 422
    assert "fin.gone" in answer.text
    assert "Save as new version" in answer.text


def test_a_partner_is_written_down_and_older_approvals_say_so(coordinator: FlaskClient) -> None:
    answer = coordinator.post(f"{SHOW}/opinions", data={**SAID, "csrf_token": token(coordinator)})
    assert answer.status_code == 303
    assert "Health House : approved version 1" in words(page(coordinator.get(SHOW)))
    save(coordinator, **{"cost": "40"})
    save(coordinator, **{"cost": "50"})
    shown = words(page(coordinator.get(SHOW)))
    assert "approved version 1; 2 changes since" in shown
    assert "Rasa" in shown


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(app: Flask, coordinator: FlaskClient) -> None:
    said = {**SAID, "state": "objected", "person": "", "csrf_token": token(coordinator)}
    answer = coordinator.post(f"{SHOW}/opinions", data=said)
    assert answer.status_code == 422
    assert 'href="#person"' in answer.text
    assert "Write what they object to." in answer.text
    assert 'value="Health House"' in answer.text
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert opinions(session, CODE) == []


def test_an_opinion_on_no_version_is_not_found(coordinator: FlaskClient) -> None:
    said = {**SAID, "number": "77", "csrf_token": token(coordinator)}
    assert coordinator.post(f"{SHOW}/opinions", data=said).status_code == 404


def test_a_case_manager_reads_what_partners_say_but_writes_nothing(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    shown = client.get(SHOW).text
    assert "What partners say" in shown
    assert "Write it down" not in shown
    assert client.post(f"{SHOW}/opinions", data=SAID).status_code in (400, 403)
