"""The phrase files checked and measured: what is written twice, what falls short, how well they are known.

    python -m benchmarks.phrases [--near] [--known] [--context]

Without options: counts, phrases written twice, phrases claimed by two codes, codes and languages that fall
short; ends with 1 if there is any of the first two. `--near` lists near duplicates, `--known` tells how often
a phrase that was kept out of the training, with all that are near to it, leads to its own code, `--context`
how many of the hard negatives are coded all the same.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from statistics import median

import numpy as np

from benchmarks.phrase_families import CODES, Said, families, near_pairs, said
from netmap.paths import shipped
from netmap.vocabulary.blend import Blend
from netmap.vocabulary.phrase_check import claimed_twice, fall_short, hard_negatives, written_twice
from netmap.vocabulary.suggest import confidences
from netmap.vocabulary.terms import LANGUAGES

FOLDS, FIRST = 5, (1, 3, 8)
FOLDER = shipped("seeds") / "vocabulary"


def counts() -> Iterator[str]:
    """Yield for each language how many phrases there are, per need and per kind."""
    for language in LANGUAGES:
        phrases = said(language)
        per_need = Counter(one.code for one in phrases)
        kinds = Counter(one.kind for one in phrases)
        told = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
        yield (
            f"{language}: {len(phrases)} phrases, "
            f"{min(per_need.values())} to {max(per_need.values())} per need "
            f"(median {median(per_need.values()):.0f}); {told}"
        )


def places(language: str) -> tuple[list[Said], np.ndarray]:
    """Return the phrases, and for each how many codes stand before its own when its family was kept out."""
    phrases = said(language)
    part = np.random.default_rng(0).permutation(max(families(phrases)) + 1) % FOLDS
    of_phrase = part[np.array(families(phrases))]
    found = np.zeros(len(phrases), dtype=int)
    for number in range(FOLDS):
        rest: dict[str, list[str]] = {code: [] for code in CODES}
        for one, own in zip(phrases, of_phrase, strict=True):
            if own != number:
                rest[one.code].append(one.text)
        model = Blend(language, rest)
        for row in np.flatnonzero(of_phrase == number):
            scores = model.of_question(phrases[row].text)
            own = CODES.index(phrases[row].code)
            better, equal = (scores > scores[own]).sum(), (scores == scores[own]).sum() - 1
            found[row] = better + equal // 2
    return phrases, found


def known(language: str) -> Iterator[str]:
    """Yield the figures of one language, by kind, with the middle 95 % of phrases drawn anew."""
    phrases, found = places(language)
    draw = np.random.default_rng(0)
    for kind in ("all", *dict.fromkeys(one.kind for one in phrases)):
        own = found[[kind in ("all", one.kind) for one in phrases]]
        told = []
        for first in FIRST:
            right = own < first
            again = [right[draw.integers(0, len(right), len(right))].mean() for _ in range(500)]
            low, high = np.percentile(again, (2.5, 97.5))
            told.append(f"@{first} {right.mean():.2f} ({low:.2f}-{high:.2f})")
        yield f"{language} {kind:12} {len(own):5} phrases  {'  '.join(told)}"


def context(language: str) -> Iterator[str]:
    """Yield the share of hard negatives that are coded all the same, by kind."""
    coded: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for one in hard_negatives(FOLDER, language):
        value, limit, _quote = confidences(one.text, (language,))[one.code]
        for kind in (one.kind, "all"):
            every[kind] += 1
            coded[kind] += value >= limit
    told = (f"{kind} {coded[kind] / number:.2f} of {number}" for kind, number in every.items())
    yield f"{language}: {', '.join(told)}"


def main() -> None:
    """Read the arguments, print what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--near", action="store_true", help="list near duplicates")
    parser.add_argument("--known", action="store_true", help="phrases kept out of the training (minutes)")
    parser.add_argument("--context", action="store_true", help="hard negatives that are coded")
    given = parser.parse_args()
    wrong = [*written_twice(FOLDER), *claimed_twice(FOLDER)]
    for line in (*counts(), *wrong, *fall_short(FOLDER)):
        print(line)
    for language in LANGUAGES:
        if given.near:
            for one, other, alike in near_pairs(said(language)):
                print(f"{language} {alike:.2f}  {one.code}: {one.text}  |  {other.code}: {other.text}")
        for line in (
            *(known(language) if given.known else ()),
            *(context(language) if given.context else ()),
        ):
            print(line, flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
