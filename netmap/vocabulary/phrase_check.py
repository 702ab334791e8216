"""What is wrong with the files of ``seeds/vocabulary/phrases``; for those who write them.

``LANGUAGE.csv`` holds code, kind and phrase; ``context_LANGUAGE.csv`` texts in which a need is named and must
not be coded.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netmap.vocabulary.check import problems
from netmap.vocabulary.terms import LANGUAGES, read
from netmap.vocabulary.words import fold, split

KINDS = ("plain", "implied", "official", "colloquial", "abbreviated", "misspelt")
WHY = ("negated", "other", "past", "hypothetical")
LEAST = 40  # phrases of a need in a language, its name and those of needs.csv included
SHORT_OF = 0.7  # a language falls short if it has less than this share of the richest one's phrases


@dataclass(frozen=True)
class HardNegative:
    """A text that names a need which must not be coded; ``kind`` is one of ``WHY``."""

    code: str
    kind: str
    text: str


def written_twice(folder: Path) -> list[str]:
    """Return a sentence for each phrase that stands twice under one code, however spelt or spaced."""
    found = []
    for language in LANGUAGES:
        seen: Counter[tuple[str, str]] = Counter()
        for code, _kind, phrase in _rows(folder, language):
            key = code, " ".join(map(fold, split(phrase)))
            seen[key] += 1
            if seen[key] == 2:
                found.append(f"phrases/{language}.csv: {code} has '{phrase}' twice.")
    return found


def claimed_twice(folder: Path) -> list[str]:
    """Return a sentence for each phrase that two codes of one file hold, in any of the files."""
    return [line for line in problems(folder) if "belongs to" in line]


def unknown_kinds(folder: Path) -> list[str]:
    """Return a sentence for each row whose kind there is not, and each hard negative of an unknown need."""
    needs = read(folder).needs
    return [
        *(
            f"phrases/{language}.csv: '{phrase}' has the unknown kind '{kind}'."
            for language in LANGUAGES
            for _code, kind, phrase in _rows(folder, language)
            if kind not in KINDS
        ),
        *(
            f"phrases/context_{language}.csv: '{one.text}' has an unknown code or kind."
            for language in LANGUAGES
            for one in hard_negatives(folder, language)
            if one.code not in needs or one.kind not in WHY
        ),
    ]


def fall_short(folder: Path) -> list[str]:
    """Return a sentence for each need with few phrases in a language, and each language with few."""
    needs = read(folder).needs
    found, sums = [], {}
    for language in LANGUAGES:
        counted = {
            code: 1
            + sum(len(one[language]) for one in (need.phrases, need.recognised, need.said, need.scenes))
            for code, need in needs.items()
        }
        sums[language] = sum(counted.values())
        found += [
            f"{code} has {number} phrases in '{language}': write at least {LEAST - number} more."
            for code, number in counted.items()
            if number < LEAST
        ]
    most = max(sums.values())
    return found + [
        f"'{language}' has {number} phrases, the richest language {most}."
        for language, number in sums.items()
        if number < SHORT_OF * most
    ]


def kinds(folder: Path, language: str) -> dict[tuple[str, str], str]:
    """Return (code, phrase) -> kind of a phrase file."""
    return {(code, phrase): kind for code, kind, phrase in _rows(folder, language)}


def hard_negatives(folder: Path, language: str) -> list[HardNegative]:
    """Return the texts of a language in which a need is named and must not be coded."""
    path = folder / "phrases" / f"context_{language}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [HardNegative(row["code"], row["kind"], row["text"]) for row in csv.DictReader(file)]


def _rows(folder: Path, language: str) -> Iterator[tuple[str, str, str]]:
    with (folder / "phrases" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["code"], row["kind"], row["phrase"].strip()
