"""Questions whose answers are judged, and the grades of single judges: what they are, and which half is kept.

Those that ship with netmap are about its made-up county; an office has its own in the database. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from statistics import median
from typing import Literal, get_args
from uuid import NAMESPACE_URL, uuid5

from netmap.judging.measures import weighted_kappa

Half = Literal["open", "kept"]
REST = "*"  # in the place of a service: every service that this judge has not listed, graded 0
HALVES: tuple[Half, ...] = get_args(Half)
NAMESPACE = uuid5(NAMESPACE_URL, "urn:netmap:search-question")


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """A question as people type it; the kept half is never looked at while the search is being tuned."""

    id: str
    language: str
    text: str
    half: Half
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """What one judge says of one service as an answer to one question, 0 to 3.

    With `REST` as the service and grade 0: the judge has looked at all services, and gives 0 to every one
    that has no grade of its own.
    """

    question: str
    service_id: str
    judge: str
    grade: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two judges agree on what both have graded; ``kappa`` None where chance would agree as well."""

    judges: tuple[str, str]
    both: int
    kappa: float | None


def half_of(language: str, text: str) -> Half:
    """Return the half that a question belongs to: by its words alone, so nobody can choose it.

    Examples
    --------
    >>> half_of("en", "who helps with debts") == half_of("en", " Who helps  with debts")
    True
    >>> sorted({half_of("en", f"question {number}") for number in range(20)})
    ['kept', 'open']
    """
    digest = sha256(f"{language}:{plain(text)}".encode()).digest()
    return HALVES[digest[0] % 2]


def id_of(language: str, text: str) -> str:
    """Return the id of a question that was given none: by its words, so it is the same in every office.

    Examples
    --------
    >>> id_of("en", "Debts") == id_of("en", "debts"), id_of("en", "debts") == id_of("lt", "debts")
    (True, False)
    """
    return str(uuid5(NAMESPACE, f"{language}:{plain(text)}"))


def plain(text: str) -> str:
    """Return a question in small letters with single spaces: two that are equal so are the same question."""
    return " ".join(text.casefold().split())


def medians(grades: Iterable[Grade]) -> dict[str, dict[str, float]]:
    """Return question -> service -> the median of what the judges say; of two judges their mean.

    Where a judge has looked at all services, `REST` stands among them.

    Examples
    --------
    >>> medians([Grade("q", "s", "a", 3), Grade("q", "s", "b", 2), Grade("q", "t", "a", 0)])
    {'q': {'s': 2.5, 't': 0.0}}
    >>> medians([Grade("q", "s", "a", 3), Grade("q", "*", "b", 0)])
    {'q': {'s': 1.5, '*': 0.0}}
    """
    given: dict[str, dict[str, dict[str, int]]] = {}
    for one in grades:
        given.setdefault(one.question, {}).setdefault(one.service_id, {})[one.judge] = one.grade
    return {
        question: {
            service: float(median((services.get(REST, {}) | by_judge).values()))
            for service, by_judge in services.items()
        }
        for question, services in given.items()
    }


def agreements(grades: Iterable[Grade]) -> list[Agreement]:
    """Return the agreement of every two judges who graded the same service for the same question.

    What neither of the two has listed counts for nothing: they would agree on hundreds of services that have
    nothing to do with the question.

    Examples
    --------
    >>> [one] = agreements([Grade("q", "s", "a", 3), Grade("q", "s", "b", 2), Grade("q", "t", "a", 0)])
    >>> one.judges, one.both
    (('a', 'b'), 1)
    """
    by_judge: dict[str, dict[tuple[str, str], int]] = {}
    for one in grades:
        by_judge.setdefault(one.judge, {})[one.question, one.service_id] = one.grade
    found = []
    for first, second in combinations(sorted(by_judge), 2):
        pairs = _pairs(by_judge[first], by_judge[second])
        if pairs:
            found.append(Agreement((first, second), len(pairs), weighted_kappa(pairs)))
    return found


def _pairs(
    first: Mapping[tuple[str, str], int], second: Mapping[tuple[str, str], int]
) -> list[tuple[int, int]]:
    """Return what both say of each service that one of them has listed."""
    pairs = []
    for question, service in sorted(first.keys() | second.keys()):
        one, other = (
            given.get((question, service), given.get((question, REST))) for given in (first, second)
        )
        if service != REST and one is not None and other is not None:
            pairs.append((one, other))
    return pairs
