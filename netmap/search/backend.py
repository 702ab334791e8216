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
TYPE, DISTANCE, CHECKED = "type", "distance", "checked"  # fields that engines make of other facts
TEXT_FIELDS = ("name", "organisation", "text", "place", "contact")  # what `Document.terms` may hold


class IndexUnreadable(Unavailable):
    """The index is missing or damaged: it has to be made again."""


@dataclass(frozen=True, slots=True)
class Document:
    """One service as the index knows it.

    Parameters
    ----------
    fields : mapping
        Whole names in folded words: ``name``, ``organisation``.
    terms : mapping
        The analysed words of each of ``TEXT_FIELDS``.
    words : sequence of str
        The words of name and text as written, in small letters and in order: for exact phrases, beginnings
        of words and spelling.
    types, suggested, likely : tuple of str
        Service types that a person confirmed, or the machine suggests; filters and facets know both as the
        field "type". Of those suggested, ``likely`` are the ones that it is rather sure of.
    codes : mapping
        Field -> codes that filters, facets and preferences ask for.
    unsure : tuple of str
        Fields of which nobody knows everything: a filter on one never leaves the document out.
    rhythm : int
        Days after which a person should check it again; 0 where it has no rhythm of its own.
    group : str
        The organisation; keeps one provider from filling the first page.
    """

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: Sequence[str] = ()
    types: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    group: str = ""
    standing: int = OFFERED
    checked: date | None = None
    rhythm: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """Documents with any of the codes; those of which it is not known stay, behind the others.

    Not known are documents that are unsure of the field, and those with one of the ``perhaps`` codes: hours
    that nobody knows at this moment, a price that nobody wrote down.
    """

    field: str
    codes: frozenset[str]
    perhaps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Preference:
    """A wish that leaves nobody out: what a document has of a field, as the value of a signal.

    The value is 0 where any of the ``no`` codes stands, else 1 where any of ``yes`` does, else 0 where the
    codes are ``complete``, none of them is ``perhaps`` and the document is not unsure of the field, else 0.5:
    not known.
    """

    signal: str
    field: str
    yes: frozenset[str]
    no: frozenset[str] = frozenset()
    complete: bool = False
    perhaps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facet:
    """Something to count by: every code of a field for itself, or values that stand for any of some codes.

    Documents with a code of ``perhaps`` and none of the values' are not known. Of the field "checked" the one
    code of a value is a day: documents that a person has checked then or later count.
    """

    name: str
    field: str
    values: Mapping[str, frozenset[str]] | None = None
    perhaps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Nothing that words or types say leaves a document out that they have found; ``exact``, ``only``,
    ``only_ids``, ``not_ids``, ``within_km`` and ``checked_since`` do. Two filters on one field both count.

    Parameters
    ----------
    terms, types
        Analysed words, and service types with weights 0..1: what has any of the types is found, and what has
        enough of the words. Without both, or with ``everything``, they only rank, and everything is found.
    kin : tuple of str
        Words of what is meant in other languages: they find nothing, but tell apart what the types found.
    phrase : str
        The question in folded words, for whole names.
    exact : tuple of tuples
        Words in small letters that must stand side by side.
    first_ids : tuple of str
        Put first, in this order, where they are found at all.
    near, within_km
        A point, and a filter as the field "distance"; a document without a point is not known to pass.
    checked_since : date, optional
        A filter as the field "checked"; what nobody ever checked is left out.
    today : date, optional
        For the signal "fresh".
    weights : mapping
        Signal -> weight, where it is to weigh otherwise than in ``signals.py``.
    misses : int
        How many near misses are wanted.
    sort : str
        "best", "near", "name" or "checked".
    limit : int, optional
        None means all.
    """

    terms: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    types: Mapping[str, float] = field(default_factory=dict)
    everything: bool = False
    phrase: str = ""
    exact: tuple[tuple[str, ...], ...] = ()
    only: tuple[Filter, ...] = ()
    only_ids: frozenset[str] | None = None
    not_ids: frozenset[str] = frozenset()
    first_ids: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    within_km: float | None = None
    checked_since: date | None = None
    today: date | None = None
    prefer: tuple[Preference, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    facets: tuple[Facet, ...] = ()
    misses: int = 0
    sort: str = "best"
    limit: int | None = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that was found, and what of the question it answers.

    ``signals`` are the points of each signal that gave any; their sum is the score. ``unknown`` names the
    fields of filters that nobody knows it passes. ``behind`` is 0 for what passes for certain; larger ones
    come after whatever the score: 1 not known, 2 no longer offered.
    """

    id: str
    score: float
    signals: Mapping[str, float] = field(default_factory=dict)
    matched_terms: tuple[str, ...] = ()
    matched_types: tuple[str, ...] = ()
    distance_km: float | None = None
    unknown: tuple[str, ...] = ()
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Miss:
    """A document that fails one filter only, that on ``field``."""

    id: str
    field: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits, the best first, and how many there are in all.

    Parameters
    ----------
    certain : int
        How many of the total pass every filter for certain.
    facets : mapping
        Name of a facet -> value -> documents that pass all filters but those on its own field; none with 0.
    unsure : mapping
        Name of a facet -> how many of those documents are unsure of its field.
    loosened : mapping
        Field of each filter -> the total without it; only where near misses were wanted.
    """

    total: int
    certain: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unsure: Mapping[str, int] = field(default_factory=dict)
    loosened: Mapping[str, int] = field(default_factory=dict)
    misses: tuple[Miss, ...] = ()


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

    def values(self, field: str) -> tuple[str, ...]:
        """Return every code that occurs in a field, in alphabetical order."""

    def similar_words(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Return words that stand in documents and are spelt like this one, the likeliest first."""

    def words_from(self, beginning: str, limit: int = 20) -> tuple[str, ...]:
        """Return words that begin like this, those in most documents first; none for less than 3 letters."""

    def digests(self) -> Mapping[str, str]:
        """Return id -> digest of every document that is found."""
