"""The database: one base class, one way to open it, one way to begin."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from netmap.errors import Unavailable

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and given back with its zone (SQLite forgets zones)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        """Turn an aware moment into naive UTC; refuse a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        """Give the stored moment its zone back."""
        return value.replace(tzinfo=UTC) if value is not None else None


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def open_engine(url: str) -> Engine:
    """Return an engine whose transactions lose nothing.

    Notes
    -----
    SQLite: write-ahead log, full synchronisation, foreign keys, and ``BEGIN IMMEDIATE`` for
    everything that may write: with the default transactions concurrent read-modify-writes are
    lost without any error. Sessions for reading begin plainly, so readers never wait.
    """
    # Errors are logged; what was typed must not stand in them.
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


# What every connection is told, and what it has to answer; write-ahead logs do not exist in memory.
BUSY_TIMEOUT = 10000  # milliseconds, for what is not the turn to write
PRAGMAS = (
    ("busy_timeout", BUSY_TIMEOUT, {BUSY_TIMEOUT}),
    ("journal_mode", "WAL", {"wal", "memory"}),
    ("synchronous", "FULL", {2}),
    ("foreign_keys", "ON", {1}),
    (
        "secure_delete",
        "ON",
        {1},
    ),  # what is deleted is overwritten; some builds of SQLite leave it
)


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    try:
        for name, wish, answers in PRAGMAS:
            cursor.execute(f"PRAGMA {name}={wish}")
            (found,) = cursor.execute(f"PRAGMA {name}").fetchone()
            if found not in answers:
                raise Unavailable(
                    f"SQLite does not take {name}={wish} (it says {found}). Keep NETMAP_DATA_DIR on a "
                    "local disk and use a SQLite built with its usual options."
                )
    finally:
        cursor.close()


LONGEST_TURN = 60.0  # seconds that a writer waits for the others
ASK_AGAIN = 0.004  # seconds


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("netmap_reading", False):
        connection.exec_driver_sql("BEGIN")
        return
    _wait_for_turn(connection)


def _wait_for_turn(connection: Connection) -> None:
    """Begin to write when the others are done.

    SQLite asks less and less often the longer it waits, so that on a busy machine newcomers go first and
    somebody waits in vain. Here everybody asks equally often, however long they have waited.
    """
    cursor = connection.connection.cursor()
    last = monotonic() + LONGEST_TURN
    try:
        cursor.execute("PRAGMA busy_timeout=0")
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > last:
                    break
            sleep(ASK_AGAIN)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # once more, to fail as every statement does
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        cursor.close()


def open_session(engine: Engine, *, reading: bool = False) -> Session:
    """Return a session; ``reading=True`` is for work that never commits."""
    return Session(
        engine.execution_options(netmap_reading=True) if reading else engine, expire_on_commit=False
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session and commit it at the end, or roll everything back."""
    with open_session(engine) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
