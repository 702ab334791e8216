"""What an index keeps of each document, in values that JSON can hold, and a short sum over it. Pure."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from netmap.search.backend import TEXT_FIELDS, Document


class Facts(NamedTuple):
    """One document without its words as written; ``checked`` is a day number, 0 where nobody has."""

    id: str
    name: str
    organisation: str
    terms: Mapping[str, Sequence[str]]
    types: Sequence[str]
    suggested: Sequence[str]
    likely: Sequence[str]
    codes: Mapping[str, Sequence[str]]
    unsure: Sequence[str]
    points: Sequence[Sequence[float]]
    group: str
    standing: int
    checked: int
    rhythm: int


def facts_of(document: Document) -> Facts:
    """Return the facts of a document; a point that is no number is none."""
    return Facts(
        document.id,
        document.fields.get("name", ""),
        document.fields.get("organisation", ""),
        {name: list(document.terms[name]) for name in TEXT_FIELDS if document.terms.get(name)},
        document.types,
        document.suggested,
        document.likely,
        {field: list(codes) for field, codes in document.codes.items() if codes},
        document.unsure,
        [point for point in document.points if all(map(math.isfinite, point))],
        document.group,
        document.standing,
        document.checked.toordinal() if document.checked else 0,
        document.rhythm,
    )


def digest_of(document: Document) -> str:
    """Return a short sum over all that an index keeps of a document: facts, words and their order."""
    kept = json.dumps([facts_of(document), list(document.words)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(kept.encode("utf-8", "surrogatepass")).hexdigest()[:32]
