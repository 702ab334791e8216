"""The questions as people typed them, analysed, each with three filters, in the steps that are measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.made_up import AREAS, questions
from benchmarks.made_up_documents import COUNTED, COUNTY
from benchmarks.peers.asked import Asked
from netmap.directory.asking import telling
from netmap.search.backend import ANY_LANGUAGE
from netmap.vocabulary.question import understand

SPOKEN = ("lt", "ru", "en", "uk")
FILTERED = ("area", "cost", "language")
STEPS = {
    "words": "top 20 + total",
    "filters": "+ 3 filters",
    "counts": "+ filters + 7 counts",
    "all_counts": "+ filters + 10 counts",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """One question."""

    text: str
    terms: tuple[str, ...]
    only: Mapping[str, frozenset[str]]


def typed() -> list[Typed]:
    """Return all questions; every second one asks for an area, the others for the county around it."""
    found = []
    for number, text in enumerate(questions()):
        area, around = f"a{number % AREAS}", f"c{number % AREAS // COUNTY}"
        codes = {f"serves:{around}", *((area, f"serves:{area}") if number % 2 else (around,))}
        only = {
            "area": frozenset(codes),
            "cost": frozenset({"free"}),
            "language": frozenset({SPOKEN[number // 2 % len(SPOKEN)], ANY_LANGUAGE}),
        }
        found.append(Typed(text, tuple(telling(understand(text).typed)), only))
    return found


def asked_in(step: str, one: Typed) -> Asked:
    """Return a question as it is asked in one of the steps.

    The seven counts are those of the fields that are not filtered: one pass over the found documents. The ten
    are what a results page shows: a field that is filtered is counted without its own filter.
    """
    if step == "words":
        return Asked(one.terms, {})
    counted = {"filters": (), "counts": tuple(name for name in COUNTED if name not in FILTERED)}
    return Asked(one.terms, one.only, counted.get(step, COUNTED))
