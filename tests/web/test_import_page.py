"""The import page: whatever file somebody brings, a sentence and an untouched database."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from netmap.db import open_session, transaction
from netmap.directory.models import Organization
from netmap.directory.typing import Proposals
from netmap.jobs.queue import later
from netmap.web import importing
from tests.web.test_routes import rows

SignIn = Callable[[str | None], FlaskClient]
Send = Callable[..., TestResponse]

ORGANIZATIONS = b"id,name,description\n1,Lantern House,Warm rooms\n"
SERVICES = b"id,organization_id,name,status\n1,1,Warm room,active\n"


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + ".csv", content)
    return out.getvalue()


GOOD = packed(organizations=ORGANIZATIONS, services=SERVICES)


@pytest.fixture
def send(sign_in: SignIn) -> Send:
    """Return a function that uploads a file as a coordinator."""
    client = sign_in("coordinator")
    token = client.token("/import")

    def upload(content: bytes, name: str = "list.zip", kind: str = "directory", **more: str) -> TestResponse:
        values = {"kind": kind, "file": (io.BytesIO(content), name), "csrf_token": token, **more}
        return client.post("/import", data=values)

    return upload


def sources(app: Flask) -> set[str | None]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return set(session.scalars(select(Organization.source_id)))


def test_others_can_write_while_the_types_are_learnt(
    app: Flask, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn, written = importing.propose, []

    def learn_slowly(session: Session) -> Proposals:
        with transaction(app.extensions["netmap_engine"]) as other:
            later(other, "index-services", ids=[])
        written.append(True)
        return learn(session)

    monkeypatch.setattr(importing, "propose", learn_slowly)
    assert send(GOOD).status_code == 200
    assert written == [True]


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"\x89PNG\r\n" + bytes(range(256)) * 50, "list.zip", "directory"),
        (b"\x89PNG\r\n" + bytes(range(256)) * 50, "list.csv", "areas"),
        (b"\x89PNG\r\n" + bytes(range(256)) * 50, "list.csv", "demand"),
        (GOOD, "list.csv", "areas"),
        (GOOD, "list.csv", "demand"),
        (GOOD[:-30], "list.zip", "directory"),
        (b"", "list.zip", "directory"),
        (b"", "list.csv", "areas"),
        ("code,name\na,b\n".encode("utf-16")[:-1], "list.csv", "areas"),
        (b"code,name\na,caf\xe8\n", "list.csv", "areas"),
        (b"code,name\na,b\x00c\n", "list.csv", "areas"),
        (b'code,name\na,"b\n', "list.csv", "areas"),
        (packed(__organizations=ORGANIZATIONS), "list.zip", "directory"),
        (packed(**{"..__organizations": ORGANIZATIONS}), "list.zip", "directory"),
        (packed(organizations=b"a," * 40_000_000), "list.zip", "directory"),
        (packed(organizations=b"id,name\n1,\xed\xa0\x80\n"), "list.zip", "directory"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    app: Flask, send: Send, content: bytes, name: str, kind: str
) -> None:
    before = rows(app)
    answer = send(content, name, kind)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="file-error"' in page
    assert "/tmp" not in page
    assert "Traceback" not in page
    assert rows(app) == before


def test_a_damaged_zip_never_fails(app: Flask, send: Send) -> None:
    wrong = {}
    for seed in range(15):
        chance, content = random.Random(seed), bytearray(GOOD)
        for _change in range(3):
            content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        status = send(bytes(content)).status_code
        if status not in {200, 422}:
            wrong[seed] = status
    assert wrong == {}


def test_a_zip_that_lies_about_its_size_is_not_unpacked(send: Send) -> None:
    content = bytearray(packed(organizations=b"id,name\n" + b"1,a\n" * 2_000_000))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 40)
    assert send(bytes(content)).status_code == 422


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Каталог района.zip", "каталог-района"),
        ("../../../etc/lists.zip", "lists"),
        ("x" * 400 + ".zip", "x" * 50),
        ("😀" * 20 + "may" + "x" * 300 + ".zip", None),
        ("..", None),
        ("\x01\x02.zip", "zip"),
    ],
)
def test_a_source_is_named_after_its_file_and_the_name_leads_nowhere(
    app: Flask, send: Send, name: str, source: str | None
) -> None:
    before = sources(app)
    assert send(GOOD, name).status_code == 200
    assert len(sources(app) - before) == 1
    assert source is None or source in sources(app)


def test_two_files_with_cyrillic_names_are_two_sources(app: Flask, send: Send) -> None:
    before = sources(app)
    send(GOOD, "север.zip")
    send(GOOD, "юг.zip")
    assert len(sources(app) - before) == 2
