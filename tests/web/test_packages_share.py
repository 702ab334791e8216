"""A package leaves as a file and comes in as a draft: nothing is saved before somebody saves it."""

import tomllib
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from netmap.db import open_session
from netmap.packages.document import read
from netmap.packages.queries import codes
from netmap.packages.service import get
from tests.pages import fields, page, words

CODE = "homeless_unemployed"
IMPORT = "/packages/import"
NEW = "/packages/new"
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    return sign_in("coordinator")


def shared(client: FlaskClient) -> str:
    return client.get(f"/packages/{CODE}/file").get_data(as_text=True)


def bring(client: FlaskClient, content: str | bytes, name: str = "theirs.toml") -> TestResponse:
    token = fields(page(client.get(IMPORT)), IMPORT)["csrf_token"]
    content = content.encode() if isinstance(content, str) else content
    return client.post(IMPORT, data={"csrf_token": token, "file": (BytesIO(content), name)})


def all_codes(app: Flask) -> set[str]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return codes(session)


def test_a_package_is_given_as_a_toml_file(app: Flask, coordinator: FlaskClient) -> None:
    answer = coordinator.get(f"/packages/{CODE}/file")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={CODE}.toml"
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert read(tomllib.loads(answer.get_data(as_text=True))) == get(session, CODE).document


def test_a_file_opens_as_a_draft_and_is_saved_as_it_was(app: Flask, coordinator: FlaskClient) -> None:
    before = all_codes(app)
    answer = bring(coordinator, shared(coordinator).replace(CODE, "winter_beds"))
    assert answer.status_code == 200
    assert "Nothing is saved yet" in answer.text
    assert all_codes(app) == before
    form = fields(page(answer), NEW)
    assert form["note"] == "From the file theirs.toml"
    form["do"] = "save"
    assert coordinator.post(NEW, data=form).status_code == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        new, old = get(session, "winter_beds").document, get(session, CODE).document
    assert {**vars(new), "code": CODE} == vars(old)


def test_a_known_code_offers_both_ways_and_becomes_a_version(app: Flask, coordinator: FlaskClient) -> None:
    changed = shared(coordinator).replace("[name]", "cost = 75\n\n[name]", 1)
    assert tomllib.loads(changed)["cost"] == 75
    answer = bring(coordinator, changed)
    assert "Make this a new version of it, or give it another code" in words(page(answer))
    form = fields(page(answer), NEW)
    form["do"] = "as-version"
    edit = f"/packages/{CODE}/edit"
    form = fields(page(coordinator.post(NEW, data=form)), edit)
    form["do"] = "save"
    assert coordinator.post(edit, data=form).status_code == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        found = get(session, CODE)
    assert (found.number, found.document.cost) == (2, 75)


def test_every_problem_of_a_file_stands_at_its_field(coordinator: FlaskClient) -> None:
    wrong = (
        shared(coordinator)
        .replace('model = "intensive"', 'model = "intense"')
        .replace('service_type = "shelter"', 'service_type = "shelters"')
        .replace("times = 7", "times = 0")
        .replace("[name]", 'colour = "red"\n\n[name]', 1)
    )
    answer = bring(coordinator, wrong)
    assert answer.status_code == 200
    text = answer.text
    for place in ("model", "lines.0.service_type", "lines.1.dose", "package"):
        assert f'href="#{place}"' in text, place
        assert f'id="{place}"' in text, place
    assert "the nearest is &#39;shelter&#39;" in text
    assert 'value="shelters" selected' in text, "what stood in the file is still there"


@pytest.mark.parametrize(
    ("content", "words_"),
    [
        (b"[tool]\nname = 1", "is no package of netmap"),
        (b"a,b\n1,2", "neither TOML nor JSON"),
        (b"\xff\xfe", "not a text in UTF-8"),
        (b"#" * 300_000, "a package at most 256 kB"),
        (b'{"code": 1, "profile": [], "lines": "none"}', ""),
        (
            b'{"code": "a", "profile": {"x": []}, "lines": [1, {"substitutes": 3, "dose": [1], "goal": 2}]}',
            "",
        ),
    ],
)
def test_a_strange_file_is_answered_in_a_sentence(
    app: Flask, coordinator: FlaskClient, content: bytes, words_: str
) -> None:
    before = all_codes(app)
    answer = bring(coordinator, content)
    assert answer.status_code == (422 if words_ else 200)
    assert (words_ or "There is a problem") in answer.text
    assert all_codes(app) == before


def test_no_file_is_said(coordinator: FlaskClient) -> None:
    token = fields(page(coordinator.get(IMPORT)), IMPORT)["csrf_token"]
    answer = coordinator.post(IMPORT, data={"csrf_token": token})
    assert (answer.status_code, "Choose a file first." in answer.text) == (422, True)


def test_a_case_manager_may_share_but_not_bring_in(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    assert client.get(f"/packages/{CODE}/file").status_code == 200
    assert client.get(IMPORT).status_code == 403
