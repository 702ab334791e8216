"""On a full disk nothing can be saved, but everything can be read, and afterwards all goes on by itself."""

import errno
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text, update

from netmap.auth.models import WebSession
from netmap.db import now, transaction
from netmap.importing.uploads import Uploads
from netmap.upkeep.database import integrity
from tests.pages import fields, page

CODE = "drinking_single_parent_with_debts"
EDIT = f"/packages/{CODE}/edit"
SignIn = Callable[[str | None], FlaskClient]


class Disk:
    """A disk on which the database can grow, or not: each new connection is told how far."""

    def __init__(self, app: Flask) -> None:
        self.engine = app.extensions["netmap_engine"]
        self.full = False
        event.listen(self.engine, "connect", self._limit)

    def _limit(self, connection: object, record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={pages if self.full else 2**30}")  # type: ignore[attr-defined]

    def fill(self) -> None:
        with self.engine.connect() as connection:  # no free page is left inside the file either
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("BEGIN")
        self.full = True
        self.engine.dispose()

    def empty(self) -> None:
        self.full = False
        self.engine.dispose()


@pytest.fixture
def disk(app: Flask) -> Iterator[Disk]:
    made = Disk(app)
    yield made
    made.empty()


def test_a_full_disk_stops_saving_only_and_is_over_without_a_restart(
    app: Flask, disk: Disk, sign_in: SignIn
) -> None:
    client = sign_in("coordinator")
    form = fields(page(client.get(EDIT)), EDIT)
    form.update({"do": "save", "description.en": "word " * 300})
    form.setlist("description.en", ["word " * 300])
    disk.fill()
    for _turn in range(3):
        answer = client.post(EDIT, data=form)
        assert answer.status_code == 507
        assert "The disk is full. Nothing was changed" in answer.text
        for address in ("/", "/search?q=debts", f"/packages/{CODE}", "/gaps", "/api/search?q=debts"):
            assert client.get(address).status_code == 200, address
    with disk.engine.connect() as connection:
        assert connection.scalar(text("SELECT current FROM package WHERE code = :code"), {"code": CODE}) == 1
    assert list(integrity(disk.engine)) == []
    disk.empty()
    assert client.post(EDIT, data=form).status_code == 303
    assert list(integrity(disk.engine)) == []


def test_an_upload_that_has_no_room_is_said_and_leaves_nothing(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, keep = sign_in("coordinator"), Uploads.keep

    class Full(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().read(10)

    monkeypatch.setattr(Uploads, "keep", lambda self, _file, name: keep(self, Full(b"name,url\n" * 9), name))
    token = client.token("/import")  # type: ignore[attr-defined]
    form = {"csrf_token": token, "kind": "directory", "file": (BytesIO(b"x"), "offers.csv")}
    answer = client.post("/import", data=form)
    assert answer.status_code == 507
    assert "The disk is full" in answer.get_data(as_text=True)
    assert list((app.extensions["netmap_settings"].data_dir / "imports").glob("*/*")) == []


def test_a_page_is_read_even_if_it_cannot_be_noted_that_the_session_is_alive(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    client = sign_in("coordinator")
    with transaction(app.extensions["netmap_engine"]) as session:
        session.execute(update(WebSession).values(seen_at=now() - timedelta(minutes=5)))

    def full(*_args: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr("netmap.auth.service.touch_session", full)
    assert client.get("/packages").status_code == 200
