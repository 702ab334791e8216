"""How fast 5,000 services with all their rows come in, beside a plain executemany of the same rows.

    python -m benchmarks.import_speed [--services 5000] [--rounds 3] [--write FILE]

netmap reads HSDS CSV in a process of its own, checks every cell, resolves references, compares with what is
here, keeps a journal for the undo and reports row by row. Beside it, in the same run: csv.reader and
executemany of sqlite3 with the same rows, into the same tables with the same indexes and references; and into
bare tables without any. Each round of each runs in a process of its own, so that its peak memory is its own.
Seconds are those of the processor, that of the reading process among them: other work may share the machine.
"""

import argparse
import csv
import json
import multiprocessing
import os
import platform
import resource
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.made_up import rows
from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import Base, open_engine
from netmap.directory.hsds_tables import SPECS
from netmap.importing.terminal import import_now
from netmap.importing.uploads import Uploads

TOWNS = ("Rivermouth", "Oldbridge", "Highfield")
OURS_ONLY = {"area_code", "text_language"}  # columns that HSDS does not have
Files = dict[str, list[dict[str, object]]]


def spent() -> float:
    """Return the processor's seconds of this process and of those that it started and that have ended."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def files(count: int) -> Files:
    """Return the rows of a directory by table, with every kind of child row that lists have."""
    made = {model.__tablename__: some for model, some in rows(count).items()}
    found: Files = {
        name: [{key: value for key, value in row.items() if key not in OURS_ONLY} for row in made[name]]
        for name in ("organization", "service", "location", "service_at_location", "schedule")
    }
    found |= {
        name: [] for name in ("address", "phone", "language", "cost_option", "required_document", "contact")
    }
    for n in range(count):
        key = f"s{n}"
        town = TOWNS[n % len(TOWNS)]
        found["address"].append(
            {"id": f"a{n}", "location_id": f"l{n}", "address_1": f"{n} Mill Lane", "city": town}
        )
        found["phone"].append({"id": f"t{n}", "service_id": key, "number": f"555 {n:05}"})
        found["language"].append({"id": f"g{n}", "service_id": key, "code": ("en", "ru", "lt")[n % 3]})
        found["cost_option"].append({"id": f"c{n}", "service_id": key, "amount": n % 20, "currency": "EUR"})
        found["required_document"].append({"id": f"d{n}", "service_id": key, "document": "Identity card"})
        found["contact"].append(
            {"id": f"k{n}", "service_id": key, "title": "Reception", "email": f"r{n}@x.example"}
        )
    return found


def write(folder: Path, found: Files) -> int:
    """Write the files and return how many rows they hold."""
    for name, some in found.items():
        with (folder / f"{SPECS[name].file}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(some[0]))
            writer.writeheader()
            writer.writerows(some)
    return sum(map(len, found.values()))


def empty(folder: Path) -> Path:
    """Make a database with every table of netmap and return its path."""
    import_all_models()
    path = folder / "netmap.db"
    engine = open_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


def bare(csvs: Path, folder: Path) -> list[float]:
    """Insert the files into tables without types, indexes or references."""
    started = spent()
    database = sqlite3.connect(folder / "bare.db")
    for path in csvs.iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader)
            database.execute(f"CREATE TABLE {path.stem} ({', '.join(header)})")
            database.executemany(f"INSERT INTO {path.stem} VALUES ({', '.join('?' * len(header))})", reader)
    database.commit()
    database.close()
    return [spent() - started]


def plain(csvs: Path, folder: Path) -> list[float]:
    """Insert the files into the tables of netmap, what the files lack filled with its defaults."""
    path = empty(folder)
    started = spent()
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("INSERT INTO source (id, name, note) VALUES ('bench', 'bench', '')")
    for name, spec in SPECS.items():
        if (csvs / f"{spec.file}.csv").is_file():
            with (csvs / f"{spec.file}.csv").open(encoding="utf-8", newline="") as file:
                reader = csv.reader(file)
                header = next(reader)
                given = {
                    column.name: "2026-11-26 12:00:00"
                    if column.name == "last_modified"
                    else getattr(column.default, "arg", "")
                    for column in spec.table.c
                    if not column.nullable and column.name not in header
                } | {"source_id": "bench"}
                columns = [*header, *given]
                marks = ", ".join("?" * len(columns))
                database.executemany(
                    f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})",
                    ([*(cell or None for cell in row), *given.values()] for row in reader),
                )
    database.commit()
    database.close()
    return [spent() - started]


def ours(csvs: Path, folder: Path) -> list[float]:
    """Import twice, as the command does, with the journal: all new, then nothing new."""
    engine = open_engine(f"sqlite:///{empty(folder)}")
    uploads, seconds = Uploads(folder), []
    from netmap.importing import work

    work.learn = lambda *_given: None  # suggestions of service types come after the import, and lock nobody
    for _turn in range(2):
        started = spent()
        import_now(engine, uploads, {"directory": csvs}, source="bench")
        seconds.append(spent() - started)
    engine.dispose()
    return seconds


WAYS: dict[str, Callable[[Path, Path], list[float]]] = {"bare": bare, "plain": plain, "netmap": ours}


def apart(way: str, csvs: str, out: "multiprocessing.Queue[tuple[list[float], float]]") -> None:
    with tempfile.TemporaryDirectory() as folder:
        seconds = WAYS[way](Path(csvs), Path(folder))
    out.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(way: str, csvs: Path) -> tuple[list[float], float]:
    """Return the seconds and the peak memory (MB) of one way, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    out: multiprocessing.Queue[tuple[list[float], float]] = context.Queue()
    child = context.Process(target=apart, args=(way, str(csvs), out))
    child.start()
    found = out.get()
    child.join()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, help="Write the figures as JSON.")
    given = parser.parse_args()
    Settings()
    with tempfile.TemporaryDirectory() as root:
        csvs = Path(root)
        number = write(csvs, files(given.services))
        size = sum(file.stat().st_size for file in csvs.iterdir()) / 1e6
        turns = [{way: measure(way, csvs) for way in WAYS} for _round in range(given.rounds)]
    lines = {
        "bare tables, executemany": [(turn["bare"][0][0], turn["bare"][1]) for turn in turns],
        "our tables, executemany": [(turn["plain"][0][0], turn["plain"][1]) for turn in turns],
        "netmap, all new": [(turn["netmap"][0][0], turn["netmap"][1]) for turn in turns],
        "netmap, nothing new": [(turn["netmap"][0][1], turn["netmap"][1]) for turn in turns],
    }
    middle = {
        name: (statistics.median(seconds for seconds, _mb in some), statistics.median(mb for _s, mb in some))
        for name, some in lines.items()
    }
    print(f"{given.services} services, {number} rows, {size:.1f} MB, {given.rounds} rounds, medians")
    print(f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    print(f"\n{'':<28}{'seconds':>9}{'services/s':>12}{': ours':>9}{'peak MB':>9}")
    base = middle["our tables, executemany"][0]
    for name, (seconds, megabytes) in middle.items():
        print(
            f"{name:<28}{seconds:>9.2f}{given.services / seconds:>12.0f}"
            f"{seconds / base:>9.1f}{megabytes:>9.0f}"
        )
    if given.write:
        figures = {name: {"seconds": seconds, "megabytes": mb} for name, (seconds, mb) in middle.items()}
        about = {"services": given.services, "rows": number, "rounds": given.rounds}
        given.write.write_text(json.dumps({**about, "ways": figures}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
