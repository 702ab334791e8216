"""Four writers edit one record again and again: nothing is lost, and nobody sees that the base is locked."""

import json
import logging
import re
import shutil
import threading
from collections.abc import Iterator
from http.cookiejar import CookieJar
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

import pytest
import waitress
from flask import Flask
from sqlalchemy import select

from netmap.db import open_engine, open_session, transaction
from netmap.directory.models import Phone, Service
from netmap.editing import record
from netmap.editing.models import Edit, EditChange
from netmap.editing.saving import Form, Met, save
from tests.county import EMAILS, PASSWORD
from tests.killing import reported, running, settings_in
from tests.pages import editor

SERVICE = "3ea951da-19dc-51d2-8b45-cc3ebf75aa99"
WRITERS, EACH_OVER_HTTP = 4, 60
OWN = ("alternate_name", "wait_time", "accreditations", "licenses")  # a field for each writer
ROW_EVERY, SHARED_EVERY = 25, 10
Told = tuple[str, str, int]  # what was saved: the field, its value, the number of the edit


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    return tmp_path / "data"


def write_all(report: Connection, folder: Path, writer: int, each: int) -> None:
    """Edit the record so many times, each from a form that was opened before, and report what was saved."""
    engine = open_engine(settings_in(folder).database())
    try:
        for number in range(each):
            shared = number % SHARED_EVERY == 0
            name = "description" if shared else OWN[writer]
            while True:
                with open_session(engine, reading=True) as session:
                    fields = record.read(session, "service", SERVICE)
                    version = session.get_one(Service, SERVICE).version
                token = f"w{writer}n{number}"
                typed = {**fields, name: f"{fields.get(name, '')} {token}" if shared else token}
                if number % ROW_EVERY == 0:
                    typed["phones.+1.number"] = token
                try:
                    with transaction(engine) as session:
                        form = Form(typed, version, fields)
                        saved = save(session, "service", SERVICE, form, by="a@b.example").id
                    break
                except Met:
                    continue  # somebody else has written the same field: begin again from what they wrote
            report.send((name, token, saved))
    except Exception as error:  # told to the test: whatever it is, it is a failure
        report.send(("error", repr(error), 0))


@pytest.mark.parametrize("each", [60, pytest.param(250, marks=pytest.mark.slow)])
def test_four_processes_lose_nothing_of_each_other(folder: Path, each: int) -> None:
    told: dict[int, list[Told]] = {}
    running_writers = [running(write_all, folder, writer, each) for writer in range(WRITERS)]
    opened = [one.__enter__() for one in running_writers]
    try:
        for writer, (_process, reading) in enumerate(opened):
            told[writer] = list(reported(reading))
    finally:
        for one in running_writers:
            one.__exit__(None, None, None)
    assert [one for some in told.values() for one in some if one[0] == "error"] == []
    assert [len(some) for some in told.values()] == [each] * WRITERS
    engine = open_engine(settings_in(folder).database())
    with open_session(engine, reading=True) as session:
        fields = record.read(session, "service", SERVICE)
        edits = set(session.scalars(select(Edit.id)))
        numbers = session.scalars(select(Phone.number).where(Phone.service_id == SERVICE)).all()
        changes = session.scalars(select(EditChange).where(EditChange.table_name == "service")).all()
    words = fields["description"].split()
    for writer, some in told.items():
        assert fields[OWN[writer]] == [token for name, token, _id in some if name == OWN[writer]][-1]
        assert edits >= {number for _name, _token, number in some}
        for name, token, _number in some:
            if name == "description":
                assert words.count(token) == 1, token  # not overwritten, nor written twice
        for number in range(0, each, ROW_EVERY):
            assert numbers.count(f"w{writer}n{number}") == 1
    after = {one.edit_id: one.after for one in changes}
    for some in told.values():
        for name, token, number in some:
            assert token in after[number][name].split()  # type: ignore[index]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application behind a real web server."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # four browsers at four threads wait in turn
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """Answer with the redirection itself."""


class Browser:
    """A person at a browser, as far as forms go."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()), _Stay())
        page = self.send("/sign-in")[1]
        self.token = self._token(page)
        self.send("/sign-in", {"email": EMAILS["coordinator"], "password": PASSWORD})
        self.token = self._token(self.send("/drafts")[1])

    def send(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        data = urlencode({**form, "csrf_token": self.token}).encode() if form is not None else None
        try:
            with self.opener.open(self.address + path, data, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as answer:
            return answer.code, answer.read().decode()

    @staticmethod
    def _token(page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found[1]


@pytest.mark.slow
def test_four_browsers_lose_nothing_of_each_other(app: Flask, address: str) -> None:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        fields = record.read(session, "service", SERVICE)
        version = session.get_one(Service, SERVICE).version
    told: list[tuple[str, str]] = []
    odd: list[tuple[int, str]] = []

    def write(writer: int) -> None:
        browser, mine, alert = Browser(address), "", fields.get("alert", "")
        for number in range(EACH_OVER_HTTP):
            base = {**fields, **({OWN[writer]: mine} if mine else {}), **({"alert": alert} if alert else {})}
            token = f"w{writer}n{number}"
            shared = number % SHARED_EVERY == 0
            typed = {**base, "alert" if shared else OWN[writer]: token}
            form = {**typed, "version": str(version), "base": json.dumps(base), "whole": "yes", "do": "save"}
            status, page = browser.send(f"/services/{SERVICE}/edit", form)
            while status == 409 and shared:
                settled = {**editor(page), "do": "settle", "keep.alert": "mine"}
                status, page = browser.send(f"/services/{SERVICE}/edit", settled)
            if status != 303:
                odd.append((status, page[:3000]))
            told.append(("alert" if shared else OWN[writer], token))
            mine, alert = (mine, token) if shared else (token, alert)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert odd == []
    assert len(told) == WRITERS * EACH_OVER_HTTP
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        now = record.read(session, "service", SERVICE)
        changes = session.scalars(select(EditChange).where(EditChange.table_name == "service")).all()
    for writer, name in enumerate(OWN):
        assert now[name] == f"w{writer}n{EACH_OVER_HTTP - 1}"
    kept = {(name, value) for one in changes for name, value in (one.after or {}).items()}
    assert [one for one in told if one not in kept] == []
    assert {name: text for name, text in now.items() if name not in (*OWN, "alert")} == {
        name: text for name, text in fields.items() if name not in (*OWN, "alert")
    }
