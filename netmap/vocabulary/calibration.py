"""How sure a note makes each need: its signs turned into a probability by a logistic curve with few numbers.

``python -m benchmarks.needs --write`` writes the numbers to ``calibration.toml`` from labelled notes.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from netmap.vocabulary.note_scores import SIGNS
from netmap.vocabulary.scores import Array
from netmap.vocabulary.terms import vocabulary

LEAST = 0.05  # a need with a smaller score was not spoken of
SHARPEST = 0.01  # scores nearer to 0 or 1 count like this, so that their odds are finite
MOST_BETTER = 8
GRAVE = 0.4  # a need about safety is accepted from this share of the others' confidence
FEATURES = ("odds", "lead", "share", "letters", "length", "better")


def features(signs: Array) -> Array:
    """Return what the curve is fed with, needs x ``FEATURES``.

    Parameters
    ----------
    signs : array
        Needs x ``SIGNS`` of one note.
    """
    score, lead, share, letters, length = (signs[:, SIGNS.index(name)] for name in SIGNS)
    kept = np.clip(score, SHARPEST, 1 - SHARPEST)
    better = (score[None, :] > score[:, None]).sum(axis=1)
    return np.stack(
        [np.log(kept / (1 - kept)), lead, share, letters, length, np.minimum(better, MOST_BETTER) / 4], axis=1
    )


def confidence(signs: Array) -> Array:
    """Return for each need how probable it is that a reader of the note would code it, 0..1."""
    weights = calibration()["weights"]
    slopes = np.array([weights[name] for name in FEATURES])
    found = 1 / (1 + np.exp(-(weights["start"] + features(signs) @ slopes)))
    return np.asarray(np.where(signs[:, SIGNS.index("score")] > LEAST, found, 0.0))


def least(code: str, limit: float) -> float:
    """Return from which confidence a need is accepted where ``limit`` is that of needs not about safety."""
    return GRAVE * limit if vocabulary().needs[code].safety else limit


@cache
def calibration() -> Mapping[str, Mapping[str, float]]:
    """Return the tables ``weights`` and ``accepted_from`` (language -> confidence) of the file."""
    with Path(__file__).with_name("calibration.toml").open("rb") as file:
        return tomllib.load(file)
