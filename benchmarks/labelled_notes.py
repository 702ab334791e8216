"""Labelled notes with what the reading of them gives: by all phrases, and by the phrases of other hands."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from netmap.vocabulary.blend import Blend, blend
from netmap.vocabulary.circumstances import circumstances
from netmap.vocabulary.note_scores import note_scores
from netmap.vocabulary.phrase_check import hard_negatives
from netmap.vocabulary.terms import LANGUAGES, vocabulary

ROOT = Path(__file__).resolve().parents[1]
WRITERS = tuple(ROOT / "seeds" / "vocabulary" / "phrases" / f"notes_{one}.jsonl" for one in LANGUAGES)
DEFAULT = (
    ROOT / "tests" / "vocabulary" / "notes.jsonl",
    ROOT.parent / "shared" / "vocabulary" / "dev_vignettes.jsonl",
    *WRITERS,
)
MENTIONS = tuple(
    ROOT / "seeds" / "vocabulary" / "phrases" / f"mentions_{one}.jsonl" for one in LANGUAGES
)  # short notes full of mentions that do not hold: odd lines are learnt from, even ones only judged
CODES = tuple(vocabulary().needs)


@dataclass(frozen=True)
class Note:
    """One labelled note; ``never`` are needs that are mentioned and must not be coded."""

    language: str
    gold: frozenset[str]
    free: frozenset[str]
    never: frozenset[str]
    circumstances: frozenset[str]
    is_gold: np.ndarray
    signs: np.ndarray
    signs_of_others: np.ndarray
    found: frozenset[str]
    ms: float


def load(path: Path, *, others: bool = True, first: int = 0, step: int = 1) -> list[Note]:
    """Return the notes of a file, read; without ``others`` by all phrases only."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines()[first::step]:
        row = json.loads(line)
        language, text = row["lang"], row["text"]
        note_scores(blend(language), text)
        started = time.perf_counter()
        signs = note_scores(blend(language), text).signs
        facts = frozenset(one.code for one in circumstances(text, (language,)))
        ms = (time.perf_counter() - started) * 1000
        of_others = note_scores(_of_others(language, path in WRITERS), text).signs if others else signs
        found.append(_note(row, signs, of_others, facts, ms))
    return found


@cache
def signs_of_hard_negatives() -> list[np.ndarray]:
    """Return the signs of every text in which a need is named and must not be coded."""
    folder = ROOT / "seeds" / "vocabulary"
    return [
        note_scores(blend(language), one.text).signs
        for language in LANGUAGES
        for one in hard_negatives(folder, language)
    ]


def _note(
    row: Mapping[str, object], signs: np.ndarray, of_others: np.ndarray, facts: frozenset[str], ms: float
) -> Note:
    def codes(key: str) -> frozenset[str]:
        listed = row.get(key, [])
        assert isinstance(listed, list)
        return frozenset(one["code"] if isinstance(one, dict) else one for one in listed)

    gold = codes("problems")
    return Note(
        language=str(row["lang"]),
        gold=gold,
        free=codes("optional"),
        never=codes("distractors"),
        circumstances=codes("circumstances"),
        is_gold=np.array([code in gold for code in CODES]),
        signs=signs,
        signs_of_others=of_others,
        found=facts,
        ms=ms,
    )


@cache
def _of_others(language: str, of_a_writer: bool) -> Blend:
    """Return a model of phrases by another hand than the note's.

    The phrases of needs.csv were written by people who knew the first notes, those of phrases/ by the writers
    of theirs.
    """
    return Blend(
        language,
        {
            code: (
                need.labels[language],
                *(
                    (*need.phrases[language], *need.recognised[language])
                    if of_a_writer
                    else (*need.said[language], *need.scenes[language])
                ),
            )
            for code, need in vocabulary().needs.items()
        },
    )
