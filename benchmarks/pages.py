"""What the list, the page of a service, its form and a save cost: CPU milliseconds and SQL statements.

    python -m benchmarks.pages [--services 2000 20000] [--times 100]

Made-up services, one signed-in coordinator, the application in this process without a web server. CPU time of
the process, the median and the 95th percentile of ``--times`` requests after ten that do not count, and the
median number of statements, without the one that begins the transaction.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, update

from benchmarks.load import EMAIL, PASSWORD, prepare
from benchmarks.made_up import questions
from netmap.app import create_app
from netmap.auth.models import User
from netmap.config import Settings
from netmap.db import open_session, transaction
from netmap.directory.models import Service
from netmap.editing import record

WARM = 10


class Counter:
    """How many statements were sent since it was set to zero."""

    def __init__(self, engine: Engine) -> None:
        self.number = 0
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.number += not statement.startswith("BEGIN")


def measure(name: str, services: int, ask: Callable[[int], int], counter: Counter, times: int) -> None:
    """Send a request many times and print what it cost."""
    spent, sent = [], []
    for number in range(WARM + times):
        counter.number, begun = 0, time.process_time()
        if (status := ask(number)) >= 400:
            raise SystemExit(f"{name} answered {status}")
        if number >= WARM:
            spent.append((time.process_time() - begun) * 1000)
            sent.append(counter.number)
    p95 = sorted(spent)[int(len(spent) * 0.95)]
    told = f"{statistics.median(spent):6.1f} ms  p95 {p95:6.1f} ms  SQL {statistics.median(sent):.0f}"
    print(f"{services:>7,} {name:<14} {told}", flush=True)


def run(services: int, times: int) -> None:
    """Measure all requests at one size."""
    with tempfile.TemporaryDirectory(prefix="netmap-pages-") as name:
        settings = Settings(data_dir=Path(name) / "data", secret_key="k" * 64)
        ids = prepare(settings, services)
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        engine = app.extensions["netmap_engine"]
        with transaction(engine) as session:
            session.execute(update(User).values(role="coordinator"))
        client = app.test_client()
        client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
        counter, asked = Counter(engine), [f"/search?q={quote(text)}" for text in questions()]
        pages = [f"/services/{one}" for one in ids]
        forms = [f"/services/{one}/edit" for one in ids]
        for kind, paths in (("list", asked), ("service page", pages), ("form", forms)):
            measure(kind, services, partial(_get, client, paths), counter, times)
        measure("save", services, partial(_save, client, engine, ids), counter, times)
        engine.dispose()


def _get(client: FlaskClient, paths: Sequence[str], number: int) -> int:
    return client.get(paths[number % len(paths)]).status_code


def _save(client: FlaskClient, engine: Engine, ids: Sequence[str], number: int) -> int:
    """Save the form of a service with another name; reading it before is a part of what is measured."""
    one = ids[number % len(ids)]
    with open_session(engine, reading=True) as session:
        fields = record.read(session, "service", one)
        version = session.get_one(Service, one).version
    sent = {"version": str(version), "base": json.dumps(fields), "whole": "yes", "do": "save"}
    form = {**fields, "alternate_name": f"number {number}", **sent}
    return client.post(f"/services/{one}/edit", data=form).status_code


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--times", type=int, default=100)
    given = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    for services in given.services:
        run(services, given.times)


if __name__ == "__main__":
    main()
