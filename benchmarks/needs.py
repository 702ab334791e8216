"""How well needs and circumstances are read from labelled notes; `--write` fits the calibration anew.

    python -m benchmarks.needs [notes.jsonl ...] [--write]

Each line of a file is one note: lang, text, problems, circumstances, distractors (mentions that must not be
coded). Without arguments: our own notes in tests/vocabulary, those of the writers of the phrases in
seeds/vocabulary/phrases and, where it is present, ../shared/vocabulary. Figures with "left out" use a curve
and thresholds fitted without the notes that they judge. The phrases may still have been written by somebody
who knew the notes, or by the same hand, so a closed set will give less.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.labelled_notes import CODES, DEFAULT, MENTIONS, Note, load, signs_of_hard_negatives
from netmap.vocabulary import calibration as room
from netmap.vocabulary.terms import LANGUAGES, vocabulary

ROOT = Path(__file__).resolve().parents[1]
STEPS = np.arange(0.1, 0.9, 0.01)
FOLDS, HARD_WEIGHT = 8, 0.1
FLOOR = 0.36  # below it even a text without any trouble gets a need; the best F1 is as good a little higher
Curve = tuple[float, np.ndarray]


def fitted(notes: Sequence[Note]) -> Curve:
    """Return start and slopes of the curve, from notes as all phrases read them and as those of others do.

    The hard negatives of the phrase writers count a tenth, as notes without any need.
    """
    from sklearn.linear_model import LogisticRegression

    fed, gold, weight = [], [], []
    for note in notes:
        for signs in (note.signs, note.signs_of_others):
            spoken = signs[:, 0] > room.LEAST
            fed.append(room.features(signs)[spoken])
            gold.append(note.is_gold[spoken])
            weight.append(np.ones(spoken.sum()))
    for signs in signs_of_hard_negatives():
        spoken = signs[:, 0] > room.LEAST
        fed.append(room.features(signs)[spoken])
        gold.append(np.zeros(spoken.sum(), dtype=bool))
        weight.append(np.full(spoken.sum(), HARD_WEIGHT))
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(np.concatenate(fed), np.concatenate(gold), np.concatenate(weight))
    return float(model.intercept_[0]), model.coef_[0]


def sure(note: Note, curve: Curve, *, others: bool = False) -> np.ndarray:
    """Return the confidence of every need in a note under a curve."""
    signs = note.signs_of_others if others else note.signs
    found = 1 / (1 + np.exp(-(curve[0] + room.features(signs) @ curve[1])))
    found = np.where(signs[:, 0] > room.LEAST, found, 0.0)
    cause, implied = CODES.index("emp.long_term"), CODES.index("emp.unemployed")
    found[implied] = max(found[implied], found[cause])
    return found


def best(notes: Sequence[Note], curve: Curve) -> float:
    """Return the threshold with the largest micro-F1, the middle of equals."""
    scores = np.array([sure(note, curve, others=others) for note in notes for others in (False, True)])
    gold = np.array([note.is_gold for note in notes for _others in (False, True)])
    values = []
    for step in STEPS:
        taken = scores >= step
        values.append(2 * (taken & gold).sum() / (taken.sum() + gold.sum()))
    good = STEPS[np.array(values) >= max(values) - 1e-9]
    return float(good[len(good) // 2])


def tuned(notes: Sequence[Note], curve: Curve) -> dict[str, float]:
    """Return a threshold per language, a quarter its own and three quarters that of all languages."""
    common = best(notes, curve)
    found = {}
    for language in LANGUAGES:
        own = [note for note in notes if note.language == language]
        found[language] = max(FLOOR, (3 * common + best(own, curve)) / 4 if own else common)
    return found


def left_out(notes: Sequence[Note]) -> dict[int, tuple[np.ndarray, float]]:
    """Return for each note (by id) confidences and threshold fitted on the other seven eighths."""
    part = np.random.default_rng(0).permutation(len(notes)) % FOLDS
    found = {}
    for number in range(FOLDS):
        rest = [note for note, own in zip(notes, part, strict=True) if own != number]
        curve = fitted(rest)
        limits = tuned(rest, curve)
        for note, own in zip(notes, part, strict=True):
            if own == number:
                found[id(note)] = (sure(note, curve), limits[note.language])
    return found


def shipped(notes: Sequence[Note]) -> dict[int, tuple[np.ndarray, float]]:
    """Return for each note confidences and threshold as they ship."""
    now = room.calibration()
    curve = (now["weights"]["start"], np.array([now["weights"][name] for name in room.FEATURES]))
    return {id(note): (sure(note, curve), now["accepted_from"][note.language]) for note in notes}


Judged = dict[int, tuple[np.ndarray, float]]


def counts(notes: Sequence[Note], judged: Judged) -> np.ndarray:
    """Return notes x (right, wrong, missed, gold among the first 8, must-not coded, must-not)."""
    rows = []
    for note in notes:
        scores, limit = judged[id(note)]
        taken = {code for code, score in zip(CODES, scores, strict=True) if score >= room.least(code, limit)}
        first = {CODES[place] for place in np.argsort(-scores, kind="stable")[:8]}
        rows.append(
            (
                len(taken & note.gold),
                len(taken - note.gold - note.free),
                len(note.gold - taken),
                len(note.gold & first),
                len(note.never & taken),
                len(note.never),
            )
        )
    return np.array(rows, dtype=float)


def f1(table: np.ndarray) -> float:
    """Return micro-F1 of counted notes."""
    right, wrong, missed = table[:, :3].sum(axis=0)
    return float(2 * right / max(2 * right + wrong + missed, 1))


def interval(
    table: np.ndarray, value: Callable[[np.ndarray], float], times: int = 1000
) -> tuple[float, float]:
    """Return the middle 95 % of a figure over notes drawn anew."""
    draw = np.random.default_rng(0)
    values = [value(table[draw.integers(0, len(table), len(table))]) for _ in range(times)]
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def figures(notes: Sequence[Note], judged: Judged) -> str:
    """Return one line of figures."""
    table = counts(notes, judged)
    right, wrong, missed, first, coded, never = table.sum(axis=0)
    low, high = interval(table, f1)
    grave = [code for code in CODES if vocabulary().needs[code].safety]
    wanted = [(note, code) for note in notes for code in note.gold & set(grave)]
    found = sum(
        judged[id(note)][0][CODES.index(code)] >= room.least(code, judged[id(note)][1])
        for note, code in wanted
    )
    return (
        f"P {right / max(right + wrong, 1):.2f}  R {right / max(right + missed, 1):.2f}  "
        f"F1 {f1(table):.3f} ({low:.2f}-{high:.2f})  R@8 {first / max(right + missed, 1):.2f}  "
        f"must-not {coded / max(never, 1):.2f} of {never:.0f}  grave {found} of {len(wanted)}  "
        f"{sum(note.ms for note in notes) / len(notes):.0f} ms"
    )


def circumstance_figures(notes: Sequence[Note]) -> str:
    """Return precision, recall and F1 of circumstances."""
    right = sum(len(note.found & note.circumstances) for note in notes)
    found = sum(len(note.found) for note in notes)
    gold = sum(len(note.circumstances) for note in notes)
    both = 2 * right / max(found + gold, 1)
    return f"P {right / max(found, 1):.2f}  R {right / max(gold, 1):.2f}  F1 {both:.2f}"


def report(name: str, notes: Sequence[Note], judged: Judged) -> None:
    """Print the figures of all notes and of each language."""
    print(f"{name} ({len(notes)} notes)")
    for language in ("all", *LANGUAGES):
        chosen = [note for note in notes if language in ("all", note.language)]
        if chosen:
            print(f"  {language:3}  {figures(chosen, judged)}")
            print(f"       circumstances  {circumstance_figures(chosen)}")


def reliability(notes: Sequence[Note], judged: Judged) -> None:
    """Print how often a confidence was right."""
    scores = np.concatenate([judged[id(note)][0] for note in notes])
    gold = np.concatenate([note.is_gold for note in notes])
    print("confidence, left out: from-to, suggestions, mean confidence, share that was right")
    for low in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        here = (scores >= low) & (scores < low + 0.1)
        if here.any():
            print(f"  .{low * 10:.0f}-  {here.sum():4}  {scores[here].mean():.2f}  {gold[here].mean():.2f}")


def write(curve: Curve, limits: dict[str, float], count: int) -> None:
    """Write calibration.toml beside the code that reads it."""
    lines = [
        "# Signs of a note -> probability of a need, and from which probability a need is accepted.",
        f"# Written by `python -m benchmarks.needs --write` from {count} labelled notes.",
        "# Change a phrase file, then write it again.",
        "",
        "[weights]",
        f"start = {curve[0]:.4f}",
        *(f"{name} = {value:.4f}" for name, value in zip(room.FEATURES, curve[1], strict=True)),
        "",
        "[accepted_from]",
        *(f"{language} = {value:.3f}" for language, value in limits.items()),
    ]
    path = ROOT / "netmap" / "vocabulary" / "calibration.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Read the arguments, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notes", nargs="*", type=Path, help="judged with the shipped calibration only")
    parser.add_argument("--write", action="store_true", help="write netmap/vocabulary/calibration.toml")
    given = parser.parse_args()
    if given.notes:
        for path in given.notes:
            notes = load(path, others=False)
            report(f"{path.name}, as shipped", notes, shipped(notes))
        return
    by_file = {path: load(path) for path in DEFAULT if path.is_file()}
    everything = [note for notes in by_file.values() for note in notes]
    mentions = [note for path in MENTIONS for note in load(path, others=False, step=2)]
    judged_only = [note for path in MENTIONS for note in load(path, others=False, first=1, step=2)]
    learnt = [*everything, *mentions]
    curve = fitted(learnt)
    if given.write:
        write(curve, tuned(learnt, curve), len(learnt))
        room.calibration.cache_clear()
    honest = left_out(learnt)
    report("mentions, odd lines, left out", mentions, honest)
    report("mentions, even lines, as shipped", judged_only, shipped(judged_only))
    report("whole notes, left out", everything, honest)
    for path, notes in by_file.items():
        report(f"{path.name}, as shipped", notes, shipped(notes))
        report(f"{path.name}, left out", notes, honest)
    reliability(everything, honest)


if __name__ == "__main__":
    main()
