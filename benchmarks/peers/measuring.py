"""Times of the engines, one after another within each round."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.made_up_documents import changed
from benchmarks.peers.asked import Asked, Engine, Reader
from netmap.search.backend import Document

MOST_CHANGES = 30


@dataclass
class Times:
    """Milliseconds of every question, by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """Return the median over rounds of the median of a round."""
        return statistics.median(statistics.median(one) for one in self.rounds)

    @property
    def p95(self) -> float:
        """Return the median over rounds of the 95th percentile of a round."""
        return statistics.median(_p95(one) for one in self.rounds)

    def as_dict(self) -> dict[str, float]:
        """Return the figures for a file."""
        return {"p50_ms": round(self.p50, 4), "p95_ms": round(self.p95, 4), "rounds": len(self.rounds)}


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[18] if len(values) > 1 else values[0]


def timed(work: Callable[[], object]) -> float:
    """Return how many milliseconds something takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def compare(
    readers: Mapping[str, Reader], asked: Sequence[Asked], rounds: int, most_seconds: float
) -> dict[str, Times]:
    """Return the times of each engine; one that has used up its seconds takes no part in further rounds."""
    found = {name: Times() for name in readers}
    spent = dict.fromkeys(readers, 0.0)
    for number in range(rounds):
        for name, reader in readers.items():
            if number and spent[name] > most_seconds * 1000:
                continue
            times = []
            for one in asked:
                started = time.perf_counter()
                reader.ask(one)
                times.append((time.perf_counter() - started) * 1000)
            found[name].rounds.append(times)
            spent[name] += sum(times)
    return found


def visible(
    engine: Engine, reader: Reader, documents: Sequence[Document], most_seconds: float
) -> tuple[Times, Times]:
    """Return how long it takes from putting one changed document until a reader finds it by its new word.

    The second times are those that this process has worked, without waiting for the disk or a server.

    Raises
    ------
    RuntimeError
        If the reader does not find it then.
    """
    times, worked = list[float](), list[float]()
    for number, document in enumerate(documents[:MOST_CHANGES]):
        word = f"zzchanged{number}"
        one, asked = changed(document, word), Asked((word,), {})
        started, busy = time.perf_counter(), time.process_time()
        engine.put(one)
        reader.refresh()
        found = reader.ask(asked)
        times.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        if found.first != (document.id,):
            raise RuntimeError(f"{engine.name} does not see its change: it finds {found}")
        if sum(times) > most_seconds * 1000:
            break
    return Times([times]), Times([worked])
