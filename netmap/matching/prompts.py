"""What people with a problem often also have: questions for the person at the desk, never answers.

Two sources: how often two problems stand together in the packages in use, and a small list of what people
tend to leave unsaid. A prompt ticks nothing and enters no score.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching.facts import Client, Library
from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary

MOST = 5
OFTEN = 0.3  # from this share of the packages about one problem on, the other is worth a question
UNSAID = 0.5  # what stands in the list counts like a problem of half of the packages
# What the vocabulary defines for people of working age; nobody of 65 and over is asked, unless they tell it.
OF_WORKING_AGE = ("emp.unemployed", "emp.long_term", "emp.no_experience", "skl.job_search", "skl.neet")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A need to ask about, and the needs of the person that suggest it."""

    need: str
    because: tuple[str, ...]


def prompts(library: Library, client: Client, most: int = MOST) -> tuple[Prompt, ...]:
    """Return which needs to ask about next, the likeliest first.

    Left out is what was asked already, whatever the answer, and what the questions about safety ask anyway.
    """
    there = [code for code in client.named() if code in library.need_at]
    strength: dict[str, float] = defaultdict(float)
    because: dict[str, list[str]] = defaultdict(list)
    for code in there:
        row = library.together[library.need_at[code]]
        often = {library.needs[place]: float(row[place]) for place in np.flatnonzero(row >= OFTEN)}
        for other in unsaid().get(code, ()):
            often[other] = max(often.get(other, 0.0), UNSAID)
        for other, share in often.items():
            if other in library.need_at and not _settled(client, other):
                strength[other] = max(strength[other], share) + 0.01 * (other in because)
                because[other].append(code)
    best = sorted(strength, key=lambda code: (-round(strength[code], 6), code))[:most]
    return tuple(Prompt(code, tuple(because[code])) for code in best)


def _settled(client: Client, code: str) -> bool:
    """Return whether a need was asked about, is asked about in any case, or is not one of this age."""
    if code in OF_WORKING_AGE and client.fact("age_65_plus") == "yes":
        return True
    return code in client.needs or client.facts.get(code) in ("yes", "no") or vocabulary().needs[code].safety


@cache
def unsaid() -> Mapping[str, tuple[str, ...]]:
    """Return need -> needs that people with it tend to leave unsaid; read at the first call."""
    return read(shipped("seeds") / "vocabulary" / "prompts.csv")


def read(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the pairs of a CSV file.

    Raises
    ------
    Invalid
        If a need is not known or named beside itself; names the row.
    """
    found: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            one, other = row.get("need") or "", row.get("also") or ""
            unknown = [code for code in (one, other) if code not in vocabulary().needs]
            if unknown or one == other:
                sentence = _(
                    "%(file)s, row %(row)s: two different needs are wanted here.", file=path.name, row=number
                )
                raise Invalid(sentence)
            found[one].append(other)
    return {code: tuple(others) for code, others in found.items()}
