"""What the terms of other taxonomies mean here: a service type, or for whom a service is.

The table ``seeds/taxonomies/*.csv`` has one row for each meaning of a term. Terms that name people
("Homeless", "Parents") are never a type: whom a service is for does not say what it does.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from netmap.paths import shipped

# How often a term alone is right, by the number of types that the terms of a record stand for: a record that
# carries many was tagged freely. Rounded from the choosing half of the hand-typed sample (5 of 10, 2 of 6).
ONE_OF = {1: 0.5, 2: 0.4}
ONE_OF_MANY = 0.3
SECOND_MEANING = 0.3


@dataclass(frozen=True)
class Meaning:
    """One row of the table: ``kind`` is type, circumstance, population, area or broad."""

    kind: str
    code: str


@dataclass(frozen=True)
class Vote:
    """A type that a term of the service stands for."""

    confidence: float
    term: str


@cache
def meanings() -> Mapping[str, tuple[Meaning, ...]]:
    """Return the rows of the table by term in small letters, the better meaning of a term first."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for path in sorted((shipped("seeds") / "taxonomies").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                key = _key(row["term"])
                found[key] = (*found.get(key, ()), Meaning(row["kind"], row["code"]))
    return found


def votes(terms: Iterable[str]) -> dict[str, Vote]:
    """Return the service types that the terms of one service stand for, with the confidence in each.

    Examples
    --------
    >>> votes(["Food Pantry", "Homeless"])
    {'food_aid': Vote(confidence=0.5, term='Food Pantry')}
    """
    first: dict[str, str] = {}
    other: dict[str, str] = {}
    for term in terms:
        codes = [meaning.code for meaning in meanings().get(_key(term), ()) if meaning.kind == "type"]
        for place, code in enumerate(codes):
            (other if place else first).setdefault(code, term)
    share = ONE_OF.get(len(first), ONE_OF_MANY)
    found = {code: Vote(SECOND_MEANING, term) for code, term in other.items()}
    return found | {code: Vote(share, term) for code, term in first.items()}


def circumstances(terms: Iterable[str]) -> dict[str, str]:
    """Return the circumstances that the terms name, each with the first term that does.

    Examples
    --------
    >>> circumstances(["Veterans", "Food Pantry"])
    {'veteran': 'Veterans'}
    """
    found: dict[str, str] = {}
    for term in terms:
        for meaning in meanings().get(_key(term), ()):
            if meaning.kind == "circumstance":
                found.setdefault(meaning.code, term)
    return found


def _key(term: str) -> str:
    return " ".join(term.casefold().split())
