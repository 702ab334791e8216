"""What was acknowledged is there, whoever is killed; writers at the same time lose nothing of each other."""

import random
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, text

from netmap.app import drain, open_backend
from netmap.config import Settings
from netmap.db import open_engine, open_session, transaction
from netmap.directory.find import Question, find
from netmap.directory.models import Service, ServiceTypeLink
from netmap.directory.typing import decide
from netmap.jobs.models import Job
from netmap.network.demand.unmet import Unmet, record_unmet_need
from netmap.network.models import UnmetNeed
from netmap.packages.models import Package, PackageVersion
from netmap.packages.service import get, save_version
from netmap.upkeep.backup import make_backup, unpack
from netmap.upkeep.doctor import examine
from netmap.upkeep.restore import restore
from tests.killing import kill, reported, running, settings_in

CODE = "drinking_single_parent_with_debts"
TYPE = "shelter"
PER_WRITER = 250
Acknowledged = tuple[str, Any]


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    return tmp_path / "data"


def count_up(engine: Engine) -> int:
    """Read the package, change one number in it, save a new version; return its number."""
    with transaction(engine) as session:
        found = get(session, CODE)
        changed = replace(found.document, max_km=float(found.number))
        return save_version(session, CODE, changed, by="a@b.example", note="", expected=found.number)


def record(engine: Engine, settings: Settings) -> str:
    with transaction(engine) as session:
        case = str(uuid4())  # each of another client: the same one counts once a week
        return record_unmet_need(session, settings, Unmet(need="fin.budgeting"), recorder=1, case=case).id


