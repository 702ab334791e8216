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
from netmap.matching.facts import Client, Floats, Library
from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary

MOST = 5
OFTEN = 0.3  # from this share of the packages about one problem on, the other is worth a question
FEWEST = 2  # packages that hold both
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
    shares = together(library)
    for code in there:
        told = dict.fromkeys(unsaid().get(code, ()), UNSAID)
        row = shares[library.need_at[code]]
        for other, place in library.need_at.items():
            share = max(float(row[place]), told.get(other, 0.0))
            if share >= OFTEN and not _settled(client, other):
                strength[other] = max(strength[other], share) + 0.01 * (other in because)
                because[other].append(code)
    best = sorted(strength, key=lambda code: (-round(strength[code], 6), code))[:most]
    return tuple(Prompt(code, tuple(because[code])) for code in best)


def _settled(client: Client, code: str) -> bool:
    """Return whether a need was asked about, is asked about in any case, or is not one of this age."""
    if code in OF_WORKING_AGE and client.fact("age_65_plus") == "yes":
        return True
    return code in client.needs or client.facts.get(code) in ("yes", "no") or vocabulary().needs[code].safety


def together(library: Library) -> Floats:
    """Return N x N: of the packages about need p, weighted, the share that is also about need q.

    What stands together in one package only is that package's story and no pattern; it counts as 0.
    """
    mine = library.profile
    both = mine.T @ mine
    alone = mine.sum(axis=0)[:, None]
    there = (mine > 0).astype(float)
    pattern = (there.T @ there >= FEWEST) & (alone > 0)
    shares: Floats = np.divide(both, alone, out=np.zeros_like(both), where=pattern)
    np.fill_diagonal(shares, 0.0)
    return shares


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
