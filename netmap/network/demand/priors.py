"""Published shares of clients with a problem, which a person may choose to use where nobody has counted."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from netmap.errors import Invalid
from netmap.packages.document import TYPICAL, Document
from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary


@dataclass(frozen=True)
class Prior:
    """A share with the problems it speaks of, among whom it was found, who published it and when."""

    code: str
    share: float
    needs: frozenset[str]
    source: str
    date: str
    title: Mapping[str, str]
    base: Mapping[str, str]
    caution: Mapping[str, str]


@cache
def priors() -> Mapping[str, Prior]:
    """Return the shipped shares by code.

    Raises
    ------
    Invalid
        If the file names a problem that the vocabulary does not have, or a share that is none.
    """
    text = (shipped("seeds") / "demand" / "priors.toml").read_text(encoding="utf-8")
    return read_priors(text)


def read_priors(text: str) -> Mapping[str, Prior]:
    """Return the shares of a TOML text by code; raises Invalid as `priors` does."""
    rows: list[dict[str, Any]] = tomllib.loads(text)["prior"]
    found = [Prior(**{**one, "needs": frozenset(one["needs"])}) for one in rows]
    for one in found:
        unknown = one.needs - vocabulary().needs.keys()
        if unknown or not 0 < one.share < 1:
            raise Invalid(
                f"The published share '{one.code}' cannot be used: a share lies between 0 and 1, and all its "
                f"needs are in the vocabulary; these are not: {', '.join(sorted(unknown)) or 'none'}."
            )
    return {one.code: one for one in found}


def priors_of(document: Document) -> list[Prior]:
    """Return the shares that speak of a problem which is typical for the clients of a package."""
    typical = {code for code, weight in document.profile.items() if weight >= TYPICAL}
    return [one for one in priors().values() if one.needs & typical]
