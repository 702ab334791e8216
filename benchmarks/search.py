"""netmap's search beside other engines: the same documents, analysed words and questions, in one run.

    python -m benchmarks.search [--services 1000,10000,100000] [--rounds 5] [--engines any_word,tantivy]
                                [--readers 4] [--seconds 60] [--json figures.json]

Every engine is asked the same boolean question (benchmarks/peers/asked.py) and answers with the total, twenty
ids in its own order, and exact counts; before anything is timed, totals and counts of all questions are
compared; where two engines differ the run says so and ends as failed. "netmap, any word" is that question;
"netmap as shipped" leaves out what shares only the commonest words, so it finds less and is not compared.
Times are medians over rounds of p50 and p95 over questions, one engine after another in each round; an engine
that has used ``--seconds`` in one step takes no part in further rounds of it. What is not installed is named
as such.
"""

import argparse
import gc
import json
import os
import pickle
import platform
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.made_up_documents import documents
from benchmarks.peers import beyond, report
from benchmarks.peers.agreeing import answers, disagreements
from benchmarks.peers.asked import Engine, Found, Reader
from benchmarks.peers.measuring import compare, timed, visible
from benchmarks.peers.netmap_own import NetmapReader
from benchmarks.peers.questions import STEPS, asked_in, typed
from benchmarks.peers.reading import at_once
from benchmarks.peers.report import Figures
from benchmarks.peers.roster import ENGINES, INDEXES, SAME, engine, title
from netmap.search.backend import Document


class Run:
    """All engines over one number of documents."""

    def __init__(self, folder: Path, made: Sequence[Document], given: argparse.Namespace) -> None:
        self.folder, self.made, self.given = folder, made, given
        self.questions = typed()
        self.figures: dict[str, Figures] = {}
        self.engines: dict[str, Engine] = {}
        self.readers: dict[str, Reader] = {}
        self.wrong: list[str] = []

    def build(self) -> None:
        """Make the index of every engine that is installed, and open it."""
        for key in self.given.engines:
            figures = self.figures[key] = Figures()
            try:
                kind = engine(key)
            except ImportError:
                figures.why_not = "not installed"
                continue
            self.engines[key] = made = kind(self.index_of(key))
            if not self.index_of(key).exists():
                self.index_of(key).mkdir()
                _say(f"building {title(key)}")
                figures.build_s = timed(partial(made.build, self.made)) / 1000
                figures.disk_mb = _size(made, self.index_of(key)) / 1e6
            self.readers[key] = made.open()

    def index_of(self, key: str) -> Path:
        """Return the folder of an engine's index, which two may share."""
        return self.folder / INDEXES.get(key, key)

    def own(self) -> list[str]:
        """Return the engines that have an index of their own, and so figures of their own for it."""
        return [key for key in self.readers if self.figures[key].build_s is not None]

    def agree(self) -> None:
        """Compare what the engines find, and say at once where those that are asked the same differ."""
        for step in STEPS:
            asked = [asked_in(step, one) for one in self.questions]
            found: dict[str, list[Found]] = {}
            for key, reader in self.readers.items():
                _say(f"comparing {STEPS[step]}: {title(key)}")
                found[key] = answers(reader, asked)
            wrong = disagreements({key: found[key] for key in found if key in SAME})
            self.wrong += [f"{STEPS[step]}, {one}" for one in wrong]
            means = {title(key): statistics.mean(one.total for one in own) for key, own in found.items()}
            counted = ", ".join(f"{name} {mean:,.0f}" for name, mean in means.items())
            print(f"{STEPS[step]}: {'THE ENGINES DIFFER' if wrong else 'agreed'}; found on average {counted}")
            for one in wrong[:20]:
                print(one)

    def measure(self) -> None:
        """Take all times."""
        for step in STEPS:
            _say(f"measuring {STEPS[step]}")
            asked = [asked_in(step, one) for one in self.questions]
            for key, times in compare(self.readers, asked, self.given.rounds, self.given.seconds).items():
                self.figures[key].steps[step] = times

    def read(self) -> None:
        """Start readers in processes of their own."""
        path, given = self.folder / "asked", self.given
        path.write_bytes(pickle.dumps([asked_in("all_counts", one) for one in self.questions]))
        for key in self.own():
            _say(f"readers of {title(key)}")
            own = self.index_of(key)
            self.figures[key].alone = at_once(key, own, path, 1, given.reading_seconds)
            self.figures[key].together = at_once(key, own, path, given.readers, given.reading_seconds)

    def change(self) -> None:
        """Change one document after another; last of all, since it changes what is found."""
        for key in self.own():
            one = self.engines[key]
            if one.changes:
                _say(f"changes in {title(key)}")
                figures = self.figures[key]
                figures.visible, figures.worked = visible(
                    one, self.readers[key], self.made, self.given.seconds / 4
                )

    def close(self) -> None:
        """Let go of all engines, whatever has happened."""
        for one in self.engines.values():
            one.close()


