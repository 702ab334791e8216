"""Whether engines that are asked the same find the same: totals and every count, question by question."""

from collections.abc import Mapping, Sequence

from benchmarks.peers.asked import TOP, Asked, Found, Reader


def answers(reader: Reader, asked: Sequence[Asked]) -> list[Found]:
    """Return what an engine answers, in its first pass over the questions."""
    return [reader.ask(one) for one in asked]


def disagreements(found: Mapping[str, Sequence[Found]]) -> list[str]:
    """Return a sentence for each question on which an engine differs from the first one, or is wrong.

    The order of the first twenty is not compared, since each engine has its own; how many they are is.
    """
    names = list(found)
    first = found[names[0]] if names else ()
    wrong = []
    for name in names:
        for number, (one, other) in enumerate(zip(first, found[name], strict=True)):
            who = f"question {number}: {names[0]} and {name} differ"
            if one.total != other.total:
                wrong.append(f"{who}: {one.total} and {other.total} found")
            elif len(set(other.first)) != min(other.total, TOP):
                wrong.append(f"question {number}: {name} gives {len(other.first)} of {other.total} hits")
            wrong += [f"{who} in counts of {part}" for part in _different(one.counts, other.counts)]
    return wrong


def _different(one: Mapping[str, Mapping[str, int]], other: Mapping[str, Mapping[str, int]]) -> list[str]:
    return [field for field in sorted({*one, *other}) if one.get(field) != other.get(field)]
