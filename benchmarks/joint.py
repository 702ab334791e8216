"""How long the joint choice of providers takes, and what the quick ways lose.

    python -m benchmarks.joint [--instances 300]

The instances are made up with a fixed seed: 3 to 8 lines, 5 to 29 places in a square of 40 km, 2 to 8
providers for each line, one in seven by phone. Each is solved by looking at all groups of lines ("exact"),
as a mixed-integer program (HiGHS through scipy), and by adding, dropping and swapping places ("greedy"); the
first two must agree on the least cost of every instance before a time is printed. Each question is asked
three times, and its least time counts. The days and hours of
the exact choice are timed apart, each line with the weekly hours of an office.
"""

import argparse
import math
import platform
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from netmap.matching import bundle_milp, site_choice
from netmap.matching.bundle import Bundle, Option, Step, best_fit, choose
from netmap.matching.journeys import Visit, Window, plan

SEED = 20261126
ROUNDS = 3  # the least time of so many counts, since other work may come between
SQUARE_KM, MINUTES_PER_KM = 40.0, 1.95
OFFICES: tuple[tuple[Window, ...], ...] = (
    tuple((day, 8 * 60, 17 * 60) for day in range(5)),
    ((1, 9 * 60, 12 * 60), (3, 14 * 60, 18 * 60)),
    ((0, 10 * 60, 13 * 60), (2, 10 * 60, 13 * 60), (4, 10 * 60, 13 * 60)),
    (),
)

Question = TypeVar("Question")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Instance:
    """Lines, and where the places are."""

    steps: tuple[Step, ...]
    points: dict[str, tuple[float, float]]

    def between(self, here: str, there: str) -> float:
        """Return minutes between two places."""
        return math.dist(self.points[here], self.points[there]) * MINUTES_PER_KM

    def visits(self, found: Bundle) -> list[Visit]:
        """Return what has to be gone to."""
        lasts = {step.key: step.lasts for step in self.steps}
        return [
            Visit(key, option.service, option.site, option.minutes, option.windows, lasts[key])
            for key, option in found.options.items()
            if option is not None and option.site is not None
        ]


def make(rng: random.Random) -> Instance:
    """Return one made-up instance."""
    home = (SQUARE_KM / 2, SQUARE_KM / 2)
    points = {
        f"site {number}": (rng.uniform(0, SQUARE_KM), rng.uniform(0, SQUARE_KM))
        for number in range(rng.randint(5, 29))
    }

    def option(line: int, number: int) -> Option:
        site = None if rng.random() < 1 / 7 else rng.choice(list(points))
        minutes = math.dist(home, points[site]) * MINUTES_PER_KM if site else 0.0
        return Option(f"{line}-{number}", rng.uniform(0.3, 0.95), site, minutes, windows=rng.choice(OFFICES))

    steps = tuple(
        Step(
            f"line {line}",
            rng.choice((1, 1.5, 2, 3, 4.5, 6)),
            tuple(option(line, number) for number in range(rng.randint(2, 8))),
            lasts=rng.choice((60, 90)),
        )
        for line in range(rng.randint(3, 8))
    )
    return Instance(steps, points)


def as_program(steps: Sequence[Step]) -> Bundle:
    """Return the choice of the mixed-integer program, however small the instance is."""
    most, site_choice.MOST_LINES = site_choice.MOST_LINES, -1
    try:
        return choose(steps)
    finally:
        site_choice.MOST_LINES = most


def as_greedy(steps: Sequence[Step]) -> Bundle:
    """Return the choice where the program gives up."""
    solve, bundle_milp.solve = bundle_milp.solve, lambda choosing: None
    try:
        return as_program(steps)
    finally:
        bundle_milp.solve = solve


def clock(
    work: Callable[[Question], Answer], questions: Sequence[Question]
) -> tuple[list[Answer], float, float]:
    """Return the answers, the median and the 95th percentile in milliseconds."""
    work(questions[0])
    answers, times = [], []
    for question in questions:
        tries = []
        for _round in range(ROUNDS):
            start = time.perf_counter()
            answer = work(question)
            tries.append((time.perf_counter() - start) * 1000)
        answers.append(answer)
        times.append(min(tries))
    times.sort()
    return answers, times[len(times) // 2], times[int(0.95 * (len(times) - 1))]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=300)
    rng = random.Random(SEED)
    instances = [make(rng) for _number in range(parser.parse_args().instances)]
    lines = [instance.steps for instance in instances]
    exact, *exact_ms = clock(choose, lines)
    program, *program_ms = clock(as_program, lines)
    greedy, *greedy_ms = clock(as_greedy, lines)
    fit, *fit_ms = clock(best_fit, lines)
    for one, other in zip(exact, program, strict=True):
        if (one.solver, other.solver) != ("exact", "milp") or abs(one.objective - other.objective) > 1e-6:
            raise SystemExit(f"the two exact ways disagree: {one.objective} and {other.objective}")
    print(f"{platform.machine()}, Python {platform.python_version()}, seed {SEED}, {len(lines)} instances")
    rows = (("exact", exact, exact_ms), ("program", program, program_ms), ("greedy", greedy, greedy_ms))
    for name, found, (median, late) in (*rows, ("fit alone", fit, fit_ms)):
        gaps = [one.objective / best.objective - 1 for one, best in zip(found, exact, strict=True)]
        optimal = sum(gap < 1e-6 for gap in gaps) / len(gaps)
        print(
            f"{name:<10} median {median:6.2f} ms   95 % {late:6.2f} ms   least cost in {optimal:4.0%}, "
            f"mean gap {sum(gaps) / len(gaps):6.2%}, worst {max(gaps):6.2%}, "
            f"places {sum(len(one.sites) for one in found) / len(found):.2f}"
        )
    pairs = list(zip(instances, exact, strict=True))
    days, median, late = clock(lambda pair: plan(pair[0].visits(pair[1]), pair[0].between), pairs)
    number = sum(len(one) for one in days) / len(days)
    print(
        f"days and hours of the exact choice: median {median:.2f} ms   95 % {late:.2f} ms, "
        f"{number:.2f} journeys"
    )


if __name__ == "__main__":
    main()
