"""The index follows the database, whoever is killed between the steps, and whatever happens to its files."""

import gc
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from whoosh.writing import SegmentWriter

from netmap.app import drain, open_backend
from netmap.config import Settings
from netmap.db import now, open_engine, open_session, transaction
from netmap.directory import indexing
from netmap.directory.find import Question, find
from netmap.directory.indexing import KIND, ask_for_rebuild, rebuild_now
from netmap.directory.models import Service
from netmap.directory.typing import decide
from netmap.jobs import queue
from netmap.jobs.models import Job
from netmap.search import states
from netmap.search.folders import Folders
from netmap.search.seals import whole_files
from netmap.search.whoosh_backend import WhooshBackend
from netmap.upkeep.doctor import examine
from netmap.upkeep.index import index
from tests.killing import die_at, kill, reported, running, settings_in

QUESTIONS = ("mortgage debt", "где переночевать", "kur gauti maisto", "alcohol", "families")
LEAVES_FILES_OPEN = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Whoosh does


@pytest.fixture
def settings(prepared: Path, tmp_path: Path) -> Iterator[Settings]:
    shutil.copytree(prepared, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    yield settings_in(tmp_path / "data")
    gc.collect()


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.database())
    yield engine
    engine.dispose()


def service_ids(engine: Engine) -> list[str]:
    with open_session(engine, reading=True) as session:
        return list(session.scalars(select(Service.id).order_by(Service.id)))


def jobs_left(engine: Engine) -> int:
    """Jobs that wait now: that for the next day always does."""
    with open_session(engine, reading=True) as session:
        return session.scalar(select(func.count()).select_from(Job).where(Job.due_at <= now())) or 0


def left_over(settings: Settings) -> list[str]:
    """Everything in the folder of the index but the state in use, the pointer and the lock."""
    used = Folders(settings.index_dir()).current()
    assert used is not None
    surplus = [
        one.name
        for one in settings.index_dir().iterdir()
        if one.name not in (used.name, "current", "write.lock")
    ]
    sealed = whole_files(used).keys() | {"sealed.json", "services_WRITELOCK"}
    return surplus + [one.name for one in used.iterdir() if one.name not in sealed]


def answers(engine: Engine, settings: Settings) -> list[tuple[bool, list[str]]]:
    """For each question whether the simpler search answered, and the ids."""
    backend = open_backend(settings)
    with open_session(engine, reading=True) as session:
        found = [find(session, backend, settings, Question(text, limit=100)) for text in QUESTIONS]
    return [(one.degraded, [result.service_id for result in one.results]) for one in found]


def change_and_work(
    report: Connection, folder: Path, service: str, everything: bool, target: str, turn: int
) -> None:
    """Change a service and do the work it causes, and die before the ``turn``-th call of a function."""
    settings = settings_in(folder)
    engine = open_engine(settings.database())
    where, name = {
        "commit": (Session, "commit"),
        "work": (indexing, "index_services"),
        "read all": (indexing, "all_documents"),
        "read some": (indexing, "index_documents"),
        "index commit": (SegmentWriter, "commit"),
        "seal": (states, "seal"),
        "switch": (Folders, "_switch"),
        "rename": (Path, "replace"),
        "sweep": (Folders, "_sweep"),
        "record": (queue, "transaction"),
    }[target]
    die_at(where, name, turn)
    with transaction(engine) as session:
        decide(session, service, "shelter", "confirmed", by="a@b.example")
        if everything:
            ask_for_rebuild(session)
    report.send("committed")
    drain(engine, settings)
    report.send("survived")


STEPS = [
    ("commit", 1), ("work", 1), ("index commit", 1), ("seal", 1), ("switch", 1), ("rename", 1), ("sweep", 1),
    ("sweep", 2), ("record", 1), ("commit", 2),
]  # fmt: skip
QUICK = {("commit", 2), ("seal", 1), ("rename", 1), ("record", 1)}


