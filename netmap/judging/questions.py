"""Questions whose answers are judged, and the grades of single judges: what they are, and which half is kept.

Those that ship with netmap are about its made-up county; an office has its own in the database. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import Literal, get_args
from uuid import NAMESPACE_URL, uuid5

from netmap.judging.measures import weighted_kappa

Half = Literal["open", "kept"]
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
    """What one judge says of one service as an answer to one question, 0 to 3."""

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

    Examples
    --------
    >>> medians([Grade("q", "s", "a", 3), Grade("q", "s", "b", 2), Grade("q", "t", "a", 0)])
    {'q': {'s': 2.5, 't': 0.0}}
    """
    given: dict[str, dict[str, list[int]]] = {}
    for one in grades:
        given.setdefault(one.question, {}).setdefault(one.service_id, []).append(one.grade)
    return {
        question: {service: float(median(values)) for service, values in services.items()}
        for question, services in given.items()
    }


def agreements(grades: Iterable[Grade]) -> list[Agreement]:
    """Return the agreement of every two judges who graded the same service for the same question.

    Examples
    --------
    >>> [one] = agreements([Grade("q", "s", "a", 3), Grade("q", "s", "b", 2), Grade("q", "t", "a", 0)])
    >>> one.judges, one.both
    (('a', 'b'), 1)
    """
    by_judge: dict[str, dict[tuple[str, str], int]] = {}
    for one in grades:
        by_judge.setdefault(one.judge, {})[one.question, one.service_id] = one.grade
    names = sorted(by_judge)
    found = []
    for number, first in enumerate(names):
        for second in names[number + 1 :]:
            pairs = _pairs(by_judge[first], by_judge[second])
            if pairs:
                found.append(Agreement((first, second), len(pairs), weighted_kappa(pairs)))
    return found


def _pairs(
    first: Mapping[tuple[str, str], int], second: Mapping[tuple[str, str], int]
) -> list[tuple[int, int]]:
    return [(grade, second[key]) for key, grade in first.items() if key in second]
