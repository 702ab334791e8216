"""A change is found soon after it was made, while the worker works as it always does."""

import shutil
import time
from pathlib import Path

from sqlalchemy import select

from netmap.app import open_backend, start_worker
from netmap.db import open_engine, transaction
from netmap.directory.indexing import KIND
from netmap.directory.models import Service
from netmap.jobs import queue
from netmap.search.backend import Query
from netmap.vocabulary.words import terms
from tests.killing import settings_in

CHANGES = 10
MOST_SECONDS = 2.0


def test_changes_are_found_within_two_seconds(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    settings = settings_in(tmp_path / "data")
    engine, backend = open_engine(settings.database()), open_backend(settings)
    stop, lags = start_worker(engine, settings), []
    try:
        for number in range(CHANGES):
            name = f"Zyxwv{'abcdefghij'[number] * 4}"
            with transaction(engine) as session:
                one = session.scalars(select(Service).order_by(Service.id).offset(number).limit(1)).one()
                one.name = name
                queue.later(session, KIND, ids=[one.id])
            made, term = time.perf_counter(), terms(name, ("en",))[0]
            while backend.search(Query(terms=(term,))).total == 0:
                assert time.perf_counter() - made < 30
                time.sleep(0.02)
            lags.append(time.perf_counter() - made)
            time.sleep(0.13 * (number % 4))  # at any moment of the worker's half second
    finally:
        stop.set()
        engine.dispose()
    print(f"\n{CHANGES} changes were found after {sorted(round(lag, 2) for lag in lags)} s")
    assert sorted(lags)[int(0.95 * CHANGES) - 1] <= MOST_SECONDS
