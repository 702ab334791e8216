"""The whole examination: every check, one after the other; a check that fails is a finding itself."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import open_session
from netmap.upkeep import database, feeds, folder, impossible, index, records, waiting
from netmap.upkeep.findings import Finding

Check = Callable[[Engine, Settings], Iterator[Finding]]
_log = logging.getLogger(__name__)


def examine(engine: Engine, settings: Settings, *, slow: bool = False) -> list[Finding]:
    """Return everything that is not well, the database first; nothing is changed.

    ``slow`` also looks for duplicates.
    """
    # Only reading: an examination must not make people wait.
    reading = engine.execution_options(netmap_reading=True)
    checks = {name: check for name, check in CHECKS.items() if slow or name not in SLOW}
    return [finding for name, check in checks.items() for finding in _run(name, check, reading, settings)]


def _run(name: str, check: Check, engine: Engine, settings: Settings) -> list[Finding]:
    try:
        return list(check(engine, settings))
    except DatabaseError as error:
        reason = str(error.orig)
    except Exception as error:  # whatever is broken, the other checks still have something to say
        _log.exception("the check %s failed", name)
        reason = f"{type(error).__name__}: {error}"
    sentence = (
        f"The check '{name}' could not be done ({reason[:200]}). Mend the other findings first; if it still "
        "cannot be done, bring the last backup back with `netmap restore`."
    )
    return [Finding(name, "error", " ".join(sentence.split()))]


def _of_engine(
    check: Callable[[Engine], Iterator[Finding]], engine: Engine, _settings: Settings
) -> Iterator[Finding]:
    return check(engine)


def _of_session(
    check: Callable[[Session], Iterator[Finding]], engine: Engine, _settings: Settings
) -> Iterator[Finding]:
    with open_session(engine, reading=True) as session:
        yield from check(session)


def _with_settings(
    check: Callable[[Session, Settings], Iterator[Finding]], engine: Engine, settings: Settings
) -> Iterator[Finding]:
    with open_session(engine, reading=True) as session:
        yield from check(session, settings)


SLOW = frozenset({"duplicate"})  # takes seconds where there are tens of thousands of records
CHECKS: Mapping[str, Check] = {
    "database": partial(_of_engine, database.integrity),
    "references": partial(_of_engine, database.references),
    "settings": partial(_of_engine, database.pragmas),
    "schema": partial(_of_engine, database.schema),
    "guards": partial(_of_engine, database.guards),
    "index": index.index,
    "jobs": index.jobs,
    "dangling": partial(_of_session, records.nowhere),
    "stale": partial(_with_settings, waiting.stale),
    "duplicate": partial(_with_settings, waiting.duplicate),
    "impossible": partial(_with_settings, impossible.impossible),
    "feeds": partial(_of_session, feeds.stale),
    "folder": folder.permissions,
    "room": folder.room,
    "backup": folder.backups,
}
