"""The whole gap pass, and the page that reads what is kept of it.

    python -m benchmarks.gaps [--services 10000 100000] [--areas 2000] [--packages 50] [--pairs 200000]

The county is that of `made_up_county.py`, with six lines a package. The peer is the plain definition: `judge`
asked for every service of the kind in every area, for a sample of lines and areas drawn with a seed and
scaled to all pairs; on the sample both must find the same services before a time is printed. CPU seconds of
one thread, the median of five passes; memory by tracemalloc in a pass of its own, above what areas, offers
and packages take. Then the survey for the page is made as the worker makes it, and the page is asked for by
a signed-in planner in this process: CPU milliseconds and SQL statements.
"""

import argparse
import gc
import os
import platform
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.load import EMAIL, PASSWORD
from benchmarks.made_up_county import fill
from benchmarks.pages import Counter, measure
from netmap.app import create_app, import_all_models
from netmap.auth.service import add_user
from netmap.config import Settings
from netmap.db import Base, open_engine, open_session, transaction
from netmap.directory.eligibility import judge
from netmap.network.cells.engine import Survey, survey
from netmap.network.cells.ground import Ground
from netmap.network.gaps.loading import Question, load
from netmap.network.gaps.surveying import make

SEED = 20261127
TIMES = 5


def cpu(work: Callable[[], object], times: int = 1) -> float:
    """Return the median CPU seconds of some work."""
    spent = []
    for _time in range(times):
        gc.collect()
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return statistics.median(spent)


def whole_pass(question: Question) -> Survey:
    """Work out all cells, hand-offs and capacities from areas, offers and packages, with nothing kept."""
    ground = Ground(question.ground.areas, question.ground.offers)
    context = replace(question.everything.context, _heads={})
    profiles = question.profiles.values()
    return survey(ground, profiles, question.day, question.settings.stale_days, context)


def pairs_of(question: Question) -> int:
    """Return how many pairs of service and area the plain definition has to look at."""
    lines = [line for profile in question.profiles.values() for line in profile.lines]
    offers = sum(len(question.ground.of_type(line.service_type).offers) for line in lines)
    return offers * len(question.ground.areas)


def plain(question: Question, found: Survey, most: int) -> tuple[float, int]:
    """Judge pairs one by one until there are ``most``; stop if another number of services passes."""
    chance, seen, spent = random.Random(SEED), 0, 0.0
    rows = found.cells.table.rows
    while seen < most:
        number, column = chance.randrange(len(rows)), chance.randrange(len(question.ground.areas))
        profile, line, area = (
            question.profiles[rows[number].profile],
            rows[number].line,
            question.ground.areas[column],
        )
        asker = replace(profile.typical, area=area.code, point=area.point, duration=line.duration or None)  # type: ignore[arg-type]
        offers = question.ground.of_type(line.service_type).offers
        begun, passing = time.process_time(), 0
        for offer in offers:
            verdicts = judge(offer, asker, line.service_type)
            passing += all(verdict.outcome == "pass" for verdict in verdicts.values())
        spent += time.process_time() - begun
        seen += len(offers)
        if passing != found.cells.table.n_lo[number, column]:
            raise SystemExit(f"the two sides disagree about {line.key} of {profile.code} in {area.code}")
    return spent, seen


def measure_pass(question: Question, most: int) -> None:
    """Print what a whole pass costs, beside the plain definition."""
    found = whole_pass(question)
    spent = cpu(partial(whole_pass, question), TIMES)
    gc.collect()
    tracemalloc.start()
    kept = whole_pass(question)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"        {len(kept.cells):,} cells: whole pass {spent:.2f} s, peak {peak:.0f} MB")
    slow, seen = plain(question, found, most)
    scaled = slow * pairs_of(question) / seen
    ratio = scaled / spent
    print(
        f"        judge for every pair ({seen:,} pairs, scaled): {scaled:,.0f} s, {ratio:,.0f} times as long"
    )
    ranked = cpu(lambda: question.cards() + question.apart())
    print(f"        one more pass with all cards: {ranked:.2f} s", flush=True)


def run(services: int, areas: int, packages: int, most: int) -> None:
    """Measure everything at one size."""
    with tempfile.TemporaryDirectory(prefix="netmap-gaps-") as name:
        settings = Settings(data_dir=Path(name), secret_key="k" * 64)
        import_all_models()
        engine = open_engine(settings.database())
        Base.metadata.create_all(engine)
        with transaction(engine) as session:
            fill(session, services, areas, packages)
            add_user(session, EMAIL, PASSWORD, "planner")
        with open_session(engine, reading=True) as session:
            begun = time.process_time()
            question = load(session, settings)
            loading = time.process_time() - begun
        print(f"{services:>7,} services: reading the directory {loading:.1f} s")
        measure_pass(question, most)
        del question
        with open_session(engine, reading=True) as session:
            made = make(session, engine, settings)
        print(f"        survey for the page: {made.seconds:.0f} s, {made.gaps:,} gaps", flush=True)
        engine.dispose()
        _pages(settings, services)


def _pages(settings: Settings, services: int) -> None:
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    counter = Counter(app.extensions["netmap_engine"])
    for kind, path in (
        ("gaps", "/gaps"),
        ("by rate", "/gaps?order=rate&page=3"),
        ("one package", "/gaps?package=package_007"),
        ("one area", "/gaps?area=a7"),
        ("a district", "/gaps?area=d1_1"),
        ("too few places", "/gaps?kind=CAPACITY"),
    ):
        measure(kind, services, lambda _number, path=path: client.get(path).status_code, counter, 30)  # type: ignore[misc]
    app.extensions["netmap_engine"].dispose()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--areas", type=int, default=2_000)
    parser.add_argument("--packages", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=200_000)
    given = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}, seed {SEED}")
    for services in given.services:
        run(services, given.areas, given.packages, given.pairs)


if __name__ == "__main__":
    main()
