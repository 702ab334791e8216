"""What a search engine is asked and what it answers, whatever the engine.

A question comes in as ready terms and codes, never as text with a syntax. An engine gives back ids:
everything that is shown comes from the database, so an index may be lost and made again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from netmap.errors import Unavailable

ANY_LANGUAGE = "*"  # among the languages of a document: an interpreter can be had
OFFERED, PAUSED, GONE = 0, 1, 2


class IndexUnreadable(Unavailable):
    """The index is missing or damaged: it has to be made again."""


@dataclass(frozen=True, slots=True)
class Document:
    """One service as the index knows it.

    ``fields`` are words as written (``name``, ``organisation``), for whole names; ``terms`` are the analysed
    words of ``name``, ``organisation``, ``text`` and ``place``. ``areas`` are codes with those of everything
    around them. ``unsure`` names what nobody knows for certain ("area", "language"): such a document is never
    left out by that filter. ``group`` (the organisation) keeps one provider from filling the first page.
    """

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    group: str = ""
    standing: int = OFFERED
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. Everything named ``only_`` leaves documents out; the rest decides the order.

    ``types`` are service types with weights 0..1; ``kin`` are words of what is meant in other languages: they
    find nothing, but tell apart what the types have found; ``phrase`` is the question in folded words, for
    whole names. Several codes in one ``only_`` mean any of them. ``limit`` None means all.
    """

    terms: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    types: Mapping[str, float] = field(default_factory=dict)
    phrase: str = ""
    only_types: frozenset[str] = frozenset()
    only_areas: frozenset[str] = frozenset()
    only_languages: frozenset[str] = frozenset()
    only_ids: frozenset[str] | None = None
    near: tuple[float, float] | None = None
    within_km: float | None = None
    fresh_since: date | None = None
    limit: int | None = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that was found, and what of the question it answers.

    ``unknown`` names the filters that nobody knows it passes: "distance", "area", "language". ``behind`` is 0
    for what passes for certain; larger ones come after whatever the score: not known, then no longer offered.
    """

    id: str
    score: float
    matched_terms: tuple[str, ...] = ()
    matched_types: tuple[str, ...] = ()
    distance_km: float | None = None
    unknown: tuple[str, ...] = ()
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits, the best first, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]


class SearchBackend(Protocol):
    """A search engine. Every method may raise anything; whoever asks must have another way to answer."""

    def put(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of the one with its id; return how many."""

    def drop(self, ids: Iterable[str]) -> None:
        """Remove documents; an id that is not there is no error."""

    def clear(self) -> None:
        """Remove everything."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Put these in place of everything at one moment; return how many."""

    def ready(self) -> bool:
        """Return whether there is an index to ask."""

    def search(self, query: Query) -> Page:
        """Return the documents that answer the query, the best first."""
