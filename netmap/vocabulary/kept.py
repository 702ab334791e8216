"""Trained phrases kept in a folder, so that only the first process after a change has to learn them.

A file belongs to the phrases and the code that made it: its name holds a hash of both, so a changed phrase
or rule is learnt anew and the old file goes. A damaged file is learnt anew too. Files hold numbers and JSON
only, and are written whole or not at all. Where no folder is given or it cannot be written, nothing is kept.
"""

import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import numpy as np

from netmap.vocabulary.scores import Letters, Phrase

CODE = (
    "words.py",
    "denial.py",
    "context.py",
    "cues.py",
    "cues.toml",
    "blend.py",
    "meaning.py",
    "scores.py",
    "kept.py",
)
LIBRARIES = ("simplemma", "snowballstemmer")
Trained = tuple[list[Phrase], Letters]
_folders: list[Path] = []


def keep_in(folder: Path) -> None:
    """Keep what is learnt in this folder; the first one that a process names counts."""
    _folders.append(folder)


def trained(name: str, sayings: Sequence[tuple[int, str]], train: Callable[[], Trained]) -> Trained:
    """Return the phrases as analysed and the regression on their letters, from the folder if it has them.

    Parameters
    ----------
    name : str
        What the phrases are of, and their language.
    sayings : sequence of (int, str)
        Number of the need or type, phrase.
    train : callable
        Learns them.
    """
    if not _folders:
        return train()
    path = _folders[0] / f"{name}-{_hash(sayings)}.npz"
    found = _read(path)
    if found is None:
        found = train()
        _write(path, found, name)
    return found


@cache
def _code() -> bytes:
    here = Path(__file__).parent
    parts = [(here / name).read_bytes() for name in CODE]
    return b"\0".join([*parts, *(version(name).encode() for name in LIBRARIES)])


def _hash(sayings: Sequence[tuple[int, str]]) -> str:
    return sha256(json.dumps(list(sayings)).encode() + _code()).hexdigest()[:20]


def _read(path: Path) -> Trained | None:
    """Return what a file holds, or None where there is none or it is damaged."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        phrases = [
            Phrase(need, tuple(terms), denied, text, frozenset(counted), frozenset(denied_terms), turned)
            for need, terms, denied, text, counted, denied_terms, turned in _from_bytes(arrays.pop("phrases"))
        ]
        names = _from_bytes(arrays.pop("names"))
        letters = Letters.restored(names, arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile):
        return None
    return phrases, letters


def _write(path: Path, found: Trained, name: str) -> None:
    """Write a file whole, then take older ones of the same name away; do without where that fails."""
    phrases, letters = found
    rows = [
        (one.need, one.terms, one.denied, one.text, sorted(one.counted), sorted(one.denied_terms), one.turned)
        for one in phrases
    ]
    try:
        path.parent.mkdir(exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                _save(file, rows, letters)
            Path(part).replace(path)
        finally:
            Path(part).unlink(missing_ok=True)
        for old in path.parent.glob(f"{name}-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return


def _save(file: IO[bytes], rows: list[Any], letters: Letters) -> None:
    arrays: dict[str, Any] = {
        "phrases": _bytes(rows),
        "names": _bytes(list(letters.columns.number)),
        **letters.arrays(),
    }
    np.savez(file, **arrays)


def _bytes(value: Any) -> np.ndarray:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), dtype=np.uint8)


def _from_bytes(array: np.ndarray) -> Any:
    return json.loads(array.tobytes())