@pytest.mark.parametrize(
    ("target", "turn"),
    [
        pytest.param(*step, marks=() if step in QUICK else pytest.mark.slow)
        for step in [*STEPS, ("read some", 1)]
    ],
)
def test_a_change_reaches_the_index_whichever_step_is_the_last(
    engine: Engine, settings: Settings, target: str, turn: int
) -> None:
    follow(engine, settings, target, turn, everything=False)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "turn"), [*STEPS, ("read all", 1)])
def test_a_rebuild_is_done_whichever_step_is_the_last(
    engine: Engine, settings: Settings, target: str, turn: int
) -> None:
    follow(engine, settings, target, turn, everything=True)


def follow(engine: Engine, settings: Settings, target: str, turn: int, *, everything: bool) -> None:
    service = service_ids(engine)[5]
    arguments = settings.data_dir, service, everything, target, turn
    with running(change_and_work, *arguments) as (process, reading):
        said = list(reported(reading))
        process.join()
    assert said == ([] if (target, turn) == ("commit", 1) else ["committed"]), "it died where it was meant to"
    backlog = 0 if not said else 1 + everything
    assert jobs_left(engine) == backlog, "the change and its job are both there, or neither"
    assert list(index(engine, settings)) == [], "what differs has its job"
    drain(engine, settings)
    assert jobs_left(engine) == 0
    assert list(index(engine, settings)) == []
    assert answers(engine, settings)[0][0] is False
    if said:
        assert left_over(settings) == []


def rebuild_on(report: Connection, folder: Path) -> None:
    settings = settings_in(folder)
    engine = open_engine(settings.database())
    backend = WhooshBackend(settings.index_dir())
    ids = service_ids(engine)
    turn = 0
    while True:
        report.send(turn)
        if turn % 2:
            rebuild_now(engine, settings)
        else:
            with open_session(engine, reading=True) as session:
                indexing._bring_up_to_date(session, settings, backend, {ids[turn % len(ids)]})
        turn += 1