def _say(text: str) -> None:
    """Say on the error output where the run is: it may take half an hour."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _size(made: Engine, folder: Path) -> int:
    if hasattr(made, "size"):
        return int(made.size())
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run(services: int, given: argparse.Namespace) -> dict[str, Any]:
    """Measure one size, print its tables, and return the figures."""
    _say(f"making {services:,} documents")
    made = list(documents(services))
    gc.collect()
    gc.freeze()  # what was made is not looked through again while others are timed
    folder = Path(tempfile.mkdtemp(prefix="bench-search-"))
    this = Run(folder, made, given)
    print(f"\n## {services:,} documents of {_words(made)} words, {len(this.questions)} questions\n")
    more: dict[str, Any] = {}
    try:
        this.build()
        this.agree()
        this.measure()
        print("\n" + report.times_table(this.figures))
        reader = this.readers.get("netmap")
        if isinstance(reader, NetmapReader):
            _say("what only netmap is asked")
            more = beyond.measured(reader.backend, this.questions, given.rounds)
            print("\n" + report.beyond_table(more))
        this.read()
        this.change()
        print("\n" + report.upkeep_table(this.figures, given.readers))
    finally:
        this.close()
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "services": services,
        "differences": this.wrong,
        "engines": {key: figures.as_dict() for key, figures in this.figures.items()},
        "beyond": {name: {**times.as_dict(), "found": total} for name, (times, total) in more.items()},
    }


def _words(made: Sequence[Document]) -> str:
    lengths = [sum(map(len, one.terms.values())) for one in made]
    terms = {term for one in made for words in one.terms.values() for term in words}
    return f"{statistics.mean(lengths):.0f} ({len(terms):,} different)"


def machine(engines: Sequence[str]) -> dict[str, Any]:
    """Return what the figures were taken on and with."""
    versions = {f"Python {platform.python_version()}", f"numpy {np.__version__}"}
    for key in engines:
        try:
            versions.add(engine(key).version())
        except ImportError:
            continue
    return {
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "load": round(os.getloadavg()[0], 1),
        "versions": sorted(versions),
    }


def main() -> None:
    """Measure all sizes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--services", type=_numbers, default=[1000, 10_000], help="numbers, with commas between"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", type=_engines, default=list(ENGINES), help=", ".join(ENGINES))
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of one engine in one step, beyond the first round"
    )
    parser.add_argument("--reading-seconds", type=float, default=5.0, help="that readers answer side by side")
    parser.add_argument("--json", type=Path, help="a file for all figures")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))  # so that a server is stopped with the run
    on = machine(given.engines)
    print(
        f"{on['when']}, {on['cores']} cores ({on['machine']}), load {on['load']}; {', '.join(on['versions'])}"
    )
    sizes = [run(services, given) for services in given.services]
    on["load_after"] = round(os.getloadavg()[0], 1)
    print(f"\nload at the end {on['load_after']}")
    if given.json:
        given.json.write_text(json.dumps({**on, "sizes": sizes}, indent=1) + "\n", encoding="utf-8")
    if any(size["differences"] for size in sizes):
        sys.exit("The engines do not agree, so their figures cannot be compared: see above.")


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _engines(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in ENGINES]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"there is no engine {', '.join(unknown)}; there are {', '.join(ENGINES)}"
        )
    return names


if __name__ == "__main__":
    main()
