"""What is typed about a person is in no file, no table and no log, whatever happens with it."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from netmap.db import transaction
from netmap.vocabulary import words

SignIn = Callable[[str | None], FlaskClient]

CANARIES = ("zyxwcanary", "кенарощук")
NOTE = "Zyxwcanary Кенарощук has lost his job, cannot pay the rent and drinks. Платить нечем, пьёт."


def forms_of(canary: str) -> list[bytes]:
    """Return the bytes under which a word may have been written."""
    shapes = {canary, canary.capitalize(), canary.upper()}
    texts = shapes | {json.dumps(shape).strip('"') for shape in shapes}
    return [one.encode(code) for one in texts for code in ("utf-8", "utf-16-le")]


def found_in(folder: Path, needles: list[bytes]) -> list[str]:
    """Return the files of a folder that hold one of the needles."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert files, "nothing was looked at"
    return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


def need_codes() -> dict[str, Any]:
    from netmap.vocabulary.terms import vocabulary

    codes = list(vocabulary().needs)[:2]
    return {"needs": {code: {"severity": 2, "urgency": 1} for code in codes}}


def nobody_remembers(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Fail if a canary stands in the data folder or in what was logged."""
    folder = app.extensions["netmap_settings"].data_dir
    needles = [form for canary in CANARIES for form in forms_of(canary)]
    assert found_in(folder, needles) == []
    logged = caplog.text.casefold()
    assert [canary for canary in CANARIES if canary in logged] == []


def test_the_search_for_the_canary_finds_what_is_there(app: Flask) -> None:
    folder = app.extensions["netmap_settings"].data_dir
    assert "netmap.db" in found_in(folder, forms_of("coordinator@demo.example"))
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(text("CREATE TABLE canary AS SELECT :word AS word"), {"word": "Кенарощук"})
        writing.commit()
        assert found_in(folder, forms_of(CANARIES[1])) != []


def test_nothing_typed_about_a_person_is_stored_or_logged(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = sign_in("case_manager")
    token = client.token("/needs")
    headers = {"X-CSRFToken": token}
    codes = json.dumps(need_codes())

    def post(path: str, **fields: str) -> int:
        return client.post(path, data={"csrf_token": token, **fields}).status_code

    statuses = [
        post("/needs", do="suggest", note=NOTE),
        client.post("/api/needs", json={"text": NOTE, "lang": None}, headers=headers).status_code,
        client.get("/search", query_string={"q": NOTE[:150]}).status_code,
        client.get("/api/search", query_string={"q": NOTE[:150]}).status_code,
        client.post("/api/match", json=need_codes() | {"area": NOTE[:60]}, headers=headers).status_code,
        client.post("/api/match", json=need_codes(), headers=headers).status_code,
        post("/needs/table", client=codes, package="homeless_unemployed"),
        post("/needs/decision", client=codes, package="homeless_unemployed", outcome="taken", reason="fits"),
        post("/needs/decision", client=codes, package="homeless_unemployed", outcome=NOTE, reason=NOTE),
        post("/unmet-needs", back=f"q={NOTE}", unmet_about="need:emp.unemployed", unmet_case=NOTE[:40]),
        post("/unmet-needs", unmet_about=NOTE, unmet_language=NOTE, unmet_area=NOTE, unmet_part_of_day=NOTE),
        post("/no-such-page", note=NOTE),
    ]
    assert statuses == [200, 200, 200, 200, 422, 200, 200, 303, 422, 303, 422, 404]
    with app.extensions["netmap_engine"].connect() as connection:
        for table in ("decision", "unmet_need"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1
    nobody_remembers(app, caplog)


def test_a_failed_sign_in_leaves_neither_name_nor_password(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    typed = {"email": "zyxwcanary@office.example", "password": "zyxwcanary-password"}
    assert client.post("/sign-in", data={**typed, "csrf_token": client.token()}).status_code == 422
    nobody_remembers(app, caplog)


def test_an_unexpected_error_is_logged_by_its_place_and_not_by_its_words(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(note: str) -> None:
        try:
            raise KeyError(note)
        except KeyError as error:
            raise ValueError(f"could not read {note}") from error

    monkeypatch.setattr("netmap.web.matching.suggest", fail)
    client = sign_in("case_manager")
    answer = client.post("/needs", data={"do": "suggest", "note": NOTE, "csrf_token": client.token("/needs")})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Traceback" not in page
    assert "ValueError" not in page
    assert "/netmap/" not in page
    number = page.split("Number of this request: ", 1)[1][:12]
    assert number in caplog.text
    assert "KeyError" in caplog.text
    assert "ValueError" in caplog.text
    assert "test_privacy.py" in caplog.text
    nobody_remembers(app, caplog)


def test_an_error_of_the_database_does_not_name_the_values(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError) as caught, transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(text("INSERT INTO user (id, email) VALUES (:id, :email)"), {"id": 1, "email": NOTE})
    assert "canary" not in str(caught.value).casefold()


def test_a_broken_index_does_not_bring_the_question_into_the_log(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(query: object) -> None:
        raise KeyError(NOTE)

    monkeypatch.setattr(app.extensions["netmap_backend"], "search", fail)
    answer = sign_in("case_manager").get("/search", query_string={"q": NOTE[:150]})
    assert answer.status_code == 200
    assert "did not answer" in caplog.text
    nobody_remembers(app, caplog)


def test_a_note_is_forgotten_when_it_was_answered(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    token = client.token("/needs")
    before = words._kept.cache_info().currsize
    answer = client.post("/api/needs", json={"text": NOTE + " New."}, headers={"X-CSRFToken": token})
    assert answer.status_code == 200
    assert words._kept.cache_info().currsize == before


def test_only_the_address_of_a_search_carries_its_words(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    form = client.get("/needs").get_data(as_text=True)
    assert 'action="/needs"' in form
    assert 'method="get"' not in form
