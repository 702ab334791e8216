"""How long the queue of calls takes at 100,000 services, beside the same sum row by row in plain Python.

    python -m benchmarks.upkeep_queue [--services 100000] [--rounds 5]

netmap reads columns and works out all harms in one pass over arrays, then reads what the first 25 providers
show. The peer reads the same rows with sqlite3 and does the same formula for one service after the other; it
shows nothing. Both must give the same first 25 providers before a time is printed.
"""

import argparse
import os
import platform
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import Base, open_engine, open_session
from netmap.directory.models import Organization, Phone, Schedule, Service
from netmap.freshness import harm
from netmap.freshness.models import Call, ServiceUse
from netmap.freshness.queue import Ranking

TODAY = date(2026, 11, 26)
MOMENT = datetime(2026, 11, 26, 10, tzinfo=UTC)
PAGE = 25


def fill(path: Path, count: int) -> None:
    """Make services of which a third were never confirmed, use of twelve weeks for a quarter, and calls."""
    chance, monday = random.Random(6), TODAY - timedelta(days=TODAY.weekday())
    owners = [f"o{number}" for number in range(count // 3)]
    made: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    for one in owners:
        rhythm = chance.choice((None, None, None, 30, 90))
        made[Organization].append({"id": one, "name": f"Office {one}", "review_days": rhythm})
        made[Phone].append({"id": f"p{one}", "organization_id": one, "number": f"+44 1632 {one}"})
    for number in range(count):
        day = TODAY - timedelta(days=chance.randrange(900)) if chance.random() < 0.67 else None
        made[Service].append(
            {
                "id": f"s{number}", "name": f"Help {number}", "organization_id": chance.choice(owners),
                "status": "active", "assured_date": day,
                "review_days": chance.choice((None, None, None, 60, 180)),
                "alert_until": TODAY - timedelta(days=3) if chance.random() < 0.02 else None,
            }
        )  # fmt: skip
        for turn in range(2):
            made[Schedule].append(
                {
                    "id": f"h{number}-{turn}", "service_id": f"s{number}", "closed": False,
                    "valid_to": TODAY - timedelta(days=9) if number % 50 == 0 else None,
                    "unread": "by the moon" if number % 70 == 0 else None,
                }
            )  # fmt: skip
        if chance.random() < 0.25:
            for week in range(harm.WEEKS):
                counts = {kind: chance.randrange(4) for kind in harm.WEIGHTS}
                made[ServiceUse].append(
                    {"service_id": f"s{number}", "week": monday - timedelta(weeks=week), **counts}
                )
    for number, one in enumerate(chance.sample(owners, len(owners) // 20)):
        made[Call].append(
            {
                "id": number + 1, "by": "ann@office.example", "desk": one, "organization_id": one, "note": "",
                "at": MOMENT - timedelta(days=chance.randrange(2, 60)),
                "outcome": chance.choice(("confirmed", "changed", "no_answer", "wrong_number")),
            }
        )  # fmt: skip
    import_all_models()
    engine = open_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for table, rows in made.items():
            connection.execute(insert(table), rows)
    engine.dispose()


def ours(path: Path) -> list[str]:
    """Return the first providers as the page shows them."""
    engine = open_engine(f"sqlite:///{path}")
    settings = Settings(data_dir=path.parent, secret_key="k" * 64, timezone="UTC")
    with open_session(engine, reading=True) as session:
        found = Ranking(session, settings, MOMENT).page(PAGE)
    engine.dispose()
    assert all(one.phone and one.services for one in found.desks)
    return [one.desk for one in found.desks]


def row_by_row(path: Path) -> list[str]:
    """Return the first providers by the same formula, one service after the other."""
    database = sqlite3.connect(path)
    today, monday = TODAY.isoformat(), TODAY - timedelta(days=TODAY.weekday())
    rhythms = dict(database.execute("SELECT id, review_days FROM organization"))
    use: dict[str, float] = defaultdict(float)
    share = sum(2 ** (-week / harm.HALF_WEEKS) for week in range(harm.WEEKS))
    kinds = list(harm.WEIGHTS)
    for service, week, *counts in database.execute(
        f"SELECT service_id, week, {', '.join(kinds)} FROM service_use"
    ):
        ago = (monday - date.fromisoformat(week)).days / 7
        together = sum(harm.WEIGHTS[kind] * number for kind, number in zip(kinds, counts, strict=True))
        use[service] += together * 2 ** (-ago / harm.HALF_WEEKS) / share
    calls: dict[str, list[Any]] = defaultdict(list)
    for desk, outcome, at in database.execute("SELECT desk, outcome, at FROM call ORDER BY at"):
        calls[desk].append((outcome, at))
    last: dict[str, str] = {}
    unread = set()
    for service, until, words in database.execute("SELECT service_id, valid_to, unread FROM schedule"):
        last[service] = max(last.get(service, ""), until or "9999-12-31")
        if words:
            unread.add(service)
    together: dict[str, float] = defaultdict(float)
    rows = "SELECT id, organization_id, assured_date, review_days, alert_until FROM service ORDER BY id"
    for service, desk, day, own, notice in database.execute(rows):
        known = calls.get(desk, [])
        reached = [one for one, _at in known if one in ("confirmed", "changed", "closed")]
        changed = sum(one != "confirmed" for one in reached)
        first, whole = harm.CHANGE_PRIOR
        habit = min(max((changed + first) / (len(reached) + whole) - first / whole, 0), harm.CHANGES_MOST)
        half = (own or rhythms[desk] or 365) * (1 - habit)
        ages = harm.NEVER_RHYTHMS if day is None else max((TODAY - date.fromisoformat(day)).days, 0) / half
        true = 2**-ages
        ended = known[-1] if known else ("", "")
        lately = ended[1] >= (TODAY - timedelta(days=14)).isoformat()
        signs = {
            "notice_over": notice is not None and notice < today,
            "hours_over": last.get(service, "9999") < today,
            "hours_unread": service in unread,
            "wrong_number": ended[0] == "wrong_number",
            "no_answer": ended[0] == "no_answer" and lately,
        }
        for sign, holds in signs.items():
            true *= 1 - harm.SIGNS[sign] if holds else 1
        together[desk] += (use[service] + harm.LEAST) * (1 - true)
    database.close()
    return sorted(together, key=lambda desk: -together[desk])[:PAGE]


def timed(work: Callable[[Path], list[str]], path: Path, rounds: int) -> tuple[float, list[str]]:
    """Return the median seconds of processor time, and what was found."""
    seconds, found = [], []
    for _round in range(rounds):
        begun = time.process_time()
        found = work(path)
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds), found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "netmap.db"
        fill(path, given.services)
        our_time, found = timed(ours, path, given.rounds)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        peer_time, expected = timed(row_by_row, path, given.rounds)
    assert found == expected, "the two do not agree on whom to ring first"
    lines = [
        f"{given.services:,} services, median of {given.rounds} rounds, seconds of processor time. "
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores ({platform.machine()}), load "
        f"{os.getloadavg()[0]:.1f}, Python {platform.python_version()}, numpy {np.__version__}.",
        "",
        "| | seconds |",
        "|---|---|",
        f"| the queue with its first {PAGE} providers and all their reasons | {our_time:.2f} |",
        f"| the same sum row by row (sqlite3, plain Python), without names and reasons | {peer_time:.2f} |",
        "",
        f"Both name the same first {PAGE} providers. Peak memory, filling included: {memory:.0f} MB.",
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
