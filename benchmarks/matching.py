"""How fast one client is scored against many packages: netmap's arrays beside other ways.

    python -m benchmarks.matching [--packages 100,1000,10000] [--clients 60] [--batch 10000]

The packages are made up with a fixed seed over the shipped vocabulary: profiles of 3 to 7 needs, 4 to 8
lines, some circumstances, the shipped table of related needs. Both sides score the same clients in the same
run, one after the other; the scores of the ten best must agree before a time is printed. The loop keeps what
it can work out beforehand (A~ of each package as a dict), as a careful author would.
"""

import argparse
import platform
import random
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from netmap.directory.ages import Fact
from netmap.matching.facts import Client, Library, Rated, build_library
from netmap.matching.loading import related_needs
from netmap.matching.score import best_pairs, order, score_all, to_add, to_drop
from netmap.packages.document import Document, Line
from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary

SEED = 20261122
TOP = 10
BATCH_PACKAGES = 1000
Related = dict[str, dict[str, float]]


def make_packages(count: int, rng: random.Random) -> list[tuple[str, int, Document]]:
    """Return made-up packages; every need of a profile is addressed by a line."""
    needs, facts = sorted(vocabulary().needs), sorted(vocabulary().circumstances)
    types = sorted(vocabulary().service_types)
    packages = []
    for number in range(count):
        profile = {code: rng.choice((1.0, 0.5, 0.25)) for code in rng.sample(needs, rng.randint(3, 7))}
        addressed = [*profile, *rng.sample(needs, 2)][: rng.randint(4, 8)]
        lines = tuple(
            Line(f"line_{place}", code, rng.choice(types), {}, {code: 1.0, rng.choice(needs): 0.5})
            for place, code in enumerate(addressed)
        )
        told = rng.sample(facts, 4)
        code = f"package_{number:05}"
        document = Document(
            code, {"en": code}, {"en": "Plan"}, {}, profile, lines,
            required=tuple(told[:1]) if rng.random() < 0.15 else (),
            excluded=tuple(told[1:2]) if rng.random() < 0.15 else (),
            optional=tuple(told[2:]) if rng.random() < 0.5 else (),
        )  # fmt: skip
        packages.append((code, 1, document))
    return packages


def make_clients(
    count: int, packages: Sequence[tuple[str, int, Document]], rng: random.Random
) -> list[Client]:
    """Return clients: some needs of a package's profile, one or two others, half of the facts told."""
    needs, facts = sorted(vocabulary().needs), sorted(vocabulary().circumstances)
    clients = []
    for _number in range(count):
        profile = list(rng.choice(packages)[2].profile)
        chosen = [code for code in profile if rng.random() < 0.8] + rng.sample(needs, rng.randint(1, 2))
        answers: tuple[Fact, ...] = ("yes", "no", "unknown", "unknown")
        told: dict[str, Fact] = {code: rng.choice(answers) for code in facts if not code.startswith("age_")}
        clients.append(Client({code: Rated(rng.randint(1, 3), rng.randint(0, 2)) for code in chosen}, told))
    return clients


class Loop:
    """The same sums, one package and one need after another."""

    def __init__(self, packages: Sequence[tuple[str, int, Document]], related: Related) -> None:
        self.related = related
        self.packages = [(code, document, self._covers(document)) for code, _number, document in packages]

    def _covers(self, document: Document) -> dict[str, float]:
        covers: dict[str, float] = {}
        for line in document.lines:
            for need, share in line.addresses.items():
                for other, strength in self.related[need].items():
                    covers[other] = max(covers.get(other, 0.0), share * strength)
        return covers

    def rank(self, client: Client) -> list[tuple[float, str]]:
        """Return (score, code) of the best packages."""
        found = [(self.score(client, document, covers), code) for code, document, covers in self.packages]
        ranked = sorted((-round(score, 9), code) for score, code in found if score > 0)
        return [(-score, code) for score, code in ranked[:TOP]]

    def score(self, client: Client, document: Document, covers: dict[str, float]) -> float:
        """Return the score of one package."""
        unknown = 0
        for code in (*document.required, *document.excluded):
            fact = client.fact(code)
            unknown += fact == "unknown"
            if fact == ("no" if code in document.required else "yes"):
                return 0.0
        total = sum(rated.weight for rated in client.needs.values())
        coverage = sum(rated.weight * covers.get(code, 0.0) for code, rated in client.needs.items()) / total
        met = 0.0
        for code, weight in document.profile.items():
            near = self.related[code]
            mine = (code for code in client.needs if code in near)
            softened = (near[need] * min(1.0, client.needs[need].severity / 2) for need in mine)
            met += weight * max(softened, default=0.0)
        fit = met / sum(document.profile.values())
        if not fit or not coverage:
            return 0.0
        optional = 1.0
        if document.optional:
            points = {"yes": 1.0, "unknown": 0.5, "no": 0.0}
            optional = sum(points[client.fact(code)] for code in document.optional) / len(document.optional)
        together = 5 * fit * coverage / (4 * fit + coverage)
        score = 100 * together * (0.85 + 0.15 * optional) * max(0.7, 0.9**unknown)
        if any(rated.severity == 3 and covers.get(code, 0.0) < 0.5 for code, rated in client.needs.items()):
            score = min(score, 60.0)
        return score


