"""Whole answers: `find` with database, ranking, the rows of 20 results and the reason for each.

    python -m benchmarks.answers [--services 10000] [--rounds 5]

The services are made up (benchmarks/made_up.py), in SQLite, with netmap's own engine; every question is asked
once before it is timed, so its words have been analysed. The figures are medians over rounds.
"""

import argparse
import os
import platform
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.made_up import fill, questions
from benchmarks.peers.measuring import Times, timed
from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import Base, now, open_engine, open_session, transaction
from netmap.directory.documents import all_documents, index_documents
from netmap.directory.find import Question, find
from netmap.directory.models import Service
from netmap.search.backend import Query
from netmap.search.whoosh_backend import WhooshBackend

CHANGES = 20


def answers(
    session: Session, settings: Settings, backend: WhooshBackend, asked: Sequence[str], rounds: int
) -> Mapping[str, Times]:
    """Return what whole answers take, by kind of question."""
    kinds: dict[str, dict[str, Any]] = {
        "words": {},
        "words, near a point": {"near": (55.0, 24.5), "within_km": 40.0},
        "words, open at a moment": {"open_at": now()},
    }
    found = {name: Times() for name in kinds}
    for _round in range(rounds + 1):
        for name, values in kinds.items():
            works = [partial(find, session, backend, settings, Question(text, **values)) for text in asked]
            found[name].rounds.append([timed(work) for work in works])
    for times in found.values():
        del times.rounds[0]
    return found


def changes(session: Session, backend: WhooshBackend) -> tuple[Times, Times]:
    """Return what it takes to write a changed service into the index, and the first search after that."""
    written, seen = [], []
    for one in session.scalars(select(Service.id).order_by(Service.id).limit(CHANGES)).all():
        written.append(timed(lambda one=one: backend.put(index_documents(session, [one]))))  # type: ignore[misc]
        seen.append(timed(partial(backend.search, Query(("zzz",)))))
    return Times([written]), Times([seen])


def run(folder: Path, services: int, rounds: int) -> None:
    """Make the data, then print all figures."""
    settings = Settings(data_dir=folder)
    engine = open_engine(settings.database())
    Base.metadata.create_all(engine)
    with transaction(engine) as session:
        fill(session, services)
    backend = WhooshBackend(settings.index_dir())
    asked = questions()
    with open_session(engine, reading=True) as session:
        building = timed(lambda: backend.rebuild(all_documents(session)))
        print(f"{services} services, {len(asked)} questions, {rounds} rounds")
        print(f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}", end=", ")
        print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
        print(f"analysis of all and writing the index: {building / 1000:.1f} s")
        print(f"\n{'whole answers with 20 results':<34}{'p50 ms':>9}{'p95 ms':>9}")
        for name, times in answers(session, settings, backend, asked, rounds).items():
            print(f"{name:<34}{times.p50:>9.2f}{times.p95:>9.2f}")
        written, seen = changes(session, backend)
        print(f"{'one changed service written':<34}{written.p50:>9.2f}{written.p95:>9.2f}")
        print(f"{'the first search after it':<34}{seen.p50:>9.2f}{seen.p95:>9.2f}")
    engine.dispose()


def main() -> None:
    """Measure one size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    import_all_models()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), given.services, given.rounds)


if __name__ == "__main__":
    main()
