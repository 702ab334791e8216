"""The database loses nothing."""

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from netmap import db
from netmap.db import UtcDateTime, open_session, transaction
from netmap.errors import Unavailable
from netmap.jobs.models import Job


def test_every_connection_has_the_safe_settings(engine: Engine) -> None:
    with engine.connect() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
        "secure_delete": 1,
    }


@pytest.mark.parametrize("name", ["secure_delete", "synchronous", "foreign_keys", "journal_mode"])
def test_a_connection_that_does_not_obey_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = {"secure_delete": "OFF", "synchronous": "NORMAL", "foreign_keys": "OFF", "journal_mode": "DELETE"}
    told = [(one, weak[one] if one == name else wish, answers) for one, wish, answers in db.PRAGMAS]
    monkeypatch.setattr(db, "PRAGMAS", told)
    with pytest.raises(Unavailable, match=name):
        db.open_engine(f"sqlite:///{tmp_path / 'x.db'}").connect()


def test_concurrent_read_modify_writes_are_not_lost(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(Job(kind="counter", payload={}))

    def add(times: int) -> None:
        for _ in range(times):
            with transaction(engine) as session:
                job = session.scalars(select(Job)).one()
                job.tries += 1

    threads = [threading.Thread(target=add, args=(25,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(Job)).one().tries == 100


def test_a_reading_session_does_not_wait_for_a_writer(engine: Engine) -> None:
    with transaction(engine) as writer:
        writer.add(Job(kind="long"))
        writer.flush()
        with open_session(engine, reading=True) as reader:
            assert reader.scalars(select(Job)).all() == []


def test_a_failed_transaction_leaves_nothing(engine: Engine) -> None:
    def half() -> None:
        with transaction(engine) as session:
            session.add(Job(kind="half"))
            session.flush()
            raise sqlite3.ProgrammingError("something breaks")

    with pytest.raises(sqlite3.ProgrammingError):
        half()
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(Job)).all() == []


def test_a_moment_without_a_zone_is_refused() -> None:
    column = UtcDateTime()
    with pytest.raises(ValueError, match="time zone"):
        column.process_bind_param(datetime(2026, 1, 1), object())  # noqa: DTZ001
    assert column.process_result_value(datetime(2026, 1, 1), object()) == datetime(2026, 1, 1, tzinfo=UTC)  # noqa: DTZ001
