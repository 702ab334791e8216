"""How fast a directory of 10,000 services comes in, beside a bare insert of the same rows.

    python -m benchmarks.importing [--services 10000] [--rounds 3]

netmap reads HSDS CSV, checks every cell, resolves references, compares with what is there and reports row by
row. The peer is the floor under that: csv.reader and sqlite3's executemany into tables without any check.
"""

import argparse
import csv
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.made_up import rows
from netmap.app import import_all_models
from netmap.db import Base, open_engine, transaction
from netmap.directory.hsds import import_path
from netmap.directory.models import Location, Organization, Schedule, Service, ServiceAtLocation

FILES = {
    "organizations": Organization,
    "services": Service,
    "locations": Location,
    "service_at_location": ServiceAtLocation,
    "schedules": Schedule,
}
OURS_ONLY = {"area_code", "text_language"}  # columns that HSDS does not have


def write(folder: Path, count: int) -> int:
    """Write the CSV files and return how many rows they hold."""
    made, number = rows(count), 0
    for name, table in FILES.items():
        header = [column for column in made[table][0] if column not in OURS_ONLY]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(made[table])
        number += len(made[table])
    return number


def bare(folder: Path, path: Path) -> None:
    """Insert the files as they are."""
    database = sqlite3.connect(path)
    for name in FILES:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader)
            database.execute(f"CREATE TABLE {name} ({', '.join(header)})")
            database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(header))})", reader)
    database.commit()
    database.close()


def ours(folder: Path, path: Path) -> tuple[float, float]:
    """Import into a new database, then once more; return the seconds of each."""
    engine = open_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    seconds = []
    for _turn in range(2):
        started = time.perf_counter()
        with transaction(engine) as session:
            import_path(session, folder, source="bench")
        seconds.append(time.perf_counter() - started)
    engine.dispose()
    return seconds[0], seconds[1]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    import_all_models()
    first, again, floor = [], [], []
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "csv"
        folder.mkdir()
        number = write(folder, given.services)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        for turn in range(given.rounds):
            started = time.perf_counter()
            bare(folder, Path(root) / f"bare{turn}.db")
            floor.append(time.perf_counter() - started)
            one, two = ours(folder, Path(root) / f"netmap{turn}.db")
            first.append(one)
            again.append(two)
    print(f"{given.services} services, {number} rows, {size:.1f} MB, {given.rounds} rounds")
    print(f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    print(f"\n{'':<28}{'seconds':>9}{'services/s':>12}{': bare':>9}")
    least = statistics.median(floor)
    for name, seconds in (
        ("bare insert", floor),
        ("netmap, first time", first),
        ("netmap, unchanged", again),
    ):
        middle = statistics.median(seconds)
        print(f"{name:<28}{middle:>9.2f}{given.services / middle:>12.0f}{middle / least:>9.1f}")


if __name__ == "__main__":
    main()