def clock(work: Callable[[Client], object], clients: Sequence[Client]) -> tuple[float, float]:
    """Return median and 95th percentile of the milliseconds of work over the clients."""
    times = []
    for client in clients:
        start = time.process_time()
        work(client)
        times.append((time.process_time() - start) * 1000)
    times.sort()
    return statistics.median(times), times[int(0.95 * (len(times) - 1))]


def check(library: Library, loop: Loop, clients: Sequence[Client]) -> None:
    """Stop if the two sides disagree on the scores of the ten best, or on which these are."""
    for client in clients:
        scores = score_all(library, client)
        mine = {library.packages[place][0]: float(scores.score[place]) for place in order(library, scores)}
        theirs = loop.rank(client)
        best = sorted(mine.values(), reverse=True)[:TOP]
        same = len(best) == len(theirs) and np.allclose(best, [score for score, _code in theirs], atol=1e-8)
        if not same or not all(abs(mine[code] - score) < 1e-8 for score, code in theirs):
            raise SystemExit(f"the two sides disagree: {best} and {theirs}")


class Nearest:
    """The ten packages whose profiles are nearest to the client's weights, by scikit-learn: nothing else."""

    def __init__(self, library: Library) -> None:
        from sklearn.neighbors import NearestNeighbors

        self._at, self._needs = library.need_at, len(library.needs)
        profile = np.ascontiguousarray(library.profile)
        self._model = NearestNeighbors(n_neighbors=TOP, metric="cosine", algorithm="brute").fit(profile)

    def rank(self, client: Client) -> object:
        """Return distances and places."""
        row = np.zeros((1, self._needs))
        for code, rated in client.needs.items():
            row[0, self._at[code]] = rated.weight
        return self._model.kneighbors(row)


def measure(size: int, count: int, batch: int) -> None:
    """Print one table for a number of packages; ``batch`` clients are ranked one after another, too."""
    rng = random.Random(SEED)
    packages = make_packages(size, rng)
    clients = make_clients(count, packages, rng)
    pairs = related_needs(shipped("seeds") / "vocabulary" / "related.csv")
    start = time.process_time()
    library = build_library(packages, tuple(vocabulary().needs), tuple(vocabulary().circumstances), pairs)
    built = (time.process_time() - start) * 1000
    related: Related = {code: {code: 1.0} for code in vocabulary().needs}
    for (one, other), strength in pairs.items():
        related[one][other] = related[other][one] = strength
    loop = Loop(packages, related)
    check(library, loop, clients)

    def explained(client: Client) -> None:
        scores = score_all(library, client)
        for place in order(library, scores, TOP):
            to_add(library, client, place)
            to_drop(library, scores, place)

    rows = {
        "netmap, ten best": lambda client: order(library, score_all(library, client), TOP),
        "netmap, with corrections": explained,
        "netmap, with the best pairs": lambda client: best_pairs(library, client, score_all(library, client)),
        "plain Python loop, ten best": loop.rank,
        "NearestNeighbors, cosine, ten": Nearest(library).rank,
    }
    print(f"\n{size} packages, {count} clients; arrays made once in {built:.0f} ms")
    found = {name: clock(work, clients) for name, work in rows.items()}
    for name, (median, late) in found.items():
        print(f"{name:<30} median {median:7.2f} ms   95 % {late:7.2f} ms")
    ratio = found["plain Python loop, ten best"][0] / found["netmap, ten best"][0]
    print(f"the loop takes {ratio:.1f} times as long")
    if batch:
        many = make_clients(batch, packages, rng)
        start = time.process_time()
        for client in many:
            order(library, score_all(library, client), TOP)
        took = time.process_time() - start
        print(f"{batch} clients one after another: {took:.1f} s, {1000 * took / batch:.2f} ms each")


def main() -> None:
    """Print one table for each number of packages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", default="100,1000,10000")
    parser.add_argument("--clients", type=int, default=60)
    parser.add_argument("--batch", type=int, default=10_000)
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, seed {SEED}")
    for size in (int(one) for one in options.packages.split(",")):
        measure(size, options.clients, options.batch if size == BATCH_PACKAGES else 0)


if __name__ == "__main__":
    main()
