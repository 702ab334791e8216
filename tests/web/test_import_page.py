"""The import as a person does it: whatever file somebody brings, a sentence and an untouched database."""

import csv
import io
import random
import re
import struct
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from netmap.app import drain
from netmap.db import open_session, transaction
from netmap.directory import hsds
from netmap.directory.models import Organization, Service
from netmap.directory.reading.apart import Contents
from netmap.directory.report import Report
from netmap.directory.typing import Proposals
from netmap.importing import mapping, reading, work
from netmap.importing.models import ImportRun
from netmap.importing.uploads import Progress, Uploads
from netmap.jobs.models import Job
from netmap.jobs.queue import later
from tests.importing.conftest import exact_hash, package, zipped
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
BAD_ROWS = packed(
    organizations=ORGANIZATIONS,
    services=b"id,organization_id,name,assured_date\n1,1,Warm room,May\n2,1,Baths,=1+1\n3,1,,\n",
)


@pytest.fixture
def engine(app: Flask) -> Engine:
    return app.extensions["netmap_engine"]  # type: ignore[no-any-return]


@pytest.fixture
def uploads(app: Flask) -> Uploads:
    return Uploads(app.extensions["netmap_settings"].data_dir)


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("coordinator")


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Return a function that uploads a file as a coordinator."""
    token = client.token("/import")

    def upload(content: bytes, name: str = "list.zip", kind: str = "directory", **more: str) -> TestResponse:
        values = {"kind": kind, "file": (io.BytesIO(content), name), "csrf_token": token, **more}
        return client.post("/import", data=values)

    return upload


@pytest.fixture
def worker(app: Flask) -> Callable[[], int]:
    """Return a function that does what the worker would do now."""
    return lambda: drain(app.extensions["netmap_engine"], app.extensions["netmap_settings"])


@pytest.fixture
def press(client: FlaskClient) -> Callable[..., TestResponse]:
    """Return a function that presses a button of a page."""

    def post(address: str, **values: str) -> TestResponse:
        return client.post(address, data={"csrf_token": client.token("/import"), **values})

    return post


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def sources(app: Flask) -> set[str | None]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return set(session.scalars(select(Organization.source_id)))


def state(engine: Engine, number: int = 1) -> str:
    with open_session(engine, reading=True) as session:
        return session.get_one(ImportRun, number).state


def directory_rows(app: Flask) -> dict[str, int]:
    """Return how many rows each table of the directory holds."""
    return {name: count for name, count in rows(app).items() if name not in {"import_run", "job"}}


def test_the_whole_way(
    app: Flask, engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int],
    press: Callable[..., TestResponse], uploads: Uploads,
) -> None:  # fmt: skip
    before = exact_hash(engine)
    answer = send(GOOD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/import/1")
    page = client.get("/import/1")
    assert page.headers["Refresh"] == "2"
    assert 'role="status"' in text_of(page)
    assert "<progress" in text_of(page)

    worker()
    page = client.get("/import/1")
    assert "Refresh" not in page.headers
    assert "would be added" in text_of(page)
    assert "Warm room" in text_of(page)
    assert exact_hash(engine) == before

    assert press("/import/1/apply").headers["Location"] == "/import/1"
    assert "Refresh" in client.get("/import/1").headers
    assert exact_hash(engine) == before  # the answer did not wait for the work
    worker()
    page = text_of(client.get("/import/1"))
    assert "in the directory" in page
    assert 'href="/import/1/undo"' in page
    assert "list" in sources(app)
    assert list(uploads.root.glob("*/*.zip")) == []
    assert "coordinator@demo.example" in text_of(client.get("/import"))

    assert "Undo the whole import" in text_of(client.get("/import/1/undo"))
    press("/import/1/undo")
    worker()
    assert "undone" in text_of(client.get("/import/1"))
    assert exact_hash(engine) == before
    assert client.get("/import/1/undo").status_code == 409


def test_others_can_write_while_a_file_is_read_and_checked_and_while_types_are_learnt(
    engine: Engine, send: Send, worker: Callable[[], int], press: Callable[..., TestResponse],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    learn, read, written = work.propose, hsds.read_apart, []
    look, columns = work.changes, mapping.columns

    def write(what: str) -> None:
        with transaction(engine) as other:
            later(other, "index-services", ids=[])
        written.append(what)

    def learn_slowly(session: Session) -> Proposals:
        write("learning")
        return learn(session)

    def read_slowly(path: Path, map_path: Path | None = None) -> Contents:
        write("reading")
        return read(path, map_path)

    def columns_slowly(path: Path) -> list[mapping.Column]:
        write("columns")
        return columns(path)

    def look_slowly(*about: Any, **more: Any) -> Any:
        write("checking")
        return look(*about, **more)

    monkeypatch.setattr(work, "changes", look_slowly)
    monkeypatch.setattr(mapping, "columns", columns_slowly)
    monkeypatch.setattr(work, "propose", learn_slowly)
    monkeypatch.setattr(hsds, "read_apart", read_slowly)
    send(GOOD)
    worker()
    press("/import/1/apply")
    worker()
    assert (state(engine), written) == ("done", ["reading", "checking", "reading", "learning"])
    send(b"Program\nWarm room\n", "offers.csv")
    assert press("/import/2/columns", **{"column-1": "service.name"}).status_code == 303
    assert written[4:] == ["columns"]


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
    app: Flask, engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int],
    content: bytes, name: str, kind: str,
) -> None:  # fmt: skip
    before = directory_rows(app)
    assert send(content, name, kind).status_code == 303
    worker()
    page = text_of(client.get("/import/1"))
    assert state(engine) == "failed"
    assert 'id="run-error"' in page
    assert "/tmp" not in page
    assert "Traceback" not in page
    assert "our side" not in page
    assert directory_rows(app) == before


def test_without_a_file_the_form_says_so(app: Flask, client: FlaskClient) -> None:
    values = {"kind": "directory", "source": "my list", "csrf_token": client.token("/import")}
    answer = client.post("/import", data=values)
    assert answer.status_code == 422
    assert 'value="my list"' in text_of(answer)
    assert 'id="file-error"' in text_of(answer)
    assert rows(app)["import_run"] == 0


def test_a_damaged_zip_never_fails(engine: Engine, send: Send, worker: Callable[[], int]) -> None:
    for seed in range(15):
        chance, content = random.Random(seed), bytearray(GOOD)
        for _change in range(3):
            content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        assert send(bytes(content)).status_code == 303
    worker()
    with open_session(engine, reading=True) as session:
        runs = session.scalars(select(ImportRun)).all()
    assert {run.state for run in runs} <= {"checked", "failed"}
    assert [run.error for run in runs if "our side" in (run.error or "")] == []


def test_a_zip_that_lies_about_its_size_is_not_unpacked(
    engine: Engine, send: Send, worker: Callable[[], int]
) -> None:
    content = bytearray(packed(organizations=b"id,name\n" + b"1,a\n" * 2_000_000))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 40)
    send(bytes(content))
    worker()
    assert state(engine) == "failed"


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
    app: Flask, engine: Engine, send: Send, worker: Callable[[], int], press: Callable[..., TestResponse],
    uploads: Uploads, name: str, source: str | None,
) -> None:  # fmt: skip
    before = sources(app)
    assert send(GOOD, name).status_code == 303
    (kept,) = uploads.root.glob("*/*")
    assert kept.resolve().parent.parent == uploads.root.resolve()
    assert re.fullmatch(r"[\w-]+(\.zip)?", kept.name)
    worker()
    press("/import/1/apply")
    worker()
    assert state(engine) == "done"
    assert len(sources(app) - before) == 1
    assert source is None or source in sources(app)


def test_uploads_are_private_and_go_after_a_day(
    app: Flask, engine: Engine, send: Send, uploads: Uploads
) -> None:
    send(GOOD)
    (folder,) = (one for one in uploads.root.iterdir() if one.is_dir())
    assert (uploads.root.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o700, 0o700)
    with open_session(engine, reading=True) as session:
        (sweep,) = session.scalars(select(Job).where(Job.kind == work.SWEEP))
        assert 23 < (sweep.due_at - work.now()).total_seconds() / 3600 < 25
    with work.copy_of(engine, uploads.root) as copy:  # this too goes after a day if the worker dies on it
        assert str(copy.url.database).startswith(str(uploads.root))
    work.sweep(uploads.root.parent)
    assert [one for one in uploads.root.iterdir() if one.is_dir()] == [folder]
    import os

    old = time.time() - 24.5 * 3600
    os.utime(next(folder.iterdir()), (old, old))
    uploads.note(folder.name, Progress())  # it was checked again since
    work.sweep(uploads.root.parent)
    assert not folder.exists()


def test_a_file_that_is_kept_no_more_is_said(
    engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int], uploads: Uploads,
    press: Callable[..., TestResponse],
) -> None:  # fmt: skip
    send(GOOD)
    worker()
    uploads.drop_old(hours=-1)
    assert "Upload it again" in text_of(client.get("/import/1"))
    assert press("/import/1/apply").status_code == 409
    assert press("/import/1/check").status_code == 409
    assert state(engine) == "checked"


def test_the_dry_run_leaves_the_file_of_the_database_as_it_is_but_for_the_run(
    app: Flask, engine: Engine, send: Send, worker: Callable[[], int]
) -> None:
    before, counts = exact_hash(engine), directory_rows(app)
    send(zipped(package(60)))
    worker()
    with open_session(engine, reading=True) as session:
        report = session.get_one(ImportRun, 1).report
    assert report is not None
    assert report["tables"]["service"]["added"] == 60
    assert report["examples"]["service"]["added"]["count"] == 60
    assert report["examples"]["service"]["added"]["some"][0]["name"] == "Service 0"
    assert (exact_hash(engine), directory_rows(app)) == (before, counts)
    with engine.connect() as connection:  # nothing of the watching is left behind
        found = connection.exec_driver_sql("SELECT name FROM sqlite_temp_master WHERE name LIKE 'touched%'")
        assert found.all() == []


def test_many_records_that_would_be_gone_are_asked_about(
    engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int],
    press: Callable[..., TestResponse],
) -> None:  # fmt: skip
    for number, count in enumerate((12, 6), start=1):
        send(zipped(package(count)))
        worker()
        answer = press(f"/import/{number}/apply")
    assert answer.status_code == 422
    assert "Tick the box" in text_of(answer)
    assert state(engine, 2) == "checked"
    press("/import/2/apply", agreed="yes")
    worker()
    assert state(engine, 2) == "done"
    with open_session(engine, reading=True) as session:
        gone = select(Service).where(Service.source_id == "list", Service.removed_in_source.is_not(None))
        assert len(session.scalars(gone).all()) == 6


def test_problem_rows_say_how_to_mend_them_and_come_as_a_harmless_file(
    client: FlaskClient, send: Send, worker: Callable[[], int]
) -> None:
    send(BAD_ROWS)
    worker()
    page = text_of(client.get("/import/1"))
    assert "Write the date as year-month-day" in page
    assert "/import/1/problems.csv" in page
    answer = client.get("/import/1/problems.csv")
    assert answer.mimetype == "text/csv"
    table = list(csv.reader(io.StringIO(text_of(answer).removeprefix("\ufeff"))))
    assert table[0] == ["File", "Line", "Column", "Value", "Why", "How to mend it"]
    assert ["services.csv", "2", "assured_date", "May"] in [row[:4] for row in table]
    assert [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@"))] == []


def test_two_at_once_are_refused_with_a_sentence(
    engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int],
    press: Callable[..., TestResponse],
) -> None:  # fmt: skip
    send(GOOD)
    send(GOOD)
    worker()
    assert press("/import/1/apply").status_code == 303
    answer = press("/import/2/apply")
    assert answer.status_code == 409
    assert "Import 1 of the same source is being applied now" in text_of(answer)
    assert press("/import/1/apply").status_code == 409  # twice the same button
    worker()
    answer = press("/import/2/apply")
    assert "applied after this check" in text_of(answer)
    press("/import/2/check")
    worker()
    assert press("/import/2/apply").status_code == 303
    worker()
    assert (state(engine, 1), state(engine, 2)) == ("done", "done")


def test_a_worker_that_dies_leaves_the_directory_as_it_was(
    engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int],
    press: Callable[..., TestResponse], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before = exact_hash(engine)
    send(GOOD)
    worker()
    press("/import/1/apply")

    class PowerCut(BaseException):
        """Nothing that the program could catch."""

    def die(session: Session, run_id: int, report: Report) -> None:
        raise PowerCut

    with monkeypatch.context() as broken:
        broken.setattr(work, "finish", die)
        with pytest.raises(PowerCut):
            worker()
    assert state(engine) == "applying"
    page = text_of(client.get("/import/1"))
    assert "interrupted" in page
    assert "The directory is as it was before" in page
    assert exact_hash(engine) == before
    worker()  # the job is still there; the file is not applied by itself a second time
    assert (state(engine), exact_hash(engine)) == ("interrupted", before)
    press("/import/1/check")
    worker()
    press("/import/1/apply")
    worker()
    assert state(engine) == "done"


def test_learning_that_was_interrupted_is_done_at_the_next_start(
    engine: Engine, send: Send, worker: Callable[[], int], press: Callable[..., TestResponse],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    send(GOOD)
    worker()
    press("/import/1/apply")
    with monkeypatch.context() as broken:
        broken.setattr(work, "learn", lambda engine, run_id: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            worker()
    assert state(engine) == "learning"
    worker()
    assert state(engine) == "done"


def test_a_step_that_could_not_begin_is_tried_again_and_loses_nothing(
    engine: Engine, send: Send, worker: Callable[[], int], press: Callable[..., TestResponse],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    send(GOOD)
    worker()
    press("/import/1/apply")
    worker()
    press("/import/1/undo")
    with monkeypatch.context() as broken:  # as where the database is locked for long
        broken.setattr(work, "set_language", lambda _code: (_ for _ in ()).throw(RuntimeError))
        worker()
    assert state(engine) == "waiting"
    with transaction(engine) as session:
        session.execute(update(Job).values(due_at=work.now()))
    worker()
    assert state(engine) == "undone"


def test_a_page_asked_for_while_the_worker_ends_shows_no_interruption(
    engine: Engine, client: FlaskClient, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(GOOD)
    with transaction(engine) as session:
        session.get_one(ImportRun, 1).state = "applying"

    def end(_uploads: Uploads) -> bool:
        with transaction(engine) as session:
            session.get_one(ImportRun, 1).state = "learning"
        return False

    monkeypatch.setattr(Uploads, "is_taken", end)
    assert "interrupted" not in text_of(client.get("/import/1"))


def test_a_program_error_becomes_a_sentence(
    engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(*arguments: object, **named: object) -> Report:
        raise RuntimeError("secret inside")

    before = exact_hash(engine)
    monkeypatch.setattr(reading, "import_path", fail)
    send(GOOD)
    worker()
    page = text_of(client.get("/import/1"))
    assert "Something went wrong on our side" in page
    assert "secret inside" not in page
    assert exact_hash(engine) == before


def test_the_page_tells_how_far_the_work_is(
    engine: Engine, client: FlaskClient, send: Send, uploads: Uploads
) -> None:
    send(GOOD)
    with transaction(engine) as session:
        run = session.get_one(ImportRun, 1)
        run.state = "applying"
        folder = run.folder
    uploads.note(folder, Progress("writing", 400, 1000))
    with uploads.turn():
        page = text_of(client.get("/import/1"))
    assert "400 of 1,000 rows are done" in page
    assert 'max="1000" value="400"' in page


def test_a_page_that_nobody_works_on_stops_coming_again(
    engine: Engine, client: FlaskClient, send: Send
) -> None:
    send(GOOD)
    assert "Refresh" in client.get("/import/1").headers
    with transaction(engine) as session:
        run = session.get_one(ImportRun, 1)
        run.created_at = run.started_at = work.now() - timedelta(minutes=16)
    assert "Refresh" not in client.get("/import/1").headers


def test_undoing_that_was_interrupted_can_be_tried_again(
    engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int],
    press: Callable[..., TestResponse], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    send(GOOD)
    worker()
    press("/import/1/apply")
    worker()
    done = exact_hash(engine)
    press("/import/1/undo")
    with monkeypatch.context() as broken:
        broken.setattr(work, "restore", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            worker()
    assert (state(engine), exact_hash(engine)) == ("undoing", done)
    worker()
    assert state(engine) == "done"
    assert "Taking it back was interrupted" in text_of(client.get("/import/1"))
    press("/import/1/undo")
    worker()
    assert state(engine) == "undone"


def test_undoing_after_edits_lists_them_and_offers_the_rest(
    engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int],
    press: Callable[..., TestResponse],
) -> None:  # fmt: skip
    send(GOOD)
    worker()
    press("/import/1/apply")
    worker()
    with transaction(engine) as session:
        session.scalars(select(Service).where(Service.source_id == "list")).one().email = "typed@x.example"
    page = text_of(client.get("/import/1/undo"))
    assert "Undo the rest" in page
    assert "somebody changed it since" in page
    press("/import/1/undo")
    worker()
    assert "nothing was undone" in text_of(client.get("/import/1"))
    assert state(engine) == "done"
    press("/import/1/undo", rest="yes")
    worker()
    assert state(engine) == "undone"
    with open_session(engine, reading=True) as session:
        kept = session.scalars(select(Service).where(Service.source_id == "list")).one()
        assert kept.email == "typed@x.example"


@pytest.mark.parametrize("role", ["case_manager", "planner"])
def test_others_see_and_do_nothing(
    app: Flask, sign_in: SignIn, send: Send, worker: Callable[[], int], role: str
) -> None:
    send(GOOD)
    worker()
    before, other = rows(app), sign_in(role)
    for address in ("/import", "/import/1", "/import/1/undo", "/import/1/columns", "/import/1/problems.csv"):
        assert other.get(address).status_code == 403
    token = other.token("/search")
    for step in ("apply", "check", "undo", "columns"):
        assert other.post(f"/import/1/{step}", data={"csrf_token": token}).status_code == 403
    assert rows(app) == before


def test_an_admin_may_go_on_with_what_a_coordinator_began(
    engine: Engine, sign_in: SignIn, send: Send, worker: Callable[[], int]
) -> None:
    send(GOOD)
    worker()
    admin = sign_in("admin")
    admin.post("/import/1/apply", data={"csrf_token": admin.token("/import")})
    worker()
    assert state(engine) == "done"


def test_an_import_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    for address in ("/import/9", "/import/9/columns", "/import/9/undo", "/import/9/problems.csv"):
        assert client.get(address).status_code == 404


def test_a_report_is_in_the_language_of_the_person(
    engine: Engine, client: FlaskClient, send: Send, worker: Callable[[], int]
) -> None:
    client.post("/language", data={"language": "ru", "csrf_token": client.token("/import")})
    send(GOOD[:-30])
    worker()
    with open_session(engine, reading=True) as session:
        error = session.get_one(ImportRun, 1).error or ""
    assert re.search("[а-я]", error)


def test_the_folder_of_the_data_holds_no_upload_of_its_own_name(uploads: Uploads, send: Send) -> None:
    send(GOOD, "netmap.db")
    assert not (Path(uploads.root) / "netmap.db").exists()


def test_a_record_that_a_person_says_is_another_one_comes_in_as_new(
    send: Send,
    press: Callable[..., TestResponse],
    worker: Callable[[], int],
    engine: Engine,
    client: FlaskClient,
) -> None:
    send(zipped(package(9)), source="list")
    worker()
    press("/import/1/apply")
    worker()
    files = package(9)
    files["services.csv"] = files["services.csv"].replace(b"\n8,2,Service 8", b"\n88,2,Service 8")
    files["phones.csv"] = files["phones.csv"].replace(b"8,8,555", b"8,88,555")
    files["service_at_location.csv"] = files["service_at_location.csv"].replace(b"8,8,8", b"8,88,8")
    send(zipped(files), source="list")
    worker()
    with open_session(engine, reading=True) as session:
        (told,) = session.get_one(ImportRun, 2).report["renamed"]  # type: ignore[index]
    page = text_of(client.get("/import/2"))
    assert f'value="service {told["id"]}" form="apply"' in page
    assert told["source_key"] == {"before": "8", "after": "88"}
    press("/import/2/apply", apart=f"service {told['id']}")
    worker()
    with open_session(engine, reading=True) as session:
        old = session.get_one(Service, told["id"])
        new = session.scalars(select(Service).where(Service.source_key == "88")).one()
    assert (old.source_key, old.removed_in_source is None, new.removed_in_source) == ("8", False, None)