@pytest.mark.parametrize("cycles", [2, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_reindexing_leaves_the_truth_and_nothing_else(
    engine: Engine, settings: Settings, cycles: int
) -> None:
    chance, ids, longest = random.Random(3), service_ids(engine), 0.0
    for cycle in range(cycles):
        with running(rebuild_on, settings.data_dir) as (process, reading):
            reading.recv()
            time.sleep(chance.random() * 0.6)
            kill(process)
        assert [one[0] for one in answers(engine, settings)] == [False] * len(QUESTIONS), (
            "the old or the new state"
        )
        with transaction(engine) as session:
            session.get_one(Service, ids[cycle % len(ids)]).name = f"Changed {cycle}"
            queue.later(session, KIND, ids=[ids[cycle % len(ids)]])
        begun = time.perf_counter()
        drain(engine, settings)
        longest = max(longest, time.perf_counter() - begun)
        assert [one for one in examine(engine, settings) if one.severity != "note"] == [], f"cycle {cycle}"
        assert left_over(settings) == []
    print(f"\n{cycles} kills in a reindex; the next change was found after {longest:.2f} s at most")
    assert longest < 60


def damage(folder: Path, chance: random.Random) -> str:
    """Do something to the files of an index that a disk, a person or a program could do."""
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and one.name != "write.lock"]
    one = chance.choice(files)
    content = bytearray(one.read_bytes())
    kind = chance.choice(["cut", "noise", "bit", "empty", "gone", "zeros", "swap", "tail"])
    if kind == "gone":
        one.unlink()
        return f"{kind} {one.name}"
    if kind == "cut":
        content = content[: chance.randrange(len(content) or 1)]
    elif kind == "empty":
        content = bytearray()
    elif kind == "tail":
        content += chance.randbytes(chance.randrange(1, 500))
    elif kind == "swap":
        content = bytearray(chance.choice(files).read_bytes())
    elif content:
        first = chance.randrange(len(content))
        length = 1 if kind == "bit" else min(len(content) - first, chance.randrange(1, 400))
        noise = bytes(length) if kind == "zeros" else chance.randbytes(length)
        content[first : first + length] = bytes([content[first] ^ 16]) if kind == "bit" else noise
    one.write_bytes(content)
    return f"{kind} {one.name}"


@LEAVES_FILES_OPEN
@pytest.mark.parametrize("seeds", [range(5), pytest.param(range(200), marks=pytest.mark.slow)], ids=len)
def test_a_damaged_index_never_gives_a_wrong_answer(
    engine: Engine, settings: Settings, tmp_path: Path, seeds: range
) -> None:
    rebuild_now(engine, settings)
    shutil.copytree(settings.index_dir(), tmp_path / "whole", copy_function=shutil.copy)
    truth, by_sql, right = answers(engine, settings), 0, 0
    plain = answers(engine, Settings(data_dir=tmp_path / "without", secret_key="k" * 64))
    assert {one[0] for one in plain} == {True}
    for seed in seeds:
        shutil.rmtree(settings.index_dir())
        shutil.copytree(tmp_path / "whole", settings.index_dir())
        what = damage(settings.index_dir(), random.Random(seed))
        for found, usual, simpler in zip(answers(engine, settings), truth, plain, strict=True):
            assert found in (usual, simpler), f"seed {seed}: {what}"
            by_sql, right = by_sql + found[0], right + (not found[0])
        drain(engine, settings)
        healed = answers(engine, settings)
        assert healed == truth, f"seed {seed}: {what}: the worker has made it again"
    print(
        f"\n{len(seeds)} damages: {right} answers from the index, {by_sql} from the simpler search, 0 wrong"
    )
    assert by_sql > 0


@LEAVES_FILES_OPEN
@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(100, 150), marks=pytest.mark.slow)], ids=len)
def test_pages_answer_while_the_index_under_them_is_damaged(app: Flask, seeds: range) -> None:
    """The process has the index open already: damage that comes later must be seen as well."""
    settings, engine = app.extensions["netmap_settings"], app.extensions["netmap_engine"]
    client = app.test_client()
    client.post("/sign-in", data=sign_in_form(client))
    for seed in seeds:
        assert client.get("/search?q=debts").status_code == 200
        what = damage(settings.index_dir(), random.Random(seed))
        for address in ("/search?q=debts", "/search?q=долги", "/api/search?q=skolos", "/"):
            assert client.get(address).status_code == 200, f"seed {seed}: {what}"
        drain(engine, settings)
        assert b"being repaired" not in client.get("/search?q=debts").data, f"seed {seed}: {what}"
    gc.collect()


def sign_in_form(client: object) -> dict[str, str]:
    from netmap.demo import PASSWORD

    return {"email": "coordinator@demo.example", "password": PASSWORD, "csrf_token": client.token()}  # type: ignore[attr-defined]


@LEAVES_FILES_OPEN
def test_damage_below_an_open_searcher_is_noticed_at_the_next_question(
    engine: Engine, settings: Settings
) -> None:
    backend = open_backend(settings)
    with open_session(engine, reading=True) as session:
        assert not find(session, backend, settings, Question("debts")).degraded
        (segment,) = settings.index_dir().rglob("*.seg")
        content = bytearray(segment.read_bytes())
        content[len(content) // 2] ^= 1
        segment.write_bytes(content)
        assert find(session, backend, settings, Question("food")).degraded


def test_an_older_reading_never_overwrites_a_newer_one(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that waits for the lock reads the database once it has the lock, not before."""
    service = service_ids(engine)[3]
    with transaction(engine) as session:
        queue.later(session, KIND, ids=[service])
    alone, waited = WhooshBackend.alone, list[int]()

    @contextmanager
    def late(self: WhooshBackend) -> Iterator[None]:
        if not waited:  # the first worker waits; meanwhile a second one indexes a newer change
            waited.append(1)
            with transaction(engine) as other:
                other.get_one(Service, service).name = "The newest name"
                queue.later(other, KIND, ids=[service])
            drain(engine, settings)
        with alone(self):
            yield

    monkeypatch.setattr(WhooshBackend, "alone", late)
    drain(engine, settings)
    assert waited
    assert jobs_left(engine) == 0
    assert list(index(engine, settings)) == []
