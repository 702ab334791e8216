"""A slow question holds nobody up, and a database that is away is said in words."""

import logging
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from netmap.auth import events
from netmap.db import transaction

SignIn = Callable[[str | None], FlaskClient]


def test_a_question_sent_by_post_waits_for_no_writer_and_holds_nobody_up(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netmap.web import matching

    client, really = sign_in("coordinator"), matching.suggest
    token = client.token("/needs")
    written: list[bool] = []
    in_time: list[bool] = []

    def slow(note: str) -> object:
        def write() -> None:
            with transaction(app.extensions["netmap_engine"]) as writing:
                events.record(writing, "signed in")
            written.append(True)

        other = threading.Thread(target=write)
        other.start()
        other.join(3)
        in_time.append(bool(written))
        return really(note)

    monkeypatch.setattr(matching, "suggest", slow)
    answer = client.post("/needs", data={"do": "suggest", "note": "debts", "csrf_token": token})
    assert answer.status_code == 200
    assert in_time == [True]


@pytest.mark.parametrize("path", ["/gaps", "/api/gaps", "/needs"])
def test_a_database_that_is_away_is_said_in_words(
    app: Flask, sign_in: SignIn, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = sign_in("coordinator")
    with transaction(app.extensions["netmap_engine"]) as writing:
        writing.execute(text("ALTER TABLE web_session RENAME TO web_session_gone"))
    with caplog.at_level(logging.ERROR):
        answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "does not answer now" in page
    assert "Traceback" not in page
    assert "web_session" not in page
    assert "sqlite" not in page.lower()
    assert "OperationalError" in caplog.text
