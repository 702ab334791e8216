"""What a person can lean on, and which lines of a plan it may make needless. Never part of a score.

A strength only proposes that a line may be left out, with the reason; a person decides.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.paths import shipped
from netmap.vocabulary.terms import LANGUAGES, label, vocabulary


@dataclass(frozen=True)
class Strength:
    """Something that the person has, can do or is helped with already.

    It may answer ``needs`` and take the place of ``service_types``.
    """

    code: str
    labels: Mapping[str, str]
    needs: tuple[str, ...]
    service_types: tuple[str, ...]


@cache
def strengths() -> Mapping[str, Strength]:
    """Return the shipped strengths by code; read at the first call."""
    return read(shipped("seeds") / "vocabulary" / "strengths.csv")


def read(path: Path) -> dict[str, Strength]:
    """Return the strengths of a CSV file.

    Raises
    ------
    Invalid
        If a label is missing, or a code is not known or occurs twice; names the row.
    """
    found: dict[str, Strength] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            strength = _strength(row, path.name, number)
            if strength.code in found:
                raise _wrong(path.name, number, _("'%(code)s' occurs twice.", code=strength.code))
            found[strength.code] = strength
    return found


def _strength(row: Mapping[str, str | None], file: str, number: int) -> Strength:
    words = vocabulary()
    labels = {one: (row.get(f"label_{one}") or "").strip() for one in LANGUAGES}
    if not (row.get("code") or "").strip() or not all(labels.values()):
        raise _wrong(file, number, _("a code and a label in every language are needed."))
    codes = {}
    for column, known in (("needs", words.needs), ("service_types", words.service_types)):
        codes[column] = tuple(code for code in (row.get(column) or "").split("|") if code)
        if unknown := [code for code in codes[column] if code not in known]:
            raise _wrong(file, number, _("'%(code)s' is not known.", code=unknown[0]))
    return Strength((row["code"] or "").strip(), labels, codes["needs"], codes["service_types"])


def _wrong(file: str, number: int, reason: str) -> Invalid:
    return Invalid(_("%(file)s, row %(row)s: %(reason)s", file=file, row=number, reason=reason))


def strength_name(code: str) -> str:
    """Return the name of a strength in the reader's language; of an unknown one the code."""
    known = strengths().get(code)
    return known.labels[language()] if known else code


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a line may be left out, since the person has a strength that does the same."""

    line: str
    strength: str
    sentence: str


def proposals(chosen: Iterable[str], lines: Iterable[tuple[str, str]]) -> list[Proposal]:
    """Return which lines may be left out.

    Parameters
    ----------
    chosen : iterable of str
        Codes of the person's strengths.
    lines : iterable of (key, service type)

    Examples
    --------
    >>> [one.line for one in proposals(["own_car"], [("ride", "transport_help")])]
    ['ride']
    >>> proposals(["own_car"], [("fares", "travel_cost")])
    []
    """
    known = [strengths()[code] for code in sorted(set(chosen) & strengths().keys())]
    found = []
    for key, kind in lines:
        for strength in known:
            if kind in strength.service_types:
                sentence = _(
                    "%(type)s may not be needed: %(strength)s.",
                    type=label(kind),
                    strength=strength_name(strength.code),
                )
                found.append(Proposal(key, strength.code, sentence))
    return found
