"""Processes that only read: how soon they are open, what memory they need, how many questions they answer.

Each is a fresh process over an index that lies ready. Memory is what the system says of it once it has
answered all questions, less what it said when the same modules were imported and nothing was open. It is read
while all readers live, so that pages which they share count as shared; a server's process counts with its
client.
"""

import json
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.peers.asked import Asked
from benchmarks.peers.measuring import Times, timed
from benchmarks.peers.roster import engine

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 60  # for asking everything once, before the figures are taken
KINDS = ("Rss", "Pss", "Private_Clean", "Private_Dirty")


@dataclass(frozen=True, slots=True)
class Reading:
    """What readers were seen to do; memory in MB, of one of them."""

    readers: int
    open_ms: float
    first_ms: float
    cold_p95_ms: float
    per_second: float
    rss_mb: float
    pss_mb: float
    private_mb: float

    def as_dict(self) -> dict[str, float]:
        """Return the figures for a file."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def at_once(key: str, folder: Path, asked: Path, readers: int, seconds: float) -> Reading:
    """Let readers of one index answer side by side; return the means of what they did, the sum of answers."""
    with _started([key, str(folder), str(asked)], readers) as running:
        ready = [_answer(one) for one in running]
        said = _all_told(running, seconds)
        memory = _all_told(running, "memory")

    def mean(found: Sequence[dict[str, float]], name: str) -> float:
        return sum(one[name] for one in found) / len(found)

    return Reading(
        readers,
        mean(ready, "open_ms"),
        mean(ready, "first_ms"),
        mean(ready, "cold_p95_ms"),
        sum(one["per_second"] for one in said),
        mean(memory, "Rss"),
        mean(memory, "Pss"),
        mean(memory, "Private_Clean") + mean(memory, "Private_Dirty"),
    )


@contextmanager
def _started(arguments: Sequence[str], count: int) -> Iterator[list[subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "benchmarks.peers.reading", *arguments]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _one in range(count)
    ]
    try:
        yield running
    finally:
        for one in running:
            one.communicate()  # its input ends, and so does it


def _all_told(running: Sequence[subprocess.Popen[str]], what: object) -> list[dict[str, float]]:
    """Return what all readers answer that are told the same at the same time."""
    for one in running:
        assert one.stdin is not None
        one.stdin.write(f"{what}\n")
        one.stdin.flush()
    return [_answer(one) for one in running]


def _answer(one: subprocess.Popen[str]) -> dict[str, float]:
    assert one.stdout is not None
    line = one.stdout.readline()
    if not line:
        raise RuntimeError("a reader has ended before its time; its error stands above")
    found: dict[str, float] = json.loads(line)
    return found


def memory(process: int | str = "self") -> dict[str, float]:
    """Return the megabytes of a process by kind."""
    found = dict.fromkeys(KINDS, 0.0)
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        name, _colon, rest = line.partition(":")
        if name in found:
            found[name] = int(rest.split()[0]) / 1024
    return found


def _say(**values: float) -> None:
    print(json.dumps(values), flush=True)


def _read(key: str, folder: Path, asked: Sequence[Asked]) -> None:
    kind = engine(key)
    before = memory()
    started = time.perf_counter()
    reader = kind(folder).open()
    opened = time.perf_counter()
    cold = []
    for one in asked:
        cold.append(timed(partial(reader.ask, one)))
        if time.perf_counter() - opened > MOST_SECONDS:
            break
    _say(open_ms=(opened - started) * 1000, first_ms=cold[0], cold_p95_ms=Times([cold]).p95)
    seconds = float(sys.stdin.readline())
    started, answered = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        reader.ask(asked[answered % len(asked)])
        answered += 1
    _say(per_second=answered / (time.perf_counter() - started))
    sys.stdin.readline()
    now: list[dict[str, Any]] = [memory(), *(memory(one) for one in reader.processes())]
    _say(**{name: sum(one[name] for one in now) - before[name] for name in KINDS})
    sys.stdin.read()


if __name__ == "__main__":
    _key, _folder, _asked = sys.argv[1:]
    _read(_key, Path(_folder), pickle.loads(Path(_asked).read_bytes()))
