"""How fast the finished answer is, from a client in codes to all words, and the choice of providers in it.

    python -m benchmarks.matching_answers [--services 10000,100000] [--packages 1000] [--clients 60]

A database with that many made-up services and packages is made in a temporary folder (a minute for 100,000).
Then one process asks for clients one after another: first with nothing changed, then with one service changed
before each question. The answer holds five packages with all lines, providers, hours, places, alternatives,
near misses and reasons; what is not in it is the page. The choice of providers is also worked out one offer
at a time, as `netmap.matching.providers.serve` defines it, and must come to the same.
"""

import argparse
import json
import platform
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, update

from benchmarks.made_up_providers import fill
from benchmarks.matching import SEED, make_packages
from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import now, open_engine, open_session, transaction
from netmap.directory.models import Service
from netmap.directory.touched import index_later
from netmap.matching import providers
from netmap.matching.choices import SHOWN
from netmap.matching.choosing import Chooser
from netmap.matching.score import order, score_all
from netmap.matching.service import Matcher
from netmap.migrations.upgrade import upgrade
from netmap.vocabulary.terms import vocabulary

FACTS = ("single_parent", "veteran", "displaced", "large_family")
REPEATS = 3
PLAIN = 5  # so many clients are also served one offer at a time


def make_client(packages: list[Any], rng: random.Random) -> dict[str, Any]:
    """Return a client: most needs of a package and one other, some facts, a language, an area, hours."""
    profile = rng.choice(packages)[2].profile
    needs = [code for code in profile if rng.random() < 0.8] + rng.sample(sorted(vocabulary().needs), 1)
    return {
        "needs": {code: {"severity": rng.randint(1, 3), "urgency": rng.randint(0, 2)} for code in needs},
        "facts": {code: rng.choice(("yes", "no", "unknown")) for code in FACTS},
        "languages": [rng.choice(("lt", "ru", "en"))],
        "area": f"a{rng.randrange(40)}",
        "budget": rng.choice((0, 10, 30)),
        "hours": [{"day": "TU", "from": "09:00", "to": "12:00"}] if rng.random() < 0.5 else [],
    }


def resident() -> int:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4 // 1024


def clock(
    work: Callable[[dict[str, Any]], object],
    clients: list[dict[str, Any]],
    before: Callable[[], None] | None = None,
    repeats: int = REPEATS,
) -> str:
    """Return the milliseconds of work over the clients, as words: of every time, and of the best of some.

    Other work on the machine takes its caches away, so the best of some times says more about the program.
    """
    times, best = [], []
    for client in clients:
        found = []
        for _number in range(repeats):
            if before:
                before()
            start = time.thread_time()
            work(client)
            found.append((time.thread_time() - start) * 1000)
        times += found
        best.append(min(found))
    late = sorted(times)[int(0.95 * (len(times) - 1))]
    told = f"median {statistics.median(times):7.2f} ms   95 % {late:7.2f} ms"
    return f"{told}   best of {repeats}: {statistics.median(best):7.2f} ms"


class Office:
    """One process that answers."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings

    def answer(self, client: dict[str, Any]) -> dict[str, Any]:
        """Return the finished answer, as a request gets it."""
        with open_session(self.engine, reading=True) as session:
            return Matcher(session, self.settings).match(client)

    def change(self, number: int) -> None:
        """Change one service, as a person who edits it does."""
        key = f"s{number}"
        with transaction(self.engine) as session:
            session.execute(update(Service).where(Service.id == key).values(name=f"Renamed {number}"))
            index_later(session, {key})

    def choosing(self) -> tuple[Callable[[dict[str, Any]], object], Callable[[dict[str, Any]], object]]:
        """Return the choice of providers for lines of five packages: by arrays, and one offer at a time."""
        with open_session(self.engine, reading=True) as session:
            matcher = Matcher(session, self.settings)
            library, columns = matcher.library, matcher.supply.columns
        today = now().astimezone(self.settings.zone()).date()

        def types(values: dict[str, Any]) -> tuple[Any, list[str]]:
            client = matcher.read(values)
            places = order(library, score_all(library, client), 5)
            lines = [line for place in places for line in library.packages[place][2].lines]
            return client, list(dict.fromkeys(line.service_type for line in lines))

        def quick(values: dict[str, Any]) -> list[Any]:
            client, kinds = types(values)
            chooser = Chooser(columns, client, kinds, today=today)
            return [_names(chooser.serve(kind)) for kind in kinds]

        def plain(values: dict[str, Any]) -> list[Any]:
            client, kinds = types(values)
            shelves = {kind: columns.shelf(kind).offers for kind in kinds}
            return [_names(providers.serve(shelves[kind], client, kind, today=today)) for kind in kinds]

        return quick, plain


def _names(found: providers.Served) -> tuple[list[str], list[str]]:
    return (
        [one.offer.service_id for one in found.choices[:SHOWN]],
        [one.offer.service_id for one in found.near_misses],
    )


def measure(services: int, packages: list[Any], count: int) -> None:
    """Print the figures for one size of directory."""
    import_all_models()
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        engine = open_engine(settings.database())
        upgrade(engine)
        with transaction(engine) as session:
            fill(session, services, packages)
        rng = random.Random(SEED)
        clients = [make_client(packages, rng) for _number in range(count)]
        office, empty = Office(engine, settings), resident()
        start = time.process_time()
        first = office.answer(clients[0])
        took = time.process_time() - start
        print(f"\n{services} services, {len(packages)} packages, {count} clients")
        print(f"first answer (everything is read): {took:.1f} s; memory {empty} -> {resident()} MB")
        print(f"an answer is {len(json.dumps(first)) / 1000:.0f} kB of JSON")
        print(f"{'answer, nothing changed':<38} {clock(office.answer, clients)}")
        changing = iter(range(services))
        changed = clock(office.answer, clients, lambda: office.change(next(changing)))
        print(f"{'answer, one service changed before':<38} {changed}")
        quick, plain = office.choosing()
        for client in clients[:PLAIN]:
            if quick(client) != plain(client):
                raise SystemExit("arrays and the plain definition disagree")
        print(f"{'providers of five packages, arrays':<38} {clock(quick, clients)}")
        print(f"{'providers, one offer at a time':<38} {clock(plain, clients[:PLAIN], repeats=1)}")
        engine.dispose()


def main() -> None:
    """Print one table for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", default="10000,100000")
    parser.add_argument("--packages", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=60)
    options = parser.parse_args()
    packages = make_packages(options.packages, random.Random(SEED))
    print(f"{platform.machine()}, Python {platform.python_version()}, seed {SEED}")
    for services in (int(one) for one in options.services.split(",")):
        measure(services, packages, options.clients)


if __name__ == "__main__":
    main()
