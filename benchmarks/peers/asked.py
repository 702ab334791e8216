"""What every engine is asked and what it answers, so that totals and counts can be compared one by one.

The question is the same for all: a document is found if it has any of the words; of each field that is
filtered it must have one of the codes, or nobody knows everything about that field; a count of a field is of
the found documents, with the filters on all other fields but not the one on the field itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.made_up_documents import COUNTED
from netmap.search.backend import Document

NOT_KNOWN = "?"  # beside the codes of a field of which not everything is known
WORD_WEIGHTS = {"name": 3.0, "organisation": 2.0, "text": 1.0, "place": 1.0, "contact": 1.0}
TOP = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: words, filters (field -> codes, any of them) and the fields that are counted."""

    terms: tuple[str, ...]
    only: Mapping[str, frozenset[str]]
    counted: tuple[str, ...] = ()

    def rounds(self) -> list[tuple[tuple[str, ...], Mapping[str, frozenset[str]]]]:
        """Return which fields are counted under which filters: a filtered one without its own."""
        free = tuple(name for name in self.counted if name not in self.only)
        found = [(free, self.only)] if free else []
        for own in (name for name in self.counted if name in self.only):
            found.append(((own,), {name: codes for name, codes in self.only.items() if name != own}))
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """How many there are, the ids of the first twenty, and field -> code -> how many of those counted."""

    total: int
    first: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]


class Reader(Protocol):
    """An engine opened for reading."""

    def ask(self, asked: Asked) -> Found:
        """Return the answer."""

    def refresh(self) -> None:
        """Make what has been written since visible."""

    def processes(self) -> Sequence[int]:
        """Return the processes beside this one that answer (a server's)."""


class Engine(Protocol):
    """A search engine over one folder."""

    name: str
    changes: bool  # whether one document can be put without building everything again

    def __init__(self, folder: Path) -> None: ...

    @staticmethod
    def version() -> str:
        """Return name and version of what is measured. Raise ImportError where it is not installed."""

    def build(self, documents: Sequence[Document]) -> None:
        """Make the index of all documents."""

    def open(self) -> Reader:
        """Open it for reading."""

    def put(self, document: Document) -> None:
        """Replace one document, to be seen by readers once they refresh."""

    def close(self) -> None:
        """Let go of everything."""


def codes_of(document: Document, field: str) -> tuple[str, ...]:
    """Return the codes of a field as filters know them, with the mark of what is not known."""
    own = (*document.types, *document.suggested) if field == "type" else document.codes.get(field, ())
    return (*own, NOT_KNOWN) if field in document.unsure else tuple(own)


def all_codes(document: Document) -> list[tuple[str, str]]:
    """Return (field, code) of every field that is counted or filtered."""
    return [(field, code) for field in COUNTED for code in codes_of(document, field)]


def passing(codes: frozenset[str]) -> list[str]:
    """Return which codes let a document pass a filter: those asked for, or that nobody knows."""
    return sorted(codes | {NOT_KNOWN})