def decide_next(engine: Engine, number: int) -> tuple[str, str]:
    with transaction(engine) as session:
        services = session.scalars(select(Service.id).order_by(Service.id)).all()
        service = services[number % len(services)]
        state = ("confirmed", "rejected")[number // len(services) % 2]
        decide(session, service, TYPE, state, by="a@b.example")
    return service, state


def write_on(report: Connection, folder: Path, start: int) -> None:
    """Write through the services for ever, reporting what is committed as soon as it is."""
    settings = settings_in(folder)
    engine = open_engine(settings.database())
    number = start
    while True:
        report.send(("package", count_up(engine)))
        report.send(("unmet", record(engine, settings)))
        report.send(("type", decide_next(engine, number)))
        number += 1


class Truth:
    """What was acknowledged so far, to be compared with what is there."""

    def __init__(self) -> None:
        self.version, self.unmet, self.types, self.total = 1, set[str](), dict[str, str](), 0

    def add(self, what: Acknowledged) -> None:
        self.total += 1
        kind, value = what
        if kind == "package":
            self.version = value
        elif kind == "unmet":
            self.unmet.add(value)
        else:
            self.types[value[0]] = value[1]

    def lost(self, engine: Engine) -> list[str]:
        """Return what is missing or half there: at most the one write in the middle may be new."""
        with open_session(engine, reading=True) as session:
            current = session.scalar(select(Package.current).where(Package.code == CODE)) or 0
            query = select(PackageVersion.number).where(PackageVersion.package_code == CODE)
            numbers = list(session.scalars(query.order_by(PackageVersion.number)))
            last = get(session, CODE).document.max_km
            unmet = set(session.scalars(select(UnmetNeed.id)))
            query = select(ServiceTypeLink.service_id, ServiceTypeLink.state).where(
                ServiceTypeLink.code == TYPE
            )
            types = {row.service_id: row.state for row in session.execute(query)}
            # Each decision has its job exactly if it is there: both were one transaction.
            jobs = session.scalar(select(func.count()).select_from(Job)) or 0
            whole = session.scalar(text("PRAGMA integrity_check"))
        changed = {one for one, state in self.types.items() if types.get(one) != state}
        surplus = current - self.version + len(unmet - self.unmet) + (jobs - self.decisions)
        problems = [
            *(f"the database is damaged: {whole}" for _ in [1] if whole != "ok"),
            *(
                f"versions are {numbers[-3:]}, current {current}"
                for _ in [1]
                if numbers != list(range(1, current + 1))
            ),
            *(f"version {self.version} is gone" for _ in [1] if current < self.version),
            *(f"version {current} holds {last}" for _ in [1] if current > 1 and last != current - 1),
            *(f"unmet need {one} is gone" for one in self.unmet - unmet),
            *(f"{len(changed)} decisions differ" for _ in [1] if len(changed) > jobs - self.decisions),
            *(f"{surplus} writes are new" for _ in [1] if surplus > 1),
            *("a decision without its job" for _ in [1] if jobs < self.decisions),
        ]
        self.version, self.unmet, self.decisions = current, unmet, jobs
        self.types |= {one: types[one] for one in self.types if one in types}
        return problems

    decisions = 0


def kill_writers(folder: Path, cycles: int, least: int, most: int) -> Truth:
    """Let a writer write, kill it after a random number of acknowledged writes, compare, and so on."""
    chance, truth = random.Random(7), Truth()
    engine = open_engine(settings_in(folder).database())
    with transaction(engine) as session:  # jobs of the preparation would be counted as well
        session.execute(text("DELETE FROM job"))
    for cycle in range(cycles):
        wanted = truth.total + chance.randint(least, most)
        with running(write_on, folder, cycle * 1000) as (writer, reading):
            for one in reported(reading):
                truth.add(one)
                truth.decisions += one[0] == "type"
                if truth.total == wanted:
                    time.sleep(chance.random() * 0.004)  # anywhere in the next writes
                    kill(writer)
        assert truth.lost(engine) == [], f"cycle {cycle}"
    engine.dispose()
    return truth


def test_a_writer_that_is_killed_loses_nothing_that_was_acknowledged(folder: Path) -> None:
    assert kill_writers(folder, cycles=2, least=5, most=40).total >= 15


@pytest.mark.slow
def test_fifty_kills_lose_nothing_of_ten_thousand_acknowledged_writes(folder: Path) -> None:
    truth = kill_writers(folder, cycles=50, least=180, most=260)
    print(f"\n{truth.total} acknowledged writes over 50 kills, 0 lost")
    assert truth.total >= 10_000
    engine = open_engine(settings_in(folder).database())
    drain(engine, settings_in(folder))
    assert [one for one in examine(engine, settings_in(folder)) if one.severity != "note"] == []
    engine.dispose()


def count_up_often(report: Connection, folder: Path, times: int) -> None:
    engine = open_engine(settings_in(folder).database())
    for _turn in range(times):
        begun = time.perf_counter()
        try:
            count_up(engine)
        except Exception as error:
            report.send(f"{type(error).__name__}: {error}"[:200])
        else:
            report.send(time.perf_counter() - begun)


def four_writers(folder: Path, times: int) -> tuple[int, list[str], list[float]]:
    """Return the last version, what people would have seen as errors, and how long each write took."""
    with (
        running(count_up_often, folder, times) as (_p1, one),
        running(count_up_often, folder, times) as (_p2, two),
        running(count_up_often, folder, times) as (_p3, three),
        running(count_up_often, folder, times) as (_p4, four),
    ):
        answers = [answer for reading in (one, two, three, four) for answer in reported(reading)]
    engine = open_engine(settings_in(folder).database())
    with open_session(engine, reading=True) as session:
        number = get(session, CODE).number
    engine.dispose()
    waits = sorted(answer for answer in answers if isinstance(answer, float))
    return number, [answer for answer in answers if isinstance(answer, str)], waits


@pytest.mark.parametrize("times", [15, pytest.param(PER_WRITER, marks=pytest.mark.slow)])
def test_four_writers_on_one_record_lose_nothing_and_meet_no_lock(folder: Path, times: int) -> None:
    number, errors, waits = four_writers(folder, times)
    print(f"\n4 x {times} read-modify-writes: p50 {waits[len(waits) // 2]:.3f} s, "
          f"p99 {waits[int(len(waits) * 0.99)]:.3f} s, slowest {waits[-1]:.3f} s")  # fmt: skip
    assert errors == []
    assert number == 1 + 4 * times


def write_until_told(report: Connection, folder: Path, start: int) -> None:
    report.send("begun")
    write_on(report, folder, start)


@pytest.mark.parametrize("turns", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_a_backup_under_two_writers_is_a_whole_moment_and_comes_back(
    folder: Path, tmp_path: Path, turns: int
) -> None:
    settings = settings_in(folder)
    with (
        running(write_until_told, folder, 0) as (_p1, one),
        running(write_until_told, folder, 31) as (_p2, two),
    ):
        assert [one.recv(), two.recv()] == ["begun", "begun"]
        backups, acknowledged = [], list[Acknowledged]()
        for turn in range(turns):
            for _number in range(30):
                acknowledged += [one.recv(), two.recv()]
            for reading in (one, two):  # they do not wait to be heard
                while reading.poll():
                    acknowledged.append(reading.recv())
            path, manifest = make_backup(settings, tmp_path / f"{turn}.zip")
            backups.append(path)
            recorded = sum(kind == "unmet" for kind, _value in acknowledged)
            assert manifest.tables["unmet_need"] >= recorded, "what was acknowledged before is in it"
    for turn, backup in enumerate(backups):
        there = replace(settings, data_dir=tmp_path / f"again-{turn}")
        found = restore(there, backup)
        packed = tmp_path / f"packed-{turn}"
        packed.mkdir()
        unpack(backup, packed)
        assert contents(there.database()) == contents(f"sqlite:///{packed / 'netmap.db'}")
        assert_whole(there, found.manifest.tables)


def assert_whole(there: Settings, counts: dict[str, int]) -> None:
    """Nothing in the copy is half: every decision has its job, the package its version; search works."""
    # (The jobs themselves are done: the index was made from the copy.)
    engine = open_engine(there.database())
    with open_session(engine, reading=True) as session:
        decided = select(func.count()).where(ServiceTypeLink.decided_by == "a@b.example")
        assert (session.scalar(decided) or 0) <= counts["job"]
        assert get(session, CODE).document.max_km == get(session, CODE).number - 1
        assert find(session, open_backend(there), there, Question("mortgage debt")).total > 0
    assert [one for one in examine(engine, there) if one.severity != "note"] == []
    engine.dispose()


def contents(url: str) -> dict[str, list[str]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ).all()
        read: Callable[[str], list[str]] = lambda name: sorted(  # noqa: E731
            repr(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')
        )
        found = {name: read(name) for name in names}
    engine.dispose()
    del found["job"]  # done by making the index
    return found
