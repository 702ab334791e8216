"""How well a re-import tells renamed records from new and gone ones, on a real directory with known changes.

    python -m benchmarks.renames FOLDER [--seeds 30] [--show]

FOLDER holds HSDS as CSV. For each seed some real records are kept out of the first edition and come in the
second, some go, some get another key (with and without another name or other words). Precision is the share
of the pairs told that are right, recall the share of the records with another key that were told.
"""

import argparse
import platform
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.editions import CORE, TABLES, editions, read, write
from netmap.app import import_all_models
from netmap.db import Base, open_engine, transaction
from netmap.directory.hsds import import_path


def measure(files: dict[str, list[dict[str, str]]], seed: int, share: float, show: bool) -> Counter[str]:
    """Return how many pairs were right, wrong and missed, by table."""
    first, second, truth = editions(files, seed, share)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as root:
        base = Path(root)
        engine = open_engine(f"sqlite:///{base}/netmap.db")
        Base.metadata.create_all(engine)
        with transaction(engine) as session:
            import_path(session, write(base / "first", first), source="list")
        started = time.perf_counter()
        with transaction(engine) as session:
            report = import_path(session, write(base / "second", second), source="list")
        found["ms"] = round(1000 * (time.perf_counter() - started))
        engine.dispose()
    for name in CORE:
        table = TABLES[name]
        told = {
            one.source_key[0]: (one.source_key[1], one)
            for one in report.renamed
            if one.table == table and one.why != ("key",)
        }
        right = {old for old, (new, _one) in told.items() if truth.rekeyed[name].get(old) == new}
        found[f"{table} right"] += len(right)
        found[f"{table} wrong"] += len(told) - len(right)
        found[f"{table} missed"] += len(truth.rekeyed[name].keys() - right)
        if show:
            for old in told.keys() - right:
                print("wrong", table, told[old][1])
            for old in truth.rekeyed[name].keys() - right:
                row = next(row for row in first[name] if row["id"] == old)
                now = next(row for row in second[name] if row["id"] == truth.rekeyed[name][old])
                print("missed", table, row["name"], "->", now["name"], "|", row["description"][:60])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--share", type=float, default=0.03)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    import_all_models()
    files, found = read(given.folder), Counter[str]()
    for seed in range(given.seeds):
        found += measure(files, seed, given.share, given.show)
    print(
        f"{given.seeds} seeds, Python {platform.python_version()}, "
        f"{found['ms'] / given.seeds:.0f} ms a re-import"
    )
    for table in (*TABLES.values(), "all"):
        right, wrong, missed = (
            sum(
                count
                for name, count in found.items()
                if name.endswith(kind) and table in (name.split()[0], "all")
            )
            for kind in ("right", "wrong", "missed")
        )
        precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
        print(
            f"{table:<13} precision {precision:.4f}  recall {recall:.4f}  "
            f"({right} right, {wrong} wrong, {missed} missed)"
        )


if __name__ == "__main__":
    main()
