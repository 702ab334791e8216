"""How well needs and circumstances are read from labelled notes; `--write` sets the thresholds anew.

    python -m benchmarks.needs [notes.jsonl ...] [--write]

Each line of a file is one note: lang, text, problems, circumstances, distractors (mentions that must not be
coded). Without arguments: our own notes in tests/vocabulary and, where it is present, ../shared/vocabulary.
Figures with "left out" use thresholds tuned without the note that they judge; the phrases and cue words may
still have been written by somebody who knew the notes, so a closed set will give less.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netmap.vocabulary import suggest as room
from netmap.vocabulary.circumstances import circumstances
from netmap.vocabulary.terms import LANGUAGES, vocabulary

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = (
    ROOT / "tests" / "vocabulary" / "notes.jsonl",
    ROOT.parent / "shared" / "vocabulary" / "dev_vignettes.jsonl",
)
STEPS = np.arange(0.2, 0.9, 0.01)
CODES = tuple(vocabulary().needs)


@dataclass(frozen=True)
class Note:
    language: str
    gold: frozenset[str]
    free: frozenset[str]
    plain: frozenset[str]
    never: frozenset[str]
    circumstances: frozenset[str]
    scores: np.ndarray
    found: frozenset[str]
    ms: float


def load(path: Path) -> list[Note]:
    """Return the notes of a file with their scores."""
    notes = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        languages = (row["lang"],)
        room.scores(row["text"], languages)
        started = time.perf_counter()
        scores = room.scores(row["text"], languages)
        found = frozenset(one.code for one in circumstances(row["text"], languages))
        ms = (time.perf_counter() - started) * 1000
        never = (one["code"] if isinstance(one, dict) else one for one in row["distractors"])
        notes.append(
            Note(
                language=row["lang"],
                gold=frozenset(row["problems"]),
                free=frozenset(row.get("optional", [])),
                plain=frozenset(row.get("plain", [])),
                never=frozenset(never),
                circumstances=frozenset(row["circumstances"]),
                scores=np.array([scores[code][0] for code in CODES]),
                found=found,
                ms=ms,
            )
        )
    return notes


def best(notes: Sequence[Note]) -> float:
    """Return the threshold with the largest micro-F1, the middle of equals."""
    scores = np.array([note.scores for note in notes])
    gold = np.array([[code in note.gold for code in CODES] for note in notes])
    values = []
    for step in STEPS:
        taken = scores >= step
        values.append(2 * (taken & gold).sum() / (taken.sum() + gold.sum()))
    good = STEPS[np.array(values) >= max(values) - 1e-9]
    return float(good[len(good) // 2])


def tuned(notes: Sequence[Note]) -> dict[str, float]:
    """Return a threshold per language, drawn half-way to that of all languages."""
    common = best(notes)
    found = {}
    for language in LANGUAGES:
        own = [note for note in notes if note.language == language]
        found[language] = (common + best(own)) / 2 if own else common
    return found


def left_out(notes: Sequence[Note]) -> Callable[[Note], float]:
    """Return note -> threshold tuned on all other notes."""
    by_note = {id(note): tuned([one for one in notes if one is not note])[note.language] for note in notes}
    return lambda note: by_note[id(note)]


def figures(notes: Sequence[Note], threshold: Callable[[Note], float]) -> str:
    """Return one line of figures."""
    counts = {code: [0, 0, 0] for code in CODES}
    never = never_all = first = plain = plain_all = gold_all = 0
    for note in notes:
        taken = {code for code, score in zip(CODES, note.scores, strict=True) if score >= threshold(note)}
        for code in taken | note.gold:
            counts[code][0] += code in taken and code in note.gold
            counts[code][1] += code in taken and code not in note.gold | note.free
            counts[code][2] += code not in taken and code in note.gold
        order = [CODES[place] for place in np.argsort(-note.scores, kind="stable")[:8]]
        first += len(note.gold & set(order))
        gold_all += len(note.gold)
        plain, plain_all = plain + len(note.plain & taken), plain_all + len(note.plain)
        never, never_all = never + len(note.never & taken), never_all + len(note.never)
    right, wrong, missed = (sum(one[place] for one in counts.values()) for place in range(3))
    each = [2 * a / (2 * a + b + c) for a, b, c in counts.values() if a + b + c]
    plain_recall = f"{plain / plain_all:.2f}" if plain_all else "-"
    micro, macro = 2 * right / max(2 * right + wrong + missed, 1), sum(each) / max(len(each), 1)
    return (
        f"P {right / max(right + wrong, 1):.2f}  R {right / max(right + missed, 1):.2f}  "
        f"micro {micro:.3f}  macro {macro:.2f}  "
        f"R@8 {first / max(gold_all, 1):.2f}  plain {plain_recall}  "
        f"must-not {never / max(never_all, 1):.2f}  {sum(note.ms for note in notes) / len(notes):.1f} ms"
    )


def circumstance_figures(notes: Sequence[Note]) -> str:
    """Return precision, recall and F1 of circumstances."""
    right = sum(len(note.found & note.circumstances) for note in notes)
    found = sum(len(note.found) for note in notes)
    gold = sum(len(note.circumstances) for note in notes)
    both = 2 * right / max(found + gold, 1)
    return f"P {right / max(found, 1):.2f}  R {right / max(gold, 1):.2f}  F1 {both:.2f}"


def report(name: str, notes: Sequence[Note], threshold: Callable[[Note], float]) -> None:
    """Print the figures of all notes and of each language."""
    print(f"{name} ({len(notes)} notes)")
    for language in ("all", *LANGUAGES):
        chosen = [note for note in notes if language in ("all", note.language)]
        if chosen:
            print(f"  {language:3}  {figures(chosen, threshold)}")
            print(f"       circumstances  {circumstance_figures(chosen)}")


def write(thresholds: dict[str, float], sources: Sequence[Path], count: int) -> None:
    """Write thresholds.toml beside the code that reads it."""
    names = ", ".join(source.name for source in sources)
    lines = [
        "# From which score a need is accepted. Written by `python -m benchmarks.needs --write`:",
        "# per language the score with the largest micro-F1, drawn half-way to that of all languages,",
        f"# on {count} labelled notes ({names}). Change a phrase file, then write this file again.",
        "",
        "[accepted_from]",
        *(f"{language} = {value:.3f}" for language, value in thresholds.items()),
    ]
    path = ROOT / "netmap" / "vocabulary" / "thresholds.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Read the arguments, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notes", nargs="*", type=Path)
    parser.add_argument("--write", action="store_true", help="write netmap/vocabulary/thresholds.toml")
    given = parser.parse_args()
    sources = given.notes or [path for path in DEFAULT if path.is_file()]
    by_file = {path: load(path) for path in sources}
    everything = [note for notes in by_file.values() for note in notes]
    if given.write:
        write(tuned(everything), sources, len(everything))
        room.thresholds.cache_clear()
    honest = left_out(everything)
    for path, notes in by_file.items():
        report(f"{path.name}, shipped thresholds", notes, lambda note: room.thresholds()[note.language])
        report(f"{path.name}, thresholds with each note left out", notes, honest)
    now = {language: round(value, 3) for language, value in tuned(everything).items()}
    print(f"thresholds {dict(room.thresholds())}; tuned now {now}")


if __name__ == "__main__":
    main()
